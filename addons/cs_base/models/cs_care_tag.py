from odoo import fields, models


class CsCareTag(models.Model):
    """What staff should bear in mind with a customer: elderly, alone, VIP, …"""

    _name = "cs.care.tag"
    _description = "Care Tag"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint("UNIQUE(name)", "This care tag exists already.")
