import { useExternalListener } from "@odoo/owl";

/** Nobody types this many signs in a row this fast. */
const MIN_LENGTH = 6;
const MAX_PAUSE = 40;

/**
 * Recognise what a barcode scanner sends, wherever the focus is: signs in quick
 * succession, ended by Enter. The field that happened to have the focus gets its value
 * back.
 *
 * @param {(text: string) => void} onScan
 */
export function useScanner(onScan) {
    let buffer = "";
    let last = 0;
    let field = null;
    let before = "";

    useExternalListener(
        window,
        "keydown",
        (ev) => {
            const fast = ev.timeStamp - last < MAX_PAUSE;
            last = ev.timeStamp;
            if (ev.key === "Enter") {
                const text = buffer;
                buffer = "";
                if (fast && text.length >= MIN_LENGTH) {
                    ev.preventDefault();
                    ev.stopPropagation();
                    if (field) {
                        field.value = before;
                        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
                    }
                    onScan(text);
                }
            } else if (ev.key.length === 1 && !ev.ctrlKey && !ev.altKey && !ev.metaKey) {
                if (!fast || !buffer) {
                    buffer = "";
                    field = ev.target.matches?.("input, textarea") ? ev.target : null;
                    before = field ? field.value : "";
                }
                buffer += ev.key;
            }
        },
        { capture: true }
    );
}
