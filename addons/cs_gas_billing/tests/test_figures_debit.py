"""What the bank said about a month's bills, in the figures and the statement."""

from odoo.tests import freeze_time, tagged

from .debit_common import DebitCommon

AFTER = "2026-11-10"


@tagged("post_install", "-at_install", "gas_figures")
class TestFiguresDebit(DebitCommon):
    def figures(self, cut_off):
        dashboard = self.env["gas.dashboard"].with_user(self.users["manager"])
        return dashboard.get("2026-10", cut_off)

    def rows(self, cut_off, state):
        dashboard = self.env["gas.dashboard"].with_user(self.users["manager"])
        action = dashboard.open_rows("debit", "2026-10", cut_off, state)
        return self.env[action["res_model"]].search(action["domain"])

    def test_success_rate(self):
        self.assertIsNone(self.figures(AFTER)["debit"])
        batch = self.batch()
        debit = self.figures("2026-11-03")["debit"]
        self.assertEqual((debit["sent"]["count"], debit["rate"]), (4, None))
        refusal = self.profile.code_ids.filtered(lambda code: code.outcome == "retry")[
            :1
        ].code
        self.load_result(self.answer(batch, {self.account: refusal}))
        debit = self.figures(AFTER)["debit"]
        self.assertEqual(
            {state: debit[state]["count"] for state in ("accepted", "refused", "sent")},
            {"accepted": 3, "refused": 1, "sent": 0},
        )
        self.assertEqual(debit["rate"], 75.0)
        for state in ("accepted", "refused", "sent", "returned"):
            rows = self.rows(AFTER, state)
            self.assertEqual(len(rows), debit[state]["count"], state)
            self.assertAlmostEqual(
                sum(rows.mapped("amount")), debit[state]["amount"], 2
            )
        self.assertEqual(
            self.figures(AFTER)["month"]["collected"], debit["accepted"]["amount"]
        )

    def test_return_keeps_the_days_before(self):
        """Money that the bank took back was collected until then."""
        batch = self.batch()
        self.load_result(self.answer(batch))
        before = self.figures(AFTER)
        self.assertEqual(before["month"]["rate"], 100.0)
        line = batch.line_ids.filtered(lambda line: line.account_id == self.account)
        with freeze_time("2026-11-20 02:00:00"):
            line.with_user(self.users["manager"]).action_return("closed account")
        after = self.figures(AFTER)
        for key in ("month", "aging", "open"):
            self.assertEqual(after[key], before[key], key)
        now = self.figures("2026-11-30")["month"]
        self.assertAlmostEqual(now["open"], line.amount, 2)
        wizard = (
            self.env["gas.statement"]
            .with_user(self.users["cashier"])
            .create(
                {
                    "account_ids": [(6, 0, self.account.ids)],
                    "date_from": "2026-10-01",
                    "date_to": "2026-11-30",
                }
            )
        )
        [statement] = wizard._get_statements()
        rows = [(row["text"], row["red"]) for row in statement["rows"]]
        self.assertEqual(
            rows[1:], [("Bank debit", False), ("Bank debit returned", True)]
        )
        self.assertEqual(float(statement["closing"]), line.amount)
