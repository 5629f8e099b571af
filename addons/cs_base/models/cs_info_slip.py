from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

KINDS = [
    ("info", "Information Slip"),
    ("memo", "Memo"),
    ("work", "Work Contact Sheet"),
]
#: To whom a slip goes; only the steps change it once it is sent.
ADDRESS = ("to_department_id", "to_team_id", "to_id")
#: What the sender may still correct until somebody accepts the slip.
CONTENT = frozenset(
    {
        "kind",
        "subject",
        "content",
        "filed_after",
        "told_at",
        "told_to",
        "acted",
        "premises_id",
    }
)


class CsInfoSlip(models.Model):
    """One department asks or tells another one something, in writing.

    信息传递单, 备忘录, 工作联络单: any member of staff writes one to a department, a
    team or a person. Who solved the customer's problem first files it afterwards. What
    happens to it step by step is in ``cs_info_slip_steps``.
    """

    _name = "cs.info.slip"
    _description = "Information Slip"
    _inherit = ["cs.matter.internal"]
    _cs_type = "slip"
    _cs_open_fields = CONTENT | {*ADDRESS, "origin_ref", "interaction_id", "company_id"}

    kind = fields.Selection(selection=KINDS, required=True, default="info")
    from_id = fields.Many2one(
        comodel_name="res.users",
        string="Sender",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        copy=False,
    )
    from_department_id = fields.Many2one(
        comodel_name="hr.department",
        readonly=True,
        index="btree_not_null",
        copy=False,
    )
    to_department_id = fields.Many2one(
        comodel_name="hr.department",
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    to_team_id = fields.Many2one(
        comodel_name="cs.team",
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    to_id = fields.Many2one(
        comodel_name="res.users",
        string="To Person",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        index="btree_not_null",
        tracking=True,
    )
    to_text = fields.Char(string="Addressee", compute="_compute_to_text")
    subject = fields.Char(required=True, index="trigram")
    content = fields.Text(required=True)
    filed_after = fields.Boolean(
        string="Filed Afterwards",
        help="The problem was solved first; the slip follows what was said and done.",
    )
    told_at = fields.Datetime(copy=False)
    told_to = fields.Char(help="Who was told by word of mouth.")
    acted = fields.Text(string="What Was Done")

    seen_at = fields.Datetime(string="Read", readonly=True, copy=False)
    seen_by_id = fields.Many2one(
        comodel_name="res.users", string="Read By", readonly=True, copy=False
    )
    accepted_at = fields.Datetime(string="Accepted", readonly=True, copy=False)
    answer = fields.Text(readonly=True, copy=False)
    answered_at = fields.Datetime(string="Answered", readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    answer_refusal = fields.Text(
        string="Why the Answer Isn't Enough", readonly=True, copy=False
    )
    confirmed_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    returned_at = fields.Datetime(string="Returned", readonly=True, copy=False)
    returned_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False, index="btree_not_null"
    )
    return_reason = fields.Text(
        string="Opinion of the Addressee", readonly=True, copy=False
    )
    sender_opinion = fields.Text(
        string="Opinion of the Sender", readonly=True, copy=False
    )
    decision = fields.Text(string="Ruling", readonly=True, copy=False)
    decided_at = fields.Datetime(string="Decided", readonly=True, copy=False)
    decided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Arbiter",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    state = fields.Selection(
        selection=[
            ("sent", "Sent"),
            ("accepted", "Accepted"),
            ("answered", "Answered"),
            ("closed", "Confirmed"),
            ("returned", "Returned"),
            ("disputed", "Disputed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="sent",
        copy=False,
        tracking=True,
        group_expand=True,
    )
    is_sender = fields.Boolean(
        compute="_compute_is_sender", export_string_translation=False
    )
    is_receiver = fields.Boolean(
        string="To Me or My Department",
        compute="_compute_is_receiver",
        search="_search_is_receiver",
    )
    is_arbiter = fields.Boolean(
        compute="_compute_is_arbiter", export_string_translation=False
    )
    is_asker = fields.Boolean(
        compute="_compute_is_asker", export_string_translation=False
    )

    _from_idx = models.Index("(from_id, id)")
    _open_idx = models.Index("(company_id, due_at) WHERE is_open")

    # === COMPUTE === #

    @api.depends(*ADDRESS)
    def _compute_to_text(self):
        for slip in self:
            addressed = (slip[name].display_name for name in ADDRESS if slip[name])
            slip.to_text = " · ".join(addressed)

    @api.depends("from_id")
    @api.depends_context("uid")
    def _compute_is_sender(self):
        for slip in self:
            slip.is_sender = slip.from_id == self.env.user

    @api.depends("from_id", "company_id")
    @api.depends_context("uid")
    def _compute_is_asker(self):
        for slip in self:
            slip.is_asker = self.env.user in slip.from_id | slip._cs_clerks()

    @api.depends(*ADDRESS, "handler_id", "team_id")
    @api.depends_context("uid")
    def _compute_is_receiver(self):
        for slip in self:
            slip.is_receiver = self.env.user in slip._cs_receivers()

    @api.model
    def _search_is_receiver(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        user = self.env.user
        departments, heads = user._cs_slip_departments()
        teams, led = user.cs_team_ids, user._cs_led_teams()
        mine = Domain("handler_id", "=", user.id)
        mine |= Domain("team_id", "in", led.ids)
        mine |= Domain("to_department_id", "in", heads.ids)
        mine |= Domain("handler_id", "=", False) & (
            Domain("to_department_id", "in", departments.ids)
            | Domain("to_team_id", "in", teams.ids)
        )
        return mine if (operator == "in") == (True in value) else ~mine

    @api.depends("state", "from_id", "returned_by_id")
    @api.depends_context("uid")
    def _compute_is_arbiter(self):
        for slip in self:
            slip.is_arbiter = (
                slip.state == "disputed" and self.env.user in slip._cs_arbiters()
            )

    # === CONSTRAINTS === #

    @api.constrains(*ADDRESS)
    def _check_addressee(self):
        for slip in self:
            if not any(slip[name] for name in ADDRESS):
                raise ValidationError(
                    self.env._("Say to which department, team or person the slip goes.")
                )
            if slip.sudo().to_id.share:
                raise ValidationError(
                    self.env._("A slip stays in the house: choose a colleague.")
                )

    @api.constrains("filed_after", "told_at", "acted")
    def _check_filed_after(self):
        for slip in self.filtered("filed_after"):
            if not slip.told_at or not (slip.acted or "").strip():
                raise ValidationError(
                    self.env._(
                        "A slip filed afterwards says when it was told and what "
                        "was done."
                    )
                )
            if slip.told_at > slip.opened_at:
                raise ValidationError(
                    self.env._("What is filed afterwards was told before.")
                )

    # === CRUD === #

    @api.model
    def _cs_complete_batch(self, vals_list):
        vals_list = super()._cs_complete_batch(vals_list)
        users = self.env["res.users"].sudo()
        for vals in vals_list:
            vals.setdefault("from_id", self.env.uid)
            company = self.env["res.company"].browse(vals["company_id"])
            sender = users.browse(vals["from_id"])
            departments = sender._cs_slip_departments()[0]
            vals.setdefault("from_department_id", departments[:1].id)
            vals.update(self._cs_address(vals, company))
        return vals_list

    @api.model
    def _cs_address(self, vals, company):
        """Who works on a slip with this address, and which team leads him."""
        user = self.env["res.users"].sudo().browse(vals.get("to_id") or ())
        team = self.env["cs.team"].browse(vals.get("to_team_id") or ())
        if user and not team:
            team = user._cs_team(company)
        return {"handler_id": user.id, "team_id": team.id}

    def _cs_begin(self, origins):
        result = super()._cs_begin(origins)
        for slip in self:
            slip._cs_tell("slip.new", slip._cs_addressees())
        return result

    def write(self, vals):
        if not self.env.su and vals.keys() & {*CONTENT, *ADDRESS}:
            self._cs_check_content(vals)
        return super().write(vals)

    def _cs_check_content(self, vals):
        for slip in self:
            if any(
                slip[name].id != (vals[name] or False)
                for name in ADDRESS
                if name in vals
            ):
                raise UserError(
                    self.env._("To send the slip to somebody else, use “Re-Address”.")
                )
            if slip.state != "sent" or slip.from_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%s changes only in the hands of its sender, until it is "
                        "accepted.",
                        slip.display_name,
                    )
                )

    # === WHO === #

    def _cs_heads(self):
        """Lead and deputy of the team, and the head of the department addressed."""
        slip = self.sudo()
        team, department = slip.team_id, slip.to_department_id
        heads = team.lead_id | team.deputy_id | department.manager_id.user_id
        return heads.filtered("active")

    def _cs_receivers(self):
        """Everybody who may take the slip and act on it."""
        self.ensure_one()
        slip = self.sudo()
        if slip.handler_id:
            return slip.handler_id | self._cs_heads()
        members = slip.to_team_id.member_ids
        members |= slip.to_department_id.member_ids.user_id
        return members | self._cs_heads()

    def _cs_addressees(self):
        """Who is told that a slip came: the person, else whoever leads there."""
        self.ensure_one()
        slip = self.sudo()
        lead = slip.team_id._cs_lead() if slip.team_id else slip.team_id.lead_id
        if slip.handler_id:
            away = slip.handler_id._cs_absent()
            return slip.handler_id | (lead if away else lead.browse())
        heads = lead | slip.to_department_id.manager_id.user_id.filtered("active")
        return heads or self._cs_receivers()

    def _cs_arbiters(self):
        """Who decides a dispute: the company's arbiter, else the managers.

        Nobody decides in a matter of his own.
        """
        self.ensure_one()
        slip = self.sudo()
        company = slip.company_id
        parties = slip.from_id | slip.returned_by_id
        named = company.cs_arbiter_id.filtered("active") - parties
        managers = self.env["cs.team"]._cs_managers(company)[company]
        return named or managers - parties

    def _cs_clerks(self):
        """The information clerk, who follows each slip to its end."""
        return self.sudo().company_id.cs_info_clerk_id.filtered("active")

    # === MATTER === #

    @api.model
    def _cs_transitions(self):
        return {
            "sent": {"sent", "accepted", "returned", "cancelled"},
            "accepted": {"answered", "returned"},
            "answered": {"closed", "accepted"},
            "returned": {"sent", "disputed", "cancelled"},
            "disputed": {"sent"},
            "closed": set(),
            "cancelled": set(),
        }

    @api.model
    def _cs_open_states(self):
        return {"sent", "accepted", "answered", "returned", "disputed"}

    def _cs_holders(self):
        self.ensure_one()
        if self.state == "disputed":
            return [self._cs_arbiters()]
        if self.state in ("returned", "answered"):
            return [self.from_id]
        if self.handler_id:
            return [self.handler_id]
        return [self.to_department_id or self.to_team_id.lead_id]

    def _cs_clock_requests(self, event):
        if event == "created":
            return [("slip.answer", self._cs_holders(), self.opened_at)]
        return []

    def _cs_on_clock(self, clock, phase):
        """The clerk and the heads hear of it once when it is due, once when late."""
        if phase == "warn":
            return
        users = self._cs_clerks() | self._cs_heads()
        occasion = f"slip,{clock.id},{phase},{clock.due_at:%Y%m%d%H%M}"
        self._cs_tell("slip.late", users, occasion)

    def _cs_notify_values(self):
        values = super()._cs_notify_values()
        for slip in self.sudo():
            values[slip.id].update(topic=slip.subject, owner=slip.from_id.name)
        return values
