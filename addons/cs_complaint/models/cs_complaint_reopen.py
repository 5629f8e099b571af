import datetime

from odoo import fields, models
from odoo.exceptions import UserError


class CsComplaint(models.Model):
    """A closed case goes on: a promise wasn't kept, or the customer isn't content."""

    _inherit = "cs.complaint"

    def action_not_kept(self):
        """Open the dialog in which a broken promise is written down."""
        self.ensure_one()
        self.check_access("write")
        self._cs_check_state("closed")
        return self._cs_answer_dialog(
            "cs.complaint.reply", self.env._("Reply of the Customer"), result="broken"
        )

    def action_broken_promise(self, reason):
        """What was promised wasn't kept: the case is open again, or a new one begins.

        Within the days of the company's setting the same case goes on; later it is a
        new one, linked with it.

        :param reason: what wasn't kept
        :return: action that opens the case which goes on
        """
        self.ensure_one()
        self.check_access("write")
        self._cs_lock()
        self._cs_check_state("closed")
        goes_on = self._cs_go_on((reason or "").strip())
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": goes_on.id,
            "views": [(False, "form")],
        }

    def _cs_may_reopen(self):
        """Whether a closed case still goes on itself, instead of a new one."""
        self.ensure_one()
        days = datetime.timedelta(days=self.company_id.cs_complaint_reopen_days)
        return self.closed_at and fields.Datetime.now() <= self.closed_at + days

    def _cs_go_on(self, reason):
        """Open this closed case again, or begin a new one that is linked with it.

        :param reason: why; kept in the history
        :return: the case that goes on, as the caller sees it
        """
        self.ensure_one()
        if not reason:
            raise UserError(self.env._("Write down why the case goes on."))
        case = self.sudo()
        if case._cs_may_reopen():
            case._cs_reopen(reason)
            goes_on = case
        else:
            goes_on = case._cs_next_case()
        goes_on._message_log(body=self.env._("Goes on: %s", reason))
        self.env["cs.notify"].sudo()._cs_notify(
            "complaint.reopened",
            goes_on,
            users=goes_on.handler_id
            or goes_on.first_owner_id
            or goes_on.team_id._cs_lead(),
            values={"reason": reason},
        )
        return goes_on.with_env(self.env)

    def _cs_next_case(self):
        """A new case about the same thing, with a history of its own."""
        self.ensure_one()
        vals = self._cs_next_round_vals()
        vals.update(round_no=1, previous_id=False)
        fresh = self.with_context(mail_create_nosubscribe=True).create(vals)
        self._cs_carry_identity(fresh)
        self._cs_carry_files(fresh)
        self._cs_link(fresh, "result")
        return fresh.with_env(self.env)
