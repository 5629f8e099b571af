from odoo import api, fields, models
from odoo.exceptions import UserError


class GasReceipt(models.Model):
    """Money taken at the hall: which bills it paid, by which method, by whom."""

    _name = "gas.receipt"
    _description = "Hall Receipt"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Receipt No.", readonly=True, copy=False)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        comodel_name="gas.account", required=True, index=True, readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, index=True, readonly=True
    )
    cashier_id = fields.Many2one(
        comodel_name="res.users", required=True, index=True, readonly=True
    )
    date = fields.Date(required=True, readonly=True, help="Day in company time.")
    moment = fields.Datetime(required=True, readonly=True)
    method = fields.Selection(
        selection=[("cash", "Cash"), ("transfer", "Bank Transfer"), ("qr", "QR")],
        required=True,
        readonly=True,
    )
    reference = fields.Char(
        readonly=True, help="Number of the bank's or the payment app's confirmation."
    )
    tendered = fields.Monetary(string="Received", readonly=True)
    change = fields.Monetary(readonly=True)
    amount = fields.Monetary(string="Kept", required=True, readonly=True)
    amount_principal = fields.Monetary(string="On Bills", readonly=True)
    amount_fee = fields.Monetary(string="Late Fee", readonly=True)
    amount_credit = fields.Monetary(string="On Credit", readonly=True)
    line_ids = fields.One2many(
        comodel_name="gas.receipt.line", inverse_name="receipt_id", readonly=True
    )
    payment_id = fields.Many2one(
        comodel_name="account.payment", index="btree_not_null", readonly=True
    )
    fee_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Late Fee Invoice",
        index="btree_not_null",
        readonly=True,
    )
    state = fields.Selection(
        selection=[("posted", "Posted"), ("reversed", "Reversed")],
        required=True,
        default="posted",
        readonly=True,
    )
    reversed_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    reversed_on = fields.Datetime(readonly=True)
    reversal_reason = fields.Char(readonly=True)

    _name_uniq = models.UniqueIndex(
        "(company_id, name)", "The receipt number exists already."
    )
    _day_idx = models.Index("(company_id, date, cashier_id)")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Receipts are made at the hall screen."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("A receipt can't be changed; reverse it."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Receipts are kept. A wrong one is reversed."))
