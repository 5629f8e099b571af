import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

OPEN_STATES = ("running", "paused")


class CsClock(models.Model):
    """The time of a matter against a commitment.

    What a clock shows follows from its facts (``cs.clock.fact``) by the pure rules of
    ``tools/clock.py``; the methods here add facts, for any number of clocks at once.
    Moments are stored ones (naive UTC). Nobody writes a clock from outside.
    """

    _name = "cs.clock"
    _description = "Clock"
    _inherit = ["cs.matter.row", "cs.guarded"]
    _order = "due_at, id"

    code = fields.Char(
        required=True, readonly=True, help="The commitment the matter asked for."
    )
    commitment_id = fields.Many2one(
        comodel_name="cs.commitment",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    team_id = fields.Many2one(
        comodel_name="cs.team", readonly=True, index="btree_not_null"
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Handler",
        readonly=True,
        index="btree_not_null",
    )
    masked = fields.Boolean(readonly=True, help="The matter's person is hidden.")
    holders = fields.Char(
        string="Holder Keys", readonly=True, export_string_translation=False
    )
    state = fields.Selection(
        selection=[
            ("running", "Running"),
            ("paused", "Paused"),
            ("met", "In Time"),
            ("missed", "Missed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="running",
    )
    started_at = fields.Datetime(string="Started", required=True, readonly=True)
    due_at = fields.Datetime(string="Due", readonly=True)
    next_alarm_at = fields.Datetime(string="Next Alarm", readonly=True)
    frozen = fields.Boolean(
        string="Due Date Frozen",
        readonly=True,
        help="The clock is paused or closed: the due date is the one of that moment.",
    )
    pause_ends_at = fields.Datetime(string="Pause Until", readonly=True)
    breached_at = fields.Datetime(
        string="Late Since", readonly=True, help="Never erased."
    )
    closed_at = fields.Datetime(string="Closed On", readonly=True)
    promised_at = fields.Datetime(
        string="New Date",
        readonly=True,
        help="The date the customer was told when the limit passed.",
    )
    used_seconds = fields.Integer(
        string="Used (Seconds)",
        readonly=True,
        help="Counted time when something last happened to the clock.",
    )
    used_hours = fields.Float(string="Used (Hours)", compute="_compute_used_hours")
    matter_name = fields.Char(string="Document", compute="_compute_matter_name")
    provisional = fields.Boolean(
        readonly=True,
        help="The due date lies in a year whose working days aren't confirmed.",
    )
    level = fields.Integer(
        string="Level Reached",
        readonly=True,
        aggregator="max",
        help="The highest step of the ladder that was told.",
    )
    done_steps = fields.Char(readonly=True, export_string_translation=False)
    alarm_error = fields.Char(
        string="Notice Failed",
        readonly=True,
        help="Why the last notice could not be given; it is tried again.",
    )
    fact_ids = fields.One2many(
        comodel_name="cs.clock.fact", inverse_name="clock_id", string="History"
    )
    share_ids = fields.One2many(
        comodel_name="cs.clock.share", inverse_name="clock_id", string="Shares"
    )

    _alarm_idx = models.Index("(next_alarm_at) WHERE state = 'running'")
    _pause_idx = models.Index("(next_alarm_at) WHERE state = 'paused'")
    _open_idx = models.Index("(company_id, id) WHERE state IN ('running', 'paused')")
    _error_idx = models.Index("(id) WHERE alarm_error IS NOT NULL")
    _matter_code_uniq = models.UniqueIndex(
        "(res_model, res_id, code) WHERE state != 'cancelled'",
        "This matter has a clock for this commitment already.",
    )

    @api.depends("res_model", "res_id")
    def _compute_matter_name(self):
        """The number of the matter: nothing about a person."""
        matters = self._cs_matters_of()
        for clock in self:
            matter = matters.get(clock.sudo())
            clock.matter_name = matter.display_name if matter else False

    @api.depends("commitment_id", "matter_name")
    def _compute_display_name(self):
        for clock in self:
            parts = (clock.commitment_id.sudo().name, clock.matter_name)
            clock.display_name = " · ".join(part for part in parts if part)

    @api.depends("used_seconds")
    def _compute_used_hours(self):
        for clock in self:
            clock.used_hours = clock.used_seconds / 3600

    # === START === #

    @api.model
    def _cs_start(self, requests, fresh=False):
        """Start clocks; one for each matter and code, however often it is asked for.

        :param requests: list of (matter, commitment code, holders, start). Holders are
            records; ``start`` is a stored moment, or ``{event: moment}`` of which the
            commitment's own start event counts.
        :param fresh: the matters are new, so that they have no other clocks
        :return: the new clocks; codes without commitment, events that haven't come and
            clocks that exist already give none
        """
        requests = [
            (matter.sudo(), code, holders, start)
            for matter, code, holders, start in requests
        ]
        commitments = self.env["cs.commitment"]._cs_find(
            (code, matter.company_id) for matter, code, _holders, _start in requests
        )
        known = set() if fresh else self._cs_known(request[0] for request in requests)
        rows, facts = [], []
        for matter, code, holders, start in requests:
            commitment = commitments.get((code, matter.company_id))
            key = (matter._name, matter.id, code)
            if not commitment or key in known:
                continue
            start_event, limit_json = commitment._cs_terms(commitment.id)
            if isinstance(start, dict):
                start = start.get(start_event)
            if not start:
                continue
            known.add(key)
            held_by = _keys(holders)
            rows.append(
                {
                    **self._cs_of(matter)[0],
                    **self._cs_people(matter),
                    "code": code,
                    "commitment_id": commitment.id,
                    "holders": held_by,
                    "started_at": start,
                }
            )
            facts.append(
                {
                    "kind": "start",
                    "moment": start,
                    "holders": held_by,
                    "commitment_id": commitment.id,
                    "limit_json": limit_json,
                }
            )
        clocks = self._append(rows)
        self.env["cs.clock.fact"]._append(
            [
                {"clock_id": clock.id, **fact}
                for clock, fact in zip(clocks, facts, strict=True)
            ]
        )
        clocks._cs_refresh(fresh=fresh)
        return clocks.with_env(self.env)

    @api.model
    def _cs_known(self, matters):
        """(model, id, code) of the clocks that matters have, but cancelled ones."""
        ids = {}
        for matter in matters:
            ids.setdefault(matter._name, set()).add(matter.id)
        known = set()
        for model, res_ids in ids.items():
            clocks = self.sudo().search_fetch(
                [
                    ("res_model", "=", model),
                    ("res_id", "in", list(res_ids)),
                    ("state", "!=", "cancelled"),
                ],
                ["res_id", "code"],
            )
            known |= {(model, clock.res_id, clock.code) for clock in clocks}
        return known

    @api.model
    def _cs_people(self, matter):
        """Team, handler and secrecy of a matter, for rules and lists."""
        vals = {}
        if "team_id" in matter._fields:
            vals["team_id"] = matter.team_id.id
        if "handler_id" in matter._fields:
            vals["user_id"] = matter.handler_id.id
        if "masked" in matter._fields:
            vals["masked"] = matter.masked
        return vals

    def _cs_people_now(self):
        return {
            "team_id": self.team_id.id,
            "user_id": self.user_id.id,
            "masked": self.masked,
        }

    # === FACTS === #

    def _cs_hold(self, holders):
        """From now on the time goes to ``holders``, in equal parts.

        :param holders: records, e.g. users, departments, partners; none: nobody
        """
        held_by = _keys(holders)
        clocks = self.sudo().filtered(lambda clock: clock.state != "cancelled")
        changed = clocks.filtered(lambda clock: clock.holders != held_by)
        changed._cs_add("hold", holders=held_by)
        changed._update({"holders": held_by})
        for clock, matter in clocks._cs_matters_of().items():
            people = clock._cs_people(matter)
            before = clock._cs_people_now()
            if any(before[name] != value for name, value in people.items()):
                clock._update(people)
        changed._cs_refresh()

    def _cs_pause(self, reason, until=None, note="", requested_on=None):
        """Stop counting: the customer, or force majeure, keeps us from going on.

        :param reason: ``cs.pause.reason``
        :param until: moment at which it goes on by itself; limited by the reason and
            the commitment
        :param note: what was asked of the customer
        :param requested_on: date on which the customer was asked
        :raise UserError: the reason needs a dated request, or a date can't be right
        """
        now = fields.Datetime.now()
        for company, clocks in self.sudo().grouped("company_id").items():
            self._cs_check_pause(reason, until, requested_on, company)
            running = clocks.filtered(lambda clock: clock.state == "running")
            for ends, same in running.grouped(
                lambda clock, at=company: clock._cs_pause_end(reason, until, now, at)
            ).items():
                same._cs_add(
                    "pause",
                    moment=now,
                    until=ends,
                    reason_id=reason.id,
                    requested_on=requested_on,
                    note=note or False,
                )
            running._cs_log("pause", {"reason": reason.id})
            running._cs_refresh()

    @api.model
    def _cs_check_pause(self, reason, until, requested_on, company):
        if not reason:
            raise UserError(self.env._("Say why the clock stands still."))
        if reason.sudo().needs_request and not requested_on:
            raise UserError(
                self.env._(
                    "Say on which day the customer was asked; without a request "
                    "the time goes on."
                )
            )
        if requested_on and requested_on > company._cs_today():
            raise UserError(
                self.env._("The customer can't have been asked on a day to come.")
            )
        if until and until <= fields.Datetime.now():
            raise UserError(self.env._("The pause would be over already."))

    def _cs_pause_end(self, reason, until, now, company):
        """The earliest of what is asked for, the reason's and the commitment's end."""
        limits = (reason.sudo().max_days, self.commitment_id.max_pause_days)
        days = min(filter(None, limits), default=0)
        if not days:
            return until or False
        last = company._cs_date(now) + datetime.timedelta(days=days)
        latest = company._cs_day_bounds(last)[1] - datetime.timedelta(seconds=1)
        return min(until, latest) if until else latest

    def _cs_resume(self):
        """Count again."""
        paused = self.sudo().filtered(lambda clock: clock.state == "paused")
        paused._cs_add("resume")
        paused._cs_log("resume")
        paused._cs_refresh()

    def _cs_stop(self, moment=None):
        """Stop for good: in time or missed.

        :param moment: when the work was done; now if left out, and never later
        """
        now = fields.Datetime.now()
        opened = self.sudo().filtered(lambda clock: clock.state in OPEN_STATES)
        opened._cs_add("stop", moment=min(moment or now, now))
        opened._cs_refresh()

    def _cs_reopen(self):
        """Go on counting what was stopped, from what was used."""
        closed = self.sudo().filtered(lambda clock: clock.state not in OPEN_STATES)
        closed._cs_add("reopen")
        closed._cs_log("reopen")
        closed._cs_refresh()

    def _cs_cancel(self):
        """The matter came to nothing: neither in time nor missed."""
        opened = self.sudo().filtered(lambda clock: clock.state in OPEN_STATES)
        opened._cs_add("cancel")
        opened._cs_log("cancel")
        opened._cs_refresh()

    def _cs_relimit(self, code):
        """Go by another commitment; what is used stays used.

        The ladder starts anew only if it is another one. Without a commitment for the
        code nothing changes.
        """
        opened = self.sudo().filtered(lambda clock: clock.state in OPEN_STATES)
        companies = opened.company_id
        found = self.env["cs.commitment"]._cs_find((code, one) for one in companies)
        for (_code, company), commitment in found.items():
            clocks = opened.filtered(
                lambda clock, at=company, to=commitment: (
                    clock.company_id == at and clock.commitment_id != to
                )
            )
            other = clocks.filtered(
                lambda clock, to=commitment: (
                    clock.commitment_id.escalation_id != to.escalation_id
                )
            )
            clocks._cs_add("limit", **_of(commitment))
            clocks._cs_log("limit", {"commitment": commitment.id})
            clocks._update({"commitment_id": commitment.id})
            other._update({"level": 0, "done_steps": False})
            clocks._cs_refresh()

    def _cs_extend(self, until):
        """Move the deadline to an approved moment; the ladder starts anew.

        :param until: stored moment (naive UTC)
        """
        opened = self.sudo().filtered(lambda clock: clock.state in OPEN_STATES)
        opened._cs_add("extend", until=until)
        opened._cs_log("extend")
        opened._update({"level": 0, "done_steps": False, "promised_at": False})
        opened._cs_refresh()

    def _cs_add(self, kind, moment=None, **values):
        """Add a fact to each clock."""
        moment = moment or fields.Datetime.now()
        return self.env["cs.clock.fact"]._append(
            [
                {"clock_id": clock.id, "kind": kind, "moment": moment, **values}
                for clock in self
            ]
        )

    def _cs_log(self, action, details=None):
        if self:
            self.env["cs.event"]._cs_log(f"clock.{action}", self, details=details)

    # === MATTERS === #

    def _cs_matters_of(self):
        """{clock: its matter}, with sudo; clocks whose matter is gone are left out."""
        found = {}
        for model, clocks in self.sudo().grouped("res_model").items():
            if model not in self.env:
                continue
            matters = self.env[model].sudo().browse(set(clocks.mapped("res_id")))
            alive = {matter.id: matter for matter in matters.exists()}
            found.update(
                (clock, alive[clock.res_id])
                for clock in clocks
                if clock.res_id in alive
            )
        return found


def _keys(holders):
    """Holders as stored: ``res.users,7;hr.department,3``."""
    keys = [
        f"{record._name},{record.id}" for records in holders or () for record in records
    ]
    return ";".join(dict.fromkeys(keys)) or False


def _of(commitment):
    return {
        "commitment_id": commitment.id,
        "limit_json": commitment._cs_terms(commitment.id)[1],
    }
