from odoo import fields, models
from odoo.exceptions import UserError

#: So many of the customer's last invoices are offered.
OFFERED = 60


class CsComplaint(models.Model):
    """Choosing invoices of the complainant, by clerks who have no accounting rights:
    they see number, date and amounts, of this customer alone."""

    _inherit = "cs.complaint"

    dispute_ids = fields.One2many(
        comodel_name="cs.complaint.dispute",
        inverse_name="complaint_id",
        string="Disputed Invoices",
        readonly=True,
    )

    def _cs_invoices(self):
        """The customer's last posted invoices. Sudo.

        :raise UserError: the person is masked or unknown
        """
        self.ensure_one()
        case = self.sudo()
        if case.masked:
            raise UserError(self.env._("The books must not name a masked person."))
        partner = case._cs_partner().sudo().commercial_partner_id
        if not partner:
            raise UserError(self.env._("Enter the complainant first."))
        return (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("company_id", "=", case.company_id.id),
                    ("commercial_partner_id", "=", partner.id),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                ],
                order="invoice_date desc, id desc",
                limit=OFFERED,
            )
        )

    def action_choose_disputed(self):
        """Choose the invoices whose payment this case delays."""
        self.ensure_one()
        self.check_access("write")
        return self._cs_choose_invoices(self.dispute_ids.move_id.ids)

    def _cs_choose_invoices(self, chosen, line=None):
        choice = self.env["cs.complaint.invoice.choice"]._cs_begin(self, chosen, line)
        title = self.env._("Invoices of the Customer")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": choice._name,
            "res_id": choice.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _cs_dispute(self, moves):
        """Let ``moves`` be the invoices that this case delays, and no others."""
        self.ensure_one()
        self.check_access("write")
        if not self.is_open and moves:
            raise UserError(self.env._("%s is closed.", self.display_name))
        disputes = self.env["cs.complaint.dispute"].sudo()
        rows = disputes.with_context(active_test=False).search(
            [("complaint_id", "=", self.id)]
        )
        rows.filtered(lambda row: row.move_id in moves)._update({"active": True})
        rows.filtered(lambda row: row.move_id not in moves)._update({"active": False})
        disputes._append(
            [
                {"complaint_id": self.id, "move_id": move.id}
                for move in moves - rows.move_id
            ]
        )
        self.env["cs.event"]._cs_log(
            "complaint.dispute", self, details={"invoices": len(moves)}
        )
