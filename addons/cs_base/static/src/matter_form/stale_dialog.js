import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

/**
 * Two values for some fields, the user's own and somebody else's: one is chosen for
 * each. Closing the dialog decides nothing.
 */
export class StaleDialog extends Component {
    static template = "cs_base.StaleDialog";
    static components = { Dialog };
    static props = {
        title: String,
        intro: String,
        confirmLabel: String,
        discardLabel: { type: String, optional: true },
        fields: Array,
        onConfirm: Function,
        onDiscard: { type: Function, optional: true },
        close: Function,
    };

    setup() {
        this.state = useState({ choices: {} });
        for (const field of this.props.fields) {
            this.state.choices[field.name] = field.stale === false ? "mine" : false;
        }
    }

    get isDecided() {
        return this.props.fields.every((field) => this.state.choices[field.name]);
    }

    choose(name, side) {
        this.state.choices[name] = side;
    }

    async confirm() {
        await this.props.onConfirm({ ...this.state.choices });
        this.props.close();
    }

    async discard() {
        await this.props.onDiscard();
        this.props.close();
    }
}
