import contextlib
import datetime

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tests.common import warmup

from .common import ToyCommon


class DeskCommon(ToyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.index = cls.env["cs.matter.index"]

    def _as(self, user):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env(user=user, su=False)

    def _desk(self, user):
        return self._as(user)["cs.desk"].get()

    def _tile(self, user, key, part="mine"):
        [tile] = [tile for tile in self._desk(user)[part] if tile["key"] == key]
        return tile

    def _due(self, matter, hours):
        """Set the deadline as the engine does."""
        due = fields.Datetime.now() + datetime.timedelta(hours=hours)
        state = "late" if hours < 0 else "running"
        matter._cs_set_clock({matter: {"due_at": due, "clock_state": state}})


class TestMatterIndex(DeskCommon):
    def _rows(self, user, matters):
        domain = [("res_model", "=", matters._name), ("res_id", "in", matters.ids)]
        return self._as(user)["cs.matter.index"].search(domain)

    def test_rows_are_those_of_the_type(self):
        request = self._request()
        row = self._rows(self.clerk, request)
        self.assertEqual(row.name, request.name)
        self.assertEqual(row.first_owner_id, request.first_owner_id)
        self.assertEqual(row.title, f"{request.name} · 张三")
        self.assertEqual(row.state_text, "New")
        action = row.action_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (request._name, request.id)
        )

    def test_another_company_sees_nothing(self):
        request = self._request()
        stranger = new_test_user(
            self.env,
            login="cs_elsewhere",
            groups="cs_base.group_manager",
            company_id=self.other_company.id,
            company_ids=[(6, 0, self.other_company.ids)],
        )
        self.assertFalse(self._rows(stranger, request))

    def test_type_without_access_is_left_out(self):
        report = self._report()
        for user in (self.clerk, self.lead, self.users["plain"]):
            self.assertFalse(self._rows(user, report), user.login)
        self.assertEqual(len(self._rows(self.users["masked"], report)), 1)

    def test_masked_row_only_for_those_concerned(self):
        request = self._request(handler_id=self.second.id)
        request.sudo().masked = True
        request.sudo().team_id = self.team
        request.interaction_id.sudo().first_owner_id = self.clerk
        manager = self.users["manager"]
        self.assertEqual(len(self._rows(self.second, request)), 1)
        self.assertEqual(len(self._rows(self.clerk, request)), 1)
        self.assertEqual(len(self._rows(self.lead, request)), 1)
        self.assertEqual(len(self._rows(self.users["masked"], request)), 1)
        self.assertFalse(self._rows(manager, request))
        self.assertEqual(self._rows(self.second, request).title, request.name)

    def test_rule_of_a_room_holds_by_every_path(self):
        mine, other = self._request(), self._request(user=self.second)
        self.clerk.group_ids += self.env.ref("base.group_allow_export")
        self.env["ir.rule"].create(
            {
                "name": "Toy request: own",
                "model_id": self.env["ir.model"]._get_id("cs.toy.request"),
                "domain_force": "[('create_uid', '=', user.id)]",
            }
        )
        self.assertTrue(self._rows(self.clerk, mine))
        self.assertFalse(self._rows(self.clerk, other))
        row_id = self._rows(self.second, other).id
        index = self._as(self.clerk)["cs.matter.index"]
        groups = index.formatted_read_group(
            [("res_id", "=", other.id)], ["handler_id"], ["__count"]
        )
        self.assertFalse(groups)
        self.assertFalse(index.search_count([("res_id", "=", other.id)]))
        self.assertFalse(index.name_search(other.name))
        row = index.browse(row_id)
        self.assertFalse(row.read(["name"]), "not in memory: there is no such row")
        # what somebody else put into memory doesn't open the row
        row.with_user(self.second).read(["name", "handler_id"])
        with contextlib.suppress(AccessError):
            self.assertFalse(row.read(["name"]))
        with self.assertRaises(UserError):
            row.export_data(["name"])
        with self.assertRaises(AccessError):
            row.action_open()
        self.assertFalse(index.sudo().search([("res_id", "=", other.id)]))

    def test_nobody_writes(self):
        row = self._rows(self.lead, self._request())
        with self.assertRaises(AccessError):
            row.write({"name": "X"})
        with self.assertRaises(AccessError):
            row.unlink()
        with self.assertRaises(AccessError):
            self._as(self.lead)["cs.matter.index"].create({"name": "X"})


class TestDesk(DeskCommon):
    def test_only_staff(self):
        for role in ("plain", "auditor"):
            with self.assertRaises(AccessError):
                self._desk(self.users[role])
            with self.assertRaises(AccessError):
                self._as(self.users[role])["cs.desk"].search_all("26")
            with self.assertRaises(AccessError):
                self._as(self.users[role])["cs.desk"].open_rows("waiting")

    def test_what_waits_for_me(self):
        before = self._tile(self.clerk, "waiting")["count"]
        mine = self._request(handler_id=self.clerk.id)
        self._request(handler_id=self.second.id)
        self.assertEqual(self._tile(self.clerk, "waiting")["count"], before + 1)
        mine.sudo()._cs_set_state("cancelled")
        self.assertEqual(self._tile(self.clerk, "waiting")["count"], before)

    def test_late_is_on_top_and_behind_its_tile(self):
        late = self._request(handler_id=self.clerk.id)
        soon = self._request(handler_id=self.clerk.id)
        self._due(late, -30)
        self._due(soon, 40)
        desk = self._desk(self.clerk)
        titles = [row["title"] for row in desk["rows"]]
        self.assertEqual(titles, [late.matter_title, soon.matter_title])
        self.assertEqual(self._tile(self.clerk, "late")["count"], 1)
        action = self._as(self.clerk)["cs.desk"].open_rows("late")
        rows = self._as(self.clerk)[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.mapped("res_id"), late.ids)

    def test_every_tile_opens_as_many_rows_as_it_counts(self):
        self._due(self._request(handler_id=self.clerk.id), -3)
        self._due(self._request(handler_id=self.second.id), -3)
        self._contact()
        self._request(team_id=self.team.id)
        for user, parts in ((self.clerk, ["mine"]), (self.lead, ["mine", "team"])):
            desk = self._desk(user)
            for tile in [tile for part in parts for tile in desk[part]]:
                with self.subTest(user=user.login, tile=tile["key"]):
                    env = self._as(user)
                    action = env["cs.desk"].open_rows(tile["key"])
                    count = env[action["res_model"]].search_count(action["domain"])
                    self.assertEqual(count, tile["count"])

    def test_contacts_and_visits(self):
        contact = self._contact()
        count = self._tile(self.clerk, "contacts")["count"]
        when = fields.Datetime.now() + datetime.timedelta(hours=3)
        contact.with_user(self.clerk).action_promise_callback(when, "meter")
        self.assertEqual(self._tile(self.clerk, "visits")["count"], 1)
        contact.with_user(self.clerk).action_answer("told")
        self.assertEqual(self._tile(self.clerk, "contacts")["count"], count)

    def test_the_team_is_for_its_lead(self):
        self.assertFalse(self._desk(self.clerk)["team"])
        request = self._request(handler_id=self.second.id)
        self._due(request, -3)
        desk = self._desk(self.lead)
        self.assertEqual(
            [(row["id"], row["count"]) for row in desk["members"]],
            [(self.second.id, 1)],
        )
        env = self._as(self.lead)
        action = env["cs.desk"].open_rows("team_late", self.second.id)
        rows = env["cs.matter.index"].search(action["domain"])
        self.assertEqual(rows.mapped("res_id"), request.ids)

    def test_a_clerk_opens_no_team_list(self):
        self._due(self._request(user=self.second, handler_id=self.second.id), -3)
        env = self._as(self.clerk)
        action = env["cs.desk"].open_rows("team_late")
        self.assertFalse(env["cs.matter.index"].search(action["domain"]))
        with self.assertRaises(UserError):
            env["cs.desk"].open_rows("_cs_rows")

    def test_what_absent_people_have(self):
        self._contact(user=self.second)
        self._request(handler_id=self.second.id)
        self.assertEqual(self._tile(self.lead, "away_contacts", "team")["count"], 0)
        self.second.sudo().active = False
        self.assertEqual(self._tile(self.lead, "away_contacts", "team")["count"], 1)
        self.assertEqual(self._tile(self.lead, "away_matters", "team")["count"], 1)

    def test_search(self):
        request = self._request()
        contact = self._contact(topic="Broken valve")
        desk = self._as(self.clerk)["cs.desk"]
        found = desk.search_all(request.name)
        self.assertIn(
            (request._name, request.id), [(hit["model"], hit["id"]) for hit in found]
        )
        found = desk.search_all("broken val")
        self.assertEqual([hit["id"] for hit in found], contact.ids)
        self.assertEqual(desk.search_all("2"), [])

    def test_search_finds_no_masked_matter(self):
        report = self._report()
        found = self._as(self.clerk)["cs.desk"].search_all(report.name)
        self.assertNotIn("cs.toy.report", [hit["model"] for hit in found])

    def test_where_the_day_begins(self):
        desk = self.env.ref("cs_base.cs_desk_action")
        for role in ("user", "lead", "manager"):
            self.assertEqual(self.users[role]._cs_home_action(), desk)
        self.assertFalse(self.users["plain"]._cs_home_action())

    @warmup
    def test_queries_do_not_grow(self):
        def measure():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._as(self.lead)["cs.desk"].get()
            return self.env.cr.sql_log_count - start

        for handler in (self.clerk, self.second):
            self._due(self._request(handler_id=handler.id), -3)
        measure()
        few = measure()
        for _number in range(20):
            self._due(self._request(handler_id=self.clerk.id), -3)
            self._contact()
        self.assertLessEqual(measure(), few)


class TestMatterCard(DeskCommon):
    def test_title(self):
        premises = self._create_premises()
        request = self._request(premises_id=premises.id)
        self.assertEqual(
            request.matter_title, f"{request.name} · 张三 · {premises.display_name}"
        )
        report = self._report(premises_id=premises.id)
        self.assertEqual(report.matter_title, report.name)

    def test_holders_tell_the_story(self):
        request = self._request(handler_id=self.clerk.id)
        request.interaction_id.with_user(self.clerk).action_claim()
        request.with_user(self.clerk).handler_id = self.second
        request.invalidate_recordset()
        rows = [(row["role"], row["name"]) for row in request.holder_rows]
        self.assertEqual(
            rows,
            [
                ("owner", self.clerk.name),
                ("handler", self.clerk.name),
                ("handler", self.second.name),
            ],
        )
        self.assertTrue(request.holder_rows[1]["to"])
        self.assertFalse(request.holder_rows[2]["to"])

    def test_links_say_what_the_reader_may_know(self):
        request, other = self._request(), self._request(user=self.second)
        request.sudo()._cs_link(other.sudo(), "related")
        [row] = request.with_user(self.clerk).link_rows
        self.assertTrue(row["can_open"])
        self.assertIn(other.name, row["summary"])
        self.env["ir.rule"].create(
            {
                "name": "Toy request: own",
                "model_id": self.env["ir.model"]._get_id("cs.toy.request"),
                "domain_force": "[('create_uid', '=', user.id)]",
            }
        )
        self.env.invalidate_all()
        [row] = request.with_user(self.clerk).link_rows
        self.assertFalse(row["can_open"])
        self.assertNotIn(other.name, str(row))
        link = self.env["cs.link"].with_user(self.clerk).browse(row["id"])
        with self.assertRaises(AccessError):
            link.action_open_other()

    def test_links_of_masked_matters_are_not_there(self):
        request = self._request()
        request.sudo()._cs_link(self._report().sudo(), "related")
        self.env.invalidate_all()
        self.assertFalse(request.with_user(self.clerk).link_rows)


class TestHandOver(DeskCommon):
    def _wizard(self, user, whose=None, **vals):
        wizards = self._as(user)["cs.handover.wizard"]
        return wizards.create({"user_id": (whose or user).id, **vals})

    def _owned(self, user, count=2):
        contacts = self.env["cs.interaction"]
        for _number in range(count):
            contact = self._contact(user=user)
            self._request(user=user, interaction_id=contact.id, handler_id=user.id)
            contacts |= contact
        return contacts

    def test_everything_to_one_colleague(self):
        contacts = self._owned(self.clerk)
        alone = self._request(user=self.second, handler_id=self.clerk.id)
        wizard = self._wizard(self.clerk)
        [line] = wizard.line_ids
        self.assertEqual((line.contact_count, line.matter_count), (2, 1))
        line.to_id = self.second
        wizard.action_offer()
        self.assertEqual(contacts.first_owner_id, self.clerk)
        self.assertEqual(alone.handler_id, self.clerk)
        desk = self._as(self.second)["cs.desk"]
        offers = desk.get()["offers"]
        self.assertEqual(
            sorted(offer["kind"] for offer in offers), ["contact", "contact", "matter"]
        )
        result = desk.accept(offers)
        self.assertEqual((result["accepted"], result["failed"]), (3, []))
        self.env.invalidate_all()
        self.assertEqual(contacts.first_owner_id, self.second)
        self.assertEqual(alone.handler_id, self.second)
        handlers = self.env["cs.toy.request"].search(
            [("interaction_id", "in", contacts.ids)]
        )
        self.assertEqual(handlers.handler_id, self.second)
        self.assertFalse(self._wizard(self.clerk).line_ids)

    def test_split_by_type_and_what_is_left(self):
        self._owned(self.clerk, 1)
        self._contact()
        wizard = self._wizard(self.clerk, split="type")
        lines = {line.name: line for line in wizard.line_ids}
        self.assertEqual(len(lines), 2)
        kind = self.env["cs.business.type"]._cs_by_code("toy.request")
        lines[kind.name].to_id = self.second
        action = wizard.action_offer()
        self.assertEqual(action["params"]["type"], "warning")
        left = self._wizard(self.clerk)
        self.assertEqual(left.line_ids.contact_count, 1)
        self.assertEqual(left.offered, 1)

    def test_the_lead_for_somebody_who_left(self):
        contacts = self._owned(self.second)
        self.second.sudo().active = False
        wizard = self._wizard(self.lead, self.second, reason="departure")
        wizard.line_ids.to_id = self.clerk
        wizard.action_offer()
        desk = self._as(self.clerk)["cs.desk"]
        desk.accept(desk.get()["offers"])
        self.env.invalidate_all()
        self.assertEqual(contacts.first_owner_id, self.clerk)

    def test_not_by_a_colleague(self):
        self._owned(self.second)
        self._request(handler_id=self.second.id)
        wizard = self._wizard(self.clerk, self.second)
        wizard.line_ids.to_id = self.clerk
        with self.assertRaises(AccessError):
            wizard.action_offer()

    def test_only_the_receiver_accepts(self):
        alone = self._request(user=self.second, handler_id=self.clerk.id)
        wizard = self._wizard(self.clerk)
        wizard.line_ids.to_id = self.second
        wizard.action_offer()
        transfer = self.env["cs.matter.transfer"].search([("res_id", "=", alone.id)])
        for user in (self.clerk, self.lead, self.users["manager"]):
            with self.assertRaises(AccessError):
                transfer.with_user(user).action_accept()
        with self.assertRaises(AccessError):
            transfer.with_user(self.second).write({"state": "accepted"})
        with self.assertRaises(UserError):
            transfer.with_user(self.second).action_decline(" ")
        self._as(self.second)["cs.desk"].decline(
            [{"kind": "matter", "id": transfer.id}], "on leave myself"
        )
        self.env.invalidate_all()
        self.assertEqual(transfer.state, "declined")
        self.assertEqual(alone.handler_id, self.clerk)
        with self.assertRaises(UserError):
            transfer.with_user(self.second).action_accept()

    def test_one_that_moved_on_stops_no_other(self):
        first = self._request(user=self.second, handler_id=self.clerk.id)
        other = self._request(user=self.second, handler_id=self.clerk.id)
        wizard = self._wizard(self.clerk)
        wizard.line_ids.to_id = self.second
        wizard.action_offer()
        first.sudo().handler_id = self.lead
        desk = self._as(self.second)["cs.desk"]
        result = desk.accept(desk.get()["offers"])
        self.assertEqual((result["accepted"], len(result["failed"])), (1, 1))
        self.env.invalidate_all()
        self.assertEqual((first | other).handler_id, self.lead | self.second)

    def test_an_offer_says_nothing_personal(self):
        report = self._report(handler_id=self.users["masked"].id)
        colleague = new_test_user(
            self.env, login="cs_masked_2", groups="cs_base.group_masked"
        )
        report.interaction_id.sudo().topic = "Secret name"
        wizard = self._wizard(self.users["masked"])
        wizard.line_ids.to_id = colleague
        wizard.action_offer()
        offers = self._desk(colleague)["offers"]
        self.assertTrue(offers)
        self.assertNotIn("Secret", str(offers))
        with self.assertRaises(UserError):
            self.env["cs.matter.transfer"]._cs_propose(report, self.clerk, "absence")

    def test_archiving_tells_the_lead(self):
        self._owned(self.second)
        self.second.sudo().active = False
        notice = self.env["cs.notify"].search(
            [
                ("template_id.code", "=", "user.left"),
                ("res_id", "=", self.second.partner_id.id),
            ]
        )
        self.assertEqual(notice.user_id, self.lead)


class TestWeeklyFigures(DeskCommon):
    def _figures(self, user):
        [counts] = self._as(user)["cs.matter.week"]._read_group(
            [("team_id", "=", self.team.id)],
            [],
            [f"{name}:sum" for name in ("accepted", "chased", "answered", "visited")],
        )
        return tuple(count or 0 for count in counts)

    def test_what_happened_is_counted_once(self):
        request = self._request(team_id=self.team.id, handler_id=self.second.id)
        self.assertEqual(self._figures(self.lead), (1, 0, 0, 0))
        request.with_user(self.clerk).action_chase("asked again")
        self.assertEqual(self._figures(self.lead), (1, 1, 0, 0))
        chase = self.env["cs.chase"].search([("res_id", "=", request.id)])
        chase.with_user(self.second).action_answer("tomorrow")
        self.assertEqual(self._figures(self.lead), (1, 1, 1, 0))

    def test_masked_types_do_not_count_for_others(self):
        self._report(team_id=self.team.id)
        self.assertEqual(self._figures(self.lead), (0, 0, 0, 0))

    def test_only_for_leads(self):
        with self.assertRaises(AccessError):
            self._figures(self.clerk)
