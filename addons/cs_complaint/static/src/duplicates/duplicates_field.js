import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Cases that may be about the same, while a new one is typed. */
export class DuplicatesField extends Component {
    static template = "cs_complaint.DuplicatesField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get found() {
        return this.props.record.data[this.props.name] || { rows: [], hidden: 0 };
    }

    get more() {
        return _t("%s more that you may not read", this.found.hidden);
    }

    received(row) {
        return formatDate(deserializeDateTime(row.received));
    }

    open(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: this.props.record.resModel,
            res_id: row.id,
            views: [[false, "form"]],
            target: "new",
        });
    }

    /** The new case is saved first: it has a number and a contact of its own. */
    async join(row) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call(record.resModel, "action_join", [
            [record.resId],
            row.id,
        ]);
        await this.action.doAction(action);
    }
}

registry.category("fields").add("cs_complaint_duplicates", {
    component: DuplicatesField,
    displayName: _t("Perhaps the Same"),
    supportedTypes: ["json"],
});
