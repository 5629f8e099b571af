from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .gas_hall_collection import Collection

#: How many accounts the search shows, and how many receipts the side panel.
MAX_HITS = 50
RECENT = 8


class GasHall(models.AbstractModel):
    """The cash desk 营业厅收费, as its screen calls it.

    Every method checks role and company first and works with full rights after that:
    a cashier needs no right in accounting.
    """

    _name = "gas.hall"
    _description = "Hall"

    # === GUARDS ===#

    def _check_role(self):
        user = self.env.user
        if not (
            user.has_group("cs_gas_billing.group_cashier")
            or user.has_group("cs_gas_billing.group_manager")
        ):
            raise AccessError(self.env._("Only cashiers work at the hall screen."))

    def _get_account(self, account_id):
        """Return the account with full rights, if it belongs to the user's company."""
        self._check_role()
        if not isinstance(account_id, int):
            raise UserError(self.env._("Choose an account first."))
        account_sudo = self.env["gas.account"].sudo().browse(account_id).exists()
        if not account_sudo or account_sudo.company_id != self.env.company:
            raise AccessError(
                self.env._("There is no such account in %s.", self.env.company.name)
            )
        return account_sudo

    # === SCREEN ===#

    @api.model
    def search_accounts(self, term, limit=20):
        """Find accounts by number, meter, phone, name, pinyin, address or bill QR.

        :return: list of small dicts, what was found exactly first
        """
        self._check_role()
        company = self.env.company
        limit = max(1, min(int(limit), MAX_HITS))
        found = self.env["gas.hall.search"].sudo()._find(str(term), company, limit)
        accounts_sudo = self.env["gas.account"].sudo().browse(found)
        desk = self.env["gas.hall.desk"].sudo()
        return [
            values | found[values["id"]] for values in desk._get_hits(accounts_sudo)
        ]

    @api.model
    def load_account(self, account_id):
        """Return what the screen shows of an account: customer, open bills, credit."""
        account_sudo = self._get_account(account_id)
        return self.env["gas.hall.desk"].sudo()._get_account_values(account_sudo)

    @api.model
    def load_desk(self):
        """Return the side panel: today's own takings by method and last receipts."""
        self._check_role()
        company = self.env.company
        return self.env["gas.hall.desk"].sudo()._get_desk_values(company, RECENT)

    # === MONEY ===#

    @api.model
    def collect(
        self,
        account_id,
        method,
        tendered,
        seen,
        bill_ids=None,
        keep_credit=False,
        reference="",
        token=None,
        use_credit=False,
    ):
        """Take money for an account and return the receipt.

        :param str method: ``cash``, ``transfer`` or ``qr``
        :param tendered: what the customer hands over; may be zero when the account's
            credit pays
        :param dict seen: what the screen showed: {bill id: [principal, fee]} of all
            open bills and, if its credit is used, ``"credit"``; if anything changed
            since, nothing is booked and the reason is told
        :param list bill_ids: the bills to pay, if not all; logged
        :param bool keep_credit: cash left over stays on the account
        :param str reference: of the bank or the payment app
        :param str token: made by the screen once a collection; the same token gives
            the same receipt, however often it is sent
        :param bool use_credit: pay with the account's own credit first
        """
        account_sudo = self._get_account(account_id)
        booking_sudo = self.env["gas.hall.booking"].sudo()
        desk_sudo = self.env["gas.hall.desk"].sudo()
        receipts_sudo = self.env["gas.receipt"].sudo()
        if known_sudo := receipts_sudo._find_by_token(account_sudo, token):
            return desk_sudo._get_receipt_values(known_sudo)
        request = Collection.from_screen(
            self.env,
            method=method,
            tendered=tendered,
            seen=seen,
            bill_ids=bill_ids,
            keep_credit=keep_credit,
            reference=reference,
            token=token,
            use_credit=use_credit,
        )
        receipt_sudo = booking_sudo._book(account_sudo, request)
        return desk_sudo._get_receipt_values(receipt_sudo)

    @api.model
    def reverse_receipt(self, receipt_id, reason):
        """Reverse a receipt of today; return the side panel's new figures."""
        receipt = self._get_receipt(receipt_id)
        receipt.action_reverse(reason)
        return self.load_desk()

    @api.model
    def print_receipt(self, receipt_id, paper="a5"):
        """Count the print and return the report's name for the browser."""
        receipt = self._get_receipt(receipt_id)
        return receipt._print(paper)

    @api.model
    def request_waiver(self, bill_id, amount, reason):
        """Ask a manager to let off the late fee of a bill."""
        bill_sudo = self.env["gas.bill"].sudo().browse(int(bill_id)).exists()
        self._get_account(bill_sudo.account_id.id)
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the late fee shall be waived."))
        if bill_sudo.waiver_ids.filtered(lambda waiver: waiver.state == "requested"):
            raise UserError(
                self.env._(
                    "A waiver of the late fee of bill %s waits for its approval "
                    "already.",
                    bill_sudo.display_name,
                )
            )
        waiver = self.env["gas.latefee.waiver"].create(
            {"bill_id": bill_sudo.id, "amount": amount, "reason": reason.strip()}
        )
        waiver.action_request()
        return waiver.id

    def _get_receipt(self, receipt_id):
        self._check_role()
        receipt = self.env["gas.receipt"].browse(int(receipt_id)).exists()
        if not receipt or receipt.sudo().company_id != self.env.company:
            raise UserError(self.env._("There is no such receipt."))
        return receipt
