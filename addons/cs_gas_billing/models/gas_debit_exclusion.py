from odoo import fields, models

REASONS = [
    ("no_mandate", "No mandate"),
    ("no_bank", "Mandate without bank"),
    ("blocked", "Mandate blocked"),
    ("disputed", "Disputed"),
    ("at_bank", "At the bank already"),
    ("data", "Can't be written"),
    ("changed", "Changed before sending"),
]


class GasDebitExclusion(models.Model):
    """An open bill of a debit customer that a batch did not take, and why."""

    _name = "gas.debit.exclusion"
    _description = "Not in the Debit Batch"
    _order = "batch_id, reason, id"
    _rec_name = "bill_id"

    batch_id = fields.Many2one(
        comodel_name="gas.debit.batch", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(comodel_name="gas.account", index=True, readonly=True)
    bill_id = fields.Many2one(
        comodel_name="gas.bill", index=True, readonly=True, ondelete="cascade"
    )
    amount = fields.Monetary(string="Open", readonly=True)
    reason = fields.Selection(selection=REASONS, required=True, readonly=True)
    message = fields.Char(readonly=True)
