from odoo import models


class HrDepartment(models.Model):
    """Who answers for a department."""

    _inherit = "hr.department"

    def _cs_head_users(self):
        """The head, with sudo; of a department without one that of the next above.

        :return: one active user, none if nobody up to the top is a user
        """
        self.ensure_one()
        department = self.sudo()
        head = department.manager_id.user_id.filtered("active")
        while not head and department.parent_id:
            department = department.parent_id
            head = department.manager_id.user_id.filtered("active")
        return head

    def _cs_people(self):
        """Users who work in these departments or head them, with sudo."""
        departments = self.sudo()
        heads = departments.manager_id.user_id
        return departments.member_ids.user_id | heads.union(
            *(department._cs_head_users() for department in departments)
        )

    def _cs_headless(self):
        """These departments and those below that have no head of their own."""
        found = self.sudo()
        below = found.child_ids
        while below := below.filtered(lambda one: not one.manager_id.user_id.active):
            below -= found
            found |= below
            below = below.child_ids
        return found
