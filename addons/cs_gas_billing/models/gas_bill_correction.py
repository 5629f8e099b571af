from odoo import fields, models


class GasBill(models.Model):
    """What becomes of a bill that is taken back: red entry, successor, late fee."""

    _inherit = "gas.bill"

    correction_id = fields.Many2one(
        comodel_name="gas.correction",
        string="Made by Correction",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    replaced_by_id = fields.Many2one(
        comodel_name="gas.bill",
        string="Replacing Bill",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="The bill that stands in its place: this one is taken back when that one "
        "is posted.",
    )
    replaces_ids = fields.One2many(
        comodel_name="gas.bill",
        inverse_name="replaced_by_id",
        string="Replaced Bills",
        readonly=True,
    )
    cancelled_date = fields.Date(
        string="Cancelled on",
        readonly=True,
        copy=False,
        help="Accounting date of the red entry.",
    )
    red_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Red Entry",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    fee_month = fields.Char(
        string="Late Fee Counts from Bill Month",
        readonly=True,
        copy=False,
        help="Set when a correction or a reading after estimates made the bill "
        "higher: nobody is late with an amount he could not know.",
    )
    fee_carried = fields.Monetary(
        string="Late Fee of the Replaced Bill",
        readonly=True,
        copy=False,
        help="Late fee that was collected on the bill this one replaces.",
    )
    fee_waived = fields.Monetary(
        string="Late Fee Waived Before",
        readonly=True,
        copy=False,
        help="Late fee that was waived on the bill this one replaces.",
    )
    fee_returned = fields.Monetary(
        string="Late Fee Given Back",
        readonly=True,
        copy=False,
        help="Late fee of this cancelled bill that became credit of the account.",
    )
    fee_note_id = fields.Many2one(
        comodel_name="account.move",
        string="Credit Note of the Late Fee",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )

    def action_correct(self):
        """Start a correction of this bill, or go on with the one that was started."""
        self.ensure_one()
        corrections = self.env["gas.correction"]
        corrections._cs_check_group("cs_gas_billing.group_clerk")
        started = corrections.search(
            [("bill_id", "=", self.id), ("state", "in", ("draft", "requested"))],
            limit=1,
        )
        correction = started or corrections.create({"bill_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": "gas.correction",
            "res_id": correction.id,
            "views": [(False, "form")],
        }
