from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: What the customer said in the end, by visit or by link.
RESULTS = [
    ("satisfied", "Satisfied"),
    ("neutral", "Neutral"),
    ("dissatisfied", "Dissatisfied"),
    ("unreachable", "Unreachable"),
    ("refused", "Refused to Say"),
]
#: Number of the colour of a card, by severity; red is for what is late.
COLOURS = {"general": 0, "influential": 4, "severe": 5, "media": 11}


class CsComplaintBoard(models.Model):
    """What lists, cards and figures show of a case beyond its own fields."""

    _inherit = "cs.complaint"

    colour = fields.Integer(compute="_compute_colour", export_string_translation=False)
    waits_for = fields.Char(
        compute="_compute_waits_for",
        help="Who has to do something next.",
    )
    answered_in_time = fields.Selection(
        selection=[("met", "In Time"), ("missed", "Late")],
        string="Answer",
        compute="_compute_answered_in_time",
        search="_search_answered_in_time",
        help="Whether the customer was answered within the promised limit.",
    )
    satisfaction = fields.Selection(
        selection=RESULTS,
        compute="_compute_satisfaction",
        search="_search_satisfaction",
        help="What the customer said at the last return visit, else by link.",
    )

    _received_idx = models.Index("(company_id, received_at)")
    _closed_idx = models.Index("(company_id, closed_at) WHERE closed_at IS NOT NULL")
    _severity_idx = models.Index("(company_id, severity) WHERE is_open")

    @api.depends("severity", "particularly_severe")
    def _compute_colour(self):
        for case in self:
            case.colour = 9 if case.particularly_severe else COLOURS[case.severity]

    @api.depends("state", "handler_id")
    def _compute_waits_for(self):
        departments = self._cs_waiting_departments()
        for case in self:
            if not case.is_open:
                case.waits_for = False
            elif not case.handler_id:
                case.waits_for = self.env._("somebody to take it")
            elif case.id in departments:
                case.waits_for = ", ".join(departments[case.id].mapped("name"))
            elif case.state == "answering":
                case.waits_for = self.env._("an answer to the customer")
            else:
                case.waits_for = case.handler_id.name

    def _cs_waiting_departments(self):
        """Departments that still investigate: ``{case id: departments}``."""
        if "cs.complaint.task" not in self.env:
            return {}
        rows = (
            self.env["cs.complaint.task"]
            .sudo()
            ._read_group(
                [("complaint_id", "in", self.ids), ("is_open", "=", True)],
                ["complaint_id"],
                ["department_id:recordset"],
            )
        )
        return {case.id: departments for case, departments in rows}

    # === ANSWERED IN TIME === #

    @api.model
    def _cs_answer_query(self, values):
        """Ids of the cases whose answer was in one of the states ``values``."""
        return SQL(
            """
            SELECT res_id FROM cs_clock
             WHERE res_model = %s AND state IN %s
               AND (code = 'complaint.answer' OR code LIKE 'complaint.answer.%%')
            """,
            self._name,
            tuple(values) or ("",),
        )

    def _compute_answered_in_time(self):
        self.env["cs.clock"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT res_id, min(state) FROM cs_clock
                 WHERE res_model = %s AND res_id IN %s AND state IN ('met', 'missed')
                   AND (code = 'complaint.answer' OR code LIKE 'complaint.answer.%%')
                 GROUP BY res_id
                """,
                self._name,
                tuple(self.ids) or (0,),
            )
        )
        states = dict(rows)
        for case in self:
            case.answered_in_time = states.get(case.id, False)

    def _search_answered_in_time(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["cs.clock"].flush_model()
        wanted = {state for state in value if state}
        domain = Domain("id", "in", self._cs_answer_query(wanted))
        if False in value:
            domain |= Domain("id", "not in", self._cs_answer_query({"met", "missed"}))
        return domain

    # === SATISFACTION === #

    @api.model
    def _cs_satisfaction_query(self):
        """``(res_id, result)`` of all cases: the last visit, else the last vote."""
        return SQL(
            """
            SELECT DISTINCT ON (res_id) res_id, result FROM (
                SELECT res_id, outcome AS result, 1 AS rank, id FROM cs_followup
                 WHERE res_model = %(model)s AND kind = 'visit' AND state = 'done'
                 UNION ALL
                SELECT res_id, vote, 2, id FROM cs_satisfaction
                 WHERE res_model = %(model)s AND state = 'voted'
            ) AS said ORDER BY res_id, rank, id DESC
            """,
            model=self._name,
        )

    def _flush_satisfaction(self):
        self.env["cs.followup"].flush_model()
        self.env["cs.satisfaction"].flush_model()

    def _compute_satisfaction(self):
        self._flush_satisfaction()
        query = SQL(
            "SELECT res_id, result FROM (%s) AS said WHERE res_id IN %s",
            self._cs_satisfaction_query(),
            tuple(self.ids) or (0,),
        )
        results = dict(self.env.execute_query(query))
        for case in self:
            case.satisfaction = results.get(case.id, False)

    def _search_satisfaction(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._flush_satisfaction()
        query = self._cs_satisfaction_query()
        wanted = tuple(result for result in value if result) or ("",)
        domain = Domain(
            "id",
            "in",
            SQL("SELECT res_id FROM (%s) AS said WHERE result IN %s", query, wanted),
        )
        if False in value:
            domain |= Domain(
                "id", "not in", SQL("SELECT res_id FROM (%s) AS said", query)
            )
        return domain
