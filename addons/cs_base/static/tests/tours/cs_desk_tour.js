import { registry } from "@web/core/registry";

/** From the desk: a contact offered by a colleague is taken over and opened. */
registry.category("web_tour.tours").add("cs_desk_offer", {
    steps: () => [
        { trigger: ".o_cs_desk_tile_contacts .o_cs_desk_number:contains('0')" },
        {
            content: "what a colleague offers stands on top",
            trigger: ".o_cs_desk_offer:contains('Broken valve') button.btn-secondary",
            run: "click",
        },
        { trigger: ".o_cs_desk:not(:has(.o_cs_desk_offer))" },
        { trigger: ".o_cs_desk_tile_contacts .o_cs_desk_number:contains('1')" },
        { trigger: ".o_cs_desk_tile_contacts", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('Broken valve')" },
        { trigger: ".o_data_row:contains('Broken valve') td[name='topic']", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name='topic']" },
        { trigger: ".o_back_button, .breadcrumb-item.o_back_button a", run: "click" },
        { trigger: ".o_list_view" },
    ],
});
