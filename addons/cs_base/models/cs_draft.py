import datetime

from odoo import api, fields, models

#: Setting: days after which values nobody asked for again are thrown away.
DAYS_PARAM = "cs_base.draft_days"
DAYS = 14


class CsDraft(models.Model):
    """What somebody typed into a matter that another one had changed meanwhile.

    It was sent when the page was closed, so nobody could be asked. It is offered to
    him, and to nobody else, when he opens the matter again.
    """

    _name = "cs.draft"
    _description = "Unsaved Changes"
    _inherit = ["cs.matter.row", "cs.guarded"]
    _order = "id desc"
    _rec_name = "res_model"

    user_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    kept_at = fields.Datetime(required=True, readonly=True)
    vals = fields.Json(required=True, readonly=True, export_string_translation=False)
    seen = fields.Json(readonly=True, export_string_translation=False)

    _user_uniq = models.UniqueIndex(
        "(res_model, res_id, user_id)",
        "Unsaved changes of this user are kept already.",
    )

    @api.model
    def _cs_of_user(self, matter):
        """The draft of the current user for ``matter``, with sudo."""
        domain = [*self._cs_domain_of(matter), ("user_id", "=", self.env.uid)]
        return self.sudo().search(domain, limit=1)

    @api.model
    def _cs_keep(self, matter, vals, seen):
        """Keep values for the current user; later ones take the place of earlier.

        :param vals: as for ``write``
        :param seen: what the fields held when he began to type
        """
        now = fields.Datetime.now()
        draft = self._cs_of_user(matter)
        if draft:
            draft._update(
                {
                    "vals": {**draft.vals, **vals},
                    "seen": {**seen, **(draft.seen or {})},
                    "kept_at": now,
                }
            )
            return draft
        ties = self._cs_of(matter.sudo())[0]
        row = {"user_id": self.env.uid, "kept_at": now, "vals": vals, "seen": seen}
        return self._append([{**ties, **row}])

    def _cs_forget(self):
        """Throw the drafts away: they were taken over, or aren't wanted."""
        if self:
            self._cs_drop_rows([("id", "in", self.ids)])

    @api.autovacuum
    def _gc_drafts(self):
        param = self.env["ir.config_parameter"].sudo().get_param(DAYS_PARAM, DAYS)
        limit = fields.Datetime.now() - datetime.timedelta(days=int(param))
        self.sudo().search([("kept_at", "<", limit)])._cs_forget()
