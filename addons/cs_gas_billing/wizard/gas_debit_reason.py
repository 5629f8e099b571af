from odoo import fields, models

KINDS = [
    ("cancel", "Cancel the batch"),
    ("close", "Close without the missing answers"),
    ("return", "Book a return"),
]


class GasDebitReason(models.TransientModel):
    """Asks a manager why, before something of bank debit is taken back."""

    _name = "gas.debit.reason"
    _description = "Reason in Bank Debit"

    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    batch_id = fields.Many2one(comodel_name="gas.debit.batch", readonly=True)
    line_id = fields.Many2one(comodel_name="gas.debit.line", readonly=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        if self.kind == "return":
            self.line_id.action_return(self.reason)
        elif self.kind == "close":
            self.batch_id.action_close(self.reason)
        else:
            self.batch_id.action_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
