import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/core/utils/numbers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Amount and volume of a run by use category, drawn beside the month before. */
export class GasRunReviewField extends Component {
    static template = "cs_gas_billing.GasRunReviewField";
    static props = { ...standardFieldProps };

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    /** One block per category, each with a bar pair for amount and volume. */
    get blocks() {
        return this.rows.map((row) => ({
            name: row.name,
            bills: _t("%s bills", row.bills),
            pairs: [
                this.getPair("amount", _t("Amount"), row.amount, row.previous_amount, 2),
                this.getPair("volume", _t("Volume (m³)"), row.volume, row.previous_volume, 0),
            ],
        }));
    }

    getPair(key, label, now, before, decimals) {
        const largest = Math.max(
            ...this.rows.flatMap((row) => [row[key], row[`previous_${key}`]]),
            1
        );
        const change = before ? Math.round((now / before - 1) * 100) : null;
        return {
            label,
            change: change === null ? "" : `${change > 0 ? "+" : ""}${change} %`,
            large: change !== null && Math.abs(change) > 30,
            bars: [
                { key: "now", text: this.format(now, decimals), width: (100 * now) / largest },
                {
                    key: "before",
                    text: this.format(before, decimals),
                    width: (100 * before) / largest,
                },
            ],
        };
    }

    format(value, decimals) {
        return formatFloat(value, { digits: [16, decimals] });
    }
}

export const gasRunReviewField = {
    component: GasRunReviewField,
    displayName: _t("Review of a Bill Run"),
    supportedTypes: ["json"],
};

registry.category("fields").add("gas_run_review", gasRunReviewField);
