import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.mimetypes import guess_mimetype

#: Ids are 32 bits wide; a larger number in an address is nobody's case.
MAX_ID = 2**31 - 1
SUBJECT_LENGTH, TEXT_LENGTH, NAME_LENGTH = 200, 5000, 100
KINDS = ("complaint", "suggestion")
FILES, FILE_SIZE = 5, 10 * 1024 * 1024
#: What a customer may send along, by what the file really is.
FILE_TYPES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
}
#: The same words sent again within this time are the same complaint.
SAME_WITHIN = datetime.timedelta(minutes=10)


class CsComplaintPortal(models.AbstractModel):
    """What customers see and do with their own cases, in the portal and by link.

    Everything goes through here with full rights, after it asked whose case it is;
    customers have no access to the models themselves. Hidden persons' cases are in
    nobody's list: their makers have a link.
    """

    _name = "cs.complaint.portal"
    _description = "Complaints in the Portal"

    # === WHOSE === #

    @api.model
    def _cs_domain(self, user):
        """Cases of the user, or of the company he belongs to."""
        partner = user.sudo().partner_id
        own = [
            ("partner_id", "in", (partner | partner.commercial_partner_id).ids),
            ("anonymous", "=", False),
        ]
        rows = self.env["cs.complaint.identity"].sudo()._search(own)
        return Domain("masked", "=", False) & Domain(
            "id", "in", rows.subselect("complaint_id")
        )

    @api.model
    def _cs_find(self, user, case_id):
        """An own case with sudo; empty if it is anybody else's or doesn't exist."""
        cases = self.env["cs.complaint"].sudo()
        if not 0 < case_id <= MAX_ID:
            return cases.browse()
        return cases.search(self._cs_domain(user) & Domain("id", "=", case_id))

    # === WHAT HE SEES === #

    @api.model
    def _cs_values(self, case):
        """What a customer sees of his case: these values and no others.

        :param case: with sudo
        """
        row = case.answer_id if case.state in ("answering", "closed") else False
        waits = self._cs_awaits_reply(case)
        contact = case.interaction_id
        return {
            "id": case.id,
            "number": case.name,
            "state": self._cs_state(case),
            "received": self._cs_day(case, case.received_at),
            "closed": self._cs_day(case, case.closed_at),
            "subject": case.subject,
            "content": case.content,
            "owner_phone": contact._cs_owner_phone(),
            "answer": row.text if row else "",
            "answered": self._cs_day(case, row.told_at) if row else "",
            "accepted": bool(row) and row.state == "accepted",
            "waits": waits,
            "has_letter": bool(row and row.letter_id) and not case.masked,
            "next": case.next_id.name or "",
            "next_id": case.next_id.id,
        }

    @api.model
    def _cs_day(self, case, moment):
        return case.company_id._cs_date(moment).isoformat() if moment else ""

    @api.model
    def _cs_state(self, case):
        """How the case stands, in words for customers."""
        if self._cs_awaits_reply(case):
            return self.env._("Please read our answer and reply")
        return {
            "new": self.env._("Received"),
            "closed": self.env._("Closed"),
            "refused": self.env._("Goes on under a new number"),
            "withdrawn": self.env._("Withdrawn"),
            "merged": self.env._("Handled together with another one"),
        }.get(case.state, self.env._("Being worked on"))

    @api.model
    def _cs_awaits_reply(self, case):
        """Whether an answer waits for what the customer says to it."""
        return case.state == "answering" and case.answer_state == "told"

    # === WHAT HE SAYS === #

    @api.model
    def _cs_reply(self, case, accepts, way, name="", note="", signature=None):
        """The customer accepts or refuses the answer by himself; the first time counts.

        :param case: with sudo
        :param way: ``portal`` or ``link``
        :return: whether it counts
        :raise UserError: he refuses without a reason
        """
        case._cs_lock()
        if not self._cs_awaits_reply(case):
            return False
        name, note = _said(name)[:NAME_LENGTH], _said(note)[:TEXT_LENGTH]
        if accepts:
            case._cs_accepted(way, name, note, signature, fields.Datetime.now())
        else:
            case._cs_refused(note, way)
        return True

    # === NEW === #

    @api.model
    def _cs_limit_reached(self, user):
        """Whether the user sent as many cases today as the company takes in a day."""
        limit = user.sudo().company_id.cs_complaint_portal_limit
        since = fields.Datetime.now() - datetime.timedelta(days=1)
        sent = Domain("channel", "=", "portal") & Domain("opened_at", ">", since)
        sent &= Domain("create_uid", "=", user.id)
        cases = self.env["cs.complaint"].sudo()
        return cases.search_count(sent, limit=limit + 1) >= limit

    @api.model
    def _cs_create(self, user, kind, subject, content, files=()):
        """Write down what a customer sends in the portal.

        :param files: [(name, bytes), …]
        :return: the case with sudo
        :raise UserError: something is missing, too large, or of a kind nobody opens
        """
        subject, content = _said(subject), _said(content)
        if kind not in KINDS or not subject or not content:
            raise UserError(self.env._("Fill in the subject and what happened."))
        if len(subject) > SUBJECT_LENGTH or len(content) > TEXT_LENGTH:
            raise UserError(self.env._("This is too long. Please shorten it."))
        kept = [self._cs_file(name, data) for name, data in files if data]
        if len(kept) > FILES:
            raise UserError(self.env._("At most %s files can be sent.", FILES))
        if known := self._cs_sent_again(user, subject, content):
            return known
        partner = user.sudo().partner_id
        cases = self.env["cs.complaint"].sudo()
        case = cases.with_context(mail_create_nosubscribe=True).create(
            {
                "kind": kind,
                "subject": subject,
                "content": content,
                "channel": "portal",
                "company_id": user.sudo().company_id.id,
            }
        )
        case._cs_identify({"partner_id": partner.id, "phone": partner.phone})
        case.interaction_id.write({"partner_id": partner.id, "topic": subject})
        for name, data in kept:
            self.env["ir.attachment"].sudo().create(
                {
                    "name": name,
                    "raw": data,
                    "res_model": case._name,
                    "res_id": case.id,
                }
            )
        return case

    @api.model
    def _cs_file(self, name, data):
        """A file under a name that says what it is."""
        if len(data) > FILE_SIZE:
            raise UserError(
                self.env._("A file may have %s MB at most.", FILE_SIZE // 1024 // 1024)
            )
        ending = FILE_TYPES.get(guess_mimetype(data))
        if not ending:
            raise UserError(self.env._("Only pictures and PDF files can be sent."))
        stem = (name or "").replace("\\", "/").rpartition("/")[2].partition(".")[0]
        return f"{stem[:60] or 'file'}.{ending}", data

    @api.model
    def _cs_sent_again(self, user, subject, content):
        """The case the user sent with these words a moment ago."""
        since = fields.Datetime.now() - SAME_WITHIN
        return (
            self.env["cs.complaint"]
            .sudo()
            .search(
                [
                    ("create_uid", "=", user.id),
                    ("opened_at", ">", since),
                    ("subject", "=", subject),
                    ("content", "=", content),
                ],
                limit=1,
            )
        )


def _said(text):
    """Text as it can be stored."""
    return text.replace("\x00", "").strip()
