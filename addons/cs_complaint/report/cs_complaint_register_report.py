from odoo import api, models


class ReportComplaintRegister(models.AbstractModel):
    """The register of complaints on paper."""

    _name = "report.cs_complaint.cs_complaint_register_template"
    _description = "Register of Complaints on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        registers = self.env["cs.complaint.register"].browse(docids)
        registers.check_access("read")
        self.env["cs.complaint"].check_access("read")
        company = self.env.company
        return {
            "lang": registers._get_lang(),
            "docs": registers,
            "rows": {
                register.id: register._get_rows(register._get_cases())
                for register in registers
            },
            "printed": company._cs_now().strftime("%Y-%m-%d %H:%M"),
        }
