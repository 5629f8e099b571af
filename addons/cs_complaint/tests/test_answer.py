import datetime
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ComplaintCommon

TEXT = "We have repaired it and apologize."


class AnswerCommon(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._answering()

    @classmethod
    def _known(cls, login="agent", **values):
        """A case whose complainant is on file."""
        case = cls._complaint(login, **values)
        rows = cls.env["cs.complaint.identity"].sudo()
        identity = rows.search([("complaint_id", "=", case.id)])
        known = {"partner_id": cls.customer.id, "phone": "13800001234"}
        if identity:
            identity.write(known)
        else:
            rows.create({"complaint_id": case.id, **known})
        return case

    @classmethod
    def _answering(cls, login="agent", masked=False, **values):
        """A case that is decided and waits to be answered."""
        case = cls._known(login, **values)
        if masked:
            case.sudo().masked = True
        cls._set(case, judgement="substantiated", state="answering")
        return case

    @classmethod
    def _set(cls, case, **values):
        """Bring a case to where other topics would have brought it."""
        case.sudo().write(values)
        cls.env.flush_all()

    def _tell(self, case=None, way="phone", text=TEXT, role="agent", **kwargs):
        case = case or self.case
        self._rpc(role, "cs.complaint", "action_tell", case.ids, way, text, **kwargs)
        return case.sudo().answer_id

    def _accept(self, case=None, role="agent", way="phone", name="Zhang San", **kwargs):
        case = case or self.case
        self._rpc(
            role,
            "cs.complaint",
            "action_customer_accepts",
            case.ids,
            way,
            name,
            **kwargs,
        )
        return case.sudo().answer_id


@tagged("post_install", "-at_install")
class TestAnswer(AnswerCommon):
    def test_told(self):
        row = self._tell()
        self.assertEqual((row.state, row.way, row.text), ("told", "phone", TEXT))
        self.assertEqual(row.told_by_id, self.users["agent"])
        self.assertEqual(row.number, f"{self.case.name}-1")
        self.assertEqual(self.case.answered_at, row.told_at)

    def test_told_before_it_is_decided(self):
        case = self._known()
        with self.assertRaises(UserError):
            self._tell(case)
        self.assertFalse(case.sudo().answer_ids)

    def test_told_anew_takes_the_place(self):
        first = self._tell()
        second = self._tell(way="visit")
        self.assertEqual((first.state, second.state), ("replaced", "told"))
        self.assertEqual(self.case.answer_id, second)
        self.assertEqual(self.case.answered_at, first.told_at)

    def test_told_without_words_or_at_a_wrong_time(self):
        now = fields.Datetime.now()
        day = datetime.timedelta(days=1)
        wrong = [
            {"text": " "},
            {"way": "pigeon"},
            {"told_at": fields.Datetime.to_string(now + day)},
            {"told_at": fields.Datetime.to_string(now - 30 * day)},
        ]
        for values in wrong:
            with self.assertRaises(UserError, msg=values):
                self._tell(**values)
        self.assertFalse(self.case.sudo().answer_ids)

    def test_nothing_is_told_while_something_waits(self):
        model = self.registry["cs.complaint"]
        for hook, value in (
            ("_cs_settlement_refusal", "Waits for approval."),
            ("_cs_reply_refusal", "The spokesperson replies."),
            ("_cs_outside_locked", True),
        ):
            with self.subTest(hook), patch.object(model, hook, return_value=value):
                with self.assertRaises(UserError):
                    self._tell()
                with self.assertRaises(UserError):
                    self._rpc("agent", "cs.complaint", "action_answer", self.case.ids)
        self._tell()

    def test_no_more_is_promised_than_approved(self):
        model = self.registry["cs.complaint"]
        self.patch(model, "_cs_promised_amount", lambda _case: 200.0)
        for text in ("我们赔偿 300 元。", "You get ¥200.01.", "赔 1万元"):
            with self.assertRaises(UserError, msg=text):
                self._tell(text=text)
        self.assertTrue(self._tell(text="我们退还 200 元。"))

    def test_an_amount_the_customer_named_is_no_promise(self):
        case = self._answering(content="My bill of 350元 is wrong.")
        self.assertTrue(self._tell(case, text="The bill of 350元 is right."))

    def test_approved_settlement_is_what_may_be_promised(self):
        rows = self.env["cs.complaint.settlement"].sudo()
        model = self.registry["cs.complaint"]
        line = rows.line_ids.new(
            {"kind": "compensation", "amount": 200, "note": "Because of Li Si"}
        )
        self.patch(model, "_cs_promised_lines", lambda _case: line)
        self.assertEqual(self.case._cs_promised_amount(), 200)
        text = self.case._cs_answer_text()
        self.assertIn("200", text)
        self.assertNotIn("Li Si", text)

    def test_prefilled_with_what_is_decided(self):
        model = self.registry["cs.complaint"]
        self.patch(
            model, "_cs_settlement_sentences", lambda _case: ["You get 200 yuan."]
        )
        text = self.case._cs_answer_text()
        self.assertIn("justified", text)
        self.assertIn("You get 200 yuan.", text)
        self.assertIn(self.case.name, text)

    def test_ways_that_need_an_address(self):
        self.customer.email = False
        with self.assertRaises(UserError):
            self._tell(way="mail")

    def test_a_hidden_person_is_told_without_anything_in_his_name(self):
        case = self._answering("masked", masked=True)
        for way in ("mail", "letter", "sms"):
            with self.assertRaises(UserError, msg=way):
                self._tell(case, way=way, role="masked")
        row = self._tell(case, role="masked")
        self.assertFalse(row.letter_id)
        for values in ({"way": "signature", "signature": "x"}, {"name": "Zhang San"}):
            with self.assertRaises(UserError):
                self._accept(case, role="masked", **values)
        accepted = self._accept(case, role="masked", name="")
        self.assertFalse(accepted.result_name or accepted.signature)

    # === REPLY === #

    def test_accepted_by_phone(self):
        self._tell()
        row = self._accept(note="Thanks")
        self.assertEqual((row.state, row.result_way), ("accepted", "phone"))
        self.assertEqual(row.result_name, "Zhang San")
        self.assertEqual(row.result_by_id, self.users["agent"])
        with self.assertRaises(UserError):
            self._accept()
        with self.assertRaises(UserError):
            self._tell()

    def test_accepted_by_signature(self):
        self._tell()
        with self.assertRaises(UserError):
            self._accept(way="signature")
        with self.assertRaises(UserError):
            self._accept(way="link", signature="aGk=")
        row = self._accept(way="signature", signature="aGk=")
        self.assertEqual(row.signature, b"aGk=")

    def test_nobody_accepts_what_he_was_not_told(self):
        with self.assertRaises(UserError):
            self._accept()

    def test_silence_after_the_days_and_by_the_lead_only(self):
        row = self._tell()
        with self.assertRaises(AccessError):
            self._rpc("agent", "cs.complaint", "action_no_objection", self.case.ids)
        with self.assertRaises(UserError):
            self._rpc("leader", "cs.complaint", "action_no_objection", self.case.ids)
        row._update({"told_at": row.told_at - datetime.timedelta(days=16)})
        self._rpc("leader", "cs.complaint", "action_no_objection", self.case.ids)
        self.assertEqual((row.state, row.result_way), ("accepted", "silence"))

    def test_what_is_still_to_do(self):
        def mine(case):
            points = " ".join(case._cs_open_points())
            return "told" in points, "accepted" in points

        self.assertEqual(mine(self.case), (True, False))
        self._tell()
        self.assertEqual(mine(self.case), (False, True))
        self._accept()
        self.assertEqual(mine(self.case), (False, False))

    def test_who_suggests_is_only_told(self):
        case = self._answering(kind="suggestion")
        self._tell(case)
        self.assertNotIn("accepted", " ".join(case._cs_open_points()))

    # === RIGHTS === #

    def test_rows_are_made_by_the_case_only(self):
        row = self._tell()
        vals = {
            "complaint_id": self.case.id,
            "text": "x",
            "way": "phone",
            "told_at": fields.Datetime.to_string(fields.Datetime.now()),
        }
        for role in ("agent", "chief"):
            with self.assertRaises(AccessError):
                self._rpc(role, row._name, "create", [vals])
            with self.assertRaises(AccessError):
                self._rpc(role, row._name, "write", row.ids, {"text": "x"})
            with self.assertRaises(AccessError):
                self._rpc(role, row._name, "unlink", row.ids)
        with self.assertRaises(AccessError):
            row.write({"text": "x"})

    def test_what_follows_from_buttons_is_not_filled_in(self):
        row = self._tell()
        for vals in (
            {"answer_id": row.id},
            {"answered_at": "2026-01-01 00:00:00"},
            {"answer_state": "accepted"},
            {"round_no": 3},
            {"previous_id": self.case.id},
            {"chain_id": self.case.id},
            {"refused_reason": "x"},
        ):
            with self.assertRaises(UserError, msg=vals):
                self._rpc("chief", "cs.complaint", "write", self.case.ids, vals)

    def test_rows_are_read_by_who_reads_the_case(self):
        row = self._tell()
        for role in ("accused", "head", "accountant", "plain"):
            with self.assertRaises(AccessError, msg=role):
                self._rpc(role, row._name, "search_read", [], ["text"])
        case = self._answering("masked", masked=True)
        hidden = self._tell(case, role="masked")
        readers = self.env["cs.complaint"].with_user(self.users["agent2"])
        if readers.search([("id", "=", case.id)]):
            return
        found = self._rpc("agent2", row._name, "search", [])
        self.assertNotIn(hidden.id, found)
        with self.assertRaises(AccessError):
            self._rpc("agent2", row._name, "read", hidden.ids, ["text"])

    def test_auditor_tells_nobody(self):
        with self.assertRaises(AccessError):
            self._tell(role="auditor")


@tagged("post_install", "-at_install")
class TestTellMany(AnswerCommon):
    """A mass event: one answer for all callers, each accepts for himself."""

    def _event(self):
        parent = self.case
        self._set(parent, is_event=True, opinion="A pipe broke.")
        known, unknown = self._known(), self._complaint()
        self._set(known + unknown, parent_id=parent.id)
        return parent, known, unknown

    def test_all_callers_who_can_be_written_to_are_told(self):
        parent, known, unknown = self._event()
        self._tell(parent)
        row = known.sudo().answer_id
        self.assertEqual((row.text, row.way, row.state), (TEXT, "sms", "told"))
        self.assertEqual((known.state, known.opinion), ("answering", "A pipe broke."))
        self.assertEqual(known.judgement, parent.judgement)
        self.assertFalse(unknown.sudo().answer_id)

    def test_each_caller_accepts_for_himself(self):
        parent, known, _unknown = self._event()
        self._tell(parent)
        self._accept(parent)
        self.assertEqual(known.sudo().answer_id.state, "told")
        self._accept(known)
        self.assertEqual(known.sudo().answer_id.state, "accepted")

    def test_callers_who_were_not_reached(self):
        parent, known, unknown = self._event()
        self._tell(parent)
        action = self._rpc("leader", "cs.complaint", "action_untold", parent.ids)
        found = self.env["cs.complaint"].search(action["domain"])
        self.assertIn(unknown, found)
        self.assertNotIn(known, found)
        self.assertEqual(parent.untold_count, 1)
