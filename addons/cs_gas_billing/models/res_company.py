from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.rounding import from_float


class ResCompany(models.Model):
    """A gas company's rules (all open rules are settings) and where it books."""

    _inherit = "res.company"

    # Rating: see tools/rating.py for what each choice means.
    gas_price_change = fields.Selection(
        selection=[("days", "Split by days"), ("reading_date", "Date of reading")],
        string="Price Change inside a Period",
        required=True,
        default="days",
    )
    gas_year_end = fields.Selection(
        selection=[("days", "Split by days"), ("reading_date", "Date of reading")],
        string="Year End inside a Period",
        required=True,
        default="days",
    )
    gas_allowance = fields.Selection(
        selection=[
            ("remaining_months", "From the month of the change"),
            ("full_year", "For the whole year"),
        ],
        string="Household Allowance",
        required=True,
        default="remaining_months",
    )
    gas_new_account = fields.Selection(
        selection=[
            ("full_year", "Whole tiers in the first year"),
            ("remaining_months", "Tiers by remaining months"),
        ],
        string="New Accounts",
        required=True,
        default="full_year",
    )
    # Checks of readings
    gas_high_ratio = fields.Float(string="High above × Mean", default=3.0)
    gas_low_ratio = fields.Float(string="Low below × Mean", default=0.2)
    gas_low_ratio_commercial = fields.Float(
        string="Low below × Mean (Commercial)", default=0.5
    )
    gas_two_people_ratio = fields.Float(
        string="Two People above × Mean",
        default=10.0,
        help="A reading above this multiple of the mean is accepted by two people.",
    )
    gas_long_days = fields.Integer(string="Long Period above (Days)", default=45)
    gas_future_days = fields.Integer(
        string="Reading Dates up to (Days from Today)", default=0
    )
    gas_import_max_mb = fields.Integer(string="Largest File (MB)", default=20)
    gas_import_max_lines = fields.Integer(string="Most Lines in a File", default=200000)
    # Bills
    gas_inline_limit = fields.Integer(
        string="Bills Computed at Once",
        default=2000,
        help="Runs with more service points go on in the background with progress.",
    )
    gas_chunk_size = fields.Integer(string="Bills per Summary Entry", default=500)
    gas_invoice_each = fields.Boolean(
        string="One Invoice per Bill",
        help="Post an invoice for every household instead of summary entries. Slower.",
    )
    gas_high_bill_ratio = fields.Float(
        string="Review Bills above × Last Month", default=3.0
    )
    # Accounting, filled by the set-up
    gas_sale_journal_id = fields.Many2one("account.journal", string="Gas Journal")
    gas_cash_journal_id = fields.Many2one("account.journal", string="Hall Cash")
    gas_transfer_journal_id = fields.Many2one(
        "account.journal", string="Hall Bank Transfer"
    )
    gas_qr_journal_id = fields.Many2one("account.journal", string="Hall QR")
    gas_tax_id = fields.Many2one("account.tax", string="Gas VAT (Included)")
    gas_income_account_id = fields.Many2one("account.account", string="Gas Income")
    gas_fee_account_id = fields.Many2one("account.account", string="Late Fee Income")
    gas_receivable_account_id = fields.Many2one(
        "account.account", string="Gas Receivable"
    )
    gas_opening_account_id = fields.Many2one(
        "account.account", string="Opening Balances"
    )

    def _get_gas_policy(self):
        """Return the rating policy as the engine wants it."""
        self.ensure_one()
        return {
            "price_change": self.gas_price_change,
            "year_end": self.gas_year_end,
            "allowance": self.gas_allowance,
            "new_account": self.gas_new_account,
        }

    def _get_vee_rules(self):
        """Return the settings of the reading checks as keyword arguments."""
        self.ensure_one()
        return {
            "high_ratio": from_float(self.gas_high_ratio, 3),
            "low_ratio": from_float(self.gas_low_ratio, 3),
            "low_ratio_commercial": from_float(self.gas_low_ratio_commercial, 3),
        }

    def _check_gas_setup(self):
        """Raise in a clerk's words when the accounts are not set up yet."""
        self.ensure_one()
        needed = (
            "gas_sale_journal_id",
            "gas_cash_journal_id",
            "gas_tax_id",
            "gas_income_account_id",
            "gas_fee_account_id",
            "gas_receivable_account_id",
        )
        if not all(self[name] for name in needed):
            raise UserError(
                self.env._(
                    "The gas accounts of %s are not set up. An administrator presses "
                    "“Set up accounts” in Gas > Configuration > Settings.",
                    self.name,
                )
            )

    def _gas_check_date(self, day):
        """Raise unless gas bills can be booked on ``day``.

        Odoo would move entries of a locked period to another date silently.
        """
        self.ensure_one()
        company = self.sudo()
        locks = company._get_violated_lock_dates(day, True, company.gas_sale_journal_id)
        if locks:
            raise UserError(
                self.env._(
                    "%(day)s lies in a period that is locked up to %(lock)s. Choose a "
                    "later accounting date.",
                    day=day,
                    lock=locks[-1][0],
                )
            )

    def _gas_check_open(self, day, journals, has_tax=True):
        """Raise when money of ``day``, which can't be chosen, meets a locked period.

        :param journals: where it is booked
        :param bool has_tax: whether the lock of the tax return counts
        """
        self.ensure_one()
        for journal in journals:
            locks = self._get_violated_lock_dates(day, has_tax, journal)
            if locks:
                raise UserError(
                    self.env._(
                        "The books are locked: %(locks)s. Accounting has to open "
                        "%(day)s first.",
                        locks=self._format_lock_dates(locks),
                        day=day,
                    )
                )
