from odoo import api, fields, models
from odoo.exceptions import UserError

APPROVAL = "gas.correction"
#: What a person may fill in; everything else follows.
OPEN_FIELDS = frozenset({"kind", "bill_id", "reason", "accounting_date", "reading_ids"})


class GasCorrection(models.Model):
    """Cancel and rebill 冲红重开: what was wrong, what the bills become, who agreed.

    The bills from the first wrong one on are rated again in the order of time, each
    with its own frozen inputs except for what is corrected. Those whose amount or
    lines change are taken back in red and billed anew; the others stay.
    """

    _name = "gas.correction"
    _description = "Correction of Bills"
    _inherit = ["mail.thread", "cs.approval.mixin", "cs.ruled"]
    _order = "id desc"
    _check_company_auto = True
    _cs_open_fields = OPEN_FIELDS

    name = fields.Char(string="Correction No.", readonly=True, copy=False)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        selection=[
            ("reading", "Wrong reading"),
            ("persons", "Change of persons"),
            ("tariff", "Wrong tariff"),
            ("cancel", "Cancel only"),
        ],
        string="What Was Wrong",
        required=True,
        default="reading",
    )
    bill_id = fields.Many2one(
        comodel_name="gas.bill",
        string="First Wrong Bill",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    account_id = fields.Many2one(related="bill_id.account_id", store=True, index=True)
    partner_id = fields.Many2one(related="bill_id.partner_id", string="Customer")
    service_point_id = fields.Many2one(
        related="bill_id.service_point_id", store=True, index=True
    )
    address = fields.Char(related="bill_id.address")
    reason = fields.Char()
    accounting_date = fields.Date(
        required=True,
        default=lambda self: self.env.company._cs_today(),
        help="Date of the red and the new entries; not in a locked period.",
    )
    reading_ids = fields.One2many(
        comodel_name="gas.correction.reading",
        inverse_name="correction_id",
        string="Readings",
    )
    line_ids = fields.One2many(
        comodel_name="gas.correction.line",
        inverse_name="correction_id",
        string="Bills",
        readonly=True,
    )
    new_bill_ids = fields.One2many(
        comodel_name="gas.bill",
        inverse_name="correction_id",
        string="New Bills",
        readonly=True,
    )
    problem = fields.Char(
        readonly=True, copy=False, help="Why nothing can be proposed yet."
    )
    changed_count = fields.Integer(string="Bills to Change", readonly=True, copy=False)
    amount_old = fields.Monetary(string="As Billed", readonly=True, copy=False)
    amount_new = fields.Monetary(string="As Corrected", readonly=True, copy=False)
    amount_difference = fields.Monetary(
        string="Difference", compute="_compute_amount_difference", store=True
    )
    digest = fields.Char(readonly=True, copy=False, export_string_translation=False)
    state = fields.Selection(
        selection=[
            ("draft", "New"),
            ("requested", "Waiting"),
            ("done", "Booked"),
            ("rejected", "Rejected"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
        index=True,
    )
    requested_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    approved_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    booked_on = fields.Datetime(readonly=True, copy=False)

    _name_uniq = models.UniqueIndex(
        "(company_id, name)", "The correction number exists already."
    )
    _waiting_uniq = models.UniqueIndex(
        "(service_point_id) WHERE state = 'requested'",
        "Another correction of this service point waits for its approval.",
    )

    @api.depends("name", "account_id.code")
    def _compute_display_name(self):
        for correction in self:
            parts = (correction.name, correction.account_id.code)
            correction.display_name = " · ".join(filter(None, parts))

    @api.depends("amount_old", "amount_new")
    def _compute_amount_difference(self):
        for correction in self:
            correction.amount_difference = correction.amount_new - correction.amount_old

    # === CRUD ===#

    @api.model_create_multi
    def create(self, vals_list):
        corrections = super().create(vals_list)
        corrections._fill_readings()
        corrections._propose()
        return corrections

    @api.model
    def _cs_complete(self, vals):
        bill = self.env["gas.bill"].browse(vals.get("bill_id"))
        if not bill:
            raise UserError(self.env._("Choose the first bill that is wrong."))
        bill.check_access("read")
        company = bill.company_id
        number = self.env["cs.numbering"].sudo().next(APPROVAL, company)
        return vals | {"company_id": company.id, "name": number}

    def write(self, vals):
        if (
            not self.env.su
            and OPEN_FIELDS & vals.keys()
            and any(correction.state != "draft" for correction in self)
        ):
            raise UserError(
                self.env._("This correction was sent for approval and is fixed.")
            )
        result = super().write(vals)
        if {"kind", "bill_id"} & vals.keys():
            self._fill_readings()
        if (OPEN_FIELDS - {"reason"}) & vals.keys():
            self.filtered(lambda row: row.state == "draft")._propose()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(correction.state != "draft" for correction in self):
            raise UserError(self.env._("A correction that was asked for is kept."))

    # === PROPOSAL ===#

    def _fill_readings(self):
        """Offer the registers of the first bill for correction."""
        for correction in self.sudo():
            correction.reading_ids.unlink()
            if correction.kind == "reading":
                readings = correction.bill_id.reading_ids
                openings = readings.previous_id.filtered(
                    lambda reading: reading.source == "opening"
                )
                self.env["gas.correction.reading"].sudo().create(
                    [
                        {
                            "correction_id": correction.id,
                            "reading_id": reading.id,
                            "new_value": reading.value,
                        }
                        for reading in (openings | readings).sorted("read_date")
                    ]
                )

    def _propose(self):
        """Rate the bills again and show what would change."""
        proposer = self.env["gas.correction.proposer"].sudo()
        for correction in self.sudo():
            proposer._fill(correction)

    # === ACTIONS ===#

    def action_propose(self):
        """Rate the bills again with what was entered."""
        self._cs_check_group("cs_gas_billing.group_clerk")
        for correction in self:
            correction._cs_check_state("draft")
        self._propose()
        return True

    def action_request(self):
        """Ask for the approval of what is proposed."""
        self._cs_check_group("cs_gas_billing.group_clerk")
        for correction in self:
            correction._cs_check_state("draft")
            correction._cs_lock()
            if not (correction.reason or "").strip():
                raise UserError(self.env._("Say why the bills are corrected."))
            correction._propose()
            if correction.problem:
                raise UserError(correction.problem)
            if not correction.changed_count:
                raise UserError(
                    self.env._("Nothing would change: there is nothing to correct.")
                )
            correction._check_accounting_date()
            correction.sudo().write(
                {"state": "requested", "requested_by_id": self.env.uid}
            )
            correction._cs_request_approval(
                APPROVAL,
                amount=abs(correction.amount_difference),
                reason=correction.reason,
            )
        return True

    def action_approve(self):
        """Approve and book the correction; never by the person who asked for it."""
        self._cs_check_group("cs_gas_billing.group_manager")
        for correction in self:
            correction._cs_check_state("requested")
            result = correction._cs_pending_approvals(APPROVAL).action_approve()
            if result is not True:
                correction._back_to_draft()
                return result
        return True

    def action_withdraw(self):
        """Take a request back, as the one who made it, or drop a draft."""
        self._cs_check_group("cs_gas_billing.group_clerk")
        for correction in self:
            correction._cs_check_state("draft", "requested")
            if correction.state == "requested":
                correction._cs_pending_approvals(APPROVAL).action_cancel()
            correction.sudo().state = "cancelled"
        return True

    def action_reopen(self):
        """Work on a rejected or withdrawn correction again."""
        self._cs_check_group("cs_gas_billing.group_clerk")
        for correction in self:
            correction._cs_check_state("rejected", "cancelled")
            correction._back_to_draft()
        return True

    def _back_to_draft(self):
        self.sudo().state = "draft"
        self._propose()

    def action_new_bills(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_bill_action"
        )
        bills = self.new_bill_ids | self.line_ids.filtered("changed").bill_id
        return action | {"domain": [("id", "in", bills.ids)], "context": {}}

    def action_moves(self):
        self.ensure_one()
        title = self.env._("Journal Entries")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("gas_correction_id", "=", self.id)],
        }

    def _check_accounting_date(self):
        """Refuse days on which the entries can't stand."""
        self.company_id._gas_check_date(self.accounting_date)
        if self.accounting_date > self.company_id._cs_today():
            raise UserError(
                self.env._(
                    "The accounting date %s lies in the future.", self.accounting_date
                )
            )
        for bill in self.line_ids.filtered("changed").bill_id.sudo():
            booked = bill.move_line_id.date
            if booked and self.accounting_date < booked:
                raise UserError(
                    self.env._(
                        "%(bill)s was booked on %(booked)s; it can't be taken back "
                        "before that day. Choose a later accounting date.",
                        bill=bill.display_name,
                        booked=booked,
                    )
                )

    # === APPROVAL ===#

    @api.model
    def _cs_approval_kinds(self):
        return [
            *super()._cs_approval_kinds(),
            (APPROVAL, self.env._("Correction of Bills")),
        ]

    def _cs_approval_group(self, kind):
        return "cs_gas_billing.group_manager"

    def _cs_approval_values(self, kind):
        """What is approved: every bill before and after, and the date."""
        self.ensure_one()
        return {
            "kind": self.kind,
            "bills": self.changed_count,
            "old": f"{self.amount_old:.2f}",
            "new": f"{self.amount_new:.2f}",
            "digest": self.digest,
            "accounting_date": self.accounting_date.isoformat(),
        }

    def _cs_on_approved(self, approval):
        for correction in self:
            correction._cs_lock()
            correction._cs_check_state("requested")
            correction._check_accounting_date()
            self.env["gas.correction.executor"]._execute(correction)
            correction.write(
                {
                    "state": "done",
                    "approved_by_id": self.env.uid,
                    "booked_on": fields.Datetime.now(),
                }
            )
        self.env["cs.event"]._cs_log("gas.correction.book", self)

    def _cs_on_rejected(self, approval):
        self.write({"state": "rejected"})
