from odoo import api, fields, models

from ..models.gas_month_figures import LINKS

#: What a row may be about, the most special first.
DOCUMENTS = (
    "bill_id",
    "receipt_id",
    "refund_id",
    "batch_id",
    "correction_id",
    "run_id",
)


class GasMonthCheckRow(models.TransientModel):
    """One thing that differs: bill, account, receipt, batch or entry."""

    _name = "gas.month.check.row"
    _description = "Month Check Row"
    _order = "id"

    line_id = fields.Many2one(
        comodel_name="gas.month.check.line",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="line_id.currency_id")
    account_id = fields.Many2one(comodel_name="gas.account")
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    bill_id = fields.Many2one(comodel_name="gas.bill")
    receipt_id = fields.Many2one(comodel_name="gas.receipt")
    refund_id = fields.Many2one(comodel_name="gas.credit.refund")
    batch_id = fields.Many2one(comodel_name="gas.debit.batch")
    run_id = fields.Many2one(comodel_name="gas.bill.run")
    correction_id = fields.Many2one(comodel_name="gas.correction")
    move_id = fields.Many2one(comodel_name="account.move")
    document_name = fields.Char(string="Gas Document", compute="_compute_names")
    move_name = fields.Char(string="Journal Entry", compute="_compute_names")
    date = fields.Date()
    ledger = fields.Monetary()
    document = fields.Monetary(string="Documents")
    difference = fields.Monetary(compute="_compute_difference")

    @api.depends("ledger", "document")
    def _compute_difference(self):
        for row in self:
            row.difference = row.ledger - row.document

    @api.depends("bill_id", "receipt_id", "move_id")
    def _compute_names(self):
        for row in self:
            record = row._get_document()
            row.document_name = record and record.sudo().display_name
            row.move_name = row.sudo().move_id.name

    @api.model
    def _prepare(self, line, row):
        """Return the values for a row of ``gas.month.figures``."""
        return {
            "line_id": line.id,
            "date": row["date"],
            "ledger": float(row["ledger"]),
            "document": float(row["document"]),
            **{name: row[name] for name in LINKS},
        }

    def _get_document(self):
        """Return the gas document the row is about, if it has one."""
        for name in DOCUMENTS:
            if self[name]:
                return self[name]
        return None

    def action_open(self):
        """Open the document, else the entry, else the account's journal items."""
        self.ensure_one()
        record = self._get_document() or self.move_id
        if not record:
            return self._open_items()
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def _open_items(self):
        if not self.env["account.move.line"].has_access("read"):
            return {
                "type": "ir.actions.act_window",
                "res_model": "gas.account",
                "res_id": self.account_id.id,
                "views": [(False, "form")],
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.account_id.code,
            "res_model": "account.move.line",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("gas_account_id", "=", self.account_id.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
        }
