from odoo import fields, models


class GasDebitResultLine(models.Model):
    """A line of a bank's result file, and the debit line it answers."""

    _name = "gas.debit.result.line"
    _description = "Line of a Debit Result"
    _inherit = ["gas.import.line.mixin"]

    import_id = fields.Many2one(
        comodel_name="gas.debit.result",
        string="Result File",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        selection_add=[
            ("ok", "Debited"),
            ("refused", "Refused by Bank"),
            ("returned", "Returned by Bank"),
        ],
        ondelete={"refused": "cascade", "returned": "cascade"},
    )
    ref = fields.Char(string="Line Reference")
    account = fields.Char(string="Bank Account No.", help="As in the file, masked.")
    amount = fields.Monetary()
    answer = fields.Char(string="Answer Code", help="As in the file.")
    date = fields.Date(string="Booked on")
    line_id = fields.Many2one(
        comodel_name="gas.debit.line", string="Debit Line", index="btree_not_null"
    )
    bill_id = fields.Many2one(related="line_id.bill_id")
    account_id = fields.Many2one(related="line_id.account_id")
    booked = fields.Boolean(help="The answer was taken over.")

    _open_idx = models.Index("(import_id, date, row) WHERE NOT booked")
