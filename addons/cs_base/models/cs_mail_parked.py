import base64

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

from .mail_gate_fate import Fate
from .mail_thread_gateway import parse

PREVIEW = 2000


class CsMailParked(models.Model):
    """An inbound mail that found no place: kept whole until a person files it."""

    _name = "cs.mail.parked"
    _description = "Unprocessed Mail"
    _inherit = ["cs.guarded"]
    _order = "id desc"
    _rec_name = "subject"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    received_at = fields.Datetime(string="Received", required=True, readonly=True)
    subject = fields.Char(readonly=True)
    email_from = fields.Char(string="From", readonly=True)
    email_to = fields.Char(string="To", readonly=True)
    message_id = fields.Char(
        string="Message-ID", readonly=True, export_string_translation=False
    )
    reason = fields.Selection(
        selection=[
            ("no_route", "No Recipient"),
            ("sender", "Sender Not Verified"),
            ("no_sender", "No Sender"),
            ("closed", "Matter Is Closed"),
            ("auto", "Automatic Mail"),
            ("bounce", "Undeliverable Report"),
            ("loop", "Too Many Mails"),
            ("size", "Too Large"),
            ("program", "Contains a Program"),
            ("refused", "Refused by the Address"),
            ("error", "Error"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    error = fields.Char(readonly=True)
    raw = fields.Binary(string="Original Mail", attachment=True, readonly=True)
    raw_name = fields.Char(compute="_compute_raw_name", export_string_translation=False)
    text = fields.Text(compute="_compute_text")
    fallback_model = fields.Char(readonly=True, export_string_translation=False)
    fallback_id = fields.Integer(readonly=True, export_string_translation=False)
    fallback_vals = fields.Json(readonly=True, export_string_translation=False)
    res_model = fields.Char(readonly=True, export_string_translation=False)
    res_id = fields.Many2oneReference(
        string="Seems to Be About", model_field="res_model", readonly=True
    )
    matter_name = fields.Char(string="About", compute="_compute_matter_name")
    masked = fields.Boolean(readonly=True)
    state = fields.Selection(
        selection=[
            ("todo", "To Do"),
            ("done", "Filed"),
            ("discarded", "Discarded"),
        ],
        required=True,
        readonly=True,
        default="todo",
    )
    done_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    done_at = fields.Datetime(string="Done On", readonly=True)

    _message_idx = models.Index("(message_id)")
    _todo_idx = models.Index("(company_id, id) WHERE state = 'todo'")

    # === COMPUTE === #

    @api.depends("message_id")
    def _compute_raw_name(self):
        for mail in self:
            mail.raw_name = f"{mail.id}.eml"

    @api.depends("raw")
    def _compute_text(self):
        """The beginning of what it says, as plain text."""
        for mail in self:
            mail.text = _text_of(mail.with_context(bin_size=False).raw)

    @api.depends("res_model", "res_id")
    def _compute_matter_name(self):
        for mail in self:
            matter = mail._cs_matter()
            mail.matter_name = matter.sudo().display_name if matter else False

    def _cs_matter(self):
        """The matter it seems to be about, as the user sees it; or None."""
        self.ensure_one()
        mail = self.sudo()
        if not mail.res_id or mail.res_model not in self.env:
            return None
        return self.env[mail.res_model].browse(mail.res_id).exists() or None

    # === PARK === #

    @api.model
    def _cs_is_known(self, message_id):
        """Whether a mail of this Message-ID waits here, or was thrown away."""
        if not message_id:
            return False
        clean = _clean(message_id).strip()
        domain = [("message_id", "=", clean), ("state", "!=", "done")]
        return bool(self.sudo().search_count(domain, limit=1))

    @api.model
    def _cs_park(self, raw, fate, model, thread_id, custom_values):
        """Keep a mail: its source, why, and where it was to go."""
        message, matter = parse(raw), fate.matter
        company = matter.company_id if matter else self.env.company
        return self._append(
            [
                {
                    "company_id": company.id,
                    "received_at": fields.Datetime.now(),
                    "subject": _header(message, "Subject"),
                    "email_from": _header(message, "From"),
                    "email_to": _header(message, "To"),
                    "message_id": _header(message, "Message-Id").strip(),
                    "reason": fate.reason,
                    "error": _clean(fate.error)[:500],
                    "raw": base64.b64encode(raw),
                    "fallback_model": model or False,
                    "fallback_id": thread_id or False,
                    "fallback_vals": custom_values or False,
                    "res_model": matter._name if matter else False,
                    "res_id": matter.id if matter else False,
                    "masked": bool(matter and matter.masked),
                }
            ]
        )

    # === FILE === #

    def action_retry(self):
        """Process the mails again, as if they came now."""
        for mail in self:
            mail._cs_check_may_file()
            mail._cs_deliver()
        return True

    def action_assign(self):
        """Choose the matter this mail belongs to."""
        self.ensure_one()
        self.check_access("read")
        title = self.env._("File With")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.mail.assign",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_parked_id": self.id},
        }

    def action_discard(self):
        """Throw the mails away: spam, or done otherwise. The rows stay."""
        for mail in self:
            mail._cs_check_may_file()
            mail._cs_end("discarded")
        return True

    def _cs_check_may_file(self):
        """Lock a mail that waits, for somebody who leads a team."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.su and not self.env.user.has_groups(
            "cs_base.group_lead,cs_base.group_masked"
        ):
            raise AccessError(self.env._("Team leads file these mails."))
        if not self.sudo().try_lock_for_update(allow_referencing=True):
            raise UserError(self.env._("Somebody else is filing this mail."))
        self.invalidate_recordset()
        if self.state != "todo":
            raise UserError(self.env._("This mail was dealt with already."))

    def _cs_deliver(self, matter=None):
        """Process the mail again, a person watching.

        :param matter: file it there; without one it goes where it would have gone
        :raise UserError: it still finds no place
        """
        self.ensure_one()
        mail = self.sudo().with_context(bin_size=False)
        fate = Fate(target=matter, by_hand=True)
        gateway = self.env["mail.thread"].with_user(SUPERUSER_ID)
        filed = gateway.with_context(**{Fate.KEY: fate}).message_process(
            mail.fallback_model or False,
            base64.b64decode(mail.raw),
            custom_values=mail.fallback_vals or None,
            thread_id=mail.fallback_id or None,
        )
        if fate.reason:
            reasons = dict(self._fields["reason"]._description_selection(self.env))
            why = ": ".join(filter(None, (reasons[fate.reason], fate.error)))
            raise UserError(self.env._("It found no place again. %s", why))
        if not filed:
            raise UserError(
                self.env._("Nothing took this mail: it may be filed already.")
            )
        self._cs_end("done")

    def _cs_end(self, state):
        now = fields.Datetime.now()
        self._update({"state": state, "done_by_id": self.env.uid, "done_at": now})
        self.env["cs.event"]._cs_log(f"mail.{state}", self.sudo())


def _clean(text):
    """Text that the database takes: no NUL, no half characters."""
    return str(text or "").replace("\x00", "").encode("utf-8", "replace").decode()


def _header(message, name):
    try:
        return _clean(message.get(name))
    except (ValueError, TypeError, IndexError, AttributeError):
        return ""  # a header that even the parser of the language trips over


def _text_of(raw):
    if not raw:
        return ""
    message = parse(base64.b64decode(raw))
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        content = part.get_content()
    except (LookupError, ValueError):  # an encoding nobody knows
        content = part.get_payload(decode=True).decode("utf-8", "replace")
    if part.get_content_type() == "text/html":
        content = html2plaintext(content)
    return _clean(content)[:PREVIEW]
