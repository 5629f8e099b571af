from odoo import fields, models


class GasReadingDecision(models.TransientModel):
    """Shows the photo that came with a reading beside the number it shall prove."""

    _inherit = "gas.reading.decision"

    sent_photo = fields.Image(related="reading_id.photo", string="Photo of the Reading")
