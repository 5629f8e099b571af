import { browser } from "@web/core/browser/browser";

const PAPER = "cs_gas_billing.hall.paper";

/** The paper last chosen at this desk: "a5", "thermal" or "" for none. */
export function getPaper() {
    return browser.localStorage.getItem(PAPER) ?? "a5";
}

export function setPaper(paper) {
    browser.localStorage.setItem(PAPER, paper);
}

/**
 * Print a report without leaving the screen. The browser prints its HTML, which is
 * there at once; the PDF is in the print menu of the receipt.
 *
 * @param {string} report name of the report
 * @param {number} id
 */
export function printReport(report, id) {
    const frame = document.createElement("iframe");
    frame.className = "o_gas_hall_print";
    frame.src = `/report/html/${report}/${id}`;
    frame.tabIndex = -1;
    frame.addEventListener("load", () => {
        const before = document.activeElement;
        frame.contentWindow.print();
        // Printing takes the focus away from where the cashier goes on.
        window.focus();
        if (before && before !== frame) {
            before.focus();
        }
    });
    for (const old of document.querySelectorAll(".o_gas_hall_print")) {
        old.remove();
    }
    document.body.append(frame);
}
