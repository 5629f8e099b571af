import datetime
from zoneinfo import ZoneInfo

from odoo import fields, models, tools

#: The zone of a company whose calendar names none.
DEFAULT_TZ = "Asia/Shanghai"
UTC = datetime.timezone.utc


class ResCompany(models.Model):
    """The company's clock: days, months and cut-offs are decided on it."""

    _inherit = "res.company"

    cs_callback_hours = fields.Integer(
        string="Callback Within (Hours)",
        default=48,
        help="The latest a callback may be promised for. 0: no limit.",
    )

    cs_absence_days = fields.Integer(
        string="Long Absence",
        default=3,
        help="Of whoever is away for more working days than this, the team lead gets "
        "the open interactions in his list.",
    )

    cs_mail_keep_days = fields.Integer(
        string="Keep Processed Mails (Days)",
        default=180,
        help="Inbound mails that were filed or discarded by hand are deleted after so "
        "many days; 0: never. 180 is our choice, no law asks for it.",
    )

    _cs_mail_keep_days_positive = models.Constraint(
        "CHECK(cs_mail_keep_days >= 0)", "Days are 0 or more."
    )

    def _prepare_resource_calendar_values(self):
        values = super()._prepare_resource_calendar_values()
        if self.country_code == "CN":
            values["tz"] = DEFAULT_TZ
        return values

    def _cs_tz(self):
        """Time zone of the company's working hours."""
        return ZoneInfo(self._cs_tz_name())

    @tools.ormcache("self.id")
    def _cs_tz_name(self):
        """Kept between requests: almost everything asks for it."""
        self.ensure_one()
        return self.sudo().resource_calendar_id.tz or DEFAULT_TZ

    def _cs_now(self):
        """The present moment on the company's clock (aware datetime)."""
        return self._cs_to_local(fields.Datetime.now())

    def _cs_today(self):
        """The company's date now."""
        return self._cs_now().date()

    def _cs_to_local(self, moment):
        """Put a stored moment (naive UTC, or aware) on the company's clock."""
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.astimezone(self._cs_tz())

    def _cs_to_utc(self, local):
        """Turn a time on the company's clock into the naive UTC to store."""
        if local.tzinfo is None:
            local = local.replace(tzinfo=self._cs_tz())
        return local.astimezone(UTC).replace(tzinfo=None)

    def _cs_date(self, moment):
        """The company's date of a stored moment; a date is one already."""
        if isinstance(moment, datetime.datetime):
            return self._cs_to_local(moment).date()
        return moment

    def _cs_day_bounds(self, day):
        """First moment of ``day`` and of the next one, as stored (naive UTC)."""
        start = datetime.datetime.combine(day, datetime.time())
        end = start + datetime.timedelta(days=1)
        return self._cs_to_utc(start), self._cs_to_utc(end)
