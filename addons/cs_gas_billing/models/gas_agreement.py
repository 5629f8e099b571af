from odoo import api, fields, models


class GasAgreement(models.Model):
    """Which account pays for a service point, at which tariff, from when to when."""

    _name = "gas.agreement"
    _description = "Gas Agreement"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    service_point_id = fields.Many2one(
        comodel_name="gas.service.point",
        required=True,
        index=True,
        check_company=True,
    )
    account_id = fields.Many2one(
        comodel_name="gas.account", required=True, index=True, check_company=True
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True, precompute=True
    )
    tariff_id = fields.Many2one(
        comodel_name="gas.tariff", required=True, index=True, check_company=True
    )
    date_from = fields.Date(required=True)
    date_to = fields.Date(help="Last day; empty while it goes on.")

    _date_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "An agreement can't end before it starts.",
    )
    _one_at_a_time = models.Constraint(
        "EXCLUDE USING gist (service_point_id WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&)",
        "The service point has another agreement in this period.",
    )

    @api.depends("service_point_id.code", "account_id.code")
    def _compute_display_name(self):
        for agreement in self:
            agreement.display_name = (
                f"{agreement.account_id.code} / {agreement.service_point_id.code}"
            )

    @api.model
    def _for_accounts(self, accounts, day=None):
        """Return each account's agreement valid on ``day`` (default: today).

        An account that has none on that day gives its last one.
        """
        agreements = self.search(
            [("account_id", "in", accounts.ids)], order="account_id, date_from"
        )
        chosen = {}
        for agreement in agreements:
            limit = day or agreement.company_id._cs_today()
            if agreement.date_from <= limit or agreement.account_id not in chosen:
                chosen[agreement.account_id] = agreement.id
        return self.browse(chosen.values())
