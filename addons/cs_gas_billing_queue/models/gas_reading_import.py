from odoo import models
from odoo.exceptions import UserError


class GasReadingImport(models.Model):
    """A large file of readings as one job.

    Its lines are not spread over workers: a meter's readings must go in by their order,
    and the whole file goes in with a few statements or not at all.
    """

    _name = "gas.reading.import"
    _inherit = ["gas.reading.import", "gas.work.mixin"]

    _work_states = ("importing",)
    _work_cron = "cs_gas_billing_queue.ir_cron_reading_import"

    def _start_import(self):
        few = self.ok_count <= self.company_id.gas_inline_limit
        if few or self.state == "importing" or not self._has_runner():
            return super()._start_import()
        self.state = "importing"
        self._work_later()
        return None

    def _work_chunk(self, lane=(0, 1)):
        """Import the file; what a person must mend stands on it afterwards."""
        if self.state != "importing" or not self.try_lock_for_update():
            return 0
        try:
            with self.env.cr.savepoint():
                self._start_import()
        except UserError as error:
            self._end_work(str(error))
        return 0

    def _end_work(self, error):
        if error:
            self.write({"state": "checked", "message": error})

    def _count_work_left(self):
        return self.ok_count
