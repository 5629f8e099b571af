from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.cs_base.controllers.workbook import send_workbook

from ..report.gas_month_workbook import write_month


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
        return send_workbook(name, write_month, check)
