import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The tiers of the year as one bar: what is used, where the year stands, what is left.
 * Reads the value of `tier_position` (see tools/tariff.py).
 */
export class GasTiersField extends Component {
    static template = "cs_gas_billing.GasTiersField";
    static props = { ...standardFieldProps };

    get position() {
        return this.props.record.data[this.props.name] || null;
    }

    get used() {
        return this.position.tiers.reduce((sum, tier) => sum + Number(tier.used), 0);
    }

    /** Tiers with their share of the bar; the open tier is drawn a third wide. */
    get segments() {
        const tiers = this.position.tiers;
        const widths = tiers.map((tier) => this.getWidth(tier, tiers));
        const total = widths.reduce((sum, width) => sum + width, 0);
        return tiers.map((tier, index) => ({
            ...tier,
            width: (100 * widths[index]) / total,
            fill: Math.min(100, (100 * Number(tier.used)) / widths[index]),
            current: tier.tier === this.position.tier,
        }));
    }

    getWidth(tier, tiers) {
        if (tier.upper !== null) {
            return Math.max(Number(tier.upper) - Number(tier.lower), 1);
        }
        const bounded = Number(tiers.at(-2)?.upper || 0);
        return Math.max(bounded / 3, Number(tier.used), 1);
    }

    get title() {
        return _t("Year %(year)s: %(used)s m³ used", {
            year: this.position.year,
            used: this.formatVolume(this.used),
        });
    }

    get leftText() {
        const { tier, left } = this.position;
        if (left === null) {
            return _t("Tier %s, no upper bound", tier);
        }
        return _t("Tier %(tier)s: %(left)s m³ left", {
            tier,
            left: this.formatVolume(Number(left)),
        });
    }

    formatVolume(value) {
        return String(Math.round(value * 1000) / 1000);
    }
}

export const gasTiersField = {
    component: GasTiersField,
    displayName: _t("Tiers of the Year"),
    supportedTypes: ["json"],
};

registry.category("fields").add("gas_tiers", gasTiersField);
