from odoo import api, models
from odoo.tools import SQL


class GasCashDayReport(models.AbstractModel):
    """Figures of the daily cash report, each beside what the ledger says."""

    _name = "report.cs_gas_billing.gas_cash_day_template"
    _description = "Daily Cash Report"

    @api.model
    def _get_report_values(self, docids, data=None):
        # Printed in the language of whoever prints it.
        self = self.with_context(lang=self.env.user.lang)  # noqa: PLW0642
        days = self.env["gas.cash.day"].browse(docids)
        days._check_right()
        return {
            "doc_ids": docids,
            "doc_model": "gas.cash.day",
            "docs": days,
            "figures": {day.id: self.sudo()._get_figures(day) for day in days},
        }

    def _get_figures(self, day):
        """Return everything the paper shows of one day; with full rights."""
        company, cashier = day.company_id, day.cashier_id
        takings = self.env["gas.takings"]._get_figures(company, day.date, cashier)
        ledger = self._get_ledger(company, day.date, cashier)
        for row in takings["methods"]:
            row["ledger"] = ledger.get(row["method"], 0.0)
        others = 0.0 if cashier else self._get_other_entries(company, day.date)
        booked = company.currency_id.round(sum(ledger.values()) + others)
        receipts = self._get_receipts(company, day.date, cashier)
        return {
            **takings,
            "ledger": booked,
            "others": others,
            "difference": company.currency_id.round(takings["amount"] - booked),
            "labels": dict(self.env["gas.takings"]._get_methods()),
            "first": receipts[:1].name,
            "last": receipts[-1:].name,
            "reversed": receipts.filtered(lambda row: row.state == "reversed"),
            "refunds": self._get_refunds(company, day.date, cashier),
            "cashiers": []
            if cashier
            else [
                (user, self.env["gas.takings"]._get_figures(company, day.date, user))
                for user in receipts.cashier_id.sorted("name")
            ],
            "printed": company._cs_now().strftime("%Y-%m-%d %H:%M"),
        }

    def _get_receipts(self, company, day, cashier):
        domain = [("company_id", "=", company.id), ("date", "=", day)]
        if cashier:
            domain.append(("cashier_id", "=", cashier.id))
        return self.env["gas.receipt"].search(domain, order="name")

    def _get_refunds(self, company, day, cashier):
        domain = [
            ("company_id", "=", company.id),
            ("date", "=", day),
            ("state", "=", "paid"),
        ]
        if cashier:
            domain.append(("cashier_id", "=", cashier.id))
        return self.env["gas.credit.refund"].search(domain, order="name")

    def _get_ledger(self, company, day, cashier):
        """Return {method: money on the desk's accounts} from payments and reversals."""
        self.env.flush_all()
        return {
            method: float(amount)
            for method, amount in self.env.execute_query(
                SQL(
                    """
                    SELECT r.method, sum(l.balance)
                      FROM (SELECT method, payment_id, company_id, date, cashier_id
                              FROM gas_receipt
                             UNION ALL
                            SELECT method, payment_id, company_id, date, cashier_id
                              FROM gas_credit_refund
                             WHERE state = 'paid') AS r
                      JOIN account_payment p ON p.id = r.payment_id
                      JOIN account_move m
                        ON (m.id = p.move_id OR m.reversed_entry_id = p.move_id)
                       AND m.state = 'posted' AND m.date = r.date
                      JOIN account_move_line l ON l.move_id = m.id
                      JOIN account_account a
                        ON a.id = l.account_id AND a.account_type != 'asset_receivable'
                     WHERE r.company_id = %s AND r.date = %s AND %s
                     GROUP BY r.method
                    """,
                    company.id,
                    day,
                    SQL("r.cashier_id = %s", cashier.id) if cashier else SQL("TRUE"),
                )
            )
        }

    def _get_other_entries(self, company, day):
        """Return customers' money in the desk's journals that has no receipt."""
        journals = (
            company.gas_cash_journal_id
            | company.gas_transfer_journal_id
            | company.gas_qr_journal_id
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT coalesce(-sum(l.balance), 0)
                  FROM account_move m
                  JOIN account_move_line l ON l.move_id = m.id
                  JOIN account_account a
                    ON a.id = l.account_id AND a.account_type = 'asset_receivable'
                 WHERE m.journal_id = ANY(%s) AND m.date = %s AND m.state = 'posted'
                   AND NOT EXISTS (
                       SELECT 1
                         FROM account_payment p
                         JOIN gas_receipt r ON r.payment_id = p.id
                        WHERE p.move_id IN (m.id, m.reversed_entry_id))
                   AND NOT EXISTS (
                       SELECT 1
                         FROM account_payment p
                         JOIN gas_credit_refund r ON r.payment_id = p.id
                        WHERE p.move_id = m.id)
                """,
                journals.ids,
                day,
            )
        )
        return float(rows[0][0])
