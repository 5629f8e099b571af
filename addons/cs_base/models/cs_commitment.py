import datetime
import json
from fractions import Fraction

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_datetime

from ..tools.alarm import Step, before_share
from ..tools.clock import CLOSE, DAY_UNITS, Limit, deadline

PROFILES = [("gas", "Gas"), ("property", "Property")]
#: Keys of what the engine does beside the steps of a ladder.
WARN, DUE = "warn", "due"
#: When the example on the form is received.
SAMPLE_TIME = datetime.time(16)


class CsCommitment(models.Model):
    """What the company promises for some kind of work, and how its time counts.

    Apps ask for a commitment by a code with dots. ``complaint.answer.media`` falls
    back to ``complaint.answer``; at each code a company's own row goes before that of
    its profile, and that before the general one.
    """

    _name = "cs.commitment"
    _description = "Commitment"
    _order = "profile, sequence, code, company_id, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Apps find the commitment by it. Without a row for “a.b.c” that of “a.b” "
        "applies.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    profile = fields.Selection(
        selection=PROFILES,
        help="Empty: for companies of any profile that has no row of its own.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Empty: for every company that has no row of its own.",
    )
    unit = fields.Selection(
        selection=[
            ("minute", "Minutes"),
            ("hour", "Service hours"),
            ("workday", "Working days"),
            ("day", "Calendar days"),
        ],
        required=True,
        default="workday",
        help="Working days follow the calendar of the State Council with its make-up "
        "workdays.",
    )
    quantity = fields.Integer(string="Limit", required=True, default=3)
    start_event = fields.Selection(
        selection=[
            ("received", "Received"),
            ("accepted", "Accepted"),
            ("assigned", "Assigned"),
            ("documents", "Documents and fee complete"),
        ],
        string="Counts From",
        required=True,
        default="received",
    )
    next_day = fields.Boolean(
        string="From the Next Day",
        default=True,
        help="The day of the start isn't counted (Civil Code, article 201).",
    )
    day_end = fields.Selection(
        selection=[("midnight", "End of the day"), (CLOSE, "Close of business")],
        string="Last Day Ends At",
        required=True,
        default="midnight",
    )
    calendar = fields.Selection(
        selection=[("always", "Around the clock"), ("service", "Service hours")],
        string="Time Counts",
        required=True,
        default="service",
        help="Of minutes and calendar days. Service hours and working days always "
        "follow service hours.",
    )
    calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Working Hours",
        check_company=True,
        help="Service hours of this commitment, if they aren't the company's.",
    )
    respect_quiet = fields.Boolean(
        string="Keeps Quiet Hours",
        default=True,
        help="Notices wait for the end of the quiet hours. Not for emergencies.",
    )
    warn_percent = fields.Integer(
        string="Warn After",
        default=75,
        help="The handler is warned when this share of the limit is used; 0: never.",
    )
    escalation_id = fields.Many2one(
        comodel_name="cs.escalation",
        string="Ladder",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        default=lambda self: self.env.ref(
            "cs_base.cs_escalation_standard", raise_if_not_found=False
        ),
    )
    progress_notice = fields.Boolean(
        string="Tell the Customer",
        default=True,
        help="At the limit without a result the customer is told that it takes longer.",
    )
    progress_days = fields.Integer(
        string="New Date",
        default=3,
        help="The customer is told this many working days after the limit.",
    )
    max_pause_days = fields.Integer(
        string="Longest Pause",
        help="In calendar days; then the clock goes on by itself. 0: as the reason of "
        "the pause says.",
    )
    is_in_days = fields.Boolean(
        compute="_compute_is_in_days", export_string_translation=False
    )
    limit_text = fields.Char(string="Promise", compute="_compute_limit_text")
    example = fields.Char(compute="_compute_example")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(profile, ''), COALESCE(company_id, 0)) WHERE active IS TRUE",
        "There is a commitment of this code for the same companies.",
    )
    _check_quantity = models.Constraint(
        "CHECK(quantity BETWEEN 1 AND 100000)", "A limit is between 1 and 100,000."
    )
    _check_warn_percent = models.Constraint(
        "CHECK(warn_percent BETWEEN 0 AND 99)", "A warning comes before 100 %."
    )
    _check_days = models.Constraint(
        "CHECK(max_pause_days >= 0 AND progress_days > 0)",
        "A pause can't be shorter than nothing, a new date lies ahead.",
    )

    # === COMPUTE === #

    @api.depends("unit")
    def _compute_is_in_days(self):
        for commitment in self:
            commitment.is_in_days = commitment.unit in DAY_UNITS

    @api.depends("unit", "quantity")
    @api.depends_context("lang")
    def _compute_limit_text(self):
        for commitment in self:
            commitment.limit_text = commitment._cs_quantity_text()

    def _cs_quantity_text(self):
        count = self.quantity
        if self.unit == "minute" and count and count % 60 == 0:
            return self.env._("%s hours", count // 60)
        return {
            "minute": self.env._("%s minutes", count),
            "hour": self.env._("%s service hours", count),
            "workday": self.env._("%s working days", count),
            "day": self.env._("%s calendar days", count),
        }.get(self.unit, "")

    @api.depends(
        "unit",
        "quantity",
        "start_event",
        "next_day",
        "day_end",
        "calendar",
        "calendar_id",
        "company_id",
        "warn_percent",
    )
    @api.depends_context("lang", "company")
    def _compute_example(self):
        for commitment in self:
            commitment.example = (
                commitment._cs_example() if 0 < commitment.quantity <= 1000 else ""
            )

    def _cs_example(self):
        """A sentence that shows what the settings mean for something of today."""
        company = self.company_id or self.env.company
        limit = self._cs_limit(company)
        start = datetime.datetime.combine(
            company._cs_today(), SAMPLE_TIME, company._cs_tz()
        )
        due = deadline(limit, start, limit.hours)
        events = dict(self._fields["start_event"]._description_selection(self.env))
        sentence = self.env._(
            "%(event)s on %(start)s → due %(due)s",
            event=events.get(self.start_event, ""),
            start=self._cs_moment_text(start, company),
            due=self._cs_moment_text(due, company),
        )
        if self.warn_percent:
            warn = before_share(limit, due, self._cs_warn_share(), limit.hours)
            sentence = self.env._(
                "%(sentence)s, warning from %(moment)s",
                sentence=sentence,
                moment=self._cs_moment_text(max(warn, start), company),
            )
        year = due.astimezone(company._cs_tz()).year
        if not limit.hours.is_always and not limit.hours.workdays.is_official(year):
            sentence = self.env._(
                "%(sentence)s. The working days of %(year)s aren't confirmed yet.",
                sentence=sentence,
                year=year,
            )
        return sentence

    def _cs_moment_text(self, moment, company):
        """A moment (stored or aware) as people read it, with its weekday."""
        return format_datetime(
            self.env,
            company._cs_to_utc(company._cs_to_local(moment)),
            tz=str(company._cs_tz()),
            dt_format="yyyy-MM-dd EEE HH:mm",
        )

    def _cs_warn_share(self):
        return Fraction(self.warn_percent, 100)

    # === CONSTRAINTS === #

    @api.constrains("code")
    def _check_code(self):
        for commitment in self:
            parts = commitment.code.split(".")
            if not all(part and part.replace("_", "").isalnum() for part in parts):
                raise ValidationError(
                    self.env._(
                        "“%s” is no code: letters, digits and _, separated by dots.",
                        commitment.code,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        commitments = super().create(vals_list)
        self.env.registry.clear_cache()
        return commitments

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        clocks = self.env["cs.clock"].sudo()
        if clocks.search_count([("commitment_id", "in", self.ids)], limit=1):
            raise ValidationError(
                self.env._("Clocks ran by this commitment: archive it instead.")
            )

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # === API === #

    @api.model
    def _cs_find(self, pairs):
        """The commitments that apply: ``{(code, company): commitment}``.

        :param pairs: (code, res.company); those without commitment are left out
        """
        found = {}
        for code, company in set(pairs):
            if commitment_id := self._cs_find_id(code, company.id):
                found[code, company] = self.sudo().browse(commitment_id)
        return found

    @api.model
    @tools.ormcache("code", "company_id")
    def _cs_find_id(self, code, company_id):
        """Id of the commitment that applies, or False; kept between requests."""
        company = self.env["res.company"].browse(company_id)
        prefixes = list(_prefixes(code))
        rows = (
            self.sudo()
            .with_context(active_test=True)
            .search(
                [("code", "in", prefixes), ("company_id", "in", [False, company_id])]
            )
        )
        by_code = rows.grouped("code")
        for prefix in prefixes:
            if row := by_code.get(prefix, rows.browse())._cs_of_company(company):
                return row.id
        return False

    @api.model
    @tools.ormcache("commitment_id")
    def _cs_terms(self, commitment_id):
        """(start event, limit as text) that a clock begins by."""
        commitment = self.sudo().browse(commitment_id)
        limit = json.dumps(commitment._cs_limit_values(), sort_keys=True)
        return commitment.start_event, limit

    def _cs_of_company(self, company):
        """The row of a company among rows of one code."""

        def rank(row):
            return (row.company_id != company, not row.profile)

        fitting = self.filtered(
            lambda row: (
                row.company_id in (company, company.browse())
                and row.profile in (company.sudo().cs_profile, False)
            )
        )
        return fitting.sorted(rank)[:1]

    def _cs_limit_values(self):
        """The limit as plain values, kept with the clock that started by it."""
        self.ensure_one()
        is_service = self.calendar == "service" or self.unit in ("hour", "workday")
        return {
            "unit": self.unit,
            "quantity": self.quantity,
            "next_day": self.next_day,
            "day_end": self.day_end,
            "calendar": "service" if is_service else "always",
            "calendar_id": self.calendar_id.id if is_service else False,
        }

    def _cs_limit(self, company):
        """The :class:`Limit` of this commitment in a company."""
        values = self._cs_limit_values()
        return _limit(values, company._cs_clock_hours(values))

    @api.model
    @tools.ormcache("commitment_id")
    def _cs_steps(self, commitment_id):
        """What is told when: (respects quiet hours, is prompt, warn share, steps).

        Prompt is what is promised in minutes or at any hour; steps are plain values.
        """
        commitment = self.sudo().browse(commitment_id)
        steps = tuple(
            (step.level, step._cs_offset(), step.unit == "hour")
            for step in commitment.escalation_id.step_ids
        )
        respects = commitment.respect_quiet
        prompt = commitment.unit == "minute" or not respects
        return respects, prompt, commitment._cs_warn_share(), steps

    @api.model
    def _cs_alarm_steps(self, commitment_id, result, hours):
        """The steps of a clock that goes by this commitment: :class:`Step` each."""
        _quiet, _prompt, share, steps = self._cs_steps(commitment_id)
        found = [Step(DUE, 0, 0)]
        if share:
            warn = before_share(result.limit, result.due, share, hours)
            found.append(Step(WARN, 0, -int((result.due - warn).total_seconds())))
        for level, offset, in_hours in steps:
            found.append(Step(level, level, offset, hours if in_hours else None))
        return found


def _prefixes(code):
    """``a.b.c``, ``a.b``, ``a``."""
    parts = code.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]


def _limit(values, hours):
    return Limit(
        unit=values["unit"],
        quantity=values["quantity"],
        next_day=values["next_day"],
        day_end=CLOSE if values["day_end"] == CLOSE else None,
        hours=hours,
    )
