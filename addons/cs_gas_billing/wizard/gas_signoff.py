from odoo import api, fields, models
from odoo.exceptions import UserError


class GasSignoff(models.TransientModel):
    """What a sign-off list 抄表签收单 shows: an import, or books and days."""

    _name = "gas.signoff"
    _description = "Reader's Sign-off List"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    import_id = fields.Many2one(comodel_name="gas.reading.import")
    book_ids = fields.Many2many(
        comodel_name="gas.book",
        string="Books",
        help="Empty: all books that you see.",
    )
    date_from = fields.Date(
        string="From",
        default=lambda self: self.env.company._cs_today().replace(day=1),
    )
    date_to = fields.Date(
        string="To", default=lambda self: self.env.company._cs_today()
    )
    exceptions_only = fields.Boolean(help="Leave out the readings without exception.")
    reading_count = fields.Integer(string="Readings", compute="_compute_reading_count")

    @api.depends("import_id", "book_ids", "date_from", "date_to", "exceptions_only")
    def _compute_reading_count(self):
        for wizard in self:
            wizard.reading_count = self.env["gas.reading"].search_count(
                wizard._get_domain()
            )

    def _get_domain(self):
        """Readings of the list; the user's record rules come on top."""
        self.ensure_one()
        domain = [
            ("company_id", "=", self.company_id.id),
            ("source", "!=", "opening"),
            ("state", "!=", "superseded"),
        ]
        if self.import_id:
            domain.append(("import_id", "=", self.import_id.id))
        else:
            if self.date_from:
                domain.append(("read_date", ">=", self.date_from))
            if self.date_to:
                domain.append(("read_date", "<=", self.date_to))
        if self.book_ids:
            domain.append(("book_id", "in", self.book_ids.ids))
        if self.exceptions_only:
            domain.append(("vee_codes", "!=", False))
        return domain

    def action_print(self):
        """Print the list; nothing to print is said."""
        self.ensure_one()
        if not self.reading_count:
            raise UserError(self.env._("There are no readings in this choice."))
        return self.env.ref("cs_gas_billing.gas_signoff_report").report_action(self)
