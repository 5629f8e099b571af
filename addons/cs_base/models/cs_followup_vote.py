from odoo import api, fields, models


class CsFollowup(models.Model):
    """Visits to customers who voted that they weren't satisfied."""

    _inherit = "cs.followup"

    vote_ids = fields.One2many(
        comodel_name="cs.satisfaction",
        inverse_name="followup_id",
        string="Votes",
        readonly=True,
    )
    vote_text = fields.Text(string="Vote by Link", compute="_compute_vote_text")

    @api.depends("vote_ids.vote", "vote_ids.comment")
    @api.depends_context("uid", "lang")
    def _compute_vote_text(self):
        """What the customer voted and wrote, for those who may read the vote."""
        votes = self.env["cs.satisfaction"]
        found = votes.browse()
        if self.ids and votes.has_access("read"):
            found = votes.search([("followup_id", "in", self.ids)], order="id")
        labels = dict(votes._fields["vote"]._description_selection(self.env))
        by_visit = found.grouped("followup_id")
        for followup in self:
            followup.vote_text = "\n".join(
                " – ".join(filter(None, (labels.get(row.vote), row.comment)))
                for row in by_visit.get(followup._origin, ())
            )

    @api.model
    def _cs_prompt(self, matter, satisfaction):
        """Visit the customer of ``matter`` soon: the waiting visit, else a new one.

        :param satisfaction: the vote that calls for it
        :return: the visit, with sudo
        """
        company = matter.company_id
        soon = self._cs_end_of(
            company, company._cs_add_workdays(company._cs_today(), 1)
        )
        visit = self._cs_open_of(matter).filtered(lambda one: one.kind == "visit")[:1]
        if not visit:
            visit = self._cs_schedule(matter)
        due = min(visit.due_at, soon)
        visit._update({"due_at": due, "reminder_level": -1})
        satisfaction._update({"followup_id": visit.id})
        matter.interaction_id._cs_recheck()
        quiet = company._cs_quiet()
        if not (quiet and quiet.around(company._cs_now())):
            self.env["cs.notify"].sudo()._cs_notify(
                "followup.due",
                visit,
                users=visit.user_id or visit.team_id._cs_lead(),
                key=f"vote,{satisfaction.id}",
            )
        return visit
