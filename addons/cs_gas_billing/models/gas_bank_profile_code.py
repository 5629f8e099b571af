from odoo import api, fields, models

OUTCOMES = [
    ("ok", "Debited"),
    ("retry", "Refused, Try Again"),
    ("stop", "Refused, Mandate Blocked"),
    ("return", "Returned Later"),
]


class GasBankProfileCode(models.Model):
    """What an answer code of the bank means."""

    _name = "gas.bank.profile.code"
    _description = "Bank Answer Code"
    _order = "profile_id, code"
    _rec_name = "code"

    profile_id = fields.Many2one(
        comodel_name="gas.bank.profile", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="profile_id.company_id", store=True, index=True, precompute=True
    )
    code = fields.Char(required=True, help="As the bank writes it.")
    outcome = fields.Selection(
        selection=OUTCOMES,
        required=True,
        default="retry",
        help="Try again: the bill is in the next batch. Mandate blocked: no more debit "
        "until the mandate is renewed. Returned later: the bank takes back money it "
        "had accepted.",
    )
    name = fields.Char(string="Meaning", help="Shown to clerks and readers.")

    _code_uniq = models.UniqueIndex(
        "(profile_id, code)", "The bank's code can be there once only."
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = " ".join(filter(None, (row.code, row.name)))
