import datetime
import logging

from odoo import api, fields, models

from ..tools.alarm import alarms
from .cs_commitment import DUE, WARN

_logger = logging.getLogger(__name__)
UTC = datetime.timezone.utc
SECOND = datetime.timedelta(seconds=1)
#: Clocks taken by the job at once.
BATCH = 500
#: After a notice failed it is tried again so much later.
RETRY = datetime.timedelta(minutes=15)


class CsClock(models.Model):
    """Who is told when: the job that climbs the ladders, to the minute."""

    _inherit = "cs.clock"

    # === PLAN === #

    def _cs_plan(self, result):
        """The alarms that are still to come, in their order."""
        steps = self.env["cs.commitment"]._cs_alarm_steps(
            self.commitment_id.id, result, result.limit.hours
        )
        done = (self.done_steps or "").split()
        return [
            alarm
            for alarm in alarms(result, steps, self._cs_quiet())
            if str(alarm.step.key) not in done
        ]

    def _cs_quiet(self):
        """The quiet hours this clock keeps, or None."""
        respects = self.env["cs.commitment"]._cs_steps(self.commitment_id.id)[0]
        return self.company_id._cs_quiet() if respects else None

    def _cs_next_alarm(self, result):
        """The stored moment at which the job looks at the clock again, or False."""
        if result.state == "paused":
            ends = result.pause_ends
            return ends.replace(tzinfo=None) if ends else False
        if result.state != "running":
            return False
        quiet, now = self._cs_quiet(), fields.Datetime.now().replace(tzinfo=UTC)
        around = quiet and quiet.around(now)
        moments = [
            around[1].astimezone(UTC) if around and alarm.at <= now else alarm.at
            for alarm in self._cs_plan(result)
        ]
        if not result.is_late:
            moments.append(result.due + SECOND)
        return min(moments).replace(tzinfo=None, microsecond=0) if moments else False

    def _cs_wake_cron(self):
        """Let the job come to the minute for what is promised in minutes."""
        steps_of = self.env["cs.commitment"]._cs_steps
        prompt = self.filtered(
            lambda clock: clock.next_alarm_at and steps_of(clock.commitment_id.id)[1]
        )
        moments = {alarm.replace(second=0) for alarm in prompt.mapped("next_alarm_at")}
        if not moments:
            return
        cron = self.env.ref("cs_base.ir_cron_clock_alarms").sudo()
        minute = datetime.timedelta(minutes=1)
        moments = {moment + minute for moment in moments}
        triggers = self.env["ir.cron.trigger"].sudo()
        known = triggers.search_fetch(
            [("cron_id", "=", cron.id), ("call_at", "in", list(moments))], ["call_at"]
        )
        if fresh := moments - set(known.mapped("call_at")):
            cron._trigger(at=sorted(fresh))

    # === JOB === #

    @api.model
    def _cron_alarms(self):
        """Give the notices that are due, some hundred clocks at a time.

        A clock whose notices fail doesn't hold up the others: it is marked, listed
        for team leads and tried again. Clocks somebody works on are left for the next
        run.
        """
        now = fields.Datetime.now()
        domain = [("next_alarm_at", "<=", now), ("state", "in", ("running", "paused"))]
        skipped = self.browse()
        while True:
            found = self.sudo().search(
                [*domain, ("id", "not in", skipped.ids)],
                order="next_alarm_at, id",
                limit=BATCH,
            )
            if not found:
                return
            clocks = found.try_lock_for_update(allow_referencing=True)
            skipped += found
            clocks._cs_ring_safely(now)
            remaining = self.sudo().search_count(
                [*domain, ("id", "not in", skipped.ids)]
            )
            if not self.env["ir.cron"]._commit_progress(
                len(clocks), remaining=remaining
            ):
                return

    def _cs_ring_safely(self, now):
        """All at once; if that fails, one after the other."""
        try:
            with self.env.cr.savepoint():
                self._cs_ring(now)
            return
        except Exception:  # noqa: BLE001 - found again below, one by one
            _logger.info("Notices of %s clocks failed, giving them singly", len(self))
        for clock in self:
            try:
                with self.env.cr.savepoint():
                    clock._cs_ring(now)
            except Exception as error:
                _logger.exception("Notices of clock %s failed", clock.id)
                clock._update(
                    {
                        "alarm_error": f"{type(error).__name__}: {error}"[:200],
                        "next_alarm_at": now + RETRY,
                    }
                )

    def _cs_ring(self, now):
        """Give the notices of each clock that are due and store how it stands."""
        aware = now.replace(tzinfo=UTC)
        results = self._cs_results(aware)
        matters = self._cs_matters_of()
        for clock, result in results.items():
            if clock.state == "paused" and result.state == "running":
                clock._cs_log("resume")
            if result.state == "running" and clock in matters:
                clock._cs_ring_one(result, matters[clock], aware)
            if clock.alarm_error:
                clock._update({"alarm_error": False})
        self._cs_refresh(aware)

    def _cs_ring_one(self, result, matter, now):
        """Give the steps that are due now; those long over are only ticked off."""
        quiet = self._cs_quiet()
        if quiet and quiet.around(now):
            return
        due = [alarm.step for alarm in self._cs_plan(result) if alarm.at <= now]
        if not due:
            return
        over = now > result.due
        for step in due:
            is_early = step.offset < 0
            if not (is_early and over):
                self._cs_give(step.key, result, matter)
        done = (self.done_steps or "").split()
        self._update(
            {
                "done_steps": " ".join([*done, *(str(step.key) for step in due)]),
                "level": max([self.level, *(step.level for step in due)]),
            }
        )

    # === NOTICES === #

    def _cs_give(self, key, result, matter):
        """Give one step: its notices, then what the kind of matter adds to it."""
        phase = "late"
        if key == WARN:
            phase = "warn"
            self._cs_notify("clock.warn", matter, self._cs_holders_at(matter), key)
        elif key == DUE:
            phase = "due"
            self._cs_tell_customer(matter)
        else:
            step = self.commitment_id.escalation_id.step_ids.filtered(
                lambda step: step.level == key
            )
            phase = {"before": "warn", "at": "due", "after": "late"}[step.when]
            users = self._cs_step_users(step, matter)
            self._cs_notify(step.notice_code, matter, users, key)
            if step.to_customer:
                self._cs_tell_customer(matter)
        matter._cs_on_clock(self, phase)

    def _cs_holders_at(self, matter):
        """The handler, or whoever is here in his place."""
        return self._cs_present(self.user_id or self._cs_first_owner(matter), matter)

    def _cs_first_owner(self, matter):
        if "first_owner_id" in matter._fields:
            return matter.first_owner_id
        return self.env["res.users"]

    def _cs_lead_of(self, matter):
        team = self.team_id
        return team._cs_lead(self.company_id._cs_today()) if team else team.lead_id

    def _cs_step_users(self, step, matter):
        """Whom a step tells; nobody who is away, but his deputy."""
        users = step.user_ids
        if step.to_handler:
            users |= self.user_id
        if step.to_first_owner:
            users |= self._cs_first_owner(matter)
        if step.group_id:
            users |= step.group_id.all_user_ids.filtered(
                lambda user: (
                    user.active
                    and not user.share
                    and self.company_id in user.company_ids
                )
            )
        users = self._cs_present(users, matter)
        if step.to_lead:
            users |= self._cs_lead_of(matter)
        return users

    def _cs_present(self, users, matter):
        """``users``, with deputies in the place of those who are away.

        A deputy is who approves in somebody's place, else the lead of the team.
        """
        users = users.sudo()
        day = self.company_id._cs_today()
        away = users._cs_absent(day)
        if users and not away:
            return users
        deputies = (
            self.env["cs.approval.delegate"]
            .sudo()
            .search(
                [
                    ("user_id", "in", away.ids),
                    ("date_from", "<=", day),
                    ("date_to", ">=", day),
                ]
            )
        )
        here = deputies.filtered(
            lambda row: row.delegate_id.active and not row.delegate_id._cs_absent(day)
        )
        users = (users - away) | here.delegate_id
        if away - here.user_id or not users:
            users |= self._cs_lead_of(matter)
        return users

    def _cs_notify(self, code, matter, users, key):
        """Tell users about this clock, once for each step."""
        if not users:
            return
        occasion = f"clock,{self.id},{key},{self.due_at:%Y%m%d%H%M}"
        self.env["cs.notify"].sudo()._cs_notify(
            code,
            matter,
            users=users,
            values=self._cs_notice_values(),
            key=occasion,
        )

    def _cs_notice_values(self):
        """What this clock knows better than its matter, which has several."""
        return {"due": self.due_at, "late": self._cs_remaining_text()}

    def _cs_tell_customer(self, matter):
        """Tell the customer that it takes longer, and by when he hears from us."""
        if not self.commitment_id.progress_notice:
            return
        partner = matter._cs_partner()
        if not partner:
            return
        company = self.company_id
        day = company._cs_add_workdays(
            company._cs_today(), self.commitment_id.progress_days
        )
        promised = company._cs_to_utc(company._cs_service_hours().close(day))
        self._update({"promised_at": promised})
        self.env["cs.notify"].sudo()._cs_notify(
            "clock.progress",
            matter,
            partners=partner,
            values={"due": day, **self._cs_owner_values(matter)},
            key=f"clock,{self.id},progress,{self.due_at:%Y%m%d%H%M}",
        )

    def _cs_owner_values(self, matter):
        """Whom the customer can call: the first owner, else the handler."""
        owner = self._cs_first_owner(matter) or self.user_id
        employee = owner.sudo().employee_ids.filtered(
            lambda one: one.company_id == self.company_id
        )[:1]
        phone = employee.work_phone or owner.partner_id.phone or self.company_id.phone
        return {"owner": owner.name or "", "owner_phone": phone or ""}

    def _cs_remaining_text(self):
        """The time to or since the deadline in words."""
        return self._cs_span_text(self.due_at, fields.Datetime.now())

    @api.model
    def _cs_span_text(self, due, now):
        """``due in 3 hours``, ``2 days overdue``."""
        seconds = (due - now).total_seconds()
        late, minutes = seconds < 0, int(abs(seconds) // 60)
        days, hours = minutes // 1440, minutes // 60
        if days >= 2:
            late_text = self.env._("%s days overdue", days)
            return late_text if late else self.env._("due in %s days", days)
        if hours >= 1:
            late_text = self.env._("%s hours overdue", hours)
            return late_text if late else self.env._("due in %s hours", hours)
        late_text = self.env._("%s minutes overdue", minutes)
        return late_text if late else self.env._("due in %s minutes", minutes)
