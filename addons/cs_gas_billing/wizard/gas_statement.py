from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

GROUPS = (
    "cs_gas_billing.group_cashier,cs_gas_billing.group_clerk,"
    "cs_gas_billing.group_accountant"
)
#: More accounts in one document nobody reads, and one request has to print them.
MAX_ACCOUNTS = 200


class GasStatement(models.TransientModel):
    """Chooses accounts and days of an account statement 对账单."""

    _name = "gas.statement"
    _description = "Account Statement"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_ids = fields.Many2many(
        comodel_name="gas.account",
        string="Accounts",
        domain="[('company_id', '=', company_id)]",
        required=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._cs_today().replace(month=1, day=1),
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: self.env.company._cs_today(),
    )
    closing = fields.Monetary(
        string="Balance", compute="_compute_closing", help="On the last day."
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "gas.account":
            ids = self.env.context.get("active_ids") or []
            accounts = self.env["gas.account"].browse(ids).exists()
            values["account_ids"] = [Command.set(accounts.ids)]
        return values

    @api.depends("account_ids", "date_from", "date_to")
    def _compute_closing(self):
        for wizard in self:
            wizard.closing = 0.0
            if wizard._is_complete():
                statements = wizard._get_statements()
                wizard.closing = float(sum(row["closing"] for row in statements))

    def _is_complete(self):
        return bool(
            self.account_ids
            and len(self.account_ids) <= MAX_ACCOUNTS
            and self.date_from
            and self.date_to
            and self.date_from <= self.date_to
        )

    # === BUSINESS ===#

    def _get_statements(self):
        """Return the statements of the chosen accounts, in order of their numbers.

        :raise AccessError: the user doesn't see one of the accounts
        """
        self.ensure_one()
        if not self.env.su and not self.env.user.has_groups(GROUPS):
            raise AccessError(
                self.env._("Statements are for billing, hall and accounting.")
            )
        accounts = self.env["gas.account"].browse(self.account_ids.ids)
        accounts.check_access("read")
        if any(account.company_id != self.company_id for account in accounts):
            raise UserError(
                self.env._("The accounts of a statement belong to one company.")
            )
        return (
            self.env["gas.statement.lines"]
            .sudo()
            ._get_statements(
                accounts.sudo().sorted("code"), self.date_from, self.date_to
            )
        )

    def _check_choice(self):
        self.ensure_one()
        if not self.account_ids:
            raise UserError(self.env._("Choose the accounts of the statement."))
        if len(self.account_ids) > MAX_ACCOUNTS:
            raise UserError(
                self.env._(
                    "%(count)s accounts are too many for one document; choose %(most)s "
                    "at most.",
                    count=len(self.account_ids),
                    most=MAX_ACCOUNTS,
                )
            )
        if self.date_from > self.date_to:
            raise UserError(self.env._("The last day can't be before the first."))

    # === ACTIONS ===#

    def action_print(self):
        """Print the statements as one PDF, each from page 1."""
        self._check_choice()
        self._get_statements()
        self._log()
        return self.env.ref("cs_gas_billing.gas_statement_report").report_action(self)

    def action_xlsx(self):
        """Download the statements as a workbook, one sheet each."""
        self._check_choice()
        self._get_statements()
        self._log()
        return {
            "type": "ir.actions.act_url",
            "url": f"/cs_gas/statement/{self.id}.xlsx",
            "target": "download",
        }

    def _log(self):
        self.env["cs.event"]._cs_log(
            "gas.statement.export",
            self.account_ids,
            details={
                "from": self.date_from.isoformat(),
                "to": self.date_to.isoformat(),
            },
        )
