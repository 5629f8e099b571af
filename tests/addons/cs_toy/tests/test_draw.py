import datetime

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.cs_base.tools.draw import Draw, Quota

from .common import ToyCommon

QUARTER = "2026-08-12 02:00:00"
LATER = "2026-10-12 02:00:00"


class TestDraw(ToyCommon):
    """The director's random share of return visits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.users["manager"]
        cls.kind = cls.env["cs.business.type"]._cs_by_code("toy.request")
        cls.kind.followup = "no"
        with freeze_time(QUARTER):
            cls.finished = cls._finish(cls, 12)

    def _finish(self, count, handler=None, **vals):
        handler = handler or self.second
        requests = (
            self.env["cs.toy.request"]
            .sudo()
            .create(
                [
                    {
                        "wish": f"Wish {number}",
                        "partner_id": self.customer.id,
                        "handler_id": handler.id,
                        "team_id": self.team.id,
                        **vals,
                    }
                    for number in range(count)
                ]
            )
        )
        for state in ("work", "done", "closed"):
            requests._cs_set_state(state)
        requests.interaction_id._cs_recheck()
        return requests

    def _draw(self, **vals):
        draws = self.env["cs.followup.draw"].with_user(self.manager)
        return draws.create({"business_type_ids": self.kind.ids, **vals})

    @freeze_time(LATER)
    def _drawn(self, **vals):
        draw = self._draw(**vals)
        draw.action_draw()
        return draw

    # === DRAW === #

    @freeze_time(LATER)
    def test_the_quarter_before_and_a_fifth(self):
        """20 % of what was finished in the quarter before, rounded up."""
        draw = self._draw()
        self.assertEqual(draw.date_from, datetime.date(2026, 7, 1))
        self.assertEqual(draw.date_to, datetime.date(2026, 9, 30))
        self.assertEqual((draw.percent, draw.user_id), (20, self.manager))
        draw.action_draw()
        self.assertEqual((draw.population_count, draw.sample_count), (12, 3))
        visits = draw.member_ids.followup_id
        self.assertEqual(len(visits), 3)
        self.assertEqual(visits.user_id, self.manager)
        self.assertEqual(visits.barred_id, self.second)
        self.assertEqual(set(visits.mapped("kind")), {"visit"})
        self.assertLessEqual(
            set(draw.member_ids.mapped("res_id")), set(self.finished.ids)
        )
        visits[0].with_user(self.manager).action_record("satisfied")
        draw.invalidate_recordset()
        self.assertEqual(draw.done_count, 1)

    def test_what_is_left_out(self):
        """Open, cancelled and masked ones, other periods, other companies."""
        with freeze_time(QUARTER):
            self._finish(2)[0].masked = True
            self._request(handler_id=self.second.id)
            self._request().sudo()._cs_set_state("cancelled")
            other = self._finish(
                1, team_id=False, handler_id=False, company_id=self.other_company.id
            )
        with freeze_time("2026-06-30 02:00:00"):
            self._finish(1)
        draw = self._drawn(percent=100)
        keys = {key for keys in draw.sudo().population.values() for key in keys}
        self.assertEqual(len(keys), 13)
        self.assertNotIn(f"cs.toy.request,{other.id}", keys)

    def test_each_group_has_its_share(self):
        with freeze_time(QUARTER):
            self._finish(2, handler=self.clerk)
        draw = self._drawn(by="employee", at_least=2)
        groups = {}
        for member in draw.member_ids:
            groups.setdefault(member.stratum, []).append(member)
        sizes = {name: len(members) for name, members in groups.items()}
        # users without an employee are one group
        self.assertEqual(sum(sizes.values()), 3)
        self.env["hr.employee"].create(
            [
                {"name": user.name, "user_id": user.id}
                for user in (self.clerk, self.second)
            ]
        )
        population = draw.sudo()._cs_population()
        self.assertEqual(sorted(map(len, population.values())), [2, 12])

    def test_nobody_asks_about_his_own_work(self):
        with freeze_time(QUARTER):
            self._finish(1, handler=self.manager)
        draw = self._drawn(percent=100)
        own = draw.member_ids.followup_id.filtered(
            lambda visit: visit.barred_id == self.manager
        )
        self.assertEqual(len(own), 1)
        self.assertFalse(own.user_id)

    def test_closed_contacts_stay_closed(self):
        contacts = self.finished.interaction_id
        before = contacts.mapped("state")
        self._drawn(percent=100)
        contacts._cs_recheck()
        self.assertEqual(contacts.mapped("state"), before)

    # === PROOF === #

    def test_anybody_can_draw_again(self):
        draw = self._drawn()
        kept = draw.sudo()
        again = Draw(kept.seed, kept.population, Quota(at_least=1, percent=20))
        drawn = [f"{row.res_model},{row.res_id}" for row in kept.member_ids]
        self.assertEqual(sorted(again.members), sorted(drawn))
        self.assertEqual(again.population_hash, kept.population_hash)
        auditor = draw.with_user(self.users["auditor"])
        self.assertEqual(auditor.action_verify()["params"]["type"], "success")
        kept.member_ids[0]._update({"replaced_no": 1, "reason": "nobody drew this"})
        replaced = kept.member_ids[0].replaced_by_id
        self.assertFalse(replaced)
        self.assertEqual(draw.action_verify()["params"]["type"], "danger")

    @freeze_time(LATER)
    def test_drawn_once(self):
        """Nobody draws until the sample suits him, nor changes what was drawn."""
        draw = self._drawn()
        with self.assertRaises(UserError):
            draw.action_draw()
        for period in ({}, {"date_from": "2026-09-01", "date_to": "2026-12-31"}):
            with self.subTest(**period), self.assertRaises(UserError):
                self._draw(**period).action_draw()
        for values in (
            {"percent": 50},
            {"user_id": self.clerk.id},
            {"date_to": "2026-08-01"},
        ):
            with self.subTest(**values), self.assertRaises(UserError):
                draw.write(values)
        for name in ("seed", "state", "population", "population_hash"):
            with self.subTest(name), self.assertRaises(UserError):
                self._draw(**{name: "drawn"})
        with self.assertRaises(UserError):
            draw.unlink()
        with self.assertRaises(AccessError):
            draw.member_ids.sudo().write({"reason": "x"})
        self._draw().unlink()

    def test_nothing_to_draw(self):
        with self.assertRaises(UserError):
            self._drawn(date_from="2020-01-01", date_to="2020-03-31")
        for values in ({"percent": 0}, {"percent": 101}, {"at_least": -1}):
            with (
                self.subTest(**values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
            ):
                self._draw(**values)
        with self.assertRaises(ValidationError):
            self._draw(user_id=self.users["plain"].id)

    # === REPLACE === #

    @freeze_time(LATER)
    def test_replaced_by_the_next_in_turn(self):
        draw = self._drawn()
        member = draw.member_ids[0]
        dialog = member.with_user(self.manager).action_replace()
        wizards = self.env["cs.followup.draw.replace"].with_user(self.manager)
        form = Form(wizards.with_context(**dialog["context"]))
        form.reason = "Moved away"
        form.save().action_replace()
        fresh = member.replaced_by_id
        self.assertTrue(fresh)
        self.assertEqual(fresh.followup_id.state, "open")
        self.assertEqual(member.followup_id.state, "cancelled")
        self.assertEqual(draw.sample_count, 3)
        self.assertEqual(draw.action_verify()["params"]["type"], "success")
        mine = fresh.with_user(self.manager)
        for reason in ("", " "):
            with self.subTest(reason), self.assertRaises(UserError):
                mine._cs_replace(reason)
        with self.assertRaises(UserError):
            member.with_user(self.manager)._cs_replace("Again")
        mine.followup_id.action_record("satisfied")
        with self.assertRaises(UserError):
            mine._cs_replace("After he was asked")

    @freeze_time(LATER)
    def test_nobody_left(self):
        draw = self._drawn(percent=100)
        last = draw.member_ids[0].with_user(self.manager)
        self.assertFalse(last._cs_replace("Moved away"))
        self.assertEqual(draw.sample_count, 11)
        self.assertEqual(draw.action_verify()["params"]["type"], "success")

    # === RIGHTS === #

    @freeze_time(LATER)
    def test_managers_alone(self):
        draw = self._draw()
        for role in ("user", "lead", "auditor"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._rpc(role, "cs.followup.draw", "action_draw", draw.ids)
        draw.action_draw()
        member = draw.member_ids[0]
        for role in ("user", "lead", "auditor"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._rpc(role, member._name, "action_replace", member.ids)
        lead = self.users["lead"]
        self.assertTrue(member.with_user(lead).name)
        self.env["cs.toy.request"].browse(member.res_id).sudo().masked = True
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            member.with_user(lead).read(["name"])

    @freeze_time(LATER)
    def test_queries_do_not_grow(self):
        """A draw of many costs hardly more queries than one of few."""
        counts = []
        for day, size in (("2026-04-10", 5), ("2026-01-12", 40)):
            with freeze_time(f"{day} 02:00:00"):
                self._finish(size)
            self.env.flush_all()
            first = datetime.date.fromisoformat(day).replace(day=1)
            draw = self._draw(
                percent=100, date_from=first, date_to=first.replace(day=28)
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            draw.action_draw()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 12)
