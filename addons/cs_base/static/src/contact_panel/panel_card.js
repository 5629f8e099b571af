import { Component } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

/** A person and/or premises: what is open, what was, who lives there. */
export class PanelCard extends Component {
    static template = "cs_base.ContactPanelCard";
    static props = {
        model: Object,
        onMatter: Function,
        onRow: Function,
        onPerson: Function,
        onPlace: Function,
        onAll: Function,
        onProfile: Function,
        onVisit: Function,
    };

    get card() {
        return this.props.model.card;
    }

    money(amount) {
        return formatCurrency(amount, this.props.model.currencyId);
    }

    /** @param {string} moment stored moment */
    day(moment) {
        const time = deserializeDateTime(moment);
        const format = time.hasSame(luxon.DateTime.now(), "year") ? "MM-dd HH:mm" : "yyyy-MM-dd";
        return time.toFormat(format);
    }

    tone(tone) {
        return { late: "text-danger fw-bold", today: "o_cs_panel_today" }[tone] || "text-muted";
    }

    /** Owner, and who works on it if that is somebody else. */
    who(row) {
        if (!row.handler || row.handler === row.owner) {
            return row.owner || row.team || "";
        }
        return row.owner ? `${row.owner} → ${row.handler}` : row.handler;
    }

    get hiddenText() {
        return _t("%s more that you may not read", this.card.hidden);
    }

    key(index) {
        return index < 9 ? `Alt+${index + 1}` : "";
    }
}
