from odoo import fields, models


class CsComplaintCertificate(models.TransientModel):
    """Dialog: the allowance certificate came back with the customer's seal."""

    _name = "cs.complaint.certificate"
    _description = "Sealed Allowance Certificate"

    line_id = fields.Many2one(
        comodel_name="cs.complaint.settlement.line",
        string="Settlement",
        required=True,
        readonly=True,
    )
    received_on = fields.Date(
        string="Came Back On",
        required=True,
        default=lambda self: self.env.company._cs_today(),
    )
    scan = fields.Binary(required=True, attachment=False)
    filename = fields.Char()

    def action_book(self):
        """Keep the scan and book the credit note."""
        self.ensure_one()
        scan = self.with_context(bin_size=False).scan
        self.line_id.action_certificate_back(
            self.received_on,
            self.filename or self.env._("Certificate"),
            scan.decode() if isinstance(scan, bytes) else scan,
        )
        return {"type": "ir.actions.act_window_close"}
