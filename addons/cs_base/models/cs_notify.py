from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

PERSONAL = "cs_base.group_personal_data"
#: Why a notice wasn't handed over at all.
FAILURES = {
    "no_mobile": _lt("No mobile number"),
    "no_mail": _lt("No e-mail address"),
    "blacklisted": _lt("The number wants no messages"),
    "archived": _lt("The recipient is archived"),
    "not_neutral": _lt("The template isn't for customers"),
    "missing_value": _lt("A value for the text is missing"),
    "gone": _lt("The document does not exist any more"),
    "canceled": _lt("Cancelled"),
}


class CsNotify(models.Model):
    """A notice to one person by one way: its text as sent, and what became of it.

    Apps call ``_cs_notify`` and nothing else; the rest of this model is in
    ``cs_notify_text`` and ``cs_notify_delivery``. Rows are added and changed by the
    system only.
    """

    _name = "cs.notify"
    _description = "Notice"
    _inherit = ["cs.guarded"]
    _order = "id desc"
    _rec_name = "subject"

    code = fields.Char(required=True, readonly=True, index=True)
    template_id = fields.Many2one(
        comodel_name="cs.notify.template",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document No.", model_field="res_model", required=True, readonly=True
    )
    record_name = fields.Char(string="Document", compute="_compute_record_name")
    masked = fields.Boolean(
        readonly=True, help="Belongs to a matter whose people are kept secret."
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Recipient",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    channel = fields.Selection(
        selection=[("inbox", "In Odoo"), ("mail", "E-mail"), ("sms", "SMS")],
        required=True,
        readonly=True,
    )
    address = fields.Char(string="Sent To", readonly=True)
    subject = fields.Char(readonly=True)
    text = fields.Text(readonly=True)
    text_sent = fields.Text(string="Text as Sent", readonly=True, groups=PERSONAL)
    state = fields.Selection(
        selection=[
            ("queued", "Queued"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("failed", "Failed"),
            ("bounced", "Bounced"),
        ],
        required=True,
        readonly=True,
    )
    failure = fields.Selection(
        selection=lambda self: self._selection_failure(), readonly=True
    )
    failure_detail = fields.Char(readonly=True)
    sent_at = fields.Datetime(readonly=True)
    delivered_at = fields.Datetime(readonly=True)
    tries = fields.Integer(readonly=True, aggregator=None)
    key = fields.Char(string="Occasion", readonly=True)
    mail_message_id = fields.Many2one(
        comodel_name="mail.message",
        string="Message",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    mail_notification_id = fields.Many2one(
        comodel_name="mail.notification",
        string="Delivery",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    mail_mail_id = fields.Many2one(
        related="mail_notification_id.mail_mail_id",
        string="Outgoing E-mail",
        help="Odoo deletes e-mails once they are sent.",
    )
    sms_uuid = fields.Char(string="SMS No.", readonly=True)

    _record_idx = models.Index("(res_model, res_id, id)")
    _trouble_idx = models.Index("(company_id, id) WHERE state IN ('failed', 'bounced')")
    _once_uniq = models.UniqueIndex(
        "(res_model, res_id, code, key, partner_id, (channel = 'sms'))"
        " WHERE key IS NOT NULL",
        "This notice was sent on this occasion already.",
    )

    # === COMPUTE === #

    @api.model
    def _selection_failure(self):
        """Our own reasons before sending, and those of mail and SMS afterwards."""
        delivery = self.env["mail.notification"]._fields["failure_type"]
        own = [
            (code, label._translate(self.env.lang or "en_US"))
            for code, label in FAILURES.items()
        ]
        return own + delivery._description_selection(self.env)

    @api.depends("res_model", "res_id")
    @api.depends_context("uid")
    def _compute_record_name(self):
        no_access = self.env._("no access")
        for model, rows in self.grouped("res_model").items():
            names = {}
            if model in self.env:
                records = self.env[model].browse(rows.mapped("res_id")).exists()
                seen = records._filtered_access("read")
                names = dict.fromkeys(records.ids, no_access)
                names |= {record.id: record.display_name for record in seen}
            for row in rows:
                row.record_name = names.get(row.res_id, False)

    # === BUTTONS === #

    def action_open_record(self):
        """Open the document of the notice."""
        self.ensure_one()
        self.check_access("read")
        if self.res_model not in self.env:
            raise UserError(self.env._("The document does not exist any more."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def action_retry(self):
        """Send failed notices again, to the number or address of today."""
        if not self.env.user.has_group("cs_base.group_lead"):
            raise UserError(self.env._("Team leads send notices again."))
        self.check_access("read")
        again = self.sudo().filtered(lambda row: row.state in ("failed", "bounced"))
        if not again:
            raise UserError(self.env._("None of these notices has failed."))
        if empty := again.filtered(lambda row: not row.text):
            raise UserError(
                self.env._(
                    "This notice has no text, as it could not be written: %s.",
                    empty[0].template_id.name or empty[0].code,
                )
            )
        again._cs_retry()
        return True

    # === THE ONE CALL === #

    @api.model
    def _cs_notify(
        self,
        code,
        records,
        users=None,
        partners=None,
        channels=None,
        values=None,
        key=None,
    ):
        """Tell people something about records, in the ways of the template.

        Sending happens after the transaction; what became of it is read back into
        the rows. A template that is archived sends nothing.

        :param code: code of the template
        :param records: documents of one model, each of which is a notice of its own
        :param users: ``res.users`` for all records, or {record id: users}
        :param partners: ``res.partner`` likewise; those of the house count as users
        :param channels: e.g. ``("sms",)`` instead of what the template says
        :param values: {placeholder: value} for all records, or {record id: {…}},
            beside ``records._cs_notify_values()`` -> {record id: {…}} if the model
            has it; dates and moments are put on the company's clock
        :param key: the occasion, for all records or {record id: key}: a person gets
            the same notice about a record once for each occasion
        :return: the new rows, with sudo
        :raise ValueError: no app ships such a notice
        """
        records = records.sudo()
        companies = {record: self._cs_company(record) for record in records}
        union = self.env["res.company"].sudo().union(*companies.values())
        templates = self._cs_templates(code, union)
        people = {
            record: self._cs_people(
                self._cs_each(users, record), self._cs_each(partners, record)
            )
            for record in records
            if templates[companies[record]]
        }
        filled = self._cs_values(records, companies, values)
        contacts = self._cs_contacts(
            self.env["res.partner"]
            .sudo()
            .union(*(p for one in people.values() for p in one))
        )
        vals_list = []
        for record, recipients in people.items():
            template = templates[companies[record]]
            base = {
                "code": code,
                "template_id": template.id,
                "company_id": companies[record].id,
                "res_model": record._name,
                "res_id": record.id,
                "masked": bool("masked" in record._fields and record.masked),
                "key": self._cs_each(key, record) or False,
                "state": "queued",
                "tries": 0,
            }
            for partner, user in recipients.items():
                contact = contacts[partner.id]
                texts = self._cs_texts(template, partner, user, filled[record.id])
                for channel in self._cs_channels(template, user, contact, channels):
                    vals_list.append(
                        {
                            **base,
                            "partner_id": partner.id,
                            "user_id": user.id if user else False,
                            "channel": channel,
                            **self._cs_message(template, channel, texts),
                        }
                    )
        rows = self._append(self._cs_not_yet_sent(vals_list, records))
        rows.filtered(lambda row: row.state == "queued")._cs_dispatch()
        return rows

    @api.model
    def _cs_templates(self, code, companies):
        return self.env["cs.notify.template"]._cs_for(code, companies)

    @api.model
    def _cs_company(self, record):
        own = record.company_id if "company_id" in record._fields else None
        return own or self.env.company.sudo()

    @api.model
    def _cs_each(self, given, record):
        return given.get(record.id) if isinstance(given, dict) else given

    @api.model
    def _cs_people(self, users, partners):
        """Recipients, each once: {partner: user of the house or None}."""
        people = {user.partner_id: user for user in users.sudo()} if users else {}
        for partner in partners.sudo() if partners else ():
            staff = partner.user_ids.filtered(lambda user: not user.share)[:1]
            people.setdefault(partner, staff or None)
        return people

    @api.model
    def _cs_channels(self, template, user, contact, channels):
        """Ways to one recipient, without those that would repeat one another."""
        odoo = "inbox" if user and user.notification_type == "inbox" else "mail"
        if channels:
            wanted = channels
        elif user:
            wanted = template.staff_channel.split("_")
        elif template.customer_channel == "both":
            wanted = ("sms", "mail")
        else:
            first, _, second = template.customer_channel.partition("_")
            wanted = (
                second if second and not contact[first] and contact[second] else first,
            )
        return list(dict.fromkeys("sms" if way == "sms" else odoo for way in wanted))

    @api.model
    def _cs_not_yet_sent(self, vals_list, records):
        """Leave out what a person got on the same occasion."""
        keys = {vals["key"] for vals in vals_list if vals["key"]}
        if not keys:
            return vals_list
        rows = self.sudo().search_fetch(
            [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("code", "=", vals_list[0]["code"]),
                ("key", "in", list(keys)),
            ],
            ["res_id", "key", "partner_id", "channel"],
        )
        sent = {
            (row.res_id, row.key, row.partner_id.id, row.channel == "sms")
            for row in rows
        }
        return [
            vals
            for vals in vals_list
            if not vals["key"]
            or (
                vals["res_id"],
                vals["key"],
                vals["partner_id"],
                vals["channel"] == "sms",
            )
            not in sent
        ]
