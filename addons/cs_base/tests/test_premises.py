import contextlib
import datetime

import psycopg2.errors

from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CsCommon


@tagged("post_install", "-at_install")
class TestPremises(CsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.premises = cls._create_premises(unit="1")
        cls.partner = cls.env["res.partner"].create({"name": "Owner"})

    def _party(self, date_from, date_to=False, **values):
        return self.env["cs.premises.party"].create(
            {
                "premises_id": self.premises.id,
                "partner_id": self.partner.id,
                "role": "owner",
                "date_from": date_from,
                "date_to": date_to,
                **values,
            }
        )

    @contextlib.contextmanager
    def _refused(self, error):
        with mute_logger("odoo.sql_db"), self.assertRaises(error):
            yield

    def test_address(self):
        self.assertEqual(self.premises.full_address, "Peace Garden3幢1单元101室")
        self.premises.building = "8号楼"
        self.assertEqual(self.premises.full_address, "Peace Garden8号楼1单元101室")
        self.assertEqual(self.premises.display_name, self.premises.full_address)

    def test_one_address_once(self):
        with self._refused(psycopg2.errors.UniqueViolation):
            self._create_premises(unit="１", building=" 3 ")
        other = self._create_premises(unit="1", company_id=self.other_company.id)
        self.assertEqual(other.company_id, self.other_company)

    def test_find_or_create(self):
        rows = [
            {"community": "Peace Garden", "building": "3", "unit": "1", "room": "101"},
            {"community": "New", "room": "1", "building_type": "villa"},
            {"community": "New", "room": "１"},
        ]
        found = self.env["cs.premises"]._cs_find_or_create(rows)
        self.assertEqual(len(found), 3)
        self.assertEqual(found[0], self.premises)
        self.assertEqual(found[1], found[2])
        self.assertEqual(found[1].building_type, "villa")

    def test_find_or_create_in_batch(self):
        Premises = self.env["cs.premises"]

        def count(number, community):
            start = self.env.cr.sql_log_count
            Premises._cs_find_or_create(
                [{"community": community, "room": str(n)} for n in range(number)]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        count(2, "A")
        self.assertLess(count(300, "B") - count(10, "C"), 10)

    def test_parties_on_a_day(self):
        first = self._party("2020-01-01", "2024-06-30")
        tenant = self.env["res.partner"].create({"name": "Tenant"})
        second = self._party("2024-07-01", partner_id=tenant.id)
        lodger = self._party("2024-01-01", role="occupant", partner_id=tenant.id)
        for day, expected in (
            ((2019, 12, 31), self.env["cs.premises.party"]),
            ((2020, 1, 1), first),
            ((2024, 6, 30), first | lodger),
            ((2024, 7, 1), second | lodger),
        ):
            with self.subTest(day=day):
                found = self.premises._cs_parties_on(datetime.date(*day))
                self.assertEqual(found, expected)
        found = self.premises._cs_parties_on(datetime.date(2025, 1, 1), "owner")
        self.assertEqual(found, second)

    def test_no_overlap(self):
        self._party("2020-01-01", "2020-12-31")
        for date_from, date_to in (("2020-12-31", False), ("2019-01-01", "2020-01-01")):
            with self._refused(psycopg2.errors.ExclusionViolation):
                self._party(date_from, date_to)
        self._party("2021-01-01")
        self._party("2020-06-01", role="holder")
        self.assertEqual(len(self.premises.party_ids), 3)

    def test_last_day_after_first(self):
        with self._refused(psycopg2.errors.CheckViolation):
            self._party("2020-01-02", "2020-01-01")
        self.assertFalse(self.premises.party_ids)

    def test_current(self):
        today = self.company._cs_today()
        day = datetime.timedelta(days=1)
        now = self._party(today, today)
        past = self._party(today - 9 * day, today - day)
        self.assertTrue(now.is_current)
        self.assertFalse(past.is_current)
        domain = [("premises_id", "=", self.premises.id)]
        Party = self.env["cs.premises.party"]
        self.assertEqual(Party.search([*domain, ("is_current", "=", True)]), now)
        self.assertEqual(Party.search([*domain, ("is_current", "=", False)]), past)

    def test_form(self):
        user = self.users["user"]
        with Form(self.env["cs.premises"].with_user(user)) as form:
            form.community = "Lake View"
            form.room = "5"
            with form.party_ids.new() as party:
                party.partner_id = self.partner
                party.role = "tenant"
        premises = form.save()
        self.assertEqual(premises.full_address, "Lake View5室")
        self.assertEqual(premises.party_ids.company_id, self.company)
