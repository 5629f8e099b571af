from odoo import fields, models
from odoo.tools import SQL, groupby


class GasBillRun(models.Model):
    """The work of a run: which chunks, what is done with one, what comes last."""

    _name = "gas.bill.run"
    _inherit = ["gas.bill.run", "gas.work.mixin"]

    _work_states = ("calculating", "posting")
    _work_parallel = True
    _work_cron = "cs_gas_billing.ir_cron_bill_run"

    done_count = fields.Integer(compute="_compute_done_count")

    def _compute_done_count(self):
        counts = self._get_work_done()
        for run in self:
            run.done_count = counts.get(run.id, 0)

    # === CHUNKS ===#

    def _list_points(self, among=None):
        """Return ids of the service points with readings to bill, in order.

        :param list among: look at these points only
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT r.service_point_id FROM gas_reading r "
                "WHERE %s %s ORDER BY r.service_point_id",
                self.env["gas.bill.calculator"]._get_points_clause(self),
                SQL("AND r.service_point_id = ANY(%s)", among) if among else SQL(),
            )
        )
        return [row[0] for row in rows]

    def _split_points(self, points):
        size = self.company_id.gas_chunk_size
        return [points[start : start + size] for start in range(0, len(points), size)]

    def _get_bills_to_post(self):
        return self.env["gas.bill"].search(
            [("run_id", "=", self.id), ("state", "=", "approved")],
            order="category, book_id, book_seq, account_id, id",
        )

    def _split_bills(self, bills):
        """Return lists of the ids of ``bills``; an account is never in two of them.

        So two workers never use the credit of one account at the same time.
        """
        size = self.company_id.gas_chunk_size
        parts = [[]]
        for _account, group in groupby(bills, key=lambda bill: bill.account_id.id):
            ids = [bill.id for bill in group]
            if parts[-1] and len(parts[-1]) + len(ids) > size:
                parts.append([])
            parts[-1] += ids
        return parts if bills else []

    def _do_work(self, keys):
        if self.state == "calculating":
            self.env["gas.bill.calculator"]._calculate(self, self._list_points(keys))
        else:
            bills = self.env["gas.bill"].browse(keys).exists()
            self.env["gas.bill.poster"]._post(
                self, bills.filtered(lambda bill: bill.state == "approved")
            )
        self.invalidate_recordset(["done_count", "progress"])

    def _end_work(self, error):
        """After a fault the bills made so far stay: it goes on, or is discarded."""
        if self.state == "calculating":
            if not error:
                self.env["gas.bill.run.exception"]._collect(self)
            self._update_totals()
            self.write({"state": "calculated", "last_error": error})
            if not error:
                self._request_approval(self.calculated_by_id)
            return
        self._update_totals()
        if error:
            self.write({"state": "approved", "last_error": error})
            return
        self.write({"state": "posted", "posted_on": fields.Datetime.now()})
        self.env["cs.event"]._cs_log("gas.run.post", self)

    def _as_worker(self):
        language = self.calculated_by_id.lang or self.env.lang
        return super()._as_worker().with_context(lang=language)

    # === TOTALS ===#

    def _update_totals(self):
        """Sum up the bills and what was not billed."""
        self.ensure_one()
        self.env.flush_all()
        [row] = self.env.execute_query_dict(
            SQL(
                """
                SELECT count(*) AS bill_count,
                       count(*) FILTER (WHERE volume = 0) AS zero_count,
                       count(*) FILTER (WHERE flags LIKE '%%HIGH%%') AS high_count,
                       count(*) FILTER (WHERE flags LIKE '%%PRICE%%') AS price_count,
                       coalesce(sum(volume), 0) AS volume_total,
                       coalesce(sum(amount_total), 0) AS amount_total,
                       coalesce(sum(previous_amount), 0) AS previous_amount
                  FROM gas_bill WHERE run_id = %s AND state != 'cancelled'
                """,
                self.id,
            )
        )
        counts = dict(
            self.env["gas.bill.run.exception"]._read_group(
                [("run_id", "=", self.id)], ["kind"], ["__count"]
            )
        )
        self.write(
            row
            | {
                "held_count": counts.get("held", 0),
                "missed_count": counts.get("missed", 0),
                "error_count": counts.get("error", 0),
            }
        )
