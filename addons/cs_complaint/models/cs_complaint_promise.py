from odoo import models
from odoo.tools import formatLang

#: What a line of a settlement pays the customer, whatever it is called inside.
PAID = ("allowance", "compensation", "refund")


class CsComplaint(models.Model):
    """What the approved settlement says to the customer: kinds and amounts only."""

    _inherit = "cs.complaint"

    def _cs_promised_lines(self):
        """Lines that are approved for this case, or for the event it is part of.

        Of what was waived only what is in the books, or done, already.
        """
        self.ensure_one()
        case = self.sudo()
        lines = (case | case.parent_id)._cs_settlement_lines()
        return lines.filtered(lambda line: line._is_kept())

    def _cs_promised_amount(self):
        paid = self._cs_promised_lines().filtered(lambda line: line.kind in PAID)
        kept = sum(line._kept_amount() for line in paid)
        return super()._cs_promised_amount() + kept

    def _cs_settlement_sentences(self):
        sentences = super()._cs_settlement_sentences()
        for line in self._cs_promised_lines():
            amount = formatLang(
                self.env, line._kept_amount(), currency_obj=line.currency_id
            )
            said = {
                "apology": self.env._("We apologize for what happened."),
                "allowance": self.env._("We take %s off your bill.", amount),
                "compensation": self.env._("We pay you %s as compensation.", amount),
                "refund": self.env._("We pay your credit of %s back.", amount),
                "repair": self.env._("We see to the repair."),
            }.get(line.kind)
            if said and said not in sentences:
                sentences.append(said)
        return sentences
