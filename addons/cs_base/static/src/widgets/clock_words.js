import { onWillDestroy, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;
const MINUTE = 60000;

/** The time between two moments in words: minutes, from an hour hours, from two days days. */
function span(milliseconds) {
    const minutes = Math.floor(Math.abs(milliseconds) / MINUTE);
    if (minutes >= 2 * 24 * 60) {
        return [Math.floor(minutes / (24 * 60)), "days"];
    }
    return minutes >= 60 ? [Math.floor(minutes / 60), "hours"] : [minutes, "minutes"];
}

function dueText(milliseconds) {
    const [number, unit] = span(milliseconds);
    if (milliseconds < 0) {
        return {
            days: _t("%s days overdue", number),
            hours: _t("%s hours overdue", number),
            minutes: _t("%s minutes overdue", number),
        }[unit];
    }
    return {
        days: _t("due in %s days", number),
        hours: _t("due in %s hours", number),
        minutes: _t("due in %s minutes", number),
    }[unit];
}

/**
 * How a deadline is said and coloured: red only when it is late, amber only when it is
 * due today.
 *
 * @param {luxon.DateTime | false} due
 * @param {"none"|"running"|"paused"|"late"|"met"|"missed"|false} state
 * @param {luxon.DateTime} [now]
 * @returns {{ text: string, level: "late"|"today"|"calm" }}
 */
export function clockWords(due, state, now = DateTime.now()) {
    if (state === "paused") {
        return { text: _t("Paused"), level: "calm" };
    }
    if (state === "met") {
        return { text: _t("In Time"), level: "calm" };
    }
    if (state === "missed") {
        return { text: _t("Missed"), level: "calm" };
    }
    if (!due || !["running", "late"].includes(state)) {
        return { text: "", level: "calm" };
    }
    const left = due.toMillis() - now.toMillis();
    let level = "calm";
    if (left < 0) {
        level = "late";
    } else if (due.hasSame(now.setZone(due.zone), "day")) {
        level = "today";
    }
    return { text: dueText(left), level };
}

const listeners = new Set();
let timer = null;

/** The present moment, new every minute; one timer for all clocks on the screen. */
export function useMinute() {
    const state = useState({ now: DateTime.now() });
    const tick = () => {
        state.now = DateTime.now();
    };
    listeners.add(tick);
    timer ??= browser.setInterval(() => listeners.forEach((listener) => listener()), MINUTE);
    onWillDestroy(() => {
        listeners.delete(tick);
        if (!listeners.size) {
            browser.clearInterval(timer);
            timer = null;
        }
    });
    return state;
}
