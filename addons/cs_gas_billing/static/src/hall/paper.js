import { browser } from "@web/core/browser/browser";

const PAPER = "cs_gas_billing.hall.paper";

/** The paper last chosen at this desk: "a5", "thermal" or "" for none. */
export function getPaper() {
    return browser.localStorage.getItem(PAPER) ?? "a5";
}

export function setPaper(paper) {
    browser.localStorage.setItem(PAPER, paper);
}
