from odoo import fields, models


class CsPauseReason(models.Model):
    """Why a clock may stand still: only the customer or force majeure.

    A department that needs longer asks for an extension.
    """

    _name = "cs.pause.reason"
    _description = "Pause Reason"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Empty: for every company.",
    )
    cause = fields.Selection(
        selection=[("customer", "Customer"), ("force_majeure", "Force majeure")],
        required=True,
        default="customer",
        help="What happens inside the house is no reason: ask for an extension.",
    )
    needs_request = fields.Boolean(
        string="Needs a Request",
        default=True,
        help="Who pauses says on which day the customer was asked.",
    )
    max_days = fields.Integer(
        string="At Most (Days)",
        default=15,
        help="Calendar days after which the clock goes on by itself; 0: until "
        "somebody lets it go on.",
    )

    _check_max_days = models.Constraint(
        "CHECK(max_days >= 0)", "A pause can't be shorter than nothing."
    )
