from odoo import api, fields, models


class CsFollowup(models.Model):
    """Visits that come from a draw: another person asks about finished work."""

    _inherit = "cs.followup"

    draw_id = fields.Many2one(
        comodel_name="cs.followup.draw",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model
    def _cs_schedule_draw(self, matters, draw):
        """A visit for each of the drawn ``matters``, in their order.

        The contact, which may have been closed long ago, stays closed: nobody waits
        for this visit. Who did the work doesn't ask about it.
        """
        company = draw.company_id
        last = company._cs_add_workdays(company._cs_today(), draw.days)
        due = self._cs_end_of(company, last)
        rules = {
            kind: self.env["cs.followup.rule"]._cs_for(kind, company)
            for kind in matters.business_type_id
        }
        ties = self._cs_of(matters)
        return self._append(
            [
                {
                    **tie,
                    "kind": "visit",
                    "draw_id": draw.id,
                    "subject": matter._cs_summary(),
                    "partner_id": matter._cs_partner().id,
                    "premises_id": matter.premises_id.id,
                    "team_id": matter.team_id.id,
                    "user_id": draw.user_id.id
                    if draw.user_id != matter.handler_id
                    else False,
                    "barred_id": matter.handler_id.id,
                    "due_at": due,
                    "tries": rules[matter.business_type_id].tries or 1,
                    "try_days": rules[matter.business_type_id].try_days or 1,
                }
                for matter, tie in zip(matters, ties, strict=True)
            ]
        )
