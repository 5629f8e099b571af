import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
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

    late(bill) {
        return _t("%s days late", bill.overdue_days);
    }

    waiver(bill) {
        const { amount, state_label: state } = bill.waiver;
        return _t("Waiver %(amount)s: %(state)s", { amount: this.yuan(amount), state });
    }

    atBank(bill) {
        return _t("Bill %(name)s (%(period)s): %(amount)s, batch %(batch)s of %(day)s", {
            name: bill.name,
            period: bill.period,
            amount: this.yuan(bill.principal),
            batch: bill.batch,
            day: bill.sent_on,
        });
    }

    owedBack(refund) {
        return _t("Refund %(name)s of %(day)s: %(amount)s", {
            name: refund.name,
            day: refund.date,
            amount: this.yuan(refund.amount),
        });
    }

    get pickedLabel() {
        const { pickedBills, bills } = this.props.model;
        return _t("%(picked)s of %(all)s bills", {
            picked: pickedBills.length,
            all: bills.length,
        });
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
