from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

PENDING = ("asked", "agreed")
DECIDED = ("approved", "cancelled")
#: What may still be written when the swap has been asked for.
LATE_FIELDS = frozenset({"answer"})


class CsShiftSwap(models.Model):
    """Two people change a shift: one leg (cover 顶班) or two (swap 换班).

    A cover is paid back 还班 by a swap of its own in the other direction. Both people
    agree, a manager or the team's lead approves, and the rules are checked each time.
    """

    _name = "cs.shift.swap"
    _description = "Swap of Shifts"
    _inherit = ["cs.ruled", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _cs_open_fields = frozenset(
        {
            "colleague_id",
            "line_id",
            "back_line_id",
            "payback_of_id",
            "reason",
            "answer",
        }
    )

    company_id = fields.Many2one(
        related="line_id.company_id", store=True, index=True, precompute=True
    )
    team_id = fields.Many2one(related="line_id.team_id", store=True, index=True)
    requester_id = fields.Many2one(
        comodel_name="hr.employee",
        string="Asks",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self.env.user.employee_id,
    )
    colleague_id = fields.Many2one(
        comodel_name="hr.employee",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    requester_user_id = fields.Many2one(
        related="requester_id.user_id", store=True, index=True, string="User Who Asks"
    )
    colleague_user_id = fields.Many2one(
        related="colleague_id.user_id",
        store=True,
        index=True,
        string="User of the Colleague",
    )
    line_id = fields.Many2one(
        comodel_name="cs.roster.line",
        string="Shift Given",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    back_line_id = fields.Many2one(
        comodel_name="cs.roster.line",
        string="Shift Taken in Return",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: the colleague covers; he can be paid back later.",
    )
    payback_of_id = fields.Many2one(
        comodel_name="cs.shift.swap",
        string="Pays Back",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The cover that this shift returns. Both count as one swap a month.",
    )
    date = fields.Date(related="line_id.date", store=True, index=True)
    back_date = fields.Date(
        related="back_line_id.date", store=True, string="Date in Return"
    )
    kind = fields.Selection(
        selection=[("swap", "Swap"), ("cover", "Cover"), ("payback", "Pay Back")],
        compute="_compute_kind",
    )
    reason = fields.Text(help="Why the shift can't be worked.")
    answer = fields.Text(help="Of the colleague, or of who decides.")
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("asked", "Waiting for the Colleague"),
            ("agreed", "Waiting for Approval"),
            ("approved", "Approved"),
            ("declined", "Declined"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
            ("expired", "Expired"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    asked_at = fields.Datetime(readonly=True, copy=False)
    agreed_at = fields.Datetime(readonly=True, copy=False)
    decided_at = fields.Datetime(readonly=True, copy=False)
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    was_approved = fields.Boolean(readonly=True, copy=False)
    problems = fields.Text(compute="_compute_problems")
    my_part = fields.Selection(
        selection=[
            ("asks", "Asks"),
            ("colleague", "Is asked"),
            ("approver", "Decides"),
        ],
        compute="_compute_my_part",
        export_string_translation=False,
    )
    incident_ids = fields.One2many(
        comodel_name="cs.duty.incident", inverse_name="swap_id", string="Incidents"
    )

    _not_oneself = models.Constraint(
        "CHECK(requester_id <> colleague_id)", "Nobody swaps with himself."
    )
    _line_once = models.UniqueIndex(
        "(line_id) WHERE state IN ('asked', 'agreed')",
        "This shift is in another swap that isn't decided yet.",
    )

    # === COMPUTE === #

    @api.depends("back_line_id", "payback_of_id")
    def _compute_kind(self):
        for swap in self:
            if swap.payback_of_id:
                swap.kind = "payback"
            else:
                swap.kind = "swap" if swap.back_line_id else "cover"

    @api.depends("requester_id", "colleague_id", "date")
    def _compute_display_name(self):
        for swap in self:
            people = (swap.requester_id.name, swap.colleague_id.name)
            names = " ⇄ ".join(filter(None, people))
            swap.display_name = f"{swap.date or ''} {names}".strip()

    @api.depends("line_id", "back_line_id", "colleague_id", "payback_of_id", "state")
    def _compute_problems(self):
        for swap in self:
            open_one = swap.state in ("draft", *PENDING) and swap.line_id
            ready = open_one and swap.colleague_id and swap.requester_id
            messages = swap._cs_problem_texts() if ready else []
            swap.problems = "\n".join(messages) or False

    @api.depends("requester_id", "colleague_id", "team_id")
    @api.depends_context("uid")
    def _compute_my_part(self):
        user = self.env.user
        is_manager = user.has_group("cs_duty.group_manager")
        for swap in self:
            team = swap.sudo().team_id
            if swap.requester_user_id == user:
                swap.my_part = "asks"
            elif swap.colleague_user_id == user:
                swap.my_part = "colleague"
            elif is_manager or user in team.lead_id | team.deputy_id:
                swap.my_part = "approver"
            else:
                swap.my_part = False

    @api.constrains("line_id", "back_line_id", "payback_of_id", "colleague_id")
    def _check_legs(self):
        for swap in self.sudo():
            if swap.state != "draft":
                continue
            back, root = swap.back_line_id, swap.payback_of_id
            if swap.line_id.employee_id != swap.requester_id:
                raise ValidationError(
                    self.env._("Only one's own shift can be given away.")
                )
            if back and back.employee_id != swap.colleague_id:
                raise ValidationError(
                    self.env._("The shift in return must be the colleague's.")
                )
            people = (swap.colleague_id, swap.requester_id)
            if root and (
                back
                or root.back_line_id
                or root.state != "approved"
                or (root.requester_id, root.colleague_id) != people
            ):
                raise ValidationError(
                    self.env._(
                        "Only an approved cover is paid back, by a shift of whoever "
                        "covered."
                    )
                )

    # === CRUD === #

    @api.model
    def _cs_complete(self, vals):
        if vals.get("requester_id") or self.env.user.employee_id:
            return vals
        raise UserError(
            self.env._("You have no employee record in this company; ask your manager.")
        )

    def write(self, vals):
        if not self.env.su:
            self.check_access("write")
            late = set(vals) <= LATE_FIELDS
            for swap in self:
                is_author = swap.requester_user_id == self.env.user
                if swap.state == "draft" and is_author:
                    continue
                if not late or swap.state not in PENDING or is_author:
                    raise UserError(
                        self.env._(
                            "%s is asked for; only the answer can be filled in, by "
                            "the colleague or by who decides.",
                            swap.display_name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        for swap in self:
            if swap.state != "draft":
                raise UserError(
                    self.env._("%s stays for the record.", swap.display_name)
                )

    # === STEPS === #

    def action_ask(self):
        """Ask the colleague; by whoever gives the shift."""
        for swap in self._cs_begin("draft", part="asks"):
            swap._cs_check_rules()
            swap._cs_step("asked", asked_at=fields.Datetime.now())
            swap._cs_tell("swap.asked", swap.colleague_user_id)
        return True

    def action_agree(self):
        """Agree; by the colleague. Whoever decides is told."""
        for swap in self._cs_begin("asked", part="colleague"):
            swap._cs_check_rules()
            swap._cs_step("agreed", agreed_at=fields.Datetime.now())
            swap._cs_tell("swap.agreed", swap.sudo().team_id._cs_lead())
        return True

    def action_decline(self, answer=None):
        """Decline; by the colleague.

        :param answer: why
        """
        for swap in self._cs_begin("asked", part="colleague"):
            swap._cs_step("declined", **swap._cs_said(answer))
            swap._cs_tell("swap.decided", swap.requester_user_id)
        return True

    def action_approve(self):
        """Approve, and change the roster; by a manager or the team's lead.

        Never by one of the two. The rules are checked once more.
        """
        for swap in self._cs_begin("agreed", part="approver"):
            lines = (swap.line_id | swap.back_line_id).sudo()
            lines._cs_lock()
            swap._cs_check_rules(approver=True)
            swap._cs_change_hands(swap.requester_id, swap.colleague_id)
            swap._cs_step("approved", was_approved=True, **swap._cs_decision())
            swap._cs_tell("swap.decided", swap._cs_users())
        return True

    def action_refuse(self, answer=None):
        """Refuse; by whoever could approve.

        :param answer: why; compulsory
        """
        for swap in self._cs_begin("agreed", part="approver"):
            said = swap._cs_said(answer)
            if not (said.get("answer") or swap.answer or "").strip():
                raise UserError(self.env._("Say why in “Answer”."))
            swap._cs_step("refused", **said, **swap._cs_decision())
            swap._cs_tell("swap.decided", swap._cs_users())
        return True

    def action_cancel(self):
        """Take it back: before approval whoever asked, afterwards who approves.

        After approval the shifts go back, unless one has begun or changed since.
        """
        for swap in self:
            if swap.state == "approved":
                swap._cs_begin("approved", part="approver")
                swap._cs_give_back()
                swap._cs_step("cancelled", **swap._cs_decision())
            else:
                swap._cs_begin(*PENDING, part="asks")
                swap._cs_step("cancelled")
            swap._cs_tell("swap.decided", swap._cs_users() - self.env.user)
        return True

    def _cs_begin(self, *states, part):
        """Lock the swaps and check their state and whose part it is."""
        self.check_access("write")
        self._cs_lock()
        self._cs_check_state(*states)
        if self.env.su:
            return self
        names = dict(self._fields["my_part"]._description_selection(self.env))
        for swap in self:
            if swap.my_part != part:
                raise AccessError(
                    self.env._(
                        "%(swap)s: this is for whoever “%(part)s”.",
                        swap=swap.display_name,
                        part=names[part],
                    )
                )
        return self

    def _cs_step(self, state, **values):
        self.sudo().write({"state": state, **values})
        self.env["cs.event"]._cs_log(f"swap.{state}", self)

    def _cs_decision(self):
        return {
            "decided_by_id": self.env.uid,
            "decided_at": fields.Datetime.now(),
        }

    @api.model
    def _cs_said(self, answer):
        return {"answer": answer} if (answer or "").strip() else {}

    def _cs_change_hands(self, giver, taker):
        """Give the first shift to ``taker`` and the other one to ``giver``."""
        for line, employee in ((self.line_id, taker), (self.back_line_id, giver)):
            if line:
                line = line.sudo()
                planned = line.planned_employee_id or line.employee_id
                line.write(
                    {"employee_id": employee.id, "planned_employee_id": planned.id}
                )

    def _cs_give_back(self):
        lines = (self.line_id | self.back_line_id).sudo()
        lines._cs_lock()
        held = self.line_id.sudo().employee_id == self.colleague_id and (
            not self.back_line_id
            or self.back_line_id.sudo().employee_id == self.requester_id
        )
        now = fields.Datetime.now()
        if not held or any(
            line.start_at <= now or line.roster_state != "published" for line in lines
        ):
            raise UserError(
                self.env._(
                    "%s can't be undone: a shift has begun, or the roster has changed "
                    "since.",
                    self.display_name,
                )
            )
        self._cs_change_hands(self.colleague_id, self.requester_id)

    # === TELLING === #

    def _cs_users(self):
        return self.requester_user_id | self.colleague_user_id

    def _cs_tell(self, code, users):
        if users:
            self.env["cs.notify"].sudo()._cs_notify(code, self, users=users)

    def _cs_notify_values(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            swap.id: {
                "state": states[swap.state],
                "reason": swap.reason or "",
                "note": swap.answer or "",
                "date": swap.date,
                "team": swap.team_id.name,
                "topic": " / ".join(
                    line.shift_type_id.display_name
                    for line in (swap.line_id, swap.back_line_id)
                    if line
                ),
            }
            for swap in self
        }

    # === TIME === #

    @api.model
    def _cron_expire(self):
        """Swaps nobody decided on before a shift began are over."""
        now = fields.Datetime.now()
        begun = Domain("line_id.start_at", "<=", now) | Domain(
            "back_line_id.start_at", "<=", now
        )
        late = self.search(Domain("state", "in", PENDING) & begun)
        for swap in late.try_lock_for_update():
            swap._cs_step("expired")
            swap._cs_tell("swap.decided", swap._cs_users())
