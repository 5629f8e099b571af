from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..tools.rounding import from_float, to_decimal


class GasMeterExchange(models.TransientModel):
    """Exchange the meter of a service point 换表.

    The removal register of the old meter passes the same checks as any reading. It is
    billed together with the new meter's next reading.
    """

    _name = "gas.meter.exchange"
    _description = "Meter Exchange"

    company_id = fields.Many2one(related="service_point_id.company_id")
    account_id = fields.Many2one(
        comodel_name="gas.account", domain="[('state', '!=', 'closed')]"
    )
    service_point_id = fields.Many2one(
        comodel_name="gas.service.point",
        required=True,
        compute="_compute_service_point_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    address = fields.Char(related="service_point_id.premises_id.full_address")
    day = fields.Date(
        string="Exchanged on",
        required=True,
        default=lambda self: self.env.company._cs_today(),
    )
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
    reason = fields.Char(help="Needed when the checks object to the removal register.")
    seal = fields.Char(string="Seal No.")

    # The old meter
    install_id = fields.Many2one(
        comodel_name="gas.meter.install",
        string="Old Meter",
        compute="_compute_old",
        store=True,
    )
    prev_date = fields.Date(
        string="Last Reading on", compute="_compute_old", store=True
    )
    prev_value = fields.Float(
        string="Last Register", digits=(12, 3), compute="_compute_old", store=True
    )
    value_off = fields.Float(string="Removal Register", digits=(12, 3))
    usage = fields.Float(
        string="Usage (m³)", digits=(12, 3), compute="_compute_preview"
    )
    finding = fields.Char(compute="_compute_preview")
    is_held = fields.Boolean(
        compute="_compute_preview", export_string_translation=False
    )
    fault = fields.Char(compute="_compute_preview")

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

    @api.depends("service_point_id", "day")
    def _compute_old(self):
        vee = self.env["gas.reading.vee"].sudo()
        for wizard in self:
            point = wizard.service_point_id._origin
            installs = self.env["gas.meter.install"]
            install = installs._current_for(point).get(point) if point else installs
            install = install or installs
            last = vee._load_last_readings(install.ids).get(install.id)
            wizard.install_id = install
            wizard.prev_date = last["read_date"] if last else False
            wizard.prev_value = float(last["value"]) if last else 0.0

    @api.depends("install_id", "day", "value_off")
    def _compute_preview(self):
        for wizard in self:
            shown = wizard._preview() if wizard.install_id and wizard.day else {}
            wizard.usage = shown.get("usage", 0.0)
            wizard.finding = shown.get("finding", False)
            wizard.is_held = shown.get("held", False)
            wizard.fault = shown.get("fault", False)

    def _preview(self):
        """Return what the checks would say of the removal register."""
        if self._is_known():
            return {}
        entry = self.env["gas.reading.entry"].sudo()
        try:
            values = entry._prepare_entry(
                self.install_id.sudo(), self.day, from_float(self.value_off, 3)
            )
        except UserError as error:
            return {"fault": str(error)}
        codes = (values["vee_codes"] or "").split(",")
        facts = {**values, "prev_date": values["prev_date"] or None}
        finding = self.env["gas.reading.vee"]._explain(codes, facts)
        return {
            "usage": values["usage"],
            "finding": finding if any(codes) else False,
            "held": values["state"] == "held",
        }

    def _is_known(self):
        """Whether the removal register is the reading of that day we have already."""
        vee = self.env["gas.reading.vee"].sudo()
        last = vee._load_last_readings(self.install_id.ids).get(self.install_id.id)
        return (
            bool(last)
            and last["read_date"] == self.day
            and to_decimal(last["value"]) == from_float(self.value_off, 3)
        )

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
        if not self.env.su and not self.env.user.has_group(
            "cs_gas_billing.group_clerk"
        ):
            raise AccessError(
                self.env._("Billing clerks exchange meters; you may not.")
            )
        point = self.service_point_id
        point.check_access("write")
        self._check_possible()
        wizard = self.sudo()
        old = wizard.install_id
        meter = wizard.meter_id or wizard._get_meter()
        reading = wizard._read_old(old)
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
        if len(point.sudo().try_lock_for_update(allow_referencing=True)) != 1:
            raise UserError(
                self.env._("Somebody else is working on %s now.", point.display_name)
            )
        if self.fault:
            raise UserError(self.fault)
        if self.day <= self.install_id.date_from:
            raise UserError(
                self.env._(
                    "The old meter was installed on %s; it is removed later than that.",
                    self.install_id.date_from,
                )
            )
        if self.is_held and not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "The removal register looks wrong: %s. Look at the meter again, or "
                    "say in “Reason” why it is right.",
                    self.finding,
                )
            )
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

    def _read_old(self, install):
        """Keep the removal register as a reading, held if the checks say so; sudo."""
        readings = self.env["gas.reading"]
        if self._is_known():
            return readings
        entry = self.env["gas.reading.entry"]
        values = entry._prepare_entry(install, self.day, from_float(self.value_off, 3))
        reading = entry._create_clean(
            values
            | {
                "source": "exchange",
                "reader": self.env.user.name,
                "note": (self.reason or "").strip() or False,
            }
        )
        self.env.flush_all()
        return self._decide(reading)

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
        """Return the meter that was written down, made if we don't have it; sudo."""
        serial = (self.serial or "").strip()
        if not serial:
            raise UserError(self.env._("Choose the new meter or write its number."))
        company = self.service_point_id.company_id
        maker = (self.manufacturer or "").strip() or "-"
        known = self.env["gas.meter"].search(
            [
                ("company_id", "=", company.id),
                ("serial", "=", serial),
                ("manufacturer", "=", maker),
            ],
            limit=1,
        )
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
                "company_id": company.id,
                "serial": serial,
                "manufacturer": maker,
                "digits": self.digits,
                "decimals": self.decimals,
                "qmax": self.qmax,
                "kind": self.kind,
            }
        )

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
