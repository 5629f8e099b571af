import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

#: Who works with cases; the others see no case behind their task.
STAFF = "cs_complaint.group_user,cs_base.group_auditor"
#: What the department fills in while it works on the task.
REPORT = frozenset(
    {
        "cause",
        "cause_id",
        "countermeasure",
        "tracked",
        "measure_owner_id",
        "measure_due",
        "evidence_ids",
        "signature",
    }
)


class CsComplaintTask(models.Model):
    """What one department is asked to find out about a case.

    Departments work in parallel, each with its own clock. The department reads its
    task and what was written down for it, never the case nor who complains. What
    happens to a task step by step is in ``cs_complaint_task_steps``.
    """

    _name = "cs.complaint.task"
    _description = "Investigation Task"
    _inherit = ["cs.matter.internal"]
    _cs_type = "complaint.task"
    _cs_open_fields = REPORT | {"head_signature"}

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint",
        string="Case",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        groups=STAFF,
    )
    from_id = fields.Many2one(
        comodel_name="res.users",
        string="Sent By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    department_id = fields.Many2one(
        comodel_name="hr.department",
        required=True,
        readonly=True,
        check_company=True,
        index=True,
        tracking=True,
    )
    handler_id = fields.Many2one(string="Responsible", readonly=True)
    question = fields.Text(string="What To Find Out", required=True, readonly=True)
    brief = fields.Text(
        string="What Happened",
        readonly=True,
        help="Written for the department, which doesn't see the case.",
    )
    due_on = fields.Date(
        string="Wanted By",
        readonly=True,
        help="Earlier than the commitment says; later is asked for by extension.",
    )
    accepted_at = fields.Datetime(string="Accepted", readonly=True)

    cause = fields.Text(string="What Was Found")
    cause_id = fields.Many2one(
        comodel_name="cs.complaint.cause", index="btree_not_null"
    )
    countermeasure = fields.Text(help="What is done so that it doesn't come again.")
    tracked = fields.Boolean(
        default=True,
        help="The countermeasure becomes a corrective action with a date whose effect "
        "is checked. Not for a mere slip of a person (人为疏忽免列案追踪).",
    )
    measure_owner_id = fields.Many2one(
        comodel_name="res.users",
        string="Measure By",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    measure_due = fields.Date(string="Measure Until")
    evidence_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="cs_complaint_task_evidence_rel",
        bypass_search_access=True,
    )
    signature = fields.Binary(string="Signature of Who Reports")
    reported_at = fields.Datetime(string="Reported", readonly=True)
    reported_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    reported_name = fields.Char(string="Who Reported", readonly=True)
    head_signature = fields.Binary(string="Signature of the Head")
    signed_at = fields.Datetime(string="Signed", readonly=True)
    signed_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    signed_name = fields.Char(string="Who Signed", readonly=True)
    report_refusal = fields.Text(string="Why the Report Isn't Enough", readonly=True)
    action_id = fields.Many2one(
        comodel_name="cs.action",
        string="Corrective Action",
        readonly=True,
        index="btree_not_null",
    )

    returned_at = fields.Datetime(string="Returned", readonly=True)
    returned_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    return_reason = fields.Text(string="Opinion of the Department", readonly=True)
    sender_opinion = fields.Text(string="Opinion of the Sender", readonly=True)
    decision = fields.Text(string="Ruling", readonly=True)
    decided_at = fields.Datetime(string="Decided", readonly=True)
    decided_by_id = fields.Many2one(
        comodel_name="res.users", string="Arbiter", readonly=True
    )
    cancel_reason = fields.Text(string="Why It Isn't Needed", readonly=True)

    overdue_reason = fields.Text(string="Why It Is Late", readonly=True)
    overdue_until = fields.Date(string="New Date", readonly=True)
    overdue_at = fields.Datetime(string="Explained", readonly=True)
    overdue_by_id = fields.Many2one(comodel_name="res.users", readonly=True)

    state = fields.Selection(
        selection=[
            ("sent", "Sent"),
            ("accepted", "Being Investigated"),
            ("reported", "Reported"),
            ("signed", "Signed"),
            ("returned", "Returned"),
            ("disputed", "Disputed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="sent",
        tracking=True,
        group_expand=True,
    )
    is_receiver = fields.Boolean(
        string="For Me or My Department",
        compute="_compute_roles",
        search="_search_is_receiver",
    )
    is_head = fields.Boolean(compute="_compute_roles", export_string_translation=False)
    is_sender = fields.Boolean(
        compute="_compute_roles", export_string_translation=False
    )
    is_arbiter = fields.Boolean(
        compute="_compute_roles", export_string_translation=False
    )
    needs_explanation = fields.Boolean(
        string="Owes an Explanation", compute="_compute_needs_explanation"
    )

    _number_uniq = models.UniqueIndex(
        "(complaint_id, name)", "A case has each of its tasks once."
    )
    _open_idx = models.Index("(company_id, department_id, due_at) WHERE is_open")

    # === COMPUTE === #

    @api.depends("state", "handler_id", "department_id", "from_id", "returned_by_id")
    @api.depends_context("uid")
    def _compute_roles(self):
        user = self.env.user
        for task in self:
            task.is_receiver = user in task._cs_receivers()
            task.is_head = user in task._cs_heads()
            task.is_sender = task._cs_is_sender(user)
            task.is_arbiter = task.state == "disputed" and user in task._cs_arbiters()

    @api.model
    def _search_is_receiver(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        user = self.env.user
        works_in, heads = user._cs_slip_departments()
        mine = Domain("handler_id", "=", user.id)
        mine |= Domain("department_id", "in", heads._cs_headless().ids)
        mine |= Domain("state", "=", "sent") & Domain(
            "department_id", "in", works_in.ids
        )
        return mine if (operator == "in") == (True in value) else ~mine

    @api.depends("overdue_at", "clock_state", "due_at", "state")
    def _compute_needs_explanation(self):
        for task in self:
            task.needs_explanation = (
                task.is_open and not task.overdue_at and task._cs_is_late()
            )

    # === CONSTRAINTS === #

    @api.constrains("evidence_ids")
    def _check_evidence(self):
        for task in self.sudo():
            for file in task.evidence_ids:
                if (file.res_model, file.res_id) != (task._name, task.id):
                    raise ValidationError(
                        self.env._("Attach a file to this task before showing it here.")
                    )

    # === CRUD === #

    @api.model
    def _cs_give_numbers(self, vals_list):
        """The number of the case and a serial of its own; the case is locked."""
        for complaint in (
            self.env["cs.complaint"]
            .sudo()
            .browse({vals["complaint_id"] for vals in vals_list})
        ):
            used = self.sudo().search_count([("complaint_id", "=", complaint.id)])
            rows = (v for v in vals_list if v["complaint_id"] == complaint.id)
            for serial, vals in enumerate(rows, start=used + 1):
                vals["name"] = f"{complaint.name}-{serial}"

    def _cs_begin(self, origins):
        result = super()._cs_begin(origins)
        for task in self:
            task._cs_link(task.complaint_id, "origin")
            task._cs_want_early()
            task._cs_tell("complaint.task.new", task._cs_addressees())
        return result

    def _cs_want_early(self):
        """Move the deadline to the day asked for, which isn't later than promised."""
        if not self.due_on:
            return
        clocks = self._cs_clocks()
        end = self.company_id._cs_day_bounds(self.due_on)[1]
        wanted = end - datetime.timedelta(seconds=1)
        if wanted < fields.Datetime.now():
            raise UserError(self.env._("The day it is wanted by lies behind us."))
        if any(clock.due_at and wanted > clock.due_at for clock in clocks):
            raise UserError(
                self.env._(
                    "A department has at most the time of the commitment. It asks for "
                    "more time itself."
                )
            )
        clocks._cs_extend(wanted)

    def write(self, vals):
        if not self.env.su:
            self._cs_check_report(vals.keys())
        return super().write(vals)

    def _cs_check_report(self, names):
        user = self.env.user
        for task in self:
            if names & REPORT and (
                task.state != "accepted" or user not in task._cs_receivers()
            ):
                raise UserError(
                    self.env._(
                        "The report of %s is written by who accepted the task or the "
                        "head of the department, until it is handed in.",
                        task.display_name,
                    )
                )
            if "head_signature" in names and (
                task.state != "reported" or user not in task._cs_heads()
            ):
                raise UserError(
                    self.env._(
                        "The head of the department signs %s, once it is reported.",
                        task.display_name,
                    )
                )

    def _cs_title_parts(self):
        return [self.name, self.department_id.name]

    # === WHO === #

    def _cs_heads(self):
        """The head of the department."""
        self.ensure_one()
        return self.sudo().department_id._cs_head_users()

    def _cs_receivers(self):
        """Who may work on it: anybody of the department until somebody accepts."""
        self.ensure_one()
        task = self.sudo()
        receivers = task.handler_id | task._cs_heads()
        if task.state == "sent":
            receivers |= task.department_id.member_ids.user_id
        return receivers

    def _cs_addressees(self):
        """Who is told that a task came: who is responsible, and the head."""
        self.ensure_one()
        task = self.sudo()
        return task.handler_id | task._cs_heads() or task._cs_receivers()

    def _cs_is_sender(self, user):
        """Whether ``user`` speaks for the case: its handler, or a lead of it."""
        self.ensure_one()
        case = self.sudo().complaint_id
        if user == case.handler_id:
            return True
        return user.has_group("cs_complaint.group_lead") and case.with_user(
            user
        ).has_access("write")

    def _cs_senders(self):
        """Who hears from the department."""
        self.ensure_one()
        task = self.sudo()
        return task.complaint_id.handler_id or task.from_id

    def _cs_arbiters(self):
        """Who rules on a task that nobody wants: the arbiter, else the managers.

        Nobody rules in his own matter.
        """
        self.ensure_one()
        task = self.sudo()
        parties = task.from_id | task.returned_by_id | task.complaint_id.handler_id
        parties |= task._cs_heads()
        named = task.company_id.cs_arbiter_id.filtered("active") - parties
        managers = self.env.ref("cs_complaint.group_manager").sudo().all_user_ids
        return named or managers.filtered(
            lambda user: (
                user.active
                and task.company_id in user.company_ids
                and user not in parties
                and task.with_user(user).has_access("read")
            )
        )

    def _cs_is_late(self):
        self.ensure_one()
        if self.clock_state == "running":
            return bool(self.due_at) and self.due_at < fields.Datetime.now()
        return self.clock_state in ("late", "missed")

    # === MATTER === #

    @api.model
    def _cs_transitions(self):
        return {
            "sent": {"sent", "accepted", "returned", "cancelled"},
            "accepted": {"reported", "returned", "cancelled"},
            "reported": {"signed", "accepted", "cancelled"},
            "returned": {"sent", "disputed", "cancelled"},
            "disputed": {"sent", "cancelled"},
            "signed": set(),
            "cancelled": set(),
        }

    @api.model
    def _cs_open_states(self):
        return {"sent", "accepted", "reported", "returned", "disputed"}

    @api.model
    def _cs_visit_states(self):
        return set()

    def _cs_holders(self):
        """Whose time it is: the department's, then that of who works on it."""
        self.ensure_one()
        task = self.sudo()
        if task.state == "disputed":
            return [task._cs_arbiters()]
        if task.state == "returned":
            return [task._cs_senders()]
        if task.state == "reported":
            return [task._cs_heads() or task.department_id]
        if task.state == "sent" or not task.handler_id:
            return [task.department_id]
        return [task.handler_id]

    def _cs_clock_requests(self, event):
        if event == "created":
            return [("complaint.task", self._cs_holders(), self.opened_at)]
        return []

    def _cs_on_clock(self, clock, phase):
        """A late department explains itself (逾期反应); it and the case hear of it."""
        if phase != "warn":
            users = self._cs_addressees() | self._cs_senders()
            occasion = f"complaint.task,{clock.id},{clock.due_at:%Y%m%d%H%M}"
            self._cs_tell("complaint.task.late", users, occasion)

    def _cs_notify_values(self):
        values = super()._cs_notify_values()
        for task in self.sudo():
            values[task.id].update(
                topic=task.department_id.name,
                owner=task.from_id.name,
                handler=task.handler_id.name or task.department_id.name,
            )
        return values
