from odoo import api, fields, models
from odoo.tools import SQL


class GasBill(models.Model):
    """When a bill counts: from its posting to its red entry."""

    _inherit = "gas.bill"

    date_posted = fields.Date(
        string="Posted on",
        readonly=True,
        copy=False,
        help="Accounting date; the bill counts in figures from this day.",
    )

    _negative_idx = models.Index("(move_line_id) WHERE amount_total < 0")
    _commercial_idx = models.Index("(company_id, period) WHERE category = 'commercial'")
    _cancelled_idx = models.Index(
        "(company_id, cancelled_date) WHERE cancelled_date IS NOT NULL"
    )

    @api.model
    def _fill_missing_days(self):
        """Give bills that were posted before this field their day; at every update."""
        self._fill_date_posted(
            SQL("b.date_posted IS NULL AND b.state IN ('posted', 'cancelled')")
        )

    def _mark_posted(self):
        result = super()._mark_posted()
        self._fill_date_posted(SQL("b.id = ANY(%s)", self.ids))
        self.invalidate_recordset(["date_posted"])
        return result

    def _fill_date_posted(self, condition):
        self.env.execute_query(
            SQL(
                """
                UPDATE gas_bill b
                   SET date_posted = coalesce(
                           (SELECT l.date FROM account_move_line l
                             WHERE l.id = b.move_line_id),
                           (SELECT r.accounting_date FROM gas_bill_run r
                             WHERE r.id = b.run_id),
                           (SELECT c.accounting_date FROM gas_correction c
                             WHERE c.id = b.correction_id),
                           b.date_to, b.date_due)
                 WHERE %s
                RETURNING b.id
                """,
                condition,
            )
        )
