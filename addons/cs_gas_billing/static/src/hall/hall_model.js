import { reactive } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { KeepLast } from "@web/core/utils/concurrency";
import { readCents, showCents, toCents } from "./money";

const METHODS = ["cash", "transfer", "qr"];

/**
 * What the hall screen knows, and its calls to the server. No DOM here.
 *
 * A collection has one token from the moment its account is shown: whatever happens to
 * the network, sending it again books it once.
 */
export class HallModel {
    constructor(orm) {
        this.orm = orm;
        this.keepLast = new KeepLast();
        this.hits = null;
        this.hitIndex = 0;
        this.desk = null;
        this.done = null;
        this.busy = false;
        this.error = "";
        this.clear();
    }

    static create(orm) {
        return reactive(new HallModel(orm));
    }

    clear() {
        this.account = null;
        this.hits = null;
        this.picked = {};
        this.row = 0;
        this.method = "cash";
        this.amount = "";
        this.touched = false;
        this.keepCredit = false;
        this.useCredit = false;
        this.reference = "";
        this.panel = null;
        this.error = "";
        this.token = "";
    }

    // ------------------------------------------------------------------ figures

    get bills() {
        return this.account ? this.account.bills : [];
    }

    /** Bills the bank is asked for right now: they can't be paid here. */
    get atBank() {
        return this.account ? this.account.at_bank : [];
    }

    /** Refunds the customer has to pay back, as the bank took their money back. */
    get owedBack() {
        return this.account ? this.account.owed_back : [];
    }

    /** Proposed when no bill can be paid: what the bank may refuse, and refunds. */
    get proposedCredit() {
        if (this.bills.length) {
            return 0;
        }
        const total =
            this.atBank.reduce((sum, bill) => sum + toCents(bill.principal), 0) +
            this.owedBack.reduce((sum, refund) => sum + toCents(refund.amount), 0);
        return Math.max(total - toCents(this.account.credit), 0);
    }

    get pickedBills() {
        return this.bills.filter((bill) => this.picked[bill.id]);
    }

    get owed() {
        return this.pickedBills.reduce(
            (sum, bill) => sum + toCents(bill.principal) + toCents(bill.fee),
            0
        );
    }

    get creditUsed() {
        return this.useCredit ? Math.min(toCents(this.account.credit), this.owed) : 0;
    }

    /** What the customer has to hand over. */
    get due() {
        return this.owed - this.creditUsed;
    }

    get tendered() {
        return this.amount.trim() ? readCents(this.amount) : 0;
    }

    get over() {
        return Math.max((this.tendered || 0) - this.due, 0);
    }

    get change() {
        return this.method === "cash" && !this.keepCredit ? this.over : 0;
    }

    get onCredit() {
        return this.over - this.change;
    }

    get short() {
        return Math.max(this.due - (this.tendered || 0), 0);
    }

    // ------------------------------------------------------------------- server

    /** Call the server; what it refuses is shown in place and returns undefined. */
    async call(method, args = [], kwargs = {}) {
        try {
            const result = await this.orm.silent.call("gas.hall", method, args, kwargs);
            this.error = "";
            return result;
        } catch (error) {
            if (error instanceof RPCError) {
                this.error = error.data?.message || error.message;
            } else if (error instanceof ConnectionLostError) {
                this.error = _t(
                    "No connection to the server. Try again: a collection is booked " +
                        "only once, however often it is sent."
                );
            } else {
                throw error;
            }
            return undefined;
        }
    }

    async loadDesk() {
        const desk = await this.orm.silent.call("gas.hall", "load_desk");
        this.desk = desk;
    }

    /** @returns {Promise<boolean>} an account was opened */
    async search(term) {
        if (!term.trim()) {
            return false;
        }
        this.error = "";
        const hits = await this.keepLast.add(this.call("search_accounts", [term]));
        if (!hits) {
            return false;
        }
        if (hits.length === 1) {
            return this.open(hits[0]);
        }
        if (!hits.length && this.account) {
            this.error = _t("Nothing found for “%s”.", term);
            return false;
        }
        this.clear();
        this.done = null;
        this.hits = hits;
        this.hitIndex = 0;
        return false;
    }

    async open(hit) {
        const account = await this.keepLast.add(this.call("load_account", [hit.id]));
        if (!account) {
            return false;
        }
        this.clear();
        this.done = null;
        this.token = crypto.randomUUID
            ? crypto.randomUUID()
            : `${Date.now()}-${Math.random()}`;
        this.show(account);
        this.keepCredit = !account.bills.length;
        this.row = Math.max(
            account.bills.findIndex((bill) => bill.id === hit.bill_id),
            0
        );
        return true;
    }

    /** Show the account; what the cashier entered stays. */
    show(account) {
        this.account = account;
        this.picked = Object.fromEntries(account.bills.map((bill) => [bill.id, true]));
        this.useCredit = this.canUseCredit;
        this.row = Math.min(this.row, Math.max(account.bills.length - 1, 0));
        this.prefill();
    }

    async reload() {
        const { error } = this;
        const account = await this.call("load_account", [this.account.id]);
        if (account) {
            this.show(account);
        }
        this.error = error;
    }

    // ------------------------------------------------------------------- choice

    prefill() {
        if (!this.touched) {
            const amount = this.due || this.proposedCredit;
            this.amount = amount ? showCents(amount) : "";
        }
    }

    setAmount(text) {
        if (text !== this.amount) {
            this.amount = text;
            this.touched = true;
            this.error = "";
        }
    }

    setMethod(method) {
        if (METHODS.includes(method)) {
            this.method = method;
            this.error = "";
        }
    }

    toggleBill(id) {
        this.picked[id] = !this.picked[id];
        this.prefill();
    }

    toggleAll() {
        const value = this.pickedBills.length < this.bills.length;
        for (const bill of this.bills) {
            this.picked[bill.id] = value;
        }
        this.prefill();
    }

    toggleKeepCredit() {
        this.keepCredit = !this.keepCredit;
    }

    get canUseCredit() {
        return this.account.credit > 0 && this.bills.length > 0;
    }

    toggleUseCredit() {
        if (this.canUseCredit) {
            this.useCredit = !this.useCredit;
            this.prefill();
        }
    }

    moveRow(step) {
        const count = this.bills.length;
        this.row = count ? (this.row + step + count) % count : 0;
    }

    moveHit(step) {
        const count = this.hits.length;
        this.hitIndex = count ? (this.hitIndex + step + count) % count : 0;
    }

    // -------------------------------------------------------------------- money

    /** Book the collection; return the receipt if it was booked. */
    async collect() {
        if (this.busy || !this.account) {
            return undefined;
        }
        if (this.tendered === null) {
            this.error = _t("Enter the amount as a number, for example 120.50.");
            return undefined;
        }
        this.busy = true;
        const seen = { credit: this.account.credit };
        for (const bill of this.bills) {
            seen[bill.id] = [bill.principal, bill.fee];
        }
        const all = this.pickedBills.length === this.bills.length;
        const receipt = await this.call("collect", [
            this.account.id,
            this.method,
            this.tendered / 100,
            seen,
        ], {
            bill_ids: all ? null : this.pickedBills.map((bill) => bill.id),
            keep_credit: this.keepCredit,
            reference: this.reference,
            token: this.token,
            use_credit: this.useCredit,
        });
        if (receipt) {
            const { account } = this;
            this.clear();
            this.done = { ...receipt, kind: "paid", address: account.address };
            await this.loadDesk();
        } else if (this.account) {
            await this.reload();
        }
        this.busy = false;
        return receipt;
    }

    // ------------------------------------------------------- waiver and reversal

    openWaiver() {
        const bill = [this.bills[this.row], ...this.bills].find(
            (row) => row && row.fee > 0 && row.waiver?.state !== "requested"
        );
        if (bill) {
            this.error = "";
            this.panel = {
                kind: "waive",
                bill,
                amount: showCents(toCents(bill.fee)),
                reason: "",
            };
        }
    }

    openReversal(receipt) {
        if (receipt?.state === "posted") {
            this.error = "";
            this.panel = { kind: "reverse", receipt, reason: "" };
        }
    }

    closePanel() {
        this.panel = null;
        this.error = "";
    }

    async sendPanel() {
        if (this.busy || !this.panel) {
            return false;
        }
        this.busy = true;
        const done =
            this.panel.kind === "waive" ? await this.waive() : await this.reverse();
        this.busy = false;
        return done;
    }

    async waive() {
        const { bill, amount, reason } = this.panel;
        const cents = readCents(amount);
        if (cents === null) {
            this.error = _t("Enter the amount as a number, for example 120.50.");
            return false;
        }
        const waiver = await this.call("request_waiver", [bill.id, cents / 100, reason]);
        if (!waiver) {
            return false;
        }
        this.panel = null;
        await this.reload();
        return true;
    }

    async reverse() {
        const { receipt, reason } = this.panel;
        const desk = await this.call("reverse_receipt", [receipt.id, reason]);
        if (!desk) {
            return false;
        }
        this.desk = desk;
        this.panel = null;
        if (this.account) {
            await this.reload();
        } else {
            this.done = { ...receipt, kind: "reversed" };
        }
        return true;
    }
}
