from odoo import api, fields, models


class AccountMove(models.Model):
    """Invoices whose payment an open complaint delays."""

    _inherit = "account.move"

    cs_dispute_ids = fields.One2many(
        comodel_name="cs.complaint.dispute",
        inverse_name="move_id",
        groups="cs_complaint.group_user",
    )
    cs_complaint_open = fields.Boolean(
        string="Delayed by a Complaint",
        compute="_compute_cs_complaint_open",
        search="_search_cs_complaint_open",
        help="An open complaint is about this invoice: its delay isn't the customer's.",
    )

    @api.model
    def _cs_delaying_domain(self):
        return [
            ("complaint_id.is_open", "=", True),
            ("complaint_id.masked", "=", False),
            ("complaint_id.judgement", "!=", "unsubstantiated"),
        ]

    def _compute_cs_complaint_open(self):
        disputes = self.env["cs.complaint.dispute"].sudo()
        rows = disputes.search(
            [("move_id", "in", self.ids), *self._cs_delaying_domain()]
        )
        delayed = set(rows.move_id.ids)
        for move in self:
            move.cs_complaint_open = move._origin.id in delayed

    def _search_cs_complaint_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        disputes = self.env["cs.complaint.dispute"].sudo()
        rows = disputes.search(self._cs_delaying_domain())
        return [("id", "in", rows.move_id.ids)]
