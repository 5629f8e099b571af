import json

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.charge import charge
from ..tools.rating import input_hash
from ..tools.rounding import from_float, to_decimal


class GasBill(models.Model):
    """Proof of a bill: its frozen inputs, and that they still give what it says."""

    _inherit = "gas.bill"

    calc_text = fields.Text(string="Frozen Inputs (Text)", compute="_compute_calc_text")

    @api.depends("calc")
    def _compute_calc_text(self):
        for bill in self:
            bill.calc_text = (
                json.dumps(bill.calc, ensure_ascii=False, indent=1, sort_keys=True)
                if bill.calc
                else False
            )

    def action_verify(self):
        """Prove that the frozen inputs still give these bills; tell the result."""
        self.check_access("read")
        groups = "cs_gas_billing.group_auditor,cs_gas_billing.group_manager"
        if not self.env.su and not self.env.user.has_groups(groups):
            raise AccessError(
                self.env._("Auditors and billing managers recompute bills.")
            )
        bills = self.filtered("calc_hash")
        faults = {bill: bill._get_proof_fault() for bill in bills}
        wrong = [
            f"{bill.display_name}: {text}" for bill, text in faults.items() if text
        ]
        if wrong:
            message = "\n".join(wrong[:10])
        elif len(bills) == 1:
            message = self.env._(
                "The inputs give %(amount)s again, tier by tier; hash %(hash)s agrees.",
                amount=f"{bills.amount_total:.2f}",
                hash=f"{bills.calc_hash[:12]}…",
            )
        else:
            message = self.env._(
                "%s bills: the inputs give the same amounts and hashes.", len(bills)
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if wrong else "success",
                "title": self.env._("Recomputed"),
                "message": message,
                "sticky": bool(wrong),
            },
        }

    def _get_proof_fault(self):
        """Return what differs when the frozen inputs are rated again, or None."""
        self.ensure_one()
        if input_hash(self.calc, self.engine_version) != self.calc_hash:
            return self.env._("the inputs don't give the stored hash.")
        result = charge(self.calc)
        lines = [
            (line["tier"], to_decimal(line["qty"]), to_decimal(line["amount"]))
            for line in result["lines"]
        ]
        stored = [
            (line.tier, from_float(line.quantity, 3), from_float(line.amount, 2))
            for line in self.line_ids.sorted("sequence")
        ]
        if lines != stored or to_decimal(result["amount"]) != from_float(
            self.amount_total, 2
        ):
            return self.env._("the inputs give %s.", result["amount"])
        return None
