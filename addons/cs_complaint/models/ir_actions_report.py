from odoo import models

#: Sheets that only the house may see: their files never go out.
INTERNAL = {"cs_complaint.cs_complaint_sheet_template"}
#: Sheets of which a file is kept with the record.
KEPT = INTERNAL | {"cs_complaint.cs_complaint_task_template"}


class IrActionsReport(models.Model):
    """Sheets that are kept: one file a record, internal ones marked as such."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """A file for each record; one call of the PDF program makes one document,
        as most builds of it can't make more."""
        prepare = super()._render_qweb_pdf_prepare_streams
        if self._get_report(report_ref).report_name not in KEPT or not res_ids:
            return prepare(report_ref, data, res_ids=res_ids)
        streams = {}
        for res_id in res_ids:
            streams.update(prepare(report_ref, data, res_ids=[res_id]))
        return streams

    def _prepare_pdf_report_attachment_vals_list(self, report, streams):
        rows = super()._prepare_pdf_report_attachment_vals_list(report, streams)
        if report.report_name in INTERNAL:
            for vals in rows:
                vals["cs_internal"] = True
        return rows
