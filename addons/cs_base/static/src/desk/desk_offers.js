import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useAutofocus, useService } from "@web/core/utils/hooks";

/** Asks why something offered isn't taken. */
class DeclineDialog extends Component {
    static template = "cs_base.DeskDecline";
    static components = { Dialog };
    static props = { send: Function, close: Function };

    setup() {
        this.state = useState({ answer: "" });
        this.title = _t("Decline");
        useAutofocus({ refName: "answer" });
    }

    async send() {
        const answer = this.state.answer.trim();
        if (answer) {
            await this.props.send(answer);
            this.props.close();
        }
    }
}

/** Contacts and work offered to me: taken over together or one by one. */
export class DeskOffers extends Component {
    static template = "cs_base.DeskOffers";
    static props = { offers: Array, reload: Function };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.state = useState({ busy: false });
    }

    get title() {
        return _t("Offered to me: %s", this.props.offers.length);
    }

    kind(offer) {
        return offer.kind === "contact" ? _t("Contact") : _t("Matter");
    }

    why(offer) {
        return [offer.reason, offer.note].filter(Boolean).join(" · ");
    }

    refs(offers) {
        return offers.map(({ kind, id }) => ({ kind, id }));
    }

    async accept(offers) {
        this.state.busy = true;
        try {
            const result = await this.orm.call("cs.desk", "accept", [this.refs(offers)]);
            if (result.accepted) {
                this.notification.add(_t("%s taken over.", result.accepted), { type: "success" });
            }
            for (const why of result.failed) {
                this.notification.add(why, { type: "warning", sticky: true });
            }
        } finally {
            this.state.busy = false;
        }
        await this.props.reload();
    }

    decline(offer) {
        this.dialog.add(DeclineDialog, {
            send: async (answer) => {
                await this.orm.call("cs.desk", "decline", [this.refs([offer]), answer]);
                await this.props.reload();
            },
        });
    }
}
