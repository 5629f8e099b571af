from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

FUNCTION = SQL.identifier("cs_refuse_change")


class CsAppendOnly(models.AbstractModel):
    """Rows that are added and never changed or deleted, not even by SQL.

    Rows come into being in private methods of the model, through ``_append``. The
    trigger is dropped by the uninstall hook, and by whoever may alter the table.
    """

    _name = "cs.append.only"
    _description = "Append-only Rows"
    _log_access = False
    _allow_sudo_commands = False

    def _auto_init(self):
        if not self._abstract:
            self._drop_guard()  # a new column may have to be filled
        return super()._auto_init()

    def init(self):
        super().init()
        if not self._abstract:
            self._create_guard()

    @api.model_create_multi
    def create(self, vals_list):
        raise AccessError(self._refusal())

    def write(self, vals):
        raise AccessError(self._refusal())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self._refusal())

    def _refusal(self):
        return self.env._("%s: rows are only added by the system.", self._description)

    @api.model
    def _append(self, vals_list):
        return super(CsAppendOnly, self.sudo()).create(vals_list)

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
