from odoo import fields, models
from odoo.exceptions import AccessError, UserError

REASONS = [
    ("handover", "Shift Handover"),
    ("absence", "Absence"),
    ("departure", "Departure"),
    ("supervisor", "Decision of a Supervisor"),
]


class CsOfferMixin(models.AbstractModel):
    """Something passes on from one person to another, with the other's acceptance.

    The model says what passes on (``_cs_lock_offered``) and what accepting does.
    """

    _name = "cs.offer.mixin"
    _description = "Offer"
    _inherit = ["cs.guarded"]

    from_id = fields.Many2one(comodel_name="res.users", readonly=True, index=True)
    to_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, index=True
    )
    by_id = fields.Many2one(
        comodel_name="res.users", string="Proposed By", required=True, readonly=True
    )
    reason = fields.Selection(selection=REASONS, required=True, readonly=True)
    note = fields.Char(readonly=True)
    state = fields.Selection(
        selection=[
            ("proposed", "Proposed"),
            ("accepted", "Accepted"),
            ("declined", "Declined"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    proposed_at = fields.Datetime(required=True, readonly=True)
    decided_at = fields.Datetime(readonly=True)
    answer = fields.Char(readonly=True, help="Why it was declined.")

    def _cs_lock_offered(self):
        """Lock what is offered and return it, with sudo."""
        raise TypeError(f"{self._name} has to say what is offered")

    def action_decline(self, answer=""):
        """Refuse; by the person it is offered to.

        :param answer: why
        """
        if not (answer or "").strip():
            raise UserError(self.env._("Say why you can't take it."))
        for offer in self:
            offer._lock_proposed("to_id")
            offer._decide("declined", answer)
        return True

    def action_withdraw(self):
        """Take the offer back; by who made it."""
        for offer in self:
            offer._lock_proposed("by_id")
            offer._decide("withdrawn")
        return True

    def _lock_proposed(self, who):
        """Lock an offer that still stands, for the person in field ``who``.

        :return: what is offered, with sudo
        """
        self.ensure_one()
        self.check_access("read")
        offered = self._cs_lock_offered()
        self.invalidate_recordset()
        if self.state != "proposed":
            raise UserError(self.env._("This was decided already."))
        if self.sudo()[who] != self.env.user:
            raise AccessError(
                self.env._("Only %s decides this.", self.sudo()[who].name)
            )
        return offered

    def _decide(self, state, answer=""):
        self._update(
            {
                "state": state,
                "decided_at": fields.Datetime.now(),
                "answer": answer or False,
            }
        )
