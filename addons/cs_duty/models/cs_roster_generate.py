from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import pattern


class CsRoster(models.Model):
    """Drafts made from a rotating pattern."""

    _inherit = "cs.roster"

    pattern_id = fields.Many2one(
        comodel_name="cs.roster.pattern", check_company=True, index="btree_not_null"
    )
    member_ids = fields.One2many(
        comodel_name="cs.roster.member",
        inverse_name="roster_id",
        string="People",
        copy=True,
    )

    def action_generate(self):
        """Make the shifts of drafts anew from their pattern.

        Shifts that break a rule go to whoever has the fewest hours and may work them;
        what nobody may work stays open and is listed in the note.
        """
        self._cs_check_leads()
        self._cs_lock()
        self._cs_check_state("draft")
        for roster in self:
            if not roster.pattern_id:
                raise UserError(self.env._("Choose a pattern."))
            roster._cs_fill_members()
            draft = roster._cs_generate()
            values = [
                {
                    "roster_id": roster.id,
                    "date": one.day,
                    "shift_type_id": one.shift.code,
                    "employee_id": one.person or False,
                }
                for one in (
                    *draft.assignments,
                    *(left.assignment for left in draft.open_shifts),
                )
            ]
            roster.line_ids.unlink()
            self.env["cs.roster.line"].create(values)
        return True

    def _cs_fill_members(self):
        """The members of the team in turn, if nobody is named."""
        if self.member_ids:
            return
        users = self.team_id.sudo().member_ids
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search(
                [("user_id", "in", users.ids), ("company_id", "=", self.company_id.id)],
                order="name, id",
            )
        )
        if not employees:
            raise UserError(
                self.env._("Nobody of %s has an employee record.", self.team_id.name)
            )
        weeks = len(self.pattern_id.sudo().week_ids)
        self.env["cs.roster.member"].create(
            [
                {
                    "roster_id": self.id,
                    "employee_id": employee.id,
                    "sequence": number,
                    "week": number % weeks + 1,
                }
                for number, employee in enumerate(employees)
            ]
        )

    def _cs_generate(self):
        """The :class:`Draft` of the pattern; shifts have their ids as codes."""
        weeks = self.pattern_id.sudo()
        employees = self.member_ids.employee_id
        profiles = self.env["cs.duty.profile"]._cs_of(employees)
        ranks = {one.employee_id.id: int(one.rank) for one in profiles}
        count = len(weeks.week_ids)
        crew = [
            pattern.Member(
                member.employee_id.id,
                (member.week - 1) % count if member.week else None,
                ranks.get(member.employee_id.id, 0),
            )
            for member in self.member_ids
        ]
        facts = self._cs_facts(self.company_id, employees, self.date_from, self.date_to)
        facts = pattern.without(facts, self._cs_replaced_ids())
        return pattern.generate(
            weeks._cs_pattern(),
            crew,
            self.date_from,
            self.date_to,
            {kind.id: kind._cs_shift(kind.id) for kind in weeks._cs_kinds()},
            facts,
            self._cs_rules(self.company_id),
            self.team_id.id,
        )

    def _cs_replaced_ids(self):
        """Ids of the shifts of the version that this one replaces."""
        return set(self.previous_id.sudo().line_ids.ids)
