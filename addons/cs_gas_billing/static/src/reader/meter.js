import { h } from "@cs_gas_billing/reader/dom";
import { judge, readRegister } from "@cs_gas_billing/reader/rules";
import { shrink } from "@cs_gas_billing/photo/shrink";

/** One meter: what to look for, its register, a photo, or why it was not read. */
export class MeterScreen {
    constructor(app, line) {
        this.app = app;
        this.line = line;
        this.entry = app.book.entryOf(line);
        this.photo = this.entry?.photo || "";
        this.confirmed = false;
        this.asking = false;
        this.saving = false;
        this.element = h("main", { class: "meter" });
        this.draw();
    }

    get t() {
        return this.app.t;
    }

    /** Whether something may be entered: not once it is on its way or there. */
    get isOpen() {
        const state = this.app.book.stateOf(this.line);
        return ["open", "miss", "queued"].includes(state);
    }

    draw() {
        this.element.replaceChildren(
            ...[this.makeHead(), this.makeFacts(), this.makeNotices()].filter(Boolean),
            this.asking ? this.makeReasons() : this.isOpen ? this.makeForm() : this.makeDone()
        );
    }

    makeHead() {
        const { book } = this.app;
        const number = book.lines.indexOf(this.line) + 1;
        return h(
            "div",
            { class: "head" },
            h(
                "button",
                { type: "button", class: "plain back", onclick: () => this.app.list() },
                `‹ ${this.t("back")}`
            ),
            h(
                "span",
                { class: "number" },
                this.t("meter_of", { number, total: book.lines.length })
            )
        );
    }

    makeFacts() {
        const { line, t } = this;
        const last =
            line.prev === null || line.prev === undefined
                ? "–"
                : `${line.prev} (${line.prev_date})`;
        const facts = [
            [t("meter"), line.serial],
            [t("last"), last],
            line.seal && [t("seal"), line.seal],
            line.note && [t("note"), line.note],
        ].filter(Boolean);
        return h(
            "div",
            { class: "facts" },
            h("h1", {}, line.address || line.code),
            h("p", { class: "name" }, `${line.name} · ${line.code}`),
            h(
                "dl",
                {},
                facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])
            )
        );
    }

    makeNotices() {
        const { line, t } = this;
        const texts = [];
        if (line.stopped) {
            texts.push(t("stopped"));
        }
        if (line.customer) {
            texts.push(t("customer_says", line.customer));
        }
        if (line.miss && !line.read) {
            texts.push(`${this.getReason(line.miss.reason)} (${line.miss.date})`);
        }
        return texts.length
            ? h("div", { class: "notice" }, texts.map((text) => h("p", {}, text)))
            : null;
    }

    getReason(code) {
        const { reasons } = this.app.sync.data;
        return reasons.find(([known]) => known === code)?.[1] || code;
    }

    // --- entering ---------------------------------------------------------

    makeForm() {
        const { t, line } = this;
        this.input = h("input", {
            id: "register",
            class: "register",
            inputmode: line.decimals ? "decimal" : "numeric",
            autocomplete: "off",
            enterkeyhint: "next",
            maxlength: 16,
            "aria-label": t("register"),
            value: this.entry?.kind === "reading" ? this.entry.value : "",
            oninput: () => {
                this.confirmed = false;
                this.hint();
            },
        });
        this.message = h("div", { class: "hint", "aria-live": "polite" });
        this.button = h("button", { type: "submit", class: "primary save" });
        const form = h(
            "form",
            { class: "entry", onsubmit: (ev) => this.onSubmit(ev) },
            this.input,
            this.message,
            h(
                "div",
                { class: "pair" },
                this.makePhotoButton(),
                h(
                    "button",
                    {
                        type: "button",
                        class: "secondary no_access",
                        onclick: () => {
                            this.asking = true;
                            this.draw();
                        },
                    },
                    t("no_access")
                )
            ),
            h("div", { class: "bottom" }, this.button)
        );
        this.hint();
        requestAnimationFrame(() => this.input.focus());
        return form;
    }

    makePhotoButton() {
        const label = h("span", {}, this.photo ? this.t("photo_again") : this.t("photo"));
        return h(
            "label",
            { class: `secondary photo${this.photo ? " has_photo" : ""}` },
            label,
            h("input", {
                type: "file",
                accept: "image/*",
                capture: "environment",
                onchange: (ev) => this.onPhoto(ev.target),
            })
        );
    }

    async onPhoto(input) {
        const small = input.files[0] && (await shrink(input.files[0]));
        if (!small) {
            this.app.toast(this.t("photo_failed"));
            return;
        }
        this.photo = await toBase64(small);
        const label = this.element.querySelector(".photo");
        label.classList.add("has_photo");
        label.querySelector("span").textContent = this.t("photo_again");
    }

    /** Say what the checks would say, as the digits are typed. */
    hint() {
        const { t } = this;
        const typed = this.input.value.trim();
        const { rules, today } = this.app.sync.data;
        this.verdict = null;
        let text = "";
        let level = "";
        if (typed) {
            const register = readRegister(typed, this.line);
            if (register.fault) {
                text = t(register.fault, register.value);
                level = "bad";
            } else {
                this.verdict = {
                    value: register.text,
                    ...judge(this.line, register.text, this.app.getToday(today), rules),
                };
                text = this.describe(this.verdict);
                level = this.verdict.sure ? (this.verdict.key ? "fair" : "good") : "bad";
            }
        }
        this.message.textContent = text;
        this.message.dataset.level = level;
        const ask = this.verdict && !this.verdict.sure && this.confirmed;
        this.button.textContent = ask ? t("save_anyway") : t("save");
        this.button.classList.toggle("warn", Boolean(ask));
    }

    describe({ key, usage, ratio }) {
        const { t } = this;
        const parts = [
            key && t(key, this.line.prev),
            usage !== null && t("usage", usage),
            ratio !== null && t("ratio", ratio),
        ];
        return parts.filter(Boolean).join(" · ");
    }

    async onSubmit(ev) {
        ev.preventDefault();
        if (!this.verdict) {
            this.input.focus();
            return;
        }
        if (!this.verdict.sure && !this.confirmed) {
            this.confirmed = true;
            this.hint();
            return;
        }
        await this.save({ kind: "reading", value: this.verdict.value });
    }

    // --- no access --------------------------------------------------------

    makeReasons() {
        const { t } = this;
        this.note = h("input", {
            class: "miss_note",
            placeholder: t("note"),
            "aria-label": t("note"),
            maxlength: 200,
            value: this.entry?.note || "",
        });
        return h(
            "div",
            { class: "reasons" },
            h("h2", {}, t("why")),
            this.note,
            this.makePhotoButton(),
            this.app.sync.data.reasons.map(([code, label]) =>
                h(
                    "button",
                    {
                        type: "button",
                        class: "secondary",
                        "data-reason": code,
                        onclick: () =>
                            this.save({
                                kind: "miss",
                                reason: code,
                                note: this.note.value.trim(),
                            }),
                    },
                    label
                )
            ),
            h(
                "button",
                {
                    type: "button",
                    class: "plain",
                    onclick: () => {
                        this.asking = false;
                        this.draw();
                    },
                },
                t("cancel")
            )
        );
    }

    async save(values) {
        if (this.saving) {
            return;
        }
        this.saving = true;
        const { sync } = this.app;
        // What was not sent yet is replaced; what is on its way stays as it is.
        const known = this.app.book.entryOf(this.line);
        const again = known && known.state === "queued" && !sync.sending.has(known.uuid);
        try {
            await sync.keep({
                uuid: again ? known.uuid : makeUuid(),
                uid: sync.data.uid,
                install: this.line.install,
                state: "queued",
                at: new Date().toISOString(),
                photo: this.photo,
                message: "",
                ...values,
            });
        } catch (error) {
            this.saving = false;
            this.app.toast(error.message || this.t("storage"));
            return;
        }
        this.app.afterSave(this.line);
    }

    // --- done -------------------------------------------------------------

    makeDone() {
        const { t, line } = this;
        const { book, sync } = this.app;
        const entry = book.entryOf(line);
        const state = book.stateOf(line);
        return h(
            "div",
            { class: "done", "data-state": state },
            h("p", { class: "badge" }, t(`state_${state}`)),
            line.read
                ? h("p", { class: "value" }, `${line.read.value} (${line.read.date})`)
                : "",
            entry?.value ? h("p", {}, t("yours", entry.value)) : "",
            entry?.message ? h("p", { class: "message" }, entry.message) : "",
            ["conflict", "refused"].includes(state)
                ? h(
                      "button",
                      {
                          type: "button",
                          class: "secondary dismiss",
                          onclick: async () => {
                              await sync.drop(entry);
                              this.app.show(book.find(line.install));
                          },
                      },
                      t("dismiss")
                  )
                : "",
            this.makeNext()
        );
    }

    makeNext() {
        const next = this.app.book.nextAfter(this.line);
        return next
            ? h(
                  "button",
                  { type: "button", class: "primary next", onclick: () => this.app.show(next) },
                  this.t("next")
              )
            : "";
    }
}

function toBase64(blob) {
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.split(",")[1]);
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(blob);
    });
}

/** crypto.randomUUID wants HTTPS; random bytes don't. */
function makeUuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const cuts = [0, 8, 12, 16, 20, 32];
    return cuts.slice(1).map((end, index) => hex.slice(cuts[index], end)).join("-");
}
