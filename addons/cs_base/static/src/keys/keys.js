import { useExternalListener } from "@odoo/owl";

const FIELDS = "input, select, textarea, [contenteditable]";

/**
 * The keys of a desk that is worked at without a mouse. They come before those of the
 * web client, which would take Alt and a letter. In a dialog above the desk they are
 * silent, and so they are while Chinese is being composed.
 *
 * @param {Record<string, () => void>} keys what each key does, by its name
 * @param {object} options
 * @param {{ el: HTMLElement }} options.search gets what is typed beside a field
 * @param {(ev: KeyboardEvent) => void} [options.onAlt] Alt with some other key
 */
export function useDeskKeys(keys, { search, onAlt }) {
    useExternalListener(
        window,
        "keydown",
        (ev) => {
            if (document.querySelector(".o_dialog") || ev.isComposing) {
                return;
            }
            if (ev.altKey && !ev.ctrlKey && !ev.metaKey) {
                onAlt?.(ev);
            } else if (ev.ctrlKey || ev.metaKey || ev.altKey) {
                return;
            } else if (keys[ev.key]) {
                ev.preventDefault();
                ev.stopPropagation();
                keys[ev.key]();
            } else if (ev.key.length === 1 && !ev.target.matches?.(FIELDS)) {
                search.el.focus();
            }
        },
        { capture: true }
    );
}

/**
 * Enter searches, or opens the chosen hit of what was searched; the arrows choose.
 *
 * @param {KeyboardEvent} ev
 * @param {object} desk
 * @param {{ hits: object[]|null, hitIndex: number, moveHit: (by: number) => void }} desk.model
 * @param {boolean} desk.isSearched the hits belong to what stands in the field
 * @param {(hit: object) => void} desk.open
 * @param {() => void} desk.find
 */
export function onSearchKey(ev, { model, isSearched, open, find }) {
    if (ev.isComposing) {
        return;
    }
    if (ev.key === "Enter") {
        ev.preventDefault();
        if (model.hits?.length && isSearched) {
            open(model.hits[model.hitIndex]);
        } else {
            find();
        }
    } else if (model.hits && ["ArrowDown", "ArrowUp"].includes(ev.key)) {
        ev.preventDefault();
        model.moveHit(ev.key === "ArrowDown" ? 1 : -1);
    }
}
