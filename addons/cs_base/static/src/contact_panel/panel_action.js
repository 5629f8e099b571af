import {
    Component,
    onMounted,
    onPatched,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { onSearchKey, useDeskKeys } from "../keys/keys";
import { printReport } from "../print/print";
import { useScanner } from "../scanner/scanner";
import { filesOf } from "./files";
import { PanelCard } from "./panel_card";
import { PanelContact } from "./panel_contact";
import { PanelHits } from "./panel_hits";
import { PanelModel } from "./panel_model";

/** The desk of whoever speaks with customers: everything goes without a mouse. */
export class ContactPanel extends Component {
    static template = "cs_base.ContactPanel";
    static components = { PanelCard, PanelContact, PanelHits };
    static props = { ...standardActionServiceProps };

    setup() {
        this.model = useState(PanelModel.create(useService("orm")));
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.state = useState({ term: "", dragging: false });
        this.search = useRef("search");
        this.first = useRef("first");
        this.root = useRef("root");
        this.focusOn = "search";
        this.channelKeys = { phone: "F2", visit: "F3", message: "F4" };
        this.keys = {
            F2: () => this.begin("phone"),
            F3: () => this.begin("visit"),
            F4: () => this.begin("message"),
            F6: () => this.callback(),
            F7: () => this.withContact(() => this.model.sendReceipt()),
            F8: () => this.withContact(() => this.print()),
            F9: () => this.withContact(() => this.finish()),
            F10: () => this.withContact(() => this.putAside()),
            Escape: () => this.escape(),
        };
        useScanner((text) => this.find(text));
        useDeskKeys(this.keys, {
            search: this.search,
            onAlt: this.onAltKey.bind(this),
        });
        useExternalListener(window, "paste", this.onPaste.bind(this));
        onWillStart(() => this.model.load());
        onMounted(() => this.setFocus());
        onPatched(() => this.setFocus());
        onWillUnmount(() => this.model.saveTyped());
    }

    setFocus() {
        const el = this.focusOn && this.wanted;
        if (el) {
            this.focusOn = "";
            el.focus();
            el.select?.();
        }
    }

    get wanted() {
        const { el } = this[this.focusOn] || {};
        return el || this.root.el?.querySelector(`[name="${this.focusOn}"]`);
    }

    /** At once if it is there: whoever types fast must not lose a sign. */
    focus(name) {
        this.focusOn = name;
        if (this.wanted) {
            this.setFocus();
        } else {
            this.render();
        }
    }

    // ----------------------------------------------------------------- keyboard

    /** Alt and a letter opens a matter, Alt and a digit urges on. */
    onAltKey(ev) {
        const sign = (ev.code || ev.key).replace(/^(Key|Digit)/, "").toLowerCase();
        const kind = this.model.types.find((type) => type.key && type.key === sign);
        const row = /^[1-9]$/.test(sign) && this.model.card?.open[Number(sign) - 1];
        if (kind || row) {
            ev.preventDefault();
            ev.stopImmediatePropagation();
        }
        if (kind) {
            this.openMatter(kind.code, ev.shiftKey);
        } else if (row) {
            this.model.follow(row);
        }
    }

    onSearchKeydown(ev) {
        onSearchKey(ev, {
            model: this.model,
            isSearched: this.state.term.trim() === this.model.searched,
            open: (hit) => this.open(hit),
            find: () => this.find(this.state.term),
        });
    }

    onPanelKeydown(ev) {
        if (ev.key === "Enter" && !ev.isComposing && !ev.target.matches("button")) {
            ev.preventDefault();
            this.sendPanel();
        }
    }

    withContact(work) {
        if (this.model.contact && !this.model.busy) {
            work();
        }
    }

    escape() {
        const { model } = this;
        if (model.panel) {
            model.closePanel();
        } else {
            model.clear();
            this.state.term = "";
        }
        this.focus("search");
    }

    // ------------------------------------------------------------------- search

    async find(term) {
        this.state.term = term;
        this.focus("search");
        if (await this.model.search(term)) {
            this.opened(term);
        }
    }

    async open(hit) {
        if (hit.kind === "matter" || hit.kind === "contact") {
            this.openRow(hit);
        } else {
            const { term } = this.state;
            if (await this.model.openHit(hit)) {
                this.opened(term);
            }
        }
    }

    /** What was searched for is done with, unless somebody typed on meanwhile. */
    opened(term) {
        if (this.state.term === term) {
            this.state.term = "";
        }
        this.focus("search");
    }

    openPerson(id) {
        return this.model.openCard(id, this.model.card?.premises?.id);
    }

    openPlace(id) {
        return this.model.openCard(this.model.card?.partner?.id, id);
    }

    async create() {
        await this.model.openCreate(this.state.term);
        this.focus("first");
    }

    async sendPanel(force = false) {
        const { kind } = this.model.panel;
        if (kind === "create") {
            if (await this.model.createCustomer(force)) {
                this.opened(this.state.term);
            }
        } else if (await this.model.promise()) {
            this.focus("search");
        }
    }

    /** The form of this room, with what was typed so far. */
    openProfile(id) {
        this.openForm("res.partner", id);
    }

    // ------------------------------------------------------------------ contact

    async begin(channel) {
        await this.model.begin(channel);
        this.focus(this.model.card ? "topic" : "search");
    }

    callback() {
        this.model.openCallback();
        this.chooseHours(1);
        this.focus("first");
    }

    /** In hours from now, on the company's clock wherever the browser stands. */
    chooseHours(hours) {
        const now = luxon.DateTime.now().setZone(this.model.zone);
        const when = now.plus({ hours });
        this.model.panel.when = when.toFormat("yyyy-MM-dd'T'HH:mm");
    }

    async finish() {
        const { model } = this;
        if (!model.draft.outcome.trim() && !model.contact.matters.length) {
            model.message = "";
            model.error = _t("Write down what the customer was told.");
            this.focus("outcome");
            return;
        }
        if (await model.finish()) {
            this.state.term = "";
            this.focus("search");
        }
    }

    async putAside() {
        await this.model.putAside();
        this.state.term = "";
        this.focus("search");
    }

    async print() {
        const { contact } = this.model;
        const report = await this.model.receiptReport();
        if (report) {
            printReport(report, contact.id);
        }
    }

    // ------------------------------------------------------------------ matters

    async openMatter(code, copy = false) {
        if (this.model.busy) {
            return;
        }
        const action = await this.model.openMatter(code, copy);
        if (action) {
            this.openAction(action);
        }
    }

    /** A form opens in a dialog above the panel; anything else as its room wants. */
    openAction(action) {
        const isForm =
            action.type === "ir.actions.act_window" &&
            !action.target &&
            action.views?.[0]?.[1] === "form";
        if (!isForm) {
            this.action.doAction(action, { onClose: () => this.model.refresh() });
            return;
        }
        this.dialog.add(
            FormViewDialog,
            {
                resModel: action.res_model,
                resId: action.res_id || false,
                viewId: action.views[0][0] || false,
                context: action.context,
                title: action.name,
                size: "xl",
            },
            { onClose: () => this.back() }
        );
    }

    openForm(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openRow(row) {
        this.openForm(row.model, row.id);
    }

    openVisit(visit) {
        this.openForm("cs.followup", visit.id);
    }

    async back() {
        await this.model.refresh();
        this.focus("search");
    }

    openAll() {
        const { partner, premises } = this.model.card;
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Contacts"),
            res_model: "cs.interaction",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: partner
                ? [["partner_id", "=", partner.id]]
                : [["premises_id", "=", premises.id]],
        });
    }

    // -------------------------------------------------------------------- files

    onPaste(ev) {
        const files = filesOf(ev.clipboardData);
        if (files.length && !document.querySelector(".o_dialog")) {
            ev.preventDefault();
            this.model.addFiles(files);
        }
    }

    onDrop(ev) {
        this.state.dragging = false;
        this.model.addFiles(filesOf(ev.dataTransfer));
    }

    onDragOver(ev) {
        this.state.dragging = [...ev.dataTransfer.types].includes("Files");
    }
}

registry.category("actions").add("cs_base.contact_panel", ContactPanel);
