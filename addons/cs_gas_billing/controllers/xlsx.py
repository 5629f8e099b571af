from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.cs_base.controllers.workbook import send_workbook

from ..report.gas_run_workbook import write_workbook


class GasRunDownload(http.Controller):
    @http.route("/cs_gas/run/<int:run_id>.xlsx", type="http", auth="user")
    def run_xlsx(self, run_id, **_options):
        """Send a run as a workbook."""
        run = request.env["gas.bill.run"].browse(run_id)
        try:
            run.check_access("read")
            name = f"{run.name}.xlsx"
        except (AccessError, MissingError):
            raise request.not_found() from None
        request.env["cs.event"].sudo()._cs_log("gas.run.export", run)
        return send_workbook(name, write_workbook, run)
