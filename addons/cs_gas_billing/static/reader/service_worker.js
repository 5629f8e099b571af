/**
 * Keeps the reader's page and what it is made of on the phone. Only the page itself:
 * books and readings are in the page's own store, and nothing is sent from here.
 */
const CACHE = "cs-gas-reader-1";
const PAGE = "/gas/reader";
const PATIENCE = 5000;
const PARTS = /(?:src|href)="(\/(?:web\/assets|cs_gas_billing\/static)\/[^"]+)"/g;

self.addEventListener("install", (event) => {
    self.skipWaiting();
    event.waitUntil(
        fetch(PAGE, { credentials: "same-origin" })
            .then(keep)
            .catch(() => {})
    );
});

self.addEventListener("activate", (event) => {
    event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) {
        return;
    }
    if (request.mode === "navigate" && url.pathname === PAGE) {
        event.respondWith(openPage(request));
    } else if (/^\/(web\/assets|cs_gas_billing\/static)\//.test(url.pathname)) {
        event.respondWith(openPart(request));
    }
});

/** Keep a page that is the page, and its parts; what older pages needed goes. */
async function keep(response) {
    if (!response.ok || response.redirected || response.type !== "basic") {
        return;
    }
    const text = await response.clone().text();
    const parts = [...text.matchAll(PARTS)].map((match) => match[1]);
    const cache = await caches.open(CACHE);
    for (const part of parts) {
        if (!(await cache.match(part))) {
            await cache.add(part);
        }
    }
    await cache.put(PAGE, response);
    const wanted = new Set([PAGE, ...parts]);
    for (const request of await cache.keys()) {
        const url = new URL(request.url);
        if (!wanted.has(url.pathname + url.search)) {
            await cache.delete(request);
        }
    }
}

async function openPage(request) {
    const cache = await caches.open(CACHE);
    const known = await cache.match(PAGE);
    try {
        const response = await inTime(fetch(request), known ? PATIENCE : 60000);
        if (response.status >= 500 && known) {
            return known;
        }
        keep(response.clone()).catch(() => {});
        return response;
    } catch (error) {
        if (known) {
            return known;
        }
        throw error;
    }
}

async function openPart(request) {
    const cache = await caches.open(CACHE);
    return (await cache.match(request)) || fetch(request);
}

function inTime(promise, milliseconds) {
    return Promise.race([
        promise,
        new Promise((_resolve, reject) => {
            setTimeout(() => reject(new Error("late")), milliseconds);
        }),
    ]);
}
