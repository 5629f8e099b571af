from odoo import api, models
from odoo.tools import SQL

FUNCTION = SQL.identifier("cs_refuse_change")


class CsAppendOnly(models.AbstractModel):
    """Rows that are added and never changed or deleted, not even by SQL.

    Models that inherit this set ``_log_access = False``: the foreign keys of these
    columns would change rows when a user is deleted. The trigger is dropped by the
    uninstall hook, and by whoever may alter the table.
    """

    _name = "cs.append.only"
    _description = "Append-only Rows"
    _inherit = ["cs.guarded"]

    def _auto_init(self):
        if not self._abstract:
            self._drop_guard()  # a new column may have to be filled
        return super()._auto_init()

    def init(self):
        result = super().init()
        if not self._abstract:
            self._create_guard()
        return result

    # === GUARD === #

    @api.model
    def _create_guard(self):
        self.env.cr.execute(
            SQL(
                """CREATE OR REPLACE FUNCTION %s() RETURNS trigger AS $$
                   BEGIN
                       RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
                             USING ERRCODE = 'insufficient_privilege';
                   END $$ LANGUAGE plpgsql""".replace("'% ", "'%% "),
                FUNCTION,
            )
        )
        self._drop_guard()
        for name, event in self._guards():
            self.env.cr.execute(
                SQL(
                    "CREATE TRIGGER %s BEFORE %s ON %s FOR EACH %s EXECUTE FUNCTION "
                    "%s()",
                    SQL.identifier(name),
                    SQL(event),
                    SQL.identifier(self._table),
                    SQL("STATEMENT" if event == "TRUNCATE" else "ROW"),
                    FUNCTION,
                )
            )

    @api.model
    def _drop_guard(self):
        self.env.cr.execute("SELECT to_regclass(%s)", (self._table,))
        if not self.env.cr.fetchone()[0]:
            return
        for name, _event in self._guards():
            self.env.cr.execute(
                SQL(
                    "DROP TRIGGER IF EXISTS %s ON %s",
                    SQL.identifier(name),
                    SQL.identifier(self._table),
                )
            )

    @api.model
    def _guards(self):
        return [
            (f"{self._table}_no_change", "UPDATE OR DELETE"),
            (f"{self._table}_no_truncate", "TRUNCATE"),
        ]
