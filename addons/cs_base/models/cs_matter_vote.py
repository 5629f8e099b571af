from odoo import models


class CsMatterVote(models.AbstractModel):
    """The customer votes on a finished matter; hidden persons stay hidden there."""

    _inherit = "cs.matter.mixin"

    def _cs_vote_partner(self):
        """Who is asked by link: the customer, unless he is of the house."""
        self.ensure_one()
        partner = self.sudo()._cs_partner()[:1]
        return partner.filtered(
            lambda one: one.active and all(one.user_ids.mapped("share"))
        )

    def _cs_on_closed(self):
        result = super()._cs_on_closed()
        visited = self.filtered(lambda m: m.state not in m._cs_cancelled_states())
        self.env["cs.satisfaction"]._cs_request_vote(visited)
        return result

    def _cs_on_opened(self, ended):
        self.env["cs.satisfaction"]._cs_void(self)
        return super()._cs_on_opened(ended)

    def _cs_on_vote(self, satisfaction):
        """What follows from a vote; with sudo, in the name of the public.

        By default a customer who isn't satisfied is visited: his first owner asks him
        by the end of the next working day. A vote alone never opens a matter again,
        as whoever has the link could do so; the outcome of the visit does.
        """
        self.ensure_one()
        if satisfaction.vote == "dissatisfied":
            self.env["cs.followup"]._cs_prompt(self, satisfaction)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("masked"):
            self._cs_hide_asked()
        return result

    def _cs_hide_asked(self):
        """Visits and votes of matters that became masked name nobody any more.

        They stay hidden if the matter is shown later: the customer spoke in secret.
        """
        for name, emptied in (
            ("cs.followup", ("partner_id", "premises_id")),
            ("cs.satisfaction", ("partner_id", "ip_hash")),
        ):
            rows = self.env[name].sudo()
            found = rows.search(rows._cs_domain_of(self))
            found._update({"masked": True, **dict.fromkeys(emptied, False)})
