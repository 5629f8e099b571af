from odoo import api, fields, models
from odoo.exceptions import UserError


class CsMergeWizard(models.TransientModel):
    """Which two matters become one, and which of them is kept."""

    _name = "cs.merge.wizard"
    _description = "Merge Matters"

    res_model = fields.Char(required=True, export_string_translation=False)
    res_id = fields.Many2oneReference(
        string="This Matter", model_field="res_model", required=True
    )
    other_id = fields.Many2oneReference(
        string="Other Matter", model_field="res_model", required=True
    )
    keep = fields.Selection(
        selection=[("this", "This one"), ("other", "The other one")],
        required=True,
        default="this",
    )
    reason = fields.Char()
    this_summary = fields.Char(string="This", compute="_compute_effect")
    other_summary = fields.Char(string="Other", compute="_compute_effect")
    refusal = fields.Char(compute="_compute_effect")
    effect = fields.Char(compute="_compute_effect")

    @api.depends("res_model", "res_id", "other_id", "keep")
    def _compute_effect(self):
        """What will happen, in a sentence, or why it can't."""
        for wizard in self:
            wizard.update(
                dict.fromkeys(
                    ("this_summary", "other_summary", "refusal", "effect"), False
                )
            )
            if not wizard.res_id:
                continue
            this = wizard._cs_matter(wizard.res_id)
            wizard.this_summary = this._cs_summary()
            if not wizard.other_id:
                continue
            other = wizard._cs_matter(wizard.other_id)
            wizard.other_summary = other._cs_summary()
            kept, loser = (this, other) if wizard.keep == "this" else (other, this)
            wizard.refusal = kept._cs_merge_error(loser)
            wizard.effect = not wizard.refusal and self.env._(
                "%(messages)s messages and %(files)s files of %(loser)s go over to "
                "%(kept)s; %(loser)s is closed and its clocks stand still. This can be "
                "undone as long as %(kept)s is open.",
                messages=len(loser.sudo().message_ids),
                files=wizard._cs_count_files(loser),
                loser=loser.display_name,
                kept=kept.display_name,
            )

    @api.model
    def _cs_count_files(self, matter):
        return (
            self.env["ir.attachment"]
            .sudo()
            .search_count(
                [
                    ("res_model", "=", matter._name),
                    ("res_id", "=", matter.id),
                    ("res_field", "=", False),
                ]
            )
        )

    def _cs_matter(self, res_id):
        """One of the two, if it is a matter and the user may change it."""
        known = self.env["cs.business.type"]._cs_models(active=False)
        if self.res_model not in {model._name for _type, model in known}:
            raise UserError(self.env._("Only matters are merged."))
        matter = self.env[self.res_model].browse(res_id).exists()
        if not matter:
            raise UserError(self.env._("The document does not exist any more."))
        matter.check_access("write")
        return matter

    def action_apply(self):
        """Merge, and open the matter that was kept."""
        self.ensure_one()
        this, other = self._cs_matter(self.res_id), self._cs_matter(self.other_id)
        kept, loser = (this, other) if self.keep == "this" else (other, this)
        kept._cs_merge(loser, self.reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": kept._name,
            "res_id": kept.id,
            "views": [(False, "form")],
        }
