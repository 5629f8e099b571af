from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: Approval of a held reading by a second person.
APPROVAL_KIND = "gas_reading"
REASON_LENGTH = 500


class GasReadingDecisionMixin(models.AbstractModel):
    """What people decide on readings: accept, correct, read again, and who it was."""

    _name = "gas.reading.decision.mixin"
    _description = "Decisions on Readings"
    _inherit = ["cs.approval.mixin"]

    decision = fields.Selection(
        selection=[
            ("accepted", "Accepted"),
            ("corrected", "Corrected"),
            ("reread", "Read Again"),
            ("replaced", "Replaced"),
        ],
        readonly=True,
        copy=False,
    )
    reason = fields.Char(readonly=True, copy=False)
    decided_by_id = fields.Many2one(
        comodel_name="res.users", string="Decided by", readonly=True, copy=False
    )
    decided_on = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Second Person",
        readonly=True,
        copy=False,
        help="Who else accepted a reading far above the mean.",
    )
    second_asked_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Accepted First by",
        compute="_compute_second_asked_by_id",
        help="Accepted by this person; another one has to accept it too.",
    )
    replaced_by_id = fields.Many2one(
        comodel_name="gas.reading",
        string="Replaced by",
        readonly=True,
        index="btree_not_null",
        copy=False,
    )
    replaced_ids = fields.One2many(
        comodel_name="gas.reading",
        inverse_name="replaced_by_id",
        string="Replaces",
        readonly=True,
    )
    can_accept = fields.Boolean(compute="_compute_can")
    can_correct = fields.Boolean(compute="_compute_can")
    can_reread = fields.Boolean(compute="_compute_can")

    # === COMPUTE ===#

    def _compute_second_asked_by_id(self):
        pending = self.sudo()._cs_pending_approvals(APPROVAL_KIND)
        asked_by = {approval.res_id: approval.requester_id.id for approval in pending}
        for reading in self:
            reading.second_asked_by_id = asked_by.get(reading.id)

    @api.depends_context("uid")
    @api.depends("state", "vee_codes")
    def _compute_can(self):
        clerk = self.env.user.has_group("cs_gas_billing.group_clerk")
        for reading in self:
            held = clerk and reading.state == "held"
            open_reading = held or (
                clerk and reading.state == "validated" and reading.source != "opening"
            )
            codes = (reading.vee_codes or "").split(",")
            reading.can_accept = held and "NEG" not in codes
            reading.can_correct = reading.can_reread = open_reading

    # === DECISIONS ===#

    def action_accept(self, reason):
        """Take held readings as they are; far above the mean two people have to.

        :param str reason: why the readings are right, kept with them
        """
        return self._decide("_accept", reason)

    def action_correct(self, value, reason):
        """Replace a reading by another value of the same day, checked like any other.

        :param float value: the right register
        :param str reason: what was wrong
        """
        self.ensure_one()
        return self._decide("_correct", reason, value=value)

    def action_reread(self, reason):
        """Drop readings and send the book's reader to the meters again.

        :param str reason: why the readings can't be used
        """
        return self._decide("_reread", reason)

    def action_decide(self):
        """Open the screen on which the readings are decided."""
        return self.env["gas.reading.decision"]._open(self)

    def action_work_through(self):
        """Open the held readings one after the other, oldest first."""
        imports = self.env["gas.reading.import"]
        chosen = imports.browse(self.env.context.get("gas_import_id") or [])
        action = self.env["gas.reading.decision"]._open_queue(chosen)
        if not action:
            raise UserError(self.env._("No reading waits for a decision."))
        return action

    def _decide(self, method, reason, **values):
        self.check_access("write")
        user = self.env.user
        if not self.env.su and not user.has_group("cs_gas_billing.group_clerk"):
            raise AccessError(
                self.env._("Billing clerks decide on held readings; you may not.")
            )
        reason = (reason or "").strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Give a reason: it is kept with the reading."))
        if len(reason) > REASON_LENGTH:
            raise UserError(
                self.env._("A reason has at most %s characters.", REASON_LENGTH)
            )
        decider = self.env["gas.reading.decider"].sudo()
        getattr(decider, method)(self.sudo(), reason, **values)
        return True

    # === APPROVAL BY A SECOND PERSON ===#

    @api.model
    def _cs_approval_kinds(self):
        return [(APPROVAL_KIND, self.env._("Reading far above the mean"))]

    def _cs_approval_values(self, kind):
        last = self.env["gas.reading.vee"]._load_last_readings(self.install_id.ids)
        return {
            "install": self.install_id.id,
            "read_date": str(self.read_date),
            "value": self.value,
            "state": self.state,
            "previous": last.get(self.install_id.id, {}).get("id"),
        }

    def _cs_approval_group(self, kind):
        return "cs_gas_billing.group_clerk"

    def _cs_on_approved(self, approval):
        """Called with sudo, as the second person."""
        self.env["gas.reading.decider"]._finish_approved(self, approval)
