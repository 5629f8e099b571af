from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.cs_base.tools.masking import mask_account

LINE_STATES = [
    ("queued", "To Send"),
    ("sent", "At the Bank"),
    ("accepted", "Debited"),
    ("refused", "Refused by Bank"),
    ("returned", "Returned by Bank"),
    ("missing", "Not Answered"),
    ("dropped", "Not Sent"),
]


class GasDebitLine(models.Model):
    """One bill in a batch: its principal, and what the bank said about it.

    The line is the payment's document: the entry of an accepted line has one credit
    item for it (``move_line_id``).
    """

    _name = "gas.debit.line"
    _description = "Debit Line"
    _order = "batch_id, number, id"
    _rec_name = "ref"
    _check_company_auto = True

    batch_id = fields.Many2one(
        comodel_name="gas.debit.batch", required=True, index=True, readonly=True,
        ondelete="cascade",
    )  # fmt: skip
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    number = fields.Integer(string="No.", readonly=True, aggregator=None)
    ref = fields.Char(
        string="Line Reference", readonly=True, help="Batch and line; the bank's key."
    )
    bill_id = fields.Many2one(
        comodel_name="gas.bill", required=True, index=True, readonly=True,
        ondelete="restrict",
    )  # fmt: skip
    account_id = fields.Many2one(
        comodel_name="gas.account", required=True, index=True, readonly=True
    )
    partner_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    mandate_id = fields.Many2one(
        comodel_name="gas.bank.mandate", readonly=True, index="btree_not_null"
    )
    account_number = fields.Char(
        string="Full Bank Account No.",
        readonly=True,
        groups="cs_base.group_personal_data",
    )
    account_masked = fields.Char(
        string="Bank Account No.",
        compute="_compute_account_masked",
        compute_sudo=True,
    )
    holder = fields.Char(string="Account Holder", readonly=True)
    amount = fields.Monetary(readonly=True)
    state = fields.Selection(
        selection=LINE_STATES, required=True, readonly=True, default="queued"
    )
    code = fields.Char(string="Answer Code", readonly=True)
    message = fields.Char(string="Answer", readonly=True)
    answered_on = fields.Date(string="Answered", readonly=True)
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal Item",
        index="btree_not_null",
        readonly=True,
    )
    return_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Entry of the Return",
        index="btree_not_null",
        readonly=True,
    )

    _bill_uniq = models.UniqueIndex(
        "(bill_id) WHERE state IN ('queued', 'sent')",
        "The bill is in another debit batch already.",
    )
    _ref_uniq = models.UniqueIndex(
        "(company_id, ref) WHERE ref IS NOT NULL", "The line reference exists already."
    )
    _batch_idx = models.Index("(batch_id, state)")

    @api.depends("account_number")
    def _compute_account_masked(self):
        for line in self:
            line.account_masked = mask_account(line.account_number)

    # === CRUD ===#

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Debit lines are made by their batch."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("A debit line follows from the bank's answer."))
        return super().write(vals)

    # === ACTIONS ===#

    def action_return(self, reason):
        """Take an accepted line back: the bank returned the money 退票. Managers only.

        :param str reason: what the bank said
        """
        if not self.env.su and not self.env.user.has_group(
            "cs_gas_billing.group_manager"
        ):
            raise AccessError(self.env._("Only a billing manager books a return."))
        self.check_access("read")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the bank returned the money."))
        for line in self:
            line.sudo()._lock_batch()
            if line.sudo().state != "accepted":
                raise UserError(
                    self.env._(
                        "Line %s was not debited; there is nothing to return.",
                        line.ref or line.bill_id.display_name,
                    )
                )
            day = line.company_id._cs_today()
            self.env["gas.debit.booking"].sudo()._return(line.sudo(), day, reason)
        self.env["cs.event"]._cs_log("gas.debit.return", self)
        return True

    def action_bill(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "gas.bill",
            "res_id": self.bill_id.id,
            "views": [(False, "form")],
        }

    def _lock_batch(self):
        for batch in self.batch_id:
            batch._cs_lock()

    # === BUSINESS ===#

    def _unlock_bills(self):
        """Let the bills of these lines be paid in other ways again; sudo."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE gas_bill SET debit_line_id = NULL "
                "WHERE debit_line_id = ANY(%s) RETURNING id",
                self.ids,
            )
        )
        self.bill_id.invalidate_recordset(["debit_line_id"])
