import threading

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

MARK = "Race of settlements"
SESSIONS = 4


@tagged("post_install", "-at_install")
class TestSettlementRace(TransactionCase):
    """Sessions that book one line of a settlement at once make one document.

    The rows are committed and removed again; the event log keeps its lines.
    """

    def setUp(self):
        super().setUp()
        # The test holds the lock of the registry, which other threads ask for.
        self.patch(Registry, "_lock", threading.RLock())
        if not self.env.company.chart_template:
            self.skipTest("The company has no chart of accounts.")

    def _commit(self, function):
        with self.registry.cursor() as cr:
            return function(api.Environment(cr, SUPERUSER_ID, {}))

    def _create_line(self):
        """An approved compensation, ready to be paid; id of its line."""

        def create(env):
            env.company._cs_setup_complaint_money()
            partner = env["res.partner"].create({"name": MARK})
            case = env["cs.complaint"].create(
                {
                    "subject": MARK,
                    "content": MARK,
                    "complainant_partner_id": partner.id,
                }
            )
            case.state = "deciding"
            settlement = env["cs.complaint.settlement"].create(
                {
                    "complaint_id": case.id,
                    "line_ids": [
                        Command.create({"kind": "compensation", "amount": 77})
                    ],
                }
            )
            settlement.write({"state": "approved"})
            return settlement.line_ids.id

        names = self._commit(
            lambda env: (
                {
                    name: env.company[name].id
                    for name in env.company._fields
                    if name.startswith(
                        ("cs_allowance_", "cs_compensation_", "cs_reward_")
                    )
                    and env.company._fields[name].type == "many2one"
                }
                | {"cs_masked_partner_id": env.company.cs_masked_partner_id.id}
            )
        )
        self.addCleanup(self._remove, names)
        return self._commit(create)

    def _remove(self, settings):
        """Take everything out again, with the entries, which nobody else could."""

        def remove(env):
            cases = env["cs.complaint"].search([("subject", "=", MARK)])
            contacts, partner = cases.interaction_id, cases._cs_partner()
            lines = cases.settlement_ids.line_ids
            moves = lines.document_id | lines.move_ids
            payments = moves.origin_payment_id
            lines.document_id = False
            env.flush_all()
            for table, ids in (
                ("account_payment", payments.ids),
                ("account_move", moves.ids),
            ):
                env.cr.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [ids])
            env.invalidate_all()
            cases.unlink()
            contacts.unlink()
            partner.unlink()
            masked = env.company.cs_masked_partner_id
            env.company.write(settings)
            if masked.id != settings["cs_masked_partner_id"]:
                masked.unlink()

        self._commit(remove)

    def test_one_document(self):
        line_id = self._create_line()
        settlements = self.registry["cs.complaint.settlement"]
        self.patch(settlements, "_check_approved", lambda _settlements: None)
        refused, errors = [], []
        start = threading.Barrier(SESSIONS)

        def book(env):
            start.wait()
            return env["cs.complaint.settlement.line"].browse(line_id).action_book()

        def run():
            try:
                self._commit(book)
            except (UserError, psycopg2.OperationalError) as error:
                refused.append(error)
            except Exception as error:  # noqa: BLE001 (shown by the assertion below)
                errors.append(error)

        with mute_logger("odoo.sql_db"):
            threads = [threading.Thread(target=run) for _session in range(SESSIONS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertFalse(errors)
        self.assertLess(len(refused), SESSIONS, "one of them books")

        def count(env):
            line = env["cs.complaint.settlement.line"].browse(line_id)
            payments = env["account.payment"].search(
                [("cs_settlement_line_id", "=", line_id)]
            )
            return len(line.move_ids), len(payments), line.amount_booked

        self.assertEqual(self._commit(count), (1, 1, 77))
