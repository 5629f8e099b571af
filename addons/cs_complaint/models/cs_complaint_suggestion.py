from odoo import api, fields, models
from odoo.exceptions import UserError

ADOPTIONS = [("adopted", "Adopted"), ("rejected", "Not Adopted")]
RULED = frozenset(
    {
        "adoption",
        "adoption_reason",
        "adopted_by_id",
        "adopted_at",
        "adoption_action_id",
        "honour_quarter",
        "posted_at",
        "posted_by_id",
    }
)


class CsComplaint(models.Model):
    """Suggestions (合理化建议): adopted or not, put into action, posted, honoured.

    What is adopted becomes a corrective action with a person and a date; it is posted
    (张榜公布), and who made it is named on the honour list if he agrees.
    """

    _inherit = "cs.complaint"

    adoption = fields.Selection(
        selection=ADOPTIONS, readonly=True, copy=False, tracking=True
    )
    adoption_reason = fields.Text(string="Why", readonly=True, copy=False)
    adopted_by_id = fields.Many2one(
        comodel_name="res.users", string="Considered By", readonly=True, copy=False
    )
    adopted_at = fields.Datetime(string="Considered On", readonly=True, copy=False)
    adoption_action_id = fields.Many2one(
        comodel_name="cs.action",
        string="Action",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    name_consent = fields.Boolean(
        string="May Be Named",
        copy=False,
        help="Who made the suggestion agrees to stand on the honour list.",
    )
    honour_quarter = fields.Char(
        string="Quarter", readonly=True, copy=False, index="btree_not_null"
    )
    honour_name = fields.Char(
        string="Made By", compute="_compute_honour_name", compute_sudo=True
    )
    posted_at = fields.Datetime(string="Posted", readonly=True, copy=False)
    posted_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)

    @api.model
    def _cs_is_closed(self, name):
        return name in RULED or super()._cs_is_closed(name)

    @api.depends("name_consent", "masked", "identity_ids.partner_id")
    @api.depends_context("lang")
    def _compute_honour_name(self):
        """The name only if its owner agrees, and never of a masked case."""
        for case in self:
            name = case.identity_ids.partner_id[:1].name
            named = case.name_consent and not case.masked and name
            case.honour_name = named or self.env._("A customer")

    # === COURSE === #

    def _cs_transition_error(self, new):
        error = super()._cs_transition_error(new)
        if not error and self.kind == "suggestion" and new == "investigating":
            return self.env._("A suggestion isn't investigated: decide on it.")
        return error

    def _cs_decision_error(self):
        if self.kind == "suggestion" and not self.adoption:
            return self.env._("Say first whether %s is adopted.", self.display_name)
        return super()._cs_decision_error()

    def _cs_open_points(self):
        points = super()._cs_open_points()
        if self.kind != "suggestion":
            return points
        if not self.adoption:
            points.append(self.env._("Say whether the suggestion is adopted."))
        elif self.adoption == "adopted" and not self.posted_at:
            points.append(self.env._("Post what was adopted on the board."))
        return points

    # === STEPS === #

    def action_adopt(
        self, adoption, reason, measure="", handler_id=False, due_on=False
    ):
        """Say whether a suggestion is adopted; if so, who does what until when.

        :param adoption: adopted or rejected
        :param reason: why; it is the decision unless one was written down
        :param measure: what is done
        :param handler_id: who does it
        :param due_on: until when, a date or its text
        """
        if adoption not in dict(ADOPTIONS):
            raise UserError(self.env._("Say whether the suggestion is adopted."))
        reason = self._cs_said(reason, self.env._("Say why."))
        if adoption == "adopted":
            measure = self._cs_said(measure, self.env._("Say what is done."))
            if not handler_id or not due_on:
                raise UserError(self.env._("Say who does it, and until when."))
        self._cs_check_group("cs_complaint.group_user")
        self._cs_lock()
        self._cs_check_state("deciding")
        for case in self:
            case._cs_check_adoption()
            case._cs_adopt(adoption, reason)
            if adoption == "adopted":
                case._cs_make_action(measure, handler_id, due_on)
        return True

    def _cs_check_adoption(self):
        if self.kind != "suggestion":
            raise UserError(
                self.env._("%s is no suggestion: judge it.", self.display_name)
            )
        if not self._cs_may_decide():
            raise UserError(
                self.env._(
                    "Who works on %s, or a team lead, decides on it.",
                    self.display_name,
                )
            )
        if self.adoption == "adopted":
            raise UserError(
                self.env._(
                    "%s is adopted already; drop its action if it can't be done.",
                    self.display_name,
                )
            )

    def _cs_adopt(self, adoption, reason):
        now = fields.Datetime.now()
        today = self.company_id._cs_date(now)
        quarter = f"{today.year}-Q{(today.month + 2) // 3}"
        self.sudo().write(
            {
                "adoption": adoption,
                "adoption_reason": reason,
                "adopted_by_id": self.env.uid,
                "adopted_at": now,
                "honour_quarter": quarter if adoption == "adopted" else False,
                "opinion": self.opinion or reason,
            }
        )

    def _cs_make_action(self, measure, handler_id, due_on):
        """The corrective action that carries the suggestion out."""
        case = self.sudo()
        case.adoption_action_id = case.env["cs.action"].create(
            {
                "subject": case.name if case.masked else case.subject,
                "problem": case.name if case.masked else case.content,
                "measure": measure,
                "handler_id": handler_id,
                "due_on": due_on,
                "company_id": case.company_id.id,
                "premises_id": case.premises_id.id,
                "author_id": self.env.uid,
                "origin_ref": f"{self._name},{self.id}",
            }
        )

    def action_post(self):
        """Say that what was adopted hangs on the board."""
        self._cs_check_group("cs_complaint.group_user")
        for case in self:
            if case.adoption != "adopted":
                raise UserError(self.env._("%s isn't adopted.", case.display_name))
            if not case.posted_at:
                case.sudo().write(
                    {"posted_at": fields.Datetime.now(), "posted_by_id": self.env.uid}
                )
        return True

    def action_ask_adopt(self):
        """Ask whether the suggestion is adopted."""
        return self._cs_ask("adopt")
