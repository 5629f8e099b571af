import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("gas_correction_ask", {
    steps: () => [
        { trigger: ".o_form_statusbar button[name=action_correct]", run: "click" },
        {
            content: "the billed register is shown, the right one is asked for",
            trigger: ".o_field_widget[name=reading_ids] td[name=new_value]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=reading_ids] td[name=new_value] input",
            run: "edit 1045",
        },
        {
            trigger: ".o_field_widget[name=reason] input",
            run: "edit 405 was read as 450",
        },
        {
            trigger: ".o_form_statusbar button[name=action_propose].btn-primary",
            run: "click",
        },
        {
            content: "the bill before and after",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(120.15)",
        },
        {
            trigger: ".o_form_statusbar button[name=action_request].btn-primary",
            run: "click",
        },
        { trigger: ".o_arrow_button_current[data-value=requested]" },
        {
            content: "who asked can't approve",
            trigger: ".o_form_statusbar:not(:has(button[name=action_approve]))",
        },
    ],
});

tours.add("gas_correction_approve", {
    steps: () => [
        {
            trigger: ".o_list_view .o_data_row td[name=name]",
            run: "click",
        },
        {
            trigger: ".o_form_statusbar button[name=action_approve].btn-primary",
            run: "click",
        },
        { trigger: ".o_arrow_button_current[data-value=done]" },
        {
            content: "the bills, old and new",
            trigger: "button[name=action_new_bills]",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:contains(120.15)" },
    ],
});
