from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

RULED = frozenset(
    {
        "round_no",
        "previous_id",
        "next_ids",
        "chain_id",
        "refused_reason",
        "refused_at",
        "refused_way",
        "refused_by_id",
    }
)
#: What the next round takes over from the one before.
CARRIED = (
    "subject",
    "content",
    "kind",
    "quality_class",
    "channel",
    "external_body_id",
    "external_ref",
    "wish",
    "wish_note",
    "severity",
    "particularly_severe",
    "severity_evidence",
    "abroad",
    "cause_id",
    "company_id",
    "interaction_id",
    "premises_id",
    "team_id",
    "handler_id",
    "masked",
)
REFUSED_WAYS = [
    ("phone", "By Phone"),
    ("visit", "In Person"),
    ("paper", "By Letter"),
    ("mail", "By E-Mail"),
    ("portal", "In the Portal"),
    ("link", "By Link"),
    ("followup", "On the Return Visit"),
]
STAFF_WAYS = ("phone", "visit", "paper", "mail")


class CsComplaint(models.Model):
    """The customer refuses the decision: a new round with a number of its own.

    The old round is frozen as it is; customer, premises, severity and files go with
    the new one, and its clocks are its own.
    """

    _inherit = "cs.complaint"

    round_no = fields.Integer(
        string="Round", readonly=True, default=1, copy=False, aggregator=None
    )
    previous_id = fields.Many2one(
        comodel_name="cs.complaint",
        string="Previous Round",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    next_ids = fields.One2many(
        comodel_name="cs.complaint",
        inverse_name="previous_id",
        string="Later Round",
        readonly=True,
    )
    next_id = fields.Many2one(
        comodel_name="cs.complaint", string="Next Round", compute="_compute_next_id"
    )
    chain_id = fields.Many2one(
        comodel_name="cs.complaint",
        string="First Round",
        compute="_compute_chain_id",
        store=True,
        index=True,
        recursive=True,
    )
    refused_reason = fields.Text(
        string="Why the Customer Refused", readonly=True, copy=False
    )
    refused_at = fields.Datetime(string="Refused On", readonly=True, copy=False)
    refused_way = fields.Selection(
        selection=REFUSED_WAYS, string="How He Refused", readonly=True, copy=False
    )
    refused_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Refusal Written Down By",
        readonly=True,
        copy=False,
    )

    _previous_uniq = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL", "A round has one that follows."
    )

    @api.depends("next_ids")
    def _compute_next_id(self):
        for case in self:
            case.next_id = case.next_ids[:1]

    @api.depends("previous_id.chain_id")
    def _compute_chain_id(self):
        for case in self:
            case.chain_id = case.previous_id.chain_id or case

    @api.model
    def _cs_is_closed(self, name):
        return name in RULED or super()._cs_is_closed(name)

    @api.model
    def _cs_domain(self, purpose, date_from=None, date_to=None):
        """Statistics count a chain of rounds once: by its first."""
        domain = super()._cs_domain(purpose, date_from, date_to)
        if purpose == "report":
            domain &= Domain("previous_id", "=", False)
        return domain

    # === FROZEN === #

    def write(self, vals):
        if vals and not self.env.su:
            self._cs_refuse_frozen()
        return super().write(vals)

    def _cs_refuse_frozen(self):
        """Raise if one of the cases is a round the customer refused."""
        for case in self.sudo():
            if case.state == "refused":
                raise UserError(
                    self.env._(
                        "%(case)s was refused by the customer and stays as it is. Go "
                        "on in the next round.",
                        case=case.display_name,
                    )
                )

    # === REFUSE === #

    def action_customer_refuses(self):
        """Open the dialog in which the refusal is written down."""
        self.ensure_one()
        self.check_access("write")
        self._cs_check_refusable()
        return self._cs_answer_dialog(
            "cs.complaint.reply", self.env._("Reply of the Customer"), result="refused"
        )

    def _cs_check_refusable(self):
        self._cs_check_state("answering", "closed")
        for case in self:
            if not case.answer_id:
                raise UserError(
                    self.env._(
                        "Nobody refuses an answer he doesn't have: tell the customer "
                        "first."
                    )
                )

    def action_refuse(self, reason, way="phone"):
        """Write down that the customer refuses; the next round begins.

        Possible at any time after he was told, also when the case is closed.

        :param reason: what he says
        :param way: ``phone``, ``visit``, ``paper`` or ``mail``
        :return: action that opens the new round
        """
        self.ensure_one()
        self.check_access("write")
        if way not in STAFF_WAYS:
            raise UserError(self.env._("Choose how the customer replied."))
        fresh = self._cs_refused(reason, way, self.env.user)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": fresh.id,
            "views": [(False, "form")],
        }

    def _cs_refused(self, reason, way, user=None):
        """Freeze this round and begin the next one.

        :param user: who wrote it down; None if the customer did so himself
        :return: the new round, as the caller sees it
        """
        self.ensure_one()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write down why the customer refuses."))
        self._cs_lock()
        self._cs_check_refusable()
        waiting = self.answer_state == "told"
        self._cs_set_state(
            "refused",
            refused_reason=reason,
            refused_at=fields.Datetime.now(),
            refused_way=way,
            refused_by_id=user.id if user else False,
        )
        case = self.sudo()
        if waiting:
            case.answer_id._update(
                {
                    "state": "refused",
                    "result_way": way,
                    "result_at": fields.Datetime.now(),
                    "result_by_id": user.id if user else False,
                    "result_note": reason,
                }
            )
        self.env["cs.satisfaction"].sudo()._cs_void(case)
        fresh = case._cs_next_round()
        self.env["cs.notify"].sudo()._cs_notify(
            "complaint.refused",
            fresh,
            users=fresh.handler_id or fresh.first_owner_id or fresh.team_id._cs_lead(),
            values={"note": case.name},
            key=f"round,{case.id}",
        )
        return fresh.with_env(self.env)

    def _cs_next_round(self):
        """The round after this one; with sudo."""
        self.ensure_one()
        vals = self._cs_next_round_vals()
        quiet = {"mail_create_nosubscribe": True}
        fresh = self.with_context(**quiet).create(vals).with_env(self.env)
        self._cs_carry_identity(fresh)
        self._cs_carry_files(fresh)
        self._cs_link(fresh, "round")
        return fresh

    def _cs_next_round_vals(self):
        """Values of the next round: what is known, without what was decided."""
        self.ensure_one()
        fresh = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in CARRIED
        }
        return {
            **fresh,
            "received_at": fields.Datetime.now(),
            "round_no": self.round_no + 1,
            "previous_id": self.id,
        }

    def _cs_carry_identity(self, fresh):
        """Who complains is the same person; he may be hidden."""
        for identity in self.identity_ids:
            vals = identity.copy_data({"complaint_id": fresh.id})[0]
            if fresh.identity_ids:
                fresh.identity_ids.write(vals)
            else:
                fresh.identity_ids.create(vals)

    def _cs_carry_files(self, fresh):
        """The files of the case, of which the store keeps one copy."""
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("res_field", "=", False),
            ]
        )
        for file in files:
            file.copy({"res_id": fresh.id})

    # === CLOSING === #

    def _cs_vote_partner(self):
        """Nobody is asked how satisfied he is with what he refused."""
        partner = super()._cs_vote_partner()
        return partner.browse() if self.state == "refused" or self.masked else partner
