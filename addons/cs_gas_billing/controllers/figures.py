from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.cs_base.controllers.workbook import send_workbook

from ..report.gas_figures_workbook import write_figures, write_statements


class GasFiguresDownload(http.Controller):
    @http.route("/cs_gas/figures.xlsx", type="http", auth="user", methods=["GET"])
    def figures_xlsx(self, period=None, cut_off=None, **_options):
        """Send the figures of a month with their tables.

        :param period: ``YYYY-MM``
        :param cut_off: last day that counts, ``YYYY-MM-DD``
        """
        try:
            data = request.env["gas.dashboard"].get(period, cut_off)
        except (AccessError, UserError):
            raise request.not_found() from None
        name = f"figures-{data['period']}-{data['cut_off']}.xlsx"
        return send_workbook(name, write_figures, request.env, data)

    @http.route(
        "/cs_gas/statement/<int:wizard_id>.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def statement_xlsx(self, wizard_id, **_options):
        """Send the account statements that a wizard chose."""
        wizard = request.env["gas.statement"].browse(wizard_id)
        try:
            wizard.check_access("read")
            name = f"statement-{wizard.account_ids[:1].code}-{wizard.date_to}.xlsx"
            return send_workbook(name, write_statements, wizard)
        except (AccessError, MissingError, UserError):
            raise request.not_found() from None
