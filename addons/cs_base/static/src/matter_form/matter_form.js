import { useEffect } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { MatterModel } from "./matter_model";
import { Presence } from "./presence";
import { StaleDialog } from "./stale_dialog";

/** The form of a matter on which two people may work at the same time. */
export class MatterFormController extends FormController {
    static template = "cs_base.MatterForm";
    static components = { ...FormController.components, Presence };

    setup() {
        super.setup();
        useEffect(
            (resId) => {
                if (resId) {
                    this.offerDraft(resId);
                }
            },
            () => [this.model.root.resId]
        );
    }

    /** Let the user choose where somebody else changed the same fields meanwhile. */
    async onWillSaveRecord(record, changes) {
        const proceed = await super.onWillSaveRecord(...arguments);
        const seen = record.csSeen?.values || {};
        const mine = {};
        for (const name of Object.keys(seen)) {
            if (name in changes) {
                mine[name] = changes[name];
            }
        }
        if (proceed === false || !record.resId || !Object.keys(mine).length) {
            return proceed;
        }
        const stale = await this.orm.call(record.resModel, "cs_stale", [
            [record.resId],
            mine,
            seen,
        ]);
        if (!stale) {
            return proceed;
        }
        const choices = await this.askWhichValues(stale);
        if (!choices) {
            return false;
        }
        for (const field of stale.fields) {
            seen[field.name] = field.value;
            if (choices[field.name] === "theirs") {
                delete changes[field.name];
            }
        }
        return proceed;
    }

    askWhichValues(stale) {
        return new Promise((resolve) => {
            this.dialogService.add(
                StaleDialog,
                {
                    title: _t("Changed by somebody else"),
                    intro: _t(
                        "%(user)s saved this on %(moment)s while you were typing. Choose what shall stay; nothing is saved before.",
                        stale
                    ),
                    confirmLabel: _t("Save"),
                    fields: stale.fields,
                    onConfirm: resolve,
                },
                { onClose: () => resolve(false) }
            );
        });
    }

    /** Offer what could not be saved when the page was closed. */
    async offerDraft(resId) {
        const { resModel } = this.props;
        const draft = await this.orm.silent.call(resModel, "cs_draft", [[resId]]);
        if (!draft || this.model.root.resId !== resId) {
            return;
        }
        this.dialogService.add(StaleDialog, {
            title: _t("Not saved yet"),
            intro: _t(
                "What you typed until %(moment)s was not saved, because somebody else had changed the same fields. Choose what shall stay.",
                draft
            ),
            confirmLabel: _t("Save"),
            discardLabel: _t("Throw Away"),
            fields: draft.fields,
            onConfirm: async (choices) => {
                const names = Object.keys(choices).filter(
                    (name) => choices[name] === "mine"
                );
                await this.orm.call(resModel, "cs_draft_apply", [[resId], names]);
                await this.model.load();
            },
            onDiscard: () => this.orm.call(resModel, "cs_draft_discard", [[resId]]),
        });
    }
}

registry.category("views").add("cs_matter_form", {
    ...formView,
    Controller: MatterFormController,
    Model: MatterModel,
});
