import { Component } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { clockWords, useMinute } from "./clock_words";

/** The deadline of a matter in words; its exact moment stands in the tooltip. */
export class ClockField extends Component {
    static template = "cs_base.ClockField";
    static props = { ...standardFieldProps };

    setup() {
        this.minute = useMinute();
    }

    get due() {
        return this.props.record.data[this.props.name];
    }

    get words() {
        return clockWords(this.due, this.props.record.data.clock_state, this.minute.now);
    }

    get tooltip() {
        return this.due ? formatDateTime(this.due, { numeric: true }) : "";
    }
}

export const clockField = {
    component: ClockField,
    displayName: _t("Time Left"),
    supportedTypes: ["datetime"],
    fieldDependencies: [{ name: "clock_state", type: "selection" }],
    isEmpty: () => false,
};

registry.category("fields").add("cs_clock", clockField);
