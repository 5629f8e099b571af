import { Component } from "@odoo/owl";
import { showCents, toCents } from "./money";

/** Today's own takings by method, and the last receipts. */
export class HallSide extends Component {
    static template = "cs_gas_billing.HallSide";
    static props = {
        desk: Object,
        paper: String,
        onPaper: Function,
        onPrint: Function,
        onReverse: Function,
        onCashDay: Function,
    };

    yuan(amount) {
        return showCents(toCents(amount));
    }
}
