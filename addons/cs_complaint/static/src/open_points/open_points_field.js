import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What is still to be done before a case can be closed: a list of sentences. */
export class OpenPointsField extends Component {
    static template = "cs_complaint.OpenPointsField";
    static props = { ...standardFieldProps };

    get points() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("cs_open_points", {
    component: OpenPointsField,
    displayName: _t("Still to Do"),
    supportedTypes: ["json"],
});
