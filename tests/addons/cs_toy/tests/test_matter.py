import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import ToyCommon


class TestMatter(ToyCommon):
    def test_number_in_company_time(self):
        with freeze_time("2026-11-30 15:59:59"):
            last = self._request()
        with freeze_time("2026-11-30 16:00:00"):
            first = self._request()
        self.assertTrue(last.name.startswith("2611"))
        self.assertTrue(first.name.startswith("2612"))

    def test_batch_numbers_follow_each_other(self):
        model = self.env["cs.toy.request"].with_user(self.clerk)
        requests = model.create([{"wish": str(number)} for number in range(5)])
        numbers = [int(name) for name in requests.mapped("name")]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 5)))

    def test_comes_with_a_contact_nobody_took(self):
        request = self._request()
        contact = request.interaction_id
        self.assertEqual(contact.state, "unclaimed")
        self.assertFalse(contact.first_owner_id)
        self.assertEqual(contact.partner_id, self.customer)
        self.assertEqual(contact.open_matter_count, 1)

    def test_keeps_the_contact_it_is_given(self):
        contact = self._contact()
        request = self._request(interaction_id=contact.id)
        self.assertEqual(request.interaction_id, contact)
        self.assertEqual(request.first_owner_id, self.clerk)

    def test_inherits_the_contact_of_its_origin(self):
        first = self._request(interaction_id=self._contact().id)
        second = self._request(origin_ref=f"cs.toy.request,{first.id}")
        self.assertEqual(second.interaction_id, first.interaction_id)
        self.assertEqual(second._cs_linked("origin"), [("origin", first)])
        self.assertEqual(first._cs_linked("result"), [("result", second)])

    def test_origin_must_be_readable(self):
        report = self._report()
        with self.assertRaises(AccessError):
            self._request(origin_ref=f"cs.toy.report,{report.id}")

    def test_foreign_contact_must_be_readable(self):
        report = self._report()
        with self.assertRaises(AccessError):
            self._request(interaction_id=report.interaction_id.id)

    def test_no_state_from_outside(self):
        for name, value in (
            ("state", "closed"),
            ("is_open", False),
            ("due_at", "2030-01-01 00:00:00"),
            ("clock_state", "met"),
            ("masked", True),
            ("chase_count", 9),
            ("opened_at", "2020-01-01 00:00:00"),
            ("name", "1"),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                self._request(**{name: value})
            request = self._request()
            with self.subTest(name), self.assertRaises(UserError):
                request.write({name: value})
            forged = self.env["cs.toy.request"].with_user(self.clerk)
            forged = forged.with_context(**{f"default_{name}": value})
            with self.subTest(name):
                self.assertNotEqual(forged.create({"wish": "x"})[name], value)

    def test_import_sets_no_state(self):
        loaded = self.env["cs.toy.request"].with_user(self.clerk)
        result = loaded.load(["wish", "state"], [["Tea", "closed"]])
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    def test_contact_and_company_last(self):
        request = self._request()
        with self.assertRaises(UserError):
            request.interaction_id = self._contact()
        with self.assertRaises(UserError):
            request.company_id = self.other_company

    def test_states_follow_the_table(self):
        request = self._request()
        with self.assertRaises(UserError):
            request.action_close()
        request.action_work()
        self.assertEqual(request.state, "work")
        with self.assertRaises(UserError):
            request.action_work()

    def test_even_the_superuser_keeps_to_the_table(self):
        with self.assertRaises(UserError):
            self._request().sudo()._cs_set_state("closed")

    def test_others_may_not(self):
        request = self._request()
        with self.assertRaises(AccessError):
            request.with_user(self.users["plain"]).action_work()

    def test_open_follows_the_state(self):
        report = self._report()
        self.assertTrue(report.is_open)
        report.action_close()
        self.assertFalse(report.is_open)
        self.assertTrue(report.closed_at)
        report._cs_set_state("new")
        self.assertTrue(report.is_open)
        self.assertFalse(report.closed_at)

    def test_handlers_are_kept(self):
        request = self._request(handler_id=self.clerk.id)
        request.handler_id = self.second
        rows = self.env["cs.matter.holder"].search([("res_id", "=", request.id)])
        rows = rows.filtered(lambda row: row.res_model == "cs.toy.request")
        self.assertEqual(rows.user_id, self.clerk | self.second)
        self.assertEqual(len(rows.filtered(lambda row: not row.date_to)), 1)

    def test_dispatch_leaves_the_first_owner(self):
        request = self._request(interaction_id=self._contact().id)
        request.handler_id = self.second
        self.assertEqual(request.first_owner_id, self.clerk)

    def test_team_of_whoever_writes(self):
        self.assertEqual(self._request().team_id, self.team)

    def test_chase_counts_and_is_answered(self):
        request = self._request(handler_id=self.second.id)
        request.action_chase("It smells again")
        request.action_chase()
        self.assertEqual(request.chase_count, 2)
        chases = self.env["cs.chase"].search([("res_id", "=", request.id)])
        self.assertEqual(len(chases), 2)
        chase = chases[-1].with_user(self.second)
        self.assertEqual(chase.note, "It smells again")
        with self.assertRaises(UserError):
            chase.action_answer("  ")
        chase.action_answer("At six")
        self.assertEqual(chase.answered_by_id, self.second)
        with self.assertRaises(UserError):
            chase.action_answer("At seven")

    def test_closed_matters_are_not_chased(self):
        request = self._request()
        request._cs_set_state("cancelled")
        with self.assertRaises(UserError):
            request.action_chase()

    def test_engine_rows_are_nobodys(self):
        request = self._request(handler_id=self.clerk.id)
        request.action_chase()
        for model in ("cs.chase", "cs.matter.holder", "cs.link"):
            rows = self.env[model].search([], limit=1)
            for env in (self.env, self.env(user=self.users["manager"])):
                with self.subTest(model), self.assertRaises(AccessError):
                    rows.with_env(env).write({"company_id": self.other_company.id})
                with self.subTest(model), self.assertRaises(AccessError):
                    env[model].create({"res_id": request.id})

    def test_nobody_deletes(self):
        request = self._request()
        with self.assertRaises(AccessError):
            request.with_user(self.users["manager"]).unlink()

    def test_deleted_matters_take_their_rows_along(self):
        first = self._request()
        second = self._request(origin_ref=f"cs.toy.request,{first.id}")
        first.action_chase()
        contact = first.interaction_id
        first.sudo().unlink()
        rows = [("res_model", "=", "cs.toy.request"), ("res_id", "=", first.id)]
        self.assertFalse(self.env["cs.chase"].search(rows))
        self.assertFalse(second._cs_linked())
        self.assertEqual(contact.open_matter_count, 1)

    def test_link_says_nothing_of_what_one_may_not_read(self):
        request = self._request()
        report = self._report()
        request._cs_link(report, "related")
        domain = [("res_model", "=", "cs.toy.request"), ("res_id", "=", request.id)]
        links = self.env["cs.link"]
        self.assertFalse(links.with_user(self.clerk).search(domain))
        seen = links.with_user(self.users["masked"]).search(domain)
        self.assertIn(report.name, seen.other_summary)
        other = self._request(company_id=self.company.id)
        request._cs_link(other, "related")
        link = links.with_user(self.clerk).search(domain)
        self.assertIn(other.name, link.other_summary)
        plain = link.with_user(self.users["plain"])
        self.assertNotIn(other.name, plain.other_summary)

    def test_created_in_few_queries(self):
        model = self.env["cs.toy.request"].with_user(self.clerk)
        model = model.with_context(tracking_disable=True)
        model.create({"wish": "warm"})
        counts = []
        for number in (5, 50):
            before = self.env.cr.sql_log_count
            model.create([{"wish": "Tea"} for _ in range(number)])
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 10)

    def test_facts_in_batch(self):
        requests = self._request() | self._request(handler_id=self.second.id)
        facts = requests._cs_facts()
        self.assertEqual(set(facts), set(requests.ids))
        self.assertEqual(facts[requests[0].id]["team"], self.team)

    def test_report_domain_is_in_company_time(self):
        with freeze_time("2026-11-30 16:00:00"):
            request = self._request()
        day = datetime.date(2026, 12, 1)
        domain = request._cs_domain("report", day, day)
        self.assertIn(request, request.search(domain))
        domain = request._cs_domain("report", day, day - datetime.timedelta(days=1))
        self.assertNotIn(request, request.search(domain))

    def test_summary_is_not_personal(self):
        summary = self._request()._cs_summary()
        self.assertNotIn("张三", summary)

    def test_two_companies(self):
        user = new_test_user(
            self.env,
            login="cs_far",
            groups="cs_base.group_user",
            company_id=self.other_company.id,
            company_ids=[(6, 0, self.other_company.ids)],
        )
        mine, theirs = self._request(), self._request(user=user)
        self.assertEqual(theirs.company_id, self.other_company)
        self.assertEqual(theirs.name[:4], mine.name[:4])
        self.assertNotIn(mine, theirs.search([]))
        with self.assertRaises(AccessError):
            mine.with_user(user).action_work()
