import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .test_slip import MONDAY, SlipCommon


@tagged("post_install", "-at_install")
@freeze_time(MONDAY)
class TestAction(SlipCommon):
    def _action(self, user=None, **vals):
        actions = self.env["cs.action"].with_user(user or self.users["user"])
        return actions.create(
            {
                "subject": "Cellars are skipped",
                "problem": "Twice this month",
                "measure": "Readers sign for each cellar",
                "handler_id": self.mate.id,
                "due_on": "2026-11-30",
                **vals,
            }
        )

    def test_due_at_the_end_of_its_day(self):
        for day in ("2026-11-23", "2026-11-24", "2026-11-30", "2027-02-28"):
            action = self._action(due_on=day)
            due = self.company._cs_to_local(action.due_at)
            with self.subTest(day=day):
                self.assertEqual(f"{due:%Y-%m-%d %H:%M:%S}", f"{day} 23:59:59")
        with self.assertRaises(UserError):
            self._action(due_on="2026-11-22")

    def test_done_then_checked_by_somebody_else(self):
        action = self._action()
        self.assertEqual(self._notices(action, "action.new"), self.mate)
        with self.assertRaises(UserError):
            action.action_done("Not mine to do")
        action.with_user(self.mate).action_done("Lists are signed")
        self.assertEqual(action.state, "done")
        self.assertEqual(action.clock_state, "met")
        with self.assertRaises(UserError):
            action.with_user(self.mate).action_check("effective", "Looks good")
        self.assertFalse(action.action_check("effective", "None skipped since"))
        self.assertEqual(action.state, "closed")
        self.assertEqual(action.effect, "effective")
        self.assertEqual(action.checked_by_id, self.users["user"])

    def test_who_decided_it_doesn_t_check_what_he_did_himself(self):
        action = self._action(handler_id=self.users["user"].id)
        action.action_done("Done")
        with self.assertRaises(UserError):
            action.action_check("effective", "Of course")
        action.with_user(self.users["lead"]).action_check("effective", "Seen")
        self.assertEqual(action.state, "closed")

    def test_what_did_not_help_leads_to_the_next(self):
        action = self._action()
        action.with_user(self.mate).action_done("Lists are signed")
        with self.assertRaises(UserError):
            action.action_check("ineffective", "Still skipped")
        [following] = action.action_check(
            "ineffective", "Still skipped", "Photos", due_on="2026-12-10"
        )
        following = action.browse(following)
        self.assertEqual(action.next_id, following)
        self.assertEqual(following.handler_id, self.mate)
        self.assertEqual(following.due_on, datetime.date(2026, 12, 10))
        self.assertEqual(following._cs_linked("origin"), [("origin", action)])
        self.assertEqual(following.author_id, self.users["user"])

    def test_untracked_ones_have_no_clock_and_no_check(self):
        action = self._action(tracked=False)
        self.assertEqual(action.clock_state, "none")
        action.with_user(self.mate).action_done("Told the colleague")
        self.assertEqual(action.state, "closed")

    def test_dropped_with_a_reason(self):
        action = self._action()
        with self.assertRaises(UserError):
            action.with_user(self.mate).action_drop("No time")
        with self.assertRaises(UserError):
            action.action_drop(" ")
        action.action_drop("The meters are gone")
        self.assertEqual(action.state, "dropped")
        self.assertEqual(action.clock_state, "none")
        self.assertEqual(self._notices(action, "action.dropped"), self.mate)

    def test_comes_from_a_slip(self):
        slip = self._slip(user=self.users["user"])
        action = self._action(origin_ref=f"cs.info.slip,{slip.id}")
        self.assertIn(slip.name, action.origin_text)
        self.assertEqual(action.action_open_origin()["res_id"], slip.id)
        hidden = self._slip(user=self.stranger)
        with self.assertRaises(AccessError):
            self._action(origin_ref=f"cs.info.slip,{hidden.id}")

    def test_access_over_rpc(self):
        action = self._action(department_id=self.department.id)
        seen = {"user", "mate", "head", "lead", "manager", "auditor"}
        for role in ("plain", "stranger", *seen):
            domain = [("id", "=", action.id)]
            found = self._rpc(role, "cs.action", "search", domain)
            with self.subTest(role=role):
                self.assertEqual(bool(found), role in seen)
        for name, value in (
            ("state", "closed"),
            ("effect", "effective"),
            ("due_on", "2027-01-01"),
            ("tracked", False),
            ("author_id", self.mate.id),
        ):
            for role in ("user", "mate"):
                with self.subTest(name=name, role=role), self.assertRaises(UserError):
                    self._rpc(role, "cs.action", "write", action.ids, {name: value})
        self._rpc("user", "cs.action", "write", action.ids, {"measure": "More"})
        with self.assertRaises(UserError):
            self._rpc("mate", "cs.action", "write", action.ids, {"measure": "Less"})

    def test_more_time_moves_the_deadline(self):
        action = self._action()
        until = self.company._cs_day_bounds(datetime.date(2026, 12, 5))[1]
        until -= datetime.timedelta(seconds=1)
        action.sudo()._cs_clocks()._cs_extend(until)
        self.assertEqual(action.due_at, until)
