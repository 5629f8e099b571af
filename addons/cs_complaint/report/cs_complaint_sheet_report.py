from odoo import api, models


class ReportComplaintSheet(models.AbstractModel):
    """The processing sheet of a case 投诉处理表: every step with room to sign.

    Internal: it says who investigated and what was thought, so its files never leave
    the house.
    """

    _name = "report.cs_complaint.cs_complaint_sheet_template"
    _description = "Processing Sheet of a Complaint"

    @api.model
    def _get_report_values(self, docids, data=None):
        cases = self.env["cs.complaint"].browse(docids)
        cases.check_access("read")
        register = self.env["cs.complaint.register"]
        lang = register._get_lang()
        cases = cases.with_context(lang=lang)
        rows = register._get_rows(cases)
        return {
            "lang": lang,
            "docs": cases,
            "heads": dict(zip(cases.ids, rows, strict=True)),
            "sections": {case.id: case._cs_sheet_sections() for case in cases},
            "moment": {
                "widget": "datetime",
                "format": "yyyy-MM-dd HH:mm",
                "tz_name": str(self.env.company._cs_tz()),
            },
        }
