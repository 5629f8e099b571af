from odoo import models

#: Sheets that only the house may see: their files never go out.
INTERNAL = {"cs_complaint.cs_complaint_sheet_template"}


class IrActionsReport(models.Model):
    """What is kept of an internal sheet is marked as internal."""

    _inherit = "ir.actions.report"

    def _prepare_pdf_report_attachment_vals_list(self, report, streams):
        rows = super()._prepare_pdf_report_attachment_vals_list(report, streams)
        if report.report_name in INTERNAL:
            for vals in rows:
                vals["cs_internal"] = True
        return rows
