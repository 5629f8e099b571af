from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    gas_debit_batch_id = fields.Many2one(
        comodel_name="gas.debit.batch",
        string="Debit Batch",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
