from odoo import api, fields, models


class CsApprovalDelegate(models.Model):
    """Who approves in somebody's place while he is away."""

    _name = "cs.approval.delegate"
    _description = "Approval Delegate"
    _order = "date_from desc, id desc"
    _rec_name = "delegate_id"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Absent",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    delegate_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._cs_today(),
    )
    date_to = fields.Date(string="To", required=True)
    reason = fields.Char()

    _check_users = models.Constraint(
        "CHECK(user_id != delegate_id)", "Nobody is his own delegate."
    )
    _check_dates = models.Constraint(
        "CHECK(date_to >= date_from)", "The last day is before the first one."
    )

    @api.model
    def _principals_of(self, user):
        """Active users for whom ``user`` is the delegate today."""
        day = user.company_id._cs_today()
        return (
            self.sudo()
            .search(
                [
                    ("delegate_id", "=", user.id),
                    ("date_from", "<=", day),
                    ("date_to", ">=", day),
                ]
            )
            .user_id.filtered("active")
        )
