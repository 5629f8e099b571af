import base64

from odoo import api, models
from odoo.fields import Command

from ..tools.bankfile import build

#: Every so many lines are refused, by these codes in turn.
REFUSED = 7
CODES = ("1001",) * 9 + ("2001",)


class GasDemoBank(models.AbstractModel):
    """Plays the bank: answers debit batches and shows their money on a statement.

    Also used to try a month without a bank: see ``make bank``.
    """

    _name = "gas.demo.bank"
    _description = "Demo Bank"

    @api.model
    def _answer(self, batch, codes=None, day=None):
        """Return the result file of a sent batch.

        :param dict codes: {line number: code of the bank}; default: every 7th refused
        :param day: date of the debit, default: the batch's
        """
        batch = batch.sudo()
        profile = batch.profile_id
        if codes is None:
            codes = self._choose_codes(batch)
        spec = profile._get_spec()
        spec |= {"header": None, "trailer": None} | spec["result"]
        known = profile._get_codes()
        accepted = next(code for code, answer in known.items() if answer[0] == "ok")
        rows = []
        for line in batch.line_ids.sorted("number"):
            code = codes.get(line.number, accepted)
            rows.append(
                {
                    "account": line.account_number,
                    "holder": line.holder,
                    "amount": f"{line.amount:.2f}",
                    "code": code,
                    "text": known.get(code, ("", ""))[1],
                    "date": day or batch.date,
                }
            )
        common = {"date": day or batch.date, "filler": ""}
        return build(spec, batch.name, rows, common)

    def _choose_codes(self, batch):
        known = batch.profile_id._get_codes()
        refused = [code for code in CODES if code in known] or [
            code for code, answer in known.items() if answer[0] == "retry"
        ]
        return {
            number: refused[number // REFUSED % len(refused)]
            for number in range(REFUSED, batch.line_count + 1, REFUSED)
        }

    @api.model
    def _import_answer(self, batch, user, codes=None, day=None):
        """Take the bank's answer over as ``user``; return the result."""
        result = (
            self.env["gas.debit.result"]
            .with_user(user)
            .create(
                {
                    "name": f"回盘 {batch.name}",
                    "filename": f"{batch.name}.txt",
                    "file": base64.b64encode(self._answer(batch, codes, day)),
                }
            )
        )
        result.action_check()
        result.action_import()
        return result

    @api.model
    def _show_on_statement(self, batch, day, fee=0.0, match=True):
        """Put the batch's money on the bank statement; match it as an accountant does.

        :param float fee: what the bank kept
        """
        batch = batch.sudo()
        item = batch.open_line_id
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": batch.profile_id._get_journal().id,
                "date": day,
                "payment_ref": f"批量代扣入账 {batch.name}",
                "amount": item.amount_residual - fee,
            }
        )
        if match and not line.is_reconciled and not fee:
            self._match(line, item)
        return line

    def _match(self, line, item):
        liquidity, *_others = line._seek_for_lines()
        counterpart = {
            "account_id": item.account_id.id,
            "name": line.payment_ref,
            "balance": -line.amount,
        }
        line.with_context(force_delete=True, skip_readonly_check=True).write(
            {
                "line_ids": [
                    *(
                        Command.delete(row.id)
                        for row in line.move_id.line_ids - liquidity
                    ),
                    Command.create(counterpart),
                ]
            }
        )
        new = line.move_id.line_ids - liquidity
        (new | item).reconcile()
