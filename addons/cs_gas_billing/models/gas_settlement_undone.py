from odoo import api, fields, models
from odoo.tools import SQL

from ..bulk import insert


class GasSettlementUndone(models.Model):
    """What a bill was paid with until it was taken back.

    Odoo deletes a matching that is undone. Without this trace the collection rate of a
    closed month would fall when one of its bills is corrected years later.
    """

    _name = "gas.settlement.undone"
    _description = "Undone Settlement"
    _order = "undone_on desc, id desc"
    _rec_name = "bill_id"

    bill_id = fields.Many2one(
        comodel_name="gas.bill", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="Settled on", required=True)
    undone_on = fields.Date(required=True)
    amount = fields.Monetary(required=True)

    _days = models.Constraint(
        "CHECK (undone_on > date)", "A settlement is undone after its day."
    )

    @api.model
    def _keep(self, partials):
        """Keep what ``partials`` settled on bills; called before they are deleted.

        What is undone on its own day never was in a figure and is not kept.
        """
        if not partials:
            return
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT b.id AS bill_id, b.company_id, p.max_date AS date,
                       (CASE WHEN p.debit_move_id = b.move_line_id
                             THEN p.amount ELSE -p.amount END)::text AS amount
                  FROM account_partial_reconcile p
                  JOIN gas_bill b
                    ON b.move_line_id IN (p.debit_move_id, p.credit_move_id)
                 WHERE p.id = ANY(%s)
                """,
                partials.ids,
            )
        )
        if not rows:
            return
        companies = self.env["res.company"].sudo()
        days = {
            company_id: companies.browse(company_id)._cs_today()
            for company_id in {row["company_id"] for row in rows}
        }
        insert(
            self.sudo(),
            [
                row | {"undone_on": days[row["company_id"]]}
                for row in rows
                if row["date"] < days[row["company_id"]]
            ],
        )
