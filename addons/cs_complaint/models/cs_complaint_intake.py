from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

#: Channels of the case: channel of the contact it begins with.
CONTACT_CHANNELS = {
    "phone": "phone",
    "visit": "visit",
    "letter": "letter",
    "mail": "mail",
    "portal": "portal",
    "wechat": "message",
    "hotline": "official",
    "association": "official",
    "media": "official",
    "parent": "official",
}
#: The other way round; an authority is mostly the mayor's hotline.
CASE_CHANNELS = {
    "phone": "phone",
    "visit": "visit",
    "letter": "letter",
    "mail": "mail",
    "portal": "portal",
    "message": "wechat",
    "official": "hotline",
}
#: Channels that have a number of their own, by which they ask about the case.
EXTERNAL = frozenset({"hotline", "association", "media", "parent"})
ROLE = "cs_complaint.group_user"


class CsComplaintIntake(models.Model):
    """How a case comes in: by which channel, from whom, with which papers."""

    _inherit = "cs.complaint"

    handler_id = fields.Many2one(default=lambda self: self._cs_default_handler())
    external_body_id = fields.Many2one(
        comodel_name="res.partner",
        domain="[('is_company', '=', True)]",
        help="Hotline, association, newspaper or parent company that passed it on.",
    )
    external_ref = fields.Char(
        string="Their Reference", index="trigram", copy=False, tracking=True
    )
    is_external = fields.Boolean(compute="_compute_is_external")

    _received_idx = models.Index("(company_id, received_at)")

    @api.depends("channel")
    def _compute_is_external(self):
        for case in self:
            case.is_external = case.channel in EXTERNAL

    @api.constrains("received_at")
    def _check_received_at(self):
        now = fields.Datetime.now()
        if any(case.received_at > now for case in self):
            raise ValidationError(
                self.env._("A case can't have been received in the future.")
            )

    @api.constrains("channel", "external_ref")
    def _check_external_ref(self):
        for case in self:
            if case.channel in EXTERNAL and not (case.external_ref or "").strip():
                raise ValidationError(
                    self.env._(
                        "Enter the reference under which the external body asks."
                    )
                )

    # === BEGIN === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._cs_give_own_contacts(vals_list)
        return super().create(vals_list)

    @api.model
    def _cs_complete_batch(self, vals_list):
        """A new case has a handler: the steward of the premises, or who takes it."""
        for vals in vals_list:
            if "handler_id" not in vals:
                company = self.env["res.company"].browse(
                    vals.get("company_id") or self.env.company.id
                )
                premises = self.env["cs.premises"].browse(vals.get("premises_id"))
                vals["handler_id"] = self._cs_proposed_handler(company, premises).id
        return super()._cs_complete_batch(vals_list)

    @api.model
    def _cs_default_handler(self):
        nowhere = self.env["cs.premises"]
        return self._cs_proposed_handler(self.env.company, nowhere)

    @api.model
    def _cs_proposed_handler(self, company, premises):
        """Who works on a new case if nobody says: a user, or none.

        The steward of the premises if the company wants that and he is here; else
        whoever writes the case down.
        """
        if premises and company.sudo().cs_complaint_steward:
            steward = premises.sudo().steward_id
            if steward.active and steward.has_group(ROLE):
                return steward.with_env(self.env)
        user = self.env.user
        if not self.env.su and not user.share and user.has_group(ROLE):
            return user
        return self.env["res.users"]

    @api.model
    def _cs_give_own_contacts(self, vals_list):
        """Who writes a case down for somebody has had the contact and owns it.

        Mail, portal and imports bring cases that nobody took from a customer: those
        begin with an unclaimed contact.
        """
        user = self.env.user
        context = self.env.context
        if self.env.su or context.get("import_file") or not user.has_group(ROLE):
            return
        if context.get("default_interaction_id"):
            return
        alone = [
            vals
            for vals in vals_list
            if not any(
                vals.get(name) or context.get(f"default_{name}")
                for name in ("interaction_id", "origin_ref")
            )
        ]
        contacts = (
            self.env["cs.interaction"]
            .with_context(_without_defaults(context), tracking_disable=True)
            .create([self._cs_contact_vals(vals) for vals in alone])
        )
        for vals, contact in zip(alone, contacts, strict=True):
            vals["interaction_id"] = contact.id

    @api.model
    def _cs_contact_vals(self, vals):
        """The contact a case of these values begins with."""
        phone = vals.get("complainant_phone") or ""
        channel = vals.get("channel") or self.default_get(["channel"])["channel"]
        return {
            "company_id": vals.get("company_id") or self.env.company.id,
            "channel": CONTACT_CHANNELS[channel],
            "started": vals.get("received_at") or fields.Datetime.now(),
            "partner_id": vals.get("complainant_partner_id"),
            "contact_name": vals.get("complainant_name"),
            "phone_masked": False if "*" in phone else phone,
            "premises_id": vals.get("premises_id"),
            "topic": vals.get("subject"),
        }

    # === CONTACT PANEL === #

    @api.model
    def _cs_intake_vals(self, interaction):
        vals = super()._cs_intake_vals(interaction)
        vals |= {
            "channel": CASE_CHANNELS.get(interaction.channel),
            "received_at": interaction.started,
            "subject": interaction.topic,
            "content": interaction.content,
            "complainant_partner_id": interaction.partner_id.id,
            "complainant_name": interaction.contact_name or interaction.partner_id.name,
            "complainant_phone": interaction.phone_masked
            or interaction.partner_id.cs_phone_masked,
        }
        return {name: value for name, value in vals.items() if value}

    @api.model
    def _cs_customer_domain(self, partners, premises, contacts):
        """Masked cases are in nobody's history, whoever asks."""
        domain = super()._cs_customer_domain(partners, premises, contacts)
        if partners:
            rows = Domain("identity_ids.partner_id", "in", partners.ids)
            domain |= rows & self._cs_domain("customer")
        return domain & Domain("masked", "=", False)

    def _cs_copy_vals(self):
        """The same customer calls about the same again."""
        vals = super()._cs_copy_vals() | {
            "kind": self.kind,
            "quality_class": self.quality_class,
            "subject": self.subject,
            "cause_id": self.cause_id.id,
            "wish": self.wish,
        }
        return {name: value for name, value in vals.items() if value}

    def _cs_topics(self):
        """What a list says of the case: its subject."""
        return {case.id: case.subject for case in self}

    @api.onchange("premises_id")
    def _onchange_premises_id(self):
        if not self._origin and self.premises_id:
            self.handler_id = self._cs_proposed_handler(
                self.company_id, self.premises_id
            )


def _without_defaults(context):
    return {
        name: value
        for name, value in context.items()
        if not name.startswith("default_")
    }
