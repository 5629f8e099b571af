/** Questions about the lines of a book, with what waits on the phone on top of them. */
export class Book {
    constructor(sync) {
        this.sync = sync;
        this.bookId = null;
    }

    get all() {
        return this.sync.data?.books || [];
    }

    get current() {
        return this.all.find((book) => book.id === this.bookId) || this.all[0] || null;
    }

    get lines() {
        return this.current?.lines || [];
    }

    find(install) {
        return this.lines.find((line) => line.install === install);
    }

    /** The entry of this meter that is on the phone, if any. */
    entryOf(line) {
        return this.sync.own.find((item) => item.install === line.install);
    }

    /** One of open, miss, queued, sending, taken, held, conflict, refused. */
    stateOf(line) {
        const entry = this.entryOf(line);
        if (entry) {
            return this.sync.sending.has(entry.uuid) ? "sending" : entry.state;
        }
        if (line.read) {
            return line.read.state === "held" ? "held" : "taken";
        }
        return line.miss ? "miss" : "open";
    }

    /** Whether the meter has a register, on the server or here. */
    isRead(line) {
        const entry = this.entryOf(line);
        return Boolean(line.read) || (entry?.kind === "reading" && entry.state === "queued");
    }

    isMissed(line) {
        const entry = this.entryOf(line);
        return !this.isRead(line) && Boolean(line.miss || entry?.kind === "miss");
    }

    needsLook(line) {
        return ["held", "conflict", "refused"].includes(this.stateOf(line));
    }

    matches(line, filter, term) {
        const filters = {
            all: () => true,
            open: () => !this.isRead(line) && !this.isMissed(line),
            missed: () => this.isMissed(line),
            unsent: () => ["queued", "sending"].includes(this.stateOf(line)),
            attention: () => this.needsLook(line),
        };
        if (!filters[filter]()) {
            return false;
        }
        const words = term.toLowerCase().split(/\s+/).filter(Boolean);
        const text = [line.address, line.room, line.serial, line.code, line.name]
            .join(" ")
            .toLowerCase();
        return words.every((word) => text.includes(word));
    }

    count(filter) {
        return this.lines.filter((line) => this.matches(line, filter, "")).length;
    }

    get progress() {
        const done = this.lines.filter((line) => this.isRead(line)).length;
        return { done, total: this.lines.length };
    }

    /** The next meter to read after this one in walking order, from the top at last. */
    nextAfter(line) {
        const index = this.lines.findIndex((other) => other.install === line.install);
        const ahead = [...this.lines.slice(index + 1), ...this.lines.slice(0, index)];
        return ahead.find((other) => this.matches(other, "open", ""));
    }
}
