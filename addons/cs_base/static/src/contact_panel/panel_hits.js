import { Component, onPatched, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** What the search found, in groups; chosen by arrows. */
export class PanelHits extends Component {
    static template = "cs_base.ContactPanelHits";
    static props = { model: Object, onOpen: Function, onCreate: Function };

    setup() {
        this.root = useRef("root");
        onPatched(() => {
            this.root.el
                ?.querySelector(".table-active")
                ?.scrollIntoView({ block: "nearest" });
        });
    }

    /** Rows by group, each with its place in the whole list. */
    get groups() {
        const titles = [
            { kinds: ["person"], title: _t("People") },
            { kinds: ["premises"], title: _t("Premises") },
            { kinds: ["matter", "contact"], title: _t("Matters and Contacts") },
        ];
        const rows = this.props.model.hits.map((hit, index) => ({ hit, index }));
        return titles
            .map(({ kinds, title }) => ({
                title,
                rows: rows.filter(({ hit }) => kinds.includes(hit.kind)),
            }))
            .filter(({ rows: found }) => found.length);
    }
}
