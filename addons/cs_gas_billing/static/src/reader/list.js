import { h } from "@cs_gas_billing/reader/dom";

const FILTERS = ["open", "all", "missed", "unsent", "attention"];

/** The book as a list: progress, search, filters, one row per meter. */
export class ListScreen {
    constructor(app) {
        this.app = app;
        this.filter = "open";
        this.term = "";
        this.search = h("input", {
            type: "search",
            class: "search",
            placeholder: app.t("search"),
            "aria-label": app.t("search"),
            oninput: () => {
                this.term = this.search.value;
                this.fill();
            },
        });
        this.chips = h("div", { class: "chips", role: "group" });
        this.rows = h("div", { class: "rows" });
        this.element = h(
            "main",
            { class: "list" },
            h("div", { class: "tools" }, this.search, this.chips),
            this.rows
        );
    }

    /** Write chips and rows anew; the search box keeps its text and focus. */
    fill() {
        const { book, t } = this.app;
        this.chips.replaceChildren(
            ...FILTERS.map((filter) => this.makeChip(filter)).filter(Boolean)
        );
        const filter = this.term ? "all" : this.filter;
        const lines = book.lines.filter((line) => book.matches(line, filter, this.term));
        this.rows.replaceChildren(...lines.map((line) => this.makeRow(line)));
        if (!lines.length) {
            this.rows.append(h("p", { class: "nothing" }, this.getEmptyText(t)));
        }
    }

    getEmptyText(t) {
        if (!this.app.book.all.length) {
            return t("empty");
        }
        return !this.term && this.filter === "open" ? t("done") : t("nothing");
    }

    makeChip(filter) {
        const count = this.app.book.count(filter);
        if (!count && !["open", "all"].includes(filter) && filter !== this.filter) {
            return null;
        }
        return h(
            "button",
            {
                type: "button",
                class: "chip",
                "data-filter": filter,
                "aria-pressed": String(filter === this.filter),
                onclick: () => {
                    this.filter = filter;
                    this.fill();
                },
            },
            `${this.app.t(filter)} ${count}`
        );
    }

    makeRow(line) {
        const { book, t } = this.app;
        const state = book.stateOf(line);
        const value = line.read?.value || book.entryOf(line)?.value || "";
        return h(
            "button",
            {
                type: "button",
                class: "row",
                "data-install": line.install,
                "data-state": state,
                onclick: () => this.app.show(line),
            },
            h("span", { class: "seq" }, String(line.seq || "")),
            h(
                "span",
                { class: "where" },
                h("strong", {}, line.room || line.address),
                h("span", {}, line.place),
                h("span", { class: "serial" }, line.serial)
            ),
            h(
                "span",
                { class: "state" },
                value ? h("strong", {}, value) : "",
                h("span", { class: "badge" }, t(`state_${state}`))
            )
        );
    }
}
