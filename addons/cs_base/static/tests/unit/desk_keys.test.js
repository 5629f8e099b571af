import { onSearchKey, useDeskKeys } from "@cs_base/keys/keys";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    beforeEach,
    describe,
    expect,
    keyDown,
    manuallyDispatchProgrammaticEvent,
    press,
    queryOne,
    test,
} from "@odoo/hoot";
import { Component, useRef, xml } from "@odoo/owl";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailModels();

class Desk extends Component {
    static props = {};
    static template = xml`
        <div>
            <input class="search" t-ref="search" t-on-keydown="onSearch"/>
            <input class="other"/>
            <button class="beside">Beside</button>
        </div>`;

    setup() {
        this.search = useRef("search");
        this.model = {
            hits: null,
            hitIndex: 0,
            moveHit: (by) => expect.step(`move ${by}`),
        };
        useDeskKeys(
            { F2: () => expect.step("F2"), Escape: () => expect.step("Escape") },
            { search: this.search, onAlt: (ev) => expect.step(`alt ${ev.key}`) }
        );
    }

    onSearch(ev) {
        onSearchKey(ev, {
            model: this.model,
            isSearched: ev.target.value === "known",
            open: (hit) => expect.step(`open ${hit}`),
            find: () => expect.step(`find ${ev.target.value}`),
        });
    }
}

let desk;
beforeEach(async () => {
    desk = await mountWithCleanup(Desk);
});

test("keys of the desk work wherever the focus is", async () => {
    for (const place of [".search", ".other", ".beside"]) {
        queryOne(place).focus();
        await press("F2");
        await press("Escape");
        expect.verifySteps(["F2", "Escape"]);
    }
});

test("keys of the browser stay the browser's", async () => {
    queryOne(".other").focus();
    await press(["ctrl", "F2"]);
    await press(["meta", "F2"]);
    expect.verifySteps([]);
});

test("Alt goes to the desk alone", async () => {
    queryOne(".other").focus();
    await keyDown(["alt", "a"]);
    expect.verifySteps(["alt Alt", "alt a"]);
});

test("what is typed beside a field goes to the search", async () => {
    queryOne(".beside").focus();
    await press("x");
    expect(".search").toBeFocused();
    queryOne(".other").focus();
    await press("x");
    expect(".other").toBeFocused();
});

test("silent below a dialog and while Chinese is composed", async () => {
    const dialog = document.createElement("div");
    dialog.className = "o_dialog";
    document.body.append(dialog);
    await press("F2");
    dialog.remove();
    expect.verifySteps([]);
    await manuallyDispatchProgrammaticEvent(queryOne(".other"), "keydown", {
        key: "F2",
        isComposing: true,
    });
    expect.verifySteps([]);
    await press("F2");
    expect.verifySteps(["F2"]);
});

test("Enter searches, or opens what was found", async () => {
    const search = queryOne(".search");
    search.focus();
    search.value = "new";
    await press("Enter");
    expect.verifySteps(["find new"]);
    desk.model.hits = ["one", "two"];
    desk.model.hitIndex = 1;
    await press("Enter");
    expect.verifySteps(["find new"]);
    search.value = "known";
    await press("Enter");
    expect.verifySteps(["open two"]);
    desk.model.hits = [];
    await press("Enter");
    expect.verifySteps(["find known"]);
});

test("arrows choose among hits", async () => {
    queryOne(".search").focus();
    await press("ArrowDown");
    expect.verifySteps([]);
    desk.model.hits = ["one", "two"];
    await press("ArrowDown");
    await press("ArrowUp");
    expect.verifySteps(["move 1", "move -1"]);
});
