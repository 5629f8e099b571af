from odoo import api, fields, models
from odoo.tools import SQL


class GasBook(models.Model):
    """A reading route 抄表册: the service points one reader walks, in his order."""

    _name = "gas.book"
    _description = "Reading Book"
    _order = "code"
    _check_company_auto = True
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True)
    name = fields.Char()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    reader_id = fields.Many2one(
        comodel_name="res.users",
        string="Meter Reader",
        index="btree_not_null",
        help="He sees the accounts and readings of this book and gets its tasks.",
    )
    account_ids = fields.One2many(
        comodel_name="gas.account", inverse_name="book_id", string="Accounts"
    )
    account_count = fields.Integer(compute="_compute_account_count")

    _code_company_uniq = models.UniqueIndex(
        "(company_id, code)", "A book with this code exists already."
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for book in self:
            book.display_name = " ".join(filter(None, (book.code, book.name)))

    @api.depends("account_ids")
    def _compute_account_count(self):
        counts = dict(
            self.env["gas.account"]._read_group(
                [("book_id", "in", self.ids)], ["book_id"], ["__count"]
            )
        )
        for book in self:
            book.account_count = counts.get(book, 0)

    @api.model
    def _get_meters(self, today):
        """Return the tables of accounts with the meters that supply them ``today``.

        :return: SQL for FROM; account ``a``, partner ``p``, agreement ``g``, service
            point ``s``, premises ``pr``, installation ``i``, meter ``m``
        """
        return SQL(
            """
            gas_account a
            JOIN res_partner p ON p.id = a.partner_id
            JOIN gas_agreement g ON g.account_id = a.id
             AND g.date_from <= %(today)s
             AND (g.date_to IS NULL OR g.date_to >= %(today)s)
            JOIN gas_service_point s ON s.id = g.service_point_id
             AND s.state != 'removed'
            JOIN cs_premises pr ON pr.id = s.premises_id
            JOIN gas_meter_install i ON i.service_point_id = s.id
             AND i.date_to IS NULL
            JOIN gas_meter m ON m.id = i.meter_id
            """,
            today=today,
        )

    def action_accounts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_account_action"
        )
        return action | {
            "domain": [("book_id", "=", self.id)],
            "context": {"default_book_id": self.id},
        }

    def action_export_route(self):
        """Download the books' routes as the handheld's reading file."""
        self.check_access("read")
        ids = ",".join(str(book_id) for book_id in self.ids)
        filetype = self.env.context.get("gas_filetype", "csv")
        return {
            "type": "ir.actions.act_url",
            "url": f"/cs_gas/route?books={ids}&filetype={filetype}",
            "target": "download",
        }

    def action_signoff(self):
        """Choose the days of the books' sign-off list."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sign-off List"),
            "res_model": "gas.signoff",
            "view_mode": "form",
            "target": "new",
            "context": {"default_book_ids": self.ids},
        }
