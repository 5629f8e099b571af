from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.rounding import from_float

APPROVAL = "gas.latefee.waiver"


class GasLatefeeWaiver(models.Model):
    """A late fee, or a part of it, that is let off by approval."""

    _name = "gas.latefee.waiver"
    _description = "Late Fee Waiver"
    _inherit = ["mail.thread", "cs.approval.mixin", "cs.ruled"]
    _order = "id desc"
    _check_company_auto = True

    bill_id = fields.Many2one(
        comodel_name="gas.bill", required=True, index=True, ondelete="restrict"
    )
    account_id = fields.Many2one(related="bill_id.account_id", store=True, index=True)
    company_id = fields.Many2one(
        related="bill_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="bill_id.currency_id")
    amount = fields.Monetary(required=True)
    reason = fields.Char(required=True)
    state = fields.Selection(
        selection=[
            ("draft", "New"),
            ("requested", "Waiting"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
        ],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
    )

    _positive = models.Constraint(
        "CHECK (amount > 0)", "The waived amount must be above zero."
    )

    @api.depends("bill_id.name", "amount")
    def _compute_display_name(self):
        for waiver in self:
            waiver.display_name = f"{waiver.bill_id.display_name}: {waiver.amount:.2f}"

    def write(self, vals):
        if not self.env.su and any(waiver.state != "draft" for waiver in self):
            raise UserError(self.env._("The waiver was asked for already."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(waiver.state != "draft" for waiver in self):
            raise UserError(self.env._("A waiver that was asked for is kept."))

    def action_request(self):
        """Ask for the approval of the waiver."""
        self.check_access("write")
        for waiver in self:
            if waiver.state != "draft":
                raise UserError(self.env._("The waiver was asked for already."))
            as_of = waiver.company_id._cs_today()
            fees = self.env["gas.latefee.policy"]._get_fees(waiver.bill_id, as_of)
            if waiver.amount > float(fees[waiver.bill_id]):
                raise UserError(
                    self.env._(
                        "The late fee of %(bill)s is %(fee)s today; more can't be "
                        "waived.",
                        bill=waiver.bill_id.display_name,
                        fee=fees[waiver.bill_id],
                    )
                )
            waiver.sudo().state = "requested"
            waiver._cs_request_approval(
                APPROVAL, amount=waiver.amount, reason=waiver.reason
            )
        return True

    def action_approve(self):
        """Approve the waiver; never by the person who asked for it."""
        self._cs_check_group("cs_gas_billing.group_manager")
        self._cs_check_state("requested")
        return self._cs_pending_approvals(APPROVAL).action_approve()

    @api.model
    def _cs_approval_kinds(self):
        return [
            *super()._cs_approval_kinds(),
            (APPROVAL, self.env._("Late Fee Waiver")),
        ]

    def _cs_approval_group(self, kind):
        return "cs_gas_billing.group_manager"

    def _cs_approval_values(self, kind):
        self.ensure_one()
        return {"bill": self.bill_id.id, "amount": f"{self.amount:.2f}"}

    def _cs_on_approved(self, approval):
        policies = self.env["gas.latefee.policy"]
        for waiver in self:
            # A collection of the same fee at this moment has to see the waiver.
            self.env["gas.allocator"]._lock(waiver.account_id)
            as_of = waiver.company_id._cs_today()
            due = policies._get_fees(waiver.bill_id, as_of)[waiver.bill_id]
            if from_float(waiver.amount, 2) > due:
                raise UserError(
                    self.env._(
                        "Only %(due)s of the late fee of %(bill)s is still due: the "
                        "rest was collected meanwhile. Reject the waiver.",
                        due=due,
                        bill=waiver.bill_id.display_name,
                    )
                )
            waiver.state = "approved"
            policies._settle(waiver.bill_id, as_of)
        self.env["cs.event"]._cs_log("gas.latefee.waive", self)

    def _cs_on_rejected(self, approval):
        self.write({"state": "rejected"})
