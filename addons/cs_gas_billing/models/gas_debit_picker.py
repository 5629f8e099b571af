from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..bulk import insert
from ..tools.bankfile import build, detail_line, line_ref
from ..tools.errors import GasInputError
from ..tools.rounding import money, to_decimal


class GasDebitPicker(models.AbstractModel):
    """Chooses the bills of a batch, and writes its file; called with full rights."""

    _name = "gas.debit.picker"
    _description = "Selection of Bills for Bank Debit"

    # === PICKING ===#

    @api.model
    def _pick(self, batch):
        """Fill ``batch``, and more of its kind if a file can't hold all bills.

        :return: the batches, ``batch`` first
        """
        batch.line_ids.unlink()
        batch.exclusion_ids.unlink()
        self._use_credits(batch.company_id)
        good, excluded = self._sort(batch, self._find(batch))
        common = {"company_id": batch.company_id.id}
        size = batch.profile_id.max_lines
        batches = batch
        for start in range(0, max(len(good), 1), size):
            if start:
                batches += batch.copy()
            part = good[start : start + size]
            insert(
                self.env["gas.debit.line"],
                [row | common | {"batch_id": batches[-1].id} for row in part],
            )
        insert(
            self.env["gas.debit.exclusion"],
            [row | common | {"batch_id": batch.id} for row in excluded],
        )
        self.env.invalidate_all()
        batches._update_totals()
        return batches

    def _use_credits(self, company):
        """Money the customers have already pays their bills first."""
        accounts = self.env["gas.account"].search(
            [("company_id", "=", company.id), ("pay_channel", "=", "debit")]
        )
        owing = accounts.browse(accounts._get_open_credit())
        if owing:
            self.env["gas.allocator"]._lock_many(owing)
            self.env["gas.allocator"]._use_credits(owing)
            self.env.flush_all()

    def _find(self, batch):
        """Return open bills of debit customers with their mandates, oldest first."""
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT b.id AS bill_id, b.account_id, b.partner_id, b.name AS bill,
                       a.code AS customer, b.amount_residual::text AS open,
                       coalesce(b.disputed_amount, 0)::text AS disputed,
                       b.dispute_reason, m.id AS mandate_id, m.account_number,
                       coalesce(m.holder, p.name) AS holder, m.blocked_on,
                       m.blocked_reason, m.reference AS mandate,
                       coalesce(m.bank_name, '') AS bank_name,
                       t.name AS batch_name, l.id AS busy_line
                  FROM gas_bill b
                  JOIN gas_account a ON a.id = b.account_id
                  JOIN res_partner p ON p.id = a.partner_id
                  LEFT JOIN gas_bank_mandate m ON m.account_id = a.id
                       AND m.date_from <= %(day)s
                       AND (m.date_to IS NULL OR m.date_to >= %(day)s)
                  LEFT JOIN gas_debit_line l ON l.bill_id = b.id
                       AND l.state IN ('queued', 'sent')
                  LEFT JOIN gas_debit_batch t ON t.id = l.batch_id
                 WHERE b.company_id = %(company)s AND b.state = 'posted'
                   AND b.amount_residual > 0 AND a.pay_channel = 'debit'
                   AND b.replaced_by_id IS NULL
                 ORDER BY a.code, b.date_due, b.id
                """,
                day=batch.date,
                company=batch.company_id.id,
            )
        )

    def _sort(self, batch, rows):
        """Return (values of lines, values of exclusions)."""
        profile = batch.profile_id
        bank = (profile.bank_name or "").strip().casefold()
        spec = profile._get_spec()
        good, excluded = [], []
        for row in rows:
            if bank and row["bank_name"] and bank not in row["bank_name"].casefold():
                continue  # another bank's customer is another batch's business
            amount = to_decimal(row["open"]) - to_decimal(row["disputed"])
            reason = self._find_reason(row, amount, bank) or self._find_data_fault(
                batch, spec, row, amount
            )
            keys = {"bill_id": row["bill_id"], "account_id": row["account_id"]}
            if reason:
                excluded.append(
                    keys
                    | {"amount": row["open"], "reason": reason[0]}
                    | {"message": reason[1] or None}
                )
                continue
            good.append(
                keys
                | {
                    "partner_id": row["partner_id"],
                    "mandate_id": row["mandate_id"],
                    "account_number": row["account_number"],
                    "holder": row["holder"],
                    "amount": money(amount),
                    "state": "queued",
                }
            )
        return good, excluded

    def _find_reason(self, row, amount, bank):
        if row["busy_line"]:
            return "at_bank", self.env._("In batch %s.", row["batch_name"])
        if not row["mandate_id"]:
            return "no_mandate", self.env._(
                "Enter the mandate, or change the payment channel."
            )
        if bank and not row["bank_name"]:
            return "no_bank", self.env._("Enter the bank in the mandate.")
        if row["blocked_on"]:
            return "blocked", self.env._(
                "Since %(day)s: %(reason)s. The customer has to renew it.",
                day=row["blocked_on"],
                reason=row["blocked_reason"] or "–",
            )
        if amount <= 0:
            return "disputed", row["dispute_reason"]
        return None

    def _find_data_fault(self, batch, spec, row, amount):
        """Try the line: one name the bank can't take must not stop the others."""
        try:
            detail_line(spec, "0" * 10, 1, self._prepare_row(batch, row, amount))
        except GasInputError as error:
            return "data", self.env._("The bank's file can't take it: %s", error)
        return None

    def _prepare_row(self, batch, row, amount):
        return {
            "account": row["account_number"],
            "holder": row["holder"],
            "amount": money(amount),
            "customer": row["customer"],
            "bill": row["bill"],
            "mandate": row["mandate"] or "",
            "date": batch.date,
        }

    # === SENDING ===#

    @api.model
    def _send(self, batch):
        """Look at the bills again, write the file, lock the bills."""
        lines = batch.line_ids
        self.env["gas.allocator"]._lock_many(lines.account_id)
        self._drop_changed(batch, lines)
        lines = lines.exists().filtered(lambda line: line.state == "queued")
        if not lines:
            batch._update_totals()
            raise UserError(
                self.env._("Every bill of the batch changed since. Select them again.")
            )
        if batch.name == "/":
            batch.name = self.env["cs.numbering"].next(
                "gas.debit.batch", batch.company_id, batch.date
            )
        self._number(batch, lines)
        batch._update_totals()
        try:
            content = build(
                batch.profile_id._get_spec(),
                batch.name,
                self._load_rows(batch),
                {"date": batch.date},
            )
        except GasInputError as error:
            raise UserError(
                self.env._(
                    "The file can't be written: %s. Mend the bank profile.", error
                )
            ) from error
        batch._store_file(content)

    def _drop_changed(self, batch, lines):
        """Leave out what was paid, disputed or blocked since; note it."""
        found = {row["bill_id"]: row for row in self._find(batch)}
        changed = self.env["gas.debit.line"]
        exclusions = []
        for line in lines:
            row = found.get(line.bill_id.id)
            message = self._find_change(line, row)
            if message:
                changed += line
                exclusions.append(
                    {
                        "batch_id": batch.id,
                        "company_id": batch.company_id.id,
                        "account_id": line.account_id.id,
                        "bill_id": line.bill_id.id,
                        "amount": row["open"] if row else 0,
                        "reason": "changed",
                        "message": message,
                    }
                )
        changed.unlink()
        insert(self.env["gas.debit.exclusion"], exclusions)
        batch.invalidate_recordset()

    def _find_change(self, line, row):
        """Return what happened to a bill since it was chosen, or None."""
        if not row:
            return self.env._("Paid, cancelled or not on bank debit any more.")
        if row["mandate_id"] != line.mandate_id.id or (
            row["account_number"] != line.account_number
        ):
            return self.env._("The mandate changed.")
        if row["blocked_on"]:
            return self.env._("The mandate was blocked.")
        amount = to_decimal(row["open"]) - to_decimal(row["disputed"])
        if money(amount) != f"{line.amount:.2f}":
            return self.env._(
                "%(now)s instead of %(before)s is open.",
                now=money(amount),
                before=f"{line.amount:.2f}",
            )
        return None

    def _number(self, batch, lines):
        """Number the lines, mark them as sent and lock their bills."""
        self.env.flush_all()
        numbers = list(range(1, len(lines) + 1))
        self.env.execute_query(
            SQL(
                "UPDATE gas_debit_line l SET state = 'sent', number = n.number, "
                "ref = n.ref FROM unnest(%s, %s, %s) AS n(id, number, ref) "
                "WHERE l.id = n.id RETURNING l.id",
                lines.ids,
                numbers,
                [line_ref(batch.name, number) for number in numbers],
            )
        )
        self.env.execute_query(
            SQL(
                "UPDATE gas_bill b SET debit_line_id = l.id FROM gas_debit_line l "
                "WHERE l.batch_id = %s AND l.state = 'sent' AND b.id = l.bill_id "
                "RETURNING b.id",
                batch.id,
            )
        )
        self.env.invalidate_all()

    def _load_rows(self, batch):
        """Return the rows of the file in the order of their numbers."""
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT l.account_number AS account, l.holder, l.amount::text AS amount,
                       a.code AS customer, b.name AS bill,
                       coalesce(m.reference, '') AS mandate
                  FROM gas_debit_line l
                  JOIN gas_bill b ON b.id = l.bill_id
                  JOIN gas_account a ON a.id = l.account_id
                  LEFT JOIN gas_bank_mandate m ON m.id = l.mandate_id
                 WHERE l.batch_id = %s AND l.state = 'sent'
                 ORDER BY l.number
                """,
                batch.id,
            )
        )
