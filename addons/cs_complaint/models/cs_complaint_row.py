from odoo import api, fields, models
from odoo.fields import Domain


class CsComplaintRow(models.AbstractModel):
    """A row of a case's history: read by who may read the case, written by methods."""

    _name = "cs.complaint.row"
    _description = "Row of a Complaint"
    _inherit = ["cs.guarded"]

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        """Only rows of cases the user finds himself."""
        if not self.env.su and not bypass_access:
            cases = self.env["cs.complaint"].with_context(active_test=False)._search([])
            domain = Domain(domain) & Domain("complaint_id", "in", cases)
        return super()._search(
            domain,
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self.ids:
            return result
        cases = self.sudo().complaint_id.sudo(False).with_env(self.env)
        readable = cases._filtered_access("read")
        hidden = self.filtered(lambda row: row.sudo().complaint_id not in readable)
        if not hidden:
            return result
        if result:
            hidden |= result[0]
        return hidden, lambda: self.env["ir.rule"]._make_access_error(operation, hidden)
