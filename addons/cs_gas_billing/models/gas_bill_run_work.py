from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class GasBillRun(models.Model):
    """The work of a run, chunk by chunk, inline or in the background."""

    _inherit = "gas.bill.run"

    def _count_open_points(self):
        self.env.flush_all()
        return self.env["gas.bill.calculator"]._count_points(self)

    def _calculate_chunk(self):
        """Calculate the next points; return whether there may be more."""
        self.ensure_one()
        calculator = self.env["gas.bill.calculator"]
        points = calculator._next_points(self, self.company_id.gas_chunk_size)
        if points:
            calculator._calculate(self, points)
            self.write(
                {
                    "cursor_point": points[-1],
                    "done_count": self.done_count + len(points),
                }
            )
            return True
        self.env["gas.bill.run.exception"]._collect(self)
        self._update_totals()
        self.state = "calculated"
        self._request_approval(self.calculated_by_id)
        return False

    def _post_chunk(self):
        """Post the next bills; return whether there may be more."""
        self.ensure_one()
        bills = self.env["gas.bill"].search(
            [("run_id", "=", self.id), ("state", "=", "approved")],
            order="category, book_id, book_seq, id",
            limit=self.company_id.gas_chunk_size,
        )
        if bills:
            self.env["gas.bill.poster"]._post(self, bills)
            self.done_count += len(bills)
            return True
        self._update_totals()
        self.write({"state": "posted", "posted_on": fields.Datetime.now()})
        self.env["cs.event"]._cs_log("gas.run.post", self)
        return False

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

    @api.model
    def _cron_process(self):
        """Go on with runs that calculate or post, chunk by chunk with a commit each."""
        progress = self.env["ir.cron"]._commit_progress
        runs = self.search([("state", "in", ("calculating", "posting"))], order="id")
        progress(remaining=sum(run.todo_count - run.done_count for run in runs))
        for run in runs:
            while run.state in ("calculating", "posting"):
                if not run.try_lock_for_update(allow_referencing=True):
                    break
                before = run.done_count
                language = run.calculated_by_id.lang or self.env.lang
                worker = run.with_company(run.company_id).with_context(lang=language)
                worker._work_chunk()
                if not progress(max(0, run.done_count - before)):
                    return

    def _work_chunk(self):
        """Do one chunk in the background; what a person must mend stops the run.

        The bills made so far stay: the run goes on, or they are discarded.
        """
        self.ensure_one()
        back = {"calculating": "calculated", "posting": "approved"}[self.state]
        try:
            with self.env.cr.savepoint():
                if self.state == "calculating":
                    self._calculate_chunk()
                else:
                    self._post_chunk()
        except UserError as error:
            self._update_totals()
            self.write({"state": back, "last_error": str(error)})
