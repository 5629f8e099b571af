from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.cs_base.models.resource_resource import _utc

from ..tools import roster_facts, swap_rules
from .cs_shift_swap import DECIDED, PENDING


class CsShiftSwap(models.Model):
    """Swaps as the rules see them."""

    _inherit = "cs.shift.swap"

    def _cs_check_rules(self, approver=False):
        """Raise, naming each rule, if the swap breaks some.

        :param approver: whether the user is about to approve
        """
        messages = self._cs_problem_texts(approver)
        if messages:
            raise UserError(
                self.env._(
                    "This swap isn't possible:\n%(problems)s",
                    problems="\n".join(f"- {text}" for text in messages),
                )
            )

    def _cs_problem_texts(self, approver=False):
        self.ensure_one()
        return self.env["cs.roster"]._cs_messages(self._cs_broken(approver))

    def _cs_broken(self, approver=False):
        """What is against the swap: [:class:`Violation`]."""
        self.ensure_one()
        rosters = self.env["cs.roster"]
        mine = self.sudo()
        company = mine.line_id.company_id
        days = sorted(filter(None, (mine.line_id.date, mine.back_line_id.date)))
        people = mine.requester_id | mine.colleague_id
        facts = rosters._cs_facts(company, people, days[0], days[-1])
        facts = roster_facts.with_swaps(
            facts,
            swaps=mine._cs_others(people, days)._cs_swaps(),
            teams=self._cs_teams(people),
        )
        who = None
        if approver:
            own = self.env.user.sudo().employee_ids & people
            who = own[:1].id or None
        now = _utc(fields.Datetime.now())
        return swap_rules.check_swap(
            facts, rosters._cs_rules(company), mine._cs_swaps()[0], now, who
        )

    def _cs_others(self, people, days):
        """Swaps of ``people`` in the months of ``days`` and next to them."""
        first = days[0].replace(day=1) - relativedelta(days=7)
        last = days[-1] + relativedelta(months=1, days=7)
        dates = Domain("date", ">=", first) & Domain("date", "<=", last)
        dates |= Domain("back_date", ">=", first) & Domain("back_date", "<=", last)
        return self.search(self._cs_held_domain(people) & dates) - self._origin

    @api.model
    def _cs_held_domain(self, people):
        """Swaps of people that are pending, approved, or cancelled after that."""
        whose = Domain("requester_id", "in", people.ids)
        whose |= Domain("colleague_id", "in", people.ids)
        held = Domain("state", "in", PENDING)
        held |= Domain("state", "in", DECIDED) & Domain("was_approved", "=", True)
        return whose & held

    @api.model
    def _cs_reaches_domain(self, leaves):
        """Swaps with a shift in the time of ``leaves``."""
        start = min(leaves.mapped("date_from"))
        stop = max(leaves.mapped("date_to"))
        reaches = Domain(False)
        for name in ("line_id", "back_line_id"):
            reaches |= Domain(f"{name}.start_at", "<", stop) & Domain(
                f"{name}.stop_at", ">", start
            )
        return reaches

    @api.model
    def _cs_teams(self, people):
        users = {employee.user_id.id: employee.id for employee in people}
        teams = self.env["cs.team"].sudo().search([("member_ids", "in", list(users))])
        found = {}
        for team in teams:
            for user in team.member_ids:
                if user.id in users:
                    found.setdefault(users[user.id], set()).add(team.id)
        return found

    def _cs_swaps(self):
        """The swaps as :class:`Swap`, their shifts as they were asked for."""
        found = []
        for swap in self:
            legs = [(swap.line_id, swap.requester_id, swap.colleague_id)]
            if swap.back_line_id:
                legs.append((swap.back_line_id, swap.colleague_id, swap.requester_id))
            found.append(
                roster_facts.Swap(
                    swap.id,
                    swap.requester_id.id,
                    swap.colleague_id.id,
                    tuple(
                        roster_facts.leg(line._cs_assignments()[0], giver.id, taker.id)
                        for line, giver, taker in legs
                    ),
                    "pending" if swap.state in ("draft", *PENDING) else swap.state,
                    swap.asked_at and _utc(swap.asked_at) or None,
                    swap.payback_of_id.id or None,
                )
            )
        return tuple(found)
