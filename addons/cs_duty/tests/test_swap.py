from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ..tools.roster_facts import CODES
from .common import DutyCommon


@tagged("post_install", "-at_install")
class TestSwap(DutyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roster = cls._published(
            zhang="AAAA...AAA", li="....BB.BB.", wang="CC.C......"
        )

    def _swap(self, giver="zhang", taker="li", offset=0, back=None, **values):
        """A draft of ``giver``; ``back``: offset of the shift in return."""
        swaps = self.env["cs.shift.swap"].with_user(self.users[giver])
        line = self._line(self.roster, giver, offset)
        vals = {
            "line_id": line.id,
            "colleague_id": self.employees[taker].id,
            "reason": "Wedding",
            **values,
        }
        if back is not None:
            vals["back_line_id"] = self._line(self.roster, taker, back).id
        return swaps.create(vals)

    def _agreed(self, *args, **kwargs):
        swap = self._swap(*args, **kwargs)
        swap.action_ask()
        swap.with_user(swap.sudo().colleague_user_id).action_agree()
        return swap

    def _approved(self, *args, **kwargs):
        swap = self._agreed(*args, **kwargs)
        swap.with_user(self.users["chief"]).action_approve()
        return swap

    def _worker(self, offset, code):
        lines = self.roster.sudo().line_ids.filtered(
            lambda line: (
                line.date == self._day(offset) and line.shift_type_id.code == code
            )
        )
        return lines.employee_id

    def _assertRefused(self, word, function, *args):
        with self.assertRaises(UserError) as caught:
            function(*args)
        self.assertIn(word, str(caught.exception))

    # === STEPS === #

    def test_every_rule_has_its_sentence(self):
        self.assertEqual(set(self.env["cs.roster"]._cs_rule_texts()), set(CODES))

    def test_cover(self):
        swap = self._agreed()
        self.assertEqual(swap.kind, "cover")
        self.assertEqual(self._worker(0, "A"), self.employees["zhang"])
        swap.with_user(self.users["leader"]).action_approve()
        self.assertEqual(swap.state, "approved")
        line = self._line(self.roster, "li", 0)
        self.assertEqual(line.planned_employee_id, self.employees["zhang"])
        self.assertEqual(line.user_id, self.users["li"])
        self.assertFalse(self._line(self.roster, "zhang", 0))

    def test_swap_of_two_shifts(self):
        swap = self._approved(offset=0, back=4)
        self.assertEqual(swap.kind, "swap")
        self.assertEqual(self._worker(0, "A"), self.employees["li"])
        self.assertEqual(self._worker(4, "B"), self.employees["zhang"])

    def test_pay_back(self):
        cover = self._approved(offset=0)
        back = self._swap("li", "zhang", offset=5, payback_of_id=cover.id)
        self.assertEqual(back.kind, "payback")
        for other in ({"taker": "wang"}, {"giver": "zhang", "taker": "li"}):
            with self.assertRaises(ValidationError):
                self._swap(
                    **{
                        "giver": "li",
                        "taker": "zhang",
                        **other,
                        "offset": 8,
                        "payback_of_id": cover.id,
                    }
                )
        back.action_ask()
        back.with_user(self.users["zhang"]).action_agree()
        back.with_user(self.users["chief"]).action_approve()
        self.assertEqual(self._worker(5, "B"), self.employees["zhang"])

    def test_buttons_pressed_twice(self):
        swap = self._approved()
        with self.assertRaises(UserError):
            swap.with_user(self.users["chief"]).action_approve()
        self.assertEqual(self._worker(0, "A"), self.employees["li"])

    def test_declined_and_refused(self):
        swap = self._swap()
        swap.action_ask()
        swap.with_user(self.users["li"]).action_decline("No time")
        self.assertEqual((swap.state, swap.answer), ("declined", "No time"))
        swap = self._agreed(offset=1)
        chief = swap.with_user(self.users["chief"])
        self._assertRefused("Say why", chief.action_refuse)
        chief.answer = "Too many away"
        chief.action_refuse()
        self.assertEqual(swap.state, "refused")
        self.assertEqual(self._worker(1, "A"), self.employees["zhang"])

    def test_taken_back_and_undone(self):
        swap = self._agreed()
        swap.action_cancel()
        self.assertEqual((swap.state, swap.was_approved), ("cancelled", False))
        swap = self._approved(offset=0, back=4)
        with self.assertRaises(AccessError):
            swap.action_cancel()
        swap.with_user(self.users["chief"]).action_cancel()
        self.assertEqual(self._worker(0, "A"), self.employees["zhang"])
        self.assertEqual(self._worker(4, "B"), self.employees["li"])

    def test_begun_swap_is_not_undone(self):
        swap = self._approved()
        with freeze_time("2027-03-01 02:00:00"), self.assertRaises(UserError):
            swap.with_user(self.users["chief"]).action_cancel()

    def test_people_are_told(self):
        swap = self._approved()
        notices = self.env["cs.notify"].search(
            [("res_model", "=", swap._name), ("res_id", "=", swap.id)]
        )
        told = {(notice.code, notice.user_id) for notice in notices}
        self.assertEqual(
            told,
            {
                ("swap.asked", self.users["li"]),
                ("swap.agreed", self.users["leader"]),
                ("swap.decided", self.users["zhang"]),
                ("swap.decided", self.users["li"]),
            },
        )

    def test_undecided_expire(self):
        swap, other = self._agreed(), self._agreed(offset=3)
        with freeze_time("2027-03-01 01:00:00"):
            self.env["cs.shift.swap"]._cron_expire()
        self.assertEqual((swap.state, other.state), ("expired", "agreed"))

    # === WHO === #

    def test_each_step_has_its_person(self):
        swap = self._swap()
        for login in ("li", "chief", "leader"):
            with self.assertRaises(AccessError):
                swap.with_user(self.users[login]).action_ask()
        swap.action_ask()
        for login in ("zhang", "wang", "chief"):
            with self.assertRaises(AccessError):
                swap.with_user(self.users[login]).action_agree()
        swap.with_user(self.users["li"]).action_agree()
        for login in ("zhang", "li", "wang", "stranger"):
            with self.assertRaises(AccessError):
                self._rpc(login, "cs.shift.swap", "action_approve", swap.ids)
        self.assertEqual(swap.state, "agreed")

    def test_nobody_approves_his_own(self):
        for login in ("zhang", "li"):
            self.users[login].group_ids += self.env.ref("cs_duty.group_manager")
        self.team.lead_id = self.users["li"]
        swap = self._agreed()
        for login in ("zhang", "li"):
            with self.assertRaises(AccessError):
                swap.with_user(self.users[login]).action_approve()

    def test_nobody_approves_his_own_with_a_second_login(self):
        other = new_test_user(self.env, login="zhang2", groups="cs_duty.group_manager")
        swap = self._agreed()
        self.employees["zhang"].user_id = False
        self.employees["zhang"].user_id = other
        with self.assertRaises(AccessError):
            swap.with_user(other).action_approve()

    def test_only_ones_own_shift(self):
        with self.assertRaises(ValidationError):
            self._swap(line_id=self._line(self.roster, "wang", 0).id)
        with self.assertRaises(ValidationError):
            self._swap(back_line_id=self._line(self.roster, "wang", 3).id)

    def test_closed_fields(self):
        swap = self._swap()
        for values in ({"state": "approved"}, {"requester_id": False}):
            with self.assertRaises(UserError):
                self._rpc("zhang", "cs.shift.swap", "write", swap.ids, values)
        with self.assertRaises(UserError):
            self._swap(requester_id=self.employees["wang"].id)
        swap.action_ask()
        wang = {"colleague_id": self.employees["wang"].id}
        for login, values in (
            ("zhang", wang),
            ("li", wang),
            ("zhang", {"answer": "Yes"}),
            ("chief", {"reason": "Yes"}),
        ):
            with self.assertRaises(UserError):
                self._rpc(login, "cs.shift.swap", "write", swap.ids, values)
        with self.assertRaises(UserError):
            swap.unlink()
        self._rpc("li", "cs.shift.swap", "write", swap.ids, {"answer": "Yes"})

    def test_strangers_do_not_see_it(self):
        swap = self._swap()
        for login, seen in (("wang", 0), ("stranger", 0), ("leader", 1), ("li", 1)):
            found = self.env["cs.shift.swap"].with_user(self.users[login])
            self.assertEqual(found.search_count([("id", "=", swap.id)]), seen, login)

    def test_user_without_employee(self):
        new_test_user(self.env, login="nobody", groups="cs_duty.group_user")
        self.users["nobody"] = self.env["res.users"].search([("login", "=", "nobody")])
        with self.assertRaises(UserError):
            self._rpc(
                "nobody",
                "cs.shift.swap",
                "create",
                {
                    "line_id": self._line(self.roster, "zhang", 0).id,
                    "colleague_id": self.employees["li"].id,
                },
            )

    # === RULES === #

    def test_limit_and_pending_reserve(self):
        self.company.cs_duty_swaps_a_month = 2
        self._agreed(offset=0)
        swap = self._swap(offset=3)
        swap.action_ask()
        third = self._swap(offset=8, taker="wang")
        self.assertIn("Swaps a month", third.problems)
        self._assertRefused("Swaps a month", third.action_ask)
        swap.action_cancel()
        third.action_ask()

    def test_no_swaps_in_a_row(self):
        self._approved(offset=0)
        self._assertRefused(
            "No swaps in a row", self._swap(offset=1, taker="wang").action_ask
        )

    def test_double_shift_and_booking(self):
        swap = self._swap("li", "zhang", offset=8)
        self._assertRefused("No double shifts", swap.action_ask)
        self.assertIn("Double booking", swap.problems)

    def test_holiday(self):
        self.env["cs.workday"].create(
            {"date": self._day(0), "kind": "off", "name": "Feast"}
        )
        self._assertRefused("Holiday", self._swap().action_ask)

    def test_notice(self):
        swap = self._swap()
        with freeze_time("2027-02-28 01:01:00"):
            self._assertRefused("Notice", swap.action_ask)
        with freeze_time("2027-02-28 01:00:00"):
            swap.action_ask()
        with freeze_time("2027-02-28 20:00:00"):
            swap.with_user(self.users["li"]).action_agree()
            swap.with_user(self.users["chief"]).action_approve()

    def test_leave_since_asking(self):
        swap = self._swap()
        self._leave("li", 0)
        self._assertRefused("Li has leave", swap.action_ask)

    def test_checked_again_at_approval(self):
        swap = self._agreed()
        self.kinds["A"].qualification_ids = self.env["cs.duty.qualification"].create(
            {"name": "Gas Desk"}
        )
        chief = swap.with_user(self.users["chief"])
        self._assertRefused("Li lacks Gas Desk", chief.action_approve)
        self.assertEqual(swap.state, "agreed")

    def test_roster_changed_since_asking(self):
        swap = self._agreed()
        draft = self.roster.browse(self.roster.action_new_version()["res_id"])
        draft.action_publish()
        chief = swap.with_user(self.users["chief"])
        self._assertRefused("Roster changed", chief.action_approve)

    def test_shift_in_one_open_swap(self):
        self.company.cs_duty_swaps_a_month = 0
        self._agreed()
        self._assertRefused("Another swap", self._swap(taker="wang").action_ask)

    def test_swapped_shift_cannot_become_leave(self):
        self._approved()
        self._leave("zhang", 0)
        with self.assertRaises(ValidationError) as caught:
            self._leave("li", 0)
        self.assertIn("can't become leave", str(caught.exception))
        self._leave("li", 1)

    def test_pending_swap_cannot_become_leave(self):
        self._agreed()
        for login in ("zhang", "li"):
            with self.assertRaises(ValidationError):
                self._leave(login, 0)

    def test_only_within_the_team(self):
        self.company.cs_duty_same_team = True
        stranger = self._swap(taker="stranger")
        self._assertRefused("Team: Stranger", stranger.action_ask)
        self._swap(taker="li").action_ask()

    # === MISSED === #

    def test_missed_shift(self):
        swap = self._approved(offset=0, back=4)
        leader = swap.with_user(self.users["leader"])
        self._assertRefused("hasn't begun", leader.action_missed)
        with freeze_time("2027-03-01 02:00:00"):
            leader.action_missed()
            leader.action_missed()
        incident = swap.sudo().incident_ids
        self.assertEqual(len(incident), 1)
        self.assertEqual(incident.employee_id, self.employees["li"])
        self.assertEqual((incident.amount, incident.state), (20, "proposed"))
        with freeze_time("2027-03-05 10:00:00"):
            leader.action_back_missed()
        other = swap.sudo().incident_ids - incident
        self.assertEqual(other.employee_id, self.employees["zhang"])
        for login in ("li", "leader"):
            with self.assertRaises(AccessError):
                self._rpc(login, "cs.duty.incident", "action_confirm", incident.ids)
        chief = incident.with_user(self.users["chief"])
        chief.amount = 10
        chief.action_confirm()
        with self.assertRaises(UserError):
            chief.amount = 5
        dropped = other.with_user(self.users["chief"])
        self._assertRefused("Say why", dropped.action_drop)
        dropped.note = "Was ill"
        dropped.action_drop()
        self.assertEqual((incident.amount, other.state), (10, "dropped"))

    def test_nobody_decides_about_himself(self):
        self.users["li"].group_ids += self.env.ref("cs_duty.group_manager")
        swap = self._approved()
        with freeze_time("2027-03-01 02:00:00"):
            swap.with_user(self.users["leader"]).action_missed()
        incident = swap.sudo().incident_ids.with_user(self.users["li"])
        for act in (incident.action_confirm, lambda: incident.write({"amount": 0})):
            with self.assertRaises(AccessError):
                act()

    def test_queries_do_not_grow_with_the_swaps(self):
        def count(swap):
            swap.env.invalidate_all()
            before = self.env.cr.sql_log_count
            swap.sudo()._cs_broken()
            return self.env.cr.sql_log_count - before

        self.company.cs_duty_swaps_a_month = 0
        swap = self._swap(offset=9, taker="wang")
        count(swap)
        first = count(swap)
        for offset in (0, 3):
            self._approved(offset=offset)
        self.assertLessEqual(count(swap), first + 4)
