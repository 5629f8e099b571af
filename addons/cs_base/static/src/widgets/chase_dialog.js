import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useAutofocus } from "@web/core/utils/hooks";

/** Asks what the customer said when he asked again. */
export class ChaseDialog extends Component {
    static template = "cs_base.ChaseDialog";
    static components = { Dialog };
    static props = { title: String, send: Function, close: Function };

    setup() {
        this.state = useState({ note: "", sending: false });
        this.label = _t("What did the customer say?");
        useAutofocus({ refName: "note" });
    }

    async send() {
        if (this.state.sending) {
            return;
        }
        this.state.sending = true;
        try {
            await this.props.send(this.state.note.trim());
            this.props.close();
        } finally {
            this.state.sending = false;
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && !ev.isComposing) {
            this.send();
        }
    }
}
