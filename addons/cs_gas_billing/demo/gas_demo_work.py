from odoo import models
from odoo.fields import Command

from .gas_demo import HISTORY, LANGUAGE

#: Who looks at his own gas in the portal.
CUSTOMER = "G07000081"


class GasDemo(models.AbstractModel):
    """What is on the desks: estimates, corrections, a refund, a customer."""

    _inherit = "gas.demo"

    def _estimate(self, day):
        """Estimate the meters that nobody could read, as the clerk does."""
        read = self.env["gas.reading"].search([("read_date", "=", day)])
        missed = self.env["gas.account"].search(
            [("id", "not in", read.account_id.ids), ("state", "=", "active")]
        )
        action = self._as_role("clerk")["gas.estimate.wizard"]._open(
            missed.service_point_id, day
        )
        wizard = self._as_role("clerk")["gas.estimate.wizard"].browse(action["res_id"])
        wizard.reason = "家中无人"
        wizard.action_estimate()

    def _leave_work(self, company):
        """One correction is booked, another and a refund wait for the manager.

        They are of the month before the last: the last register stays as it is.
        """
        bills = self.env["gas.bill"].search(
            [
                ("company_id", "=", company.id),
                ("category", "=", "resident"),
                ("kind", "=", "actual"),
                ("volume", ">", 20),
                ("period", "=", HISTORY[-2][0]),
            ],
            order="id",
        )
        booked = self._ask_correction(bills[7], 3, "误抄：8 看成 5")
        booked.with_env(self._as_role("manager")).action_approve()
        self._ask_correction(bills[40], -6, "抄表员复核，读数少抄")
        self._ask_refund(company)
        self._open_portal(company)

    def _ask_correction(self, bill, less, reason):
        correction = self._as_role("clerk")["gas.correction"].create(
            {"bill_id": bill.id, "reason": reason}
        )
        row = correction.reading_ids.filtered(
            lambda row: row.reading_id in bill.reading_ids
        )[-1:]
        row.new_value = row.old_value - less
        correction.action_request()
        return correction

    def _ask_refund(self, company):
        accounts = self.env["gas.account"].search([("company_id", "=", company.id)])
        credit = accounts._get_open_credit()
        account = accounts.filtered(lambda row: credit.get(row.id, 0) > 10)[:1]
        if account:
            refund = self._as_role("clerk")["gas.credit.refund"].create(
                {
                    "account_id": account.id,
                    "amount": credit[account.id],
                    "reason": "客户要求退还多缴的气费",
                }
            )
            refund.action_request()

    def _open_portal(self, company):
        account = self.env["gas.account"].search(
            [("company_id", "=", company.id), ("code", "=", CUSTOMER)]
        )
        languages = dict(self.env["res.lang"].get_installed())
        self.env["res.users"].with_context(no_reset_password=True).create(
            {
                "login": "customer",
                "password": "customer",
                "partner_id": account.partner_id.id,
                "tz": "Asia/Shanghai",
                "lang": LANGUAGE if LANGUAGE in languages else self.env.lang,
                "group_ids": [Command.set([self.env.ref("base.group_portal").id])],
            }
        )
