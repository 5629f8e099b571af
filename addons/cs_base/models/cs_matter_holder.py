from odoo import api, fields, models


class CsMatterHolder(models.Model):
    """Who worked on a matter from when to when."""

    _name = "cs.matter.holder"
    _description = "Handler of a Matter"
    _inherit = ["cs.matter.row", "cs.guarded"]
    _order = "date_from, id"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        comodel_name="res.users", string="Handler", readonly=True, index=True
    )
    team_id = fields.Many2one(comodel_name="cs.team", readonly=True)
    by_id = fields.Many2one(comodel_name="res.users", string="Given By", readonly=True)
    date_from = fields.Datetime(string="From", required=True, readonly=True)
    date_to = fields.Datetime(string="To", readonly=True)

    _open_idx = models.Index("(res_model, res_id) WHERE date_to IS NULL")

    @api.model
    def _cs_take_over(self, matters):
        """End the last row of each matter; begin one for its handler, if it has one."""
        if not matters:
            return self.browse()
        domain = [*self._cs_domain_of(matters), ("date_to", "=", False)]
        self.sudo().search(domain)._update({"date_to": fields.Datetime.now()})
        return self._cs_begin(matters)

    @api.model
    def _cs_begin(self, matters):
        """Begin a row for the handler of each matter that has one."""
        now = fields.Datetime.now()
        held = matters.filtered("handler_id")
        return self._append(
            [
                {
                    **ties,
                    "user_id": matter.handler_id.id,
                    "team_id": matter.team_id.id,
                    "by_id": self.env.uid,
                    "date_from": now,
                }
                for matter, ties in zip(held, self._cs_of(held), strict=True)
            ]
        )
