import { Component, onWillDestroy, useEffect, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useService } from "@web/core/utils/hooks";

const BEAT = 20000;
const SHOWN = 5;

/** The colleagues who have the same matter open, as small pictures. */
export class Presence extends Component {
    static template = "cs_base.Presence";
    static props = { resModel: String, resId: { type: [Number, Boolean], optional: true } };

    setup() {
        this.orm = useService("orm");
        this.bus = useService("bus_service");
        this.state = useState({ others: [] });
        this.onPresence = ({ model, id }) => {
            if (model === this.props.resModel && id === this.props.resId) {
                this.beat();
            }
        };
        this.bus.subscribe("cs_presence", this.onPresence);
        onWillDestroy(() => this.bus.unsubscribe("cs_presence", this.onPresence));
        useEffect(
            (model, id) => this.attend(model, id),
            () => [this.props.resModel, this.props.resId]
        );
    }

    /** Be present at a matter until the returned function is called. */
    attend(model, id) {
        this.state.others = [];
        if (!id) {
            return () => {};
        }
        const channel = `cs_presence:${model}:${id}`;
        this.bus.addChannel(channel);
        this.beat();
        const timer = browser.setInterval(() => this.beat(), BEAT);
        return () => {
            browser.clearInterval(timer);
            this.bus.deleteChannel(channel);
            this.orm.silent.call(model, "cs_presence_leave", [[id]]).catch(() => {});
        };
    }

    async beat() {
        const { resModel, resId } = this.props;
        try {
            const others = await this.orm.silent.call(resModel, "cs_presence", [[resId]]);
            if (resId === this.props.resId) {
                this.state.others = others;
            }
        } catch {
            this.state.others = []; // offline, or gone: the form says so itself
        }
    }

    get shown() {
        return this.state.others.slice(0, SHOWN);
    }

    get names() {
        return this.state.others.map((user) => user.name).join(", ");
    }
}
