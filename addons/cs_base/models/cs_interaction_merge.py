from odoo import models


class CsInteractionMerge(models.Model):
    """A contact whose matter was merged stays open until the one that was kept ends."""

    _inherit = "cs.interaction"

    def _cs_count_matters(self):
        counts = super()._cs_count_matters()
        ids = self._origin.ids
        if not ids:
            return counts
        merges = self.env["cs.merge"].sudo()
        rows = merges._read_group(
            [("interaction_id", "in", ids), ("undone_at", "=", False)],
            ["interaction_id", "res_model"],
            ["res_id:array_agg"],
        )
        for interaction, model, kept in rows:
            elsewhere = {
                survivor
                for survivor in map(self.env[model].sudo().browse, kept)
                for survivor in survivor._cs_survivor()
                if survivor.is_open and survivor.interaction_id != interaction
            }
            number, hidden = counts.get(interaction.id, (0, False))
            counts[interaction.id] = (number + len(elsewhere), hidden)
        return counts
