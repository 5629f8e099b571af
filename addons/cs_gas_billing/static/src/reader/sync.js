const BATCH = 10;
const BATCH_BYTES = 3 * 1024 * 1024;
const TIMEOUT = 60000;
const PERIOD = 20000;
/** Books are fetched again after so long; they are large for a weak connection. */
const FRESH = 10 * 60000;

/** Said by the server, as opposed to no connection. */
export class ServerError extends Error {
    constructor(error) {
        super(error.data?.message || error.message || "");
        this.expired = error.code === 100;
    }
}

/**
 * Sends what waits on the phone as soon as there is a connection, and fetches the books.
 * An entry leaves the phone when the server said what became of it, not before.
 */
export class Sync {
    /**
     * @param {Store} store
     * @param {Function} onChange called when anything on the screen may have changed
     */
    constructor(store, onChange) {
        this.store = store;
        this.onChange = onChange;
        this.data = null;
        this.queue = new Map();
        this.sending = new Set();
        this.batch = BATCH;
        this.connected = true;
        this.expired = false;
        this.problem = "";
        this.busy = false;
        this.fetched = 0;
    }

    async start() {
        for (const item of await this.store.all("queue")) {
            this.queue.set(item.uuid, item);
        }
        const known = await this.store.all("books");
        known.sort((a, b) => b.fetched - a.fetched);
        this.data = known[0] || null;
        window.addEventListener("online", () => this.run());
        window.addEventListener("offline", () => this.lose());
        document.addEventListener("visibilitychange", () => {
            if (document.visibilityState === "visible") {
                this.run();
            }
        });
        setInterval(() => this.waiting.length && this.run(), PERIOD);
    }

    /** Own entries that the server has not answered yet. */
    get waiting() {
        return this.own.filter((item) => item.state === "queued");
    }

    get own() {
        return [...this.queue.values()].filter((item) => item.uid === this.data?.uid);
    }

    get foreign() {
        return this.queue.size - this.own.length;
    }

    lose() {
        this.connected = false;
        this.onChange();
    }

    /** Keep an entry on the phone; resolves when it is safe. */
    async keep(item) {
        await this.store.put("queue", item);
        this.queue.set(item.uuid, item);
        this.onChange();
    }

    async drop(item) {
        await this.store.remove("queue", item.uuid);
        this.queue.delete(item.uuid);
        this.onChange();
    }

    /** Fetch the books anew and send what waits. */
    async refresh() {
        this.fetched = 0;
        await this.run();
    }

    /** Send what waits, with old books fetched first; one at a time, also among windows. */
    async run() {
        if (this.busy) {
            return;
        }
        this.busy = true;
        try {
            await exclusive(async () => {
                if (Date.now() - this.fetched > FRESH) {
                    await this.fetchBooks();
                }
                await this.send();
            });
            this.connected = navigator.onLine;
            this.expired = false;
            this.problem = "";
        } catch (error) {
            this.note(error);
        } finally {
            this.busy = false;
            this.sending.clear();
            this.onChange();
        }
    }

    note(error) {
        this.connected = error instanceof ServerError;
        this.expired = Boolean(error.expired);
        this.problem = this.connected && !this.expired ? error.message : "";
        if (this.connected) {
            // One entry must not keep the others from being sent, and perhaps somebody
            // else is logged in now: the books say who.
            this.batch = 1;
            this.fetched = 0;
        }
    }

    async fetchBooks() {
        const data = await call("/gas/reader/books", {});
        this.fetched = Date.now();
        for (const other of await this.store.all("books")) {
            if (other.uid !== data.uid) {
                await this.store.remove("books", other.uid);
            }
        }
        this.data = { ...data, fetched: Date.now() };
        await this.store.put("books", this.data);
        this.onChange();
    }

    async send() {
        const tried = new Set();
        let next = this.choose(tried);
        while (next.length) {
            for (const item of next) {
                tried.add(item.uuid);
                this.sending.add(item.uuid);
            }
            this.onChange();
            const answer = await call("/gas/reader/push", {
                items: next.map(pack),
                sent_at: new Date().toISOString(),
                uid: this.data.uid,
            });
            await this.take(answer);
            this.sending.clear();
            this.onChange();
            next = this.choose(tried);
        }
        this.batch = BATCH;
    }

    choose(tried) {
        const chosen = [];
        let bytes = 0;
        for (const item of this.waiting) {
            bytes += item.photo?.length || 0;
            if (tried.has(item.uuid)) {
                continue;
            }
            if (chosen.length && (chosen.length >= this.batch || bytes > BATCH_BYTES)) {
                break;
            }
            chosen.push(item);
        }
        return chosen;
    }

    async take(answer) {
        const lines = new Map(answer.lines.map((line) => [line.install, line]));
        for (const book of this.data.books) {
            book.lines = book.lines.map((line) => lines.get(line.install) || line);
        }
        await this.store.put("books", this.data);
        for (const result of answer.results) {
            const item = this.queue.get(result.uuid);
            if (!item) {
                continue;
            }
            if (["taken", "held"].includes(result.status)) {
                await this.drop(item);
            } else if (result.status !== "later") {
                await this.keep({
                    ...item,
                    state: result.status,
                    message: result.message,
                });
            }
        }
    }
}

function pack({ uuid, kind, install, value, reason, note, photo, at }) {
    return { uuid, kind, install, value, reason, note, photo, at };
}

function exclusive(work) {
    if (!navigator.locks) {
        return work();
    }
    const options = { ifAvailable: true };
    return navigator.locks.request("cs_gas_reader_sync", options, (lock) => lock && work());
}

async function call(route, params) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), TIMEOUT);
    let answer;
    try {
        const response = await fetch(route, {
            method: "POST",
            credentials: "same-origin",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ jsonrpc: "2.0", method: "call", params, id: 0 }),
            signal: control.signal,
        });
        answer = await response.json();
    } finally {
        clearTimeout(timer);
    }
    if (answer.error) {
        throw new ServerError(answer.error);
    }
    return answer.result;
}
