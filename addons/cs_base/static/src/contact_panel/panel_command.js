import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

/** The contact panel is one key away, wherever its user is. */
export const contactPanelCommand = {
    dependencies: ["action", "command"],
    async start(env, { action, command }) {
        if (await user.hasGroup("cs_base.group_user")) {
            command.add(
                _t("Contact Panel"),
                () => action.doAction("cs_base.cs_contact_panel_action"),
                { hotkey: "alt+shift+j", global: true }
            );
        }
    },
};

registry.category("services").add("cs_base.contact_panel_command", contactPanelCommand);
