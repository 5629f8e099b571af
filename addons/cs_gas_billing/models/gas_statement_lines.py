from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools.rounding import to_decimal

#: What a ledger item is; these raise what is owed, the others are payments.
CHARGES = ("bill", "red", "fee", "fee_red")


class GasStatementLines(models.AbstractModel):
    """What happened on accounts, read from the ledger and told in words.

    Every posted receivable item of the account is one row, so the closing balance is
    the ledger's to the cent. Called with full rights after ``gas.statement`` has
    checked who asks.
    """

    _name = "gas.statement.lines"
    _description = "Lines of Account Statements"

    @api.model
    def _get_statements(self, accounts, date_from, date_to):
        """Return one statement per account, in the order of ``accounts``.

        :return: dicts of ``account``, ``opening``, ``rows``, ``charges``,
            ``payments``, ``closing`` and ``waivers``; amounts are Decimals
        """
        self.env.flush_all()
        opening = self._get_opening(accounts, date_from)
        items = self._get_items(accounts, date_from, date_to)
        waivers = self._get_waivers(accounts, date_from, date_to)
        return [
            self._build(
                account,
                opening.get(account.id, Decimal(0)),
                items.get(account.id, []),
                waivers.get(account.id, []),
            )
            for account in accounts
        ]

    def _build(self, account, opening, items, waivers):
        balance = opening
        rows = []
        for item in items:
            amount = to_decimal(item["balance"])
            balance += amount
            charge = item["kind"] in CHARGES
            rows.append(
                {
                    "date": item["date"],
                    "document": item["document"] or "",
                    "text": self._get_text(item),
                    "charge": amount if charge else None,
                    "payment": None if charge else -amount,
                    "balance": balance,
                    "red": (amount < 0) if charge else (amount > 0),
                }
            )
        return {
            "account": account,
            "opening": opening,
            "rows": rows,
            "charges": sum((row["charge"] or Decimal(0) for row in rows), Decimal(0)),
            "payments": sum((row["payment"] or Decimal(0) for row in rows), Decimal(0)),
            "closing": balance,
            "waivers": waivers,
        }

    # === TEXTS ===#

    def _get_text(self, item):
        """Return in words what a ledger item is."""
        values = {
            "month": item["period"],
            "volume": f"{item['volume'] or 0:g}",
            "method": self._get_methods().get(item["method"], ""),
        }
        texts = {
            "bill": self.env._("Gas bill %(month)s, %(volume)s m³", **values),
            "red": self.env._("Cancelled: gas bill %(month)s", **values),
            "fee": self.env._("Late fee"),
            "fee_red": self.env._("Late fee taken back"),
            "receipt": self.env._("Payment at the hall, %(method)s", **values),
            "receipt_red": self.env._("Payment at the hall taken back"),
            "debit": self.env._("Bank debit"),
            "debit_red": self.env._("Bank debit returned"),
            "refund": self.env._("Credit paid out"),
            "payment": self.env._("Payment, %s", item["journal"]),
        }
        if item["kind"] == "bill" and item["bill_kind"] == "opening":
            return self.env._("Opening arrears %(month)s", **values)
        return texts.get(item["kind"]) or item["label"] or ""

    def _get_methods(self):
        field = self.env["gas.receipt"]._fields["method"]
        return dict(field._description_selection(self.env))

    # === LEDGER ===#

    def _get_opening(self, accounts, date_from):
        rows = self.env.execute_query(
            SQL(
                "SELECT l.gas_account_id, sum(l.balance)::text %s AND l.date < %s "
                "GROUP BY l.gas_account_id",
                self._get_from(accounts),
                date_from,
            )
        )
        return {account_id: to_decimal(amount) for account_id, amount in rows}

    def _get_from(self, accounts, joins=None):
        """Return the clause of the accounts' posted receivable items ``l``."""
        return SQL(
            """
              FROM account_move_line l
              JOIN account_account a
                ON a.id = l.account_id AND a.account_type = 'asset_receivable'
              %s
             WHERE l.gas_account_id = ANY(%s) AND l.parent_state = 'posted'
            """,
            joins or SQL(""),
            accounts.ids,
        )

    def _get_items(self, accounts, date_from, date_to):
        """Return {account id: ledger items in order of day}, each with its kind."""
        joins = SQL(
            """
              JOIN account_move m ON m.id = l.move_id
              JOIN account_journal j ON j.id = l.journal_id
              LEFT JOIN gas_bill b ON b.id = l.gas_bill_id
              LEFT JOIN account_payment p
                ON p.move_id IN (l.move_id, m.reversed_entry_id)
              LEFT JOIN gas_receipt r ON r.payment_id = p.id
              LEFT JOIN gas_receipt f
                ON f.fee_move_id IN (l.move_id, m.reversed_entry_id)
              LEFT JOIN gas_debit_line d ON d.move_line_id = l.id
              LEFT JOIN gas_debit_line t
                ON t.return_move_id = l.move_id AND t.account_id = l.gas_account_id
              LEFT JOIN gas_credit_refund o ON o.payment_id = p.id
            """
        )
        kind = SQL(
            """
            CASE WHEN b.move_line_id = l.id THEN 'bill'
                 WHEN b.id IS NOT NULL THEN 'red'
                 WHEN f.fee_move_id = l.move_id THEN 'fee'
                 WHEN f.id IS NOT NULL THEN 'fee_red'
                 WHEN d.id IS NOT NULL THEN 'debit'
                 WHEN t.id IS NOT NULL THEN 'debit_red'
                 WHEN o.id IS NOT NULL THEN 'refund'
                 WHEN r.id IS NOT NULL AND p.move_id = l.move_id THEN 'receipt'
                 WHEN r.id IS NOT NULL THEN 'receipt_red'
                 WHEN p.id IS NOT NULL OR j.type IN ('bank', 'cash')
                 THEN 'payment'
                 ELSE 'entry' END
            """
        )
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT DISTINCT ON (l.gas_account_id, l.date, l.id)
                       l.gas_account_id, l.date, l.balance::text, %s AS kind,
                       coalesce(b.name, f.name, r.name, d.ref, t.ref, o.name, m.name)
                           AS document,
                       b.period, b.volume::float, b.kind AS bill_kind, r.method,
                       coalesce(nullif(l.name, ''), m.ref) AS label,
                       coalesce(j.name->>%s, j.name->>'en_US') AS journal
                  %s AND l.date BETWEEN %s AND %s
                 ORDER BY l.gas_account_id, l.date, l.id
                """,
                kind,
                self.env.lang or "en_US",
                self._get_from(accounts, joins),
                date_from,
                date_to,
            )
        )
        items = {}
        for row in rows:
            items.setdefault(row["gas_account_id"], []).append(row)
        return items

    def _get_waivers(self, accounts, date_from, date_to):
        """Return {account id: waived late fees}; they are no ledger items."""
        company = accounts.company_id[:1]
        found = self.env["gas.latefee.waiver"].search(
            [("account_id", "in", accounts.ids), ("state", "=", "approved")],
            order="id",
        )
        waivers = {}
        for waiver in found:
            decided = waiver.cs_approval_ids.filtered("decided_at")[:1].decided_at
            day = company._cs_date(decided or waiver.write_date)
            if date_from <= day <= date_to:
                waivers.setdefault(waiver.account_id.id, []).append(
                    {
                        "date": day,
                        "bill": waiver.bill_id.display_name,
                        "amount": to_decimal(f"{waiver.amount:.2f}"),
                        "reason": waiver.reason,
                    }
                )
        return waivers
