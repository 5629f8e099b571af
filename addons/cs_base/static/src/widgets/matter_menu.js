import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { ChaseDialog } from "./chase_dialog";

/** What anybody may do with any matter, beside its next step: one menu in the header. */
export class MatterMenu extends Component {
    static template = "cs_base.MatterMenu";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
    }

    get record() {
        return this.props.record;
    }

    get items() {
        const { is_open: isOpen, clock_state: clock, interaction_id: contact } = this.record.data;
        const runs = isOpen && ["running", "late"].includes(clock);
        const items = [
            { key: "chase", label: _t("Chase"), icon: "fa-bell-o", shown: isOpen },
            {
                key: "action_extend",
                label: _t("Ask for More Time"),
                icon: "fa-calendar-plus-o",
                shown: isOpen && (runs || clock === "paused"),
            },
            {
                key: "action_pause_clock",
                label: _t("Pause the Clock"),
                icon: "fa-pause",
                shown: runs,
            },
            {
                key: "action_resume_clock",
                label: _t("Let the Clock Go On"),
                icon: "fa-play",
                shown: isOpen && clock === "paused",
            },
            {
                key: "action_slip",
                label: _t("Information Slip"),
                icon: "fa-share-square-o",
                shown: true,
            },
            {
                key: "action_open_interaction",
                label: _t("Show the Contact"),
                icon: "fa-comments-o",
                shown: Boolean(contact),
            },
        ];
        const own = this.record.data.menu_rows || [];
        return [...items.filter((item) => item.shown), ...own];
    }

    onSelected(item) {
        return item.key === "chase" ? this.chase() : this.press(item.key);
    }

    /** Presses a button of the form: what was typed is saved first. */
    press(name) {
        const { record } = this;
        return this.env.onClickViewButton({
            clickParams: { name, type: "object" },
            getResParams: () => ({
                context: record.context,
                evalContext: record.evalContext,
                resModel: record.resModel,
                resId: record.resId,
                resIds: record.resIds,
            }),
        });
    }

    async chase() {
        const { record } = this;
        if (!(await record.save())) {
            return;
        }
        this.dialog.add(ChaseDialog, {
            title: _t("Chase %s", record.data.name || ""),
            send: async (note) => {
                await this.orm.call(record.resModel, "action_chase", [[record.resId]], {
                    note,
                });
                this.notification.add(_t("Counted, and told to whoever works on it."), {
                    type: "success",
                });
                await record.load();
            },
        });
    }
}

registry.category("view_widgets").add("cs_matter_menu", {
    component: MatterMenu,
    fieldDependencies: [
        { name: "name", type: "char" },
        { name: "is_open", type: "boolean" },
        { name: "clock_state", type: "selection" },
        { name: "interaction_id", type: "many2one" },
        { name: "menu_rows", type: "json" },
    ],
});
