import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import periods


class CsNumbering(models.Model):
    """Numbers without gap and without duplicate: a row for each number given.

    A number is taken by inserting its row, under a unique constraint. Who comes
    second waits until the first transaction ends: after a commit he takes the next
    number, after a rollback the same one. The numbers committed are therefore always
    1 … n, whatever happens to the transactions. A counter row would instead be
    locked by one transaction and fail in the other, as Odoo runs REPEATABLE READ.
    """

    _name = "cs.numbering"
    _description = "Given Number"
    _order = "code, company_id, period desc, number desc"
    _rec_name = "number"
    _log_access = False
    _allow_sudo_commands = False

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, ondelete="restrict"
    )
    code = fields.Char(required=True)
    period = fields.Char(required=True)
    number = fields.Integer(required=True, aggregator="max")

    _number_uniq = models.Constraint(
        "UNIQUE(company_id, code, period, number)",
        "This number is already given.",
    )

    @api.private
    @api.model
    def next(self, code, company=None, moment=None):
        """Take the next number of ``code`` and return it as printed.

        :param moment: when the event happened: a stored datetime (UTC), or a date of
            the company; now if left out. The period is decided by it, on the
            company's clock.
        """
        return self._next_many(code, company, moment, 1)[0]

    @api.model
    def _next_many(self, code, company=None, moment=None, count=1):
        """Take ``count`` numbers in a row; in two statements, however many."""
        if count < 1:
            return []
        company = company or self.env.company
        prefix, digits, period = self.env["cs.numbering.rule"]._for(code, company)
        day = company._cs_date(moment or fields.Datetime.now())
        first = self._take(code, company, periods.key(period, day), count)
        return [
            periods.label(prefix, digits, day, number)
            for number in range(first, first + count)
        ]

    def _take(self, code, company, period, count):
        """Insert the rows of ``count`` numbers and return the first."""
        key, last = (company.id, code, period), 0
        while True:
            try:
                with self.env.cr.savepoint(flush=False):
                    return self._insert(key, last, count)
            except psycopg2.errors.UniqueViolation:
                # Somebody committed these numbers after our snapshot was taken. A
                # new snapshot sees all of them; what it sees has no gap, so nothing
                # is left out by going on behind it.
                with self.env.registry.cursor() as cr:
                    last = max(self._last(cr, key), last + 1)

    def _insert(self, key, last, count):
        """Insert the rows behind ``last`` and all we see; return the first number."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO cs_numbering (company_id, code, period, number)
                   SELECT %(company)s, %(code)s, %(period)s, number + greatest(%(last)s,
                          (SELECT max(number) FROM cs_numbering
                            WHERE company_id = %(company)s AND code = %(code)s
                              AND period = %(period)s))
                     FROM generate_series(1, %(count)s) AS number
                RETURNING number""",
                company=key[0],
                code=key[1],
                period=key[2],
                last=last,
                count=count,
            ),
            log_exceptions=False,
        )
        return self.env.cr.fetchone()[0]

    @staticmethod
    def _last(cr, key):
        """The highest number that ``cr`` sees."""
        cr.execute(
            SQL(
                """SELECT number FROM cs_numbering
                    WHERE company_id = %s AND code = %s AND period = %s
                 ORDER BY number DESC LIMIT 1""",
                *key,
            )
        )
        row = cr.fetchone()
        return row[0] if row else 0
