from odoo import api, models


class GasReadingTask(models.AbstractModel):
    """Tasks for readers that follow from readings: activities on the account."""

    _name = "gas.reading.task"
    _description = "Tasks from Readings"

    @api.model
    def _raise(self, readings):
        """Send readers out for theft, low commercial use and zero three times; sudo."""
        zero = readings.filtered(lambda r: "ZERO" in (r.vee_codes or "").split(","))
        history = self._load_history(zero)
        found = {"stop": [], "low": [], "zero": []}
        for reading in readings:
            codes = (reading.vee_codes or "").split(",")
            months = history.get(reading.service_point_id.id, [])
            if "STOP" in codes:
                found["stop"].append(reading)
            elif "LOW" in codes and reading.account_id.category == "commercial":
                found["low"].append(reading)
            elif "ZERO" in codes and len(months) >= 2 and not any(months):
                found["zero"].append(reading)
        summaries = {
            "stop": self.env._("Gas used while stopped: check on site"),
            "low": self.env._("Use dropped: check the meter"),
            "zero": self.env._("No use three times in a row: inspect the meter"),
        }
        for key, flagged in found.items():
            self._give(summaries[key], flagged)

    def _load_history(self, readings):
        if not readings:
            return {}
        self.env["gas.bill"].flush_model()
        points = readings.service_point_id
        return self.env["gas.reading.vee"]._load_history(points.ids, 2)

    @api.model
    def _read_again(self, readings):
        """Send the readers to meters whose readings were dropped; sudo."""
        self._give(self.env._("Read the meter again"), readings)

    def _give(self, summary, readings):
        """Give a task per account, unless the same one is open already."""
        notes = {
            reading.account_id.id: self.env._(
                "%(day)s: register %(value)s, usage %(usage)s m³",
                day=reading.read_date,
                value=reading.value,
                usage=reading.usage,
            )
            for reading in readings
            if reading.account_id
        }
        self._schedule(summary, notes)

    @api.model
    def _schedule(self, summary, notes):
        """Give the readers a task per account, unless it is open already; sudo.

        :param str summary: what to do
        :param dict notes: {account id: text of the task}
        """
        if not notes:
            return
        open_tasks = self.env["mail.activity"].search(
            [
                ("res_model", "=", "gas.account"),
                ("res_id", "in", list(notes)),
                ("summary", "=", summary),
            ]
        )
        wanted = set(notes) - set(open_tasks.mapped("res_id"))
        accounts = self.env["gas.account"].browse(sorted(wanted))
        if accounts:
            accounts._schedule_reader_task(summary, notes)
