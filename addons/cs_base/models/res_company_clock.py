from odoo import fields, models
from odoo.tools.date_utils import float_to_time

from ..tools.alarm import Quiet
from ..tools.workdays import ServiceHours
from .cs_commitment import PROFILES


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
        self.ensure_one()
        if values["calendar"] == "always":
            return ServiceHours.always(self._cs_tz())
        calendars = self.env["resource.calendar"].sudo()
        calendar = calendars.browse(values["calendar_id"] or ()).exists()
        return self._cs_service_hours(calendar or None)
