from odoo import fields, models

from .cs_complaint import SEVERITIES


class CsComplaintSeverity(models.Model):
    """How serious a case was found, when, by whom and why: rows only get more."""

    _name = "cs.complaint.severity"
    _description = "Severity of a Complaint"
    _inherit = ["cs.complaint.row"]
    _order = "at, id"
    _rec_name = "to_severity"

    from_severity = fields.Selection(selection=SEVERITIES, string="From", readonly=True)
    from_particularly = fields.Boolean(string="Was Particularly Severe", readonly=True)
    to_severity = fields.Selection(
        selection=SEVERITIES, string="To", required=True, readonly=True
    )
    to_particularly = fields.Boolean(string="Particularly Severe", readonly=True)
    reason = fields.Text(readonly=True)
    evidence = fields.Text(readonly=True)
    file_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="cs_complaint_severity_row_file_rel",
        column1="row_id",
        column2="attachment_id",
        string="Files",
        readonly=True,
    )
    by_id = fields.Many2one(comodel_name="res.users", required=True, readonly=True)
    at = fields.Datetime(string="On", required=True, readonly=True)
    approval_id = fields.Many2one(
        comodel_name="cs.approval",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    approved_by = fields.Char(
        readonly=True, help="Who approved that the severity was lowered."
    )
