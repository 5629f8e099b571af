import { Book } from "@cs_gas_billing/reader/book";
import { h, makeTranslator } from "@cs_gas_billing/reader/dom";
import { ListScreen } from "@cs_gas_billing/reader/list";
import { MeterScreen } from "@cs_gas_billing/reader/meter";
import { Store } from "@cs_gas_billing/reader/store";
import { Sync } from "@cs_gas_billing/reader/sync";

const LOGIN = "/web/login?redirect=/gas/reader";
const TOAST = 2500;

/** The meter reader's page: a list of the book, one screen per meter. */
class ReaderApp {
    constructor(root) {
        this.root = root;
        this.t = makeTranslator(JSON.parse(root.dataset.texts));
        this.store = new Store();
        this.sync = new Sync(this.store, () => this.update());
        this.book = new Book(this.sync);
        this.meter = null;
    }

    async start() {
        document.title = this.t("title");
        this.bar = h("header", { class: "bar" });
        this.banner = h("div", { class: "banner", role: "status" });
        this.notice = h("div", { class: "toast", role: "status", "aria-live": "polite" });
        this.body = h("div", { class: "body" });
        this.root.replaceChildren(this.bar, this.banner, this.body, this.notice);
        this.listScreen = new ListScreen(this);
        this.safe = await this.store.open();
        await this.sync.start();
        this.book.bookId = Number(localStorage.getItem("cs_gas_reader_book")) || null;
        window.addEventListener("hashchange", () => this.route());
        this.route();
        this.keepPage();
        await this.sync.refresh();
        this.root.dataset.ready = "1";
    }

    /** Let the phone keep the page itself, so that it opens without a connection. */
    keepPage() {
        navigator.storage?.persist?.();
        navigator.serviceWorker
            ?.register("/gas/reader/service-worker.js", { scope: "/gas/reader" })
            .catch(() => {});
    }

    // --- screens ----------------------------------------------------------

    list() {
        location.hash = "";
    }

    show(line) {
        const hash = `#${line.install}`;
        if (location.hash === hash) {
            this.route();
        } else {
            location.hash = hash;
        }
    }

    route() {
        const line = this.book.find(Number(location.hash.slice(1)));
        const scroll = this.meter ? this.scroll : 0;
        if (line) {
            if (!this.meter) {
                this.scroll = window.scrollY;
            }
            this.meter = new MeterScreen(this, line);
            this.body.replaceChildren(this.meter.element);
        } else {
            this.meter = null;
            this.body.replaceChildren(this.listScreen.element);
            this.listScreen.fill();
        }
        this.drawBar();
        window.scrollTo(0, line ? 0 : scroll);
    }

    /** Something came or went: write anew what is not being typed in. */
    update() {
        this.drawBar();
        if (!this.meter) {
            if (location.hash && this.book.find(Number(location.hash.slice(1)))) {
                this.route();
            } else {
                this.listScreen.fill();
            }
        } else if (!this.meter.saving) {
            const line = this.book.find(this.meter.line.install);
            if (line && (this.meter.input === undefined || !this.isOpen(line))) {
                this.meter.line = line;
                this.meter.draw();
            }
        }
    }

    isOpen(line) {
        return ["open", "miss", "queued"].includes(this.book.stateOf(line));
    }

    afterSave(line) {
        const next = this.book.nextAfter(line);
        this.toast(next ? this.t("saved") : this.t("done"));
        if (next) {
            this.show(next);
        } else {
            this.list();
        }
        this.sync.run();
    }

    // --- bar --------------------------------------------------------------

    drawBar() {
        const { done, total } = this.book.progress;
        const share = total ? Math.round((100 * done) / total) : 0;
        this.bar.replaceChildren(
            h(
                "div",
                { class: "bar_top" },
                this.makeBookChoice(),
                h("strong", { class: "progress_text" }, this.t("progress", { done, total })),
                this.makeState()
            ),
            h(
                "div",
                { class: "progress" },
                h("div", { class: "progress_done", style: `width: ${share}%` })
            )
        );
        this.drawBanner();
    }

    makeBookChoice() {
        const books = this.book.all;
        const name = (book) => [book.code, book.name].filter(Boolean).join(" ");
        if (books.length < 2) {
            return h("span", { class: "book" }, books[0] ? name(books[0]) : "");
        }
        const current = this.book.current;
        return h(
            "select",
            {
                class: "book",
                "aria-label": this.t("title"),
                onchange: (ev) => {
                    this.book.bookId = Number(ev.target.value);
                    localStorage.setItem("cs_gas_reader_book", this.book.bookId);
                    this.list();
                    this.update();
                },
            },
            books.map((book) =>
                h("option", { value: book.id, selected: book === current }, name(book))
            )
        );
    }

    makeState() {
        const { sync, t } = this;
        const waiting = sync.waiting.length;
        let text = waiting ? t("queued", waiting) : t("synced");
        if (!sync.connected) {
            text = waiting ? `${t("offline")} · ${t("queued", waiting)}` : t("offline");
        } else if (sync.sending.size) {
            text = t("sending");
        }
        return h(
            "button",
            {
                type: "button",
                class: "sync",
                "data-connected": String(sync.connected),
                "data-waiting": String(waiting),
                title: t("refresh"),
                onclick: () => sync.refresh(),
            },
            text
        );
    }

    drawBanner() {
        const { sync, t } = this;
        const parts = [];
        if (sync.expired) {
            parts.push(h("a", { href: LOGIN }, t("login")));
        }
        if (sync.problem) {
            parts.push(sync.problem);
        }
        if (sync.foreign) {
            parts.push(t("other_user", sync.foreign));
        }
        if (this.safe === false) {
            parts.push(t("storage"));
        }
        this.banner.replaceChildren(...parts.map((part) => h("p", {}, part)));
    }

    toast(text) {
        this.notice.textContent = text;
        this.notice.classList.add("shown");
        clearTimeout(this.toastTimer);
        this.toastTimer = setTimeout(() => this.notice.classList.remove("shown"), TOAST);
    }

    /** The phone's date, or the server's if the phone's lies before it. */
    getToday(known) {
        const now = new Date();
        const local = new Date(now - now.getTimezoneOffset() * 60000);
        const today = local.toISOString().slice(0, 10);
        return today < known ? known : today;
    }
}

const root = document.getElementById("reader");
if (root) {
    new ReaderApp(root).start();
}
