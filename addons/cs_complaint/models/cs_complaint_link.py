import datetime
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import hash_sign, verify_hash_signed

SCOPE = "cs.complaint.link"
PATH = "/cs/complaint/"
#: In texts as they are stored: the id of the case, with which nobody can reply.
_UNSIGNED = re.compile(rf"{PATH}(\d+)(?![\w.~-])")


class CsComplaint(models.Model):
    """The customer's own link: he sees how his case stands and replies to the answer.

    It ends by itself. Replying counts once: the answer then waits no more.
    """

    _inherit = "cs.complaint"

    def _cs_unsigned_url(self):
        self.ensure_one()
        return f"{self.get_base_url()}{PATH}{self.id}"

    def _cs_link_token(self):
        """What the customer's link consists of; valid from now on for some days."""
        self.ensure_one()
        days = self.sudo().company_id.cs_complaint_link_days
        until = fields.Datetime.now() + datetime.timedelta(days=days)
        return hash_sign(self.sudo().env, SCOPE, self.id, expiration=until)

    @api.model
    def _cs_by_token(self, token):
        """The case of a link, with sudo; empty if it was made up or has expired."""
        cases = self.sudo().browse()
        try:
            case_id = verify_hash_signed(cases.env, SCOPE, token)
        except ValueError:  # not even of the right form
            return cases
        return cases.browse(case_id).exists() if case_id else cases

    @api.model
    def _cs_sign_links(self, text, res_id):
        """``text`` as it goes to the customer of a case: its own link is signed."""
        if PATH not in (text or ""):
            return text

        def sign(match):
            case = self.sudo().browse(int(match[1])).exists()
            return f"{PATH}{case._cs_link_token()}" if case.id == res_id else match[0]

        return _UNSIGNED.sub(sign, text)

    def action_customer_link(self):
        """Show the link to give to the customer, whoever he is; it is logged."""
        self.ensure_one()
        self.check_access("write")
        if not self._cs_has_customer() and not self.masked:
            raise UserError(self.env._("Nobody is known who could use a link."))
        self.env["cs.event"].sudo()._cs_log("complaint.link", self.sudo())
        url = f"{self.get_base_url()}{PATH}{self._cs_link_token()}"
        return self._cs_answer_dialog(
            "cs.complaint.link", self.env._("Link for the Customer"), url=url
        )
