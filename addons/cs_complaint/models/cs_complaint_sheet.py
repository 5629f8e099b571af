from odoo import models


class CsComplaintSheet(models.Model):
    """What the processing sheet says of each step; each is read by the user's rules."""

    _inherit = "cs.complaint"

    def _cs_sheet_sections(self):
        """The steps of a case after its intake.

        :return: ``[{"title", "rows": [{"head", "text", "by", "at"}], "sign"}]``; a step
            that nothing is known of has no rows, so that it is filled in by hand
        """
        self.ensure_one()
        env = self.env
        clerk, head = env._("Handled By"), env._("Head of Department")
        leader = env._("Approved By")
        return [
            {
                "title": env._("Investigation and Countermeasures"),
                "rows": self._cs_sheet_tasks(),
                "sign": [env._("Investigated By"), head],
            },
            {
                "title": env._("Judgement and Consolidated Opinion"),
                "rows": self._cs_sheet_opinion(),
                "sign": [clerk, env._("Responsible")],
            },
            {
                "title": env._("Settlement and Approval"),
                "rows": self._cs_sheet_settlements(),
                "sign": [env._("Proposed By"), leader],
            },
            {
                "title": env._("Answer to the Customer"),
                "rows": self._cs_sheet_answers(),
                "sign": [clerk, env._("Responsible")],
            },
            {
                "title": env._("Return Visit"),
                "rows": self._cs_sheet_visits(),
                "sign": [env._("Visited By"), env._("Responsible")],
            },
        ]

    def _cs_sheet_found(self, model, domain, order="id"):
        """Rows of a model that may not be there, or not be for this user."""
        if model not in self.env or not self.env[model].has_access("read"):
            return []
        return self.env[model].search(domain, order=order)

    def _cs_sheet_tasks(self):
        tasks = self._cs_sheet_found(
            "cs.complaint.task", [("complaint_id", "=", self.id)]
        )
        return [
            {
                "head": task.department_id.sudo().name or "",
                "text": "\n".join(filter(None, (task.cause, task.countermeasure))),
                "by": " / ".join(filter(None, (task.reported_name, task.signed_name))),
                "at": task.signed_at or task.reported_at,
            }
            for task in tasks
        ]

    def _cs_sheet_opinion(self):
        judgements = dict(self._fields["judgement"]._description_selection(self.env))
        rows = []
        if self.judgement:
            rows.append(
                {
                    "head": judgements[self.judgement],
                    "text": self["judgement_reason"],
                    "by": self["judged_by_id"].sudo().name,
                    "at": self["judged_at"],
                }
            )
        if self["opinion"]:
            rows.append(
                {
                    "head": self.env._("Consolidated Opinion"),
                    "text": self["opinion"],
                    "by": self["opinion_by_id"].sudo().name,
                    "at": self["opinion_at"],
                }
            )
        return rows

    def _cs_sheet_settlements(self):
        settlements = self._cs_sheet_found(
            "cs.complaint.settlement",
            [("complaint_id", "=", self.id), ("chosen_at", "!=", False)],
        )
        return [
            {
                "head": settlement.summary,
                "text": settlement.reason,
                "by": settlement.chosen_by_id.sudo().name,
                "at": settlement.approved_at,
            }
            for settlement in settlements
        ]

    def _cs_sheet_answers(self):
        answers = self._cs_sheet_found(
            "cs.complaint.answer", [("complaint_id", "=", self.id)]
        )
        if not answers:
            return []
        ways = dict(answers._fields["way"]._description_selection(self.env))
        return [
            {
                "head": ways.get(answer.way, ""),
                "text": answer.text,
                "by": answer.told_by_id.sudo().name,
                "at": answer.told_at,
            }
            for answer in answers
        ]

    def _cs_sheet_visits(self):
        visits = self._cs_sheet_found(
            "cs.followup",
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("kind", "=", "visit"),
                ("state", "=", "done"),
            ],
        )
        if not visits:
            return []
        outcomes = dict(visits._fields["outcome"]._description_selection(self.env))
        return [
            {
                "head": outcomes.get(visit.outcome, ""),
                "text": visit.note,
                "by": visit.done_by_id.sudo().name,
                "at": visit.done_at,
            }
            for visit in visits
        ]
