import { Component, onWillStart, useState } from "@odoo/owl";
import { CsChart } from "@cs_base/chart/chart";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import {
    answeredConfig,
    rowsConfig,
    satisfactionConfig,
    severityConfig,
    trendConfig,
} from "./dashboard_charts";

/** Complaints at a glance; every figure opens the rows it counts. */
export class ComplaintDashboard extends Component {
    static template = "cs_complaint.Dashboard";
    static components = { ControlPanel, CsChart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            filters: this.props.state?.filters || {},
            error: "",
            loading: false,
        });
        this.data = null;
        this.charts = {};
        useSetupAction({ getLocalState: () => ({ filters: { ...this.state.filters } }) });
        onWillStart(() => {
            // The frame is drawn at once, the figures follow.
            this.load();
        });
    }

    async load() {
        this.state.loading = true;
        const filters = { ...this.state.filters };
        const asked = JSON.stringify(filters);
        try {
            const data = await this.orm.call("cs.complaint.dashboard", "get_figures", [
                filters,
            ]);
            if (asked !== JSON.stringify(this.state.filters)) {
                return; // something else was chosen meanwhile
            }
            this.data = data;
            this.draw();
            this.state.error = "";
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        }
        this.state.loading = false;
    }

    draw() {
        const { data } = this;
        const open = (title) => (figure) => this.open(figure, title);
        this.charts = {
            severity: severityConfig(data.severity, open(_t("Open by Severity"))),
            trend: trendConfig(data.trend, open(_t("Received and Closed"))),
            answered: answeredConfig(data.answered, open(_t("Answered in Time"))),
            causes: rowsConfig(data.causes, open(_t("Causes"))),
            departments: rowsConfig(
                data.departments,
                open(_t("Overdue Investigations")),
                "#c8553d"
            ),
            satisfaction: satisfactionConfig(data.satisfaction, open(_t("Satisfaction"))),
        };
    }

    choose(name, value) {
        this.state.filters = { ...this.state.filters, [name]: value };
        return this.load();
    }

    /** Shows exactly the rows behind a figure. */
    open(figure, title) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: figure.label ? `${title}: ${figure.label}` : title,
            res_model: figure.model,
            domain: figure.domain,
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }

    openHard() {
        return this.open(this.data.hard, _t("Hard Cases"));
    }

    openCase(row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "cs.complaint",
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    print() {
        window.print();
    }

    get tiles() {
        const { tiles } = this.data;
        return [
            { key: "open", label: _t("Open") },
            { key: "late", label: _t("Late"), colour: "text-danger" },
            { key: "today", label: _t("Due Today"), colour: "text-warning-emphasis" },
            { key: "nobody", label: _t("Without Handler") },
            { key: "severe", label: _t("Severe or Media") },
            { key: "chased", label: _t("Chased") },
        ].map((tile) => ({ ...tile, figure: tiles[tile.key] }));
    }

    get periods() {
        const labels = {
            month: _t("This month"),
            quarter: _t("3 months"),
            half: _t("6 months"),
            year: _t("12 months"),
        };
        return this.data.periods.map((key) => ({ key, label: labels[key] }));
    }

    get satisfied() {
        const rows = Object.fromEntries(
            this.data.satisfaction.map((row) => [row.key, row.count])
        );
        const said = rows.satisfied + rows.neutral + rows.dissatisfied;
        return said ? `${((100 * rows.satisfied) / said).toFixed(1)} %` : "–";
    }

    /** A picture in words, for those who can't see it. */
    words(rows) {
        return rows.map((row) => `${row.label}: ${row.count}`).join(", ");
    }

    monthWords(months, ...figures) {
        return months
            .map((month, index) => {
                const counts = figures.map((rows) => rows[index].count);
                return `${month}: ${counts.join(" / ")}`;
            })
            .join(", ");
    }
}

registry.category("actions").add("cs_complaint.dashboard", ComplaintDashboard);
