import re

from odoo import models

#: Characters that would make a longer number of a batch number.
TOKEN = r"(?<![0-9A-Za-z]){}(?![0-9A-Za-z]|[-/.][0-9A-Za-z])"


class AccountBankStatementLine(models.Model):
    """The lump sum of a debit batch meets the one line the batch left open.

    Found by the batch's number, as a whole word in the text of the transaction. The
    exact amount is reconciled at once; net of fees, the batch is chosen on the screen
    and the rest is left for the button *Bank Fees*.
    """

    _inherit = "account.bank.statement.line"

    def _do_auto_reconcile(self, reconcile_if_possible=True):
        """Batches come first: neither a rule nor a text may take their money."""
        batch_lines = self.browse()
        exact = self.browse()
        known = {}
        for line in self:
            if line.is_reconciled:
                continue
            company = line.company_id
            if company not in known:
                known[company] = self._get_open_batches(company)
            items = line._find_batch_items(known[company])
            if not items:
                continue
            items = line._find_own_items(items)
            line._choose_batch_items(items)
            batch_lines |= line
            due = sum(items.mapped("amount_residual"))
            if not company.currency_id.compare_amounts(due, line.amount):
                exact |= line
        others = super(AccountBankStatementLine, self - batch_lines)
        result = others._do_auto_reconcile(reconcile_if_possible)
        if reconcile_if_possible:
            for line in exact:
                # two transactions of one file may name the same batch
                if not any(line._get_chosen_items().mapped("reconciled")):
                    line.reconcile_bank_line()
        return result

    def _get_open_batches(self, company):
        """Return {batch number: open items (sudo) on the accounts in transit}."""
        items = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    (
                        "account_id",
                        "in",
                        company.sudo()._get_gas_transit_accounts().ids,
                    ),
                    ("reconciled", "=", False),
                    ("parent_state", "=", "posted"),
                    ("company_id", "=", company.id),
                    ("move_id.gas_debit_batch_id", "!=", False),
                ],
                order="date, id",
            )
        )
        return {
            batch.name: lines
            for batch, lines in items.grouped(
                lambda item: item.move_id.gas_debit_batch_id
            ).items()
            if batch.name
        }

    def _find_batch_items(self, batches):
        """Return the open items of the one batch that the transaction names."""
        if self.foreign_currency_id or (
            self.currency_id != self.company_id.currency_id
        ):
            return self.env["account.move.line"]
        text = " ".join(filter(None, (self.payment_ref, self.ref)))
        named = [
            items
            for number, items in batches.items()
            if number in text and re.search(TOKEN.format(re.escape(number)), text)
        ]
        return named[0] if len(named) == 1 else self.env["account.move.line"]

    def _find_own_items(self, items):
        """Return the items of the batch that the transaction stands for.

        All of them; what was debited, if the returns come as transactions of their
        own; or one of those returns. What fits to the cent decides.
        """
        debited = items.filtered(lambda item: item.amount_residual > 0)
        for chosen in (items, debited, *(items - debited)):
            due = sum(chosen.mapped("amount_residual"))
            if chosen and not self.currency_id.compare_amounts(due, self.amount):
                return chosen
        return items

    def _choose_batch_items(self, items):
        """Put the items on the screen in full; what differs is left open there."""
        liquidity, _suspense, _other = self._seek_for_lines()
        number = 1
        data = []
        for line in liquidity:
            number, values = self._get_reconcile_line(
                line, "liquidity", reconcile_auxiliary_id=number, move=True
            )
            data += values
        for item in items:
            number, values = self._get_reconcile_line(
                item.with_env(self.env),
                "other",
                is_counterpart=True,
                reconcile_auxiliary_id=number,
                move=True,
            )
            data += values
        self.reconcile_data_info = self._recompute_suspense_line(
            data, number, self.manual_reference
        )

    def _get_chosen_items(self):
        return self.env["account.move.line"].browse(
            identifier
            for line in self.reconcile_data_info["data"]
            for identifier in line.get("counterpart_line_ids") or []
        )
