from odoo import api, fields, models
from odoo.exceptions import AccessError


class GasCashDay(models.TransientModel):
    """Chooses day and cashier of the daily cash report 营业厅现金日报表."""

    _name = "gas.cash.day"
    _description = "Daily Cash Report"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=lambda self: self.env.company._cs_today())
    cashier_id = fields.Many2one(
        comodel_name="res.users",
        default=lambda self: self._default_cashier(),
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: the whole hall.",
    )
    can_choose = fields.Boolean(
        compute="_compute_can_choose", export_string_translation=False
    )
    amount = fields.Monetary(string="Takings", compute="_compute_figures")
    receipt_count = fields.Integer(string="Receipts", compute="_compute_figures")
    amount_reversed = fields.Monetary(string="Reversed", compute="_compute_figures")

    @api.model
    def _default_cashier(self):
        user = self.env.user
        return user if user.has_group("cs_gas_billing.group_cashier") else False

    def _may_see_all(self):
        user = self.env.user
        return user.has_group("cs_gas_billing.group_clerk") or user.has_group(
            "cs_gas_billing.group_accountant"
        )

    @api.depends_context("uid")
    def _compute_can_choose(self):
        self.can_choose = self._may_see_all()

    @api.depends("date", "cashier_id", "company_id")
    def _compute_figures(self):
        for day in self:
            figures = self.env["gas.takings"]._get_figures(
                day.company_id, day.date, day.cashier_id
            )
            day.amount = figures["amount"]
            day.amount_reversed = figures["amount_reversed"]
            day.receipt_count = figures["receipt_count"]

    def _check_right(self):
        """A cashier prints his own day, billing and accounting everybody's."""
        user = self.env.user
        for day in self:
            if day.company_id not in self.env.companies:
                raise AccessError(
                    self.env._(
                        "Switch to %s first.", day.company_id.sudo().display_name
                    )
                )
            if self._may_see_all():
                continue
            if not user.has_group("cs_gas_billing.group_cashier") or (
                day.cashier_id != user
            ):
                raise AccessError(
                    self.env._(
                        "A cashier prints the own day. The day of others and of the "
                        "whole hall is for billing and accounting."
                    )
                )

    def action_print(self):
        self.ensure_one()
        self._check_right()
        return self.env.ref("cs_gas_billing.gas_cash_day_report").report_action(self)
