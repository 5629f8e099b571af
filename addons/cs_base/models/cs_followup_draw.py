import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools import visit_periods as periods
from ..tools.draw import Draw, Quota, new_seed

MANAGER = "cs_base.group_manager"
#: Which fact of a matter makes its group; see ``_cs_facts``.
FACTS = ("area", "team", "employee")


class CsFollowupDraw(models.Model):
    """A random share of finished matters whose customers somebody asks himself.

    《公司客户服务中心回访制度》: the director asks about 20 % of the repairs of each
    quarter. Who is asked comes from a seed that nobody chose and a frozen population,
    so that anybody can draw again and gets the same. Matters are drawn from once for
    a period; what can't be asked about is replaced with a reason by the next in turn.
    """

    _name = "cs.followup.draw"
    _description = "Draw of Visits"
    _inherit = ["cs.ruled"]
    _order = "date_from desc, id desc"
    _check_company_auto = True
    _cs_open_fields = frozenset(
        {
            "company_id",
            "business_type_ids",
            "date_from",
            "date_to",
            "percent",
            "at_least",
            "by",
            "user_id",
            "days",
            "note",
        }
    )

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    business_type_ids = fields.Many2many(
        comodel_name="cs.business.type", string="Types", required=True
    )
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._default_period().start
    )
    date_to = fields.Date(
        string="Until", required=True, default=lambda self: self._default_period().end
    )
    percent = fields.Integer(
        string="Share (%)",
        required=True,
        default=20,
        help="Of each group, rounded up. 20 % each quarter is what the rules of return "
        "visits ask of the director.",
    )
    at_least = fields.Integer(
        required=True,
        default=1,
        help="So many of each group, or all if there are fewer.",
    )
    by = fields.Selection(
        selection=[
            ("none", "All Together"),
            ("type", "Type"),
            ("area", "Area"),
            ("team", "Team"),
            ("employee", "Who Did the Work"),
        ],
        string="The Share Is of Each",
        required=True,
        default="type",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked By",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    days = fields.Integer(
        string="Within (Working Days)",
        required=True,
        default=20,
        help="From the day of the draw. 20 is our choice.",
    )
    note = fields.Text()
    state = fields.Selection(
        selection=[("draft", "To Draw"), ("drawn", "Drawn")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    seed = fields.Char(readonly=True, copy=False)
    population = fields.Json(readonly=True, copy=False, export_string_translation=False)
    population_hash = fields.Char(
        string="Fingerprint of All", readonly=True, copy=False
    )
    population_count = fields.Integer(string="Finished", readonly=True, copy=False)
    drawn_at = fields.Datetime(readonly=True, copy=False)
    drawn_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    member_ids = fields.One2many(
        comodel_name="cs.followup.draw.member",
        inverse_name="draw_id",
        string="Drawn Matters",
        readonly=True,
    )
    sample_count = fields.Integer(string="Drawn", compute="_compute_counts")
    done_count = fields.Integer(string="Asked", compute="_compute_counts")

    _numbers = models.Constraint(
        "CHECK(percent BETWEEN 1 AND 100 AND at_least >= 0 AND days >= 0)",
        "The share is between 1 and 100 %; numbers and days are 0 or more.",
    )
    _period = models.Constraint(
        "CHECK(date_to >= date_from)", "The period ends before it begins."
    )

    # === COMPUTE === #

    @api.model
    def _default_period(self):
        """The quarter before this one, on the company's clock."""
        today = self.env.company._cs_today()
        this = periods.period_of(periods.QUARTERLY, today)
        return periods.period_of(
            periods.QUARTERLY, this.start - datetime.timedelta(days=1)
        )

    @api.depends("date_from", "date_to", "business_type_ids")
    def _compute_display_name(self):
        for draw in self:
            names = "、".join(draw.business_type_ids.mapped("name"))
            draw.display_name = f"{draw.date_from} – {draw.date_to} · {names}"

    @api.depends("member_ids.replaced_no", "member_ids.followup_id.state")
    def _compute_counts(self):
        rows = self.env["cs.followup.draw.member"].sudo()
        live = Domain("draw_id", "in", self.ids) & Domain("replaced_no", "=", 0)
        drawn = dict(rows._read_group(live, ["draw_id"], ["__count"]))
        done = Domain("followup_id.state", "=", "done")
        asked = dict(rows._read_group(live & done, ["draw_id"], ["__count"]))
        for draw in self:
            draw.sample_count = drawn.get(draw._origin, 0)
            draw.done_count = asked.get(draw._origin, 0)

    # === GUARDS === #

    @api.constrains("user_id", "company_id")
    def _check_user(self):
        for draw in self:
            user = draw.user_id.sudo()
            fits = user.has_group("cs_base.group_user") and not user.share
            if not fits or draw.company_id not in user.company_ids:
                raise ValidationError(
                    self.env._("%s can't visit customers of this company.", user.name)
                )

    def write(self, vals):
        if not self.env.su and any(draw.state == "drawn" for draw in self):
            raise UserError(self.env._("A draw stays as it was drawn."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts(self):
        if any(draw.state == "drawn" for draw in self):
            raise UserError(self.env._("A draw stays as it was drawn."))

    # === DRAW === #

    def action_draw(self):
        """Draw, once, and give out the visits.

        :raise UserError: it is drawn already, or nothing was finished in the period
        """
        self.ensure_one()
        self._cs_check_group(MANAGER)
        self._cs_lock()
        self._cs_check_state("draft")
        draw = self.sudo()
        draw._cs_refuse_second()
        population = draw._cs_population()
        if not population:
            raise UserError(self.env._("Nothing was finished in this period."))
        draw.write({"seed": new_seed(), "population": population})
        replay = draw._cs_replay()
        draw.write(
            {
                "state": "drawn",
                "population_hash": replay.population_hash,
                "population_count": sum(map(len, population.values())),
                "drawn_at": fields.Datetime.now(),
                "drawn_by_id": self.env.uid,
            }
        )
        draw.env["cs.followup.draw.member"]._cs_add(draw, replay.sample)
        self.env["cs.event"]._cs_log("followup.draw", draw)
        return True

    def _cs_refuse_second(self):
        """Nobody draws again until the sample suits him."""
        other = self.search(
            [
                ("state", "=", "drawn"),
                ("company_id", "=", self.company_id.id),
                ("business_type_ids", "in", self.business_type_ids.ids),
                ("date_from", "<=", self.date_to),
                ("date_to", ">=", self.date_from),
            ],
            limit=1,
        )
        if other:
            raise UserError(self.env._("It was drawn already: %s.", other.display_name))

    def _cs_population(self):
        """Finished matters of the period: ``{group: ["model,id", …]}``.

        Without masked ones, whose customers aren't to be asked, and without those
        that came to nothing.
        """
        groups = {}
        kinds = self.env["cs.business.type"]._cs_models(active=False)
        for kind, model in kinds:
            if kind not in self.business_type_ids:
                continue
            model = model.sudo().with_company(self.company_id)
            domain = Domain(model._cs_domain("sample", self.date_from, self.date_to))
            domain &= Domain("company_id", "=", self.company_id.id)
            domain &= Domain("business_type_id", "=", kind.id)
            domain &= Domain("is_open", "=", False) & Domain("masked", "=", False)
            domain &= Domain("state", "not in", list(model._cs_cancelled_states()))
            matters = model.search(domain, order="id")
            facts = matters._cs_facts() if self.by in FACTS else {}
            for matter in matters:
                group = self._cs_group(kind, facts.get(matter.id))
                groups.setdefault(group, []).append(f"{matter._name},{matter.id}")
        return groups

    def _cs_group(self, kind, facts):
        if self.by == "type":
            return kind.code
        value = facts[self.by] if facts else ""
        if isinstance(value, models.BaseModel):
            return f"{value.display_name} ({value.id})" if value else "–"
        return value or ("–" if facts else "")

    def _cs_replay(self):
        """The draw once more, from what was kept, with what was replaced."""
        self.ensure_one()
        gone = self.member_ids.filtered("replaced_no").sorted("replaced_no")
        return Draw(
            self.seed,
            self.population,
            Quota(at_least=self.at_least, percent=self.percent),
            [(member._cs_key(), member.reason) for member in gone],
        )

    # === SCREEN === #

    def action_verify(self):
        """Draw once more and say whether the same matters come out."""
        self.ensure_one()
        self.check_access("read")
        self._cs_check_state("drawn")
        draw = self.sudo()
        replay = draw._cs_replay()
        here = draw.member_ids.filtered(lambda member: not member.replaced_no)
        same = replay.population_hash == draw.population_hash and sorted(
            replay.members
        ) == sorted(member._cs_key() for member in here)
        message = (
            self.env._("Drawn again from the same seed: the same matters.")
            if same
            else self.env._("The matters are not those that the seed gives.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success" if same else "danger", "message": message},
        }

    def action_visits(self):
        """Show the visits of this draw."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "cs.followup",
            "view_mode": "list,form,pivot",
            "domain": [("draw_id", "=", self.id)],
        }

    def _cs_check_manager(self):
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Managers draw and replace."))
