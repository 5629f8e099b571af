import base64
import hashlib

from odoo import fields, models
from odoo.exceptions import UserError


class GasDebitBatch(models.Model):
    """The way of a batch: choose bills, send, import the answer, close."""

    _inherit = "gas.debit.batch"

    # === ACTIONS ===#

    def action_pick(self):
        """Take the open bills of debit customers; several batches if they are many."""
        self.ensure_one()
        self._cs_check_group("cs_gas_billing.group_clerk")
        batch_sudo = self.sudo()
        batch_sudo._cs_lock()
        self._cs_check_state("draft")
        batches = self.env["gas.debit.picker"].sudo()._pick(batch_sudo)
        if len(batches) <= 1:
            return True
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_debit_batch_action"
        )
        return action | {"domain": [("id", "in", batches.ids)], "context": {}}

    def action_discard(self):
        """Put the chosen bills back; nothing was sent."""
        self._cs_check_group("cs_gas_billing.group_clerk")
        for batch in self:
            batch_sudo = batch.sudo()
            batch_sudo._cs_lock()
            batch._cs_check_state("draft")
            batch_sudo.line_ids.unlink()
            batch_sudo.exclusion_ids.unlink()
            batch_sudo._update_totals()
        return True

    def action_send(self):
        """Write the file and lock the bills; nothing is posted.

        What changed since the bills were chosen is looked at again: such bills are
        left out with a note.
        """
        self._cs_check_group("cs_gas_billing.group_clerk")
        for batch in self:
            batch_sudo = batch.sudo()
            batch_sudo._cs_lock()
            batch._cs_check_state("draft")
            if not batch_sudo.line_ids:
                raise UserError(self.env._("Select the bills first."))
            batch_sudo.profile_id._get_journal()
            self.env["gas.debit.picker"].sudo()._send(batch_sudo)
            self.env["cs.event"]._cs_log(
                "gas.debit.send",
                batch,
                details={
                    "count": batch_sudo.line_count,
                    "cents": round(batch_sudo.amount_total * 100),
                    "sha256": batch_sudo.file_hash,
                },
            )
        return True

    def action_download(self):
        """Fetch the file for the bank; noted, as it holds bank account numbers."""
        self.ensure_one()
        self._cs_check_group("cs_gas_billing.group_clerk")
        if not self.file_hash:
            raise UserError(self.env._("The file is written when the batch is sent."))
        self.env["cs.event"]._cs_log("gas.debit.download", self)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/gas.debit.batch/{self.id}/file"
            f"?filename_field=filename&download=true",
            "target": "download",
        }

    def action_import_result(self):
        """Open a new result file for this batch."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Result File"),
            "res_model": "gas.debit.result",
            "views": [(False, "form")],
            "context": {
                "default_batch_id": self.id,
                "default_profile_id": self.profile_id.id,
            },
        }

    def action_cancel(self, reason):
        """Take back a batch the bank never took; managers only.

        :param str reason: why, kept with the batch
        """
        self._cs_check_group("cs_gas_billing.group_manager")
        reason = self._check_reason(reason)
        for batch in self:
            batch_sudo = batch.sudo()
            batch_sudo._cs_lock()
            batch._cs_check_state("sent")
            batch_sudo._check_idle()
            lines = batch_sudo.line_ids.filtered(lambda line: line.state == "sent")
            batch_sudo._free(lines, "dropped", reason)
            batch_sudo.write({"state": "cancelled", "close_reason": reason})
        self.env["cs.event"]._cs_log("gas.debit.cancel", self)
        return True

    def action_close(self, reason):
        """End a batch although lines were not answered; managers only.

        Their bills can be paid in other ways again, and are in the next batch.
        """
        self._cs_check_group("cs_gas_billing.group_manager")
        reason = self._check_reason(reason)
        for batch in self:
            batch_sudo = batch.sudo()
            batch_sudo._cs_lock()
            batch._cs_check_state("answered")
            batch_sudo._check_idle()
            missing = batch_sudo.line_ids.filtered(lambda line: line.state == "sent")
            batch_sudo._free(missing, "missing", reason)
            batch_sudo.write({"state": "closed", "close_reason": reason})
        self.env["cs.event"]._cs_log("gas.debit.close", self)
        return True

    def _check_idle(self):
        if self.result_ids.filtered(lambda result: result.state == "importing"):
            raise UserError(
                self.env._("A result file of %s is being imported.", self.name)
            )

    def _check_reason(self, reason):
        reason = str(reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why."))
        return reason

    def action_lines(self):
        """Show the batch's lines, filtered as the button says."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_debit_line_action"
        )
        shown = self.env.context.get("gas_line_filter")
        return action | {
            "display_name": self.name,
            "domain": [("batch_id", "=", self.id)],
            "context": {f"search_default_{shown}": 1} if shown else {},
        }

    # === BUSINESS ===#

    def _free(self, lines, state, reason):
        """Unlock the bills of ``lines`` and use credit that came in meanwhile; sudo."""
        self.env["gas.allocator"]._lock_many(lines.account_id)
        lines._unlock_bills()
        lines.write({"state": state, "message": reason})
        self.env["gas.allocator"]._use_credits(lines.account_id)

    def _update_totals(self):
        """Keep the control totals of what is, or was, in the file; sudo."""
        for batch in self:
            [(count, amount)] = self.env["gas.debit.line"]._read_group(
                [("batch_id", "=", batch.id), ("state", "!=", "dropped")],
                [],
                ["__count", "amount:sum"],
            )
            batch.write({"line_count": count, "amount_total": amount or 0.0})

    def _store_file(self, content):
        self.ensure_one()
        self.write(
            {
                "file": base64.b64encode(content),
                "filename": self.profile_id._get_file_name(
                    self.name, self.date, self.line_count
                ),
                "file_hash": hashlib.sha256(content).hexdigest(),
                "sent_by_id": self.env.uid,
                "sent_on": fields.Datetime.now(),
                "state": "sent",
            }
        )

    def _after_result(self):
        """Follow what the bank has answered so far; sudo."""
        self.env.flush_all()
        self.invalidate_recordset()
        for batch in self:
            if batch.state in ("sent", "answered"):
                batch.state = "answered" if batch.waiting_count else "closed"
