import collections

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import plaintext2html

from ..tools import masking, notice, phone

#: How a delivery that mail or SMS reports is called here, by channel and by status.
OUTCOMES = {
    "ready": "queued",
    "process": "queued",
    "pending": "sent",
    "sent": "delivered",
    "bounce": "bounced",
    "exception": "failed",
    "canceled": "failed",
}
LAYOUT = "mail.mail_notification_light"
SCHEDULER = "sms.ir_cron_sms_scheduler_action"


class CsNotify(models.Model):
    """Hand notices to Odoo's mail and SMS and read back what became of them."""

    _inherit = "cs.notify"

    # === WHO CAN BE REACHED === #

    @api.model
    def _cs_contacts(self, partners):
        """How partners can be reached, in a fixed number of queries.

        :return: {partner id: {"sms": number in E.164 or "", "mail": address or "",
            "blocked": whether the number is on Odoo's phone blacklist}}
        """
        mobiles = dict.fromkeys(partners.ids, "")
        for number in partners.cs_phone_ids.filtered(
            lambda one: one.valid and one.kind in (phone.MOBILE, phone.FOREIGN)
        ).sorted("primary"):  # the primary one last, so that it stays
            mobiles[number.partner_id.id] = number.e164
        for user, number in self._cs_staff_mobiles(partners).items():
            mobiles[user.partner_id.id] = number
        blocked = set()
        if any(mobiles.values()):
            blocked = set(
                self.env["phone.blacklist"]
                .sudo()
                .search([("number", "in", list(filter(None, mobiles.values())))])
                .mapped("number")
            )
        return {
            partner.id: {
                "sms": mobiles[partner.id],
                "mail": partner.email_normalized or "",
                "blocked": mobiles[partner.id] in blocked,
            }
            for partner in partners
        }

    @api.model
    def _cs_staff_mobiles(self, partners):
        """Mobile numbers that employees have for work: {user: number in E.164}."""
        users = partners.user_ids.filtered(lambda user: not user.share)
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search_fetch(
                [("user_id", "in", users.ids)],
                ["user_id", "mobile_phone", "work_phone"],
                order="id desc",
            )
        )
        mobiles = {}
        for employee in employees:
            for raw in (employee.work_phone, employee.mobile_phone):
                parsed = phone.parse(raw or "")
                if parsed.valid and parsed.kind in (phone.MOBILE, phone.FOREIGN):
                    mobiles[employee.user_id] = parsed.e164
        return mobiles

    # === SENDING === #

    def _cs_dispatch(self):
        """Hand queued rows to mail and SMS; those that can't go fail with a reason."""
        contacts = self._cs_contacts(self.partner_id)
        failed = collections.defaultdict(self.browse)
        by_way = collections.defaultdict(self.browse)
        gone = self._cs_gone()
        for row in self:
            contact = contacts[row.partner_id.id]
            if row in gone:
                failed["gone"] += row
            elif failure := row._cs_refusal(contact):
                failed[failure] += row
            else:
                by_way["sms" if row.channel == "sms" else "message"] += row
        for failure, rows in failed.items():
            rows._update({"state": "failed", "failure": failure})
        by_way["sms"]._cs_send_sms(contacts)
        by_way["message"]._cs_send_messages(contacts)

    def _cs_gone(self):
        """Rows whose document does not exist any more."""
        gone = self.browse()
        for model, rows in self.grouped("res_model").items():
            ids = set()
            if model in self.env:
                ids = set(self.env[model].browse(rows.mapped("res_id")).exists().ids)
            gone += rows.filtered(lambda row, ids=ids: row.res_id not in ids)
        return gone

    def _cs_refusal(self, contact):
        self.ensure_one()
        owner = self.user_id or self.partner_id
        if not owner.active or not self.partner_id.active:
            return "archived"
        if self.channel == "sms" and not contact["sms"]:
            return "no_mobile"
        if self.channel == "sms" and contact["blocked"]:
            return "blacklisted"
        if self.channel == "mail" and not contact["mail"]:
            return "no_mail"
        return ""

    def _cs_content(self):
        self.ensure_one()
        return self.sudo().text_sent or self.text

    def _cs_outgoing(self, text):
        """``text`` as it leaves the house by SMS or e-mail; stored without that."""
        self.ensure_one()
        return text

    def _cs_send_sms(self, contacts):
        """Queue SMS in the core's own queue, all at once.

        The message in the history of the document shows what everybody may read.
        """
        if not self:
            return
        author, sender = self._cs_author(staff=True)
        subtype = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
        reply_to = self.env["mail.thread"]._notify_get_reply_to(
            default=sender, author_id=author.id
        )[False]
        messages = (
            self.env["mail.thread"]
            .sudo()
            ._message_create(
                [
                    {
                        "author_id": author.id,
                        "email_from": sender,
                        "reply_to": reply_to,
                        "model": row.res_model,
                        "res_id": row.res_id,
                        "body": plaintext2html(row.text),
                        "message_type": "sms",
                        "subtype_id": subtype,
                        "is_internal": True,
                        "partner_ids": row.partner_id.ids,
                        "record_company_id": row.company_id.id,
                    }
                    for row in self
                ]
            )
        )
        texts = (
            self.env["sms.sms"]
            .sudo()
            .create(
                [
                    {
                        "body": row._cs_outgoing(row._cs_content()),
                        "number": contacts[row.partner_id.id]["sms"],
                        "partner_id": row.partner_id.id,
                        "mail_message_id": message.id,
                    }
                    for row, message in zip(self, messages, strict=True)
                ]
            )
        )
        deliveries = (
            self.env["mail.notification"]
            .sudo()
            .create(
                [
                    {
                        "author_id": author.id,
                        "mail_message_id": sms.mail_message_id.id,
                        "res_partner_id": sms.partner_id.id,
                        "sms_number": sms.number,
                        "notification_type": "sms",
                        "sms_id_int": sms.id,
                        "sms_tracker_ids": [Command.create({"sms_uuid": sms.uuid})],
                        "is_read": True,
                        "notification_status": "ready",
                    }
                    for sms in texts
                ]
            )
        )
        for row, sms, delivery in zip(self, texts, deliveries, strict=True):
            row._update(
                {
                    "address": masking.mask_phone(sms.number),
                    "tries": row.tries + 1,
                    "mail_message_id": delivery.mail_message_id.id,
                    "mail_notification_id": delivery.id,
                    "sms_uuid": sms.uuid,
                }
            )

    def _cs_send_messages(self, contacts):
        """Post one message for each document and text: in Odoo, or by e-mail.

        Who gets it by which of the two is the user's own choice; an answer comes
        back to the document.
        """

        def together(row):
            return (
                row.res_model,
                row.res_id,
                row.subject,
                row._cs_content(),
                not row.user_id,
            )

        for (model, res_id, subject, text, outside), rows in self.grouped(
            together
        ).items():
            author, sender = rows._cs_author(staff=not outside)
            context = {"cs_neutral": notice.NEUTRAL} if outside else {}
            thread = self.env["mail.thread"]
            link = {"model": model, "res_id": res_id}
            if "message_ids" in self.env[model]._fields:
                thread, link = self.env[model].browse(res_id), {}
            message = (
                thread.sudo()
                .with_company(rows.company_id[:1])
                .with_context(**context)
                .message_notify(
                    subject=subject,
                    body=plaintext2html(text),
                    author_id=author.id,
                    email_from=sender,
                    partner_ids=rows.partner_id.ids,
                    email_layout_xmlid=LAYOUT,
                    **link,
                )
            )
            rows._cs_link_deliveries(message, contacts)

    def _cs_author(self, staff):
        """Who writes: the user to colleagues, the company to customers."""
        partner = self.env.user.partner_id
        if not staff and self.company_id:
            company = self.company_id[0].partner_id
            partner = company if company.email else partner
        return partner, partner.email_formatted

    def _cs_link_deliveries(self, message, contacts):
        deliveries = {
            delivery.res_partner_id.id: delivery
            for delivery in message.sudo().notification_ids
        }
        for row in self:
            delivery = deliveries.get(row.partner_id.id)
            vals = {"tries": row.tries + 1, "mail_message_id": message.id}
            if delivery:
                is_mail = delivery.notification_type == "email"
                address = contacts[row.partner_id.id]["mail"]
                vals |= {
                    "mail_notification_id": delivery.id,
                    "channel": "mail" if is_mail else "inbox",
                    "address": notice.hide_mail(address) if is_mail else False,
                    **row._cs_outcome(delivery),
                }
            else:
                vals |= {"state": "failed", "failure": "unknown"}
            row._update(vals)

    # === READING BACK === #

    @api.model
    def _cs_read_back(self, deliveries):
        """Take over what mail or SMS report about ``deliveries``."""
        rows = self.sudo().search([("mail_notification_id", "in", deliveries.ids)])
        for row in rows:
            row._update(row._cs_outcome(row.mail_notification_id))

    def _cs_outcome(self, delivery):
        """The values that follow from the state of a delivery."""
        self.ensure_one()
        state = OUTCOMES[delivery.notification_status]
        if state == "delivered" and delivery.notification_type == "email":
            state = "sent"  # the next server took it; nobody reports the rest
        now = fields.Datetime.now()
        vals = {"state": state, "failure": False, "failure_detail": False}
        if state in ("sent", "delivered"):
            vals["sent_at"] = self.sent_at or now
        if state == "delivered":
            vals["delivered_at"] = self.delivered_at or now
        if state in ("failed", "bounced"):
            canceled = delivery.notification_status == "canceled"
            vals["failure"] = (
                "canceled" if canceled else delivery.failure_type or "unknown"
            )
            vals["failure_detail"] = notice.one_line(delivery.failure_reason or "")
        return vals

    def _cs_retry(self):
        """Withdraw what failed and send the same text anew."""
        old = self.mail_notification_id
        self._update(
            {
                "state": "queued",
                "failure": False,
                "failure_detail": False,
                "mail_notification_id": False,
            }
        )
        old.write({"notification_status": "canceled"})
        old.mail_mail_id.filtered(lambda mail: mail.state == "exception").cancel()
        numbers = [uuid for uuid in self.mapped("sms_uuid") if uuid]
        self.env["sms.sms"].search(
            [("uuid", "in", numbers), ("state", "=", "error")]
        ).write({"state": "canceled"})
        self._cs_dispatch()
