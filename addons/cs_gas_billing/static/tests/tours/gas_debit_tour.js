import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** A bank file: choose the bills, send, import the bank's answer. */
tours.add("gas_debit_send", {
    url: "/odoo/gas-debit-batches",
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        {
            content: "the bank's profile is chosen by the clerk",
            trigger: ".o_field_widget[name=profile_id] input",
            run: "edit 定长",
        },
        {
            trigger: ".o_field_widget[name=profile_id] .dropdown-item:contains(定长)",
            run: "click",
        },
        {
            trigger: ".o_form_statusbar button[name=action_pick].btn-primary",
            run: "click",
        },
        {
            content: "the bills and the control totals are shown",
            trigger: ".o_field_widget[name=line_count]:contains(2)",
        },
        { trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(T000001)" },
        {
            content: "who is left out is told with the reason",
            trigger: ".nav-link[name=excluded]",
            run: "click",
        },
        { trigger: ".o_field_widget[name=exclusion_ids] .o_data_row:contains(T000003)" },
        {
            trigger: ".o_form_statusbar button[name=action_send].btn-primary",
            run: "click",
        },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=sent]" },
        { trigger: ".o_form_statusbar button[name=action_download]" },
        {
            content: "the answer is the next step",
            trigger: ".o_form_statusbar button[name=action_import_result].btn-primary",
        },
    ],
});

tours.add("gas_debit_result", {
    steps: () => [
        {
            trigger: ".o_form_statusbar button[name=action_check].btn-primary",
            run: "click",
        },
        {
            content: "what the file says is seen before anything is booked",
            trigger: ".o_field_widget[name=problem_ids] .o_data_row:contains(余额不足)",
        },
        {
            trigger: ".o_form_statusbar button[name=action_import].btn-primary",
            run: "click",
        },
        { trigger: ".o_arrow_button_current[data-value=done]" },
        {
            trigger: ".o_form_statusbar button[name=action_batch].btn-primary",
            run: "click",
        },
        { trigger: ".o_arrow_button_current[data-value=closed]" },
        {
            content: "refused lines are one click away",
            trigger: "button.oe_stat_button:has([name=refused_count])",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:contains(T000002):contains(余额不足)" },
    ],
});

tours.add("gas_debit_hall", {
    url: "/odoo/gas-hall",
    steps: () => [
        { trigger: ".o_gas_hall_keys select", run: "selectByIndex 2" },
        { trigger: ".o_gas_hall_search input", run: "edit T000002" },
        { trigger: ".o_gas_hall_search input", run: "press Enter" },
        {
            content: "the bill is at the bank; the money is proposed as credit",
            trigger: ".o_gas_hall_at_bank:contains(DK26)",
        },
        {
            trigger: "#o_gas_hall_amount:focus:value(80.10)",
            run: "press Enter",
        },
        { trigger: ".o_gas_hall_done.paid" },
    ],
});
