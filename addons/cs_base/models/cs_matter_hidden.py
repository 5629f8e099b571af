from odoo import models


class CsMatterHidden(models.AbstractModel):
    """What hangs on a matter is hidden with it, whenever that happens."""

    _inherit = "cs.matter.mixin"

    def copy(self, default=None):
        """A copy says what its original says: what is hidden stays so."""
        copies = super().copy(default)
        for matter, twin in zip(self.sudo(), copies.sudo(), strict=True):
            if matter.masked and not twin.masked:
                twin.masked = True
        return copies

    def write(self, vals):
        result = super().write(vals)
        if vals.get("masked"):
            self._cs_hide_rows()
        return result

    def _cs_hide_rows(self):
        """The rows of the engine and the notices; they stay hidden afterwards."""
        seen = [("masked", "=", False)]
        for rows in self.env["cs.matter.row"]._cs_row_models():
            for domain in rows._cs_domains_of(self):
                rows.sudo().search([*domain, *seen])._update({"masked": True})
        self._cs_hide_approvals()
        notices = self.env["cs.notify"].sudo()
        of_matters = self.env["cs.matter.row"]._cs_domain_of(self)
        notices.search([*of_matters, *seen])._update({"masked": True})

    def _cs_hide_approvals(self):
        """Approvals of the matters and of their rows; a room adds its documents."""
        approvals = self.env["cs.approval"]
        approvals._cs_hide(self)
        for rows in self.env["cs.matter.row"]._cs_row_models():
            if hasattr(rows, "_cs_approval_is_masked"):
                domain = rows._cs_domain_of(self)
                approvals._cs_hide(rows.sudo().search(domain))
