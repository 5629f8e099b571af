import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Matters linked with this one; those the reader may open can be opened. */
export class LinksField extends Component {
    static template = "cs_base.LinksField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    async open(row) {
        this.action.doAction(await this.orm.call("cs.link", "action_open_other", [row.id]));
    }
}

registry.category("fields").add("cs_links", {
    component: LinksField,
    displayName: _t("Linked Matters"),
    supportedTypes: ["json"],
});
