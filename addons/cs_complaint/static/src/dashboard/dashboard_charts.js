import { _t } from "@web/core/l10n/translation";

const BLUE = "#3a7ca5";
const GREY = "#b9c7d3";
const GREEN = "#4f9d69";
const AMBER = "#e0a030";
const RED = "#c8553d";
const RESULTS = {
    satisfied: GREEN,
    neutral: GREY,
    dissatisfied: RED,
    unreachable: AMBER,
    refused: "#8a8f98",
};

/** What all pictures share; a click opens the figure that `figureOf` finds for it. */
function options(open, figureOf, more = {}) {
    return {
        maintainAspectRatio: false,
        animation: false,
        onClick: (_event, items) => {
            const figure = items.length && figureOf(items[0]);
            if (figure) {
                open(figure);
            }
        },
        onHover: (event, items) => {
            event.native.target.style.cursor = items.length ? "pointer" : "";
        },
        plugins: { legend: { position: "bottom", labels: { boxWidth: 12 } } },
        ...more,
    };
}

const counts = (figures) => figures.map((figure) => figure.count);
const bar = (label, figures, colour) => ({
    label,
    data: counts(figures),
    backgroundColor: colour,
    borderRadius: 3,
    maxBarThickness: 28,
});
const whole = { beginAtZero: true, ticks: { precision: 0 } };
const names = { grid: { display: false } };

/** Received and closed by month. */
export function trendConfig(trend, open) {
    const rows = [trend.received, trend.closed];
    return {
        type: "bar",
        data: {
            labels: trend.months,
            datasets: [
                bar(_t("Cases Received"), trend.received, BLUE),
                bar(_t("Closed"), trend.closed, GREY),
            ],
        },
        options: options(open, (item) => rows[item.datasetIndex][item.index], {
            scales: { x: names, y: whole },
        }),
    };
}

/** Answered in time and late by month, with the rate as a line. */
export function answeredConfig(answered, open) {
    const rows = [answered.met, answered.missed, answered.missed];
    const stacked = { stack: "answered", order: 2 };
    return {
        type: "bar",
        data: {
            labels: answered.months,
            datasets: [
                { ...bar(_t("In time"), answered.met, GREEN), ...stacked },
                { ...bar(_t("Late"), answered.missed, RED), ...stacked },
                {
                    type: "line",
                    label: _t("In time (%)"),
                    data: answered.rates,
                    borderColor: BLUE,
                    backgroundColor: BLUE,
                    borderWidth: 2,
                    pointRadius: 3,
                    spanGaps: true,
                    clip: false,
                    yAxisID: "rate",
                    order: 1,
                },
            ],
        },
        options: options(open, (item) => rows[item.datasetIndex][item.index], {
            scales: {
                x: names,
                y: { ...whole, stacked: true },
                rate: {
                    position: "right",
                    min: 0,
                    max: 100,
                    grid: { display: false },
                    ticks: { callback: (value) => `${value} %`, stepSize: 25 },
                },
            },
        }),
    };
}

/** Rows with a name, the longest bar on top. */
export function rowsConfig(rows, open, colour = BLUE) {
    return {
        type: "bar",
        data: {
            labels: rows.map((row) => row.label),
            datasets: [bar(_t("Cases"), rows, colour)],
        },
        options: options(open, (item) => rows[item.index], {
            indexAxis: "y",
            plugins: { legend: { display: false } },
            scales: { x: whole, y: names },
        }),
    };
}

/** Open cases by severity: in time and late. */
export function severityConfig(rows, open) {
    return {
        type: "bar",
        data: {
            labels: rows.map((row) => row.label),
            datasets: [
                {
                    ...bar(_t("In time"), rows, BLUE),
                    data: rows.map((row) => row.count - row.late.count),
                    stack: "open",
                },
                {
                    ...bar(_t("Late"), rows, RED),
                    data: rows.map((row) => row.late.count),
                    stack: "open",
                },
            ],
        },
        options: options(
            open,
            (item) => (item.datasetIndex ? rows[item.index].late : rows[item.index]),
            { scales: { x: { ...names, stacked: true }, y: { ...whole, stacked: true } } }
        ),
    };
}

/** What customers said in the end. */
export function satisfactionConfig(rows, open) {
    return {
        type: "doughnut",
        data: {
            labels: rows.map((row) => row.label),
            datasets: [
                {
                    data: counts(rows),
                    backgroundColor: rows.map((row) => RESULTS[row.key]),
                },
            ],
        },
        options: options(open, (item) => rows[item.index], { cutout: "60%" }),
    };
}
