import { Component } from "@odoo/owl";
import { showCents, toCents } from "./money";

/** The open bills of the account, oldest first, with the late fee as of now. */
export class HallBills extends Component {
    static template = "cs_gas_billing.HallBills";
    static props = { model: Object };

    yuan(amount) {
        return showCents(toCents(amount));
    }

    sum(bill) {
        return showCents(toCents(bill.principal) + toCents(bill.fee));
    }

    get allPicked() {
        const { model } = this.props;
        return model.pickedBills.length === model.bills.length;
    }

    onClick(index, bill) {
        this.props.model.row = index;
        this.props.model.toggleBill(bill.id);
    }
}
