from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.choices import CATEGORIES, PAY_CHANNELS

ACCOUNT_STATES = [
    ("active", "Active"),
    ("stopped", "Gas Stopped"),
    ("closed", "Closed"),
]


class GasAccount(models.Model):
    """One customer's contract account 燃气账户: bills, payments and arrears hang on it.

    Receivables are kept per gas account, never per partner: a partner may have many
    accounts and namesakes are never merged.
    """

    _name = "gas.account"
    _description = "Gas Account"
    _inherit = ["mail.thread", "mail.activity.mixin", "cs.ruled"]
    _order = "code"
    _rec_name = "code"
    _rec_names_search = ["code", "partner_id.name"]
    _check_company_auto = True

    code = fields.Char(string="Account No.", required=True, copy=False)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
    )
    phone_masked = fields.Char(related="partner_id.cs_phone_masked", string="Phone")
    category = fields.Selection(
        selection=CATEGORIES,
        required=True,
        default="resident",
    )
    state = fields.Selection(
        selection=ACCOUNT_STATES,
        required=True,
        default="active",
        readonly=True,
        tracking=True,
    )
    opened_on = fields.Date(
        required=True,
        default=lambda self: self.env.company._cs_today(),
        help="First day of the account; rules for new accounts count from it.",
    )
    pay_channel = fields.Selection(
        selection=PAY_CHANNELS,
        string="Payment Channel",
        required=True,
        default="cash",
        tracking=True,
    )
    book_id = fields.Many2one(
        comodel_name="gas.book",
        string="Reading Book",
        index=True,
        tracking=True,
        check_company=True,
    )
    book_seq = fields.Integer(string="Order in Book")
    reader_id = fields.Many2one(related="book_id.reader_id")
    mandate_ids = fields.One2many(
        comodel_name="gas.bank.mandate", inverse_name="account_id", string="Mandates"
    )
    agreement_ids = fields.One2many(
        comodel_name="gas.agreement", inverse_name="account_id", string="Agreements"
    )
    reading_ids = fields.One2many(
        comodel_name="gas.reading", inverse_name="account_id", string="Readings"
    )
    bill_ids = fields.One2many(
        comodel_name="gas.bill", inverse_name="account_id", string="Bills"
    )
    service_point_id = fields.Many2one(
        comodel_name="gas.service.point",
        compute="_compute_current",
        help="The service point of the agreement that is valid today.",
    )
    address = fields.Char(compute="_compute_current", search="_search_address")
    meter_id = fields.Many2one(comodel_name="gas.meter", compute="_compute_current")
    tariff_id = fields.Many2one(comodel_name="gas.tariff", compute="_compute_current")
    install_ids = fields.Many2many(
        comodel_name="gas.meter.install", string="Meters", compute="_compute_supply"
    )
    household_ids = fields.Many2many(
        comodel_name="gas.household",
        string="Registered Persons",
        compute="_compute_supply",
    )
    tier_position = fields.Json(
        string="Tiers of the Year", compute="_compute_tier_position"
    )
    bill_count = fields.Integer(string="Number of Bills", compute="_compute_counts")
    reading_count = fields.Integer(
        string="Number of Readings", compute="_compute_counts"
    )
    amount_due = fields.Monetary(
        compute="_compute_balance",
        help="Open bills without late fees.",
    )
    amount_credit = fields.Monetary(
        compute="_compute_balance", help="Money received and not yet used."
    )
    note = fields.Text()

    _code_company_uniq = models.UniqueIndex(
        "(company_id, code)", "An account with this number exists already."
    )
    _code_pattern_idx = models.Index("(code text_pattern_ops)")
    _book_idx = models.Index("(book_id, book_seq) WHERE state != 'closed'")

    # === COMPUTE ===#

    @api.depends("code", "partner_id.name")
    def _compute_display_name(self):
        for account in self:
            account.display_name = " · ".join(
                filter(None, (account.code, account.partner_id.name))
            )

    @api.depends("agreement_ids.date_to", "agreement_ids.tariff_id")
    def _compute_current(self):
        agreements = self.env["gas.agreement"]._for_accounts(self)
        installs = self.env["gas.meter.install"]._current_for(
            agreements.service_point_id
        )
        by_account = {agreement.account_id: agreement for agreement in agreements}
        for account in self:
            agreement = by_account.get(account)
            point = agreement.service_point_id if agreement else False
            account.service_point_id = point
            account.tariff_id = agreement.tariff_id if agreement else False
            account.address = point.premises_id.full_address if point else False
            account.meter_id = installs[point].meter_id if point in installs else False

    @api.depends("service_point_id")
    def _compute_supply(self):
        for account in self:
            account.install_ids = account.service_point_id.install_ids
            account.household_ids = account.service_point_id.household_ids

    @api.depends("service_point_id")
    def _compute_tier_position(self):
        for account in self:
            account.tier_position = account.service_point_id.tier_position

    @api.depends("bill_ids", "reading_ids")
    def _compute_counts(self):
        domain = [("account_id", "in", self.ids)]
        groups = (["account_id"], ["__count"])
        bills = dict(self.env["gas.bill"]._read_group(domain, *groups))
        readings = dict(self.env["gas.reading"]._read_group(domain, *groups))
        for account in self:
            account.bill_count = bills.get(account, 0)
            account.reading_count = readings.get(account, 0)

    @api.model
    def _search_address(self, operator, value):
        return Domain(
            "agreement_ids",
            "any",
            [("service_point_id.premises_id.full_address", operator, value)],
        )

    @api.depends("bill_ids.amount_residual")
    def _compute_balance(self):
        due = dict(
            self.env["gas.bill"]._read_group(
                [("account_id", "in", self.ids), ("state", "=", "posted")],
                ["account_id"],
                ["amount_residual:sum"],
            )
        )
        credit = self._get_open_credit()
        for account in self:
            account.amount_due = due.get(account, 0.0)
            account.amount_credit = credit.get(account.id, 0.0)

    def _get_open_credit(self):
        """Return {account id: open credit} from unreconciled receivable items."""
        lines = self.env["account.move.line"].sudo()
        groups = lines._read_group(
            self._get_open_credit_domain(), ["gas_account_id"], ["amount_residual:sum"]
        )
        return {account.id: -residual for account, residual in groups}

    def _get_open_credit_domain(self):
        return [
            ("gas_account_id", "in", self.ids),
            ("gas_bill_id", "=", False),
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual", "<", 0),
        ]

    # === ACTIONS ===#

    def action_stop(self):
        """Note that gas was stopped: no reading is expected any more."""
        return self._change_state("active", "stopped")

    def action_restart(self):
        return self._change_state("stopped", "active")

    def action_close(self):
        """End the account; what is open has to be settled first."""
        for account in self:
            if account.amount_due or account.amount_credit:
                raise UserError(
                    self.env._(
                        "%s has open bills or credit. Settle them before closing.",
                        account.display_name,
                    )
                )
            account._end_agreements()
        return self._change_state("stopped", "closed")

    def _change_state(self, before, after):
        self.check_access("write")
        self.filtered(lambda account: account.state == before).sudo().state = after
        return True

    def _end_agreements(self):
        for agreement in self.agreement_ids.filtered(lambda row: not row.date_to):
            today = agreement.company_id._cs_today()
            agreement.date_to = max(today, agreement.date_from)

    def action_bills(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_bill_action"
        )
        return action | {"domain": [("account_id", "=", self.id)], "context": {}}

    def action_open_bills(self):
        return self.action_bills() | {"context": {"search_default_open": 1}}

    def action_readings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_reading_action"
        )
        return action | {"domain": [("account_id", "=", self.id)], "context": {}}

    # === BUSINESS ===#

    def _schedule_reader_task(self, summary, notes):
        """Give each account's book reader a task (re-read, visit).

        :param str summary: what to do
        :param dict notes: {account id: text of the task}
        """
        values = []
        activity_type = self.env.ref("mail.mail_activity_data_todo")
        model_id = self.env["ir.model"]._get_id(self._name)
        for account in self:
            user = account.book_id.sudo().reader_id or self.env.user
            values.append(
                {
                    "res_model_id": model_id,
                    "res_id": account.id,
                    "activity_type_id": activity_type.id,
                    "summary": summary,
                    "note": notes.get(account.id),
                    "user_id": user.id,
                    "date_deadline": account.company_id._cs_today(),
                }
            )
        quick = {"mail_activity_quick_update": True}
        return self.env["mail.activity"].sudo().with_context(**quick).create(values)
