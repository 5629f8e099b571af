from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.rounding import from_float


class GasReadingDecision(models.TransientModel):
    """Everything a clerk needs to decide on a held reading, on one screen."""

    _name = "gas.reading.decision"
    _description = "Decision on Held Readings"

    reading_ids = fields.Many2many(comodel_name="gas.reading", string="Chosen Readings")
    reading_id = fields.Many2one(
        comodel_name="gas.reading", compute="_compute_reading_id"
    )
    mode = fields.Selection(
        selection=[
            ("accept", "Accept"),
            ("correct", "Correct"),
            ("reread", "Read Again"),
        ]
    )
    count = fields.Integer(compute="_compute_reading_id")
    queue = fields.Boolean(help="Go on with the next one.")
    skipped_ids = fields.Many2many(
        comodel_name="gas.reading",
        relation="gas_reading_decision_skipped_rel",
    )
    import_id = fields.Many2one(comodel_name="gas.reading.import")
    left_count = fields.Integer(string="Still Held", compute="_compute_left_count")
    account_id = fields.Many2one(related="reading_id.account_id")
    partner_id = fields.Many2one(related="reading_id.partner_id")
    address = fields.Char(related="reading_id.address")
    book_id = fields.Many2one(related="reading_id.book_id")
    install_id = fields.Many2one(related="reading_id.install_id")
    read_date = fields.Date(related="reading_id.read_date")
    value = fields.Float(related="reading_id.value")
    prev_date = fields.Date(related="reading_id.prev_date")
    prev_value = fields.Float(related="reading_id.prev_value")
    usage = fields.Float(related="reading_id.usage")
    mean = fields.Float(related="reading_id.mean")
    ratio = fields.Float(related="reading_id.ratio")
    vee_codes = fields.Char(related="reading_id.vee_codes")
    findings = fields.Char(related="reading_id.findings")
    history = fields.Json(related="reading_id.history")
    reader = fields.Char(related="reading_id.reader")
    note = fields.Char(related="reading_id.note")
    second_asked_by_id = fields.Many2one(related="reading_id.second_asked_by_id")
    can_accept = fields.Boolean(compute="_compute_can")
    can_correct = fields.Boolean(compute="_compute_can")
    can_reread = fields.Boolean(compute="_compute_can")
    needs_second = fields.Boolean(compute="_compute_can")
    rival_ids = fields.Many2many(
        comodel_name="gas.reading",
        string="Other Values of This Day",
        compute="_compute_rival_ids",
    )
    reason = fields.Char()
    common_reason = fields.Selection(
        selection=[
            ("phone", "Confirmed by the customer on the phone"),
            ("photo", "Photo of the meter checked"),
            ("heating", "Heating season, usage is plausible"),
            ("empty", "Premises were empty"),
            ("typing", "Typing error of the reader"),
            ("visit", "Checked on site"),
        ],
    )
    new_value = fields.Float(string="Right Register", digits=(12, 3))
    preview = fields.Char(compute="_compute_preview")
    photo = fields.Image(max_width=1600, max_height=1600)

    # === COMPUTE ===#

    @api.depends("reading_ids")
    def _compute_reading_id(self):
        for wizard in self:
            wizard.count = len(wizard.reading_ids)
            wizard.reading_id = wizard.reading_ids if wizard.count == 1 else False

    @api.depends("skipped_ids", "import_id")
    def _compute_left_count(self):
        for wizard in self:
            domain = self._get_queue_domain(wizard.import_id, wizard.skipped_ids)
            wizard.left_count = self.env["gas.reading"].search_count(domain)

    @api.depends("reading_ids", "mode")
    def _compute_can(self):
        decider = self.env["gas.reading.decider"]
        for wizard in self:
            readings, mode = wizard.reading_ids, wizard.mode
            wizard.can_accept = mode in (False, "accept") and all(
                readings.mapped("can_accept")
            )
            wizard.can_correct = (
                mode in (False, "correct")
                and wizard.count == 1
                and readings.can_correct
            )
            wizard.can_reread = mode in (False, "reread") and all(
                readings.mapped("can_reread")
            )
            wizard.needs_second = wizard.can_accept and any(
                decider._needs_second(
                    reading,
                    {
                        "usage": from_float(reading.usage, 3),
                        "mean": from_float(reading.mean, 3),
                    },
                )
                for reading in readings
            )

    @api.depends("reading_id")
    def _compute_rival_ids(self):
        decider = self.env["gas.reading.decider"]
        for wizard in self:
            reading = wizard.reading_id
            wizard.rival_ids = decider._get_rivals(reading) if reading else False

    @api.depends("new_value", "reading_id")
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = wizard._get_preview() if wizard.new_value else False

    def _get_preview(self):
        """Say what the rules would say of the right register."""
        reading = self.reading_id
        shown = reading.new(
            {
                "install_id": reading.install_id.id,
                "read_date": reading.read_date,
                "value": self.new_value,
            }
        )
        shown._preview()
        if not shown.prev_date or shown.prev_date >= shown.read_date:
            return False
        if shown.vee_codes and not shown.usage and "NEG" in shown.vee_codes:
            return shown.findings
        text = self.env._("Usage %s m³", f"{shown.usage:g}")
        return ", ".join(filter(None, (text, shown.findings)))

    @api.onchange("common_reason")
    def _onchange_common_reason(self):
        labels = dict(self._fields["common_reason"]._description_selection(self.env))
        for wizard in self:
            if wizard.common_reason:
                wizard.reason = labels[wizard.common_reason]

    # === ACTIONS ===#

    @api.model
    def _open(self, readings, **values):
        """Return the action that shows ``readings`` for a decision."""
        mode = self.env.context.get("gas_decision")
        wizard = self.create(
            {"reading_ids": readings.ids, "mode": mode or False, **values}
        )
        return wizard._get_action()

    @api.model
    def _open_queue(self, reading_import=None, skipped=()):
        """Return the action that shows the next held reading, False without any."""
        domain = self._get_queue_domain(reading_import, skipped)
        reading = self.env["gas.reading"].search(
            domain, order="read_date, book_id, id", limit=1
        )
        if not reading:
            return False
        return self._open(
            reading,
            queue=True,
            import_id=reading_import.id if reading_import else False,
            skipped_ids=[fields.Command.set([*skipped])],
        )

    @api.model
    def _get_queue_domain(self, reading_import, skipped):
        """Held readings that wait for somebody, and for this user."""
        ids = skipped.ids if hasattr(skipped, "ids") else list(skipped)
        domain = [("state", "=", "held"), ("id", "not in", ids)]
        if reading_import:
            domain.append(("import_id", "=", reading_import.id))
        return domain

    def _get_action(self):
        title = (
            self.env._("Decide on %s readings", self.count)
            if self.count > 1
            else self.reading_id.account_id.display_name
        )
        return {
            "type": "ir.actions.act_window",
            "name": title or self.env._("Held Readings"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_accept(self):
        self.ensure_one()
        self.reading_ids.action_accept(self.reason)
        self._keep_photo(self.reading_ids)
        waiting = self.reading_ids.filtered(lambda reading: reading.state == "held")
        return self._go_on(
            self.env._(
                "Far above the mean: another clerk has to accept it too (%s).",
                ", ".join(waiting.mapped("account_id.code")),
            )
            if waiting
            else False,
            waiting,
        )

    def action_correct(self):
        self.ensure_one()
        if not self.reading_id:
            raise UserError(self.env._("Correct one reading at a time."))
        if not self.new_value:
            raise UserError(self.env._("Give the right register."))
        self.reading_id.action_correct(self.new_value, self.reason)
        new = self.reading_id.replaced_by_id
        self._keep_photo(new)
        return self._go_on(
            self.env._("The right register is held too: %s", new.findings)
            if new.state == "held"
            else False,
            new,
        )

    def action_reread(self):
        self.ensure_one()
        self.reading_ids.action_reread(self.reason)
        return self._go_on()

    def action_skip(self):
        """Leave this one for later and go on."""
        self.ensure_one()
        return self._go_on(skipped=self.reading_ids)

    def _keep_photo(self, readings):
        if self.photo and len(readings) == 1:
            readings.sudo().photo = self.photo

    def _go_on(self, message=False, skipped=None):
        """Show the next reading of the queue, or close; say what is worth knowing."""
        following = False
        if self.queue:
            done = self.skipped_ids | (skipped or self.reading_ids.browse())
            following = self._open_queue(self.import_id, done.ids)
        following = following or {"type": "ir.actions.act_window_close"}
        if not message:
            return following
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "warning", "message": message, "next": following},
        }
