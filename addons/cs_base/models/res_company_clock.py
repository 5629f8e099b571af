from odoo import fields, models, tools
from odoo.tools.date_utils import float_to_time

from ..tools.alarm import Quiet
from ..tools.workdays import ServiceHours
from .cs_commitment import PROFILES

#: What is kept between requests depends on these.
CACHED = {"cs_profile", "cs_quiet_from", "cs_quiet_to", "resource_calendar_id"}


class ResCompany(models.Model):
    """Which commitments a company goes by, and when it leaves people in peace."""

    _inherit = "res.company"

    cs_profile = fields.Selection(
        selection=PROFILES,
        string="Service Profile",
        default="gas",
        help="Which of the shipped commitments apply.",
    )
    cs_quiet_from = fields.Float(string="Quiet From", default=21.0)
    cs_quiet_to = fields.Float(string="Quiet Until", default=8.0)

    _check_cs_quiet = models.Constraint(
        "CHECK(cs_quiet_from >= 0 AND cs_quiet_from < 24"
        " AND cs_quiet_to >= 0 AND cs_quiet_to < 24)",
        "Quiet hours lie between 0:00 and 24:00.",
    )

    def write(self, vals):
        result = super().write(vals)
        if CACHED & vals.keys():
            self._cs_forget_workdays()
        return result

    @tools.ormcache("self.id")
    def _cs_quiet(self):
        """The :class:`Quiet` hours; None if they start and end at the same time."""
        self.ensure_one()
        company = self.sudo()
        start = float_to_time(company.cs_quiet_from)
        end = float_to_time(company.cs_quiet_to)
        return None if start == end else Quiet(start, end, company._cs_tz())

    def _cs_clock_hours(self, values):
        """The hours in which a limit counts.

        :param values: ``calendar`` (``always`` or ``service``) and ``calendar_id``
        """
        return self._cs_hours(values["calendar"], values["calendar_id"])

    @tools.ormcache("self.id", "calendar", "calendar_id")
    def _cs_hours(self, calendar, calendar_id):
        """Kept between requests, and with it the days that were worked out."""
        self.ensure_one()
        if calendar == "always":
            return ServiceHours.always(self._cs_tz())
        own = self.env["resource.calendar"].sudo().browse(calendar_id or ())
        return self._cs_service_hours(own.exists() or None)
