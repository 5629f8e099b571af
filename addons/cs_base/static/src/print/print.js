const FRAME = "o_cs_print";

/**
 * Print a report without leaving the screen. The browser prints its HTML, which is
 * there at once; the PDF is in the print menu of the document.
 *
 * @param {string} report name of the report
 * @param {number} id
 */
export function printReport(report, id) {
    const frame = document.createElement("iframe");
    frame.className = FRAME;
    frame.src = `/report/html/${report}/${id}`;
    frame.tabIndex = -1;
    frame.addEventListener("load", () => {
        const before = document.activeElement;
        frame.contentWindow.print();
        // Printing takes the focus away from where the clerk goes on.
        window.focus();
        if (before && before !== frame) {
            before.focus();
        }
    });
    for (const old of document.querySelectorAll(`.${FRAME}`)) {
        old.remove();
    }
    document.body.append(frame);
}
