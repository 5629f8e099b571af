import { Component, onWillUnmount, useEffect } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const BUSY = ["calculating", "posting"];
const INTERVAL = 2000;

/** Bar with counts and time left while a run works in the background; reloads itself. */
export class GasRunProgress extends Component {
    static template = "cs_gas_billing.GasRunProgress";
    static props = { ...standardWidgetProps };

    setup() {
        this.start = null;
        useEffect(
            (busy) => {
                this.stop();
                if (busy) {
                    this.start = { moment: Date.now(), done: this.done };
                    this.timer = setInterval(() => this.reload(), INTERVAL);
                }
            },
            () => [this.busy]
        );
        onWillUnmount(() => this.stop());
    }

    get data() {
        return this.props.record.data;
    }

    get busy() {
        return BUSY.includes(this.data.state);
    }

    get done() {
        return this.data.done_count;
    }

    get percent() {
        const total = this.data.todo_count;
        return total ? Math.min(100, Math.round((100 * this.done) / total)) : 0;
    }

    get text() {
        const values = { done: this.done, total: this.data.todo_count };
        return this.data.state === "calculating"
            ? _t("Calculated %(done)s of %(total)s", values)
            : _t("Posted %(done)s of %(total)s", values);
    }

    /** Time left at the pace seen since the screen was opened. */
    get timeLeft() {
        const gained = this.start ? this.done - this.start.done : 0;
        if (gained <= 0) {
            return "";
        }
        const seconds =
            ((Date.now() - this.start.moment) / 1000 / gained) *
            Math.max(0, this.data.todo_count - this.done);
        return seconds < 90
            ? _t("about %s s left", Math.ceil(seconds))
            : _t("about %s min left", Math.ceil(seconds / 60));
    }

    async reload() {
        if (this.loading || this.props.record.dirty) {
            return;
        }
        this.loading = true;
        try {
            await this.props.record.load();
        } finally {
            this.loading = false;
        }
    }

    stop() {
        clearInterval(this.timer);
        this.timer = null;
    }
}

export const gasRunProgress = {
    component: GasRunProgress,
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "done_count", type: "integer" },
        { name: "todo_count", type: "integer" },
    ],
};

registry.category("view_widgets").add("gas_run_progress", gasRunProgress);
