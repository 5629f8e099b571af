import secrets

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .cs_complaint_settlement import LEAD


class CsComplaint(models.Model):
    """A report of corruption that held true is rewarded, without saying who made it."""

    _inherit = "cs.complaint"

    def action_reward(self):
        """Ask for the reward of a substantiated report; once for a case."""
        self.ensure_one()
        self._cs_check_group(LEAD)
        self._cs_lock()
        if self.kind != "corruption" or self.judgement != "substantiated":
            raise UserError(
                self.env._("Reports of corruption that held true are rewarded.")
            )
        case = self.sudo()
        rewards = case.settlement_ids.line_ids.filtered(
            lambda one: one.kind == "reward"
        )
        if rewards.settlement_id.filtered(
            lambda reward: reward.state in ("chosen", "approved", "waived")
        ):
            raise UserError(self.env._("The reward was asked for already."))
        reward = case.settlement_ids.create(
            {
                "complaint_id": case.id,
                "proposer_id": self.env.uid,
                "line_ids": [
                    Command.create(
                        {"kind": "reward", "amount": case.company_id.cs_reward_amount}
                    )
                ],
            }
        )
        reward._check_choosable(case)
        reward.write(
            {
                "state": "chosen",
                "chosen_by_id": self.env.uid,
                "chosen_at": fields.Datetime.now(),
            }
        )
        reward._request_approval()
        self.env["cs.event"]._cs_log("complaint.reward.request", self)
        return True

    def action_reward_code(self):
        """Show the first owner a code for the person who reported; the last one
        counts. Who pays asks for it: that is the receipt."""
        self.ensure_one()
        self.check_access("read")
        if self.sudo().interaction_id.first_owner_id != self.env.user:
            raise AccessError(
                self.env._(
                    "The first owner of the contact gives the code to the person."
                )
            )
        line = self.sudo().settlement_ids.line_ids.filtered(
            lambda one: one.kind == "reward" and one.stage == "approved"
        )[:1]
        if not line:
            raise UserError(self.env._("There is no approved reward to be paid."))
        code = f"{secrets.randbelow(10**6):06d}"
        line.write({"reward_code": line._reward_hash(code), "reward_tries": 0})
        self.env["cs.event"]._cs_log("complaint.reward.code", self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "sticky": True,
                "title": self.env._("Code for Settlement %s", line.name),
                "message": self.env._(
                    "%s: tell it to the person in private. Who says it gets the "
                    "reward.",
                    code,
                ),
            },
        }
