from odoo import api, fields, models


class CsComplaint(models.Model):
    """Whom the closed case is sent to, and who has read it."""

    _inherit = "cs.complaint"

    copy_department_ids = fields.Many2many(
        comodel_name="hr.department",
        relation="cs_complaint_copy_department_rel",
        column1="complaint_id",
        column2="department_id",
        string="Copy To",
        check_company=True,
        help="Departments that get a copy of the closed case beside those that "
        "investigated or answer for it.",
    )
    copy_ids = fields.One2many(
        comodel_name="cs.complaint.copy",
        inverse_name="complaint_id",
        string="Copies",
        readonly=True,
        copy=False,
    )
    copy_text = fields.Char(string="Copies Read", compute="_compute_copy_text")

    @api.depends("copy_ids.read_at")
    @api.depends_context("lang")
    def _compute_copy_text(self):
        for case in self:
            copies = case.copy_ids
            read = copies.filtered("read_at")
            case.copy_text = bool(copies) and self.env._(
                "%(read)s of %(sent)s", read=len(read), sent=len(copies)
            )

    def _cs_send_copies(self):
        """Send the closed cases to the departments they concern."""
        for case in self:
            self.env["cs.complaint.copy"]._cs_send(case)

    def action_copies(self):
        """Show the copies and their receipts."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Copies"),
            "res_model": "cs.complaint.copy",
            "view_mode": "list,form",
            "domain": [("complaint_id", "=", self.id)],
        }
