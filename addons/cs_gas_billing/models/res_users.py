from odoo import models

#: role → where its day begins; the first that a user has counts
DESKS = (
    ("group_cashier", "gas_hall_action"),
    ("group_manager", "gas_dashboard_action"),
    ("group_clerk", "gas_reading_import_action"),
    ("group_reader", "gas_book_action"),
    ("group_auditor", "gas_bill_action"),
    ("group_accountant", "gas_month_check_action"),
)


class ResUsers(models.Model):
    _inherit = "res.users"

    def _cs_home_action(self):
        for group, action in DESKS:
            if self.has_group(f"cs_gas_billing.{group}"):
                return self.env.ref(f"cs_gas_billing.{action}").sudo(False)
        return super()._cs_home_action()
