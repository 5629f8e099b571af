from odoo import api, fields, models


class HrDepartureWizard(models.TransientModel):
    """Whoever ends an employment sees what the employee leaves open."""

    _inherit = "hr.departure.wizard"

    cs_open_text = fields.Text(string="Open Work", compute="_compute_cs_open_text")

    @api.depends("employee_ids")
    def _compute_cs_open_text(self):
        for wizard in self:
            left = wizard.employee_ids.user_id._cs_left_open()
            wizard.cs_open_text = "\n".join(
                self.env._(
                    "%(person)s has %(contacts)s contacts and %(matters)s matters "
                    "open. Hand them over first; what is left goes to the lead's list.",
                    person=user.name,
                    contacts=contacts,
                    matters=matters,
                )
                for user, (contacts, matters) in left.items()
            )
