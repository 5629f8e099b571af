from odoo import fields, models
from odoo.fields import Domain

from ..models.cs_offer_mixin import REASONS


class CsInteractionPass(models.TransientModel):
    """Dialog: to whom first ownership of contacts is offered, and why."""

    _name = "cs.interaction.pass"
    _description = "Pass On First Ownership"

    interaction_ids = fields.Many2many(
        comodel_name="cs.interaction", string="Contacts", required=True
    )
    to_id = fields.Many2one(
        comodel_name="res.users",
        string="Next Owner",
        required=True,
        domain=lambda self: self._domain_to_id(),
    )
    reason = fields.Selection(selection=REASONS, required=True, default="handover")
    note = fields.Char(help="What the next owner should know.")
    with_matters = fields.Boolean(
        string="With the Work",
        default=True,
        help="The open matters that the old owner handles go along.",
    )

    def _domain_to_id(self):
        group = self.env.ref("cs_base.group_user")
        return Domain("share", "=", False) & Domain("all_group_ids", "in", group.ids)

    def action_propose(self):
        """Offer the contacts; the next owner finds them on his desk."""
        self.ensure_one()
        self.env["cs.interaction.transfer"]._cs_propose(
            self.interaction_ids, self.to_id, self.reason, self.note, self.with_matters
        )
        return {"type": "ir.actions.act_window_close"}
