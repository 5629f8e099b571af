import { PanelModel } from "@cs_base/contact_panel/panel_model";
import { advanceTime, beforeEach, Deferred, describe, expect, test } from "@odoo/hoot";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

describe.current.tags("headless");

/** The server: each call is a step, answers come from ``answers`` by method. */
let answers;
let model;

function makeModel() {
    const call = async (_model, method, args) => {
        expect.step(method);
        const answer = answers[method];
        return typeof answer === "function" ? answer(...args) : answer;
    };
    return PanelModel.create({ silent: { call } });
}

function contact(values = {}) {
    const bare = { partner: false, premises: false, matters: [] };
    return { id: 7, number: "J26110001", ...bare, ...values };
}

beforeEach(() => {
    browser.sessionStorage.clear();
    answers = {};
    model = makeModel();
});

test("one person found is opened at once, several are listed", async () => {
    answers.find = [{ kind: "person", id: 3, premises_id: 4 }];
    answers.open_card = (partner, premises) => ({
        partner: { id: partner },
        premises: { id: premises },
        open: [],
    });
    expect(await model.search(" 张三 ")).toBe(true);
    expect.verifySteps(["find", "open_card"]);
    expect(model.card.partner.id).toBe(3);
    expect(model.card.premises.id).toBe(4);
    answers.find = [
        { kind: "person", id: 3 },
        { kind: "premises", id: 4 },
    ];
    expect(await model.search("阳光")).toBe(false);
    expect(model.searched).toBe("阳光");
    expect(model.hits.length).toBe(2);
    expect.verifySteps(["find"]);
});

test("a single matter is listed, an empty term asks nobody", async () => {
    answers.find = [{ kind: "matter", id: 3 }];
    expect(await model.search("T2611")).toBe(false);
    expect(model.hits.length).toBe(1);
    expect.verifySteps(["find"]);
    expect(await model.search("  ")).toBe(false);
    expect.verifySteps([]);
});

test("hits go round", () => {
    model.hits = ["a", "b", "c"];
    model.moveHit(-1);
    expect(model.hitIndex).toBe(2);
    model.moveHit(1);
    expect(model.hitIndex).toBe(0);
    model.hits = [];
    model.moveHit(1);
    expect(model.hitIndex).toBe(0);
});

test("a later search wins over an earlier one that is slower", async () => {
    const slow = new Deferred();
    answers.find = (term) => (term === "slow" ? slow : [{ kind: "matter", id: 2 }]);
    model.search("slow");
    await model.search("fast");
    slow.resolve([{ kind: "matter", id: 1 }]);
    await Promise.resolve();
    expect(model.hits[0].id).toBe(2);
    expect(model.searched).toBe("fast");
    expect.verifySteps(["find", "find"]);
});

test("what is typed is saved once, after a pause", async () => {
    answers.begin = (vals) => contact(vals);
    answers.save = (_id, vals) => contact({ topic: "Gas", ...vals });
    model.type("topic", "G");
    await advanceTime(500);
    model.type("topic", "Gas");
    await advanceTime(500);
    expect.verifySteps([]);
    await advanceTime(200);
    expect.verifySteps(["begin"]);
    expect(model.contact.topic).toBe("Gas");
    model.type("content", "No flame");
    await advanceTime(700);
    expect.verifySteps(["save"]);
    await advanceTime(5000);
    expect.verifySteps([]);
});

test("many keys at once begin one contact", async () => {
    answers.begin = (vals) => contact(vals);
    answers.save = (_id, vals) => contact(vals);
    await Promise.all([model.begin("phone"), model.begin("phone"), model.begin("visit")]);
    expect.verifySteps(["begin", "save"]);
    expect(model.running.length).toBe(1);
    expect(model.contact.channel).toBe("visit");
});

test("what is being typed stays when the server answers", async () => {
    answers.begin = (vals) => contact(vals);
    await model.begin("phone");
    model.type("topic", "Typed on");
    model.show(contact({ topic: "From the server" }));
    expect(model.draft.topic).toBe("Typed on");
    model.show(contact({ id: 8, topic: "Another one" }));
    expect(model.draft.topic).toBe("Another one");
    expect.verifySteps(["begin"]);
});

test("a refusal is shown in place, and a lost connection keeps the text", async () => {
    answers.find = () => {
        const error = new RPCError("Refused");
        error.data = { message: "Choose the customer first." };
        throw error;
    };
    await model.search("x");
    expect(model.error).toBe("Choose the customer first.");
    answers.begin = () => {
        throw new ConnectionLostError("/web");
    };
    model.type("topic", "Gas");
    await advanceTime(700);
    expect(model.offline).toBe(true);
    expect(model.draft.topic).toBe("Gas");
    answers.begin = (vals) => contact(vals);
    model.type("topic", "Gas!");
    await advanceTime(700);
    expect(model.offline).toBe(false);
    expect(model.contact.topic).toBe("Gas!");
    expect.verifySteps(["find", "begin", "begin"]);
});
