const NAME = "cs_gas_reader";
const VERSION = 1;

/**
 * What the phone keeps: the books as they came last, and every entry until the server
 * has it. Of its own, because the web client's store empties itself on updates.
 */
export class Store {
    constructor() {
        this.db = null;
        this.memory = { books: new Map(), queue: new Map() };
    }

    /** Open the store; without one (private window) things live as long as the page. */
    async open() {
        try {
            this.db = await promise(this.request());
        } catch {
            this.db = null;
        }
        return Boolean(this.db);
    }

    request() {
        const request = indexedDB.open(NAME, VERSION);
        request.onupgradeneeded = () => {
            request.result.createObjectStore("books", { keyPath: "uid" });
            request.result.createObjectStore("queue", { keyPath: "uuid" });
        };
        return request;
    }

    async all(name) {
        if (!this.db) {
            return [...this.memory[name].values()];
        }
        return promise(this.db.transaction(name).objectStore(name).getAll());
    }

    async put(name, value) {
        if (!this.db) {
            this.memory[name].set(value.uuid || value.uid, value);
            return;
        }
        await this.change(name, (store) => store.put(value));
    }

    async remove(name, key) {
        if (!this.db) {
            this.memory[name].delete(key);
            return;
        }
        await this.change(name, (store) => store.delete(key));
    }

    /** Resolve when the change is on the disk, not only in the browser's memory. */
    change(name, work) {
        return new Promise((resolve, reject) => {
            const transaction = this.db.transaction(name, "readwrite", {
                durability: "strict",
            });
            transaction.oncomplete = () => resolve();
            transaction.onerror = () => reject(transaction.error);
            transaction.onabort = () => reject(transaction.error);
            work(transaction.objectStore(name));
        });
    }
}

function promise(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
        request.onblocked = () => reject(new Error("blocked"));
    });
}
