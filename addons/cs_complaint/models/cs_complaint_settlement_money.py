import datetime

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .cs_complaint_settlement_line import EXECUTORS, MONEY

#: Days until a repair without a date is due (ours).
REPAIR_DAYS = 7


class CsComplaintSettlementLine(models.Model):
    """Carrying out what is approved: each line once, whoever presses how often.

    The methods check who asks; the booking itself has full rights, as people in
    complaints have none in accounting.
    """

    _inherit = "cs.complaint.settlement.line"

    # === BEFORE === #

    def _check_bookable(self):
        """Say before the approval what would stop the booking after it.

        :raise UserError: a setting is missing, nobody could be paid, more than is
            there
        """
        booking = self.env["cs.complaint.booking"].sudo()
        for line in self.sudo():
            if line.kind in MONEY:
                booking._check_line(line)

    def _open_point(self):
        """What is still to be done for this line: a sentence."""
        self.ensure_one()
        needs = dict(self._fields["needs"]._description_selection(self.env))
        return self.env._(
            "Settlement %(name)s, %(what)s: %(needs)s.",
            name=self.name,
            what=self._label(),
            needs=needs.get(self.needs, ""),
        )

    # === AFTER THE APPROVAL === #

    def _on_approved(self):
        """What begins by itself: repairs. Sudo, as the approver."""
        for line in self:
            if line.kind == "repair":
                line._cs_execute_repair()

    def _cs_execute_repair(self):
        """Let somebody see to the repair; other apps make an order of their own. Sudo.

        :return: the record that tells when it is done, here a ``cs.action``
        """
        self.ensure_one()
        case = self.complaint_id
        today = case.company_id._cs_today()
        due = self.due_on or today + datetime.timedelta(days=REPAIR_DAYS)
        self.action_id = self.env["cs.action"].create(
            {
                "subject": self.env._("%s: repair or goods", self.name),
                "problem": self.env._("Approved settlement %s", self.name),
                "measure": self.note or self._label(),
                "handler_id": (self.owner_id or case.handler_id or self.env.user).id,
                "due_on": max(due, today),
                "company_id": case.company_id.id,
                "origin_ref": f"{case._name},{case.id}",
            }
        )
        return self.action_id

    def action_repair(self):
        """Start the repair again whose action was dropped."""
        self._check_executor()
        for line in self.sudo():
            line.settlement_id._lock_case()
            line.settlement_id._check_approved()
            if line.kind != "repair":
                raise UserError(self.env._("There is nothing to repair."))
            if not line.action_id or line.action_id.state == "dropped":
                line._cs_execute_repair()
        return True

    def _check_executor(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_groups(",".join(EXECUTORS)):
            raise AccessError(
                self.env._("A team lead, or accounting, carries settlements out.")
            )

    def action_certificate_back(self, received_on, filename, content):
        """The allowance certificate came back sealed: keep its scan, book the credit.

        Whoever works on the case brings it.

        :param received_on: day it came back, not in the future
        :param content: the scan, base64
        """
        self.ensure_one()
        if not self.env.user.has_groups(",".join(EXECUTORS)):
            self.check_access("write")
        self.check_access("read")
        line = self.sudo()
        line.settlement_id._lock_case()
        self.invalidate_recordset()
        if line.kind != "allowance":
            raise UserError(self.env._("Only an allowance has a certificate."))
        line.settlement_id._check_approved()
        received_on = fields.Date.to_date(received_on)
        if not received_on or not (content or "") or not (filename or "").strip():
            raise UserError(
                self.env._(
                    "The day and the scan of the sealed certificate are compulsory."
                )
            )
        if received_on > line.company_id._cs_today():
            raise UserError(self.env._("The day lies in the future."))
        if not line.certificate_on:
            line.certificate_id = (
                self.env["ir.attachment"]
                .sudo()
                .create(
                    {
                        "name": filename.strip(),
                        "datas": content,
                        "res_model": line._name,
                        "res_id": line.id,
                        "cs_internal": True,
                    }
                )
            )
            line.certificate_on = received_on
            self.env["cs.event"]._cs_log("complaint.settlement.certificate", self)
        return self._book()

    def action_book(self):
        """Book an allowance whose certificate is here; pay a compensation or refund."""
        self._check_executor()
        for line in self:
            line._book()
        return True

    def _book(self):
        self.ensure_one()
        line = self.sudo()
        line.settlement_id._lock_case()
        self.invalidate_recordset()
        if line.done:
            return True
        if line.kind not in MONEY:
            raise UserError(self.env._("Nothing of this goes into the books."))
        line._check_receiver(self.env.user)
        line.settlement_id._check_approved()
        self.env["cs.complaint.booking"].sudo()._book(line)
        self.env["cs.event"]._cs_log("complaint.settlement.book", self)
        return True

    def _check_receiver(self, payer):
        """Raise while it may not be handed out, or not by ``payer``; rewards do."""

    # === SCREEN === #

    def action_document(self):
        """Open the entry, for whoever may read it."""
        self.ensure_one()
        self.check_access("read")
        move = self.sudo().document_id
        if not move:
            raise UserError(self.env._("Nothing is booked yet."))
        move.with_env(self.env).check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": move.id,
            "views": [(False, "form")],
        }

    def action_certificate(self):
        """Ask for the sealed certificate."""
        self.ensure_one()
        title = self.env._("Certificate Is Back")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.complaint.certificate",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    def action_choose_invoice(self):
        """Choose the invoice the allowance is credited to."""
        self.ensure_one()
        self.check_access("write")
        if self.kind != "allowance":
            raise UserError(self.env._("Only an allowance is credited to an invoice."))
        self.settlement_id._cs_on_change()
        return self.complaint_id._cs_choose_invoices(self.invoice_id.ids, self)

    def _cs_take_invoice(self, invoice):
        """Credit the allowance to ``invoice``; an approval so far becomes void."""
        self.ensure_one()
        self.check_access("write")
        if invoice != self.sudo().invoice_id:
            self.settlement_id._cs_on_change()
            self.sudo().invoice_id = invoice

    def action_ask_code(self):
        """Ask the person for the code of his reward."""
        self.ensure_one()
        action = self.settlement_id.sudo()._step("reward")
        action["context"] = {"default_line_id": self.id, "default_step": "reward"}
        return action
