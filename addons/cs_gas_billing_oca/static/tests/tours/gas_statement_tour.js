import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("cs_gas_statement_tour", {
    steps: () => [
        {
            content: "The batch is chosen already; what is missing are the fees",
            trigger: ".o_kanban_record:contains(代扣)",
            run: "click",
        },
        {
            content: "Its money is shown",
            trigger: ".o_reconcile_widget_line.liquidity:contains(代扣)",
        },
        {
            content: "The batch's item stands against it",
            trigger: ".o_reconcile_widget_line.other:contains(DK)",
        },
        {
            content: "Bank fees",
            trigger: ".o_field_selection_badge_uncheck .o_selection_badge:contains(Fees)",
            run: "click",
        },
        {
            content: "The fees stand there",
            trigger: ".o_reconcile_widget_line.other:contains(Fees)",
        },
        {
            content: "Reconcile",
            trigger: "button[name=reconcile_bank_line]:not(.disabled)",
            run: "click",
        },
        {
            content: "Nothing of the batch is left to do",
            trigger: ".o_kanban_view:not(:has(.o_kanban_record:contains(代扣)))",
        },
    ],
});
