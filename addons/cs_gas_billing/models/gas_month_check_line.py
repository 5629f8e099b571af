from odoo import api, fields, models

#: Rows shown of a difference; the workbook has them all.
MAX_ROWS = 500


class GasMonthCheckLine(models.TransientModel):
    """One comparison, or one kind of open point."""

    _name = "gas.month.check.line"
    _description = "Month Check Line"
    _order = "sequence"

    check_id = fields.Many2one(
        comodel_name="gas.month.check", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="check_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(aggregator=None)
    kind = fields.Selection(
        selection=[("compare", "Comparison"), ("open", "Open Point")], required=True
    )
    code = fields.Char(required=True)
    name = fields.Char(string="What", compute="_compute_name")
    explanation = fields.Char(compute="_compute_name")
    ledger = fields.Monetary()
    document = fields.Monetary(string="Documents")
    difference = fields.Monetary()
    count = fields.Integer(string="Rows")
    state = fields.Selection(
        selection=[("ok", "In Order"), ("attention", "Look at It"), ("open", "Open")],
        compute="_compute_state",
    )
    row_ids = fields.One2many(
        comodel_name="gas.month.check.row",
        inverse_name="line_id",
        string="Rows of the Difference",
    )

    @api.depends("count", "kind")
    def _compute_state(self):
        for line in self:
            wrong = "attention" if line.kind == "compare" else "open"
            line.state = wrong if line.count else "ok"

    @api.depends_context("lang")
    @api.depends("code")
    def _compute_name(self):
        texts = self._get_texts()
        for line in self:
            line.name, line.explanation = texts.get(line.code, (line.code, False))

    @api.model
    def _get_texts(self):
        """Return {code: (what, what is compared)} in the user's language."""
        _ = self.env._
        return {
            "revenue": (
                _("Revenue"),
                _("Entries of the gas journal = net amounts of the month's bills"),
            ),
            "vat": (
                _("VAT"),
                _("VAT of the gas journal = VAT of the month's bills"),
            ),
            "items": (
                _("Items of the bills"),
                _("Each bill of the month = its own item in the ledger"),
            ),
            "fees": (
                _("Late fees"),
                _("Invoices of late fees = late fees on the month's receipts"),
            ),
            "receivable": (
                _("Receivable by account"),
                _("Balance of each gas account = its open bills less its credit"),
            ),
            "unassigned": (
                _("Money without a gas account"),
                _("Open items of gas customers that belong to no gas account"),
            ),
            "stored": (
                _("Open amounts of bills"),
                _("What items have open = what their bills show, as of now"),
            ),
            "debit": (
                _("Bank debit in transit"),
                _("Account in transit = batches that are on no bank statement"),
            ),
            "cash": (
                _("Takings: cash"),
                _("Customers' money in the desk's cash journal = receipts, refunds"),
            ),
            "transfer": (
                _("Takings: bank transfer"),
                _("Customers' money in the desk's bank journal = receipts, refunds"),
            ),
            "qr": (
                _("Takings: QR"),
                _("Customers' money in the desk's QR journal = receipts, refunds"),
            ),
            "runs": (_("Bill runs that are not posted"), False),
            "held": (_("Held readings"), False),
            "corrections": (_("Corrections that wait for approval"), False),
            "batches": (_("Debit batches the bank has not answered"), False),
            "refunds": (_("Refunds that are approved and not paid"), False),
            "drafts": (_("Draft entries in the gas journals"), False),
        }

    def action_rows(self):
        """Show what makes the difference, or the open points."""
        self.ensure_one()
        check = self.check_id
        if self.kind == "open":
            points = check._get_open_points(*check._get_days())
            model, domain, action = points[self.code]
            self.env[model].check_access("read")
            values = self.env["ir.actions.act_window"]._for_xml_id(action)
            return values | {"domain": domain, "context": {}, "name": self.name}
        self.row_ids.unlink()
        rows = check.sudo()._get_difference_rows(self.code, MAX_ROWS)
        records = self.env["gas.month.check.row"]
        records.create([records._prepare(self, row) for row in rows])
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.name} {check.period}",
            "res_model": "gas.month.check.row",
            "views": [(False, "list")],
            "domain": [("line_id", "=", self.id)],
        }
