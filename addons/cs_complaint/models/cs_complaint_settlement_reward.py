from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import consteq

#: Wrong codes until the first owner has to give a new one (ours).
MAX_TRIES = 5
#: Value of ``groups`` of what nobody reads.
NOBODY = "."


class CsComplaintSettlementLine(models.Model):
    """Who pays a reward sees a number and an amount; the code is the receipt."""

    _inherit = "cs.complaint.settlement.line"

    reward_code = fields.Char(
        readonly=True, copy=False, groups=NOBODY, export_string_translation=False
    )
    reward_tries = fields.Integer(
        readonly=True, copy=False, groups=NOBODY, export_string_translation=False
    )

    def _reward_hash(self, code):
        return self.env["cs.event"]._cs_hmac(f"reward {self.id} {code}")

    def action_pay_reward(self, code):
        """Pay the reward to who says ``code``; a wrong one is counted, not raised."""
        self.ensure_one()
        self._check_executor()
        line = self.sudo()
        line.settlement_id._lock_case()
        self.invalidate_recordset()
        if line.kind != "reward":
            raise UserError(self.env._("This is no reward."))
        if line.done:
            raise UserError(self.env._("It is paid already."))
        if not line.reward_code or line.reward_tries >= MAX_TRIES:
            raise UserError(
                self.env._("The first owner has to give the person a new code.")
            )
        if not consteq(line.reward_code, self._reward_hash(str(code or "").strip())):
            line.reward_tries += 1
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "danger",
                    "message": self.env._("This is not the code. Nothing was paid."),
                },
            }
        self.env["cs.event"]._cs_log("complaint.reward.receipt", self)
        line_with_code = self.with_context(cs_reward_code=line.reward_code)
        line_with_code._book()
        line.reward_code = False
        return True

    def _check_receiver(self, payer):
        """Only with the code, and by somebody who doesn't know the person."""
        super()._check_receiver(payer)
        if self.kind != "reward":
            return
        given = self.env.context.get("cs_reward_code") or ""
        if not self.reward_code or not consteq(self.reward_code, str(given)):
            raise UserError(self.env._("A reward is paid to who says its code."))
        if payer == self.complaint_id.interaction_id.first_owner_id:
            raise AccessError(
                self.env._("You know the person: somebody else pays the reward.")
            )
