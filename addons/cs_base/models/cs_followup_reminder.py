import datetime

from odoo import api, fields, models

#: Rows the job takes at once.
BATCH = 500
#: Days late on which a reminder goes out, the day it is due being 0.
LEVELS = (0, 1, 2, 3, 5, 10, 20)
#: From this level on the lead is told as well.
LEAD_LEVEL = 2
#: A callback is announced so long before.
SOON = datetime.timedelta(hours=1)


class CsFollowup(models.Model):
    """Who is reminded of visits and callbacks: once at each level of lateness."""

    _inherit = "cs.followup"

    # === NOTICES === #

    def _cs_notify_values(self):
        """Values of notices about visits: ``{visit id: {placeholder: value}}``."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        now = fields.Datetime.now()
        span = self.env["cs.clock"]._cs_span_text
        return {
            followup.id: {
                "number": followup.interaction_id.name or kinds[followup.kind],
                "topic": followup.subject or kinds[followup.kind],
                "due": followup.due_at,
                "late": span(followup.due_at, now),
                "owner": followup.user_id.name,
                "team": followup.team_id.name,
                **({} if followup.masked else followup._cs_notify_person()),
            }
            for followup in self.sudo()
        }

    def _cs_notify_person(self):
        self.ensure_one()
        return {
            "customer": self.partner_id.name,
            "phone": self.partner_id.phone,
            "premises": self.premises_id.display_name,
        }

    # === JOB === #

    @api.model
    def _cron_remind(self):
        """Remind of what is due today, soon or late; nobody in the quiet hours."""
        waiting = self.sudo()._read_group([("state", "=", "open")], ["company_id"])
        for (company,) in waiting:
            self._cs_remind_company(company)

    @api.model
    def _cs_remind_company(self, company):
        quiet = company._cs_quiet()
        if quiet and quiet.around(company._cs_now()):
            return
        today = company._cs_today()
        is_workday = company._cs_is_workday(today)
        domain = [
            ("company_id", "=", company.id),
            ("state", "=", "open"),
            ("due_at", "<", company._cs_day_bounds(today)[1]),
        ]
        if not is_workday:
            domain.append(("kind", "=", "callback"))
        last_id = 0
        while found := self.sudo().search(
            [*domain, ("id", ">", last_id)], order="id", limit=BATCH
        ):
            last_id = found[-1].id
            found.try_lock_for_update(allow_referencing=True)._cs_remind(company)
            if not self.env["ir.cron"]._commit_progress(len(found)):
                return

    def _cs_level(self, company, now):
        """How late a visit is, in steps of ``LEVELS``; below zero: not due yet."""
        self.ensure_one()
        today = company._cs_date(now)
        if self.due_at >= now:
            if self.kind == "callback" and self.due_at > now + SOON:
                return -1
            return 0
        due_day = company._cs_date(self.due_at)
        late = company._cs_workdays().between(due_day, today)
        if self.kind == "callback":
            late += 1  # the promised moment is over, whatever day it is
        return max(level for level in LEVELS if level <= max(late, 0))

    def _cs_remind(self, company):
        """Send what the levels of these visits ask for, each once."""
        now = fields.Datetime.now()
        levels = {followup: followup._cs_level(company, now) for followup in self}
        fresh = self.filtered(lambda one: levels[one] > one.reminder_level)
        if not fresh:
            return
        absent = fresh.user_id._cs_absent(company._cs_today())
        leads = fresh.team_id._cs_leads()
        by_code = {}
        for followup in fresh:
            late = levels[followup] > 0
            kind = "callback.due" if followup.kind == "callback" else "followup.due"
            by_code.setdefault("followup.late" if late else kind, []).append(followup)
        for code, followups in by_code.items():
            followups = self.browse().union(*followups)
            told = {
                one.id: one._cs_reminded(levels[one], absent, leads)
                for one in followups
            }
            keys = {
                one.id: f"{one.user_id.id},{levels[one]},{one.due_at:%Y%m%d%H%M}"
                for one in followups
            }
            self.env["cs.notify"]._cs_notify(code, followups, users=told, key=keys)
        for level, rows in fresh.grouped(lambda one: levels[one]).items():
            rows._update({"reminder_level": level})

    def _cs_reminded(self, level, absent, leads):
        """The owner, and the lead when it gets late or the owner isn't there."""
        owner = (self.user_id - absent).filtered("active")
        lead = leads.get(self.team_id, owner.browse())
        return owner | lead if level >= LEAD_LEVEL or not owner else owner
