from odoo import api, fields, models
from odoo.tools import SQL

TABLE = SQL.identifier("cs_presence")
#: Seconds after the last sign of life for which somebody counts as present; forms
#: give one every 20 seconds.
TTL = 45


class CsPresence(models.AbstractModel):
    """Who has which matter open right now.

    A plain unlogged table: it is written often, nobody keeps it, and after a crash of
    the database it is empty, as it should be.
    """

    _name = "cs.presence"
    _description = "Presence"

    def init(self):
        result = super().init()
        self.env.cr.execute(
            SQL(
                """CREATE UNLOGGED TABLE IF NOT EXISTS %s (
                       model varchar NOT NULL,
                       res_id integer NOT NULL,
                       user_id integer NOT NULL,
                       seen_at timestamp NOT NULL,
                       PRIMARY KEY (model, res_id, user_id)
                   )""",
                TABLE,
            )
        )
        return result

    @api.model
    def _drop_table(self):
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", TABLE))

    @api.model
    def _cs_beat(self, matter):
        """The user has ``matter`` open.

        :return: whether he came just now
        """
        [(came,)] = self.env.execute_query(
            SQL(
                """INSERT INTO %(table)s AS present (model, res_id, user_id, seen_at)
                        VALUES (%(model)s, %(id)s, %(user)s, %(now)s)
                   ON CONFLICT (model, res_id, user_id)
                     DO UPDATE SET seen_at = EXCLUDED.seen_at
                     RETURNING xmax = 0""",
                table=TABLE,
                model=matter._name,
                id=matter.id,
                user=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        return came

    @api.model
    def _cs_leave(self, matter):
        """The user closed ``matter``."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE (model, res_id, user_id) = (%s, %s, %s)",
                TABLE,
                matter._name,
                matter.id,
                self.env.uid,
            )
        )

    @api.model
    def _cs_others(self, matter):
        """The other users who have ``matter`` open, with sudo."""
        rows = self.env.execute_query(
            SQL(
                """SELECT user_id FROM %s
                    WHERE model = %s AND res_id = %s AND user_id != %s
                      AND seen_at > %s - make_interval(secs => %s)
                 ORDER BY user_id""",
                TABLE,
                matter._name,
                matter.id,
                self.env.uid,
                fields.Datetime.now(),
                TTL,
            )
        )
        return self.env["res.users"].sudo().browse(row[0] for row in rows).exists()

    @api.autovacuum
    def _gc_presence(self):
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE seen_at < %s - interval '1 hour'",
                TABLE,
                fields.Datetime.now(),
            )
        )
