import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("cs_visit_make", {
    steps: () => [
        {
            content: "my visits to make",
            trigger: ".o_list_view .o_data_row:contains(138****0001) td[name=subject]",
            run: "click",
        },
        {
            content: "what was done, before anybody calls",
            trigger: ".o_form_view .o_field_widget[name=handover_note]",
        },
        {
            content: "nobody answers",
            trigger: "button[name=action_not_reached]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Called at 18:30",
        },
        { trigger: ".modal button[name=action_write_down]", run: "click" },
        {
            content: "the attempt stands there",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=attempt_ids] .o_data_row:contains(18:30)",
        },
        {
            content: "the next time he says what he thinks",
            trigger: "button[name=action_dissatisfied]",
            run: "click",
        },
        {
            content: "not without his words",
            trigger: ".modal button[name=action_write_down]",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=note].o_field_invalid" },
        {
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Still cold",
        },
        { trigger: ".modal button[name=action_write_down]", run: "click" },
        {
            content: "made: no more buttons",
            trigger:
                "body:not(:has(.modal)) .o_arrow_button_current[data-value=done]",
        },
        {
            trigger: ".o_form_view:not(:has(button[name=action_satisfied]))",
        },
    ],
});
