import datetime

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ComplaintCommon


def figures_of(node):
    """All figures in what the dashboard returned."""
    if isinstance(node, dict):
        if "domain" in node:
            yield node
        for value in node.values():
            yield from figures_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from figures_of(value)


@tagged("post_install", "-at_install")
class TestBoard(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cause = cls.env["cs.complaint.cause"].create({"name": "Slow repair"})
        now = fields.Datetime.now()
        for back, severity in enumerate(("general", "influential", "severe", "media")):
            case = cls._complaint(
                "agent",
                received_at=now - datetime.timedelta(days=40 * back),
                cause_id=cls.cause.id,
                team_id=cls.team.id,
                handler_id=cls.users["agent"].id,
            )
            case.sudo().write({"severity": severity})
            cls.cases = getattr(cls, "cases", case.browse()) + case
        cls.cases.sudo().write(
            {"due_at": now + datetime.timedelta(days=2), "clock_state": "running"}
        )
        cls.cases[1].sudo().write(
            {"due_at": now - datetime.timedelta(hours=1), "clock_state": "late"}
        )
        cls.env.flush_all()

    def _figures(self, login, **filters):
        return self._rpc(login, "cs.complaint.dashboard", "get_figures", filters)

    def _open_count(self, login):
        return self._figures(login)["tiles"]["open"]["count"]

    def test_drill_down(self):
        """Each figure counts exactly the rows its domain finds for the same user."""
        for login in ("leader", "agent", "auditor"):
            for filters in ({}, {"severity": "influential"}, {"period": "month"}):
                found = list(figures_of(self._figures(login, **filters)))
                self.assertGreater(len(found), 50)
                for figure in found:
                    count = self._rpc(
                        login, figure["model"], "search_count", figure["domain"]
                    )
                    self.assertEqual(count, figure["count"], figure)

    def test_counts(self):
        data = self._figures("leader", team_id=self.team.id)
        self.assertEqual(data["tiles"]["open"]["count"], 4)
        self.assertEqual(data["tiles"]["late"]["count"], 1)
        self.assertEqual(data["tiles"]["severe"]["count"], 2)
        self.assertEqual([row["count"] for row in data["severity"]], [1, 1, 1, 1])
        self.assertEqual(sum(row["count"] for row in data["trend"]["received"]), 4)
        self.assertEqual(data["causes"][0]["count"], 4)
        self.assertEqual(data["causes"][0]["label"], "Slow repair")

    def test_rights(self):
        """A masked case isn't counted for who may not read it; no role, no figures."""
        strangers = ("agent2", "chief", "auditor")
        before = {login: self._open_count(login) for login in strangers}
        self.cases[0].sudo().write({"masked": True})
        for login in strangers:
            self.assertEqual(self._open_count(login), before[login] - 1, login)
        for login in ("accused", "accountant"):
            with self.assertRaises(AccessError):
                self._figures(login)

    def test_filters(self):
        for filters in (
            {"period": "century"},
            {"severity": "x"},
            {"team_id": "1 OR 1=1"},
        ):
            with self.assertRaises(UserError):
                self._figures("leader", **filters)

    def test_hard_cases_as_the_list_shows_them(self):
        """Marked or not: what the menu Hard Cases lists is what is counted."""
        self.cases[0].action_mark_hard("He calls every day")
        for login in ("leader", "agent"):
            cases = self.env["cs.complaint"].with_user(self.users[login])
            listed = cases.search([("is_hard", "=", True)])
            self.assertEqual(listed & self.cases, self.cases)
            hard = self._figures(login)["hard"]
            self.assertEqual(hard["count"], len(listed))
            opened = cases.search(hard["domain"])
            self.assertEqual(opened, listed)

    def test_queries(self):
        """More cases cost no more queries."""
        dashboard = self.env["cs.complaint.dashboard"].with_user(self.users["leader"])
        dashboard.get_figures({})

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            dashboard.get_figures({})
            return self.env.cr.sql_log_count - start

        few = count()
        for _number in range(8):
            self._complaint("agent", team_id=self.team.id, cause_id=self.cause.id)
        self.assertLessEqual(count(), few)
        self.assertLess(few, 60)

    def test_search_and_labels(self):
        """Answered in time and what the customer said are found as they are shown."""
        case, other = self.cases[:2]
        clock = self.env["cs.clock"].sudo()
        commitments = self.env["cs.commitment"].sudo()
        if not commitments.search_count([("code", "=", "complaint.answer")]):
            commitments.create(
                {
                    "name": "Answer",
                    "code": "complaint.answer",
                    "unit": "workday",
                    "quantity": 3,
                }
            )
        case.sudo()._cs_clocks()._cs_cancel()
        clocks = clock._cs_start(
            [
                (
                    case.sudo(),
                    "complaint.answer",
                    [case.handler_id],
                    fields.Datetime.now(),
                )
            ]
        )
        clocks._cs_stop()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(case.answered_in_time, "met")
        self.assertFalse(other.answered_in_time)
        search = self.env["cs.complaint"].search
        self.assertIn(case, search([("answered_in_time", "=", "met")]))
        self.assertNotIn(other, search([("answered_in_time", "=", "met")]))
        self.assertIn(other, search([("answered_in_time", "=", False)]))

    def test_waits_for(self):
        case = self.cases[0]
        self.assertIn("Agent", case.waits_for)
        case.sudo().write({"handler_id": False})
        self.assertIn("somebody", case.waits_for)

    def test_views(self):
        """Every view of the action loads for each role, with fields it can show."""
        kinds = ["list", "kanban", "calendar", "search"]
        for login in ("agent", "leader", "auditor"):
            got = self._rpc(
                login, "cs.complaint", "get_views", [[False, kind] for kind in kinds]
            )
            self.assertEqual(sorted(got["views"]), sorted(kinds), login)
            for kind in kinds:
                self.assertIn("<field", got["views"][kind]["arch"], (login, kind))
            known = got["models"]["cs.complaint"]["fields"]
            self.assertLessEqual({"name", "state", "due_at"}, set(known), login)
