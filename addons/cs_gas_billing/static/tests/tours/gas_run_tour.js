import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("gas_run_calculate", {
    steps: () => [
        {
            content: "the month of the readings is proposed",
            trigger: ".o_field_widget[name=period] input:value(2026-10)",
        },
        {
            trigger: ".o_form_statusbar button[name=action_calculate].btn-primary",
            run: "click",
        },
        {
            content: "the review is shown, another person approves",
            trigger: ".o_form_view .alert-info",
        },
        { trigger: ".o_gas_bars .o_gas_bar" },
        { trigger: ".o_form_statusbar:not(:has(button[name=action_approve]))" },
        {
            content: "who was missed is listed",
            trigger: ".nav-link[name=not_billed]",
            run: "click",
        },
        { trigger: ".o_field_widget[name=exception_ids] .o_data_row:contains(T000003)" },
    ],
});

tours.add("gas_run_approve", {
    steps: () => [
        {
            content: "bills can be looked at from the counts",
            trigger: "button.oe_stat_button:has([name=bill_count])",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:contains(T000001)" },
        { trigger: ".o_back_button, .breadcrumb-item.o_back_button a", run: "click" },
        {
            trigger: ".o_form_statusbar button[name=action_approve].btn-primary",
            run: "click",
        },
        { trigger: ".o_arrow_button_current[data-value=approved]" },
    ],
});

tours.add("gas_run_post", {
    steps: () => [
        {
            trigger: ".o_form_statusbar button[name=action_post].btn-primary",
            run: "click",
        },
        { trigger: ".o_form_statusbar button[name=action_print_bills].btn-primary" },
        { trigger: ".o_arrow_button_current[data-value=posted]" },
    ],
});
