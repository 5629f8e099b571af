from odoo import models
from odoo.tools import SQL

#: A text shorter than this names nothing.
SHORTEST_TEXT = 5


class AccountBankStatementLine(models.Model):
    """Automatic matching that compares amounts and leaves gas bills alone.

    ``account_reconcile_oca`` pays the only open item whose reference contains the
    text of the transaction, whatever it amounts to: "1" may pay a stranger's bill.
    """

    _inherit = "account.bank.statement.line"

    # === OPEN ITEMS ===#

    def _do_auto_reconcile_invoices_query(self):
        """Narrow the search for the one open item that a transaction pays.

        The amount is equal in the same currency, the text is a real reference that
        the item contains literally, and nothing of gas is found this way. Bank
        accounts that allow matching (as the chart ``cn`` has them) don't count: the
        transaction would find itself.
        """
        query = super()._do_auto_reconcile_invoices_query()
        names = {
            "text": SQL.identifier(self._table, "payment_ref"),
            "amount": SQL.identifier(self._table, "amount"),
            "currency": SQL.identifier(self._table, "currency_id"),
            "foreign": SQL.identifier(self._table, "foreign_currency_id"),
            "line": SQL.identifier("account_move_line"),
            "move": SQL.identifier("account_move"),
            "shortest": SHORTEST_TEXT,
        }
        for condition in (
            """%(line)s.amount_residual_currency = %(amount)s
               AND %(line)s.currency_id = %(currency)s AND %(foreign)s IS NULL""",
            """length(btrim(%(text)s)) >= %(shortest)s AND %(text)s ~ '[0-9]'""",
            """strpos(lower(concat_ws(' ', %(move)s.payment_reference, %(line)s.ref,
                   %(move)s.name)), lower(btrim(%(text)s))) > 0""",
            """%(line)s.gas_account_id IS NULL AND %(line)s.gas_bill_id IS NULL
               AND %(move)s.gas_account_id IS NULL AND %(move)s.gas_run_id IS NULL
               AND %(move)s.gas_locked IS NOT TRUE
               AND %(move)s.gas_debit_batch_id IS NULL""",
            """account_account.account_type != 'asset_cash'""",
        ):
            query.add_where(SQL(condition, **names))
        return query

    # === PARTNERS ===#

    def _get_retrieve_partner_account_query(self):
        """Find the payer by the whole account number, if it is of one partner."""
        query = super()._get_retrieve_partner_account_query()
        query.add_where(
            SQL(
                "upper(res_partner_bank.sanitized_acc_number) = "
                "upper(regexp_replace(%s, '[^A-Za-z0-9]+', '', 'g'))",
                SQL.identifier(self._table, "account_number"),
            )
        )
        return self._of_one_partner(query)

    def _get_retrieve_partner_name_query(self):
        """Find the payer by the whole name, unless there are namesakes."""
        query = super()._get_retrieve_partner_name_query()
        query.add_where(
            SQL(
                "lower(res_partner.name) = lower(btrim(%s))",
                SQL.identifier(self._table, "partner_name"),
            )
        )
        return self._of_one_partner(query)

    def _of_one_partner(self, query):
        query.having = SQL("COUNT(DISTINCT res_partner.commercial_partner_id) = 1")
        return query
