from odoo import api, fields, models
from odoo.tools import SQL

from ..bulk import insert


class GasBillRunException(models.Model):
    """An account a run could not bill: held, missing (GAP) or with a fault."""

    _name = "gas.bill.run.exception"
    _description = "Account Not Billed"
    _order = "run_id, kind, book_id, book_seq"

    run_id = fields.Many2one(
        comodel_name="gas.bill.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    kind = fields.Selection(
        selection=[("held", "Held"), ("missed", "Missed"), ("error", "Error")],
        required=True,
    )
    code = fields.Char(help="GAP, or the codes of the held reading.")
    account_id = fields.Many2one(comodel_name="gas.account", index=True)
    service_point_id = fields.Many2one(comodel_name="gas.service.point")
    reading_id = fields.Many2one(comodel_name="gas.reading")
    book_id = fields.Many2one(comodel_name="gas.book", string="Reading Book")
    book_seq = fields.Integer(string="Order in Book", aggregator=None)
    message = fields.Char()
    task_done = fields.Boolean(string="Task Given", readonly=True)

    @api.depends("account_id.code", "code")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.account_id.code} {row.code or ''}".strip()

    def action_reading(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "gas.reading",
            "res_id": self.reading_id.id,
            "view_mode": "form",
        }

    def action_give_task(self):
        """Send the book's reader to the accounts that were missed."""
        self.check_access("read")
        rows = self.sudo().filtered(lambda row: not row.task_done)
        for kind, group in rows.grouped("kind").items():
            if kind == "error":
                continue
            group.account_id._schedule_reader_task(
                self.env._("Read the meter")
                if kind == "missed"
                else self.env._("Check the reading"),
                {row.account_id.id: row.message for row in group},
            )
            group.task_done = True
        return True

    @api.model
    def _collect(self, run):
        """List what the run's window left out; called when all points are through."""
        self.search([("run_id", "=", run.id), ("kind", "!=", "error")]).unlink()
        self.env.flush_all()
        common = {"run_id": run.id, "company_id": run.company_id.id}
        held = self.env.execute_query_dict(self._get_held_query(run))
        missed = self.env.execute_query_dict(self._get_missed_query(run))
        reader = self.with_context(lang=run.calculated_by_id.lang or self.env.lang)
        missed_text = reader.env._("No reading in the run's window.")
        held_text = reader.env._("The reading waits for a decision.")
        rows = [
            common | {"kind": "held", "message": held_text, **row} for row in held
        ] + [
            common
            | {"kind": "missed", "message": missed_text, "code": "GAP"}
            | row
            | {"reading_id": None}
            for row in missed
        ]
        keys = sorted({key for row in rows for key in row})
        insert(self, [{key: row.get(key) for key in keys} for row in rows])
        self.invalidate_model()

    def _get_held_query(self, run):
        return SQL(
            """
            SELECT DISTINCT ON (r.service_point_id)
                   r.service_point_id, r.account_id, r.id AS reading_id,
                   r.vee_codes AS code, a.book_id, a.book_seq
              FROM gas_reading r
              JOIN gas_account a ON a.id = r.account_id
             WHERE r.company_id = %s AND r.state = 'held'
               AND (r.read_date >= %s OR r.source = 'exchange')
               AND r.read_date <= %s %s
             ORDER BY r.service_point_id, r.read_date DESC, r.id DESC
            """,
            run.company_id.id,
            run.read_date_from,
            run.read_date_to,
            self._get_book_clause(run),
        )

    def _get_missed_query(self, run):
        """Live points with an active account and a meter, without any reading.

        Neither a removed meter's last reading nor that of the customer before counts.
        """
        return SQL(
            """
            SELECT p.id AS service_point_id, a.id AS account_id,
                   a.book_id, a.book_seq
              FROM gas_service_point p
              JOIN gas_agreement g ON g.service_point_id = p.id
               AND g.date_from <= %(to)s
               AND (g.date_to IS NULL OR g.date_to >= %(to)s)
              JOIN gas_account a ON a.id = g.account_id AND a.state = 'active'
             WHERE p.company_id = %(company)s AND p.state = 'live' %(books)s
               AND EXISTS (
                   SELECT FROM gas_meter_install i
                    WHERE i.service_point_id = p.id AND i.date_from < %(to)s
                      AND i.date_to IS NULL)
               AND NOT EXISTS (
                   SELECT FROM gas_reading r
                    WHERE r.service_point_id = p.id
                      AND (r.source NOT IN ('opening', 'exchange', 'final')
                           OR r.source = 'final' AND r.account_id = a.id)
                      AND r.state IN ('validated', 'billed', 'held')
                      AND r.read_date BETWEEN %(from)s AND %(to)s)
            """,
            **{
                "company": run.company_id.id,
                "from": run.read_date_from,
                "to": run.read_date_to,
                "books": self._get_book_clause(run),
            },
        )

    def _get_book_clause(self, run):
        books = (
            SQL("AND a.book_id = ANY(%s)", run.book_ids.ids)
            if run.book_ids
            else SQL("")
        )
        if not run.point_ids:
            return books
        return SQL(
            "%s AND a.id IN (SELECT account_id FROM gas_agreement "
            "WHERE service_point_id = ANY(%s))",
            books,
            run.point_ids.ids,
        )
