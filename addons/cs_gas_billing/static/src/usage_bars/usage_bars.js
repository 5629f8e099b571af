import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const HEIGHT = 28;
const WIDTH = 12;
const GAP = 3;

/** The billed volumes of the last months and this reading's usage, as small bars. */
export class UsageBarsField extends Component {
    static template = "cs_gas_billing.UsageBars";
    static props = { ...standardFieldProps };

    get data() {
        return this.props.record.data[this.props.name] || { months: [] };
    }

    get bars() {
        const { months = [], usage = 0, mean = 0, held = false } = this.data;
        const highest = Math.max(1, usage, mean, ...months.map((month) => month.volume));
        const past = months.length ? months : mean ? [{ period: _t("Mean"), volume: mean }] : [];
        const all = [
            ...past.map(({ period, volume }) => ({ label: period, volume, now: false })),
            { label: _t("This reading"), volume: usage, now: true },
        ];
        return all.map((bar, index) => {
            const height = Math.max(1, (bar.volume / highest) * HEIGHT);
            return {
                ...bar,
                x: index * (WIDTH + GAP),
                y: HEIGHT - height,
                height,
                width: WIDTH,
                title: `${bar.label}: ${bar.volume} m³`,
                cls: bar.now ? (held ? "o_gas_bar_held" : "o_gas_bar_now") : "o_gas_bar",
            };
        });
    }

    get meanLine() {
        const { months = [], usage = 0, mean = 0 } = this.data;
        const highest = Math.max(1, usage, mean, ...months.map((month) => month.volume));
        return mean ? HEIGHT - (mean / highest) * HEIGHT : null;
    }

    get width() {
        return this.bars.length * (WIDTH + GAP);
    }

    get height() {
        return HEIGHT;
    }

    get label() {
        return this.bars.map((bar) => bar.title).join(", ");
    }
}

export const usageBarsField = {
    component: UsageBarsField,
    displayName: _t("Usage of the Last Months"),
    supportedTypes: ["json"],
};

registry.category("fields").add("gas_usage_bars", usageBarsField);
