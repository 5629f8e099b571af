from odoo import models


class ResUsers(models.Model):
    """In which departments a user works, and which he heads."""

    _inherit = "res.users"

    def _cs_slip_departments(self):
        """(departments the user works in, departments he heads), with sudo."""
        self.ensure_one()
        employees = self.sudo().employee_ids
        departments = self.env["hr.department"].sudo()
        headed = departments.search([("manager_id", "in", employees.ids)])
        return employees.department_id, headed
