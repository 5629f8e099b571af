"""The readings desk in a browser: file, check, import, held, decide."""

from odoo.tests import HttpCase, tagged

from .common import GasCommon


@tagged("post_install", "-at_install")
class TestReadingTour(GasCommon, HttpCase):
    def test_import_and_decide(self):
        accounts = self.make_accounts(4)
        clerk = self.users["clerk"]
        clerk.password = clerk.login
        self.start_tour("/odoo/gas-readings-import", "gas_readings", login=clerk.login)
        readings = accounts.reading_ids.filtered(lambda r: r.source != "opening")
        self.assertEqual(
            sorted((r.account_id.code, r.value, r.state) for r in readings),
            [
                ("T000001", 1200, "validated"),
                ("T000002", 990, "superseded"),
                ("T000002", 1035, "validated"),
                ("T000003", 1040, "validated"),
            ],
        )
        self.assertEqual(readings.filtered("decision").mapped("decided_by_id"), clerk)
