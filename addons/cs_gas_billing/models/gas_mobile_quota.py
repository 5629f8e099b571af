from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: Days after which counters are of no use.
KEPT_DAYS = 7
QUOTA_KINDS = [
    ("reading", "Readings of an account"),
    ("pdf", "Bills of an account as PDF"),
    ("push", "Entries of a reader's phone"),
]


class GasMobileQuota(models.Model):
    """Counts what comes from outside per day, so that nobody floods the desk."""

    _name = "gas.mobile.quota"
    _description = "Counter of Mobile Use"
    _order = "day desc, id desc"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True
    )
    kind = fields.Selection(selection=QUOTA_KINDS, required=True, readonly=True)
    res_id = fields.Integer(
        string="Record", required=True, readonly=True, aggregator=None
    )
    day = fields.Date(required=True, readonly=True)
    used = fields.Integer(required=True, readonly=True)

    _key_uniq = models.UniqueIndex(
        "(kind, res_id, day)", "There is a counter for this day already."
    )

    @api.model
    def _use(self, kind, record, limit, count=1):
        """Count ``count`` uses of today; return whether they are within ``limit``.

        Simultaneous uses wait for each other. What is refused counts too, as long as
        the request ends without an error.

        :param str kind: one of ``QUOTA_KINDS``
        :param record: what the limit belongs to, with ``company_id``
        """
        company = record.company_id
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO gas_mobile_quota (
                       company_id, kind, res_id, day, used,
                       create_uid, write_uid, create_date, write_date)
                VALUES (%(company)s, %(kind)s, %(record)s, %(day)s, %(count)s,
                        %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC',
                        now() AT TIME ZONE 'UTC')
                ON CONFLICT (kind, res_id, day)
                DO UPDATE SET used = gas_mobile_quota.used + EXCLUDED.used
                RETURNING used
                """,
                company=company.id,
                kind=kind,
                record=record.id,
                day=company._cs_today(),
                count=count,
                uid=self.env.uid,
            )
        )
        self.invalidate_model(["used"])
        return rows[0][0] <= limit

    @api.autovacuum
    def _gc_counters(self):
        before = fields.Date.to_date(fields.Datetime.now()) - timedelta(days=KEPT_DAYS)
        self.search([("day", "<", before)], limit=10000).unlink()
