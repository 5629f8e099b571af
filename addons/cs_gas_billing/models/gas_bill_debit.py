from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.errors import GasInputError
from ..tools.rounding import CENT, from_float


class GasBill(models.Model):
    """What bank debit adds to a bill: the lock while it is at the bank, disputes."""

    _inherit = "gas.bill"

    debit_line_id = fields.Many2one(
        comodel_name="gas.debit.line",
        string="At the Bank",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="Sent to the bank and not answered: nothing else pays the bill now.",
    )
    debit_batch_name = fields.Char(
        related="debit_line_id.batch_id.name",
        string="In Debit Batch",
        compute_sudo=True,
    )
    disputed_amount = fields.Monetary(
        string="Disputed",
        readonly=True,
        copy=False,
        help="Not debited until the dispute is settled.",
    )
    dispute_reason = fields.Char(readonly=True, copy=False)

    _debit_idx = models.Index(
        "(company_id, account_id) WHERE state = 'posted' AND amount_residual > 0"
    )

    def action_dispute(self, amount, reason):
        """Keep a part of the bill (or with 0 nothing any more) out of bank debit.

        :param float amount: yuan, at most what is open
        :param str reason: what the customer disputes
        :raise UserError: no reason, or an amount that isn't open
        """
        self.ensure_one()
        if not self.env.su and not self.env.user.has_group(
            "cs_gas_billing.group_clerk"
        ):
            raise AccessError(self.env._("Only billing clerks note disputes."))
        self.check_access("read")
        bill_sudo = self.sudo()
        try:
            value = from_float(amount, 6)
        except (ArithmeticError, GasInputError, TypeError, ValueError):
            value = -CENT
        if value < 0 or value % CENT:
            raise UserError(self.env._("Enter the amount in yuan with two decimals."))
        if value and not (reason or "").strip():
            raise UserError(self.env._("Say what the customer disputes."))
        if value > from_float(bill_sudo.amount_residual, 2):
            raise UserError(
                self.env._(
                    "Of bill %(bill)s %(open)s is open; more can't be disputed.",
                    bill=bill_sudo.display_name,
                    open=f"{bill_sudo.amount_residual:.2f}",
                )
            )
        bill_sudo.write(
            {
                "disputed_amount": float(value),
                "dispute_reason": (reason or "").strip() if value else False,
            }
        )
        self.env["cs.event"]._cs_log(
            "gas.bill.dispute", self, details={"cents": int(value * 100)}
        )
        return True

    @api.model
    def _get_at_bank(self, account):
        """Return the account's bills that are at the bank, oldest due first."""
        return self.search(
            [
                ("account_id", "=", account.id),
                ("state", "=", "posted"),
                ("debit_line_id", "!=", False),
            ],
            order="date_due, id",
        )
