import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Who took the contact first, and who worked on the matter one after the other. */
export class HolderField extends Component {
    static template = "cs_base.HolderField";
    static props = { ...standardFieldProps };

    get rows() {
        const rows = this.props.record.data[this.props.name] || [];
        return rows.map((row, index) => ({
            ...row,
            key: index,
            label: row.role === "owner" ? _t("First Owner") : _t("Handler"),
            since: this.moment(row.from),
            until: this.moment(row.to),
            isNow: row.role === "owner" || !row.to,
        }));
    }

    moment(text) {
        return text ? formatDateTime(deserializeDateTime(text), { numeric: true }) : "";
    }

    tooltip(row) {
        return row.until ? `${row.since} – ${row.until}` : row.since;
    }
}

registry.category("fields").add("cs_holder_line", {
    component: HolderField,
    displayName: _t("First Owner and Handlers"),
    supportedTypes: ["json"],
});
