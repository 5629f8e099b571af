from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CsInteractionGuard(models.Model):
    """A contact whoever writes, and however many do so at once."""

    _inherit = "cs.interaction"

    def write(self, vals):
        if not self.env.su:
            self._cs_check_moved(vals)
        result = super().write(vals)
        if vals.get("masked"):
            self._cs_hide_callbacks()
        return result

    def _cs_check_moved(self, vals):
        """The company stays; the team, whose lead has a say, moves by owner or lead."""
        if "company_id" in vals and self.company_id.ids != [vals["company_id"]]:
            raise UserError(self.env._("The company of a contact stays as it began."))
        if "team_id" in vals:
            team = vals["team_id"] or False
            self.filtered(lambda contact: contact.team_id.id != team)._cs_check_owner()

    def _cs_hide_callbacks(self):
        """Promises to call somebody back who is hidden from now on."""
        callbacks = self.env["cs.followup"].sudo()
        callbacks.search(
            [
                ("interaction_id", "in", self.ids),
                ("res_model", "=", False),
                ("masked", "=", False),
            ]
        )._update({"masked": True})

    def _cs_take_turn(self):
        """Of two transactions that change what hangs on a contact, one comes first.

        Neither sees what the other does, so each would judge by half of it. The second
        one waits and is then repeated by the server, with the work of the first.

        :raise SerializationFailure: another transaction was quicker
        """
        if self.ids:
            self.env.cr.execute(
                SQL(
                    """UPDATE cs_interaction SET state = state
                        WHERE id IN (SELECT id FROM cs_interaction WHERE id = ANY(%s)
                                   ORDER BY id FOR NO KEY UPDATE)""",
                    self.ids,
                )
            )
