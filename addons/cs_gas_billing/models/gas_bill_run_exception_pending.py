from odoo import api, fields, models
from odoo.tools import SQL


class GasBillRunException(models.Model):
    """Whether a point that a run left out was billed for the month since."""

    _inherit = "gas.bill.run.exception"

    pending = fields.Boolean(
        string="Still Not Billed",
        compute="_compute_pending",
        search="_search_pending",
        help="No bill of the month came later. Of several runs the last one counts.",
    )

    @api.depends_context("gas_as_of")
    def _compute_pending(self):
        pending = self.search([("id", "in", self.ids), ("pending", "=", True)])
        for row in self:
            row.pending = row in pending

    @api.model
    def _search_pending(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env.flush_all()
        return [("id", "in", self._get_pending_query())]

    @api.model
    def _get_pending_query(self, company=None, period=None):
        """Return the query of the ids, as of the day of the context."""
        conditions = [SQL("TRUE")]
        if company:
            conditions.append(SQL("x.company_id = %s", company.id))
        if period:
            conditions.append(SQL("r.period = %s", period))
        return SQL(
            """
            SELECT e.id
              FROM (SELECT DISTINCT ON (x.service_point_id, r.period)
                           x.id, x.service_point_id, r.period
                      FROM gas_bill_run_exception x
                      JOIN gas_bill_run r ON r.id = x.run_id
                     WHERE %(conditions)s
                     ORDER BY x.service_point_id, r.period, r.id DESC, x.id) e
             WHERE NOT EXISTS (
                   SELECT FROM gas_bill b
                    WHERE b.service_point_id = e.service_point_id
                      AND b.period = e.period AND b.kind != 'opening'
                      AND b.date_posted <= %(day)s
                      AND (b.state = 'posted'
                           OR b.state = 'cancelled' AND b.cancelled_date > %(day)s))
            """,
            conditions=SQL(" AND ").join(conditions),
            day=self.env["gas.position"]._get_as_of(),
        )
