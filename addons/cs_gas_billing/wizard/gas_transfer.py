from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.choices import CATEGORIES, PAY_CHANNELS
from ..tools.rounding import from_float, plain
from .gas_register_mixin import CLOSED_FIELDS


class GasTransfer(models.TransientModel):
    """Transfer a service point to another customer 过户, or note that one moved out.

    The old account is billed up to the final register, the new one from it on; the
    year's volume stays with the service point. A final register is never estimated.
    """

    _name = "gas.transfer"
    _description = "Transfer or Move-Out"
    _inherit = ["gas.register.mixin"]
    _cs_closed_fields = CLOSED_FIELDS | {
        "service_point_id",
        "agreement_id",
        "is_vacant",
    }

    company_id = fields.Many2one(related="account_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        comodel_name="gas.account",
        string="Old Account",
        required=True,
    )
    service_point_id = fields.Many2one(compute="_compute_supply", store=True)
    agreement_id = fields.Many2one(
        comodel_name="gas.agreement", compute="_compute_supply", store=True
    )
    is_vacant = fields.Boolean(
        compute="_compute_supply",
        store=True,
        export_string_translation=False,
        help="The old customer moved out before; what was used since is nobody's.",
    )
    amount_due = fields.Monetary(
        related="account_id.amount_due",
        string="Open",
        help="Stays with the old account, which can be closed when it is settled.",
    )

    # The final register
    day = fields.Date(
        string="Last Day of the Old Customer",
        help="The new customer's agreement starts on the next day.",
    )
    value = fields.Float(string="Final Register", digits=(12, 3))
    final_volume = fields.Float(
        string="Final Bill (m³)", digits=(12, 3), compute="_compute_preview"
    )
    final_amount = fields.Monetary(string="Final Bill", compute="_compute_preview")
    final_text = fields.Char(string="Tiers", compute="_compute_preview")

    # Who comes
    successor = fields.Selection(
        selection=[
            ("new", "A new customer"),
            ("known", "A customer we know"),
            ("nobody", "Nobody yet (move-out)"),
        ],
        string="Taken Over by",
        required=True,
        default="new",
    )
    name = fields.Char(string="Name of New Customer")
    phone = fields.Char()
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer")
    code = fields.Char(
        string="New Account No.", help="Empty: the next number is taken."
    )
    category = fields.Selection(
        selection=CATEGORIES,
        compute="_compute_terms",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    tariff_id = fields.Many2one(
        comodel_name="gas.tariff",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('company_id', '=', company_id)]",
    )
    persons = fields.Integer(
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        help="Registered persons from the first day of the new customer.",
    )
    pay_channel = fields.Selection(
        selection=PAY_CHANNELS,
        string="Payment Channel",
        required=True,
        default="cash",
    )
    evidence = fields.Char(
        help="Documents that were shown, e.g. title deed, contract, identity card."
    )
    bill_now = fields.Boolean(
        string="Bill the Old Account Now",
        default=True,
        help="Calculates its final bill; it is approved and posted like any other.",
    )

    # === COMPUTE ===#

    @api.depends("account_id")
    def _compute_supply(self):
        for wizard in self:
            agreement = wizard._find_agreement()
            wizard.agreement_id = agreement
            wizard.is_vacant = bool(agreement.date_to)
            wizard.service_point_id = agreement.service_point_id

    def _find_agreement(self):
        """Return the agreement that ends, or ended with nobody taking over."""
        own = self.account_id.agreement_ids._origin.sorted("date_from")
        going_on = own.filtered(lambda row: not row.date_to)[:1]
        last = own[-1:]
        if going_on or not last.service_point_id.agreement_ids.filtered(
            lambda row: row.date_from > last.date_from
        ):
            return going_on or last
        return going_on

    @api.depends("account_id")
    def _compute_terms(self):
        for wizard in self:
            agreement = wizard._find_agreement()
            household = agreement.service_point_id.household_ids.sorted("date_from")
            wizard.category = wizard.account_id.category or "resident"
            wizard.tariff_id = agreement.tariff_id
            wizard.persons = household[-1:].persons

    @api.depends("value")
    def _compute_preview(self):
        return super()._compute_preview()

    def _get_register(self):
        return from_float(self.value, 3)

    def _preview_more(self, values):
        """Show the final bill, once the register can be one."""
        shown = super()._preview_more(values)
        codes = (values["vee_codes"] or "").split(",")
        if "NEG" in codes or not values["prev_date"]:
            return shown
        shown["final_volume"] = values["usage"]
        return shown if self.is_vacant else shown | self._preview_bill(values)

    def _preview_bill(self, values):
        """Return the final bill as it would be rated now."""
        supposed = {
            "id": 0,
            "service_point_id": values["service_point_id"],
            "install_id": values["install_id"],
            "read_date": self.day,
            "value": plain(self._get_register()),
            "prev_date": values["prev_date"],
            "prev_value": plain(from_float(values["prev_value"], 3)),
            "usage": plain(from_float(values["usage"], 3)),
            "source": "final",
            "actual_date": None,
            "decimals": self.install_id.meter_id.decimals,
        }
        calculator = self.env["gas.bill.calculator"].sudo()
        point = values["service_point_id"]
        drafts = calculator._preview(self.company_id, self.day, {point: supposed})
        drafts = drafts[point]
        if isinstance(drafts, str):
            return {"finding": drafts}
        result = drafts[-1]["result"]
        return {
            "final_volume": float(result["volume"]),
            "final_amount": float(result["amount"]),
            "final_text": " + ".join(
                f"{line['qty']} × {line['price']}" for line in result["lines"]
            ),
        }

    # === ACTION ===#

    def action_transfer(self):
        """Take the final register, end the old agreement and start the new one."""
        self.ensure_one()
        self._cs_check_group("cs_gas_billing.group_clerk")
        self.account_id.check_access("write")
        self.service_point_id.check_access("write")
        self.partner_id.check_access("read")
        self._check_possible()
        old = self.account_id
        wizard = self.sudo()
        wizard._read_final()
        if self.is_vacant:
            wizard._write_off_vacancy()
        new = wizard._change_hands()
        self.env["cs.event"].sudo()._cs_log(
            "gas.transfer",
            old,
            details={
                "value": self.value,
                "new": new.id or None,
            },
        )
        billed = self.bill_now and not self.is_vacant
        run = self._bill_final() if billed else self.env["gas.bill.run"]
        return self._show(run, new)

    def _check_possible(self):
        self._check_point()
        if self.is_vacant and self.successor == "nobody":
            raise UserError(
                self.env._(
                    "%s moved out already: say who takes over.",
                    self.account_id.display_name,
                )
            )
        if self.fault:
            raise UserError(self.fault)
        if self.prev_date and self.day < self.prev_date:
            raise UserError(
                self.env._(
                    "The meter was read on %s; the transfer can't be earlier.",
                    self.prev_date,
                )
            )
        self._check_final()
        if self.successor == "new" and not (self.name or "").strip():
            raise UserError(self.env._("Write the new customer's name."))
        if self.successor == "known" and not self.partner_id:
            raise UserError(self.env._("Choose the new customer."))
        if self.successor != "nobody" and not self.tariff_id:
            raise UserError(self.env._("Choose the new customer's tariff."))
        if self.tariff_id and self.tariff_id.company_id != self.company_id:
            raise UserError(self.env._("The tariff belongs to another company."))
        if self.persons < 0:
            raise UserError(self.env._("The number of persons can't be negative."))

    def _check_point(self):
        point = self.service_point_id
        if not point or not self.install_id:
            raise UserError(
                self.env._(
                    "%s has no service point with a meter that could be transferred.",
                    self.account_id.display_name,
                )
            )
        self._lock_point()
        if self.is_vacant and self.day < self.agreement_id.date_to:
            raise UserError(
                self.env._(
                    "The old customer moved out on %s only.", self.agreement_id.date_to
                )
            )
        if self.day < self.agreement_id.date_from:
            raise UserError(
                self.env._(
                    "The old customer's agreement started on %s only.",
                    self.agreement_id.date_from,
                )
            )

    def _check_final(self):
        """A final register has to stand at once: the next customer counts from it."""
        self._check_reason()
        if self.is_held and not self.final_volume:
            raise UserError(
                self.env._(
                    "The final register can't be right: %s. Correct the readings "
                    "before you transfer.",
                    self.finding,
                )
            )

    def _read_final(self):
        """Keep the final register as a reading that stands; sudo."""
        reading = self._keep_register("final")
        if not reading:
            return
        if reading.state == "held":
            self.env["gas.reading.decider"]._accept(reading, self.reason.strip())
        if reading.state == "held":
            raise UserError(
                self.env._(
                    "The final register is far above the mean, so two people have to "
                    "accept it. Enter it as a reading first and have it accepted, then "
                    "transfer."
                )
            )
        self.env["gas.reading.estimator"]._supersede(installs=self.install_id.ids)
        self.env["gas.reading.task"]._raise(reading)
