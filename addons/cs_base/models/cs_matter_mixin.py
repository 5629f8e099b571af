from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import groupby

#: What only the methods of a matter set, whoever writes.
CLOSED_FIELDS = frozenset(
    {
        "name",
        "state",
        "business_type_id",
        "opened_at",
        "closed_at",
        "is_open",
        "masked",
        "chase_count",
        "due_at",
        "clock_state",
    }
)
#: What is said once, when the matter begins.
LASTING_FIELDS = ("interaction_id", "company_id")
CLOCK_STATES = [
    ("none", "No Deadline"),
    ("running", "Running"),
    ("paused", "Paused"),
    ("late", "Late"),
    ("met", "In Time"),
    ("missed", "Missed"),
]


class CsMatterMixin(models.AbstractModel):
    """A matter of a customer, from the first contact to its end.

    A model that inherits this and answers ``cs.matter.hooks`` has a number, a contact
    with its first owner, clocks, chasing, extensions, slips, return visits, links and
    a place at everybody's desk. ``state`` is the model's own selection.
    """

    _name = "cs.matter.mixin"
    _description = "Matter"
    _inherit = [
        "cs.matter.hooks",
        "cs.ruled",
        "cs.masked.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _mail_post_access = "read"
    _cs_closed_fields = CLOSED_FIELDS

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    business_type_id = fields.Many2one(
        comodel_name="cs.business.type",
        string="Type",
        required=True,
        readonly=True,
        copy=False,
        ondelete="cascade",  # the type goes with its app, and so does this table
    )
    interaction_id = fields.Many2one(
        comodel_name="cs.interaction",
        string="Contact",
        index=True,
        copy=False,
        ondelete="restrict",
        check_company=True,
    )
    first_owner_id = fields.Many2one(related="interaction_id.first_owner_id")
    origin_ref = fields.Reference(
        selection="_selection_origin",
        string="Origin",
        store=False,
        copy=False,
        help="The matter this one comes from; it takes over its contact.",
    )
    premises_id = fields.Many2one(
        comodel_name="cs.premises", index="btree_not_null", check_company=True
    )
    team_id = fields.Many2one(
        comodel_name="cs.team",
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    handler_id = fields.Many2one(
        comodel_name="res.users",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        copy=False,
        tracking=True,
        help="Who works on it now. The first owner of the contact stays who he is.",
    )
    opened_at = fields.Datetime(string="Opened", readonly=True, copy=False)
    closed_at = fields.Datetime(string="Closed On", readonly=True, copy=False)
    is_open = fields.Boolean(string="Open", readonly=True, copy=False, default=True)
    masked = fields.Boolean(readonly=True, copy=False, help="The person is hidden.")
    chase_count = fields.Integer(string="Chased", readonly=True, copy=False)
    due_at = fields.Datetime(string="Due", readonly=True, copy=False)
    clock_state = fields.Selection(
        selection=CLOCK_STATES,
        string="Deadline",
        default="none",
        readonly=True,
        copy=False,
    )

    _handler_idx = models.Index("(company_id, handler_id) WHERE is_open")
    _opened_idx = models.Index("(company_id, opened_at)")
    _due_idx = models.Index("(company_id, due_at) WHERE is_open")

    @api.model
    def _selection_origin(self):
        return [
            (model._name, kind.sudo().name)
            for kind, model in self.env["cs.business.type"]._cs_models(active=False)
        ]

    # === BEGIN === #

    @api.model_create_multi
    def create(self, vals_list):
        origins = [self._cs_origin(vals) for vals in vals_list]
        prepared = []
        for vals, origin in zip(vals_list, origins, strict=True):
            vals = {name: vals[name] for name in vals if name != "origin_ref"}
            if given := self.env.context.get("default_interaction_id"):
                vals.setdefault("interaction_id", given)
            if origin and not vals.get("interaction_id"):
                vals["interaction_id"] = origin.sudo().interaction_id.id
            elif vals.get("interaction_id") and not self.env.su:
                interaction = self.env["cs.interaction"].browse(vals["interaction_id"])
                interaction.check_access("read")
            prepared.append(vals)
        self._cs_read_for_log()
        matters = super().create(prepared)
        matters.sudo()._cs_begin(origins)
        return matters

    @api.model
    def _cs_read_for_log(self):
        """Read what the log of a new matter asks of company and author, no more.

        Left to the prefetching, a hundred columns of each are read for every matter.
        """
        self.env.company.sudo().fetch(["alias_domain_id"])
        self.env.user.partner_id.sudo().fetch(["name", "email", "email_normalized"])

    @api.model
    def _cs_origin(self, vals):
        """The matter a new one comes from, if the user may read it."""
        reference = vals.get("origin_ref") or self.env.context.get("default_origin_ref")
        if not reference:
            return None
        if isinstance(reference, str):
            model, _comma, res_id = reference.partition(",")
            if model not in dict(self._selection_origin()):
                raise UserError(self.env._("The origin is no matter."))
            reference = self.env[model].browse(int(res_id))
        reference.with_env(self.env).check_access("read")
        return reference

    @api.model
    def _cs_complete_batch(self, vals_list):
        """Number, type, state and contact of new matters, in few queries."""
        vals_list = super()._cs_complete_batch(vals_list)
        kind = self.env["cs.business.type"]._cs_by_code(self._cs_type).sudo()
        now = fields.Datetime.now()
        state = self.default_get(["state"]).get("state")
        for vals in vals_list:
            vals.setdefault("company_id", self.env.company.id)
            vals.setdefault("masked", kind.masked)
            vals["business_type_id"] = kind.id
            vals.setdefault("opened_at", now)
            vals["is_open"] = vals.get("state", state) in self._cs_open_states()
        self.env["cs.team"]._cs_give(vals_list, "handler_id")
        self._cs_give_numbers(vals_list)
        self._cs_give_contacts(vals_list)
        return vals_list

    @api.model
    def _cs_give_numbers(self, vals_list):
        """Numbers of the type's series, for those that bring none; the last step
        before the rows are written, as a number locks its series."""
        missing = [vals for vals in vals_list if not vals.get("name")]
        for company_id, rows in groupby(missing, lambda vals: vals["company_id"]):
            company = self.env["res.company"].browse(company_id)
            names = (
                self.env["cs.numbering"]
                .sudo()
                ._next_many(self._cs_type, company, None, len(rows))
            )
            for vals, name in zip(rows, names, strict=True):
                vals["name"] = name

    @api.model
    def _cs_give_contacts(self, vals_list):
        """A contact nobody had, for the matters that come without one."""
        alone = [vals for vals in vals_list if not vals.get("interaction_id")]
        contacts = (
            self.env["cs.interaction"]
            .sudo()
            ._cs_create_auto(
                [
                    {
                        "company_id": vals["company_id"],
                        "premises_id": vals.get("premises_id"),
                        "partner_id": vals.get(self._cs_partner_field),
                        "team_id": vals["team_id"],
                        "masked": vals["masked"],
                    }
                    for vals in alone
                ]
            )
        )
        for vals, contact in zip(alone, contacts, strict=True):
            vals["interaction_id"] = contact.id

    def _creation_message(self):
        """Said with the name of the type, which is at hand already."""
        self.ensure_one()
        return self.env._("%s created", self.business_type_id.sudo().name)

    def _cs_begin(self, origins):
        """What a new matter sets going: links, its contact, holders and clocks."""
        for matter, origin in zip(self, origins, strict=True):
            if origin:
                matter._cs_link(origin.sudo(), "origin")
        self.interaction_id._cs_on_matters(self)
        self.env["cs.matter.holder"]._cs_begin(self)
        self._cs_start_clocks("created", fresh=True)
        self.filtered("handler_id")._cs_start_clocks("assigned")

    # === CHANGE === #

    def write(self, vals):
        if not self.env.su:
            self._cs_refuse_lasting(vals)
        watched = {"handler_id", "masked"} & vals.keys()
        before = {matter: matter.handler_id for matter in self} if watched else {}
        result = super().write(vals)
        if "handler_id" in vals:
            changed = self.filtered(lambda m: m.handler_id != before[m])
            fresh = changed.filtered(lambda m: m.handler_id and not before[m])
            changed.sudo()._cs_on_handler()
            fresh.sudo()._cs_start_clocks("assigned")
        if "masked" in vals:
            self.sudo().interaction_id._cs_recheck()
        return result

    def _cs_refuse_lasting(self, vals):
        for name in LASTING_FIELDS:
            if name in vals and any(m[name].id != vals[name] for m in self):
                raise UserError(
                    self.env._(
                        "“%s” of a matter stays as it began.",
                        self._fields[name]._description_string(self.env),
                    )
                )

    def _cs_on_handler(self):
        """Another person works on it: he holds its time from now on."""
        self.env["cs.matter.holder"]._cs_take_over(self)
        self._cs_hold_clocks()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._("A matter is closed or cancelled, it is never deleted.")
            )

    def unlink(self):
        ids, interactions = self.ids, self.sudo().interaction_id
        result = super().unlink()
        self.env["cs.matter.row"]._cs_drop(self._name, ids)
        interactions._cs_recheck()
        return result

    # === STATES === #

    def _cs_set_state(self, new, **vals):
        """Bring the matters to state ``new``; the only way a state changes.

        :param vals: values to write with it
        :raise UserError: the step isn't possible from here, the user may not do it,
            or somebody else works on the matter right now
        """
        self._cs_lock()
        for matter in self:
            if error := matter._cs_transition_error(new):
                raise UserError(error)
        matters = self.sudo()
        now_open = new in self._cs_open_states()
        flipped = matters.filtered(lambda matter: matter.is_open != now_open)
        closed_at = False if now_open else fields.Datetime.now()
        ended = {matter: matter.closed_at for matter in flipped}
        visited = matters.filtered(lambda m: m.state in m._cs_visit_states())
        (matters - flipped).write({**vals, "state": new})
        flipped.write(
            {**vals, "state": new, "is_open": now_open, "closed_at": closed_at}
        )
        matters._cs_start_clocks(f"state:{new}")
        if flipped:
            flipped._cs_on_opened(ended) if now_open else flipped._cs_on_closed()
        changed = matters._cs_plan_visits(now_open, visited - flipped)
        if flipped or changed:
            (flipped | changed).interaction_id._cs_recheck()
        return True

    def _cs_transition_error(self, new):
        """Why this matter can't go to state ``new`` now; empty if it can."""
        self.ensure_one()
        if new not in self._cs_transitions().get(self.state, ()):
            states = dict(self._fields["state"]._description_selection(self.env))
            return self.env._(
                "%(name)s is “%(old)s” and can't become “%(new)s”.",
                name=self.display_name,
                old=states[self.state],
                new=states[new],
            )
        if new not in self._cs_open_states() and self._cs_awaits_visit():
            return self.env._(
                "Ask the customer of %s first and write down what he said.",
                self.display_name,
            )
        return "" if self.env.su else self._cs_refuse_state(new)

    def _cs_on_closed(self):
        """The matters end: clocks stop; those of a cancelled one come to nothing."""
        cancelled = self.filtered(lambda m: m.state in m._cs_cancelled_states())
        cancelled._cs_clocks()._cs_cancel()
        (self - cancelled)._cs_clocks()._cs_stop()

    def _cs_on_opened(self, ended):
        """Closed matters are open again: the clocks that ran until the end go on.

        :param ended: when each matter was closed
        """
        for matter in self:
            clocks = matter._cs_clocks().filtered("closed_at")
            clocks.filtered(lambda c, at=ended[matter]: c.closed_at >= at)._cs_reopen()

    # === RETURN VISITS === #

    def _cs_awaits_visit(self):
        """Whether the customer has to be asked before this matter can be closed."""
        self.ensure_one()
        if self.business_type_id.followup != "before_close":
            return False
        visited = self.state in self._cs_visit_states()
        return visited and bool(self.env["cs.followup"]._cs_open_of(self))

    def _cs_plan_visits(self, now_open, visited):
        """Plan visits of matters in a state that calls for one; the state is new.

        A matter that goes on instead needs none of those that are still to be made.

        :param visited: matters that were in such a state before, and as closed or open
            as now: of those that stay closed nobody is asked twice
        :return: the matters of which a visit came or went
        """
        visits = self.env["cs.followup"].sudo()
        when = "before_close" if now_open else "after_close"
        settled = self.browse()
        if not now_open:
            settled = visited.filtered(lambda m: m.state in m._cs_visit_states())
        changed = self - settled
        asked = changed.filtered(
            lambda matter: (
                matter.business_type_id.followup == when
                and matter.state in matter._cs_visit_states()
            )
        )
        needless = visits._cs_open_of(changed)
        needless._cs_cancel()
        visits._cs_schedule(asked)
        return asked | self.browse(needless.mapped("res_id"))

    # === CLOCKS === #

    def _cs_clocks(self):
        """All clocks of the matters, with sudo."""
        clocks = self.env["cs.clock"].sudo()
        return clocks.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )

    def _cs_start_clocks(self, event, fresh=False):
        """Start what is promised from ``event`` on.

        :param fresh: the matters are new and have no clock yet
        """
        requests = [
            (matter, code, list(holders or []), start)
            for matter in self
            for code, holders, start in matter._cs_clock_requests(event)
        ]
        clocks = self.env["cs.clock"].sudo()
        return clocks._cs_start(requests, fresh) if requests else clocks

    def _cs_hold_clocks(self):
        """Let the time go to whoever holds the matters now."""
        clocks = self._cs_clocks().grouped("res_id")
        for matter in self:
            if matter.id in clocks:
                clocks[matter.id]._cs_hold(matter._cs_holders())

    @api.model
    def _cs_set_clock(self, values):
        """Take over what the engine found: ``{matter: {due_at, clock_state}}``."""
        for vals, matters in groupby(
            values, lambda matter: tuple(sorted(values[matter].items()))
        ):
            matters = self.union(*matters).sudo().with_context(tracking_disable=True)
            matters.write(dict(vals))
