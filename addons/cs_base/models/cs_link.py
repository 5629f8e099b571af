from odoo import api, fields, models

#: Kind of a link seen from one side, and from the other.
KINDS = {
    "origin": "result",
    "result": "origin",
    "round_of": "round",
    "round": "round_of",
    "part_of": "part",
    "part": "part_of",
    "merged_into": "merged",
    "merged": "merged_into",
    "duplicate": "duplicate",
    "related": "related",
}


class CsLink(models.Model):
    """Two matters that have to do with each other; a row for each side.

    A link says nothing about the other matter that its reader may not read there.
    """

    _name = "cs.link"
    _description = "Link"
    _inherit = ["cs.matter.row", "cs.guarded"]
    _order = "id"
    _rec_name = "other_summary"

    kind = fields.Selection(
        selection=[
            ("origin", "Comes From"),
            ("result", "Led To"),
            ("round_of", "New Round Of"),
            ("round", "Next Round"),
            ("part_of", "Part Of"),
            ("part", "Includes"),
            ("merged_into", "Merged Into"),
            ("merged", "Took In"),
            ("duplicate", "Duplicate Of"),
            ("related", "Has To Do With"),
        ],
        required=True,
        readonly=True,
    )
    other_type_id = fields.Many2one(
        comodel_name="cs.business.type",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    other_model = fields.Char(
        required=True, readonly=True, export_string_translation=False
    )
    other_id = fields.Many2oneReference(
        string="Other Matter", model_field="other_model", required=True, readonly=True
    )
    other_summary = fields.Char(
        string="Linked Matter", compute="_compute_other_summary"
    )
    can_open = fields.Boolean(
        compute="_compute_other_summary", export_string_translation=False
    )
    masked = fields.Boolean(readonly=True)

    _pair_uniq = models.UniqueIndex(
        "(res_model, res_id, other_model, other_id, kind)",
        "These matters are linked already.",
    )
    _other_idx = models.Index("(other_model, other_id)")

    @api.depends_context("uid", "lang", "allowed_company_ids")
    @api.depends("other_model", "other_id")
    def _compute_other_summary(self):
        """What the reader may know of the other side; a few queries for each model."""
        for model, links in self.sudo().grouped("other_model").items():
            links = links.with_env(self.env)
            readable = links._cs_readable(model)
            for link in links:
                link.can_open = link.sudo().other_id in readable
                link.other_summary = (
                    readable[link.sudo().other_id]
                    if link.can_open
                    else self.env._("Linked, no access")
                )

    def _cs_readable(self, model):
        """Summaries of the other matters, all of ``model``, that the user may read."""
        if model not in self.env or not self.env[model].has_access("read"):
            return {}
        others = self.env[model].browse(self.sudo().mapped("other_id")).exists()
        return {
            other.id: other.sudo()._cs_summary()
            for other in others._filtered_access("read")
        }

    @api.model
    def _cs_domains_of(self, matters):
        """Of a link both sides."""
        return [
            *super()._cs_domains_of(matters),
            [("other_model", "=", matters._name), ("other_id", "in", matters.ids)],
        ]

    @api.model
    def _cs_link(self, matter, other, kind):
        """Link two matters unless they are linked this way already."""
        domain = [
            *self._cs_domain_of(matter),
            ("other_model", "=", other._name),
            ("other_id", "=", other.id),
            ("kind", "=", kind),
        ]
        known = self.sudo().search(domain)
        if known:
            return known
        sides = ((matter, other, kind), (other, matter, KINDS[kind]))
        masked = matter.sudo().masked or other.sudo().masked
        return self._append(
            [
                {
                    **self._cs_of(one.sudo())[0],
                    "other_type_id": two.sudo().business_type_id.id,
                    "other_model": two._name,
                    "other_id": two.id,
                    "kind": side,
                    "masked": masked,
                }
                for one, two, side in sides
            ]
        )[:1]

    def _cs_other(self):
        """The matter on the other side, with sudo; empty if it is gone."""
        self.ensure_one()
        link = self.sudo()
        if link.other_model not in self.env:
            return self.env["cs.business.type"].sudo().browse()
        return self.env[link.other_model].sudo().browse(link.other_id).exists()

    def action_open_other(self):
        """Open the other matter, if the user may read it."""
        self.ensure_one()
        other = self._cs_other().with_env(self.env)
        other.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": other._name,
            "res_id": other.id,
            "views": [(False, "form")],
        }

    @api.model
    def _cs_drop_rows(self, domain):
        """Both sides go with a matter."""
        mirror = [
            (f"other_{name.removeprefix('res_')}", operator, value)
            for name, operator, value in domain
        ]
        super()._cs_drop_rows(mirror)
        return super()._cs_drop_rows(domain)
