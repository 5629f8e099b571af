import { registry } from "@web/core/registry";

/** A clerk estimates what a run missed; the run bills it at once. */
registry.category("web_tour.tours").add("gas_estimate", {
    steps: () => [
        { trigger: ".o_field_widget[name='missed_count']:contains('2')" },
        { trigger: "a[name='not_billed']", run: "click" },
        { trigger: "button[name='action_estimate_missed']", run: "click" },
        { trigger: ".modal .o_data_row:contains('T000002'):contains('106.80')" },
        { trigger: ".modal .o_data_row:contains('T000003').text-danger" },
        { trigger: ".modal div[name='reason'] input", run: "edit nobody at home" },
        { trigger: ".modal button[name='action_estimate']", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_field_widget[name='estimate_count']:contains('1')", run: "click" },
        { trigger: ".o_list_view .o_data_row td[name='account_id']:contains('T000002')", run: "click" },
        { trigger: ".o_form_view .alert:contains('estimate')" },
        { trigger: "div[name='line_ids'] .o_data_row:contains('2.67')" },
    ],
});

/** A clerk exchanges a meter: a doubtful register first, then the right one. */
registry.category("web_tour.tours").add("gas_exchange", {
    steps: () => [
        { trigger: ".o_form_view button:contains('Exchange Meter')", run: "click" },
        { trigger: ".modal div[name='value_off'] input", run: "edit 900" },
        { trigger: ".modal div[name='serial'] input", run: "edit TOUR-1" },
        { trigger: ".modal .alert-warning:contains('looks wrong')" },
        { trigger: ".modal div[name='value_off'] input", run: "edit 1029" },
        { trigger: ".modal div[name='seal'] input", run: "edit F-12" },
        { trigger: ".modal div[name='usage']:contains('29')" },
        { trigger: ".modal button[name='action_exchange']", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: "a[name='meters']", run: "click" },
        { trigger: "div[name='install_ids'] .o_data_row:contains('TOUR-1')" },
        { trigger: "div[name='install_ids'] .o_data_row:contains('1,029')" },
    ],
});

/** A clerk transfers an account and bills the old customer at once. */
registry.category("web_tour.tours").add("gas_transfer", {
    steps: () => [
        { trigger: ".o_form_view button:contains('Transfer Account')", run: "click" },
        { trigger: ".modal div[name='value'] input", run: "edit 1050" },
        { trigger: ".modal div[name='name'] input", run: "edit 新户" },
        { trigger: ".modal div[name='final_amount']:contains('133.50')" },
        { trigger: ".modal div[name='final_text']:contains('50 × 2.67')" },
        { trigger: ".modal button[name='action_transfer']", run: "click" },
        { trigger: ".o_field_widget[name='bill_count']:contains('1')" },
        { trigger: "div[name='point_ids']:contains('T000001')" },
    ],
});
