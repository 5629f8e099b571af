import { registry } from "@web/core/registry";

/** Fail when the page scrolls sideways on a phone. */
function assertFits() {
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > window.innerWidth) {
        throw new Error(`The page is ${scrollWidth} wide on ${window.innerWidth}.`);
    }
}

async function makePhoto() {
    const canvas = document.createElement("canvas");
    canvas.width = 2400;
    canvas.height = 1200;
    canvas.getContext("2d").fillRect(0, 0, 100, 100);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
}

/** A customer looks at his year and bill on a phone and sends his register. */
registry.category("web_tour.tours").add("gas_portal", {
    url: "/my",
    steps: () => [
        {
            trigger: ".o_portal_index_card:not(.d-none) a[href='/my/gas']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_gas_balance:contains('120.15')", run: assertFits },
        { trigger: ".o_gas_year:contains('315')" },
        { trigger: ".o_gas_bill[open] .o_gas_lines:contains('2.67')" },
        { trigger: ".o_gas_bill a[href$='/pdf']" },
        {
            trigger: "a[href$='/reading']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#gas_value", run: "edit 1044" },
        { trigger: "[data-hint='below']:not(.d-none)", run: assertFits },
        { trigger: "#gas_value", run: "edit 1060" },
        { trigger: "[data-hint='ok']:not(.d-none):contains('15')" },
        {
            trigger: ".o_gas_photo_input:not(:visible), .o_gas_photo_input",
            async run() {
                const file = new File([await makePhoto()], "a.jpg", { type: "image/jpeg" });
                const transfer = new DataTransfer();
                transfer.items.add(file);
                this.anchor.files = transfer.files;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { trigger: ".o_gas_photo_preview:not(.d-none)" },
        {
            trigger: ".o_gas_reading_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".alert-success" },
        { trigger: ".o_gas_readings:contains('1060')", run: assertFits },
    ],
});
