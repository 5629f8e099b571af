from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: What people fill in.
OPEN_FIELDS = frozenset({"complaint_id", "reason", "line_ids"})
#: States of a case in which settlements are proposed and picked.
CASE_STATES = ("accepted", "investigating", "deciding", "answering")
LEAD = "cs_complaint.group_lead"
MANAGER = "cs_complaint.group_manager"


class CsComplaintSettlement(models.Model):
    """A proposal how to settle a case, and what becomes of it.

    Several may be proposed; a lead picks one, which is approved by amount and
    severity, then carried out line by line. Changing what waits or is approved makes
    it a mere proposal again.
    """

    _name = "cs.complaint.settlement"
    _description = "Settlement"
    _inherit = ["cs.complaint.part", "cs.ruled", "cs.approval.mixin"]
    _order = "complaint_id desc, id"
    _cs_open_fields = OPEN_FIELDS

    name = fields.Char(string="Number", readonly=True, copy=False)
    complaint_id = fields.Many2one(
        comodel_name="cs.complaint", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many(
        comodel_name="cs.complaint.settlement.line",
        inverse_name="settlement_id",
        string="What Is Offered",
        copy=False,
    )
    amount = fields.Monetary(compute="_compute_amount", store=True)
    summary = fields.Char(string="Offer", compute="_compute_summary")
    reason = fields.Text(help="Why this settles the case.")
    state = fields.Selection(
        selection=[
            ("proposed", "Proposed"),
            ("chosen", "Waiting for Approval"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("dropped", "Not Pursued"),
            ("waived", "Waived"),
        ],
        required=True,
        default="proposed",
        readonly=True,
        copy=False,
        index=True,
    )
    stage = fields.Selection(
        selection=[
            ("proposed", "Proposed"),
            ("chosen", "Waiting for Approval"),
            ("approved", "Approved"),
            ("executing", "Being Carried Out"),
            ("settled", "Settled"),
            ("rejected", "Rejected"),
            ("dropped", "Not Pursued"),
            ("waived", "Waived"),
        ],
        compute="_compute_stage",
        store=True,
        help="The state; of an approved one how far it is in the books.",
    )
    proposer_id = fields.Many2one(
        comodel_name="res.users", string="Proposed By", readonly=True, copy=False
    )
    chosen_by_id = fields.Many2one(
        comodel_name="res.users", string="Picked By", readonly=True, copy=False
    )
    chosen_at = fields.Datetime(string="Picked", readonly=True, copy=False)
    approval_id = fields.Many2one(
        comodel_name="cs.approval", readonly=True, copy=False, index="btree_not_null"
    )
    approved_at = fields.Datetime(string="Approved On", readonly=True, copy=False)
    end_reason = fields.Char(
        string="Why It Ended", readonly=True, copy=False, help="Of what is not pursued."
    )

    _one_waits = models.UniqueIndex(
        "(complaint_id) WHERE state = 'chosen'",
        "One settlement of a case waits for approval at a time.",
    )

    # === COMPUTE === #

    @api.depends("name")
    def _compute_display_name(self):
        for settlement in self:
            settlement.display_name = settlement.name or self.env._("New Settlement")

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for settlement in self:
            settlement.amount = sum(settlement.line_ids.mapped("amount"))

    @api.depends("line_ids.kind", "line_ids.amount")
    @api.depends_context("lang")
    def _compute_summary(self):
        for settlement in self:
            settlement.summary = ", ".join(
                line._label() for line in settlement.line_ids
            )

    @api.depends("state", "line_ids.done", "line_ids.amount_booked")
    def _compute_stage(self):
        for settlement in self:
            stage, lines = settlement.state, settlement.line_ids
            if stage == "approved" and lines:
                if all(lines.mapped("done")):
                    stage = "settled"
                elif any(line.done and line._is_work() for line in lines) or any(
                    lines.mapped("amount_booked")
                ):
                    stage = "executing"
            settlement.stage = stage

    # === CRUD === #

    @api.model
    def _cs_complete(self, vals):
        return {**vals, "proposer_id": vals.get("proposer_id") or self.env.uid}

    @api.model_create_multi
    def create(self, vals_list):
        settlements = super().create(vals_list)
        for case in settlements.sudo().complaint_id:
            case._cs_lock()
            self._refuse_case(case)
            mine = settlements.sudo().filtered(lambda s, c=case: s.complaint_id == c)
            earlier = self.sudo().search_count(
                [("complaint_id", "=", case.id), ("id", "not in", mine.ids)]
            )
            for number, settlement in enumerate(mine, earlier + 1):
                settlement.name = f"{case.name}-{number}"
        return settlements

    def write(self, vals):
        if not self.env.su:
            moved = "complaint_id" in vals and any(
                settlement.complaint_id.id != vals["complaint_id"]
                for settlement in self
            )
            if moved:
                raise UserError(self.env._("A settlement stays with its case."))
            if "reason" in vals:
                self._cs_on_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_proposed(self):
        if any(settlement.state != "proposed" for settlement in self):
            raise UserError(
                self.env._("Only a proposal is deleted; anything else stays on record.")
            )

    @api.model
    def _refuse_case(self, case):
        if case.state not in CASE_STATES:
            raise UserError(
                self.env._(
                    "Settlements are proposed once %s is accepted and until it is "
                    "closed.",
                    case.display_name,
                )
            )

    def _cs_on_change(self):
        """What is offered changes: anything but a proposal has to be picked anew.

        :raise UserError: it is carried out, or over
        """
        for settlement in self.sudo():
            self._refuse_case(settlement.complaint_id)
            if settlement.state in ("dropped", "waived") or settlement._is_begun():
                raise UserError(
                    self.env._(
                        "Settlement %s is being carried out or over: it stays as it "
                        "is.",
                        settlement.name,
                    )
                )
            if settlement.state != "proposed":
                settlement._void(self.env._("The settlement was changed."))

    def _is_begun(self):
        """Whether something of it is in the books, or could get there any moment."""
        self.ensure_one()
        lines = self.sudo().line_ids
        return bool(
            any(lines.mapped("amount_booked"))
            or lines.document_id.filtered(lambda move: move.state != "cancel")
        )

    def _void(self, note):
        """Back to a proposal; its approval, given or waiting, counts no more. Sudo."""
        for settlement in self:
            settlement._close_approvals(note)
            settlement.write(
                {
                    "state": "proposed",
                    "approval_id": False,
                    "approved_at": False,
                    "chosen_by_id": False,
                    "chosen_at": False,
                }
            )
            self.env["cs.event"]._cs_log("complaint.settlement.void", settlement)

    # === PICK, DROP, WAIVE === #

    def _lock_case(self):
        self.ensure_one()
        self.check_access("read")
        self.sudo().complaint_id._cs_lock()
        self.invalidate_recordset()
        return self.sudo().complaint_id

    def action_choose(self):
        """Pick this proposal and ask for its approval; a lead, of severe cases a
        manager."""
        for settlement in self:
            case = settlement._lock_case()
            severe = case._cs_is_severe()
            settlement._cs_check_group(MANAGER if severe else LEAD)
            if settlement.state == "chosen":
                continue
            settlement._check_choosable(case)
            sudo = settlement.sudo()
            sudo.write(
                {
                    "state": "chosen",
                    "chosen_by_id": self.env.uid,
                    "chosen_at": fields.Datetime.now(),
                    "end_reason": False,
                }
            )
            settlement.flush_recordset()
            self.env["cs.event"]._cs_log(
                "complaint.settlement.choose",
                settlement,
                details={"proposer": sudo.proposer_id.id},
            )
            sudo._request_approval()
        return True

    def _check_choosable(self, case):
        self.ensure_one()
        self._refuse_case(case)
        self._cs_check_state("proposed", "rejected")
        live = case.settlement_ids.filtered(
            lambda other: (
                other.state == "chosen"
                or (other.state == "approved" and other.stage != "settled")
            )
        )
        if live:
            raise UserError(
                self.env._(
                    "Settlement %s goes on. Drop it before you pick another one.",
                    ", ".join(live.mapped("name")),
                )
            )
        lines = self.sudo().line_ids
        if not lines:
            raise UserError(self.env._("Write down first what is offered."))
        lines._check_bookable()

    def action_drop(self, reason):
        """Don't pursue it: the proposer his proposal, a lead also what was approved.

        :param reason: why; compulsory but for a proposal
        """
        for settlement in self:
            settlement._lock_case()
            own = settlement.state == "proposed" and (
                settlement.proposer_id == self.env.user
            )
            if not own:
                settlement._cs_check_group(LEAD)
            settlement._cs_check_state("proposed", "chosen", "approved", "rejected")
            if settlement.state != "proposed":
                settlement._need(reason)
            if settlement._is_begun():
                raise UserError(
                    self.env._(
                        "Something of %s is in the books. A manager may waive the "
                        "rest.",
                        settlement.name,
                    )
                )
            settlement.sudo()._end("dropped", reason)
        return True

    def action_waive(self, reason):
        """Give up what is still open of an approved settlement, by a manager.

        :param reason: why, compulsory
        """
        self._cs_check_group(MANAGER)
        for settlement in self:
            settlement._lock_case()
            settlement._need(reason)
            settlement._cs_check_state("approved")
            if settlement.proposer_id == self.env.user:
                raise AccessError(
                    self.env._("You proposed this: another manager waives it.")
                )
            if drafts := settlement.sudo().line_ids.document_id.filtered(
                lambda move: move.state == "draft"
            ):
                raise UserError(
                    self.env._(
                        "Accounting has to post or cancel %s first.",
                        ", ".join(drafts.mapped("display_name")),
                    )
                )
            settlement.sudo()._end("waived", reason)
        return True

    def _need(self, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("Say why."))

    def _end(self, state, reason):
        """Sudo: it goes no further; an approval nothing was paid on counts no more."""
        self.ensure_one()
        if not self._is_begun():
            self._close_approvals(reason)
        self.write({"state": state, "end_reason": reason})
        self.env["cs.event"]._cs_log(f"complaint.settlement.{state}", self)

    # === SCREEN === #

    def action_approve(self):
        """Approve the step that waits, by one of its approvers."""
        self.ensure_one()
        self.check_access("read")
        self._cs_check_state("chosen")
        return self._cs_pending_approvals(self._approval_kind()).action_approve()

    def action_reject(self, reason):
        """Reject the step that waits, by one of its approvers.

        :param reason: why, compulsory
        """
        self.ensure_one()
        self.check_access("read")
        self._cs_check_state("chosen")
        return self._cs_pending_approvals(self._approval_kind()).action_reject(reason)

    def _step(self, step):
        """Action: the dialog of a step that needs a word."""
        self.ensure_one()
        dialog = self.env["cs.complaint.settlement.step"]
        titles = dict(dialog._fields["step"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": titles[step],
            "res_model": dialog._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_settlement_id": self.id, "default_step": step},
        }

    def action_open(self):
        """Open it to be read, or changed as long as it may be."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settlement %s", self.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_ask_drop(self):
        return self._step("drop")

    def action_ask_waive(self):
        return self._step("waive")

    def action_ask_reject(self):
        return self._step("reject")
