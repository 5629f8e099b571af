import datetime
import random

from odoo import fields

from .common import ToyCommon

SEQUENCES = 320
STEPS = 9


class TestContactRule(ToyCommon):
    """A contact is closed if and only if it is answered and nothing of it is open.

    Sequences of whatever may happen, against a model that counts by itself.
    """

    def setUp(self):
        super().setUp()
        self.kind = self.env["cs.business.type"].search([("code", "=", "toy.request")])
        self.report_group = self.env.ref("cs_base.group_masked")
        self.clerk.group_ids += self.report_group | self.env.ref(
            "cs_base.group_manager"
        )

    def _expected(self, contact, world):
        """The naive rule, from what the test itself did."""
        matters_open = any(is_open for is_open in world["matters"].values())
        visits_open = bool(self._waiting(contact))
        if world["answered"] and not matters_open and not visits_open:
            return "closed"
        return "open"

    def _waiting(self, contact):
        return (
            self.env["cs.followup"]
            .sudo()
            .search([("interaction_id", "=", contact.id), ("state", "=", "open")])
        )

    def _new(self, rng, contact, world):
        matter = self._request(interaction_id=contact.id, handler_id=self.second.id)
        world["matters"][matter] = True
        world["answered"] = True

    def _new_report(self, rng, contact, world):
        reports = self.env["cs.toy.report"].with_user(self.clerk)
        matter = reports.create({"text": "Secret", "interaction_id": contact.id})
        world["matters"][matter] = True
        world["answered"] = True

    def _step(self, rng, contact, world):
        """Bring a matter somewhere it may go."""
        movable = [
            (matter, new)
            for matter in world["matters"]
            for new in sorted(matter._cs_transitions()[matter.state])
            if not matter.with_user(self.clerk)._cs_transition_error(new)
        ]
        if movable:
            matter, new = rng.choice(movable)
            matter.with_user(self.clerk)._cs_set_state(new)
            world["matters"][matter] = new in matter._cs_open_states()

    def _visit(self, rng, contact, world):
        waiting = self._waiting(contact)
        if not waiting:
            return
        visit = rng.choice(waiting).with_user(self.clerk)
        matter = visit.sudo()._cs_matter()
        if visit.kind != "visit":
            visit.action_record("done")
            return
        outcome = rng.choice(["satisfied", "dissatisfied", "refused"])
        closed_again = matter.state in ("done", "closed")
        visit.action_record(outcome, "He said so")
        if outcome == "dissatisfied" and closed_again:
            world["matters"][matter.sudo(False).with_user(self.clerk)] = True
            for key in list(world["matters"]):
                if key == matter:
                    world["matters"][key] = True

    def _answer(self, rng, contact, world):
        if contact.state == "open":
            contact.action_answer("Told him")
            world["answered"] = True

    def _promise(self, rng, contact, world):
        if contact.state == "open":
            soon = fields.Datetime.now() + datetime.timedelta(hours=1)
            contact.action_promise_callback(soon, "Call")

    def _mask(self, rng, contact, world):
        if world["matters"]:
            matter = rng.choice(list(world["matters"]))
            matter.sudo().masked = rng.random() < 0.7

    def _remove(self, rng, contact, world):
        if world["matters"]:
            matter = rng.choice(list(world["matters"]))
            del world["matters"][matter]
            matter.sudo().unlink()

    def test_closed_if_and_only_if_nothing_is_left(self):
        steps = {
            self._new: 4,
            self._new_report: 1,
            self._step: 9,
            self._visit: 5,
            self._answer: 2,
            self._promise: 2,
            self._mask: 1,
            self._remove: 1,
        }
        closed = 0
        for seed in range(SEQUENCES):
            rng = random.Random(seed)
            self.kind.followup = rng.choice(["no", "before_close", "after_close"])
            contact = self._contact()
            world = {"answered": False, "matters": {}}
            done = []
            for _turn in range(STEPS):
                [step] = rng.choices(list(steps), weights=steps.values())
                step(rng, contact, world)
                done.append(step.__name__)
                said = f"seed {seed}, {self.kind.followup}: {done}"
                self.assertEqual(contact.state, self._expected(contact, world), said)
                self.assertEqual(
                    contact.masked,
                    any(m.sudo().masked for m in world["matters"])
                    if world["matters"]
                    else contact.masked,
                    said,
                )
                self.assertEqual(
                    contact.state == "closed", bool(contact.closed_at), said
                )
                closed += contact.state == "closed"
        self.assertGreater(closed, SEQUENCES)
