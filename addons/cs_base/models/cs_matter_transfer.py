from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .cs_offer_mixin import REASONS


class CsMatterTransfer(models.Model):
    """Work on a matter passes on, with the next handler's acceptance.

    For matters somebody works on without owning their contact; what he owns passes on
    with the contact, by ``cs.interaction.transfer``.
    """

    _name = "cs.matter.transfer"
    _description = "Transfer of Work"
    _inherit = ["cs.matter.row", "cs.offer.mixin"]
    _order = "id desc"
    _rec_name = "summary"

    summary = fields.Char(
        string="What It Is About", compute="_compute_summary", compute_sudo=True
    )
    from_id = fields.Many2one(string="Handed Over By")
    to_id = fields.Many2one(string="Next Handler")

    _proposed_uniq = models.UniqueIndex(
        "(res_model, res_id) WHERE state = 'proposed'",
        "This is offered to somebody already. Withdraw that first.",
    )
    _to_idx = models.Index("(to_id) WHERE state = 'proposed'")

    @api.depends_context("lang")
    @api.depends("res_model", "res_id")
    def _compute_summary(self):
        """A line without anything personal: the next handler decides by it."""
        for model, rows in self.grouped("res_model").items():
            matters = self.env[model].browse(rows.mapped("res_id")).exists()
            lines = {matter.id: matter._cs_summary() for matter in matters}
            for row in rows:
                row.summary = lines.get(row.res_id, "")

    # === PROPOSE === #

    @api.model
    def _cs_propose(self, matters, to, reason, note=""):
        """Offer the work on ``matters``, all of one model, to ``to``.

        :raise UserError: ``to`` can't take it, or it is offered to somebody already
        :raise AccessError: neither the handler nor his lead asks
        """
        for matter in matters:
            self._check_may_propose(matter, reason)
            self._check_may_receive(matter, to)
        waiting = self._cs_waiting(matters)
        if waiting:
            raise UserError(
                self.env._(
                    "%(matter)s is offered to %(user)s already. Withdraw that first.",
                    matter=waiting[0].summary,
                    user=waiting[0].to_id.name,
                )
            )
        matters_sudo = matters.sudo()
        return self._append(
            [
                {
                    **ties,
                    "from_id": matter.handler_id.id,
                    "to_id": to.id,
                    "by_id": self.env.uid,
                    "reason": reason,
                    "note": note or False,
                    "state": "proposed",
                    "proposed_at": fields.Datetime.now(),
                }
                for matter, ties in zip(
                    matters_sudo, self._cs_of(matters_sudo), strict=True
                )
            ]
        ).sudo(self.env.su)

    @api.model
    def _cs_waiting(self, matters):
        """Offers of ``matters`` nobody has answered yet, with sudo."""
        return self.sudo().search(
            [*self._cs_domain_of(matters), ("state", "=", "proposed")]
        )

    def _check_may_propose(self, matter, reason):
        matter.check_access("read")
        if reason not in dict(REASONS):
            raise UserError(self.env._("Choose why the work passes on."))
        handler = matter.sudo().handler_id
        if not matter.is_open or not handler:
            raise UserError(
                self.env._("%s is closed or nobody works on it.", matter.display_name)
            )
        leads = self.env.su or self.env.user._cs_leads_user(handler)
        if not leads and (handler != self.env.user or reason == "supervisor"):
            raise AccessError(
                self.env._(
                    "%(owner)s works on %(matter)s; he or his team lead does this.",
                    matter=matter.display_name,
                    owner=handler.name,
                )
            )

    def _check_may_receive(self, matter, to):
        user = to.sudo()
        fits = (
            user.active
            and not user.share
            and matter.sudo().company_id in user.company_ids
            and user != matter.sudo().handler_id
            and self.env[matter._name].with_user(user).has_access("write")
        )
        if not fits:
            raise UserError(
                self.env._(
                    "%(user)s can't work on %(matter)s. Choose another active member "
                    "of the staff who may.",
                    user=user.name,
                    matter=matter.display_name,
                )
            )

    # === DECIDE === #

    def action_accept(self):
        """Take the work over; by the next handler himself."""
        for transfer in self:
            matter = transfer._lock_proposed("to_id")
            if matter.handler_id != transfer.sudo().from_id or not matter.is_open:
                raise UserError(
                    self.env._(
                        "%s is closed or somebody else works on it by now.",
                        transfer.sudo().summary,
                    )
                )
            transfer._decide("accepted")
            matter.handler_id = self.env.user
        return True

    def _cs_lock_offered(self):
        matter = self.sudo()._cs_matter()
        if not matter:
            raise UserError(self.env._("The document does not exist any more."))
        matter._cs_lock()
        return matter

    def _cs_offer_title(self):
        self.ensure_one()
        return self.sudo().summary
