from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class CsGuarded(models.AbstractModel):
    """Rows that only the model's own private methods write, whoever calls.

    Access rights stop users, but not code with sudo nor the superuser's client. Here
    ``create`` and ``write`` refuse everybody; the model uses ``_append`` and
    ``_update``, which RPC can't reach.
    """

    _name = "cs.guarded"
    _description = "Guarded Rows"
    _allow_sudo_commands = False

    @api.model_create_multi
    def create(self, vals_list):
        if vals_list:
            raise AccessError(self._refusal())
        return super().create(vals_list)

    def write(self, vals):
        if vals:
            raise AccessError(self._refusal())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self._refusal())

    def _refusal(self):
        return self.env._(
            "%s: rows are added and changed by the system only.", self._description
        )

    @api.model
    def _append(self, vals_list):
        parent = super(CsGuarded, self.sudo().with_context(tracking_disable=True))
        return parent.create(vals_list).with_env(self.sudo().env)

    def _drop(self):
        """Delete rows whose time is over, with their files."""
        rows = self.sudo()
        files = self.env["ir.attachment"].sudo()
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        files.search([*domain, ("res_field", "!=", False)]).unlink()
        drop_rows(rows, [("id", "in", self.ids)])

    def _update(self, vals):
        parent = super(CsGuarded, self.sudo())
        return parent.write(vals)


def drop_rows(model, domain):
    """Delete the rows of ``domain`` whatever guards them; they are at their end."""
    model.env.flush_all()
    query = model.with_context(active_test=False)._search(domain)
    model.env.cr.execute(
        SQL(
            "DELETE FROM %s WHERE id IN %s",
            SQL.identifier(model._table),
            query.subselect(),
        )
    )
    model.env.invalidate_all(flush=False)
