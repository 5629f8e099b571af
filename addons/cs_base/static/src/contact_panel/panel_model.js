import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { KeepLast, Mutex } from "@web/core/utils/concurrency";
import { readFile } from "./files";

const SEEN = "cs_base.contact_panel";
const PAPER = "cs_base.contact_panel.paper";
const SAVE_AFTER = 600;
/** What the clerk types about a contact. */
const TYPED = ["topic", "content", "outcome", "contact_name", "phone_masked"];

/**
 * What the contact panel knows, and its calls to the server. No DOM here.
 *
 * What is typed is saved while typing; calls that change a contact wait for each
 * other, so that a contact begins once however many keys are pressed.
 */
export class PanelModel {
    constructor(orm) {
        this.orm = orm;
        this.keepLast = new KeepLast();
        this.mutex = new Mutex();
        this.types = [];
        this.channels = [];
        this.running = [];
        this.card = null;
        this.contact = null;
        this.hits = null;
        this.hitIndex = 0;
        this.searched = "";
        this.panel = null;
        this.uploads = [];
        this.error = "";
        this.message = "";
        this.busy = false;
        this.unsaved = false;
        this.offline = false;
        this.paper = browser.localStorage.getItem(PAPER) ?? "a5";
        this.draft = this.emptyDraft();
        this.timer = null;
    }

    static create(orm) {
        return reactive(new PanelModel(orm));
    }

    emptyDraft() {
        return Object.fromEntries(TYPED.map((name) => [name, ""]));
    }

    // ------------------------------------------------------------------- server

    /** Call the server; what it refuses is shown in place and returns undefined. */
    async call(method, args = [], kwargs = {}) {
        try {
            const result = await this.orm.silent.call(
                "cs.contact.panel",
                method,
                args,
                kwargs
            );
            this.error = "";
            this.offline = false;
            return result;
        } catch (error) {
            if (error instanceof RPCError) {
                this.error = error.data?.message || error.message;
            } else if (error instanceof ConnectionLostError) {
                this.offline = true;
                this.error = _t(
                    "No connection to the server. What you typed stays here and is " +
                        "saved with the next key."
                );
            } else {
                throw error;
            }
            return undefined;
        }
    }

    async load() {
        const seen = JSON.parse(browser.sessionStorage.getItem(SEEN) || "{}");
        const values = await this.call("load_panel", [], {
            contact_id: seen.contact ?? null,
            partner_id: seen.partner || null,
            premises_id: seen.premises || null,
        });
        if (!values) {
            return;
        }
        this.types = values.types;
        this.channels = values.channels;
        this.running = values.running;
        this.currencyId = values.currency_id;
        this.callbackHours = values.callback_hours;
        this.zone = values.zone;
        this.show(values.contact);
        this.card = values.card || null;
        const { partner, premises } = this.contact || {};
        if (!this.card && (partner || premises)) {
            await this.openCard(partner?.id, premises?.id);
        }
    }

    /** Remember what is shown, for a reload or the way back from a document. */
    remember() {
        const seen = {
            contact: this.contact ? this.contact.id : false,
            partner: this.card?.partner?.id,
            premises: this.card?.premises?.id,
        };
        browser.sessionStorage.setItem(SEEN, JSON.stringify(seen));
    }

    // ------------------------------------------------------------------- search

    /** @returns {Promise<boolean>} a card was opened */
    async search(term) {
        this.message = "";
        if (!term.trim()) {
            return false;
        }
        const hits = await this.keepLast.add(this.call("find", [term]));
        if (!hits) {
            return false;
        }
        this.panel = null;
        this.hits = hits;
        this.hitIndex = 0;
        this.searched = term.trim();
        if (hits.length === 1 && ["person", "premises"].includes(hits[0].kind)) {
            return this.openHit(hits[0]);
        }
        return false;
    }

    moveHit(step) {
        const count = this.hits.length;
        this.hitIndex = count ? (this.hitIndex + step + count) % count : 0;
    }

    async openHit(hit) {
        if (hit.kind === "person") {
            return this.openCard(hit.id, hit.premises_id);
        }
        return this.openCard(null, hit.id);
    }

    async openCard(partnerId, premisesId) {
        const card = await this.keepLast.add(
            this.call("open_card", [partnerId || null, premisesId || null])
        );
        if (!card) {
            return false;
        }
        this.card = card;
        this.hits = null;
        this.panel = null;
        await this.nameContact();
        this.remember();
        return true;
    }

    async reloadCard() {
        const { partner, premises } = this.card || {};
        if (partner || premises) {
            await this.openCard(partner?.id, premises?.id);
        }
    }

    clear() {
        this.card = null;
        this.hits = null;
        this.panel = null;
        this.error = "";
        this.message = "";
        this.remember();
    }

    // ------------------------------------------------------------------ contact

    /** The card is of somebody else than the running contact. */
    get isOther() {
        const mine = this.contact?.partner;
        const shown = this.card?.partner;
        return Boolean(mine && shown && mine.id !== shown.id);
    }

    /** What a new contact begins with. */
    get beginning() {
        const { partner, premises } = this.card || {};
        const vals = { channel: "visit" };
        if (partner) {
            vals.partner_id = partner.id;
        }
        if (premises) {
            vals.premises_id = premises.id;
        }
        for (const name of TYPED) {
            if (this.draft[name].trim()) {
                vals[name] = this.draft[name];
            }
        }
        return vals;
    }

    /** Show a contact as the server has it; what is being typed stays. */
    show(contact) {
        const before = this.contact;
        const same = contact && before?.id === contact.id;
        this.contact = contact || null;
        if (!contact) {
            this.draft = this.emptyDraft();
            this.unsaved = false;
        } else if (!same || !this.unsaved) {
            for (const name of TYPED) {
                this.draft[name] = contact[name] || "";
            }
        }
        if (before && !same) {
            this.uploads = [];
        }
        this.remember();
    }

    /** Take over a contact that a call returned. */
    took(contact) {
        if (contact && !this.running.some((row) => row.id === contact.id)) {
            this.running = [
                { ...contact, name: contact.partner?.name || "" },
                ...this.running,
            ];
        }
        this.show(contact);
        return contact;
    }

    /** Let a change wait for those before it, and for what is typed to be saved. */
    change(work) {
        return this.mutex.exec(async () => {
            await this.flush();
            this.message = "";
            return work();
        });
    }

    async begin(channel) {
        await this.change(async () => {
            // Asked when it is this key's turn: the one before may have begun it.
            const { contact: running } = this;
            if (running?.channel === channel) {
                return;
            }
            const contact = running
                ? await this.call("save", [running.id, { channel }])
                : await this.call("begin", [{ ...this.beginning, channel }]);
            if (contact) {
                this.unsaved = false;
                this.took(contact);
            }
        });
    }

    /** Write what the clerk chose, beginning a contact if none is running. */
    async save(vals) {
        await this.change(async () => {
            const contact = this.contact
                ? await this.call("save", [this.contact.id, vals])
                : await this.call("begin", [{ ...this.beginning, ...vals }]);
            if (contact) {
                this.took(contact);
            }
        });
    }

    /** A contact without a customer gets the one whose card is opened. */
    async nameContact() {
        const { contact, card } = this;
        if (!contact || contact.partner || !card) {
            return;
        }
        const vals = {};
        if (card.partner) {
            vals.partner_id = card.partner.id;
        }
        if (card.premises && !contact.premises) {
            vals.premises_id = card.premises.id;
        }
        if (Object.keys(vals).length) {
            await this.save(vals);
        }
    }

    async takeCustomer() {
        await this.save({
            partner_id: this.card.partner.id,
            premises_id: this.card.premises?.id || false,
        });
    }

    type(name, text) {
        this.draft[name] = text;
        this.unsaved = true;
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.saveTyped(), SAVE_AFTER);
    }

    saveTyped() {
        return this.mutex.exec(() => this.flush());
    }

    /** Save what was typed; a first word begins the contact. */
    async flush() {
        browser.clearTimeout(this.timer);
        if (!this.unsaved) {
            return;
        }
        const vals = {};
        for (const name of TYPED) {
            if (this.draft[name] !== (this.contact?.[name] || "")) {
                vals[name] = this.draft[name];
            }
        }
        if (!Object.keys(vals).length) {
            this.unsaved = false;
            return;
        }
        this.unsaved = false;
        const contact = this.contact
            ? await this.call("save", [this.contact.id, vals])
            : await this.call("begin", [this.beginning]);
        if (contact) {
            this.took(contact);
        } else {
            this.unsaved = true;
        }
    }

    /** Another of the running contacts. */
    async choose(row) {
        await this.change(async () => {
            const contact = await this.call("show_contact", [row.id]);
            if (contact) {
                this.show(contact);
                this.card = null;
                this.hits = null;
            }
        });
        const { partner, premises } = this.contact || {};
        if (partner || premises) {
            await this.openCard(partner?.id, premises?.id);
        }
    }

    /** Leave the contact for later; it stays in the list of running ones. */
    async putAside() {
        await this.change(async () => {
            this.show(null);
            this.clear();
        });
    }

    async finish() {
        if (!this.contact) {
            return false;
        }
        let done = false;
        await this.change(async () => {
            this.busy = true;
            const ended = await this.call("finish", [
                this.contact.id,
                this.draft.outcome,
            ]);
            this.busy = false;
            if (ended) {
                done = true;
                this.running = ended.running;
                this.show(null);
                this.clear();
                this.message = _t("Contact %s is finished.", ended.number);
            }
        });
        return done;
    }

    // ------------------------------------------------------------------ matters

    /** @returns {Promise<Object|undefined>} the action of the new matter */
    async openMatter(code, copy) {
        if (this.isOther) {
            this.error = _t(
                "The running contact is with %(customer)s. Put it aside first, or " +
                    "make %(other)s its customer.",
                { customer: this.contact.partner.name, other: this.card.partner.name }
            );
            return undefined;
        }
        let action;
        await this.change(async () => {
            this.busy = true;
            const opened = await this.call("open_matter", [
                this.contact?.id || null,
                this.beginning,
                code,
                copy,
            ]);
            this.busy = false;
            if (opened) {
                this.took(opened.contact);
                action = opened.action;
            }
        });
        return action;
    }

    /** A document was saved or closed: show what came of it. */
    async refresh() {
        await this.change(async () => {
            if (this.contact) {
                const contact = await this.call("show_contact", [this.contact.id]);
                if (contact) {
                    this.show(contact);
                }
            }
        });
        await this.reloadCard();
    }

    async follow(row) {
        if (!row || this.isOther) {
            return;
        }
        await this.change(async () => {
            const contact = await this.call("follow", [
                this.contact?.id || null,
                this.beginning,
                row.model,
                row.id,
            ]);
            if (contact) {
                this.took(contact);
                this.message = _t("Urged on: %s", row.number);
            }
        });
        const { error, message } = this;
        await this.reloadCard();
        Object.assign(this, { error, message });
    }

    // -------------------------------------------------------------------- files

    addFiles(files) {
        for (const file of files) {
            const upload = reactive({
                file,
                name: file.name || _t("Picture"),
                state: "waiting",
                error: "",
            });
            this.uploads.push(upload);
            this.upload(upload);
        }
    }

    /** Send a file; it may be tried again, the server keeps it once. */
    async upload(upload) {
        upload.state = "sending";
        let data;
        try {
            data = await readFile(upload.file);
        } catch (error) {
            if (!(error instanceof DOMException)) {
                throw error;
            }
            upload.state = "failed";
            upload.error = _t("The file can't be read.");
            return;
        }
        await this.change(async () => {
            const contact = await this.call("attach", [
                this.contact?.id || null,
                this.beginning,
                upload.name,
                data,
            ]);
            if (contact) {
                this.uploads = this.uploads.filter(
                    (other) => other.file !== upload.file
                );
                this.took(contact);
            } else {
                const row = this.uploads.find((other) => other.file === upload.file);
                if (row) {
                    row.state = "failed";
                    row.error = this.error;
                }
            }
        });
    }

    retry(upload) {
        return this.upload(upload);
    }

    forget(upload) {
        this.uploads = this.uploads.filter((other) => other.file !== upload.file);
    }

    // ----------------------------------------------------------------- callback

    openCallback() {
        this.error = "";
        this.panel = { kind: "callback", when: "", note: this.draft.topic };
    }

    async promise() {
        const { when, note } = this.panel;
        let done = false;
        await this.change(async () => {
            const contact = await this.call("promise", [
                this.contact?.id || null,
                this.beginning,
                when,
                note,
            ]);
            if (contact) {
                done = true;
                this.took(contact);
                this.panel = null;
                this.message = _t("Callback promised.");
            }
        });
        return done;
    }

    // ------------------------------------------------------------------- create

    async openCreate(term) {
        const guessed = await this.call("guess", [term]);
        if (guessed) {
            this.panel = { kind: "create", role: "owner", similar: null, ...guessed };
        }
    }

    async createCustomer(force) {
        const { kind, similar, ...typed } = this.panel;
        this.busy = true;
        const made = await this.call("create_customer", [typed, force]);
        this.busy = false;
        if (made?.similar) {
            this.panel.similar = made.similar;
            return false;
        }
        return made ? this.openCard(made.partner_id, made.premises_id) : false;
    }

    closePanel() {
        this.panel = null;
        this.error = "";
    }

    // ------------------------------------------------------------------ receipt

    setPaper(paper) {
        this.paper = paper;
        browser.localStorage.setItem(PAPER, paper);
    }

    async sendReceipt() {
        await this.change(async () => {
            const sent = await this.call("send_receipt", [this.contact.id]);
            if (sent) {
                this[sent.sent ? "message" : "error"] = sent.message;
            }
        });
    }

    async receiptReport() {
        let report;
        await this.change(async () => {
            report = await this.call("print_receipt", [this.contact.id, this.paper]);
        });
        return report;
    }
}
