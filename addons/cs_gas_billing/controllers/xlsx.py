import tempfile

from werkzeug.wsgi import FileWrapper

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

from ..report.gas_run_workbook import write_workbook

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_workbook(name, write, *args):
    """Write a workbook to a temporary file, not into memory, and send it.

    :param str name: what the file is called at the user
    :param write: writes the workbook; gets a file and ``args``
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the response)
    write(file, *args)
    size = file.tell()
    file.seek(0)
    response = request.make_response(
        FileWrapper(file),
        headers=[
            ("Content-Type", MIMETYPE),
            ("Content-Length", str(size)),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ],
    )
    response.direct_passthrough = True
    response.call_on_close(file.close)
    return response


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
