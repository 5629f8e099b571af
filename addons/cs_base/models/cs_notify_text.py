import datetime

from odoo import api, models

from ..tools import notice

#: Values in which a full number is right: those of the house, and what isn't a phone.
OFFICE_VALUES = frozenset({"owner_phone", "company_phone", "number", "link"})


class CsNotify(models.Model):
    """Write the texts of notices: values of the document, in the reader's language."""

    _inherit = "cs.notify"

    @api.model
    def _cs_values(self, records, companies, values):
        """Values of each record as texts: {record id: {placeholder: text}}."""
        own = {}
        if hasattr(records, "_cs_notify_values"):
            own = records._cs_notify_values()
        each = values or {}
        by_record = all(isinstance(name, int) for name in each)
        filled = {}
        for record in records:
            company = companies[record]
            merged = {
                "number": record.display_name,
                "company": company.name,
                "company_phone": company.phone,
                "date": company._cs_today(),
                **own.get(record.id, {}),
                **(each.get(record.id, {}) if by_record else each),
            }
            filled[record.id] = {
                name: self._cs_value(company, value) for name, value in merged.items()
            }
        return filled

    @api.model
    def _cs_value(self, company, value):
        if isinstance(value, models.BaseModel):
            value = ", ".join(value.mapped("display_name"))
        elif isinstance(value, datetime.datetime):
            value = f"{company._cs_to_local(value):%Y-%m-%d %H:%M}"
        elif isinstance(value, datetime.date):
            value = value.isoformat()
        return notice.one_line(value) if value not in (None, False) else ""

    @api.model
    def _cs_texts(self, template, partner, user, values):
        """The texts for one recipient in his language: (values by text, failure)."""
        if not user and not template.to_customers:
            return {}, "not_neutral"
        allowed = template._cs_allowed()
        told = {name: value for name, value in values.items() if name in allowed}
        if not template.personal:
            for name in told.keys() - OFFICE_VALUES:
                told[name] = notice.hide_mobiles(told[name])
        spoken = template.with_context(lang=partner.lang or template.env.lang)
        try:
            return {
                name: notice.fill(spoken[name], told, strict=not user)
                for name in ("subject", "body", "sms_text")
            }, False
        except notice.MissingValue as error:
            return {"missing": str(error)}, "missing_value"

    @api.model
    def _cs_message(self, template, channel, texts):
        """What of the texts goes by this way, and what of it everybody may read."""
        texts, failure = texts
        if failure:
            return {
                "subject": template.name,
                "state": "failed",
                "failure": failure,
                "failure_detail": texts.get("missing", False),
            }
        text = texts["sms_text" if channel == "sms" else "body"]
        shown = notice.hide_mobiles(text) if template.personal else text
        return {
            "subject": texts["subject"] or template.name,
            "text": shown,
            "text_sent": text if text != shown else False,
        }
