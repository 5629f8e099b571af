from odoo import api, models
from odoo.fields import Domain


class CsMatterHooks(models.AbstractModel):
    """What a kind of matter says about itself; each app answers for its own.

    Everything here is private: other apps reach it through the base, never a client.
    The defaults are those of the simplest matter: a customer, one handler, no clock.
    """

    _name = "cs.matter.hooks"
    _description = "What a Matter Says"

    #: Code of the ``cs.business.type`` this model stands for.
    _cs_type = None
    #: Field of the customer; None if his identity lives in a model of its own, which
    #: then overrides ``_cs_partner``.
    _cs_partner_field = "partner_id"

    # === STATES === #

    @api.model
    def _cs_transitions(self):
        """Which states follow which: ``{state: {next, …}}``."""
        raise TypeError(f"{self._name} has to say which states follow which")

    @api.model
    def _cs_open_states(self):
        """The states in which somebody still has work with the matter: a set."""
        raise TypeError(f"{self._name} has to say which states are open")

    @api.model
    def _cs_cancelled_states(self):
        """Closed states in which the matter came to nothing: a set."""
        return {"cancelled", "withdrawn", "merged"}

    @api.model
    def _cs_visit_states(self):
        """States in which the customer is asked how he found it: a set.

        Those that are open count for types visited before closing, the closed ones
        for types visited afterwards.
        """
        return {"done", "closed"}

    def _cs_refuse_state(self, new):
        """Why the user may not bring this matter to state ``new``; empty if he may."""
        self.ensure_one()
        if self.has_access("write"):
            return ""
        return self.env._("You may not change %s.", self.display_name)

    # === CONTACT === #

    @api.model
    def _cs_intake_vals(self, interaction):
        """Values of a new matter that come from the contact."""
        vals = {
            "interaction_id": interaction.id,
            "company_id": interaction.company_id.id,
            "premises_id": interaction.premises_id.id,
        }
        if self._cs_partner_field:
            vals[self._cs_partner_field] = interaction.partner_id.id
        return vals

    @api.model
    def _cs_intake_action(self, interaction):
        """Action that opens a new matter for the contact."""
        context = {
            f"default_{name}": value
            for name, value in self._cs_intake_vals(interaction).items()
            if value
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env["cs.business.type"]._cs_by_code(self._cs_type).name,
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "context": context,
        }

    def _cs_partner(self):
        """The customer of a matter, for code that may know him."""
        self.ensure_one()
        if self._cs_partner_field:
            return self[self._cs_partner_field]
        return self.env["res.partner"]

    # === CLOCKS === #

    def _cs_clock_requests(self, event):
        """Clocks that start at ``event``: list of (commitment code, holders, start).

        :param event: ``created``, ``accepted``, ``assigned`` or ``state:<state>``
        :return: holders are records (users, departments, partners); start is a stored
            moment (naive UTC)
        """
        return []

    def _cs_holders(self):
        """Who holds the matter now and answers for its time: a list of records."""
        self.ensure_one()
        return [self.handler_id] if self.handler_id else []

    def _cs_on_clock(self, clock, phase):
        """A clock of this matter warns, is due or is late.

        The ladder of the commitment has its notices by then.

        :param phase: ``warn``, ``due`` or ``late``
        """

    # === FOLLOW-UPS === #

    def _cs_on_followup(self, followup):
        """What follows from the outcome of a return visit.

        :return: matters that were opened again or newly because of it
        """
        return self.browse()

    # === REPORTS AND OTHER APPS === #

    @api.model
    def _cs_domain(self, purpose, date_from=None, date_to=None):
        """Domain of the matters that count for a purpose between two days.

        :param purpose: ``report``, ``sample``, ``handover``, ``customer`` or
            ``premises``
        """
        if purpose == "handover":
            return Domain("is_open", "=", True)
        domain = Domain.TRUE
        company = self.env.company
        if date_from:
            domain &= Domain("opened_at", ">=", company._cs_day_bounds(date_from)[0])
        if date_to:
            domain &= Domain("opened_at", "<", company._cs_day_bounds(date_to)[1])
        return domain

    def _cs_facts(self):
        """What sampling, incentives and reports count: ``{matter id: dict}``.

        Keys: employee, team, department, area (records or text), product, in_time
        (bool or None while it runs), amount.
        """
        employees = self.handler_id.sudo().employee_ids
        by_user = {employee.user_id: employee for employee in employees}
        return {
            matter.id: {
                "employee": by_user.get(matter.handler_id, employees.browse()),
                "team": matter.team_id,
                "department": matter.team_id.department_id,
                "area": matter.premises_id.area or "",
                "product": "",
                "in_time": {"met": True, "missed": False, "late": False}.get(
                    matter.clock_state
                ),
                "amount": 0.0,
            }
            for matter in self
        }

    def _cs_summary(self):
        """One line about the matter without anything personal."""
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        parts = (self.business_type_id.name, self.name, states.get(self.state))
        return " · ".join(part for part in parts if part)

    def _cs_handover_note(self):
        """Cause, course and next step, for whoever goes on with it."""
        self.ensure_one()
        return self._cs_summary()

    # === MAIL === #

    def _cs_mail_route(self, message, message_dict):
        """Where a mail that answers this matter goes.

        :return: ``self``, another matter, ``"new"`` or ``"park"`` for a person to see
        """
        return self
