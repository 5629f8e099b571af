import base64
from datetime import timedelta

from odoo.tests import freeze_time

from ..tools.bankfile import build
from .common import GasCommon

PREPARED = "2026-10-25 02:00:00"
SENT_ON = "2026-11-02 02:00:00"
ANSWERED_ON = "2026-11-05 02:00:00"
LATE = "2026-11-30 02:00:00"


class DebitCommon(GasCommon):
    """Debit customers with bills of October, and a bank that answers."""

    COUNT = 4

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profiles = cls.env["gas.bank.profile"].search(
            [("company_id", "=", cls.company.id)]
        )
        cls.profile = cls.profiles.filtered(lambda p: p.kind == "fixed")
        if not cls.COUNT:
            return
        with freeze_time(PREPARED):
            cls.accounts = cls.make_debit_accounts(cls.COUNT)
            cls.account = cls.accounts[0]
            cls.read_meters(
                {number: 1044 + number for number in range(1, cls.COUNT + 1)}
            )
            cls.bill()
        cls.bills = cls.accounts.bill_ids.sorted("account_id")

    @classmethod
    def make_debit_accounts(cls, count, first=1, **values):
        """Import accounts one by one with a bank account number of their own."""
        accounts = cls.make_accounts(
            count, first=first, 缴费方式="银行代扣", 银行账号="6222020000000000"
        )
        for number, account in enumerate(accounts, first):
            account.mandate_ids.sudo().write(
                {
                    "account_number": f"62220200000{number:08d}",
                    "date_from": "2026-01-01",
                    **values,
                }
            )
        return accounts

    @classmethod
    def batch(cls, send=True, profile=None, user="clerk", moment=SENT_ON):
        with freeze_time(moment):
            batch = (
                cls.env["gas.debit.batch"]
                .with_user(cls.users[user])
                .create({"profile_id": (profile or cls.profile).id})
            )
            batch.action_pick()
            if send:
                batch.action_send()
        return batch

    @classmethod
    def answer(cls, batch, codes=None, day="2026-11-04", rows=None, **changes):
        """Return the bank's file for a batch.

        :param dict codes: {gas account: code}; all others are debited
        :param rows: lines to answer, else all
        :param changes: {"batch", "count"} … to falsify
        """
        batch = batch.sudo()
        codes = codes or {}
        lines = batch.line_ids if rows is None else rows
        spec = batch.profile_id._get_spec()
        known = batch.profile_id._get_codes()
        spec |= {"header": None, "trailer": None} | spec["result"]
        values = []
        for line in lines:
            code = codes.get(line.account_id, "0000")
            values.append(
                {
                    "account": line.account_number,
                    "holder": line.holder,
                    "amount": f"{line.amount:.2f}",
                    "code": code,
                    "text": known.get(code, ("", ""))[1],
                    "date": day,
                    "number": line.number,
                }
            )
        content = build(
            spec, changes.get("batch", batch.name), values, {"date": day, "filler": ""}
        )
        # the file counts from 1; a part of the batch has the batch's own numbers
        for position, row in reversed(list(enumerate(values, 1))):
            content = content.replace(
                f"{batch.name}{position:06d}".encode(),
                f"{batch.name}{row['number']:06d}".encode(),
            )
        return content

    @classmethod
    def load_result(
        cls, content, batch=None, moment=ANSWERED_ON, user="clerk", import_it=True
    ):
        with freeze_time(moment):
            record = (
                cls.env["gas.debit.result"]
                .with_user(cls.users[user])
                .create(
                    {
                        "file": base64.b64encode(content),
                        "filename": "result.txt",
                        **({"batch_id": batch.id} if batch else {}),
                    }
                )
            )
            record.action_check()
            todo = record.ok_count + record.refused_count + record.returned_count
            if import_it and record.state != "refused" and todo:
                record.action_import()
        return record.sudo()

    def collect(self, account, tendered, moment, **more):
        with freeze_time(moment):
            return self.take(account, tendered, **more)

    def transit(self, profile=None):
        """Return the open items for money in transit."""
        profile = profile or self.profile
        account = profile._get_transit_account(profile._get_journal())
        return self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )

    def receivable(self, accounts=None):
        """What the ledger says the accounts owe."""
        lines = self.env["account.move.line"].search(
            [
                ("gas_account_id", "in", (accounts or self.accounts).ids),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        return self.company.currency_id.round(sum(lines.mapped("balance")))

    @staticmethod
    def next_day(day, days=1):
        return day + timedelta(days=days)
