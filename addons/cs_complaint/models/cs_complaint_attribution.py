from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .cs_complaint_task import STAFF

PENALTIES = [
    ("fine", "Fine"),
    ("points", "Points"),
    ("notice", "Public Notice"),
    ("training", "Training"),
    ("other", "Other"),
]
OPEN = frozenset(
    {
        "complaint_id",
        "sequence",
        "department_id",
        "employee_id",
        "supplier_id",
        "percent",
        "joint_note",
        "penalty_kind",
        "penalty_amount",
        "penalty_points",
        "penalty_note",
    }
)


class CsComplaintAttribution(models.Model):
    """What part of a case some department, employee or supplier answers for (责任归属).

    Proposed by whoever works on the case, decided by a manager who isn't in it; then
    nothing of the row changes. A later change is a new decision with rows of its own;
    the old ones stay. Penalties are proposals: quality management decides on them.
    """

    _name = "cs.complaint.attribution"
    _description = "Attribution"
    _inherit = ["cs.ruled"]
    _order = "number desc, sequence, id"
    _rec_name = "number"
    _cs_open_fields = OPEN

    complaint_id = fields.Many2one(
        comodel_name="cs.complaint",
        string="Case",
        required=True,
        index=True,
        ondelete="cascade",
        groups=STAFF,
    )
    number = fields.Char(
        related="complaint_id.name", string="Case Number", store=True, precompute=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    masked = fields.Boolean(related="complaint_id.masked", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True, readonly=True, help="Not one that a later decision replaced."
    )
    department_id = fields.Many2one(
        comodel_name="hr.department",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
    )
    employee_id = fields.Many2one(comodel_name="hr.employee", index="btree_not_null")
    supplier_id = fields.Many2one(comodel_name="res.partner", index="btree_not_null")
    joint_note = fields.Text(
        string="Joint Handling",
        help="What was agreed with the supplier: 会同有关单位共同处理.",
    )
    percent = fields.Float(digits=(5, 2), aggregator=None)
    amount = fields.Monetary(
        string="Loss", readonly=True, help="This part of the loss of the case."
    )
    penalty_kind = fields.Selection(selection=PENALTIES, string="Penalty Proposed")
    penalty_amount = fields.Monetary()
    penalty_points = fields.Float(digits=(6, 1))
    penalty_note = fields.Text()
    penalty_state = fields.Selection(
        selection=[("proposed", "Proposed")], readonly=True, default="proposed"
    )
    decision_id = fields.Many2one(
        comodel_name="cs.complaint.attribution.decision",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=STAFF,
    )
    decided_at = fields.Datetime(string="Decided", readonly=True)
    is_head = fields.Boolean(
        compute="_compute_is_head", export_string_translation=False
    )

    _check_percent = models.Constraint(
        "CHECK(percent > 0 AND percent <= 100)",
        "A share is more than 0 and at most 100 per cent.",
    )
    _check_one = models.Constraint(
        "CHECK((department_id IS NULL) <> (supplier_id IS NULL))",
        "A share goes to a department or to a supplier.",
    )
    _check_employee = models.Constraint(
        "CHECK(employee_id IS NULL OR department_id IS NOT NULL)",
        "An employee answers with his department.",
    )
    _check_penalty = models.Constraint(
        "CHECK(penalty_amount >= 0 AND penalty_points >= 0)",
        "Penalties aren't negative.",
    )

    # === COMPUTE === #

    @api.depends("employee_id")
    def _compute_department_id(self):
        for row in self:
            if row.employee_id and not row.department_id:
                row.department_id = row.employee_id.sudo().department_id

    @api.depends("department_id", "decided_at")
    @api.depends_context("uid")
    def _compute_is_head(self):
        for row in self:
            head = row.department_id._cs_head_users() if row.department_id else ()
            row.is_head = bool(row.decided_at) and self.env.user in head

    # === CRUD === #

    @api.constrains("complaint_id", "department_id", "company_id")
    def _check_company(self, fnames=None):
        for row in self.sudo():
            department = row.department_id.company_id
            if department and department != row.company_id:
                raise ValidationError(
                    self.env._("The department belongs to another company.")
                )

    @api.model
    def _cs_complete_batch(self, vals_list):
        cases = self.env["cs.complaint"].browse(
            {vals["complaint_id"] for vals in vals_list if vals.get("complaint_id")}
        )
        cases._cs_check_attributable()
        employees = self.env["hr.employee"].sudo()
        for vals in vals_list:
            if vals.get("employee_id") and not vals.get("department_id"):
                employee = employees.browse(vals["employee_id"])
                vals["department_id"] = employee.department_id.id
        return super()._cs_complete_batch(vals_list)

    def write(self, vals):
        if not self.env.su:
            if "complaint_id" in vals:
                raise UserError(self.env._("A share stays with its case."))
            self.complaint_id._cs_check_attributable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_while_proposed(self):
        if any(row.decided_at for row in self):
            raise UserError(self.env._("What was decided is kept."))
        self.complaint_id._cs_check_attributable()

    # === OBJECTION === #

    def action_object(self, text):
        """The head of the department objects to its share (签呈).

        :param text: why
        """
        self.ensure_one()
        self.check_access("read")
        if not self.is_head:
            raise AccessError(
                self.env._("The head of the department objects for it, once decided.")
            )
        row = self.sudo()
        return (
            self.env["cs.complaint.objection"]
            ._cs_raise(row.complaint_id, row.department_id, "attribution", text)
            .id
        )

    def action_ask(self):
        """Open the dialog of an objection."""
        self.ensure_one()
        title = self.env._("Object")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.complaint.objection.write",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_attribution_id": self.id,
                "default_about": "attribution",
            },
        }
