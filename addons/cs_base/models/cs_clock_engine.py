import datetime
import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.clock import Fact, evaluate
from .cs_clock import OPEN_STATES
from .cs_commitment import _limit

UTC = datetime.timezone.utc
#: Clocks evaluated at once when all open ones are.
BATCH = 1000


class CsClock(models.Model):
    """From facts to what is stored: states, deadlines, shares, dates of matters."""

    _inherit = "cs.clock"

    # === EVALUATION === #

    def _cs_results(self, now=None):
        """What the facts say: ``{clock: Result}``; one query for any number.

        :param now: aware datetime
        """
        now = now or fields.Datetime.now().replace(tzinfo=UTC)
        facts = self._cs_facts()
        hours = _Hours()
        results = {}
        for clock in self.sudo():
            history = [hours.fact(clock.company_id, row) for row in facts[clock.id]]
            breached = clock.breached_at and clock.breached_at.replace(tzinfo=UTC)
            results[clock] = evaluate(history, None, now, breached or None)
        return results

    def _cs_facts(self):
        """Rows of the facts: ``{clock id: [row, …]}``."""
        self.env["cs.clock.fact"].flush_model()
        facts = {clock_id: [] for clock_id in self.ids}
        rows = self.env.execute_query(
            SQL(
                """SELECT clock_id, moment, kind, holders, limit_json, until
                     FROM cs_clock_fact
                    WHERE clock_id = ANY(%s)
                 ORDER BY clock_id, moment, id""",
                self.ids,
            )
        )
        for clock_id, *row in rows:
            facts[clock_id].append(row)
        return facts

    def _cs_refresh(self, now=None, fresh=False):
        """Evaluate the clocks and store what changed, here and in their matters.

        :param fresh: these are all clocks of their matters
        :return: the clocks' results
        """
        results = self.sudo()._cs_results(now)
        closed = {}
        for clock, result in results.items():
            before = clock.state
            clock._cs_store(result)
            if before in OPEN_STATES and not result.is_open:
                closed[clock] = result.shares
        if closed:
            self.env["cs.clock.share"]._cs_write_shares(closed)
        self._cs_wake_cron()
        self._cs_tell_matters(fresh)
        return results

    def _cs_store(self, result):
        """Write what differs from ``result``."""
        vals = {
            "state": result.state,
            "due_at": _stored(result.due),
            "frozen": result.state != "running",
            "pause_ends_at": _stored(result.pause_ends),
            "breached_at": _stored(result.breached_at),
            "closed_at": _stored(result.closed_at),
            "used_seconds": int(result.used),
            "provisional": result.provisional,
            "next_alarm_at": self._cs_next_alarm(result),
        }
        changed = {name: value for name, value in vals.items() if self[name] != value}
        if changed:
            self._update(changed)

    # === MATTERS === #

    def _cs_tell_matters(self, fresh=False):
        """Write the next deadline and the state of all its clocks into each matter.

        :param fresh: these are all clocks of their matters
        """
        for model, clocks in self.sudo().grouped("res_model").items():
            if model not in self.env or "due_at" not in self.env[model]._fields:
                continue
            matters = self.env[model].sudo().with_context(active_test=False)
            ids = list(set(clocks.mapped("res_id")))
            if fresh:
                by_matter = clocks.grouped("res_id")
                values = {
                    matter: by_matter[matter.id]._cs_summary()
                    for matter in matters.browse(ids)
                }
            else:
                names = ["due_at", "clock_state"]
                alive = matters.search_fetch([("id", "in", ids)], names)
                values = self._cs_matter_values(alive)
            changed = {
                matter: vals
                for matter, vals in values.items()
                if any(matter[name] != value for name, value in vals.items())
            }
            if changed:
                self.env[model].sudo()._cs_set_clock(changed)

    @api.model
    def _cs_matter_values(self, matters):
        """``{matter: {due_at, clock_state}}`` from all its clocks."""
        clocks = self.sudo().search_fetch(
            [("res_model", "=", matters._name), ("res_id", "in", matters.ids)],
            ["res_id", "state", "due_at", "breached_at"],
        )
        by_matter = clocks.grouped("res_id")
        return {
            matter: by_matter.get(matter.id, clocks.browse())._cs_summary()
            for matter in matters
        }

    def _cs_summary(self):
        """Deadline and state that several clocks of one matter have together."""
        opened = self.filtered(lambda clock: clock.state in OPEN_STATES)
        states = set(opened.mapped("state"))
        if opened:
            late = any(opened.mapped("breached_at"))
            state = "late" if late else "running" if "running" in states else "paused"
            return {"due_at": min(opened.mapped("due_at")), "clock_state": state}
        closed = self.filtered(lambda clock: clock.state != "cancelled")
        if not closed:
            return {"due_at": False, "clock_state": "none"}
        missed = "missed" in closed.mapped("state")
        return {
            "due_at": max(closed.mapped("due_at")),
            "clock_state": "missed" if missed else "met",
        }

    # === CALENDAR === #

    @api.model
    def _cs_recompute_open(self, company=None):
        """Evaluate open clocks anew after the working days changed; log what moved.

        Closed clocks stay as they were, and so does a breach.

        :param company: ``res.company``; all of them if left out
        :return: the clocks whose deadline moved
        """
        domain = [("state", "in", OPEN_STATES)]
        if company:
            domain.append(("company_id", "in", company.ids))
        ids = self.sudo()._search(domain, order="id").get_result_ids()
        moved = self.browse()
        for start in range(0, len(ids), BATCH):
            clocks = self.sudo().browse(ids[start : start + BATCH])
            before = {clock: clock.due_at for clock in clocks}
            clocks._cs_refresh()
            for clock, due in before.items():
                if clock.due_at != due:
                    moved += clock
                    details = {"from": _epoch(due), "to": _epoch(clock.due_at)}
                    clock._cs_log("recompute", details)
        return moved


class _Hours:
    """Facts out of rows, with the hours of each limit made once."""

    def __init__(self):
        self.made = {}
        self.limits = {}

    def fact(self, company, row):
        moment, kind, holders, limit_json, until = row
        return Fact(
            moment.replace(tzinfo=UTC),
            kind,
            tuple(holders.split(";")) if holders else (),
            self.limit(company, limit_json) if limit_json else None,
            until and until.replace(tzinfo=UTC),
        )

    def limit(self, company, limit_json):
        if (company, limit_json) not in self.limits:
            values = json.loads(limit_json)
            key = (company, values["calendar"], values["calendar_id"])
            if key not in self.made:
                self.made[key] = company._cs_clock_hours(values)
            self.limits[company, limit_json] = _limit(values, self.made[key])
        return self.limits[company, limit_json]


def _stored(moment):
    """An aware moment as stored: naive UTC, whole seconds; False if there is none."""
    return moment.replace(tzinfo=None, microsecond=0) if moment else False


def _epoch(moment):
    return int(moment.replace(tzinfo=UTC).timestamp()) if moment else 0
