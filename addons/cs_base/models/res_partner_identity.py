from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import panel_term, phone

PERSONAL = "cs_base.group_personal_data"
#: Shorter papers are masked but for two signs: their end isn't kept for searching.
MIN_LENGTH = 15


class ResPartner(models.Model):
    """Find customers by their identity number, of which nothing readable is kept.

    The whole number and its last four signs (which the mask shows as well) are kept
    as keyed hashes. So a typed or scanned number can be found, none can be read.
    """

    _inherit = "res.partner"

    cs_id_digest = fields.Char(
        string="Hash of the ID Number",
        compute="_compute_cs_id_hashes",
        store=True,
        index="btree_not_null",
        groups=PERSONAL,
        export_string_translation=False,
    )
    cs_id_tail_digest = fields.Char(
        string="Hash of the ID Number's End",
        compute="_compute_cs_id_hashes",
        store=True,
        index="btree_not_null",
        groups=PERSONAL,
        export_string_translation=False,
    )

    @api.depends("cs_id_number")
    def _compute_cs_id_hashes(self):
        digest = self.env["cs.event"]._cs_hmac
        for partner in self:
            number = phone.normalize(partner.cs_id_number).replace(" ", "").upper()
            tail = number[-panel_term.TAIL_SHOWN :]
            whole = len(number) >= MIN_LENGTH
            partner.cs_id_digest = digest(f"id:{number}") if number else False
            partner.cs_id_tail_digest = digest(f"tail:{tail}") if whole else False

    @api.model
    def _cs_find_identity(self, term, limit):
        """Customers the user may read by a whole identity number or its end.

        The end is the last four signs; longer ends are for the personal data group,
        as trying them out would tell more than the mask. Each hit is logged.

        :param term: a ``panel_term.Term``
        """
        events = self.env["cs.event"]
        shown = panel_term.TAIL_SHOWN
        tail = term.tail
        longer = len(tail) > shown
        if longer and not self.env.user.has_group(PERSONAL):
            return self.browse()
        if term.identity:
            name, digest = "cs_id_digest", events._cs_hmac(f"id:{term.identity}")
        elif tail:
            name = "cs_id_tail_digest"
            digest = events._cs_hmac(f"tail:{tail[-shown:]}")
        else:
            return self.browse()
        known = self.sudo()._search(Domain(name, "=", digest))
        found = self.search(Domain("id", "in", known.subselect()), limit=limit)
        if longer:
            found = found.filtered(
                lambda one: (one.sudo().cs_id_number or "").upper().endswith(tail)
            )
        if found:
            details = {"by": "end" if tail else "number", "digest": digest}
            events._cs_log("partner.find_id", found, ["cs_id_number"], details)
        return found
