import { Component, onWillDestroy, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime } from "@web/core/l10n/dates";

/** The contact that is going on: what it is about, and how it ends. */
export class PanelContact extends Component {
    static template = "cs_base.ContactPanelContact";
    static props = {
        model: Object,
        channelKeys: Object,
        onChannel: Function,
        onRow: Function,
        onFinish: Function,
        onAside: Function,
        onCallback: Function,
        onSms: Function,
        onPrint: Function,
        onFiles: Function,
        onTake: Function,
        onChoose: Function,
    };

    setup() {
        this.clock = useState({ now: Date.now() });
        const ticking = browser.setInterval(() => (this.clock.now = Date.now()), 1000);
        onWillDestroy(() => browser.clearInterval(ticking));
    }

    get contact() {
        return this.props.model.contact;
    }

    /** Minutes and seconds since a contact began. */
    since(moment) {
        const start = deserializeDateTime(moment).toMillis();
        const seconds = Math.max(0, Math.floor((this.clock.now - start) / 1000));
        const pad = (number) => String(number).padStart(2, "0");
        const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
        const tail = `${pad(minutes)}:${pad(seconds % 60)}`;
        return hours ? `${hours}:${tail}` : tail;
    }

    get others() {
        return this.props.model.running.filter((row) => row.id !== this.contact?.id);
    }

    onInput(name, ev) {
        this.props.model.type(name, ev.target.value);
    }

    onOutcomeKeydown(ev) {
        if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            this.props.onFinish();
        }
    }

    onPick(ev) {
        this.props.onFiles([...ev.target.files]);
        ev.target.value = "";
    }

    fileUrl(file) {
        return `/web/content/${file.id}`;
    }

    isPicture(file) {
        return (file.mimetype || "").startsWith("image/");
    }
}
