from odoo import api, fields, models
from odoo.tools import SQL

from .gas_bill_run import APPROVAL


class GasBillRun(models.Model):
    """The second person's look at a run: what he approves, and what follows."""

    _inherit = "gas.bill.run"

    @api.model
    def _cs_approval_kinds(self):
        return [*super()._cs_approval_kinds(), (APPROVAL, self.env._("Bill Run"))]

    def _cs_approval_group(self, kind):
        return "cs_gas_billing.group_manager"

    def _cs_approval_values(self, kind):
        """What is approved: every bill with its inputs, the totals and the date."""
        self.ensure_one()
        self.env.flush_all()
        [row] = self.env.execute_query_dict(
            SQL(
                """
                SELECT count(*) AS bills,
                       coalesce(sum(amount_total), 0)::text AS amount,
                       md5(string_agg(calc_hash || amount_total::text, ','
                                      ORDER BY id)) AS digest
                  FROM gas_bill WHERE run_id = %s AND state != 'cancelled'
                """,
                self.id,
            )
        )
        return {**row, "accounting_date": self.accounting_date.isoformat()}

    def _cs_on_approved(self, approval):
        self._cs_lock()
        self._cs_check_state("calculated")
        self.env["gas.bill"].search(
            [("run_id", "=", self.id), ("state", "=", "calc")]
        ).write({"state": "approved"})
        self.write(
            {
                "state": "approved",
                "approved_by_id": self.env.uid,
                "approved_on": fields.Datetime.now(),
            }
        )

    def _request_approval(self, user):
        """Ask for the approval of what ``user`` calculated or changed."""
        self.ensure_one()
        if self.bill_count:
            asking = self.with_user(user).sudo()
            asking._cs_request_approval(APPROVAL, amount=self.amount_total)
