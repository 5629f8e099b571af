from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cs_base.models.res_partner import REVEAL_REASONS

LEAD = "cs_complaint.group_lead"
MASKED = "cs_base.group_masked"
PERSONAL = "cs_base.group_personal_data"


class CsComplaintMasked(models.Model):
    """Cases whose complainant is hidden: reports of corruption, and what is masked.

    The person is in ``cs.complaint.identity``, and nothing on the case points to him:
    his premises go there as well, his messages lose their author, whoever may not
    read the case any more neither follows it nor keeps what he was told.
    """

    _inherit = "cs.complaint"

    # === BEGIN === #

    @api.model_create_multi
    def create(self, vals_list):
        """What an outsider sends in a masked case isn't made under his name."""
        creator = self
        if self.env.user.share and any(map(self._cs_starts_masked, vals_list)):
            creator = self.with_user(SUPERUSER_ID)
        cases = super(CsComplaintMasked, creator).create(vals_list).with_env(self.env)
        cases.sudo().filtered("masked")._cs_hide_person()
        return cases

    @api.model
    def _cs_complete_batch(self, vals_list):
        masked = [self._cs_starts_masked(vals) for vals in vals_list]
        for vals, hidden in zip(vals_list, masked, strict=True):
            if hidden:
                vals["masked"] = True
                self._cs_check_own_contact(vals)
        vals_list = super()._cs_complete_batch(vals_list)
        for vals in vals_list:
            if vals.get("kind") == "corruption":
                vals["team_id"] = False
        return vals_list

    @api.model
    def _cs_starts_masked(self, vals):
        """Whether a new case of these values hides its complainant."""
        kind = vals.get("kind") or self.env.context.get("default_kind")
        if kind == "corruption" or vals.get("masked"):
            return True
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.env.company.id
        )
        return bool(
            vals.get("anonymous") and company.sudo().cs_complaint_mask_anonymous
        )

    def _cs_check_own_contact(self, vals):
        """A masked case is readable by its first owner: that must be its author."""
        if self.env.su or not vals.get("interaction_id"):
            return
        contact = self.env["cs.interaction"].browse(vals["interaction_id"]).sudo()
        known = contact.first_owner_id == self.env.user
        if not known and not self.env.user.has_group(MASKED):
            raise UserError(
                self.env._(
                    "The person is hidden here: begin a contact of your own for this "
                    "case, or ask %s to write it down.",
                    contact.first_owner_id.name or contact.name,
                )
            )

    def _cs_begin(self, origins):
        """What comes of a masked case is masked."""
        for case, origin in zip(self, origins, strict=True):
            if origin and origin.sudo().masked and not case.masked:
                case.masked = True
        return super()._cs_begin(origins)

    # === CHANGE === #

    def write(self, vals):
        if not self.env.su and "handler_id" in vals:
            self._cs_check_stays_known(vals["handler_id"])
        result = super().write(vals)
        if vals.get("kind") == "corruption":
            self.sudo().filtered(lambda case: not case.masked)._cs_mask()
        elif vals.get("premises_id"):
            self.sudo().filtered("masked")._cs_hide_person()
        return result

    def _cs_check_stays_known(self, handler_id):
        """Who reads a masked case as its handler alone can't write himself out of it.

        :raise UserError: it says how the work passes on
        """
        user = self.env.user
        if handler_id == user.id or user.has_group(MASKED):
            return
        for case in self.sudo().filtered("masked"):
            contact = case.interaction_id
            leads = contact.team_id.lead_id | contact.team_id.deputy_id
            if case.handler_id == user and user not in contact.first_owner_id | leads:
                raise UserError(
                    self.env._(
                        "The person in %s is hidden. Pass the work on by “Hand Over "
                        "All Work” on your desk: you keep the case until the next "
                        "handler accepts it.",
                        case.display_name,
                    )
                )

    def _cs_mask(self):
        """Hide the complainants from now on; with sudo."""
        if self:
            self.write({"masked": True})
            self._cs_hide_person()
            self._cs_clear_audience()

    def _cs_hide_person(self):
        """Take what points to the person off the cases; with sudo.

        A report of corruption may be about the very people who lead the team: it and
        its contact belong to no team.
        """
        for case in self:
            if case.premises_id:
                identity = case._cs_identity_sudo(create=True)
                identity.premises_id = case.premises_id
                case.write({"premises_id": False})
        reports = self.filtered(lambda case: case.kind == "corruption")
        reports = reports.with_context(tracking_disable=True)
        reports.filtered("team_id").write({"team_id": False})
        reports.interaction_id.filtered("team_id").write({"team_id": False})
        for rows in self.env["cs.matter.row"]._cs_row_models():
            if reports and "team_id" in rows._fields:
                domain = [*rows._cs_domain_of(reports), ("team_id", "!=", False)]
                rows.sudo().search(domain)._update({"team_id": False})

    def _cs_identity_sudo(self, create=False):
        """The row of the complainant, with sudo.

        :param create: make an empty one if there is none
        """
        self.ensure_one()
        rows = self.env["cs.complaint.identity"].sudo()
        row = rows.search([("complaint_id", "=", self.id)])
        return row or (rows.create({"complaint_id": self.id}) if create else row)

    def _cs_clear_audience(self):
        """Those who may not read it any more follow nothing and keep no message."""
        house = self.env.ref("base.partner_root")
        for case in self:
            told = case.message_ids.notified_partner_ids | case.message_partner_ids
            users = told.user_ids.filtered(lambda user: not user.share)
            gone = told - case._cs_readers(users).partner_id - house
            case.message_unsubscribe(gone.ids)
            messages = case.message_ids
            messages.notification_ids.filtered(
                lambda row, gone=gone: row.res_partner_id in gone
            ).unlink()
            messages.write({"partner_ids": [(3, partner.id) for partner in gone]})
            outside = messages.filtered(lambda one: one.author_id.partner_share)
            outside |= messages.filtered(lambda one: not one.author_id)
            outside.write(
                {
                    "author_id": house.id,
                    "email_from": house.email_formatted,
                    "reply_to": False,
                    "incoming_email_cc": False,
                    "incoming_email_to": False,
                }
            )
            case.activity_ids.filtered(
                lambda one, gone=gone: one.user_id.partner_id in gone
            ).unlink()

    # === MESSAGES === #

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Nobody outside follows a masked case: followers are named on it."""
        masked = self.sudo().filtered("masked").with_env(self.env)
        outside = self._cs_outsiders(partner_ids) if masked else None
        if not outside:
            return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)
        inside = [one for one in partner_ids if one not in outside.ids]
        if inside:
            super(CsComplaintMasked, masked)._message_subscribe(inside, subtype_ids, [])
        return super(CsComplaintMasked, self - masked)._message_subscribe(
            partner_ids, subtype_ids, customer_ids
        )

    def message_post(self, **kwargs):
        """What comes in by mail or portal in a masked case doesn't say from whom."""
        if len(self) == 1 and self.sudo().masked:
            kwargs = self._cs_faceless(kwargs)
        return super().message_post(**kwargs)

    def _cs_faceless(self, values):
        """Values of a message without an author from outside."""
        author = self.env["res.partner"].sudo().browse(values.get("author_id") or ())
        by_mail = values.get("message_type") == "email" and not author
        speaker = author or self.env.user.partner_id.sudo()
        if not by_mail and not speaker.partner_share:
            return values
        house = self.env.ref("base.partner_root").sudo()
        names = ("incoming_email_to", "incoming_email_cc", "reply_to")
        return {
            **{name: value for name, value in values.items() if name not in names},
            "author_id": house.id,
            "email_from": house.email_formatted,
        }

    # === ACTIONS === #

    def _cs_menu(self):
        items = super()._cs_menu()
        case = self.sudo()
        owner = case.first_owner_id == self.env.user
        may_write = self.has_access("write")
        if not self.masked and may_write and (owner or self.env.user.has_group(LEAD)):
            items.append(
                (
                    "action_ask_mask",
                    self.env._("Hide the Complainant"),
                    "fa-user-secret",
                )
            )
        if self.masked and may_write and self.env.user.has_group(MASKED):
            items.append(
                ("action_ask_unmask", self.env._("Show the Complainant"), "fa-user")
            )
        if self._cs_may_reveal() and case.identity_ids.phone:
            items.append(
                ("action_ask_reveal", self.env._("Show Full Number"), "fa-phone")
            )
        return items

    def action_ask_mask(self):
        """Ask why the complainant is hidden from now on."""
        return self._cs_ask_person("mask", self.env._("Hide the Complainant"))

    def action_ask_unmask(self):
        """Ask why the complainant is shown again."""
        return self._cs_ask_person("unmask", self.env._("Show the Complainant"))

    def action_ask_reveal(self):
        """Ask what the full number is needed for."""
        return self._cs_ask_person("reveal", self.env._("Show Full Number"))

    def _cs_ask_person(self, step, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.complaint.person",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_id": self.id, "default_step": step},
        }

    def action_mask(self, reason):
        """Hide who complains; the first owner or a lead, with a reason.

        :return: action to leave the case if the user may not read it any more
        """
        self.ensure_one()
        self.check_access("write")
        owner = self.sudo().first_owner_id == self.env.user
        if not owner and not self.env.su:
            self._cs_check_group(LEAD, MASKED)
        if self.masked:
            raise UserError(self.env._("%s is masked already.", self.display_name))
        self._cs_say_why(self.env._("Masked"), reason)
        self.env["cs.event"]._cs_log("complaint.mask", self)
        self.sudo()._cs_mask()
        if self.has_access("read"):
            return True
        return self.env["ir.actions.act_window"]._for_xml_id(
            "cs_complaint.cs_complaint_action"
        )

    def action_unmask(self, reason):
        """Show again who complains; only who may know masked persons, with a reason."""
        self.ensure_one()
        self._cs_check_group(MASKED)
        if not self.masked:
            raise UserError(self.env._("%s isn't masked.", self.display_name))
        self._cs_say_why(self.env._("No longer masked"), reason)
        self.env["cs.event"]._cs_log("complaint.unmask", self)
        identity = self._cs_identity_sudo()
        self.sudo().write({"masked": False, "premises_id": identity.premises_id.id})
        identity.premises_id = False
        return True

    def _cs_say_why(self, what, reason):
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give a reason."))
        self.sudo()._message_log(body=f"{what}: {reason}")

    def action_reveal(self, reason):
        """Return the full phone number of the complainant and log who looked and why.

        :param reason: code of ``REVEAL_REASONS``
        :raise AccessError: the user may not know the person, or neither works on the
            case nor is in the group for full numbers
        """
        self.ensure_one()
        self.check_access("read")
        if reason not in dict(REVEAL_REASONS):
            raise UserError(self.env._("Choose a reason for seeing the numbers."))
        if not self._cs_may_reveal():
            raise AccessError(
                self.env._("You may not see the full number of this complainant.")
            )
        self.env["cs.event"]._cs_log(
            "complaint.reveal", self, ["phone"], {"reason": reason}
        )
        return self._cs_identity_sudo().phone or ""

    def _cs_may_reveal(self):
        """Whether the user may know the person and has to call him."""
        self.ensure_one()
        case, user = self.sudo(), self.env.user
        works = user in (case.first_owner_id, case.handler_id)
        if not works and not user.has_group(PERSONAL):
            return False
        return self.id in self._cs_identities()
