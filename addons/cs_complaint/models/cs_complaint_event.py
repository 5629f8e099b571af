from odoo import api, fields, models
from odoo.exceptions import UserError

#: What is found and decided once, for all callers.
SHARED = (
    "severity",
    "particularly_severe",
    "severity_evidence",
    "judgement",
    "judged_by_id",
    "judged_at",
    "judgement_reason",
    "quality_class",
    "cause_id",
    "opinion",
    "opinion_by_id",
    "opinion_at",
)
#: The way of a case, without the investigation, which only the event has.
COURSE = ("new", "accepted", "deciding", "answering")
ROLE = "cs_complaint.group_user"


class CsComplaintEvent(models.Model):
    """Many people call about one thing: one case is investigated, judged and answered,
    each caller has a case of his own beside it."""

    _inherit = "cs.complaint"

    is_event = fields.Boolean(
        string="Mass Event", readonly=True, copy=False, tracking=True
    )
    parent_id = fields.Many2one(
        comodel_name="cs.complaint",
        string="Event",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="The case in which all callers about the same are answered.",
    )
    child_ids = fields.One2many(
        comodel_name="cs.complaint",
        inverse_name="parent_id",
        string="Cases of Callers",
        readonly=True,
    )
    child_count = fields.Integer(string="Callers", compute="_compute_child_count")
    counts = fields.Boolean(
        compute="_compute_counts",
        store=True,
        help="Counted in statistics: an event counts once, not once a caller.",
    )

    @api.depends("parent_id", "state")
    def _compute_counts(self):
        for case in self:
            case.counts = case._cs_counts()

    def _cs_counts(self):
        """Whether statistics count this case."""
        self.ensure_one()
        return not self.parent_id and self.state != "merged"

    @api.model
    def _cs_is_closed(self, name):
        closed = ("is_event", "parent_id", "child_ids", "counts")
        return name in closed or super()._cs_is_closed(name)

    @api.model
    def _cs_domain(self, purpose, date_from=None, date_to=None):
        domain = super()._cs_domain(purpose, date_from, date_to)
        if purpose in ("report", "sample"):
            domain &= fields.Domain("counts", "=", True)
        return domain

    @api.depends("child_ids")
    def _compute_child_count(self):
        """How many called, whether the reader may open each of their cases or not."""
        groups = self.sudo()._read_group(
            [("parent_id", "in", self.ids)], ["parent_id"], ["__count"]
        )
        counts = {parent.id: count for parent, count in groups}
        for case in self:
            case.child_count = counts.get(case.id, 0)

    def _cs_event_children(self):
        """The callers' cases that are still open, with sudo."""
        domain = [("parent_id", "in", self.ids), ("is_open", "=", True)]
        return self.sudo().search(domain, order="id")

    def _cs_event(self):
        """Where this case is investigated and judged: in itself or in its event."""
        self.ensure_one()
        return self.parent_id or self

    # === WHAT ALL SHARE === #

    @api.model
    def _cs_event_shared(self):
        """Fields of the event that its callers' cases take over."""
        return [name for name in SHARED if name in self._fields]

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & set(self._cs_event_shared()):
            for event in self.sudo().filtered("is_event"):
                event._cs_share(event._cs_event_children())
        return result

    def _cs_share(self, children):
        """Write what was found and decided into the callers' cases; with sudo."""
        self.ensure_one()
        shared = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in self._cs_event_shared()
        }
        before = {child: child.severity for child in children}
        children.with_context(tracking_disable=True).write(shared)
        changed = children.filtered(lambda child: child.severity != before[child])
        changed._cs_relimit_answer()

    def _cs_set_state(self, new, **vals):
        result = super()._cs_set_state(new, **vals)
        for event in self.sudo().filtered("is_event"):
            event._cs_lead_children(event._cs_event_children())
        return result

    def _cs_lead_children(self, children):
        """Bring the callers' cases to where the event is; with sudo.

        When it is closed, those whose customer was told and accepts are closed too.
        """
        self.ensure_one()
        if self.state in COURSE or self.state == "investigating":
            self._cs_share(children)
            goal = "accepted" if self.state == "investigating" else self.state
            for child in children:
                child._cs_walk_to(goal)
        elif self.state == "closed":
            for child in children.filtered(lambda child: child.state == "answering"):
                if not child._cs_transition_error("closed"):
                    child._cs_set_state("closed")

    def _cs_walk_to(self, goal):
        """Go the way of a case to state ``goal``, step by step."""
        self.ensure_one()
        if self.state not in COURSE:
            return
        here, there = COURSE.index(self.state), COURSE.index(goal)
        for state in COURSE[here + 1 : there + 1]:
            vals = {"accepted_at": fields.Datetime.now()} if state == "accepted" else {}
            self._cs_set_state(state, **vals)
        for state in reversed(COURSE[max(there, 1) : here]):
            if state in self._cs_transitions()[self.state]:
                self._cs_set_state(state)

    def _cs_transition_error(self, new):
        error = super()._cs_transition_error(new)
        if error or not self.is_event or new not in ("withdrawn", "refused"):
            return error
        waiting = len(self._cs_event_children())
        if not waiting:
            return ""
        return self.env._(
            "%(count)s callers wait for the answer to this event.", count=waiting
        )

    def _cs_merge_refuse(self, other):
        """Callers stay with their event; only what isn't looked into yet goes over."""
        error = super()._cs_merge_refuse(other)
        if error:
            return error
        if other.sudo().is_event or other.sudo().parent_id:
            return self.env._(
                "%s is part of an event: add the callers to the other one instead.",
                other.display_name,
            )
        if other.sudo().state not in ("new", "accepted"):
            return self.env._(
                "%s is being worked on already: keep that one and merge the newer one.",
                other.display_name,
            )
        if self.sudo().kind != other.sudo().kind:
            return self.env._("These are cases of two kinds: link them instead.")
        return ""

    # === CALLERS === #

    def action_make_event(self):
        """Several people call about this: their cases hang on it from now on."""
        self._cs_check_group(ROLE)
        self._cs_lock()
        for case in self:
            if error := case._cs_event_error():
                raise UserError(error)
        self.sudo().write({"is_event": True})
        return True

    def _cs_event_error(self):
        """Why no callers can be added to this case; empty if they can."""
        self.ensure_one()
        if self.masked:
            return self.env._("In %s the person is hidden.", self.display_name)
        if not self.is_open:
            return self.env._("%s is closed.", self.display_name)
        if self.parent_id:
            return self.env._("%s is part of an event itself.", self.display_name)
        return ""

    def action_add_caller(self):
        """Take down one more caller: opens the dialog."""
        self.ensure_one()
        title = self.env._("One More Caller")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.complaint.caller",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_event_id": self.id},
        }

    def action_callers(self):
        """The cases of all callers."""
        self.ensure_one()
        title = self.env._("Callers of %s", self.name)
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("parent_id", "=", self.id)],
        }

    def _cs_add_caller(self, vals):
        """A case of its own for one more caller, with his number and contact.

        :param vals: of the new case: who calls, how, what he adds
        :return: the new case
        """
        self.ensure_one()
        if not self.is_event:
            self.action_make_event()
        self._cs_check_group(ROLE)
        if error := self._cs_event_error():
            raise UserError(error)
        child = self.create(
            {
                "company_id": self.company_id.id,
                "kind": self.kind,
                "subject": self.subject,
                "content": self.content,
                "wish": self.wish,
                "handler_id": self.handler_id.id,
                "team_id": self.team_id.id,
                **vals,
            }
        )
        child._cs_join(self)
        return child

    def _cs_join(self, event):
        """Hang this case on ``event``: investigated, judged and answered there."""
        self.ensure_one()
        child, event = self.sudo(), event.sudo()
        child.write({"parent_id": event.id})
        child._cs_link(event, "part_of")
        event._cs_lead_children(child)

    def action_join(self, other_id):
        """This is the same as another case: add this caller to it, and urge it on.

        Of the same customer, or of nobody, the two are merged; otherwise the other one
        becomes an event with this case as one of its callers.

        :param other_id: id of the case that was there before
        :return: action that opens it
        """
        self.ensure_one()
        self._cs_check_group(ROLE)
        other = self.browse(other_id).exists()
        other.check_access("write")
        other = other.parent_id or other
        (self | other)._cs_lock()
        error = self._cs_join_error(other)
        if error:
            raise UserError(error)
        other.action_chase(self.subject)
        mine, theirs = (case.sudo()._cs_partner() for case in (self, other))
        if mine == theirs or not mine:
            other._cs_merge(self, self.env._("The same matter"))
        else:
            if not other.is_event:
                other.action_make_event()
            self._cs_join(other)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": other.id,
            "views": [(False, "form")],
        }

    def _cs_join_error(self, other):
        """Why this case can't be added to ``other``; empty if it can."""
        self.ensure_one()
        if not other or self == other:
            return self.env._("Choose another matter than this one.")
        if self.masked or self.is_event or self.parent_id:
            return self._cs_event_error() or self.env._(
                "%s has callers of its own.", self.display_name
            )
        if self.state not in ("new", "accepted"):
            return self.env._("%s is being worked on already.", self.display_name)
        if self.company_id != other.company_id:
            return self.env._("These are matters of two companies.")
        return other._cs_event_error()

    def _cs_menu(self):
        items = super()._cs_menu()
        if (
            self.has_access("write")
            and not self._cs_event_error()
            and not self.is_event
        ):
            items.append(("action_make_event", self.env._("Mass Event"), "fa-users"))
        if self.is_open and not self.masked and self.has_access("write"):
            items.append(("action_merge", self.env._("Merge"), "fa-compress"))
        if self.state == "merged":
            items.append(("action_unmerge", self.env._("Undo Merge"), "fa-expand"))
        return items
