from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """What customers owe, from the company's books if it keeps them here."""

    _inherit = "res.partner"

    def _cs_amount_due(self, company=None):
        """What each of the partners owes, minus their credit, in company currency.

        Posted receivable items that are still open, of a company with all its
        contacts together. Whoever asks has checked that the user may know.

        :param company: the present one by default
        :return: {partner id: amount}; {} in a database without accounting
        """
        if "account.move.line" not in self.env or not self.ids:
            return {}
        company = company or self.env.company
        owners = {
            partner.id: partner.commercial_partner_id.id for partner in self.sudo()
        }
        self.env["account.move.line"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT partner.commercial_partner_id, SUM(line.amount_residual)
                     FROM res_partner partner
                     JOIN account_move_line line ON line.partner_id = partner.id
                     JOIN account_account account ON account.id = line.account_id
                    WHERE partner.commercial_partner_id = ANY(%s)
                      AND line.company_id = %s
                      AND line.parent_state = 'posted'
                      AND line.reconciled IS NOT TRUE
                      AND account.account_type = 'asset_receivable'
                 GROUP BY partner.commercial_partner_id""",
                list(set(owners.values())),
                company.id,
            )
        )
        due = dict(rows)
        return {
            partner_id: company.currency_id.round(float(due.get(owner, 0)))
            for partner_id, owner in owners.items()
        }

    @api.model
    def _cs_bound_credit(self):
        """Which credit belongs to an account of another app, e.g. of a gas meter.

        An app that keeps accounts of its own adds its lines with ``super()``; nobody
        else pays them out.

        :return: domain of ``account.move.line``
        """
        return Domain.FALSE
