from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .cs_offer_mixin import REASONS


class CsInteractionTransfer(models.Model):
    """First ownership passes on, with the next owner's acceptance.

    There is no other way: neither the owner nor a supervisor can put a contact onto
    somebody who didn't take it.
    """

    _name = "cs.interaction.transfer"
    _description = "Transfer of First Ownership"
    _inherit = ["cs.offer.mixin"]
    _order = "id desc"
    _rec_name = "interaction_id"

    interaction_id = fields.Many2one(
        comodel_name="cs.interaction",
        string="Contact",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="interaction_id.company_id", store=True, precompute=True, index=True
    )
    with_matters = fields.Boolean(
        string="With the Work",
        readonly=True,
        help="The open matters that the old owner handles go to the new one as well.",
    )
    _proposed_uniq = models.UniqueIndex(
        "(interaction_id) WHERE state = 'proposed'",
        "This contact is offered to somebody already. Withdraw that first.",
    )

    # === PROPOSE === #

    @api.model
    def _cs_propose(self, interactions, to, reason, note="", with_matters=False):
        """Offer the contacts to ``to``.

        :param to: the next first owner, who has to accept
        :param reason: one of ``REASONS``; ``supervisor`` is for those who lead
        :raise UserError: ``to`` can't take them, or one is offered to somebody already
        """
        for interaction in interactions:
            self._check_may_propose(interaction, reason)
            self._check_may_receive(interaction, to)
        waiting = self.sudo().search(
            [("interaction_id", "in", interactions.ids), ("state", "=", "proposed")],
            limit=1,
        )
        if waiting:
            raise UserError(
                self.env._(
                    "%(contact)s is offered to %(user)s already. Withdraw that first.",
                    contact=waiting.interaction_id.name,
                    user=waiting.to_id.name,
                )
            )
        transfers = self._append(
            [
                {
                    "interaction_id": interaction.id,
                    "from_id": interaction.sudo().first_owner_id.id,
                    "to_id": to.id,
                    "by_id": self.env.uid,
                    "reason": reason,
                    "note": note or False,
                    "with_matters": with_matters,
                    "state": "proposed",
                    "proposed_at": fields.Datetime.now(),
                }
                for interaction in interactions
            ]
        )
        return transfers.sudo(self.env.su)

    def _check_may_propose(self, interaction, reason):
        interaction.check_access("read")
        if reason not in dict(REASONS):
            raise UserError(self.env._("Choose why the contact passes on."))
        leads = self.env.su or interaction._cs_is_led_by(self.env.user)
        if interaction.state != "open":
            raise UserError(
                self.env._("%s has no owner or is closed.", interaction.display_name)
            )
        if not leads and (not interaction.is_mine or reason == "supervisor"):
            raise AccessError(
                self.env._(
                    "%(contact)s belongs to %(owner)s; he or his team lead does this.",
                    contact=interaction.display_name,
                    owner=interaction.sudo().first_owner_id.name,
                )
            )

    def _check_may_receive(self, interaction, to):
        user = to.sudo()
        fits = (
            user.active
            and not user.share
            and interaction.company_id in user.company_ids
            and user.has_group("cs_base.group_user")
        )
        if not fits or user == interaction.sudo().first_owner_id:
            raise UserError(
                self.env._(
                    "%(user)s can't become the owner of %(contact)s. Choose another "
                    "active member of the customer service staff.",
                    user=user.name,
                    contact=interaction.display_name,
                )
            )

    # === DECIDE === #

    def action_accept(self):
        """Take the contacts over; by the next owner himself."""
        for transfer in self:
            interaction = transfer._lock_proposed("to_id")
            if interaction.first_owner_id != transfer.from_id:
                raise UserError(
                    self.env._("%s has another owner by now.", interaction.name)
                )
            if interaction.state != "open":
                raise UserError(
                    self.env._("%s has no owner or is closed.", interaction.name)
                )
            transfer._check_may_receive(interaction, self.env.user)
            transfer._decide("accepted")
            interaction._cs_give_to(self.env.user)
            if transfer.with_matters:
                transfer._move_work()
        return True

    def _cs_lock_offered(self):
        contact = self.sudo().interaction_id
        contact._cs_lock()
        return contact

    def _move_work(self):
        """Give the old owner's open matters of the contact to the new one."""
        transfer = self.sudo()
        for _kind, model in self.env["cs.business.type"]._cs_models(active=False):
            model.sudo().search(
                [
                    ("interaction_id", "=", transfer.interaction_id.id),
                    ("is_open", "=", True),
                    ("handler_id", "=", transfer.from_id.id),
                ]
            ).write({"handler_id": transfer.to_id.id})

    def _cs_offer_title(self):
        """The contact in a line: its subject only if it isn't masked."""
        self.ensure_one()
        contact = self.sudo().interaction_id
        parts = (contact.name, not contact.masked and contact.topic)
        return " · ".join(filter(None, parts))
