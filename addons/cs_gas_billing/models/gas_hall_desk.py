from odoo import api, models

from ..tools.cashing import owed


class GasHallDesk(models.AbstractModel):
    """Builds what the hall screen shows; called with full rights after the checks."""

    _name = "gas.hall.desk"
    _description = "Hall Screen Data"

    def _label(self, record, name):
        return dict(record._fields[name]._description_selection(self.env)).get(
            record[name], ""
        )

    # === SEARCH ===#

    @api.model
    def _get_hits(self, accounts):
        return [
            {
                "id": account.id,
                "code": account.code,
                "name": account.partner_id.name,
                "phone": account.phone_masked or "",
                "address": account.address or "",
                "meter": account.meter_id.serial or "",
                "due": account.amount_due,
                "state": account.state,
                "state_label": self._label(account, "state"),
            }
            for account in accounts
        ]

    # === ACCOUNT ===#

    @api.model
    def _get_account_values(self, account):
        """Return customer, open bills with late fee as of now, and credit."""
        company = account.company_id
        today = company._cs_today()
        bills = self.env["gas.allocator"]._get_hall_bills(account)
        fees = self.env["gas.latefee.policy"]._get_fees(bills, today)
        bills = bills.filtered(lambda bill: bill.amount_residual or fees[bill])
        rows = [self._get_bill_values(bill, fees[bill], today) for bill in bills]
        total = owed(self.env["gas.hall.booking"]._get_owed(bills, fees))
        return {
            **self._get_hits(account)[0],
            "category": account.category,
            "category_label": self._label(account, "category"),
            "channel_label": self._label(account, "pay_channel"),
            "tariff": account.tariff_id.display_name or "",
            "currency_id": company.currency_id.id,
            "today": today.isoformat(),
            "bills": rows,
            "principal": sum(row["principal"] for row in rows),
            "fee": sum(row["fee"] for row in rows),
            "total": float(total),
            "credit": account._get_open_credit().get(account.id, 0.0),
            "receipts": [
                self._get_receipt_row(receipt)
                for receipt in self.env["gas.receipt"].search(
                    [("account_id", "=", account.id)], limit=3
                )
            ],
        }

    def _get_bill_values(self, bill, fee, today):
        waiver = bill.waiver_ids.filtered(lambda w: w.state != "draft")[:1]
        due = bill.date_due
        return {
            "id": bill.id,
            "name": bill.name,
            "period": bill.period,
            "kind": bill.kind,
            "kind_label": self._label(bill, "kind"),
            "date_due": due.isoformat() if due else "",
            "overdue_days": max((today - due).days, 0) if due else 0,
            "volume": bill.volume,
            "register_from": bill.register_from,
            "register_to": bill.register_to,
            "amount_total": bill.amount_total,
            "principal": bill.amount_residual,
            "fee": float(fee),
            "waiver": {
                "state": waiver.state,
                "state_label": self._label(waiver, "state"),
                "amount": waiver.amount,
            }
            if waiver
            else False,
        }

    # === RECEIPTS ===#

    def _get_receipt_row(self, receipt):
        return {
            "id": receipt.id,
            "name": receipt.name,
            "code": receipt.account_id.code,
            "customer": receipt.partner_id.name,
            "date": receipt.date.isoformat(),
            "time": receipt.company_id._cs_to_local(receipt.moment).strftime("%H:%M"),
            "method": receipt.method,
            "method_label": self._label(receipt, "method"),
            "amount": receipt.amount,
            "state": receipt.state,
        }

    @api.model
    def _get_receipt_values(self, receipt):
        return {
            **self._get_receipt_row(receipt),
            "account_id": receipt.account_id.id,
            "tendered": receipt.tendered,
            "change": receipt.change,
            "principal": receipt.amount_principal,
            "fee": receipt.amount_fee,
            "credit": receipt.amount_credit,
            "credit_used": receipt.amount_credit_used,
            "balance": receipt.credit_balance,
            "currency_id": receipt.currency_id.id,
        }

    # === SIDE PANEL ===#

    @api.model
    def _get_desk_values(self, company, recent):
        """Return today's takings of the user and his last receipts."""
        today = company._cs_today()
        figures = self.env["gas.takings"]._get_figures(company, today, self.env.user)
        receipts = self.env["gas.receipt"].search(
            [("company_id", "=", company.id), ("cashier_id", "=", self.env.uid)],
            limit=recent,
        )
        return {
            "today": today.isoformat(),
            "cashier": self.env.user.name,
            "currency_id": company.currency_id.id,
            **figures,
            "receipts": [self._get_receipt_row(receipt) for receipt in receipts],
        }
