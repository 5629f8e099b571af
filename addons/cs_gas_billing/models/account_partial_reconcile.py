from odoo import api, fields, models
from odoo.exceptions import UserError

from .account_move import GAS_KEY


class AccountPartialReconcile(models.Model):
    """Matching that touches gas bills follows the gas account.

    What gas documents match themselves (``gas_key`` in the context) is right by
    construction. Everything else, an accountant's matching on whatever screen, is
    checked here: never across two gas accounts, and money that paid a bill becomes
    money of the bill's account.
    """

    _inherit = "account.partial.reconcile"

    gas_receipt_id = fields.Many2one(
        comodel_name="gas.receipt", index="btree_not_null", readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        if self.env.context.get("gas_key") is not GAS_KEY:
            partials.sudo()._follow_gas()
        return partials

    def unlink(self):
        if not self or self.env.context.get("gas_key") is GAS_KEY:
            return super().unlink()
        partials_sudo = self.sudo()
        lines_sudo = partials_sudo._get_gas_lines()
        if not lines_sudo:
            return super().unlink()
        partials_sudo._refuse_gas_unmatch()
        others_sudo = partials_sudo.debit_move_id | partials_sudo.credit_move_id
        bills_sudo = others_sudo.gas_bill_id
        result = super().unlink()
        others_sudo.exists()._release_gas_account()
        bills_sudo._settle_today()
        return result

    def _get_gas_lines(self):
        lines = self.debit_move_id | self.credit_move_id
        return lines.filtered("gas_account_id")

    # === MATCHED BY HAND ===#

    def _follow_gas(self):
        """Check what was matched by hand and give the money its gas account; sudo."""
        mine = self.filtered(
            lambda partial: (
                partial._get_gas_lines()
                and partial.debit_move_id.account_type == "asset_receivable"
            )
        )
        if not mine:
            return
        bills = (mine.debit_move_id | mine.credit_move_id).gas_bill_id
        bills._refuse_locked()
        for partial in mine:
            partial._refuse_two_accounts()
        plain = (mine.debit_move_id | mine.credit_move_id).filtered(
            lambda line: not line.gas_account_id
        )
        for line in plain:
            line._take_gas_account()
        bills._settle_today()

    def _refuse_two_accounts(self):
        debit, credit = self.debit_move_id, self.credit_move_id
        accounts = (debit | credit).gas_account_id
        if len(accounts) < 2:
            return
        raise UserError(
            self.env._(
                "%(credit)s is money of gas account %(payer)s and can't pay %(debit)s "
                "of account %(payee)s. Unmatch it first if it was matched with the "
                "wrong account, or refund the credit.",
                credit=credit.move_id.name or credit.display_name,
                payer=credit.gas_account_id.code,
                debit=debit.gas_bill_id.name or debit.move_id.name,
                payee=debit.gas_account_id.code,
            )
        )

    # === UNMATCHED BY HAND ===#

    def _refuse_gas_unmatch(self):
        """Refuse where a document would go on saying what isn't so any more; sudo.

        Receipts, debit lines, refunds and red entries say what they paid. Credit that
        was used by itself says nothing: unmatched, bill and credit are open again.
        """
        for partial in self:
            lines = partial.debit_move_id | partial.credit_move_id
            bill = lines.gas_bill_id[:1]
            what = bill.name or partial.debit_move_id.move_id.name
            if receipt := partial.gas_receipt_id:
                raise UserError(
                    self.env._(
                        "Hall receipt %(receipt)s paid %(what)s. A receipt of today is "
                        "reversed as a whole in Gas > Hall > Receipts; money of an "
                        "earlier one becomes credit when its bill is cancelled.",
                        receipt=receipt.name,
                        what=what,
                    )
                )
            if (
                lines.move_id.gas_debit_batch_id
                or lines.move_id.origin_payment_id.gas_refund_ids
                or len(lines.filtered("gas_bill_id")) == 2
            ):
                raise UserError(
                    self.env._(
                        "%(credit)s and %(what)s were matched by a gas document, which "
                        "alone can take that back: the debit's return, a refund or a "
                        "correction.",
                        credit=partial.credit_move_id.move_id.name,
                        what=what,
                    )
                )
