from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyGettext, LazyTranslate

from ..tools import notice, sms_text

_lt = LazyTranslate(__name__)

#: What a text may contain, by name: meaning, and an example for the preview.
PLACEHOLDERS = {
    "number": (_lt("number of the document"), "26110042"),
    "topic": (_lt("what it is about"), _lt("Gas meter stands still")),
    "state": (_lt("its state"), _lt("In progress")),
    "due": (_lt("limit"), "2026-11-24 17:30"),
    "old_due": (_lt("earlier limit"), "2026-11-22 17:30"),
    "late": (_lt("time left or overdue"), _lt("2 days overdue")),
    "date": (_lt("today, or the day it is about"), "2026-11-22"),
    "owner": (_lt("who is responsible to the customer"), _lt("first owner")),
    "owner_phone": (_lt("that person's office number"), "021-60000001"),
    "handler": (_lt("who works on it"), _lt("handler")),
    "team": (_lt("team"), _lt("Hall")),
    "customer": (_lt("customer's name"), _lt("customer")),
    "phone": (_lt("customer's number, masked unless personal"), "13800000000"),
    "premises": (_lt("address"), _lt("Peace Garden 3-101")),
    "reason": (_lt("reason"), _lt("a part is being ordered")),
    "note": (_lt("remark"), _lt("asked again")),
    "count": (_lt("how many"), "3"),
    "link": (_lt("link for the customer"), "https://…/s/1"),
    "company": (_lt("company"), ""),
    "company_phone": (_lt("company's number"), "021-60000000"),
}
#: What may go to customers: no word of what happens inside the house.
NEUTRAL_PLACEHOLDERS = frozenset(
    [
        "number",
        "due",
        "date",
        "owner",
        "owner_phone",
        "customer",
        "link",
        "company",
        "company_phone",
    ]
)
TEXTS = ("subject", "body", "sms_text")


class CsNotifyTemplate(models.Model):
    """The texts of a notice, by the code with which the apps send it.

    Texts hold names in braces that are replaced by values; nothing in them is
    evaluated. An archived template is a notice that isn't sent.
    """

    _name = "cs.notify.template"
    _description = "Notice Template"
    _order = "code, company_id, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="The apps send this notice by its code; keep it."
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="Empty: for every company that has no template of its own.",
    )
    active = fields.Boolean(
        default=True, help="Archive the template to stop this notice."
    )
    to_customers = fields.Boolean(
        help="May go to customers and others outside. Such texts stay neutral: only "
        "number, limit, date, owner and company can be put in."
    )
    personal = fields.Boolean(
        string="Full Phone Number",
        help="{phone} is written in full instead of 138****1234. For staff who must "
        "call from where they are.",
    )
    staff_channel = fields.Selection(
        selection=[
            ("inbox", "In Odoo or by e-mail, as the user chose"),
            ("inbox_sms", "In Odoo or by e-mail, and by SMS"),
            ("sms", "By SMS"),
        ],
        string="To Staff",
        required=True,
        default="inbox",
    )
    customer_channel = fields.Selection(
        selection=[
            ("sms_mail", "By SMS, without mobile number by e-mail"),
            ("mail_sms", "By e-mail, without address by SMS"),
            ("both", "By SMS and e-mail"),
            ("sms", "By SMS"),
            ("mail", "By e-mail"),
        ],
        string="To Customers by",
        required=True,
        default="sms_mail",
    )
    subject = fields.Char(translate=True)
    body = fields.Text(string="Message", translate=True)
    sms_text = fields.Text(string="SMS", translate=True)
    placeholder_help = fields.Text(
        string="Can Be Put In", compute="_compute_placeholder_help"
    )
    preview_subject = fields.Char(string="Subject Preview", compute="_compute_preview")
    preview_body = fields.Text(string="Message Preview", compute="_compute_preview")
    preview_sms = fields.Text(string="SMS Preview", compute="_compute_preview")
    sms_size = fields.Char(string="SMS Size", compute="_compute_preview")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE active IS TRUE",
        "There is a template of this code already.",
    )

    # === COMPUTE === #

    @api.depends("to_customers")
    @api.depends_context("lang")
    def _compute_placeholder_help(self):
        for template in self:
            template.placeholder_help = "\n".join(
                f"{{{name}}}  {self._translated(PLACEHOLDERS[name][0])}"
                for name in template._cs_allowed()
            )

    @api.depends(*TEXTS, "personal")
    @api.depends_context("lang", "company")
    def _compute_preview(self):
        for template in self:
            samples = template._cs_samples()
            template.preview_subject = notice.fill(template.subject, samples)
            template.preview_body = notice.fill(template.body, samples)
            text = notice.fill(template.sms_text, samples)
            template.preview_sms = text
            size = sms_text.measure(text)
            template.sms_size = text and self.env._(
                "%(length)s characters, %(parts)s message(s) of up to %(places)s "
                "(%(alphabet)s), with these examples",
                length=size.length,
                parts=size.parts,
                places=size.per_part,
                alphabet=size.alphabet,
            )

    def _translated(self, text):
        return (
            text._translate(self.env.lang or "en_US")
            if isinstance(text, LazyGettext)
            else text
        )

    def _cs_samples(self):
        samples = {
            name: self._translated(sample)
            for name, (_label, sample) in PLACEHOLDERS.items()
        }
        samples["company"] = (self.company_id or self.env.company).name
        if not self.personal:
            samples["phone"] = notice.hide_mobiles(samples["phone"])
        return samples

    # === RULES === #

    def _cs_allowed(self):
        """Names that may stand in the texts, in the order of the help."""
        return [
            name
            for name in PLACEHOLDERS
            if not self.to_customers or name in NEUTRAL_PLACEHOLDERS
        ]

    @api.constrains(*TEXTS, "to_customers", "personal")
    def _check_texts(self):
        """Refuse unknown placeholders in whatever language a text is written."""
        for template in self:
            allowed = template._cs_allowed()
            for name in TEXTS:
                for text in template._cs_all_languages(name):
                    if wrong := notice.mistakes(text, allowed):
                        raise ValidationError(
                            template._cs_mistake_message(name, wrong, allowed)
                        )
            if template.personal and template.to_customers:
                raise ValidationError(
                    self.env._("A text with full phone numbers stays in the house.")
                )

    def _cs_all_languages(self, name):
        field = self._fields[name]
        stored = field._get_stored_translations(self) or {}
        return {self[name], *stored.values()}

    def _cs_mistake_message(self, name, wrong, allowed):
        return self.env._(
            "In “%(field)s”: %(wrong)s can't be put in. You can use: %(allowed)s.",
            field=self._fields[name]._description_string(self.env),
            wrong=" ".join(wrong),
            allowed=" ".join(f"{{{name}}}" for name in allowed),
        )

    @api.constrains(*TEXTS, "staff_channel", "to_customers", "customer_channel")
    def _check_complete(self):
        for template in self:
            channels = template.staff_channel
            if template.to_customers:
                channels += " " + template.customer_channel
            needed = {
                "sms_text": "sms" in channels or "both" in channels,
                "subject": channels != "sms",
                "body": channels != "sms",
            }
            missing = [
                template._fields[name]._description_string(self.env)
                for name, is_needed in needed.items()
                if is_needed and not (template[name] or "").strip()
            ]
            if missing:
                raise ValidationError(
                    self.env._(
                        "“%(template)s” is sent by ways for which it has no text: "
                        "%(fields)s.",
                        template=template.name,
                        fields=", ".join(missing),
                    )
                )

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        result = super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )
        if field_name in TEXTS:
            self._check_texts()
        return result

    # === API === #

    @api.model
    def _cs_for(self, code, companies):
        """The template of each company: its own, else the general one.

        :return: {company: template}; an empty one where the notice is switched off
        :raise ValueError: no app ships such a notice
        """
        templates = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [("code", "=", code), ("company_id", "in", [False, *companies.ids])]
            )
        )
        if not templates:
            raise ValueError(f"There is no notice {code}")
        found = {}
        for company in companies:
            own = templates.filtered(lambda one, at=company: one.company_id == at)
            usual = own or templates.filtered(lambda one: not one.company_id)
            found[company] = usual.filtered("active")[:1]
        return found
