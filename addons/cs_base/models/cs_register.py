from odoo import api, fields, models

from ..tools.review_days import DAY, due_days, periods, week_of


class CsRegister(models.Model):
    """A register that a supervisor looks through some times a week."""

    _name = "cs.register"
    _description = "Register"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    business_type_id = fields.Many2one(
        comodel_name="cs.business.type",
        string="Kind of Matter",
        required=True,
        index=True,
        ondelete="cascade",
        help="Whose entries of the period are looked through.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Supervisor",
        required=True,
        index=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    times = fields.Integer(
        string="Times a Week",
        required=True,
        default=2,
        help="The working days of the week are split into so many equal parts; the "
        "register is due on the last day of each.",
    )
    review_ids = fields.One2many(
        comodel_name="cs.register.review", inverse_name="register_id"
    )
    last_signed_on = fields.Date(
        string="Last Looked Through", compute="_compute_last_signed_on"
    )

    _check_times = models.Constraint(
        "CHECK(times BETWEEN 1 AND 7)", "A register is looked through 1 to 7 times."
    )

    @api.depends("review_ids.state", "review_ids.date_to")
    def _compute_last_signed_on(self):
        groups = self.env["cs.register.review"]._read_group(
            [("register_id", "in", self.ids), ("state", "=", "signed")],
            ["register_id"],
            ["date_to:max"],
        )
        last = {register.id: day for register, day in groups}
        for register in self:
            register.last_signed_on = last.get(register.id, False)

    @api.model_create_multi
    def create(self, vals_list):
        registers = super().create(vals_list)
        registers.sudo()._cs_plan()
        return registers

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            waiting = self.sudo().review_ids.filtered(lambda row: row.state == "due")
            waiting.user_id = vals["user_id"]
        if {"times", "active"} & vals.keys():
            self.sudo()._cs_plan()
        return result

    def _cs_plan(self):
        """Reviews of this week that aren't planned yet, one period after the other."""
        reviews = self.env["cs.register.review"]
        groups = reviews._read_group(
            [("register_id", "in", self.ids)], ["register_id"], ["date_to:max"]
        )
        last = {register.id: day for register, day in groups}
        rows = []
        for register in self.filtered("active"):
            company = register.company_id
            today = company._cs_today()
            since = last[register.id] + DAY if register.id in last else today
            workdays = [day for day in week_of(today) if company._cs_is_workday(day)]
            due = [day for day in due_days(workdays, register.times) if day >= today]
            rows += [
                {
                    "register_id": register.id,
                    "user_id": register.user_id.id,
                    "date_from": first,
                    "date_to": day,
                    "due_on": day,
                }
                for first, day in periods(due, since)
            ]
        return reviews.create(rows)

    @api.model
    def _cron_reviews(self):
        """Plan the week's reviews; remind of those that are due or late."""
        registers = self.sudo().search([("active", "=", True)])
        registers._cs_plan()
        self.env["cs.register.review"].sudo()._cs_remind()
