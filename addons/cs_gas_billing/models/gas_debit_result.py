import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..bulk import insert
from ..tools.bankresult import ResultFault
from .gas_import_mixin import LINES_AT_ONCE, OPEN_FIELDS


class GasDebitResult(models.Model):
    """The bank's answer to a debit batch 代扣结果文件.

    The file is checked as a whole first (same file again, totals, batch), then line
    by line; good lines are booked in chunks, so a killed import goes on where it
    stopped.
    """

    _name = "gas.debit.result"
    _description = "Debit Result"
    _inherit = ["gas.import.mixin"]
    _cs_open_fields = OPEN_FIELDS | {"batch_id"}
    _order = "id desc"
    _check_company_auto = True

    profile_id = fields.Many2one(
        comodel_name="gas.bank.profile",
        string="Bank Profile",
        check_company=True,
        help="Empty: found by the file's content.",
    )
    batch_id = fields.Many2one(
        comodel_name="gas.debit.batch",
        string="Debit Batch",
        index=True,
        check_company=True,
        domain="[('state', 'in', ('sent', 'answered', 'closed'))]",
        help="Empty: found by the file's content.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many(
        comodel_name="gas.debit.result.line",
        inverse_name="import_id",
        string="File Lines",
        readonly=True,
    )
    problem_ids = fields.One2many(
        comodel_name="gas.debit.result.line",
        inverse_name="import_id",
        string="Lines to Look at",
        domain=[("state", "!=", "ok")],
        readonly=True,
    )
    ok_count = fields.Integer(string="Debited")
    refused_count = fields.Integer(string="Refused by Bank", readonly=True, copy=False)
    returned_count = fields.Integer(
        string="Returned by Bank", readonly=True, copy=False
    )
    amount_ok = fields.Monetary(string="Amount Debited", readonly=True, copy=False)
    amount_refused = fields.Monetary(readonly=True, copy=False)
    waiting_count = fields.Integer(related="batch_id.waiting_count")
    batch_state = fields.Selection(related="batch_id.state", string="State of Batch")

    # === CRUD ===#

    def write(self, vals):
        if (
            "batch_id" in vals
            and not self.env.su
            and any(record.state not in ("draft", "refused") for record in self)
        ):
            raise UserError(
                self.env._("This file was checked already. Start a new import.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if any(self.sudo().line_ids.mapped("booked")):
            raise UserError(self.env._("An imported file is kept as evidence."))

    # === ACTIONS ===#

    def action_lines(self):
        """Show the lines of the file, filtered as the button says."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_debit_result_line_action"
        )
        shown = self.env.context.get("gas_line_filter")
        return action | {
            "display_name": self.name,
            "domain": [("import_id", "=", self.id)],
            "context": {f"search_default_{shown}": 1} if shown else {},
        }

    def action_batch(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "gas.debit.batch",
            "res_id": self.batch_id.id,
            "views": [(False, "form")],
        }

    def action_recheck(self):
        """Look at the faulty lines again, after a code or a mandate was mended.

        The same file can't be imported twice; its other lines stay as they are.
        """
        self._check_may_import()
        for record in self:
            result_sudo = record._lock_import()
            if result_sudo.state != "done" or not result_sudo.rejected_count:
                raise UserError(self.env._("There is no faulty line to look at."))
            result_sudo._check_same_file()
            result_sudo._check_faulty_again()
        return True

    # === CHECK ===#

    @api.model
    def _get_count_fields(self):
        return [
            *super()._get_count_fields(),
            *("refused_count", "returned_count", "amount_ok", "amount_refused"),
        ]

    @api.model
    def _get_empty_line(self):
        return {
            "ref": None,
            "account": None,
            "amount": None,
            "answer": None,
            "date": None,
            "line_id": None,
            "booked": False,
        }

    def _check_file(self):
        """Read the file and fill the lines and counts; sudo."""
        self.ensure_one()
        if any(self.line_ids.mapped("booked")):
            return self._check_faulty_again()
        self.line_ids.unlink()
        data = self._get_data()
        self.file_hash = hashlib.sha256(data).hexdigest()
        checker = self.env["gas.debit.result.checker"]
        try:
            found = checker._check(self, data)
        except ResultFault as fault:
            return self._refuse(fault.code, checker._explain(fault))
        common = {"import_id": self.id, "company_id": self.company_id.id}
        values = found.lines
        for start in range(0, len(values), LINES_AT_ONCE):
            part = values[start : start + LINES_AT_ONCE]
            insert(self.line_ids.browse(), [line | common for line in part])
        self.invalidate_recordset()
        return self.write(
            self._prepare_checked_values(values, None)
            | {"profile_id": found.batch.profile_id.id, "batch_id": found.batch.id}
        )

    def _check_faulty_again(self):
        """Read the file again and replace what was faulty; sudo."""
        checker = self.env["gas.debit.result.checker"]
        faulty = self.line_ids.filtered(lambda line: line.state == "rejected")
        rows = set(faulty.mapped("row"))
        try:
            found = checker._check(self, self._get_data())
        except ResultFault as fault:
            raise UserError(checker._explain(fault)) from fault
        faulty.unlink()
        common = {"import_id": self.id, "company_id": self.company_id.id}
        values = [line | common for line in found.lines if line["row"] in rows]
        insert(self.line_ids.browse(), values)
        self.invalidate_recordset()
        self._count_lines()
        if {"ok", "refused", "returned"} & {line["state"] for line in values}:
            self.state = "checked"

    def _prepare_checked_values(self, lines, twin):
        values = super()._prepare_checked_values(lines, twin)
        states = [line["state"] for line in lines]
        if {"ok", "refused", "returned"} & set(states):
            values["message"] = False
        amounts = {
            state: sum(line["amount"] for line in lines if line["state"] == state)
            for state in ("ok", "refused")
        }
        return values | {
            "refused_count": states.count("refused"),
            "returned_count": states.count("returned"),
            "amount_ok": float(amounts["ok"]),
            "amount_refused": float(amounts["refused"]),
        }
