import { registry } from "@web/core/registry";

const SEARCH = ".o_gas_hall_search input";
const AMOUNT = "#o_gas_hall_amount";

/** A morning at the cash desk, without a mouse. */
registry.category("web_tour.tours").add("gas_hall_desk", {
    url: "/odoo/gas-hall",
    steps: () => [
        {
            content: "the tour has no printer",
            trigger: ".o_gas_hall_keys select",
            run: "selectByIndex 2",
        },
        {
            content: "type an account number",
            trigger: SEARCH,
            run: "edit T000001",
        },
        { trigger: SEARCH, run: "press Enter" },
        {
            content: "one hit opens at once, the amount is there and has the focus",
            trigger: ".o_gas_hall_account:contains(T000001)",
        },
        { trigger: `${AMOUNT}:focus:value(120.15)`, run: "edit 200" },
        {
            content: "the change is shown while typing",
            trigger: ".o_gas_hall_change:contains(79.85)",
        },
        { trigger: AMOUNT, run: "press Enter" },
        {
            content: "booked: the change is big, the focus back in the search",
            trigger: ".o_gas_hall_done.paid .o_gas_hall_big:contains(79.85)",
        },
        { trigger: `${SEARCH}:focus` },
        { trigger: ".o_gas_hall_receipts li:contains(120.15)" },
        { trigger: ".o_gas_hall_takings tfoot:contains(120.15)" },
        {
            content: "several hits are chosen by the arrows",
            trigger: SEARCH,
            run: "edit 测试苑",
        },
        { trigger: SEARCH, run: "press Enter" },
        { trigger: ".o_gas_hall_hits tbody tr:nth-child(3)" },
        { trigger: SEARCH, run: "press ArrowDown" },
        {
            trigger: ".o_gas_hall_hits tr.table-active:contains(T000002)",
        },
        { trigger: SEARCH, run: "press Enter" },
        { trigger: ".o_gas_hall_account:contains(T000002)" },
        {
            content: "what can't be an amount is refused in place, nothing is lost",
            trigger: AMOUNT,
            run: "edit -5",
        },
        { trigger: AMOUNT, run: "press Enter" },
        { trigger: ".o_gas_hall_pay .o_gas_hall_error" },
        { trigger: `${AMOUNT}:value(-5)`, run: "edit 50" },
        {
            content: "F3 is a transfer, less than owed a part payment",
            trigger: AMOUNT,
            run: "press F3",
        },
        { trigger: ".o_gas_hall_methods .btn-primary:contains(F3)" },
        { trigger: AMOUNT, run: "press Enter" },
        { trigger: ".o_gas_hall_done.paid:contains(50.00)" },
        {
            content: "the end of the phone number finds the same account",
            trigger: SEARCH,
            run: "edit 0002",
        },
        { trigger: SEARCH, run: "press Enter" },
        { trigger: `${AMOUNT}:value(30.10)` },
        {
            content: "Esc leaves the customer, F10 reverses the last receipt",
            trigger: AMOUNT,
            run: "press Escape",
        },
        { trigger: ".o_gas_hall_main:not(:has(.o_gas_hall_account))" },
        { trigger: SEARCH, run: "press F10" },
        { trigger: ".o_gas_hall_panel.reverse .o_gas_hall_reason:focus", run: "press Enter" },
        { trigger: ".o_gas_hall_panel .o_gas_hall_error" },
        { trigger: ".o_gas_hall_reason", run: "edit 收错" },
        { trigger: ".o_gas_hall_reason", run: "press Enter" },
        { trigger: ".o_gas_hall_done.reversed:contains(50.00)" },
        { trigger: ".o_gas_hall_receipts li.reversed:contains(50.00)" },
    ],
});
