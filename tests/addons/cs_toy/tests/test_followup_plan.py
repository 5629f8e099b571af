import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import ToyCommon


@tagged("post_install", "-at_install")
class TestFollowupPlan(ToyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.premises = cls.env["cs.premises"].browse()
        for room in range(101, 105):
            cls.premises |= cls._create_premises(
                room=str(room), area="North", steward_id=cls.clerk.id
            )
        cls._create_premises(room="999", area="South", steward_id=cls.clerk.id)
        cls.env["cs.premises.party"].create(
            [
                {
                    "premises_id": cls.premises[0].id,
                    "partner_id": cls.customer.id,
                    "role": role,
                    "date_from": "2026-10-05",
                }
                for role in ("owner", "holder")
            ]
        )
        cls.plan = cls.env["cs.followup.plan"].create(
            {"name": "Every quarter, North", "area": "North"}
        )

    def _visits(self, plan=None):
        plan = plan or self.plan
        return self.env["cs.followup"].search([("plan_id", "=", plan.id)])

    def _cron(self):
        self._run_cron("ir_cron_followup_plan")

    def test_once_in_a_period(self):
        with freeze_time("2026-11-22 02:00:00"):
            self._cron()
            visits = self._visits()
            self.assertEqual(visits.premises_id, self.premises)
            self.assertEqual(set(visits.mapped("period")), {"2026Q4"})
            self._cron()
            self.assertEqual(self._visits(), visits)
        with freeze_time("2026-12-31 15:59:00"):  # 23:59 in Shanghai
            self._cron()
            self.assertEqual(self._visits(), visits)
        with freeze_time("2026-12-31 16:01:00"):  # the new year there
            self._cron()
            fresh = self._visits() - visits
            self.assertEqual(fresh.premises_id, self.premises)
            self.assertEqual(set(fresh.mapped("period")), {"2027Q1"})
            self._cron()
            self.assertEqual(len(self._visits()), 8)

    def test_what_a_visit_says(self):
        with freeze_time("2026-11-22 02:00:00"):
            self._cron()
        visit = self._visits().filtered(lambda one: one.premises_id.room == "101")
        self.assertEqual(visit.kind, "periodic")
        self.assertEqual(visit.user_id, self.clerk)
        self.assertEqual(visit.team_id, self.team)
        self.assertEqual(visit.partner_id, self.customer)
        self.assertEqual(
            self.company._cs_date(visit.due_at), datetime.date(2026, 12, 31)
        )
        visit.with_user(self.clerk).action_done()
        self.assertEqual(visit.outcome, "done")

    def test_new_premises_are_added_and_empty_ones_left_out(self):
        with freeze_time("2026-11-22 02:00:00"):
            self._cron()
            self._create_premises(room="105", area="North")
            self._create_premises(room="106", area="North", occupancy="vacant")
            self._cron()
        visits = self._visits()
        self.assertEqual(len(visits), 5)
        orphan = visits.filtered(lambda one: one.premises_id.room == "105")
        self.assertFalse(orphan.user_id)  # nobody looks after them
        self.assertTrue(orphan.needs_owner)

    def test_first_year(self):
        plan = self.env["cs.followup.plan"].create(
            {
                "name": "New here",
                "cadence": "first_year",
                "who": "user",
                "user_id": self.second.id,
            }
        )
        months = []
        for year, month in [(2026, m) for m in range(9, 13)] + [
            (2027, m) for m in range(1, 13)
        ]:
            with freeze_time(datetime.datetime(year, month, 15)):
                plan._cs_run()
                months = self._visits(plan).mapped("period")
        self.assertEqual(len(months), 12)
        self.assertEqual((min(months), max(months)), ("2026-11", "2027-10"))
        self.assertEqual(self._visits(plan).user_id, self.second)

    def test_archived_plan_makes_none(self):
        self.plan.active = False
        self._cron()
        self.assertFalse(self._visits())
        self.assertFalse(self.plan.next_run)

    def test_queries_do_not_grow(self):
        def run(number, community):
            self.env["cs.premises"].create(
                [
                    {
                        "community": community,
                        "room": str(room),
                        "area": "East",
                        "steward_id": self.clerk.id,
                    }
                    for room in range(number)
                ]
            )
            plan = self.env["cs.followup.plan"].create(
                {"name": community, "area": "East", "community": community}
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            visits = plan._cs_run()
            self.env.flush_all()
            self.assertEqual(len(visits), number)
            return self.env.cr.sql_log_count - before

        run(2, "Zero")
        few = run(5, "One")
        self.assertLessEqual(run(80, "Two"), few + 2)

    def test_who_may_plan(self):
        for role in ("user", "lead", "auditor", "plain"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, "cs.followup.plan", "action_run", self.plan.ids)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(
                    role, "cs.followup.plan", "write", self.plan.ids, {"name": "x"}
                )
        self._rpc("manager", "cs.followup.plan", "action_run", self.plan.ids)
        self.assertEqual(len(self._visits()), 4)
        with self.assertRaises(ValidationError):
            self.plan.write({"who": "user", "user_id": False})
        self.assertIn(self.plan._cs_period().key, self.plan.example)
        self.assertEqual(self.plan.premises_count, 4)

    def test_other_company(self):
        self.plan.company_id = self.other_company
        self._cron()
        self.assertFalse(self._visits())
