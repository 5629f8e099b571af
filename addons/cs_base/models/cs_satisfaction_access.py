import datetime

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL, hmac

WINDOW = datetime.timedelta(hours=1)
#: Requests within the window: many customers of one mobile network share an address,
#: one link has one customer.
PER_IP, PER_LINK = 300, 30


class CsSatisfactionAccess(models.Model):
    """Requests to the voting page, counted to slow down whoever tries it out.

    Holds keyed hashes only and is emptied every day.
    """

    _name = "cs.satisfaction.access"
    _description = "Request to the Voting Page"
    _allow_sudo_commands = False

    ip_hash = fields.Char(required=True, readonly=True, export_string_translation=False)
    link_hash = fields.Char(
        required=True, readonly=True, export_string_translation=False
    )

    _ip_idx = models.Index("(ip_hash, create_date)")
    _link_idx = models.Index("(link_hash, create_date)")

    @api.model
    def _cs_hash(self, value):
        """Keyed hash that tells equal values, and nothing else."""
        return hmac(self.sudo().env, self._name, str(value))[:32]

    @api.model
    def _cs_admit(self, ip, token):
        """Count a request; in a transaction of its own, so that it counts for sure.

        :return: False if there were too many from this address or for this link
        """
        ip_hash, link_hash = self._cs_hash(ip), self._cs_hash(token)
        with self.env.registry.cursor() as cr:
            rows = api.Environment(cr, SUPERUSER_ID, {})[self._name]
            since = ("create_date", ">", fields.Datetime.now() - WINDOW)
            counted = (
                rows.search_count([("ip_hash", "=", ip_hash), since], limit=PER_IP),
                rows.search_count(
                    [("link_hash", "=", link_hash), since], limit=PER_LINK
                ),
            )
            if counted[0] >= PER_IP or counted[1] >= PER_LINK:
                return False
            rows.create({"ip_hash": ip_hash, "link_hash": link_hash})
        return True

    @api.autovacuum
    def _gc_requests(self):
        """Forget requests of yesterday."""
        limit = fields.Datetime.now() - datetime.timedelta(days=1)
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE create_date < %s",
                SQL.identifier(self._table),
                limit,
            )
        )
        return self.env.cr.rowcount, 0
