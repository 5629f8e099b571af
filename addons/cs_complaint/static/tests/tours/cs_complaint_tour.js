import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const SEARCH = ".o_cs_panel_search input";
const HEADER = ".o_form_statusbar";
const DIALOG = ".o_dialog:not(.o_inactive_modal)";

const named = (name) => `.o_field_widget[name=${name}]`;
const reached = (state) => ({
    content: `the case is ${state}`,
    trigger: `body:not(:has(.o_dialog)) .o_arrow_button_current[data-value=${state}]`,
});
const press = (name, place = HEADER) => ({
    content: `press ${name}`,
    trigger: `${place} button[name=action_${name}]`,
    run: "click",
});
const pick = (field, label, place = DIALOG) => [
    { trigger: `${place} ${named(field)} input`, run: "click" },
    {
        content: `choose ${label}`,
        trigger: `.o_select_menu_item:contains(/^${label}$/)`,
        run: "click",
    },
];
const fill = (field, text, place = DIALOG) => ({
    trigger: `${place} ${named(field)} :is(input, textarea)`,
    run: `edit ${text}`,
});
const choose = (field, label, place = DIALOG) => [
    { trigger: `${place} ${named(field)} input`, run: `edit ${label}` },
    {
        trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option):contains(${label})`,
        run: "click",
    },
];
const inDays = (days) => luxon.DateTime.now().plus({ days }).toFormat("MM/dd/yyyy");
/** Draws on the canvas of a signature and takes it over. */
const sign = (field) => [
    { trigger: `${named(field)} .o_signature`, run: "click" },
    {
        trigger: `${DIALOG} canvas.o_web_sign_signature`,
        async run() {
            const { left, top } = this.anchor.getBoundingClientRect();
            const draw = (type, x, y) =>
                this.anchor.dispatchEvent(
                    new PointerEvent(type, {
                        bubbles: true,
                        buttons: type === "pointerup" ? 0 : 1,
                        clientX: left + x,
                        clientY: top + y,
                        isPrimary: true,
                        pointerType: "pen",
                    })
                );
            draw("pointerdown", 30, 30);
            for (let step = 1; step < 12; step++) {
                await new Promise((resolve) => setTimeout(resolve, 20));
                draw("pointermove", 30 + 8 * step, 30 + (step % 3) * 12);
            }
            draw("pointerup", 130, 40);
        },
    },
    { trigger: `${DIALOG} footer .btn-primary:enabled`, run: "click" },
    { trigger: `body:not(:has(.o_dialog)) ${named(field)} img[src^='data:']` },
];

/** The agent hears the customer, registers the case, accepts it, asks a department. */
tours.add("cs_complaint_take_in", {
    steps: () => [
        { trigger: `${SEARCH}:focus`, run: "edit Wang Fang" },
        { trigger: SEARCH, run: "press Enter" },
        { trigger: ".o_cs_panel_person:contains(139****0042)" },
        { content: "F2: she calls", trigger: SEARCH, run: "press F2" },
        { trigger: '[name="topic"]:focus', run: "edit Boiler repaired too late" },
        {
            trigger: '.o_cs_panel_side textarea[name="content"]',
            run: "edit Promised for Monday, came on Thursday.",
        },
        { trigger: ".o_cs_panel_saved" },
        { content: "the key of a complaint", trigger: SEARCH, run: "press alt+c" },
        {
            content: "what she said is there already",
            trigger: `${DIALOG} ${named("subject")} input:value(Boiler repaired too late)`,
        },
        {
            trigger: `${DIALOG} ${named("complainant_partner_id")} input:value(Wang Fang)`,
        },
        ...pick("wish", "Price Allowance"),
        ...pick("quality_class", "Not Quality \\(Human Factor\\)"),
        { trigger: `${DIALOG} .o_form_button_save`, run: "click" },
        { trigger: "body:not(:has(.o_dialog)) .o_cs_panel_made .btn" },
        { content: "F9: that was all", trigger: SEARCH, run: "press F9" },
        { trigger: ".o_cs_panel_side:not(.o_cs_panel_running)" },
        { trigger: SEARCH, run: "edit 0042" },
        { trigger: SEARCH, run: "press Enter" },
        {
            content: "open on her card",
            trigger: ".o_cs_panel_open .o_cs_panel_row:contains(Boiler) .o_cs_panel_what",
            run: "click",
        },
        reached("new"),
        press("accept"),
        reached("accepted"),
        press("send_tasks"),
        ...choose("department_ids", "Engineering"),
        fill("question", "Why did nobody come on Monday?"),
        press("apply", DIALOG),
        reached("investigating"),
        { trigger: `${named("task_ids")} .o_data_row:contains(Engineering)` },
    ],
});

/** Who works in the department finds his task, takes it and hands his report in. */
tours.add("cs_complaint_report", {
    steps: () => [
        { trigger: ".o_navbar_apps_menu button", run: "click" },
        {
            trigger: ".o_app[data-menu-xmlid='cs_base.menu_staff_root']",
            run: "click",
        },
        {
            trigger:
                ".o_menu_sections [data-menu-xmlid='cs_complaint.menu_staff_cs_complaint_task']",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Why did nobody) td[name=question]",
            run: "click",
        },
        {
            content: "nothing of the case but the question",
            trigger: `.o_form_view:not(:contains(Wang Fang)) ${named("question")}`,
        },
        press("accept"),
        reached("accepted"),
        fill("cause", "Two fitters were ill.", ".o_form_view"),
        fill("countermeasure", "A third one on call.", ".o_form_view"),
        ...choose("measure_owner_id", "Head", ".o_form_view"),
        {
            trigger: `${named("measure_due")} :is(input, button)`,
            run: "click",
        },
        {
            trigger: `${named("measure_due")} input`,
            run: `edit ${inDays(7)}`,
        },
        ...sign("signature"),
        press("report"),
        reached("reported"),
    ],
});

/** The head of the department signs what was reported. */
tours.add("cs_complaint_sign", {
    steps: () => [
        {
            trigger: ".o_list_view .o_data_row:contains(Why did nobody) td[name=question]",
            run: "click",
        },
        { trigger: `${named("cause")}:contains(Two fitters were ill.)` },
        ...sign("head_signature"),
        press("sign"),
        reached("signed"),
        { trigger: `${named("signed_name")}:contains(Head)` },
    ],
});

/** The agent judges, says who answers for it, and proposes how to settle it. */
tours.add("cs_complaint_judge", {
    steps: () => [
        { trigger: `${named("task_ids")} .o_data_row:contains(Two fitters were ill.)` },
        press("to_decide"),
        reached("deciding"),
        press("ask_judge"),
        { trigger: `${DIALOG} ${named("judgement")} label:contains(/^Substantiated$/)`, run: "click" },
        press("apply", DIALOG),
        { trigger: `body:not(:has(.o_dialog)) ${named("judgement")}:contains(Substantiated)` },
        { trigger: `${named("attribution_ids")} .o_field_x2many_list_row_add a`, run: "click" },
        ...choose("department_id", "Engineering", named("attribution_ids")),
        fill("percent", "100", named("attribution_ids")),
        press("propose", ".o_form_sheet"),
        { trigger: `${DIALOG} .o_field_x2many_list_row_add a`, run: "click" },
        ...pick("kind", "Price Allowance"),
        fill("amount", "200"),
        fill("note", "Three days without hot water"),
        { trigger: `${DIALOG} .o_form_button_save`, run: "click" },
        {
            trigger: `body:not(:has(.o_dialog)) ${named("settlement_ids")} .o_data_row:contains(200.00) button[name=action_open]`,
            run: "click",
        },
        press("choose_invoice", DIALOG),
        {
            content: "her invoice",
            trigger: `${DIALOG} ${named("row_ids")} .o_data_row:contains(1,000.00) td[name=chosen] .o-checkbox`,
            run: "click",
        },
        { trigger: `${DIALOG} ${named("row_ids")} td[name=chosen] input:checked` },
        press("choose", DIALOG),
        { trigger: `${DIALOG} ${named("line_ids")} td[name=invoice_id]:contains(INV)` },
        { trigger: `${DIALOG} .o_form_button_save, ${DIALOG} .btn-close`, run: "click" },
        { trigger: "body:not(:has(.o_dialog))" },
        fill("opinion", "Came three days late; an allowance.", ".o_form_view"),
        press("decide"),
        reached("answering"),
        {
            content: "what is still to do stands there",
            trigger: `${named("open_points")}:contains(who answers for it)`,
        },
    ],
});

/** The lead picks the proposal. */
tours.add("cs_complaint_pick", {
    steps: () => [
        {
            trigger: `${named("settlement_ids")} .o_data_row button[name=action_choose]`,
            run: "click",
        },
        {
            trigger: `${named("settlement_ids")} .o_data_row:contains(Waiting for Approval)`,
        },
    ],
});

/** The manager decides who answers for it, and approves what the lead picked. */
tours.add("cs_complaint_approve", {
    steps: () => [
        press("decide_attribution", ".o_form_sheet"),
        { trigger: `${named("attributed_by_id")}:contains(Chief)` },
        {
            trigger: `${named("settlement_ids")} .o_data_row button[name=action_approve]`,
            run: "click",
        },
        {
            trigger: `${named("settlement_line_ids")} .o_data_row:contains(Certificate Outstanding)`,
        },
    ],
});

/** The certificate is back: it is booked, she is told, agrees, the case is closed. */
tours.add("cs_complaint_finish", {
    steps: () => [
        {
            trigger: `${named("settlement_line_ids")} .o_data_row button[name=action_certificate]`,
            run: "click",
        },
        {
            content: "the scan with her seal",
            trigger: `${DIALOG} ${named("scan")} input[type=file]:not(:visible)`,
            run() {
                const data = new DataTransfer();
                data.items.add(new File(["sealed"], "seal.png", { type: "image/png" }));
                this.anchor.files = data.files;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { trigger: `${DIALOG} ${named("scan")} input:value(seal.png)` },
        press("book", DIALOG),
        { trigger: `body:not(:has(.o_dialog)) ${named("settlement_ids")} .o_data_row:contains(Settled)` },
        press("answer"),
        {
            content: "it begins with what is approved",
            trigger: `${DIALOG} ${named("text")} textarea:value(/200/)`,
        },
        ...pick("way", "By E-Mail"),
        press("tell", `${DIALOG} footer`),
        { trigger: `body:not(:has(.o_dialog)) ${named("answer_ids")} .o_data_row:contains(E-Mail)` },
        press("reply"),
        { trigger: `${DIALOG} ${named("result")} input:checked` },
        fill("name", "Wang Fang"),
        press("apply", `${DIALOG} footer`),
        { trigger: `body:not(:has(.o_dialog)) ${named("answer_ids")} .o_data_row:contains(Accepted)` },
        press("close"),
        reached("closed"),
    ],
});

/** The first owner visits her again; then nothing of the contact is open. */
tours.add("cs_complaint_visit", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(139****0042) td[name=subject]", run: "click" },
        { trigger: ".o_form_view [name=outcome_buttons] button[name=action_satisfied]", run: "click" },
        reached("done"),
        press("open_contact"),
        reached("closed"),
    ],
});

/** Fails when the page scrolls sideways on a phone. */
function assertFits() {
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > window.innerWidth) {
        throw new Error(`The page is ${scrollWidth} wide on ${window.innerWidth}.`);
    }
}

const myCase = (subject) => [
    {
        trigger: ".o_portal_index_card:not(.d-none) a[href='/my/complaints']",
        run: "click",
        expectUnloadPage: true,
    },
    {
        trigger: `a.card:contains(${subject})`,
        run: "click",
        expectUnloadPage: true,
    },
    { trigger: "p:contains(We have repaired it)", run: assertFits },
];

/** A customer reads the answer on his phone, and signs that he accepts it. */
tours.add("cs_complaint_portal_accept", {
    steps: () => [
        ...myCase("Repair came too late"),
        {
            content: "the letter is there to be read",
            trigger: "a[href$='/letter']",
        },
        { trigger: ".o_web_sign_auto_select_style button" },
        { trigger: ".o_portal_sign_submit:enabled", run: "click", expectUnloadPage: true },
        { trigger: ".text-success:contains(You accepted)", run: assertFits },
        { trigger: "body:not(:has(.o_portal_sign_submit))" },
    ],
});

/** Another answer doesn't content him: he says why, and sees that it goes on. */
tours.add("cs_complaint_portal_refuse", {
    steps: () => [
        ...myCase("Wrong bill"),
        { trigger: "textarea[name=note]", run: "edit The bill is still wrong." },
        {
            trigger: "form[action$='/refuse'] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "h1:contains(Wrong bill)", run: assertFits },
        { trigger: "body:not(:has(form[action$='/refuse']))" },
    ],
});
