from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CsChase(models.Model):
    """A matter was urged on (催单): who asked, what for, and what was answered."""

    _name = "cs.chase"
    _description = "Chase"
    _inherit = ["cs.matter.row", "cs.guarded"]
    _order = "chased_at desc, id desc"
    _rec_name = "note"

    by_id = fields.Many2one(
        comodel_name="res.users", string="Chased By", required=True, readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Handler", readonly=True, index=True
    )
    team_id = fields.Many2one(comodel_name="cs.team", readonly=True)
    chased_at = fields.Datetime(required=True, readonly=True)
    note = fields.Char(readonly=True)
    answered_at = fields.Datetime(readonly=True)
    answered_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    answer = fields.Char(readonly=True)

    _week_idx = models.Index("(company_id, chased_at)")

    @api.model
    def _cs_chase(self, matters, note):
        """Write down that ``matters`` were urged and tell whoever holds them.

        The matters are locked: two clicks at once count as two only if both happen.
        """
        matters._cs_lock()
        matters_sudo = matters.sudo()
        chases = self._append(
            [
                {
                    **ties,
                    "by_id": self.env.uid,
                    "user_id": matter.handler_id.id,
                    "team_id": matter.team_id.id,
                    "chased_at": fields.Datetime.now(),
                    "note": note or False,
                }
                for matter, ties in zip(
                    matters_sudo, self._cs_of(matters_sudo), strict=True
                )
            ]
        )
        for matter in matters_sudo:
            matter.chase_count += 1
            users = matter.handler_id
            if not users and matter.team_id:
                users = matter.team_id._cs_lead()
            self.env["cs.notify"].sudo()._cs_notify(
                "matter.chase", matter, users=users, values={"note": note or ""}
            )
        return chases

    def action_answer(self, answer):
        """Answer a chase; by the handler, whoever leads him, or the first owner.

        :param answer: what the customer can be told
        """
        if not (answer or "").strip():
            raise UserError(self.env._("Say what the customer can be told."))
        for chase in self:
            chase._cs_check_may_answer()
            if chase.sudo().answered_at:
                raise UserError(self.env._("This was answered already."))
        return self._update(
            {
                "answered_at": fields.Datetime.now(),
                "answered_by_id": self.env.uid,
                "answer": answer,
            }
        )

    def _cs_check_may_answer(self):
        """Raise unless the user holds the matter, leads or owns its contact."""
        matter, user = self._cs_matter(), self.env.user
        if not matter:
            raise UserError(self.env._("The document does not exist any more."))
        matter.check_access("read")
        matter_sudo = matter.sudo()
        teams = matter_sudo.team_id | self.sudo().team_id
        if not (
            user in (matter_sudo.handler_id | matter_sudo.first_owner_id)
            or user in (teams.lead_id | teams.deputy_id)
            or user.has_group("cs_base.group_manager")
            or (not teams and user.has_group("cs_base.group_lead"))
        ):
            raise AccessError(
                self.env._(
                    "Who works on %s, its first owner or the team lead answers this.",
                    matter.display_name,
                )
            )
