from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.rounding import to_decimal

#: What follows from the service point, whatever a client sends.
CLOSED_FIELDS = frozenset({"install_id", "prev_date", "prev_value"})


class GasRegisterMixin(models.AbstractModel):
    """Dialogs in which a meter is read for the last time, or for the last customer.

    The register passes the same checks as any reading, while it is typed and again
    when it is kept. A register that is the reading of that day already is kept once.
    """

    _name = "gas.register.mixin"
    _description = "Last Register of a Meter"
    _inherit = ["cs.ruled"]
    _cs_closed_fields = CLOSED_FIELDS

    service_point_id = fields.Many2one(comodel_name="gas.service.point")
    address = fields.Char(related="service_point_id.premises_id.full_address")
    day = fields.Date(required=True, default=lambda self: self.env.company._cs_today())
    install_id = fields.Many2one(
        comodel_name="gas.meter.install",
        string="Meter",
        compute="_compute_meter",
        store=True,
    )
    prev_date = fields.Date(
        string="Last Reading on", compute="_compute_meter", store=True
    )
    prev_value = fields.Float(
        string="Last Register", digits=(12, 3), compute="_compute_meter", store=True
    )
    finding = fields.Char(compute="_compute_preview")
    is_held = fields.Boolean(
        compute="_compute_preview", export_string_translation=False
    )
    fault = fields.Char(compute="_compute_preview")
    reason = fields.Char(help="Needed when the checks object to the register.")

    # === HOOKS ===#

    def _get_register(self):
        """Return the register that was typed, as a Decimal."""
        raise TypeError(f"{self._name} has to say which register is meant")

    def _preview_more(self, values):
        """Return what else the dialog shows of a reading with ``values``."""
        return {}

    # === COMPUTE ===#

    @api.depends("service_point_id", "day")
    def _compute_meter(self):
        vee = self.env["gas.reading.vee"].sudo()
        installs = self.env["gas.meter.install"]
        for wizard in self:
            point = wizard.service_point_id._origin
            install = installs._current_for(point).get(point, installs)
            last = vee._load_last_readings(install.ids).get(install.id)
            wizard.install_id = install
            wizard.prev_date = last["read_date"] if last else False
            wizard.prev_value = float(last["value"]) if last else 0.0

    @api.depends("install_id", "day")
    def _compute_preview(self):
        names = [
            name
            for name, field in self._fields.items()
            if field.compute == "_compute_preview"
        ]
        for wizard in self:
            shown = wizard._preview() if wizard.install_id and wizard.day else {}
            for name in names:
                wizard[name] = shown.get(name, False)

    def _preview(self):
        """Return what the checks would say of the register, by field."""
        if self._is_known():
            return {}
        entry = self.env["gas.reading.entry"].sudo()
        try:
            values = entry._prepare_entry(
                self.install_id.sudo(), self.day, self._get_register()
            )
        except UserError as error:
            return {"fault": str(error)}
        codes = (values["vee_codes"] or "").split(",")
        facts = {**values, "prev_date": values["prev_date"] or None}
        finding = self.env["gas.reading.vee"]._explain(codes, facts)
        return {
            "finding": finding if any(codes) else False,
            "is_held": values["state"] == "held",
            **self._preview_more(values),
        }

    def _is_known(self):
        """Whether the register is the reading of that day we have already."""
        vee = self.env["gas.reading.vee"].sudo()
        last = vee._load_last_readings(self.install_id.ids).get(self.install_id.id)
        return (
            bool(last)
            and last["read_date"] == self.day
            and to_decimal(last["value"]) == self._get_register()
        )

    # === ACTION ===#

    def _lock_point(self):
        """Let one clerk at a time change what is supplied at the service point."""
        point = self.service_point_id
        if len(point.sudo().try_lock_for_update(allow_referencing=True)) != 1:
            raise UserError(
                self.env._("Somebody else is working on %s now.", point.display_name)
            )

    def _check_reason(self):
        """Refuse a register the checks object to when nobody says why it is right."""
        if self.is_held and not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "The register looks wrong: %s. Look at the meter again, or say in "
                    "“Reason” why it is right.",
                    self.finding,
                )
            )

    def _keep_register(self, source):
        """Keep the register as a reading, held if the checks say so; sudo.

        :return: the reading, empty if we have it already
        """
        if self._is_known():
            return self.env["gas.reading"]
        entry = self.env["gas.reading.entry"]
        values = entry._prepare_entry(self.install_id, self.day, self._get_register())
        reading = entry._create_clean(
            values
            | {
                "source": source,
                "reader": self.env.user.name,
                "note": (self.reason or "").strip() or False,
            }
        )
        self.env.flush_all()
        return reading
