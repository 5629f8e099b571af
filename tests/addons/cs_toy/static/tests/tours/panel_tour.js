import { registry } from "@web/core/registry";

const SEARCH = ".o_cs_panel_search input";

/** A customer at the desk, from his name to the end, without a mouse. */
registry.category("web_tour.tours").add("cs_contact_panel", {
    url: "/odoo/contact-panel",
    steps: () => [
        { content: "the search has the focus", trigger: `${SEARCH}:focus` },
        { trigger: SEARCH, run: "edit zxm" },
        { trigger: SEARCH, run: "press Enter" },
        {
            content: "one hit opens at once: masked phone, premises, what is open",
            trigger: ".o_cs_panel_person:contains(138****5678)",
        },
        { trigger: ".o_cs_panel_premises:contains(阳光花园3幢2单元501室)" },
        { trigger: ".o_cs_panel_open .o_cs_panel_row:contains(Alt+1)" },
        { content: "F2: he calls", trigger: SEARCH, run: "press F2" },
        { trigger: ".o_cs_panel_timer" },
        { trigger: '[name="topic"]:focus', run: "edit 燃气灶打不着火" },
        {
            content: "saved while typing",
            trigger: ".o_cs_panel_saved",
        },
        { content: "the matter's key", trigger: '[name="topic"]', run: "press alt+q" },
        { trigger: ".o_dialog [name=wish] input", run: "edit Repair" },
        { trigger: ".o_dialog .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.o_dialog))" },
        {
            content: "it came of the running contact, and is open on the card",
            trigger: ".o_cs_panel_made .btn",
        },
        { trigger: ".o_cs_panel_open .o_cs_panel_row:contains(Alt+2)" },
        {
            content: "an older one is urged on by its digit",
            trigger: SEARCH,
            run: "press alt+2",
        },
        { trigger: ".o_cs_panel_about" },
        { content: "F9 ends it", trigger: SEARCH, run: "press F9" },
        { trigger: ".o_cs_panel_message" },
        { trigger: ".o_cs_panel_side:not(.o_cs_panel_running)" },
        { content: "nobody of this name", trigger: SEARCH, run: "edit 李小四 13900001111" },
        { trigger: SEARCH, run: "press Enter" },
        { trigger: ".o_cs_panel_hits .btn-primary", run: "click" },
        { trigger: '.o_cs_panel_form [name="name"]:value(李小四)', run: "press Enter" },
        { trigger: ".o_cs_panel_person:contains(139****1111)" },
    ],
});
