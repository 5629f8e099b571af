import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { KeepLast } from "@web/core/utils/concurrency";
import { debounce } from "@web/core/utils/timing";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { clockWords, useMinute } from "../widgets/clock_words";
import { DeskOffers } from "./desk_offers";

const REFRESH = 60000;

/** What waits for me, what is due today, what is late: the desk everybody lands on. */
export class DeskAction extends Component {
    static template = "cs_base.Desk";
    static components = { ControlPanel, DeskOffers };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.minute = useMinute();
        this.state = useState({ data: null, error: "", term: "", found: null, chosen: 0 });
        this.lastSearch = new KeepLast();
        this.searchSoon = debounce(() => this.search(), 250);
        useAutofocus({ refName: "search" });
        const timer = browser.setInterval(() => {
            if (document.visibilityState === "visible") {
                this.load();
            }
        }, REFRESH);
        onWillDestroy(() => {
            browser.clearInterval(timer);
            this.searchSoon.cancel();
        });
        onWillStart(() => this.load());
    }

    // ------------------------------------------------------------------- data

    async load() {
        try {
            this.state.data = await this.orm.silent.call("cs.desk", "get", []);
            this.state.error = "";
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        }
    }

    /** Shows the rows behind a tile. */
    async open(key, memberId = null) {
        this.action.doAction(await this.orm.call("cs.desk", "open_rows", [key, memberId]));
    }

    async openRow(row) {
        this.action.doAction(await this.orm.call("cs.matter.index", "action_open", [row.id]));
    }

    openPanel() {
        this.action.doAction("cs_base.cs_contact_panel_action");
    }

    handOver(leads) {
        this.action.doAction("cs_base.cs_handover_wizard_action", {
            additionalContext: { cs_leads: leads },
            onClose: () => this.load(),
        });
    }

    // ------------------------------------------------------------------ search

    onInput() {
        this.state.chosen = 0;
        this.searchSoon();
    }

    async search() {
        const term = this.state.term.trim();
        if (term.length < 2) {
            this.state.found = null;
            return;
        }
        const request = this.orm.silent.call("cs.desk", "search_all", [term]);
        this.state.found = await this.lastSearch.add(request);
    }

    async onKeydown(ev) {
        if (ev.isComposing) {
            return;
        }
        const count = this.state.found?.length || 0;
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            const step = ev.key === "ArrowDown" ? 1 : -1;
            this.state.chosen = count ? (this.state.chosen + step + count) % count : 0;
        } else if (ev.key === "Enter") {
            this.searchSoon.cancel();
            await this.search();
            const hit = this.state.found?.[this.state.chosen];
            if (hit) {
                this.openFound(hit);
            }
        } else if (ev.key === "Escape") {
            this.state.term = "";
            this.state.found = null;
        }
    }

    openFound(hit) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: hit.model,
            res_id: hit.id,
            views: [[false, "form"]],
        });
    }

    // ------------------------------------------------------------------ figures

    get data() {
        return this.state.data;
    }

    get labels() {
        return {
            waiting: [_t("For Me to Do"), "fa-inbox"],
            late: [_t("Overdue"), "fa-exclamation-circle"],
            today: [_t("Due Today"), "fa-clock-o"],
            contacts: [_t("My Open Contacts"), "fa-comments-o"],
            visits: [_t("Visits and Callbacks"), "fa-phone"],
            slips: [_t("Slips to Me"), "fa-share-square-o"],
            approvals: [_t("To Approve"), "fa-check-square-o"],
            team_open: [_t("Open Work"), "fa-folder-open-o"],
            team_late: [_t("Overdue"), "fa-exclamation-circle"],
            unassigned: [_t("Without a Handler"), "fa-user-o"],
            unclaimed: [_t("Unclaimed Contacts"), "fa-hand-paper-o"],
            away_contacts: [_t("Contacts of Absent People"), "fa-user-times"],
            away_matters: [_t("Work of Absent People"), "fa-user-times"],
        };
    }

    tiles(rows) {
        return rows.map((tile) => {
            const [label, icon] = this.labels[tile.key];
            const level = tile.late ? "late" : tile.today ? "today" : "calm";
            return { ...tile, label, icon, level, hint: this.hint(tile) };
        });
    }

    hint(tile) {
        const parts = [];
        if (tile.late && !tile.key.endsWith("late")) {
            parts.push(_t("%s overdue", tile.late));
        }
        if (tile.today && tile.key !== "today") {
            parts.push(_t("%s due today", tile.today));
        }
        return parts.join(" · ");
    }

    /** Whether nothing at all waits for the user. */
    get isIdle() {
        return !this.data.rows.length && this.data.mine.every((tile) => !tile.count);
    }

    get members() {
        const largest = Math.max(1, ...this.data.members.map((member) => member.count));
        return this.data.members.map((member) => ({
            ...member,
            width: (100 * member.count) / largest,
        }));
    }

    rowWords(row) {
        const due = row.due_at ? deserializeDateTime(row.due_at) : false;
        return {
            ...clockWords(due, row.clock_state, this.minute.now),
            moment: due ? formatDateTime(due, { numeric: true }) : "",
        };
    }
}

registry.category("actions").add("cs_my_desk", DeskAction);
