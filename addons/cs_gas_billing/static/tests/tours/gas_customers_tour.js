import { registry } from "@web/core/registry";

const HEADER =
    "用户编号,户名,电话,小区,楼幢,单元,房号,建筑类型,用户类别,气价,人口数,表号,表位数," +
    "最大流量,启用日期,期初读数,本年已用气量,月均用量,缴费方式,银行账号,抄表册,册内序号";

/** A clerk takes over the customers of a former system. */
registry.category("web_tour.tours").add("gas_customers", {
    url: "/odoo/gas-customers-import",
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        {
            trigger: "div[name='file'] input[type='file']:not(:visible)",
            async run() {
                const place = "13800000001,测试苑,1幢,1单元,101,多层,居民";
                const rows = [
                    HEADER,
                    `T000091,王一,${place},T-RES,3,TM000091,5,4,2026-09-20,100,0,20,现金,,T09,1`,
                    `T000092,王二,${place},NONE,3,TM000092,5,4,2026-09-20,100,0,20,现金,,T09,2`,
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
        { trigger: ".o_data_row:contains('T000092'):contains('NONE')" },
        { trigger: "button[name='action_import']", run: "click" },
        { trigger: "button[name='action_accounts']", run: "click" },
        { trigger: ".o_data_cell:contains('T000091')", run: "click" },
        { trigger: ".o_form_view:contains('TM000091')" },
        { trigger: ".o_form_view div[name='partner_id'] input:value(王一)" },
    ],
});
