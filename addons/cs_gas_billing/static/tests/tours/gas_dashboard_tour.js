import { registry } from "@web/core/registry";

/** The month at a glance, and from a figure to the bills behind it. */
registry.category("web_tour.tours").add("gas_dashboard", {
    steps: () => [
        { trigger: ".o_gas_box_billed .o_gas_number:contains('280.35')" },
        { trigger: ".o_gas_box_collected .o_gas_rate:contains('61.9')" },
        { trigger: ".o_gas_dashboard_trend canvas" },
        {
            content: "the closed month as it was",
            trigger: ".o_gas_dashboard_choice button:contains('Month end')",
            run: "click",
        },
        { trigger: ".o_gas_box_billed .o_gas_number:contains('307.05')" },
        { trigger: ".o_gas_box_collected .o_gas_rate:contains('39.1')" },
        { trigger: ".o_gas_bucket_d30:not(:disabled)", run: "click" },
        { trigger: ".o_breadcrumb:contains('Open on 2026-10-31')" },
        { trigger: ".o_list_view .o_data_row:contains('T000002')" },
        { trigger: ".o_list_view .o_data_row:contains('T000003')" },
        { trigger: ".o_data_row:contains('T000002') td[name='amount']", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name='amount_total']:contains('80.10')" },
        { trigger: ".o_back_button, .breadcrumb-item.o_back_button a", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('T000002')" },
        { trigger: ".o_back_button, .breadcrumb-item.o_back_button a", run: "click" },
        {
            content: "the day that was chosen is kept",
            trigger: ".o_gas_box_billed .o_gas_number:contains('307.05')",
        },
        { trigger: ".o_gas_compare button:contains('Communities')", run: "click" },
        { trigger: ".o_gas_compare tbody tr:contains('测试苑')", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('T000001')" },
    ],
});
