from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.cs_base.controllers.workbook import send_workbook

from ..report.cs_complaint_register_workbook import write_register


class ComplaintRegister(http.Controller):
    @http.route(
        "/cs_complaint/register/<int:register_id>.xlsx", type="http", auth="user"
    )
    def register_xlsx(self, register_id, **_options):
        """Send a register as a workbook; its reader's rights hold, and it is logged."""
        register = request.env["cs.complaint.register"].browse(register_id)
        try:
            register.check_access("read")
            if register.create_uid != request.env.user:
                raise request.not_found()
            request.env["cs.complaint"].check_access("read")
            name = f"complaints-{register.date_from}-{register.date_to}.xlsx"
        except (AccessError, MissingError):
            raise request.not_found() from None
        request.env["cs.event"].sudo()._cs_log(
            "complaint.register", register.company_id
        )
        return send_workbook(name, write_register, register)
