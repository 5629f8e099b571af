from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain


class CsRegisterReview(models.Model):
    """A supervisor looked through a register: what he saw, said and signed.

    After signing nothing of it changes. It stays when the register's app goes.
    """

    _name = "cs.register.review"
    _description = "Register Review"
    _inherit = ["cs.ruled"]
    _order = "due_on desc, id desc"
    _rec_name = "register_name"
    _cs_open_fields = {"register_id", "date_from", "date_to", "comment", "signature"}

    register_id = fields.Many2one(
        comodel_name="cs.register",
        string="Schedule",
        index="btree_not_null",
        ondelete="set null",
    )
    register_name = fields.Char(string="Register", readonly=True)
    res_model = fields.Char(
        string="Matter Model", readonly=True, export_string_translation=False
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Supervisor", readonly=True, index=True
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    due_on = fields.Date(string="Due", readonly=True)
    state = fields.Selection(
        selection=[("due", "Due"), ("signed", "Signed")],
        required=True,
        readonly=True,
        default="due",
        copy=False,
    )
    row_now = fields.Integer(string="Entries Now", compute="_compute_row_now")
    row_count = fields.Integer(
        string="Entries Seen",
        readonly=True,
        copy=False,
        help="Counted by the system when it was signed.",
    )
    comment = fields.Text(copy=False)
    signature = fields.Binary(copy=False)
    signed_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    signed_at = fields.Datetime(string="Signed", readonly=True, copy=False)
    action_ids = fields.One2many(
        comodel_name="cs.action",
        inverse_name="review_id",
        string="Findings",
        readonly=True,
    )
    action_count = fields.Integer(
        string="Number of Findings", compute="_compute_action_count"
    )
    is_late = fields.Boolean(
        string="Overdue", compute="_compute_is_late", search="_search_is_late"
    )

    _due_idx = models.Index("(company_id, due_on) WHERE state = 'due'")
    _check_period = models.Constraint(
        "CHECK(date_from <= date_to)", "A period doesn't end before it begins."
    )

    # === COMPUTE === #

    @api.depends("res_model", "date_from", "date_to")
    @api.depends_context("uid")
    def _compute_row_now(self):
        for review in self:
            review.row_now = review._cs_count()

    def _compute_action_count(self):
        groups = self.env["cs.action"]._read_group(
            [("review_id", "in", self.ids)], ["review_id"], ["__count"]
        )
        counts = {review.id: count for review, count in groups}
        for review in self:
            review.action_count = counts.get(review.id, 0)

    @api.depends("state", "due_on", "company_id")
    def _compute_is_late(self):
        for review in self:
            today = review.company_id and review.company_id._cs_today()
            review.is_late = bool(
                review.state == "due" and review.due_on and review.due_on < today
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        late = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("due_on", "<", company._cs_today())
            for company in self.env.companies
        )
        late &= Domain("state", "=", "due")
        return late if (operator == "in") == (True in value) else ~late

    @api.depends("register_name", "date_from", "date_to")
    def _compute_display_name(self):
        for review in self:
            days = f"{review.date_from} – {review.date_to}"
            review.display_name = f"{review.register_name or ''} {days}".strip()

    # === CRUD === #

    @api.model
    def _cs_complete_batch(self, vals_list):
        vals_list = super()._cs_complete_batch(vals_list)
        for vals in vals_list:
            register = self.env["cs.register"].browse(vals.get("register_id") or ())
            if not register:
                raise ValidationError(self.env._("Choose the register."))
            register.check_access("read")
            vals.update(
                register_name=register.name,
                res_model=register.sudo().business_type_id.model,
                company_id=register.company_id.id,
            )
            vals.setdefault("user_id", self.env.uid)
            vals.setdefault("due_on", register.company_id._cs_today())
        return vals_list

    def write(self, vals):
        if not self.env.su:
            signed = self.filtered(lambda review: review.state == "signed")
            if signed and vals:
                raise UserError(
                    self.env._("%s is signed and stays so.", signed[0].display_name)
                )
            if {"register_id", "date_from", "date_to"} & vals.keys():
                raise UserError(self.env._("Register and period stay as planned."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_due(self):
        if any(review.state == "signed" for review in self):
            raise UserError(self.env._("A signed review is kept."))

    # === SIGN === #

    def _cs_rows_domain(self):
        """Domain of the register's entries of the period, in its model."""
        self.ensure_one()
        model = self.env[self.res_model].with_company(self.company_id)
        domain = model._cs_domain("report", self.date_from, self.date_to)
        return Domain("company_id", "=", self.company_id.id) & Domain(domain)

    def _cs_count(self):
        """Entries of the period that the user can see; 0 if their app is gone."""
        if not (self.res_model and self.date_from and self.date_to):
            return 0
        model = self.env.get(self.res_model)
        if model is None or not model.has_access("read"):
            return 0
        return model.search_count(self._cs_rows_domain())

    def action_open_rows(self):
        """Open the entries that are looked through."""
        self.ensure_one()
        self.check_access("read")
        if self.res_model not in self.env:
            raise UserError(self.env._("The app of this register is gone."))
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self.res_model,
            "view_mode": "list,form",
            "domain": list(self._cs_rows_domain()),
        }

    def action_sign(self):
        """Sign: from now on nothing changes, and the number of entries is kept."""
        self._cs_lock()
        self.check_access("write")
        for review in self:
            review._cs_check_signature()
            review.sudo().write(
                {
                    "state": "signed",
                    "signed_by_id": self.env.uid,
                    "signed_at": fields.Datetime.now(),
                    "row_count": review._cs_count(),
                }
            )
            self.env["cs.event"]._cs_log(
                "register.sign", review.sudo(), details={"rows": review.row_count}
            )
        return True

    def _cs_check_signature(self):
        self._cs_check_state("due")
        if self.env.user not in self._cs_signers():
            raise AccessError(
                self.env._("%s signs this review.", self.sudo().user_id.name)
            )
        if self.res_model not in self.env or not self.env[self.res_model].has_access(
            "read"
        ):
            raise AccessError(self.env._("You can't read the register you would sign."))
        if not self.signature or not (self.comment or "").strip():
            raise UserError(
                self.env._("Comment on what you saw and put your signature below it.")
            )

    def _cs_signers(self):
        """The supervisor; while he is away also the managers."""
        review = self.sudo()
        users = review.user_id
        if users._cs_is_absent(review.company_id._cs_today()):
            managers = self.env["cs.team"]._cs_managers(review.company_id)
            users |= managers[review.company_id]
        return users

    def action_finding(self):
        """Write down a corrective action for something found."""
        self.ensure_one()
        self.check_access("read")
        title = self.env._("Finding")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.action",
            "views": [(False, "form")],
            "context": {
                "default_review_id": self.id,
                "default_company_id": self.company_id.id,
            },
        }

    def action_open_findings(self):
        """Show the corrective actions that came of this review."""
        self.ensure_one()
        title = self.env._("Findings")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.action",
            "view_mode": "list,form",
            "domain": [("review_id", "=", self.id)],
            "context": {"default_review_id": self.id},
        }

    # === REMINDERS === #

    @api.model
    def _cs_remind(self):
        """Tell supervisors daily what is due; managers once when it is late."""
        registers = self.env["cs.register"].sudo().search([("active", "=", True)])
        for company in registers.company_id:
            today = company._cs_today()
            waiting = self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "due"),
                    ("due_on", "<=", today),
                    ("register_id", "!=", False),
                ]
            )
            if not waiting:
                continue
            signers = {review.id: review._cs_signers() for review in waiting}
            self._cs_notify_of("review.due", waiting, signers, f"{today}")
            late = waiting.filtered(lambda review, day=today: review.due_on < day)
            managers = self.env["cs.team"]._cs_managers(company)[company]
            self._cs_notify_of("review.late", late, managers, "late")

    @api.model
    def _cs_notify_of(self, code, reviews, users, key):
        if reviews:
            notices = self.env["cs.notify"].sudo()
            notices._cs_notify(code, reviews, users=users, key=key)

    def _cs_notify_values(self):
        return {
            review.id: {
                "topic": review.register_name,
                "due": review.due_on,
                "handler": review.user_id.name,
            }
            for review in self.sudo()
        }
