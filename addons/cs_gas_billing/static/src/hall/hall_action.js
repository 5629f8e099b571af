import { onSearchKey, useDeskKeys } from "@cs_base/keys/keys";
import { printReport } from "@cs_base/print/print";
import { useScanner } from "@cs_base/scanner/scanner";
import {
    Component,
    onMounted,
    onPatched,
    onWillStart,
    useRef,
    useState,
} from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { HallBills } from "./hall_bills";
import { HallModel } from "./hall_model";
import { HallSide } from "./hall_side";
import { showCents } from "./money";
import { getPaper, setPaper } from "./paper";

/** The cash desk: everything can be done without a mouse. */
export class HallAction extends Component {
    static template = "cs_gas_billing.HallAction";
    static components = { HallBills, HallSide };
    static props = { ...standardActionServiceProps };

    setup() {
        this.model = useState(HallModel.create(useService("orm")));
        this.action = useService("action");
        this.state = useState({ term: "", paper: getPaper() });
        this.search = useRef("search");
        this.amount = useRef("amount");
        this.reason = useRef("reason");
        this.focusOn = "search";
        this.methods = [
            { id: "cash", key: "F2", label: _t("Cash") },
            { id: "transfer", key: "F3", label: _t("Transfer") },
            { id: "qr", key: "F4", label: _t("QR") },
        ];
        this.keys = {
            F2: () => this.choose("cash"),
            F3: () => this.choose("transfer"),
            F4: () => this.choose("qr"),
            F6: () => this.onAccount(() => this.model.toggleKeepCredit()),
            F7: () => this.onAccount(() => this.model.toggleUseCredit()),
            F8: () => this.onAccount(() => this.waive()),
            F9: () => this.printLast(),
            F10: () => this.reverse(this.model.desk?.receipts[0]),
            Escape: () => this.escape(),
        };
        useScanner((text) => this.find(text));
        useDeskKeys(this.keys, { search: this.search });
        onWillStart(() => this.model.loadDesk());
        onMounted(() => this.setFocus());
        onPatched(() => this.setFocus());
    }

    // ------------------------------------------------------------------- format

    /** @param {number} cents */
    money(cents) {
        return formatCurrency(cents / 100, this.model.desk.currency_id);
    }

    yuan(amount) {
        return showCents(Math.round(amount * 100));
    }

    get doneTitle() {
        const { kind, name, customer, code } = this.model.done;
        if (kind === "reversed") {
            return _t("Receipt %s is reversed.", name);
        }
        return _t("Receipt %(name)s is booked: %(customer)s, %(code)s", {
            name,
            customer,
            code,
        });
    }

    get doneDetails() {
        const { done } = this.model;
        const parts = [
            _t("%(method)s: received %(amount)s", {
                method: done.method_label,
                amount: this.yuan(done.tendered),
            }),
            _t("on bills %s", this.yuan(done.principal)),
        ];
        if (done.fee) {
            parts.push(_t("late fee %s", this.yuan(done.fee)));
        }
        if (done.credit_used) {
            parts.push(_t("credit used %s", this.yuan(done.credit_used)));
        }
        if (done.balance) {
            parts.push(_t("account credit now %s", this.yuan(done.balance)));
        }
        return parts.join(" · ");
    }

    get panelTitle() {
        const { kind, bill, receipt } = this.model.panel;
        if (kind === "waive") {
            return _t("Ask to waive the late fee of bill %s", bill.name);
        }
        return _t("Reverse receipt %(name)s of %(customer)s, %(amount)s", {
            name: receipt.name,
            customer: receipt.customer,
            amount: this.yuan(receipt.amount),
        });
    }

    get canWaive() {
        return this.model.bills.some(
            (bill) => bill.fee > 0 && bill.waiver?.state !== "requested"
        );
    }

    get bookLabel() {
        const { model } = this;
        return model.short > 0 && model.tendered ? _t("Book Part Payment") : _t("Book");
    }

    // -------------------------------------------------------------------- focus

    setFocus() {
        if (!this.focusOn) {
            return;
        }
        const { el } = this[this.focusOn];
        if (el) {
            this.focusOn = "";
            el.focus();
            el.select();
        }
    }

    // ----------------------------------------------------------------- keyboard

    onSearchKeydown(ev) {
        onSearchKey(ev, {
            model: this.model,
            isSearched: this.state.term.trim() === this.searched,
            open: (hit) => this.open(hit),
            find: () => this.find(this.state.term),
        });
    }

    onAmountKeydown(ev) {
        const { model } = this;
        if (ev.isComposing) {
            return;
        }
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.collect();
        } else if (["ArrowDown", "ArrowUp"].includes(ev.key)) {
            ev.preventDefault();
            model.moveRow(ev.key === "ArrowDown" ? 1 : -1);
        } else if (ev.key === " " && model.bills.length) {
            ev.preventDefault();
            model.toggleBill(model.bills[model.row].id);
        }
    }

    onPanelKeydown(ev) {
        if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            this.sendPanel();
        }
    }

    onAccount(work) {
        if (this.model.account && !this.model.busy) {
            work();
        }
    }

    escape() {
        if (this.model.panel) {
            this.closePanel();
        } else {
            this.newCustomer();
        }
    }

    // ------------------------------------------------------------------ actions

    async find(term) {
        if (this.model.busy) {
            return;
        }
        this.state.term = term;
        this.searched = term.trim();
        const opened = await this.model.search(term);
        this.opened(opened);
    }

    async open(hit) {
        this.opened(await this.model.open(hit));
    }

    opened(opened) {
        if (opened) {
            this.state.term = "";
        }
        this.focusOn = opened ? "amount" : "search";
        this.render();
    }

    newCustomer() {
        if (this.model.busy) {
            return;
        }
        this.model.clear();
        this.model.done = null;
        this.state.term = "";
        this.focusOn = "search";
        this.render();
    }

    choose(method) {
        this.onAccount(() => {
            this.model.setMethod(method);
            this.focusOn = "amount";
            this.render();
        });
    }

    async collect() {
        const receipt = await this.model.collect();
        this.focusOn = receipt ? "search" : "amount";
        this.render();
        if (receipt && this.state.paper) {
            this.print(receipt);
        }
    }

    waive() {
        this.model.openWaiver();
        this.focusOn = "reason";
        this.render();
    }

    reverse(receipt) {
        if (!this.model.busy) {
            this.model.openReversal(receipt);
            this.focusOn = "reason";
            this.render();
        }
    }

    async sendPanel() {
        const done = await this.model.sendPanel();
        this.focusOn = done ? this.home : "reason";
        this.render();
    }

    closePanel() {
        this.model.closePanel();
        this.focusOn = this.home;
        this.render();
    }

    get home() {
        return this.model.account ? "amount" : "search";
    }

    // ----------------------------------------------------------------- printing

    setPaper(paper) {
        this.state.paper = paper;
        setPaper(paper);
    }

    async print(receipt) {
        const paper = this.state.paper || "a5";
        const report = await this.model.call("print_receipt", [receipt.id, paper]);
        if (report) {
            printReport(report, receipt.id);
        }
    }

    printLast() {
        const last = this.model.desk?.receipts[0];
        if (last) {
            this.print(last);
        }
    }

    openCashDay() {
        this.action.doAction("cs_gas_billing.gas_cash_day_action");
    }
}

registry.category("actions").add("cs_gas_billing.hall", HallAction);
