import tempfile

from werkzeug.wsgi import FileWrapper

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

from ..report.gas_run_workbook import write_workbook

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class GasRunDownload(http.Controller):
    @http.route("/cs_gas/run/<int:run_id>.xlsx", type="http", auth="user")
    def run_xlsx(self, run_id, **_options):
        """Send a run as a workbook; written to a temporary file, not into memory."""
        run = request.env["gas.bill.run"].browse(run_id)
        try:
            run.check_access("read")
            name = f"{run.name}.xlsx"
        except (AccessError, MissingError):
            raise request.not_found() from None
        file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the response)
        write_workbook(file, run)
        size = file.tell()
        file.seek(0)
        request.env["cs.event"].sudo()._cs_log("gas.run.export", run)
        response = request.make_response(
            FileWrapper(file),
            headers=[
                ("Content-Type", MIMETYPE),
                ("Content-Length", str(size)),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
        response.direct_passthrough = True
        response.call_on_close(file.close)
        return response
