from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.cs_base.models.resource_resource import _utc

from ..tools import roster_facts, swap_rules


class ResourceCalendarLeaves(models.Model):
    """Swapped shifts stay: they can't become leave (换班和还班均不得请假)."""

    _inherit = "resource.calendar.leaves"

    @api.constrains("resource_id", "date_from", "date_to", "time_type")
    def _check_cs_swaps(self):
        leaves = self.filtered(
            lambda leave: leave.resource_id and leave.time_type == "leave"
        )
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search([("resource_id", "in", leaves.resource_id.ids)])
        )
        if not employees:
            return
        by_resource = {employee.resource_id: employee for employee in employees}
        swaps = self.env["cs.shift.swap"].sudo()
        held = swaps.search(
            swaps._cs_held_domain(employees) & swaps._cs_reaches_domain(leaves)
        )
        if not held:
            return
        rosters = self.env["cs.roster"]
        for leave in leaves:
            employee = by_resource.get(leave.resource_id)
            if not employee:
                continue
            span = (_utc(leave.date_from), _utc(leave.date_to))
            broken = swap_rules.check_leave(
                roster_facts.Facts(
                    swaps=held._cs_swaps(), tz=employee.company_id._cs_tz()
                ),
                rosters._cs_rules(employee.company_id),
                roster_facts.Leave(employee.id, *span),
            )
            if broken:
                raise ValidationError("\n".join(rosters._cs_messages(broken)))
