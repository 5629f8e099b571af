import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("cs_gas_statement_tour", {
    steps: () => [
        {
            content: "The batch is chosen already; what is missing are the fees",
            trigger: ".o_field_account_reconcile_oca_data:contains(代扣)",
        },
        {
            content: "Bank fees",
            trigger: ".o_field_selection_badge_uncheck .o_selection_badge:contains(/Bank Fees|银行手续费/)",
            run: "click",
        },
        {
            content: "Reconcile",
            trigger: "button[name=reconcile_bank_line].btn-primary:not(.disabled)",
            run: "click",
        },
        {
            content: "Everything of the statement is reconciled",
            trigger: ".o_reconcile_widget_table, .o_view_nocontent, .o_reconcile_nocontent, .o_account_reconcile_oca",
        },
    ],
});
