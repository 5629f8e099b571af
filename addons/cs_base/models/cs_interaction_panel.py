from odoo import api, fields, models
from odoo.exceptions import UserError

from .cs_interaction import CsInteraction as Base


class CsInteraction(models.Model):
    """A contact while somebody has the customer before him or on the line."""

    _inherit = "cs.interaction"
    _cs_closed_fields = Base._cs_closed_fields | {
        "running",
        "about_model",
        "about_id",
        "about_masked",
    }

    running = fields.Boolean(
        readonly=True,
        copy=False,
        help="Its owner is still talking to the customer, or writing it down.",
    )
    about_model = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )
    about_id = fields.Many2oneReference(
        string="About Matter No.",
        model_field="about_model",
        readonly=True,
        copy=False,
    )
    about_masked = fields.Boolean(readonly=True, copy=False)
    about_summary = fields.Char(
        string="Asks About",
        compute="_compute_about_summary",
        help="The open matter for which the customer came again.",
    )

    _running_idx = models.Index("(first_owner_id) WHERE running")

    @api.depends("about_model", "about_id")
    @api.depends_context("uid", "lang")
    def _compute_about_summary(self):
        for contact in self:
            contact.about_summary = False
            matter = contact._cs_about()
            if matter and matter.has_access("read"):
                contact.about_summary = matter.sudo()._cs_summary()
            elif matter:
                contact.about_summary = self.env._("Linked, no access")

    def _cs_about(self):
        """The matter the customer came again for, as the user; empty if none."""
        self.ensure_one()
        contact = self.sudo()
        if not contact.about_id or contact.about_model not in self.env:
            return self.env["cs.business.type"].browse()
        return self.env[contact.about_model].browse(contact.about_id).exists()

    def _cs_count_matters(self):
        """A contact about a masked matter stays masked, whatever else comes of it."""
        counts = super()._cs_count_matters()
        for contact in self.sudo().filtered("about_masked"):
            number, _masked = counts.get(contact.id, (0, True))
            counts[contact.id] = (number, True)
        return counts

    def _cs_follow(self, matter):
        """The customer came again for an open ``matter``: link it and urge it on."""
        self.ensure_one()
        self._cs_check_owner()
        matter.check_access("read")
        if matter.sudo().interaction_id == self:
            raise UserError(self.env._("This matter came of this very contact."))
        matter.action_chase(self.topic or self.content or "")
        masked = matter.sudo().masked
        vals = {
            "about_model": matter._name,
            "about_id": matter.id,
            "about_masked": masked,
        }
        if not self.outcome:
            vals["outcome"] = self.env._("Urged on: %s", matter.sudo().name or "")
        if masked:
            vals["masked"] = True
        return self.sudo().write(vals)

    # === RECEIPT === #

    def _cs_owner_phone(self):
        """Whom the customer can call: the owner's office number, his lead's, ours."""
        self.ensure_one()
        contact = self.sudo()
        users = contact.first_owner_id + contact.team_id.lead_id
        for user in users:
            employee = user.employee_ids.filtered(
                lambda one: one.company_id == contact.company_id
            )[:1]
            if employee.work_phone:
                return employee.work_phone
        return contact.company_id.phone or ""

    def _cs_notify_values(self):
        """Values of notices about contacts: ``{contact id: {placeholder: value}}``."""
        return {
            contact.id: {
                "number": contact.name,
                "topic": contact.topic or contact.name,
                "date": contact.company_id._cs_date(contact.started),
                "owner": contact.first_owner_id.name or contact.team_id.name,
                "owner_phone": contact._cs_owner_phone(),
                "team": contact.team_id.name,
            }
            for contact in self.sudo()
        }

    def _cs_receipt_numbers(self):
        """Numbers of what came of the contact, without masked ones."""
        self.ensure_one()
        matters = self.env["cs.matter.mixin"]
        found = matters._cs_union(
            lambda model: [("interaction_id", "=", self.id), ("masked", "=", False)],
            limit=20,
            order="id",
            sudo=True,
        )
        return [matter.name for some in found for matter in some if matter.name]

    def _cs_local_started(self):
        """When the contact began, on the company's clock, as it is printed."""
        self.ensure_one()
        return f"{self.company_id._cs_to_local(self.started):%Y-%m-%d %H:%M}"
