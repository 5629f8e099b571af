/**
 * The checks of tools/usage.py for one meter, so that the reader sees at once what the
 * office would ask; the server decides. Volumes are whole litres here.
 */
const DAY = 24 * 3600 * 1000;
const HOURS = 24;

export function litres(value) {
    return Math.round(Number(value) * 1000);
}

/** Return the register as text, or the key of what is wrong with what was typed. */
export function readRegister(text, line) {
    const clean = text.trim().replace("。", ".").replace(/^\.+|\s+/g, "");
    if (!/^[0-9]+([.][0-9]*)?$/.test(clean)) {
        return { fault: "bad_number" };
    }
    const [whole, part = ""] = clean.replace(/^0+(?=[0-9])/, "").split(".");
    if (whole.length > line.digits) {
        return { fault: "too_many", value: line.digits };
    }
    if (part.replace(/0+$/, "").length > Math.max(line.decimals, 0)) {
        return { fault: "too_many_decimals" };
    }
    return { text: part ? `${whole}.${part}` : whole };
}

/**
 * @param {Object} line of the book
 * @param {string} text register
 * @param {string} today ISO date
 * @param {Object} rules of the company
 * @returns {{key: string, usage: number|null, ratio: number|null, sure: boolean}} what
 *      to say; `sure` is false where the reader should look again
 */
export function judge(line, text, today, rules) {
    if (line.prev === null || line.prev === undefined) {
        return { key: "", usage: null, ratio: null, sure: true };
    }
    const days = Math.round((new Date(today) - new Date(line.prev_date)) / DAY);
    const capacity = litres(line.qmax) * HOURS * Math.max(days, 0);
    const mean = line.mean ? litres(line.mean) : 0;
    let usage = litres(text) - litres(line.prev);
    let rolled = false;
    if (usage < 0) {
        usage += 1000 * 10 ** line.digits;
        rolled = usage >= 0 && usage <= capacity;
        if (!rolled) {
            return { key: "below", usage: null, ratio: null, sure: false };
        }
    }
    const found = {
        usage: usage / 1000,
        ratio: mean ? Math.round((10 * usage) / mean) / 10 : null,
        sure: true,
    };
    const low = line.category === "commercial" ? rules.low_commercial : rules.low;
    if (!usage) {
        return { ...found, key: "zero" };
    }
    if (usage > capacity) {
        return { ...found, key: "capacity", sure: false };
    }
    if (mean && usage > rules.high * mean) {
        return { ...found, key: "high", sure: false };
    }
    if (rolled) {
        return { ...found, key: "rolled" };
    }
    return { ...found, key: mean && usage < low * mean ? "low" : "" };
}
