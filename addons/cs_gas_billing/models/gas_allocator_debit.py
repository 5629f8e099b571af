from odoo import api, models
from odoo.tools import SQL


class GasAllocator(models.AbstractModel):
    _inherit = "gas.allocator"

    @api.model
    def _get_open_bills(self, accounts):
        """Money never pays a bill that is at the bank."""
        return (
            super()
            ._get_open_bills(accounts)
            .filtered(lambda bill: not bill.debit_line_id)
        )

    @api.model
    def _get_hall_bills(self, account):
        return (
            super()
            ._get_hall_bills(account)
            .filtered(lambda bill: not bill.debit_line_id)
        )

    @api.model
    def _lock_many(self, accounts):
        """Lock accounts for booking money on them, waiting for whoever has one.

        In the order of their ids, so that two batches can't wait for each other. Who
        read one of the accounts before another's commit is stopped by the database
        and tried again with what is true then.
        """
        if not accounts:
            return
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "SELECT id FROM gas_account WHERE id = ANY(%s) ORDER BY id "
                "FOR NO KEY UPDATE",
                accounts.ids,
            )
        )
        self.env.execute_query(
            SQL(
                "UPDATE gas_account SET write_date = now() AT TIME ZONE 'UTC' "
                "WHERE id = ANY(%s) RETURNING id",
                accounts.ids,
            )
        )
