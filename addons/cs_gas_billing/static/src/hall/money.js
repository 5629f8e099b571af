/** Amounts in whole cents, so that nothing is lost to binary fractions. */

export function toCents(amount) {
    return Math.round((amount || 0) * 100);
}

/**
 * Read an amount as somebody types it; full-width digits and thousand separators are
 * accepted.
 *
 * @param {string} text
 * @returns {number|null} cents, null when it is no amount
 */
export function readCents(text) {
    const plain = (text || "").normalize("NFKC").replace(/[\s,，¥￥元]/g, "");
    if (!/^\d{1,12}(\.\d{1,2})?$/.test(plain)) {
        return null;
    }
    const [yuan, fraction = ""] = plain.split(".");
    return parseInt(yuan) * 100 + parseInt(fraction.padEnd(2, "0"));
}

/** @param {number} cents */
export function showCents(cents) {
    return (cents / 100).toFixed(2);
}
