from odoo import models


class CsPremises(models.Model):
    """Communities are found by how they begin, as fast as a clerk types."""

    _inherit = "cs.premises"

    _community_prefix_idx = models.Index("(community text_pattern_ops)")
