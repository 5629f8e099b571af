from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class CsComplaintPart(models.AbstractModel):
    """A row that belongs to a case in ``complaint_id`` and is as readable as it.

    The case's own rules are asked at every search and every access, so that a row
    can't be reached by whoever can't reach its case, however these rules change.
    """

    _name = "cs.complaint.part"
    _description = "Part of a Case"

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access:
            domain = Domain(domain) & self._cs_reader_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _cs_reader_domain(self):
        """Domain of the rows the user may find."""
        cases = self.env["cs.complaint"]
        if not cases.has_access("read"):
            return Domain.FALSE
        return Domain("complaint_id", "in", cases._search([]))

    def _check_access(self, operation):
        if refused := super()._check_access(operation):
            return refused
        if self.env.su or not any(self._ids):
            return None
        if hidden := self - self._cs_reachable(operation):
            text = self.env._("You may not do this with the case they belong to.")
            return hidden, lambda: AccessError(text)
        return None

    def _cs_reachable(self, operation):
        """The rows whose case the user may read, or write if it is about a change."""
        need = "read" if operation == "read" else "write"
        cases = self.sudo().complaint_id.with_env(self.env)._filtered_access(need)
        allowed = set(cases._ids)
        rows = self.sudo().filtered(lambda row: row.complaint_id.id in allowed)
        return rows.with_env(self.env)
