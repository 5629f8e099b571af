from odoo import api, fields, models
from odoo.exceptions import UserError

OFFERS = {"contact": "cs.interaction.transfer", "matter": "cs.matter.transfer"}


class CsDeskOffers(models.AbstractModel):
    """Contacts and work that others offer to the user, in one list on his desk."""

    _inherit = "cs.desk"

    @api.model
    def _cs_offers(self):
        """What is offered to the user: rows by giver, the oldest first.

        A row says nothing personal: the receiver may not be allowed to read a masked
        matter before it is his.
        """
        found = []
        for kind, model in OFFERS.items():
            offers = self.env[model].search(
                [("to_id", "=", self.env.uid), ("state", "=", "proposed")], order="id"
            )
            reasons = dict(offers._fields["reason"]._description_selection(self.env))
            found += [
                {
                    "key": f"{kind}-{offer.id}",
                    "kind": kind,
                    "id": offer.id,
                    "title": offer._cs_offer_title(),
                    "from": offer.sudo().from_id.name or "",
                    "reason": reasons[offer.reason],
                    "note": offer.note or "",
                    "at": fields.Datetime.to_string(offer.proposed_at),
                }
                for offer in offers
            ]
        return found

    @api.model
    def _cs_offer_records(self, offers):
        """The offers a client names: list of records.

        :param offers: ``[{kind, id}, …]``
        """
        self._cs_check_user()
        if any(offer.get("kind") not in OFFERS for offer in offers):
            raise UserError(self.env._("There is no such offer."))
        return [
            self.env[OFFERS[offer["kind"]]].browse(int(offer["id"])) for offer in offers
        ]

    @api.model
    def accept(self, offers):
        """Take over what is offered, one by one: one that fails stops no other.

        :param offers: ``[{kind, id}, …]``
        :return: ``{accepted, failed: [why, …]}``
        """
        accepted, failed = 0, []
        for record in self._cs_offer_records(offers):
            try:
                with self.env.cr.savepoint():
                    record.action_accept()
                accepted += 1
            except UserError as error:
                failed.append(str(error))
        return {"accepted": accepted, "failed": failed}

    @api.model
    def decline(self, offers, answer):
        """Refuse what is offered.

        :param answer: why
        """
        for record in self._cs_offer_records(offers):
            record.action_decline(answer)
        return True
