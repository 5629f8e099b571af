from odoo import models


class ResourceCalendar(models.Model):
    """The zone of a calendar is the clock of a company: what is cached follows it."""

    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        self.env["res.company"]._cs_forget_workdays()
        return result
