from odoo import fields, models


class AccountPartialReconcile(models.Model):
    """Remembers which receipt matched an item, so that it can be taken back alone."""

    _inherit = "account.partial.reconcile"

    gas_receipt_id = fields.Many2one(
        comodel_name="gas.receipt", index="btree_not_null", readonly=True
    )
