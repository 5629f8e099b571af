"""Decisions on held readings: who, when, and what stands afterwards."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import READING_HEADER, GasCommon


@tagged("post_install", "-at_install")
class TestReadingDecision(GasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.make_accounts(6)  # mean 40, register 1000
        cls.clerk = cls.users["clerk"]

    def held(self, value, number=1, **values):
        """A held reading, as the clerk sees it."""
        reading = self.read_meters({number: value}, **values).reading_ids
        self.assertEqual(reading.state, "held")
        return reading.with_user(self.clerk)

    def events(self, reading):
        return (
            self.env["cs.event"]
            .sudo()
            .search([("model", "=", "gas.reading"), ("res_id", "=", reading.id)])
            .mapped("action")
        )

    # === ACCEPT ===#

    def test_accept(self):
        reading = self.held(1200)
        self.assertTrue(reading.can_accept)
        reading.action_accept(" heating season ")
        self.assertEqual(reading.state, "validated")
        self.assertEqual(
            (reading.decision, reading.reason), ("accepted", "heating season")
        )
        self.assertEqual(reading.decided_by_id, self.clerk)
        self.assertTrue(reading.decided_on)
        self.assertEqual(self.events(reading), ["gas.reading.accept"])
        with self.assertRaisesRegex(UserError, "gas_clerk"):
            reading.action_accept("again")
        run = self.bill()
        self.assertEqual(run.bill_count, 1)

    def test_accept_several(self):
        readings = self.held(1200) | self.held(1210, number=2)
        readings.action_accept("cold month")
        self.assertEqual(set(readings.mapped("state")), {"validated"})

    def test_reason_is_needed(self):
        reading = self.held(1200)
        for reason in ("", "  ", None, False, 5, "x" * 501):
            with self.assertRaises(UserError):
                reading.action_accept(reason)
        with self.assertRaises(UserError):
            reading.action_correct(1040, "")
        with self.assertRaises(UserError):
            reading.action_reread(" ")

    def test_negative_is_never_accepted(self):
        reading = self.held(990)
        self.assertFalse(reading.can_accept)
        with self.assertRaises(UserError):
            reading.action_accept("really")
        with self.assertRaises(UserError):
            reading.with_user(self.users["manager"]).action_accept("really")
        self.assertEqual(reading.state, "held")

    def test_evaluated_against_what_stands_then(self):
        october = self.held(1200)
        november = self.held(1250, day="2026-11-20")
        self.assertEqual(november.usage, 250)
        october.action_accept("heating")
        november.action_accept("heating")
        self.assertEqual((november.prev_value, november.usage), (1200, 50))
        self.assertEqual(november.previous_id, october)

    def test_negative_against_what_stands_then(self):
        october = self.held(1200)
        november = self.held(1150, day="2026-11-20")
        october.action_accept("heating")
        with self.assertRaises(UserError):
            november.action_accept("heating")

    def test_a_later_reading_stands(self):
        october = self.held(1200)
        self.read_meters({1: 1080}, day="2026-11-20")
        for decide in (
            lambda: october.action_accept("late"),
            lambda: october.action_correct(1040, "late"),
        ):
            with self.assertRaisesRegex(UserError, "later"):
                decide()
        october.action_reread("overtaken")
        self.assertEqual(october.state, "superseded")
        self.assertFalse(self.accounts[0].activity_ids, "nothing left to read again")

    def test_only_clerks_decide(self):
        reading = self.held(1200)
        reading.book_id.sudo().reader_id = self.users["reader"]
        for role in ("reader", "cashier", "accountant", "auditor"):
            foreign = reading.with_user(self.users[role])
            for method, args in (
                ("action_accept", ("x",)),
                ("action_correct", (1040, "x")),
                ("action_reread", ("x",)),
            ):
                with self.assertRaises(AccessError, msg=f"{role} {method}"):
                    getattr(foreign, method)(*args)
            self.assertFalse(foreign.can_accept)
        self.assertEqual(reading.state, "held")

    def test_only_readings_that_wait(self):
        reading = self.read_meters({1: 1040}).reading_ids.with_user(self.clerk)
        with self.assertRaises(UserError):
            reading.action_accept("x")
        opening = reading.previous_id.with_user(self.clerk)
        for method, args in (("action_correct", (1, "x")), ("action_reread", ("x",))):
            with self.assertRaises(UserError):
                getattr(opening, method)(*args)
        self.bill()
        with self.assertRaisesRegex(UserError, "billed"):
            reading.action_correct(1041, "x")

    # === TWO PEOPLE ===#

    def test_far_above_the_mean_two_people(self):
        reading = self.held(1401)  # 401 > 10 × 40
        reading.action_accept("new boiler")
        self.assertEqual(reading.state, "held")
        self.assertEqual(reading.second_asked_by_id, self.clerk)
        with self.assertRaisesRegex(UserError, "another"):
            reading.action_accept("new boiler")
        second = reading.with_user(self.other_clerk)
        second.action_accept("seen it")
        self.assertEqual(reading.state, "validated")
        self.assertEqual(reading.decided_by_id, self.clerk)
        self.assertEqual(reading.approved_by_id, self.other_clerk)
        self.assertEqual(reading.reason, "new boiler")
        self.assertEqual(
            set(self.events(reading)), {"gas.reading.ask", "gas.reading.accept"}
        )

    def test_exactly_ten_times_is_one_person(self):
        reading = self.held(1400)
        reading.action_accept("new boiler")
        self.assertEqual(reading.state, "validated")

    def test_second_person_in_the_list_of_approvals(self):
        reading = self.held(1500)
        reading.action_accept("new boiler")
        approval = reading.sudo().cs_approval_ids
        with self.assertRaises(AccessError):
            approval.with_user(self.clerk).action_approve()
        for role in ("reader", "cashier"):
            with self.assertRaises(AccessError):
                approval.with_user(self.users[role]).action_approve()
        approval.with_user(self.users["manager"]).action_approve()
        self.assertEqual(reading.state, "validated")
        self.assertEqual(reading.approved_by_id, self.users["manager"])

    def test_second_person_refuses(self):
        reading = self.held(1500)
        reading.action_accept("new boiler")
        approval = reading.sudo().cs_approval_ids
        approval.with_user(self.other_clerk).action_reject("no boiler there")
        self.assertEqual(reading.state, "held")
        self.assertFalse(reading.with_user(self.clerk).second_asked_by_id)

    def test_another_decision_voids_the_request(self):
        reading = self.held(1500)
        reading.action_accept("new boiler")
        approval = reading.sudo().cs_approval_ids
        reading.with_user(self.other_clerk).action_correct(1050, "misread")
        self.assertEqual(approval.state, "void")

    def test_a_new_previous_reading_voids_the_request(self):
        october = self.held(1500)
        november = self.held(2300, day="2026-11-20")
        november.action_accept("boiler")
        october.action_accept("boiler")
        october.with_user(self.other_clerk).action_accept("boiler")
        november.with_user(self.other_clerk).action_accept("boiler")
        self.assertEqual(november.state, "held", "asked for other values")
        self.assertEqual(november.second_asked_by_id, self.other_clerk)
        november.action_accept("boiler")
        self.assertEqual((november.state, november.usage), ("validated", 800))

    # === TWO VALUES ===#

    def test_choosing_one_value_sets_the_other_aside(self):
        rows = [self.reading_row(1, 1040), self.reading_row(1, 1400)]
        record = self.load("gas.reading.import", self.to_csv(READING_HEADER, rows))
        low, high = record.reading_ids.sorted("value").with_user(self.clerk)
        low.action_accept("photo")
        self.assertEqual((low.state, high.state), ("validated", "superseded"))
        self.assertEqual((high.replaced_by_id, high.decision), (low, "replaced"))
        self.assertEqual(self.events(high), ["gas.reading.replace"])

    def test_choosing_the_new_value(self):
        first = self.read_meters({1: 1040}).reading_ids
        second = self.held(1042)
        second.action_accept("photo")
        self.assertEqual((first.state, second.state), ("superseded", "validated"))
        self.assertEqual(second.previous_id.source, "opening")

    # === CORRECT ===#

    def test_correct(self):
        reading = self.held(990)
        reading.action_correct(1040, "typing error")
        new = reading.replaced_by_id
        self.assertEqual((reading.state, reading.decision), ("superseded", "corrected"))
        self.assertEqual(
            (new.state, new.source, new.usage), ("validated", "manual", 40)
        )
        self.assertEqual(new.replaced_ids, reading)
        self.assertEqual(new.reader, reading.reader)
        self.assertEqual(self.events(reading), ["gas.reading.correct"])

    def test_a_corrected_value_is_checked_again(self):
        reading = self.held(990)
        reading.action_correct(1300, "typing error")
        self.assertEqual(reading.replaced_by_id.state, "held")
        self.assertEqual(reading.replaced_by_id.vee_codes, "HIGH")

    def test_values_that_correct_nothing(self):
        reading = self.held(1200)
        for value in (1200, -1, 100000, None, "x"):
            with self.assertRaises(UserError, msg=value), self.env.cr.savepoint():
                reading.action_correct(value, "typing error")
        self.assertEqual(reading.state, "held")
        self.assertFalse(reading.replaced_by_id)

    def test_a_validated_reading_is_corrected_before_it_is_billed(self):
        reading = self.read_meters({1: 1040}).reading_ids.with_user(self.clerk)
        reading.action_correct(1041, "customer called")
        self.assertEqual(reading.replaced_by_id.usage, 41)
        self.read_meters({1: 1080}, day="2026-11-20", previous="1041")
        with self.assertRaisesRegex(UserError, "later"):
            reading.replaced_by_id.action_correct(1042, "too late")

    # === READ AGAIN ===#

    def test_read_again(self):
        self.accounts.book_id.reader_id = self.users["reader"]
        reading = self.held(1200)
        reading.action_reread("not plausible")
        self.assertEqual((reading.state, reading.decision), ("superseded", "reread"))
        task = self.accounts[0].activity_ids
        self.assertEqual(task.user_id, self.users["reader"])
        self.assertEqual(self.events(reading), ["gas.reading.reread"])
        again = self.read_meters({1: 1045}).reading_ids
        self.assertEqual(again.state, "validated")

    def test_the_same_value_read_again(self):
        reading = self.held(1200)
        reading.action_reread("not plausible")
        again = self.read_meters({1: 1200}, 抄表员="乙").reading_ids
        self.assertEqual(again.state, "held")

    # === DATABASE ===#

    def test_the_database_keeps_the_chain(self):
        first = self.read_meters({1: 1040}).reading_ids
        values = first.copy_data()[0] | {"read_date": "2026-10-21", "value": 1041}
        values |= {"state": "validated", "previous_id": first.previous_id.id}
        with (
            self.assertRaisesRegex(UniqueViolation, "chain_uniq"),
            mute_logger("odoo.sql_db"),
        ):
            self.env["gas.reading"].create(values)

    # === SCREEN ===#

    def wizard(self, action, user=None):
        return (
            self.env["gas.reading.decision"]
            .with_user(user or self.clerk)
            .browse(action["res_id"])
        )

    def test_screen(self):
        reading = self.held(1200)
        action = reading.with_context(gas_decision="accept").action_decide()
        wizard = self.wizard(action)
        self.assertTrue(wizard.can_accept)
        self.assertFalse(wizard.can_correct or wizard.can_reread)
        with Form(wizard) as form:
            form.common_reason = "heating"
            self.assertTrue(form.reason)
        wizard.action_accept()
        self.assertEqual(reading.state, "validated")

    def test_screen_shows_what_a_correction_gives(self):
        wizard = self.wizard(self.held(990).action_decide())
        self.assertFalse(wizard.can_accept)
        with Form(wizard) as form:
            form.new_value = 1040
            self.assertIn("40", form.preview)
            form.new_value = 980
            self.assertIn("980", form.preview)
            form.new_value = 1041
            form.reason = "typing error"
        result = wizard.action_correct()
        self.assertEqual(result["type"], "ir.actions.act_window_close")

    def test_one_after_the_other(self):
        first = self.held(1200)
        second = self.held(1210, number=2)
        third = self.held(1500, number=3)
        queue = self.env["gas.reading"].with_user(self.clerk)
        wizard = self.wizard(queue.action_work_through())
        self.assertEqual((wizard.reading_id, wizard.left_count), (first, 3))
        wizard = self.wizard(wizard.action_skip())
        self.assertEqual((wizard.reading_id, wizard.left_count), (second, 2))
        wizard.reason = "cold"
        wizard = self.wizard(wizard.action_accept())
        self.assertEqual(wizard.reading_id, third)
        self.assertTrue(wizard.needs_second)
        wizard.reason = "boiler"
        notice = wizard.action_accept()
        self.assertIn("T000003", notice["params"]["message"])
        self.assertEqual(
            notice["params"]["next"]["type"], "ir.actions.act_window_close"
        )
        (first | third).action_reread("x")
        with self.assertRaises(UserError):
            queue.action_work_through()

    def test_import_leads_to_its_held_readings(self):
        record = self.read_meters({1: 1200, 2: 1040})
        self.assertEqual((record.held_count, record.held_open_count), (1, 1))
        action = record.action_held()
        found = self.env["gas.reading"].search(action["domain"])
        self.assertEqual(found.account_id, self.accounts[0])
        found.with_user(self.clerk).action_accept("cold")
        self.assertEqual((record.held_count, record.held_open_count), (1, 0))
