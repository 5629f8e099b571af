import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

const COLOURS = { billed: "#b9c7d3", collected: "#3a7ca5", rate: "#c8553d" };

/** Twelve months: billed and collected as bars, the rate as a line. */
export class DashboardTrend extends Component {
    static template = "cs_gas_billing.DashboardTrend";
    static props = {
        rows: { type: Array, element: Object },
        period: String,
        open: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = new window.Chart(this.canvas.el, this.getConfig());
                return () => chart.destroy();
            },
            () => [this.props.rows]
        );
    }

    /** The months from the first that has bills on. */
    get rows() {
        const first = this.props.rows.findIndex((row) => row.count);
        return first > 0 ? this.props.rows.slice(first) : this.props.rows;
    }

    get label() {
        return this.rows
            .map((row) => `${row.period}: ${row.billed} / ${row.collected}`)
            .join(", ");
    }

    getConfig() {
        const { rows } = this;
        const bar = (key, label) => ({
            type: "bar",
            label,
            data: rows.map((row) => row[key]),
            backgroundColor: COLOURS[key],
            borderRadius: 3,
            maxBarThickness: 28,
            order: 2,
        });
        return {
            data: {
                labels: rows.map((row) => row.period),
                datasets: [
                    bar("billed", _t("Charged")),
                    bar("collected", _t("Collected")),
                    {
                        type: "line",
                        label: _t("Collection Rate (%)"),
                        data: rows.map((row) => row.rate),
                        borderColor: COLOURS.rate,
                        backgroundColor: COLOURS.rate,
                        borderWidth: 2,
                        pointRadius: 3,
                        tension: 0,
                        spanGaps: true,
                        clip: false,
                        yAxisID: "rate",
                        order: 1,
                    },
                ],
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                interaction: { mode: "index", intersect: false },
                onClick: (_event, items) => this.onClick(items),
                onHover: (event, items) => {
                    event.native.target.style.cursor = items.length ? "pointer" : "";
                },
                plugins: {
                    legend: { position: "bottom", labels: { boxWidth: 12 } },
                    tooltip: { callbacks: { label: (item) => this.getTip(item) } },
                },
                scales: {
                    x: { grid: { display: false } },
                    y: {
                        beginAtZero: true,
                        ticks: { callback: (value) => this.getTick(value) },
                    },
                    rate: {
                        position: "right",
                        min: 0,
                        max: 100,
                        grid: { display: false },
                        ticks: { callback: (value) => `${value} %`, stepSize: 25 },
                    },
                },
            },
        };
    }

    getTick(value) {
        return formatFloat(value, { humanReadable: true, decimals: 0 });
    }

    getTip(item) {
        const value = formatFloat(item.parsed.y, {
            digits: [16, item.dataset.yAxisID === "rate" ? 1 : 2],
        });
        return `${item.dataset.label}: ${value}`;
    }

    onClick(items) {
        if (items.length) {
            const figure = ["billed", "collected", "billed"][items[0].datasetIndex];
            this.props.open(figure, null, this.rows[items[0].index].period);
        }
    }
}
