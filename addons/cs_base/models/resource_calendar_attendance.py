from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    """Service hours are cached: whoever changes them drops what is kept."""

    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env["res.company"]._cs_forget_workdays()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.env["res.company"]._cs_forget_workdays()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["res.company"]._cs_forget_workdays()
        return result
