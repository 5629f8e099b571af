from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.rounding import from_float


class GasMeterExchange(models.TransientModel):
    """Exchange the meter of a service point 换表.

    The removal register of the old meter is billed together with the new meter's next
    reading.
    """

    _name = "gas.meter.exchange"
    _description = "Meter Exchange"
    _inherit = ["gas.register.mixin"]

    company_id = fields.Many2one(related="service_point_id.company_id")
    account_id = fields.Many2one(
        comodel_name="gas.account", domain="[('state', '!=', 'closed')]"
    )
    service_point_id = fields.Many2one(
        required=True,
        compute="_compute_service_point_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    day = fields.Date(string="Exchanged on")
    cause = fields.Selection(
        selection=[
            ("due", "Calibration due"),
            ("fault", "Meter out of order"),
            ("complaint", "Customer doubts the meter"),
            ("size", "Another size"),
            ("kind", "Another kind of meter"),
            ("other", "Other"),
        ],
        string="Why",
        required=True,
        default="due",
    )
    seal = fields.Char(string="Seal No.")

    # The old meter
    install_id = fields.Many2one(string="Old Meter")
    value_off = fields.Float(string="Removal Register", digits=(12, 3))
    usage = fields.Float(
        string="Usage (m³)", digits=(12, 3), compute="_compute_preview"
    )

    # The new meter
    meter_id = fields.Many2one(
        comodel_name="gas.meter",
        string="New Meter from Store",
        domain="[('company_id', '=', company_id),"
        " ('install_ids', 'not any', [('date_to', '=', False)])]",
    )
    serial = fields.Char(string="New Meter No.")
    manufacturer = fields.Char()
    digits = fields.Integer(string="Register Digits", default=5)
    decimals = fields.Integer(default=0)
    qmax = fields.Float(string="Qmax (m³/h)", digits=(12, 3), default=4.0)
    kind = fields.Selection(
        selection=[("ordinary", "Ordinary"), ("ic", "IC Card"), ("nb", "NB-IoT")],
        required=True,
        default="ordinary",
    )
    value_on = fields.Float(string="Opening Register", digits=(12, 3))

    # === COMPUTE ===#

    @api.depends("account_id")
    def _compute_service_point_id(self):
        for wizard in self:
            if wizard.account_id:
                wizard.service_point_id = wizard.account_id.service_point_id

    @api.depends("value_off")
    def _compute_preview(self):
        return super()._compute_preview()

    def _get_register(self):
        return from_float(self.value_off, 3)

    def _preview_more(self, values):
        return super()._preview_more(values) | {"usage": values["usage"]}

    @api.onchange("install_id")
    def _onchange_install_id(self):
        """The new meter is mostly like the old one."""
        for wizard in self:
            meter = wizard.install_id.meter_id
            if meter and not wizard.meter_id and not wizard.serial:
                wizard.digits = meter.digits
                wizard.decimals = meter.decimals
                wizard.qmax = meter.qmax
                wizard.kind = meter.kind

    @api.onchange("meter_id")
    def _onchange_meter_id(self):
        for wizard in self.filtered("meter_id"):
            meter = wizard.meter_id
            wizard.serial = meter.serial
            wizard.manufacturer = meter.manufacturer
            wizard.digits = meter.digits
            wizard.decimals = meter.decimals
            wizard.qmax = meter.qmax
            wizard.kind = meter.kind

    # === ACTION ===#

    def action_exchange(self):
        """Close the old installation, open the new one, keep the removal reading."""
        self.ensure_one()
        self._cs_check_group("cs_gas_billing.group_clerk")
        point = self.service_point_id
        point.check_access("write")
        self._check_possible()
        wizard = self.sudo()
        old = wizard.install_id
        meter = wizard._get_meter()
        reading = wizard._decide(wizard._keep_register("exchange"))
        old.write({"date_to": self.day, "reading_off": self.value_off})
        self.env.flush_all()
        new = wizard._install_new(meter)
        wizard.env["gas.reading.estimator"]._supersede(installs=old.ids)
        wizard.env["cs.event"]._cs_log(
            "gas.meter.exchange",
            new,
            details={
                "old": old.meter_id.id,
                "new": meter.id,
                "off": self.value_off,
                "on": self.value_on,
            },
        )
        wizard._post_note(old, new)
        return self._tell(reading, new)

    def _check_possible(self):
        point = self.service_point_id
        if not self.install_id:
            raise UserError(
                self.env._("No meter is installed at %s.", point.display_name)
            )
        self._lock_point()
        if self.fault:
            raise UserError(self.fault)
        if self.day <= self.install_id.date_from:
            raise UserError(
                self.env._(
                    "The old meter was installed on %s; it is removed later than that.",
                    self.install_id.date_from,
                )
            )
        self._check_reason()
        if from_float(self.value_on, 3) < 0 or (
            from_float(self.value_on, 3) >= 10**self.digits
        ):
            raise UserError(
                self.env._(
                    "A register of %(digits)s digits can't show %(value)s.",
                    digits=self.digits,
                    value=self.value_on,
                )
            )

    def _decide(self, reading):
        """Let a high register stand for its reason; an impossible one stays held."""
        if reading.state != "held" or not reading.usage:
            return reading
        decider = self.env["gas.reading.decider"]
        outcome = {
            "usage": from_float(reading.usage, 3),
            "mean": from_float(reading.mean, 3),
        }
        if not decider._needs_second(reading, outcome):
            decider._accept(reading, self.reason.strip())
        return reading

    def _install_new(self, meter):
        """Install the new meter; sudo."""
        return self.env["gas.meter.install"].create(
            {
                "meter_id": meter.id,
                "service_point_id": self.service_point_id.id,
                "date_from": self.day,
                "reading_on": self.value_on,
                "seal": self.seal or False,
            }
        )

    def _get_meter(self):
        """Return the meter from store or of the number written down, made if we don't
        have it; sudo.
        """
        known = self.meter_id or self._find_meter()
        if known.service_point_id:
            raise UserError(
                self.env._(
                    "Meter %(meter)s is installed at %(point)s.",
                    meter=known.display_name,
                    point=known.service_point_id.display_name,
                )
            )
        return known or self.env["gas.meter"].create(
            {
                "company_id": self.company_id.id,
                "serial": self.serial.strip(),
                "manufacturer": self._get_maker(),
                "digits": self.digits,
                "decimals": self.decimals,
                "qmax": self.qmax,
                "kind": self.kind,
            }
        )

    def _find_meter(self):
        serial = (self.serial or "").strip()
        if not serial:
            raise UserError(self.env._("Choose the new meter or write its number."))
        return self.env["gas.meter"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("serial", "=", serial),
                ("manufacturer", "=", self._get_maker()),
            ],
            limit=1,
        )

    def _get_maker(self):
        return (self.manufacturer or "").strip() or "-"

    def _post_note(self, old, new):
        """Tell the account's story."""
        account = self.account_id or self.service_point_id._get_agreement().account_id
        if not account:
            return
        causes = dict(self._fields["cause"]._description_selection(self.env))
        account.message_post(
            body=self.env._(
                "Meter exchanged on %(day)s (%(cause)s): %(old)s at %(off)s, "
                "%(new)s from %(on)s.",
                day=format_date(self.env, self.day),
                cause=causes[self.cause],
                old=old.meter_id.serial,
                off=f"{self.value_off:g}",
                new=new.meter_id.serial,
                on=f"{self.value_on:g}",
            )
        )

    def _tell(self, reading, new):
        if reading.state == "held":
            kind, message = (
                "warning",
                self.env._(
                    "Exchanged. The removal register is held: decide on it before the "
                    "point is billed."
                ),
            )
        else:
            kind, message = (
                "success",
                self.env._("Exchanged: %s counts from now on.", new.meter_id.serial),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
