import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { shrink } from "@cs_gas_billing/photo/shrink";

/** Hints while a customer types his register, and a photo small enough to send. */
export class GasReadingForm extends Interaction {
    static selector = ".o_gas_reading_form";
    dynamicContent = {
        "#gas_value": { "t-on-input": this.onInput },
        ".o_gas_photo_input": { "t-on-change": this.onPhoto },
        _root: { "t-on-submit": this.onSubmit },
    };

    start() {
        this.onInput();
    }

    onInput() {
        const text = this.el.querySelector("#gas_value").value.trim();
        const hint = this.findHint(text);
        for (const element of this.el.querySelectorAll("[data-hint]")) {
            element.classList.toggle("d-none", element.dataset.hint !== hint);
        }
    }

    findHint(text) {
        const { last, high, digits } = this.el.dataset;
        const value = Number(text);
        if (!text || Number.isNaN(value)) {
            return "";
        }
        if (value >= 10 ** Number(digits)) {
            return "digits";
        }
        if (!last) {
            return "";
        }
        const usage = Math.round((value - Number(last)) * 1000) / 1000;
        if (usage < 0) {
            return "below";
        }
        this.el.querySelector("[data-usage]").textContent = usage;
        return high && usage > Number(high) ? "high" : "ok";
    }

    async onPhoto(ev) {
        const input = ev.currentTarget;
        const file = input.files[0];
        if (!file) {
            return;
        }
        const small = await this.waitFor(shrink(file));
        this.showPhoto(small);
        if (!small) {
            input.value = "";
            return;
        }
        const transfer = new DataTransfer();
        transfer.items.add(new File([small], "register.jpg", { type: "image/jpeg" }));
        input.files = transfer.files;
    }

    showPhoto(blob) {
        const states = { none: !blob, done: Boolean(blob), bad: !blob };
        for (const element of this.el.querySelectorAll("[data-photo]")) {
            element.classList.toggle("d-none", !states[element.dataset.photo]);
        }
        const preview = this.el.querySelector(".o_gas_photo_preview");
        preview.classList.toggle("d-none", !blob);
        URL.revokeObjectURL(preview.src);
        preview.src = blob ? URL.createObjectURL(blob) : "";
    }

    /** One tap sends once. */
    onSubmit() {
        const button = this.el.querySelector("button[type='submit']");
        this.waitForTimeout(() => (button.disabled = true), 0);
    }
}

registry.category("public.interactions").add("cs_gas_billing.gas_reading", GasReadingForm);
