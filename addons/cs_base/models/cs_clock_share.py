from odoo import api, fields, models

from ..tools.shares import whole_seconds

USERS, DEPARTMENTS = "res.users", "hr.department"


class CsClockShare(models.Model):
    """How much of a closed clock's time each holder had: who burnt the three days.

    The seconds of a clock add up to the time it used.
    """

    _name = "cs.clock.share"
    _description = "Share of Time"
    _inherit = ["cs.guarded"]
    _order = "closed_at desc, clock_id, seconds desc, id"
    _rec_name = "holder_name"

    clock_id = fields.Many2one(
        comodel_name="cs.clock",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    business_type_id = fields.Many2one(
        related="clock_id.business_type_id", store=True, precompute=True
    )
    company_id = fields.Many2one(
        related="clock_id.company_id", store=True, precompute=True, index=True
    )
    commitment_id = fields.Many2one(
        comodel_name="cs.commitment", readonly=True, ondelete="restrict"
    )
    team_id = fields.Many2one(comodel_name="cs.team", readonly=True)
    holder_key = fields.Char(readonly=True, export_string_translation=False)
    holder_name = fields.Char(string="Held By", compute="_compute_holder_name")
    user_id = fields.Many2one(
        comodel_name="res.users", readonly=True, index="btree_not_null"
    )
    department_id = fields.Many2one(
        comodel_name="hr.department", readonly=True, index="btree_not_null"
    )
    seconds = fields.Integer(readonly=True)
    exact = fields.Char(
        string="Exact Seconds", readonly=True, help="As a fraction, before rounding."
    )
    hours = fields.Float(
        compute="_compute_hours", store=True, digits=(16, 2), string="Time (Hours)"
    )
    closed_at = fields.Datetime(string="Closed On", readonly=True)
    missed = fields.Boolean(readonly=True)

    _closed_idx = models.Index("(company_id, closed_at)")
    _holder_uniq = models.UniqueIndex(
        "(clock_id, COALESCE(holder_key, ''))", "A holder has one share of a clock."
    )

    @api.depends("seconds")
    def _compute_hours(self):
        for share in self:
            share.hours = share.seconds / 3600

    @api.depends("holder_key")
    def _compute_holder_name(self):
        for share in self:
            holder = share._cs_holder(share.holder_key)
            name = holder.sudo().display_name if holder else self.env._("Nobody")
            share.holder_name = name

    @api.model
    def _cs_holder(self, key):
        """The record of a holder's key; empty if there is none any more."""
        model, _comma, res_id = (key or "").partition(",")
        if model not in self.env:
            return self.env[USERS]
        return self.env[model].browse(int(res_id)).exists()

    @api.model
    def _cs_write_shares(self, shares):
        """Write the shares of closed clocks.

        :param shares: ``{clock: {holder key or None: exact seconds}}``
        """
        clocks = self.env["cs.clock"].browse([clock.id for clock in shares])
        rows = self.sudo().search([("clock_id", "in", clocks.ids)])
        known = {(row.clock_id.id, row.holder_key): row for row in rows}
        departments = self._cs_departments(shares)
        fresh = []
        for clock, parts in shares.items():
            seconds = whole_seconds(parts)
            gone = [k for c, k in known if c == clock.id and (k or None) not in parts]
            for key in [*parts, *gone]:
                vals = {
                    "commitment_id": clock.commitment_id.id,
                    "team_id": clock.team_id.id,
                    "closed_at": clock.closed_at,
                    "missed": clock.state == "missed",
                    "seconds": seconds.get(key, 0),
                    "exact": str(parts.get(key, 0)),
                }
                if row := known.get((clock.id, key or False)):
                    row._update(vals)
                else:
                    ties = {"clock_id": clock.id, "holder_key": key or False}
                    fresh.append({**ties, **vals, **departments[clock.company_id, key]})
        self._append(fresh)

    @api.model
    def _cs_departments(self, shares):
        """{(company, key): user and department} of the holders."""
        pairs = {(clock.company_id, key) for clock in shares for key in shares[clock]}
        user_ids = {_id_of(key) for _company, key in pairs if _model_of(key) == USERS}
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search_fetch(
                [("user_id", "in", list(user_ids))],
                ["user_id", "company_id", "department_id"],
            )
        )
        of_user = {(one.company_id, one.user_id.id): one for one in employees}
        found = {}
        for company, key in pairs:
            vals = {}
            if _model_of(key) == USERS:
                employee = of_user.get((company, _id_of(key)), employees.browse())
                vals["user_id"] = _id_of(key)
                vals["department_id"] = employee.department_id.id
            elif _model_of(key) == DEPARTMENTS:
                vals["department_id"] = _id_of(key)
            found[company, key] = vals
        return found


def _model_of(key):
    return key and key.partition(",")[0]


def _id_of(key):
    return int(key.partition(",")[2])
