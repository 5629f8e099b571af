from odoo import api, models


class CsMatterGateway(models.AbstractModel):
    """Matters that begin with a mail, and what a mail says about them."""

    _inherit = "cs.matter.mixin"

    @api.model
    def _cs_mail_vals(self, message_dict):
        """Values of a new matter that come from a mail; rooms add what they require.

        :param message_dict: as ``message_parse`` makes it
        """
        partner = message_dict.get("author_id")
        field = self._cs_partner_field
        return {field: partner} if field and partner else {}

    def _cs_mail_new_vals(self):
        """What the next matter takes over when a mail answers this closed one."""
        self.ensure_one()
        vals = {
            "company_id": self.company_id.id,
            "premises_id": self.premises_id.id,
            "team_id": self.team_id.id,
        }
        if self._cs_partner_field:
            vals[self._cs_partner_field] = self[self._cs_partner_field].id
        return vals

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A matter out of a mail, with a contact of its own unless it has an origin.

        Core would write the subject into the number; that is why it isn't called.
        """
        vals = {**self._cs_mail_vals(msg_dict), **(custom_values or {})}
        if not vals.get("origin_ref") and not vals.get("interaction_id"):
            company_id = vals.get("company_id") or self.env.company.id
            contact = {"company_id": company_id, "topic": msg_dict.get("subject")}
            if self._cs_partner_field:
                contact["partner_id"] = vals.get(self._cs_partner_field)
            contacts = self.env["cs.interaction"].sudo()._cs_create_auto([contact])
            contacts.channel = "mail"
            vals["interaction_id"] = contacts.id
        return self.create(vals)

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Matters that one address opened by mail: it isn't on the matter itself."""
        return [
            ("message_ids.message_type", "=", "email"),
            ("message_ids.email_from", "ilike", email_from_normalized),
        ]
