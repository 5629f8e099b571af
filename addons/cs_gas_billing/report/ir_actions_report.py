import io

from odoo import models

#: Bills in one call of the PDF program; more become several, merged in the end.
CHUNK = 500
REPORT = "cs_gas_billing.report_gas_bill"


class IrActionsReport(models.Model):
    """Prints many bills as one document.

    Odoo would cut it into one file per bill and merge these again, each with its own
    copy of the Chinese font.
    """

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        report = self._get_report(report_ref)
        if report.report_name != REPORT or not res_ids or len(res_ids) < 2:
            return super()._render_qweb_pdf_prepare_streams(
                report_ref, data, res_ids=res_ids
            )
        streams = {}
        for start in range(0, len(res_ids), CHUNK):
            part = res_ids[start : start + CHUNK]
            made = super()._render_qweb_pdf_prepare_streams(
                report_ref, {**(data or {}), "gas_bill_ids": part}, res_ids=None
            )
            stream = io.BytesIO(made[False]["stream"].getvalue())
            streams[part[0]] = {"stream": stream, "attachment": None}
        return streams
