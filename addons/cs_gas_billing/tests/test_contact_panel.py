from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import SQL

from .test_hall import EARLY, HallCommon


@tagged("post_install", "-at_install")
class TestContactPanel(HallCommon):
    """The contact panel of the base finds customers by what stands on their bill."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, login="panel_clerk", groups="cs_base.group_user"
        )

    def _find(self, term, user=None):
        panel = self.env["cs.contact.panel"].with_user(user or self.clerk)
        return {(row["kind"], row["id"]) for row in panel.find(term)}

    @freeze_time(EARLY)
    def test_by_account_and_meter(self):
        """Also for somebody without a role in gas billing."""
        account = self.account
        serial = account.meter_id.serial
        place = account.service_point_id.premises_id
        self.assertTrue(serial and place)
        expected = {("person", account.partner_id.id), ("premises", place.id)}
        for term in (account.code, account.code.lower(), f" {account.code} ", serial):
            with self.subTest(term):
                self.assertEqual(self._find(term) & expected, expected)
        self.assertLessEqual(expected, self._find(account.code[:-1]))
        for term in ("T9999999", account.code[:3], "%", "_" * 7):
            with self.subTest(term):
                self.assertFalse(self._find(term) & expected)

    @freeze_time(EARLY)
    def test_other_companies_stay_unseen(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            login="panel_stranger",
            groups="cs_base.group_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.assertFalse(self._find(self.account.code, stranger))

    @freeze_time(EARLY)
    def test_each_query_has_an_index(self):
        """Rows are never read one after the other."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        search = self.env["cs.contact.panel.search"].with_user(self.clerk)
        plans = {}
        for queries in search._gas_queries("T000070"):
            for meaning, query in queries:
                rows = self.env.execute_query(SQL("EXPLAIN %s LIMIT 8", query))
                plans[meaning] = "\n".join(line for (line,) in rows)
        self.assertEqual(plans.keys(), {"account", "meter"})
        for plan in plans.values():
            self.assertNotIn("Seq Scan", plan)
        self.assertIn("gas_account_code", plans["account"])
