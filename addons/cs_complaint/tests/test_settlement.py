from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestSettlement(MoneyCommon):
    """Proposing, picking, approving; who may, and what voids an approval."""

    def _points(self):
        """What settlements leave to do before the case can be closed."""
        return [text for text in self.case._cs_open_points() if "ettlement" in text]

    def test_several_proposals_one_is_picked(self):
        words = self._propose(("apology", 0))
        money = self._propose(("allowance", 200), ("repair", 100))
        self.assertEqual(money.name, f"{self.case.name}-2")
        self.assertEqual(money.amount, 300)
        with self.assertRaises(AccessError):
            money.with_user(self.users["agent2"]).action_choose()
        self._approve(money)
        self.assertEqual(money.stage, "approved")
        self.assertEqual(money.chosen_by_id, self.users["leader2"])
        self.assertEqual(words.stage, "dropped")
        self.assertIn(money.name, words.end_reason)

    def test_one_at_a_time(self):
        one = self._propose(("apology", 0))
        two = self._propose(("explanation", 0))
        one.with_user(self.users["leader"]).action_choose()
        one.with_user(self.users["leader"]).action_choose()
        approvals = self.env["cs.approval"].search(
            [("res_model", "=", one._name), ("res_id", "=", one.id)]
        )
        self.assertEqual(len(approvals), 1, "pressed twice, asked once")
        with self.assertRaisesRegex(UserError, "goes on"):
            two.with_user(self.users["leader"]).action_choose()

    def test_proposer_never_approves(self):
        mine = self._propose(("compensation", 100), login="leader")
        mine.with_user(self.users["leader"]).action_choose()
        approval = mine._cs_pending_approvals("settlement")
        self.assertEqual(approval.sudo().requester_id, self.users["leader"])
        with self.assertRaises(AccessError):
            approval.with_user(self.users["leader"]).action_approve()
        mine.with_user(self.users["leader2"]).sudo(False).action_approve()
        self.assertEqual(mine.state, "approved")

    def test_limits(self):
        """500 a lead, 5,000 a manager as well, above the centre manager as well."""
        names = {
            500: ["Team lead"],
            500.01: ["Team lead", "Manager"],
            5000: ["Team lead", "Manager"],
            5000.01: ["Team lead", "Manager", "Centre manager"],
        }
        for amount, steps in names.items():
            partner = self.env["res.partner"].create({"name": f"P{amount}"})
            case = self._accepted(partner=partner)
            offer = self._propose(("compensation", amount), case=case)
            offer.with_user(self.users["leader2"]).action_choose()
            approval = offer._cs_pending_approvals("settlement").sudo()
            self.assertEqual(approval.step_ids.mapped("name"), steps, amount)

    def test_severe_needs_a_manager(self):
        self.case.sudo().severity = "severe"
        offer = self._propose(("compensation", 10))
        with self.assertRaises(AccessError):
            offer.with_user(self.users["leader"]).action_choose()
        offer.with_user(self.users["chief"]).action_choose()
        approval = offer._cs_pending_approvals("settlement.severe").sudo()
        self.assertEqual(approval.step_ids.mapped("name"), ["Manager"])
        with self.assertRaises(AccessError):
            approval.with_user(self.users["leader"]).sudo(False).action_approve()
        approval.with_user(self.users["chief"]).sudo(False).action_approve()
        self.assertEqual(offer.state, "approved")

    def test_splitting_evades_no_limit(self):
        """Over the customer: 300 and 300 within 30 days need the manager."""
        self._approved(("compensation", 300))
        second = self._accepted()
        offer = self._propose(("compensation", 300), case=second)
        offer.with_user(self.users["leader2"]).action_choose()
        steps = offer._cs_pending_approvals("settlement").sudo().step_ids
        self.assertEqual(steps.mapped("name"), ["Team lead", "Manager"])
        self.assertEqual(steps[1].scope, "customer")

    def test_splitting_over_the_premises(self):
        other = self.env["res.partner"].create({"name": "Wife"})
        first = self._accepted(premises_id=self.premises.id)
        self._approved(("compensation", 300), case=first)
        second = self._accepted(partner=other, premises_id=self.premises.id)
        offer = self._propose(("compensation", 300), case=second)
        offer.with_user(self.users["leader2"]).action_choose()
        steps = offer._cs_pending_approvals("settlement").sudo().step_ids
        self.assertEqual(steps[1:].mapped("scope"), ["premises"])

    def test_splitting_within_a_case(self):
        """Without a customer the case itself adds up."""
        case = self._complaint(team_id=self.team.id)
        case.sudo().state = "deciding"
        case.sudo().masked = True
        first = self._propose(("compensation", 300), case=case)
        masked = first.with_user(self.users["masked"])
        masked.sudo(False).action_choose()
        approval = first._cs_pending_approvals("settlement").sudo()
        self.assertFalse(approval.scope_partner_id)
        self.assertTrue(approval.scope_event)
        self.assertFalse(approval.reason)

    def test_change_voids(self):
        offer = self._approved(("compensation", 100))
        line = offer.line_ids
        line.with_user(self.users["agent"]).write({"amount": 101})
        self.assertEqual(offer.state, "proposed")
        self.assertFalse(offer.approval_id)
        line.with_user(self.users["agent"]).write({"amount": 100})
        self.assertFalse(offer._cs_valid_approval("settlement"))
        with self.assertRaises(UserError):
            line.with_user(self.users["leader"]).action_book()

    def test_lines_void_as_well(self):
        offer = self._approved(("compensation", 100))
        offer.with_user(self.users["agent"]).write(
            {"line_ids": [Command.create({"kind": "apology"})]}
        )
        self.assertEqual(offer.state, "proposed")
        self._approve(offer)
        offer.with_user(self.users["agent"]).write(
            {"line_ids": [Command.delete(offer.line_ids[1].id)]}
        )
        self.assertEqual(offer.state, "proposed")

    def test_severity_voids(self):
        offer = self._approved(("compensation", 100))
        self.case.sudo().severity = "media"
        self.assertEqual(offer.state, "proposed")

    def test_rejected_is_offered_anew(self):
        offer = self._propose(("compensation", 100))
        offer.with_user(self.users["leader2"]).action_choose()
        approval = offer._cs_pending_approvals("settlement")
        approval.with_user(self.users["leader"]).action_reject("Too much")
        self.assertEqual(offer.state, "rejected")
        self.assertEqual(offer.end_reason, "Too much")
        offer.line_ids.with_user(self.users["agent"]).write({"amount": 50})
        self.assertEqual(offer.state, "proposed")
        self._approve(offer)
        self.assertEqual(offer.stage, "approved")

    def test_sheets_without_loss_have_no_money(self):
        for kind in ("anomaly", "suggestion"):
            case = self._accepted(kind=kind)
            self._propose(("apology", 0), case=case)
            with self.assertRaises(ValidationError):
                self._propose(("compensation", 10), case=case)

    def test_amounts(self):
        for line in (("compensation", 0), ("apology", 5)):
            with self.assertRaises(ValidationError):
                self._propose(line)
        with self.assertRaises(UserError):
            self._propose(("reward", 200))

    def test_methods_decide_over_rpc(self):
        offer = self._propose(("compensation", 100))
        model = "cs.complaint.settlement"
        for name, value in (
            ("state", "approved"),
            ("approval_id", 1),
            ("proposer_id", self.users["agent2"].id),
            ("name", "x"),
        ):
            with self.assertRaises(UserError):
                self._rpc("agent", model, "write", offer.ids, {name: value})
        for name, value in (
            ("amount_booked", 100),
            ("document_id", 1),
            ("invoice_id", 1),
            ("certificate_on", "2026-01-01"),
        ):
            with self.assertRaises(UserError):
                self._rpc(
                    "agent", f"{model}.line", "write", offer.line_ids.ids, {name: value}
                )
        with self.assertRaises(UserError):
            self._rpc(
                "agent",
                model,
                "create",
                {"complaint_id": self.case.id, "state": "approved"},
            )

    def test_nothing_free_goes_out(self):
        """While a settlement waits the case is locked; the answer waits as well."""
        self.assertEqual(self.case._cs_settlement_refusal(), "")
        offer = self._propose(("compensation", 100))
        self.assertIn("only proposed", self.case._cs_settlement_refusal())
        self.assertFalse(self.case._cs_outside_locked())
        offer.with_user(self.users["leader2"]).action_choose()
        self.assertTrue(self.case._cs_outside_locked())
        self.assertIn("waits for its approval", self.case._cs_settlement_refusal())
        with self.assertRaises(UserError):
            self._rpc(
                "agent",
                "cs.complaint",
                "message_post",
                self.case.ids,
                body="You get 100",
                partner_ids=self.customer.ids,
            )
        offer.with_user(self.users["leader"]).sudo(False).action_approve()
        self.assertFalse(self.case._cs_outside_locked())
        self.assertEqual(self.case._cs_settlement_refusal(), "")

    def test_drop_and_waive(self):
        offer = self._approved(("compensation", 100))
        self.assertTrue(self._points())
        with self.assertRaises(AccessError):
            offer.with_user(self.users["agent"]).action_drop("No")
        with self.assertRaises(UserError):
            offer.with_user(self.users["leader"]).action_drop(" ")
        with self.assertRaises(AccessError):
            offer.with_user(self.users["leader"]).action_waive("He wants none")
        offer.with_user(self.users["chief"]).action_waive("He wants none")
        self.assertEqual(offer.stage, "waived")
        self.assertFalse(self._points())
        self.assertEqual(self.case._cs_loss_amount(), 0)

    def test_loss(self):
        self._approved(("compensation", 100), ("repair", 50))
        self.assertEqual(self.case._cs_loss_amount(), 150)
        self.assertEqual(self.case._cs_facts()[self.case.id]["amount"], 150)

    def test_waived_promises_nothing_more(self):
        """Of what was waived the customer is told only what he has."""
        offer = self._approved(("compensation", 100), ("allowance", 50), ("apology", 0))
        self.assertEqual(self.case._cs_promised_amount(), 150)
        self.assertEqual(len(self.case._cs_settlement_sentences()), 3)
        offer.line_ids[0].with_user(self.users["leader"]).sudo(False).action_book()
        offer.with_user(self.users["chief"]).action_waive("He wants no more")
        self.assertEqual(self.case._cs_promised_amount(), 100)
        [sentence] = self.case._cs_settlement_sentences()
        self.assertIn("100", sentence)
        self.assertTrue(self.case._cs_excess("We pay you 150 yuan."))

    def test_waived_before_anything_was_paid(self):
        offer = self._approved(("compensation", 100))
        offer.with_user(self.users["chief"]).action_waive("He wants none")
        self.assertEqual(self.case._cs_promised_amount(), 0)
        self.assertFalse(self.case._cs_settlement_sentences())

    def test_approvals_of_masked_cases_are_masked(self):
        case = self._accepted(masked=True)
        offer = self._propose(("compensation", 10), case=case.sudo(), login="masked")
        offer.sudo().write({"state": "chosen"})
        offer.sudo()._request_approval()
        approval = offer.sudo()._cs_pending_approvals("settlement")
        self.assertTrue(approval.masked)

    def test_masked_later_hides_its_approvals(self):
        """They name nobody any more; what isn't begun is picked anew."""
        offer = self._approved(("compensation", 100))
        approvals = self.env["cs.approval"]
        domain = [
            ("res_model", "=", "cs.complaint.settlement"),
            ("res_id", "in", self.case.settlement_ids.ids),
        ]
        auditor = approvals.with_user(self.users["auditor"])
        self.assertEqual(auditor.search(domain).scope_partner_id, self.customer)
        self.case.sudo()._cs_mask()
        self.env.flush_all()
        self.env.invalidate_all()
        approval = approvals.search(domain)
        self.assertEqual((approval.masked, approval.state), (True, "void"))
        self.assertFalse(approval.scope_partner_id or approval.reason)
        self.assertFalse(auditor.search(domain))
        self.assertEqual(offer.sudo().state, "proposed")

    def test_repair(self):
        offer = self._approved(("repair", 50))
        action = offer.line_ids.action_id
        self.assertEqual(action.handler_id, self.case.handler_id or action.handler_id)
        self.assertEqual(offer.stage, "approved")
        self.assertTrue(self._points())
        action.sudo().state = "closed"
        self.assertEqual(offer.stage, "settled")
        self.assertFalse(self._points())

    def test_new_round_drops_what_is_not_begun(self):
        offer = self._approved(("compensation", 100))
        self.case.sudo()._cs_settlement_on_refused()
        self.assertEqual(offer.stage, "dropped")
        self.assertFalse(self.case._cs_loss_amount())

    def test_readable_as_the_case(self):
        """Who can't read the case reads no settlement of it; accounting reads lines
        of approved ones only, and not what they say."""
        offer = self._propose(("compensation", 100))
        model = "cs.complaint.settlement"
        for role in ("plain", "accused", "accountant"):
            with self.assertRaises(AccessError):
                self._rpc(role, model, "search_read", [], ["amount"])
        lines = f"{model}.line"
        found = self._rpc(
            "accountant", lines, "search", [("id", "in", offer.line_ids.ids)]
        )
        self.assertFalse(found)
        with self.assertRaises(AccessError):
            self._rpc("accountant", lines, "read", offer.line_ids.ids, ["amount"])
        self._approve(offer)
        found = self._rpc("accountant", lines, "read", offer.line_ids.ids, ["amount"])
        self.assertEqual(found[0]["amount"], 100)
        with self.assertRaises(AccessError):
            self._rpc("accountant", lines, "read", offer.line_ids.ids, ["note"])
        with self.assertRaises(AccessError):
            self._rpc("accountant", lines, "write", offer.line_ids.ids, {"amount": 9})
