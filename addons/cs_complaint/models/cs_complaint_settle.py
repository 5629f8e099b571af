from odoo import api, fields, models
from odoo.exceptions import UserError

SEVERE = ("severe", "media")


class CsComplaint(models.Model):
    """What the case needs to know of its settlements."""

    _inherit = "cs.complaint"

    settlement_ids = fields.One2many(
        comodel_name="cs.complaint.settlement",
        inverse_name="complaint_id",
        string="Settlements",
    )
    settlement_line_ids = fields.One2many(
        comodel_name="cs.complaint.settlement.line",
        inverse_name="complaint_id",
        string="To Be Carried Out",
        domain=[
            ("stage", "in", ("approved", "executing", "settled", "waived")),
            ("kind", "not in", ("explanation", "apology")),
        ],
        readonly=True,
    )
    settlement_hint = fields.Char(compute="_compute_settlement_money")
    settlement_amount = fields.Monetary(
        string="Approved", compute="_compute_settlement_money"
    )
    settlement_paid = fields.Monetary(
        string="Paid", compute="_compute_settlement_money"
    )
    settlement_owed = fields.Monetary(
        string="Owed", compute="_compute_settlement_money"
    )
    settlement_open = fields.Monetary(
        string="Not Booked", compute="_compute_settlement_money"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    @api.depends(
        "settlement_ids.stage",
        "settlement_ids.line_ids.amount_booked",
        "settlement_ids.line_ids.amount_paid",
    )
    @api.depends_context("lang")
    def _compute_settlement_money(self):
        """From posted entries; what is not in the books is open."""
        for case in self:
            lines = case.sudo()._cs_settlement_lines()
            case.settlement_amount = sum(lines.mapped("amount"))
            case.settlement_paid = sum(lines.mapped("amount_paid"))
            case.settlement_owed = sum(lines.mapped("amount_owed"))
            case.settlement_open = sum(lines.mapped("amount_open"))
            case.settlement_hint = case.sudo()._cs_settlement_refusal() or False

    def _cs_settlement_lines(self):
        """The lines of settlements that were approved. Sudo."""
        approved = self.settlement_ids.filtered(
            lambda settlement: settlement.state in ("approved", "waived")
        )
        return approved.line_ids

    # === WHAT OTHER TOPICS ASK === #

    def _cs_is_severe(self):
        """Whether at least a manager decides: severe, or media and associations."""
        self.ensure_one()
        case = self.sudo()
        return case.severity in SEVERE or case.particularly_severe

    def _cs_settlement_event(self):
        """The record amounts add up over: the mass event, else the first round."""
        self.ensure_one()
        for name in ("parent_id", "chain_id"):
            if name in self._fields and self[name]:
                return self[name]
        return self

    def _cs_settlement_refusal(self):
        """Why the answer may not be told yet; empty if it may."""
        self.ensure_one()
        settlements = self.sudo().settlement_ids
        if waiting := settlements.filtered(lambda s: s.state == "chosen"):
            return self.env._(
                "Settlement %(name)s waits for its approval (%(step)s). Nothing may be "
                "promised before.",
                name=waiting[0].name,
                step=waiting[0].next_step or "",
            )
        proposed = settlements.filtered(lambda s: s.state == "proposed")
        approved = settlements.filtered(lambda s: s.state in ("approved", "waived"))
        if proposed and not approved:
            return self.env._(
                "Settlement %s is only proposed. A team lead picks one, or drops it.",
                ", ".join(proposed.mapped("name")),
            )
        return ""

    def _cs_loss_amount(self):
        """Also what was approved to settle it; of waived ones what was booked."""
        lines = self.sudo()._cs_settlement_lines()
        return super()._cs_loss_amount() + sum(line._kept_amount() for line in lines)

    def _cs_facts(self):
        facts = super()._cs_facts()
        for case in self:
            facts[case.id]["amount"] = case._cs_loss_amount()
        return facts

    def _cs_outside_locked(self):
        """Nothing free goes out while a settlement of it, or of its event, waits."""
        if super()._cs_outside_locked():
            return True
        cases = self.sudo()
        if "parent_id" in self._fields:
            cases |= cases.parent_id
        return "chosen" in cases.settlement_ids.mapped("state")

    def _cs_open_points(self):
        points = super()._cs_open_points()
        if refusal := self._cs_settlement_refusal():
            points.append(refusal)
        approved = self.sudo().settlement_ids.filtered(lambda s: s.state == "approved")
        points += [line._open_point() for line in approved.line_ids if not line.done]
        return points

    # === WHAT HAPPENS TO THE CASE === #

    def write(self, vals):
        grave = {"severity", "particularly_severe"} & vals.keys()
        before = {case: case._cs_is_severe() for case in self} if grave else {}
        result = super().write(vals)
        for case, was in before.items():
            if case._cs_is_severe() != was:
                case.sudo()._cs_settlement_on_severity()
        return result

    def _cs_settlement_on_severity(self):
        """Others decide now: what waits or isn't begun needs their approval. Sudo."""
        for settlement in self.settlement_ids:
            if (
                settlement.state in ("chosen", "approved")
                and not settlement._is_begun()
            ):
                settlement._void(self.env._("The severity changed."))

    def _cs_set_state(self, new, **vals):
        result = super()._cs_set_state(new, **vals)
        if new in ("refused", "withdrawn", "merged"):
            self.sudo()._cs_settlement_on_refused()
        return result

    def _cs_hide_approvals(self):
        """Also those of its settlements, which name customer and premises no longer.

        What isn't begun is picked anew, as the money goes another way now.
        """
        result = super()._cs_hide_approvals()
        settlements = self.sudo().settlement_ids
        for settlement in settlements:
            if (
                settlement.state in ("chosen", "approved")
                and not settlement._is_begun()
            ):
                settlement._void(self.env._("The person is hidden now."))
        approvals = self.env["cs.approval"].sudo()
        approvals._cs_hide(settlements)
        domain = [
            ("res_model", "=", settlements._name),
            ("res_id", "in", settlements.ids),
        ]
        approvals.search(domain)._update(
            {"scope_partner_id": False, "scope_premises_id": False, "reason": False}
        )
        return result

    def _cs_settlement_on_refused(self):
        """The case ends without agreement: what isn't carried out is dropped, what is
        in the books stays. Sudo."""
        reason = self.env._("The case ended without it.")
        for settlement in self.settlement_ids:
            if settlement.state in ("proposed", "chosen"):
                settlement._end("dropped", reason)
            elif settlement.state == "approved" and settlement.stage != "settled":
                begun = settlement._is_begun()
                settlement._end("waived" if begun else "dropped", reason)

    def action_propose(self):
        """Open the dialog of a new proposal."""
        self.ensure_one()
        self.check_access("write")
        self.env["cs.complaint.settlement"]._refuse_case(self.sudo())
        title = self.env._("Propose a Settlement")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.complaint.settlement",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def _cs_merge_refuse(self, other):
        if refusal := super()._cs_merge_refuse(other):
            return refusal
        live = other.sudo().settlement_ids.filtered(
            lambda s: s.state in ("chosen", "approved", "waived")
        )
        if live:
            return self.env._(
                "%(case)s has settlement %(name)s: it can't be merged into another "
                "case.",
                case=other.display_name,
                name=live[0].name,
            )
        return ""

    @api.ondelete(at_uninstall=False)
    def _unlink_unsettled(self):
        if self.sudo().settlement_ids.line_ids.document_id:
            raise UserError(self.env._("Its settlement is in the books."))
