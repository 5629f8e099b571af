import { registry } from "@web/core/registry";

/** A clerk imports the handheld's file and works off what is held. */
registry.category("web_tour.tours").add("gas_readings", {
    url: "/odoo/gas-readings-import",
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        {
            trigger: "div[name='file'] input[type='file']:not(:visible)",
            async run() {
                const rows = [
                    "用户编号,表号,上期读数,本期读数,抄表日期,抄表员,备注",
                    "T000001,TM000001,1000,1200,2026-10-20,甲,",
                    "T000002,TM000002,1000,990,2026-10-20,甲,",
                    "T000003,TM000003,1000,1040,2026-10-20,甲,",
                    "NOBODY,TM000004,1000,1040,2026-10-20,甲,",
                ];
                const file = new File([rows.join("\n")], "tour.csv", { type: "text/csv" });
                const transfer = new DataTransfer();
                transfer.items.add(file);
                this.anchor.files = transfer.files;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { trigger: "div[name='file'] input:value(tour.csv)" },
        { trigger: "button[name='action_check'].btn-primary", run: "click" },
        { trigger: "div[name='problem_ids'] .o_data_row:contains('NOBODY')" },
        { trigger: "button[name='action_import']", run: "click" },
        { trigger: "button[name='action_held']:contains('2')", run: "click" },
        { trigger: ".o_data_row:contains('T000001') .o_gas_usage_bars" },
        { trigger: "button[name='action_work_through']", run: "click" },
        { trigger: ".modal .modal-title:contains('T000001')" },
        { trigger: ".modal div[name='reason'] input", run: "edit heating season" },
        { trigger: ".modal button[name='action_accept']", run: "click" },
        { trigger: ".modal .modal-title:contains('T000002')" },
        { trigger: ".modal:not(:has(button[name='action_accept']))" },
        { trigger: ".modal div[name='new_value'] input", run: "edit 1035" },
        { trigger: ".modal div[name='reason'] input", run: "edit typing error" },
        { trigger: ".modal div[name='preview']:contains('35')" },
        { trigger: ".modal button[name='action_correct'].btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_view_nocontent" },
    ],
});
