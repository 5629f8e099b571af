from odoo import api, fields, models
from odoo.exceptions import UserError

from .cs_guarded import drop_rows


class CsMatterRow(models.AbstractModel):
    """A row of the engine that belongs to some matter: a clock, a visit, a link.

    The type goes with its app, and these rows with the type; rows of a matter that
    is deleted go with it.
    """

    _name = "cs.matter.row"
    _description = "Row of a Matter"

    business_type_id = fields.Many2one(
        comodel_name="cs.business.type",
        string="Type",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    res_model = fields.Char(
        string="Matter Model",
        required=True,
        readonly=True,
        export_string_translation=False,
    )
    res_id = fields.Many2oneReference(
        string="Matter", model_field="res_model", required=True, readonly=True
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )

    masked = fields.Boolean(readonly=True, help="The matter's person is hidden.")

    _matter_idx = models.Index("(res_model, res_id)")

    @api.model
    def _cs_of(self, matters):
        """The values that tie a new row to a matter: a dict for each of ``matters``."""
        return [
            {
                "business_type_id": matter.business_type_id.id,
                "res_model": matter._name,
                "res_id": matter.id,
                "company_id": matter.company_id.id,
                "masked": matter.masked,
            }
            for matter in matters
        ]

    @api.model
    def _cs_domain_of(self, matters):
        """Domain of the rows of ``matters``, all of one model."""
        return [("res_model", "=", matters._name), ("res_id", "in", matters.ids)]

    @api.model
    def _cs_domains_of(self, matters):
        """Domains of all rows that say something about ``matters``."""
        return [self._cs_domain_of(matters)]

    def _cs_matter(self):
        """The matter of this row, as the user sees it; empty if it is gone."""
        self.ensure_one()
        row = self.sudo()
        if row.res_model not in self.env:
            return self.env["cs.business.type"].browse()
        return self.env[row.res_model].browse(row.res_id).exists()

    def action_open_matter(self):
        """Open the matter this row belongs to, if the user may read it."""
        self.ensure_one()
        self.check_access("read")
        matter = self._cs_matter()
        if not matter:
            raise UserError(self.env._("The document does not exist any more."))
        matter.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": matter._name,
            "res_id": matter.id,
            "views": [(False, "form")],
        }

    @api.model
    def _cs_row_models(self):
        """All models whose rows belong to matters."""
        names = self.env.registry.descendants(["cs.matter.row"], "_inherit")
        return [self.env[name] for name in names if not self.env[name]._abstract]

    @api.model
    def _cs_drop(self, model, ids=None):
        """Delete the engine's rows of matters that go, of a model or of some records.

        Rows are guarded against people, not against the end of what they belong to.
        """
        for rows in self._cs_row_models():
            domain = [("res_model", "=", model)]
            if ids is not None:
                domain.append(("res_id", "in", ids))
            rows.sudo()._cs_drop_rows(domain)

    @api.model
    def _cs_drop_rows(self, domain):
        drop_rows(self, domain)
