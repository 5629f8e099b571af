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
        return {
            "revenue": (
                self.env._("Revenue"),
                self.env._(
                    "Entries of the gas journal = net amounts of the month's bills"
                ),
            ),
            "vat": (
                self.env._("VAT"),
                self.env._("VAT of the gas journal = VAT of the month's bills"),
            ),
            "items": (
                self.env._("Items of the bills"),
                self.env._("Each bill of the month = its own item in the ledger"),
            ),
            "fees": (
                self.env._("Late fees"),
                self.env._("Invoices of late fees = late fees on the month's receipts"),
            ),
            "receivable": (
                self.env._("Receivable by account"),
                self.env._(
                    "Balance of each gas account = its open bills less its credit"
                ),
            ),
            "unassigned": (
                self.env._("Money without a gas account"),
                self.env._("Open items of gas customers that belong to no gas account"),
            ),
            "stored": (
                self.env._("Open amounts of bills"),
                self.env._("What items have open = what their bills show, as of now"),
            ),
            "debit": (
                self.env._("Bank debit in transit"),
                self.env._(
                    "Account in transit = batches that are on no bank statement"
                ),
            ),
            "cash": (
                self.env._("Takings: cash"),
                self.env._(
                    "Customers' money in the desk's cash journal = receipts, refunds"
                ),
            ),
            "transfer": (
                self.env._("Takings: bank transfer"),
                self.env._(
                    "Customers' money in the desk's bank journal = receipts, refunds"
                ),
            ),
            "qr": (
                self.env._("Takings: QR"),
                self.env._(
                    "Customers' money in the desk's QR journal = receipts, refunds"
                ),
            ),
            "runs": (self.env._("Bill runs that are not posted"), False),
            "held": (self.env._("Held readings"), False),
            "corrections": (self.env._("Corrections that wait for approval"), False),
            "batches": (self.env._("Debit batches the bank has not answered"), False),
            "refunds": (self.env._("Refunds that are approved and not paid"), False),
            "drafts": (self.env._("Draft entries in the gas journals"), False),
        }

    def action_rows(self):
        """Show what makes the difference, or the open points."""
        self.ensure_one()
        check = self.check_id
        check._check_right()
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
