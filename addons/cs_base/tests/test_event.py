import psycopg2.errors

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CsCommon


@tagged("post_install", "-at_install")
class TestEvent(CsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(3)]
        )
        cls.Event = cls.env["cs.event"]
        cls.Seal = cls.env["cs.event.seal"]

    def _log(self, action="test.action", records=None, **values):
        return self.Event._cs_log(action, records or self.partners, **values)

    def test_one_row_for_each_record(self):
        user = self.users["user"]
        events = self.Event.with_user(user)._cs_log(
            "test.action",
            self.partners.with_user(user),
            fields=["phone", "email"],
            details={"count": 3, "code": "a.b"},
        )
        self.assertEqual(events.mapped("res_id"), self.partners.ids)
        self.assertEqual(set(events.mapped("uid")), {user.id})
        self.assertEqual(events[0].user_id, user)
        self.assertEqual(events[0].field_names, "email,phone")
        self.assertEqual(events[0].details, '{"code": "a.b", "count": 3}')

    def test_company_of_the_record(self):
        premises = self._create_premises(company_id=self.other_company.id)
        event = self._log(records=premises)
        self.assertEqual(event.company_id, self.other_company)

    def test_texts_are_refused(self):
        for value in ("Mr Zhang", "13812345678", "a" * 65, "张三"):
            with self.subTest(value=value), self.assertRaises(ValueError):
                self._log(details={"value": value})
        with self.assertRaises(TypeError):
            self._log(details={"value": ["13812345678"]})

    def test_hmac(self):
        one, two = self.Event._cs_hmac("13812345678"), self.Event._cs_hmac("1")
        self.assertNotEqual(one, two)
        self.assertEqual(one, self.Event._cs_hmac("13812345678"))
        self._log(details={"value": one})

    def test_nobody_writes_through_the_orm(self):
        event = self._log()[0]
        for env in (self.env, self.env(user=self.users["auditor"])):
            for call in (
                lambda e: e.write({"action": "x"}),
                lambda e: e.unlink(),
                lambda e: e.create({"action": "x"}),
                lambda e: e.sudo().write({"action": "x"}),
            ):
                with self.assertRaises(AccessError):
                    call(event.with_env(env))

    def test_nobody_writes_through_sql(self):
        self._log()
        self.env.flush_all()
        for query in (
            "UPDATE cs_event SET action = 'x'",
            "DELETE FROM cs_event",
            "TRUNCATE cs_event",
        ):
            with (
                self.subTest(query=query),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.InsufficientPrivilege),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query)

    def test_search_by_user(self):
        user = self.users["lead"]
        self.Event.with_user(user)._cs_log("test.lead", self.partners.with_user(user))
        found = self.Event.search([("user_id", "=", user.id)])
        self.assertEqual(found.mapped("action"), ["test.lead"] * 3)
        self.assertEqual(self.Event.search([("user_id.login", "=", user.login)]), found)

    # === SEALS === #

    def _seal_all(self):
        last = self._log()[-1].id
        self.env.flush_all()
        while self.Seal._seal_next(last, batch=2):
            pass
        return self.Seal.search([], order="id")

    def _tamper(self, query, *args):
        self.env.flush_all()
        for table in ("cs_event", "cs_event_seal"):
            self.env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        self.env.cr.execute(query, args)
        self.env.invalidate_all()
        with mute_logger("odoo.addons.cs_base.models.cs_event_seal"):
            return self.Seal._verify()

    def test_chain_is_intact(self):
        links = self._seal_all()
        self.assertGreater(len(links), 1)
        self.assertEqual(links[1].previous_seal, links[0].seal)
        self.assertEqual(self.Seal._verify(), {})

    def test_changed_row_is_found(self):
        links = self._seal_all()
        event_id = links[-1].last_event
        broken = self._tamper("UPDATE cs_event SET uid = 1 WHERE id = %s", event_id)
        self.assertEqual(broken, {}, "an equal value is no change")
        query = "UPDATE cs_event SET details = 'x' WHERE id = %s"
        broken = self._tamper(query, event_id)
        self.assertEqual((broken["seal"], broken["event"]), (links[-1].id, event_id))

    def test_deleted_row_is_found(self):
        links = self._seal_all()
        event_id = links[-1].last_event
        broken = self._tamper("DELETE FROM cs_event WHERE id = %s", event_id)
        self.assertEqual(broken["event"], event_id)

    def test_added_row_is_found(self):
        links = self._seal_all()
        event_id = links[0].last_event
        query = """INSERT INTO cs_event (id, moment, uid, company_id, model, action)
                   SELECT -1, moment, uid, company_id, model, 'x'
                     FROM cs_event WHERE id = %s"""
        self.assertEqual(self._tamper(query, event_id), {}, "outside of the chain")
        self.env.cr.execute("SELECT nextval('cs_event_id_seq')")
        hole = self.env.cr.fetchone()[0]
        self._seal_all()
        query = query.replace("-1", str(hole))
        self.assertEqual(self._tamper(query, event_id)["event"], hole)

    def test_removed_link_is_found(self):
        links = self._seal_all()
        query = "DELETE FROM cs_event_seal WHERE id = %s"
        broken = self._tamper(query, links[0].id)
        self.assertTrue(broken["seal"])

    def test_changed_link_is_found(self):
        links = self._seal_all()
        query = "UPDATE cs_event_seal SET seal = %s WHERE id = %s"
        self.assertTrue(self._tamper(query, "0" * 64, links[-1].id))

    def test_cron(self):
        self._log()
        self.env.flush_all()
        self.env["ir.config_parameter"].set_param("cs_base.event_horizon", False)
        cron = self.env.ref("cs_base.ir_cron_seal_events")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            self.assertFalse(self.Seal._last_sealed(), "this transaction still runs")
            noted = self.env["ir.config_parameter"].get_param("cs_base.event_horizon")
            self.assertTrue(noted)
            self.patch(
                self.registry["cs.event.seal"],
                "_snapshot",
                lambda self: (2**60, 2**60),
            )
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(self.Seal._last_sealed())
        self.assertEqual(self.Seal._verify(), {})

    def test_verify_button_is_for_auditors(self):
        self._seal_all()
        with self.assertRaises(AccessError):
            self.Seal.with_user(self.users["manager"]).action_verify()
        action = self.Seal.with_user(self.users["auditor"]).action_verify()
        self.assertEqual(action["params"]["type"], "success")
