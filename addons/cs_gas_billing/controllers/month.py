import io

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

from ..report.gas_month_workbook import write_month
from .xlsx import MIMETYPE


class GasMonthDownload(http.Controller):
    @http.route(
        "/cs_gas/month/<int:check_id>.xlsx", type="http", auth="user", methods=["GET"]
    )
    def month_xlsx(self, check_id, **_options):
        """Send a month check with all rows that differ."""
        check = request.env["gas.month.check"].browse(check_id)
        try:
            check.check_access("read")
            check._check_right()
            name = f"month-check-{check.period}.xlsx"
        except (AccessError, MissingError):
            raise request.not_found() from None
        file = io.BytesIO()
        write_month(file, check)
        return request.make_response(
            file.getvalue(),
            headers=[
                ("Content-Type", MIMETYPE),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )
