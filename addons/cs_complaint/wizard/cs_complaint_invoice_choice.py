from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CsComplaintInvoiceChoice(models.TransientModel):
    """Dialog: which of the customer's invoices it is about."""

    _name = "cs.complaint.invoice.choice"
    _description = "Choice of Invoices"

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint", required=True, readonly=True
    )
    line_id = fields.Many2one(
        comodel_name="cs.complaint.settlement.line", readonly=True
    )
    row_ids = fields.One2many(
        comodel_name="cs.complaint.invoice.choice.row",
        inverse_name="choice_id",
        string="Invoices",
    )

    @api.model
    def _cs_begin(self, case, chosen, line=None):
        """A dialog with the customer's invoices, those in ``chosen`` ticked."""
        return self.create(
            {
                "complaint_id": case.id,
                "line_id": line.id if line else False,
                "row_ids": [
                    Command.create({"move_id": move.id, "chosen": move.id in chosen})
                    for move in case._cs_invoices()
                ],
            }
        )

    def action_choose(self):
        """Take over what is ticked; of an allowance at most one invoice.

        :return: action that goes back to the settlement, or closes the dialog
        """
        self.ensure_one()
        offered = self.complaint_id._cs_invoices()
        moves = self.row_ids.filtered("chosen").move_id.sudo() & offered
        if not self.line_id:
            self.complaint_id._cs_dispute(moves)
        elif len(moves) > 1:
            raise UserError(self.env._("An allowance is credited to one invoice."))
        else:
            self.line_id._cs_take_invoice(moves)
            return self.line_id.settlement_id.action_open()
        return {"type": "ir.actions.act_window_close"}
