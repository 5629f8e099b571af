from odoo import api, fields, models
from odoo.exceptions import UserError


class CsMailAssign(models.TransientModel):
    """The matter a parked mail belongs to."""

    _name = "cs.mail.assign"
    _description = "File a Mail"

    parked_id = fields.Many2one(
        comodel_name="cs.mail.parked", required=True, ondelete="cascade"
    )
    matter_ref = fields.Reference(
        selection="_selection_matter_ref",
        string="Matter",
        compute="_compute_matter_ref",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )

    @api.model
    def _selection_matter_ref(self):
        return self.env["cs.matter.mixin"]._selection_origin()

    @api.depends("parked_id")
    def _compute_matter_ref(self):
        """Proposed: the matter it seems to be about, if the user may read it."""
        for wizard in self:
            matter = wizard.parked_id._cs_matter() if wizard.parked_id else None
            readable = matter and matter.has_access("read")
            wizard.matter_ref = matter if readable else False

    def action_apply(self):
        """File the mail with the matter, or with the one in which that goes on."""
        self.ensure_one()
        if not self.matter_ref:
            raise UserError(self.env._("Choose a matter."))
        matter = self.matter_ref.with_env(self.env)._cs_survivor()
        matter.check_access("write")
        self.parked_id._cs_check_may_file()
        self.parked_id._cs_deliver(matter)
        return {"type": "ir.actions.act_window_close"}
