import { Component, onWillStart, useState } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { useSetupAction } from "@web/search/action_hook";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { DashboardTrend } from "./dashboard_trend";

/** The month at a glance; every figure opens the rows behind it. */
export class DashboardAction extends Component {
    static template = "cs_gas_billing.Dashboard";
    static components = { ControlPanel, DashboardTrend, DateTimeInput };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const kept = this.props.state || {};
        this.state = useState({
            period: kept.period || null,
            cutOff: kept.cutOff || null,
            compare: kept.compare || "books",
            data: null,
            loading: false,
            error: "",
        });
        useSetupAction({
            getLocalState: () => ({
                period: this.state.period,
                cutOff: this.state.cutOff,
                compare: this.state.compare,
            }),
        });
        onWillStart(() => {
            // The frame is drawn at once, the figures follow.
            this.load();
        });
    }

    // ------------------------------------------------------------------- data

    async load() {
        this.state.loading = true;
        const request = [this.state.period, this.state.cutOff];
        try {
            const data = await this.orm.call("gas.dashboard", "get", request);
            if (request[0] !== this.state.period || request[1] !== this.state.cutOff) {
                return; // another month was chosen meanwhile
            }
            this.state.data = data;
            this.state.error = "";
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        }
        this.state.loading = false;
    }

    setPeriod(period) {
        this.state.period = period;
        this.state.cutOff = null;
        return this.load();
    }

    setCutOff(day) {
        if (day) {
            this.state.period = this.data.period;
            this.state.cutOff = day;
            return this.load();
        }
    }

    move(step) {
        const index = this.months.indexOf(this.data.period) - step;
        if (this.months[index]) {
            return this.setPeriod(this.months[index]);
        }
    }

    /** Shows the rows behind a figure. */
    async open(figure, key = null, period = null) {
        const { data } = this;
        this.action.doAction(
            await this.orm.call("gas.dashboard", "open_rows", [
                figure,
                period || data.period,
                data.cut_off,
                key,
            ])
        );
    }

    download() {
        const { period, cut_off } = this.data;
        this.action.doAction({
            type: "ir.actions.act_url",
            url: `/cs_gas/figures.xlsx?period=${period}&cut_off=${cut_off}`,
            target: "download",
        });
    }

    print() {
        window.print();
    }

    openRuns() {
        this.action.doAction("cs_gas_billing.gas_bill_run_action");
    }

    openAccount(accountId) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "gas.account",
            res_id: accountId,
            views: [[false, "form"]],
        });
    }

    // ------------------------------------------------------------------ figures

    get data() {
        return this.state.data;
    }

    /** Months that can be chosen, the latest first. */
    get months() {
        const { first, last } = this.data;
        const months = [];
        let [year, month] = last.split("-").map(Number);
        for (let text = last; text >= first && months.length < 60; ) {
            months.push(text);
            month -= 1;
            if (!month) {
                month = 12;
                year -= 1;
            }
            text = `${year}-${String(month).padStart(2, "0")}`;
        }
        return months;
    }

    get cutOff() {
        return deserializeDate(this.data.cut_off);
    }

    get isFirst() {
        return this.months.at(-1) === this.data.period;
    }

    get isLast() {
        return this.months[0] === this.data.period;
    }

    get overdue() {
        const late = this.data.aging.filter((row) => row.bucket !== "not_due");
        return {
            amount: late.reduce((sum, row) => sum + row.amount, 0),
            count: late.reduce((sum, row) => sum + row.count, 0),
        };
    }

    get aging() {
        const { aging } = this.data;
        const largest = Math.max(1, ...aging.map((row) => row.amount));
        return aging.map((row) => ({
            ...row,
            width: Math.max(row.amount ? 1 : 0, (100 * row.amount) / largest),
        }));
    }

    get compared() {
        return this.data[this.state.compare];
    }

    get figure() {
        return this.state.compare === "books" ? "book" : "community";
    }

    /** The sentences below the figures. */
    get texts() {
        const { cut_off, debit, drops, month, open, period, reading } = this.data;
        return {
            title: _t("Gas figures of %(month)s, up to %(day)s", {
                month: period,
                day: cut_off,
            }),
            billed: _t("%(volume)s · %(count)s bills", {
                volume: this.volume(month.volume),
                count: this.whole(month.count),
            }),
            unpaid: _t("Open of the month %s", this.money(month.open)),
            open: _t("%s open bills", this.whole(open.count)),
            read: _t("%(read)s of %(due)s meters read", {
                read: this.whole(reading.read),
                due: this.whole(reading.due),
            }),
            estimated: _t("%s estimated bills", this.whole(reading.estimated)),
            debited: _t("%(done)s of %(answered)s lines debited", {
                done: this.whole(debit?.accepted.count || 0),
                answered: this.whole(debit?.answered || 0),
            }),
            drops: _t("%s customers", this.whole(drops.count)),
        };
    }

    meanText(row) {
        return _t("mean %s", this.volume(row.mean));
    }

    tierLabel(tier) {
        return tier ? _t("Tier %s", tier) : _t("Without tiers");
    }

    /** The change against the month before, in words. */
    change(now, before) {
        if (!before) {
            return "";
        }
        const percent = 100 * (now / before - 1);
        const text = `${percent > 0 ? "+" : ""}${percent.toFixed(1)} %`;
        return _t("%s against last month", text);
    }

    // ------------------------------------------------------------------- format

    money(amount) {
        return formatCurrency(amount, this.data.currency_id);
    }

    volume(value, decimals = 0) {
        return `${formatFloat(value, { digits: [16, decimals] })} m³`;
    }

    whole(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    rate(value) {
        return value === null ? "–" : `${value.toFixed(1)} %`;
    }
}

registry.category("actions").add("cs_gas_billing.dashboard", DashboardAction);
