from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CsMatterMerge(models.AbstractModel):
    """Two matters of one kind about the same thing: merged, and parted again."""

    _inherit = "cs.matter.mixin"

    merged_into = fields.Char(compute="_compute_merged_into")
    merge_count = fields.Integer(string="Merged", compute="_compute_merge_count")

    def _compute_merged_into(self):
        """The number of the matter that was kept; empty if this wasn't merged."""
        merges = self.env["cs.merge"]._cs_active_of(self._origin)
        names = dict(zip(merges.mapped("loser_id"), merges, strict=True))
        for matter in self:
            merge = names.get(matter._origin.id)
            matter.merged_into = merge.survivor_name if merge else False

    def _compute_merge_count(self):
        """How many matters this one took in."""
        merges = self.env["cs.merge"]._cs_active_into(self._origin)
        counts = {
            res_id: len(rows) for res_id, rows in merges.grouped("res_id").items()
        }
        for matter in self:
            matter.merge_count = counts.get(matter._origin.id, 0)

    # === HOOKS === #

    @api.model
    def _cs_merged_state(self):
        """The closed state of a matter that was merged; None: this kind never is."""
        states = dict(self._fields["state"]._description_selection(self.env))
        return "merged" if "merged" in states else None

    def _cs_merge_refuse(self, other):
        """Why ``other`` can't be merged into this matter; empty if it can.

        Matters of two customers are linked instead: what one of them wrote isn't for
        the other to read.
        """
        self.ensure_one()
        mine, theirs = self.sudo()._cs_partner(), other.sudo()._cs_partner()
        if mine and theirs and mine != theirs:
            return self.env._(
                "%(one)s and %(other)s are of two customers: link them instead.",
                one=self.display_name,
                other=other.display_name,
            )
        return ""

    # === MERGE === #

    def _cs_merge_error(self, other):
        """Why ``other`` can't be merged into this matter now; empty if it can."""
        self.ensure_one()
        if self._name != other._name or not self._cs_merged_state():
            return self.env._("Only matters of one kind that allows it are merged.")
        if self == other:
            return self.env._("Choose another matter than this one.")
        one, two = self.sudo(), other.sudo()
        for matter in (one, two):
            if not matter.is_open:
                return self.env._(
                    "%s is closed: only open matters are merged.", matter.display_name
                )
        if one.company_id != two.company_id:
            return self.env._("These are matters of two companies.")
        if one.masked != two.masked:
            return self.env._(
                "In one of them the person is hidden; they can't be merged."
            )
        if two._cs_waits_for_approval():
            return self.env._(
                "Something of %s waits for approval; have it decided first.",
                other.display_name,
            )
        return self._cs_merge_refuse(other)

    def _cs_waits_for_approval(self):
        approvals = self.env["cs.approval"].sudo()
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        return approvals.search_count([*domain, ("state", "=", "pending")], limit=1)

    def _cs_merge(self, other, reason=""):
        """Merge ``other`` into this matter: its history goes over, it is closed.

        Clocks stay where they are and stand still; numbers and contacts stay as well.

        :raise UserError: these two can't be merged, or somebody works on one
        """
        self.ensure_one()
        other.ensure_one()
        both = (
            self.browse({*self.ids, *other.ids}) if self._name == other._name else self
        )
        both._cs_lock()
        if error := self._cs_merge_error(other):
            raise UserError(error)
        both.check_access("write")
        merge = self.env["cs.merge"]._cs_merge(self, other, reason)
        other._cs_say(self.env._("Merged into %s.", self.name))
        self._cs_say(self.env._("%s was merged into this.", other.name))
        return merge

    def _cs_say(self, text):
        """A line in the history that tells nobody by mail."""
        for matter in self.sudo():
            matter._message_log(body=text)

    def _cs_survivor(self):
        """The matter in which this one goes on: itself unless it was merged."""
        self.ensure_one()
        matter, seen = self, set()
        while matter.id not in seen:
            seen.add(matter.id)
            merge = self.env["cs.merge"]._cs_active_of(matter)[:1]
            if not merge:
                break
            matter = self.browse(merge.res_id)
        return matter

    def _cs_end_merged(self):
        """Close it as merged; its clocks stand still, neither in time nor missed."""
        self.write(
            {
                "state": self._cs_merged_state(),
                "is_open": False,
                "closed_at": fields.Datetime.now(),
            }
        )
        self._cs_clocks()._cs_cancel()

    def _cs_go_on_unmerged(self, state):
        """Be again what it was before it was merged; the clocks go on."""
        ended = {self: self.closed_at}
        self.write(
            {
                "state": state,
                "is_open": state in self._cs_open_states(),
                "closed_at": False,
            }
        )
        self._cs_on_opened(ended)
        self.interaction_id._cs_recheck()

    # === STATES === #

    def _cs_set_state(self, new, **vals):
        result = super()._cs_set_state(new, **vals)
        contacts = self._cs_merged_contacts()
        if contacts:
            contacts._cs_recheck()
        return result

    def _cs_merged_contacts(self):
        """Contacts of everything that was merged into these, however many steps."""
        merges, matters, seen = self.env["cs.merge"].sudo(), self, self
        contacts = merges.interaction_id
        while matters:
            found = merges._cs_active_into(matters)
            contacts |= found.interaction_id
            matters = self.browse(found.mapped("loser_id")) - seen
            seen |= matters
        return contacts

    def _cs_transition_error(self, new):
        merge = self.env["cs.merge"]._cs_active_of(self)[:1]
        if merge:
            return self.env._(
                "%(matter)s was merged into %(survivor)s; it goes on there.",
                matter=self.display_name,
                survivor=merge.survivor_name,
            )
        return super()._cs_transition_error(new)

    # === MAIL === #

    def _cs_mail_route(self, message, message_dict):
        """Mail for a merged matter goes to the one in which it goes on."""
        survivor = self._cs_survivor()
        if survivor != self:
            return survivor._cs_mail_route(message, message_dict)
        return super()._cs_mail_route(message, message_dict) if self.is_open else "park"

    # === ACTIONS === #

    def action_merge(self):
        """Choose the matter to merge with, and which of the two is kept."""
        self.ensure_one()
        self.check_access("write")
        title = self.env._("Merge")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.merge.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    def action_unmerge(self):
        """Part this matter from the one it was merged into, while that is open."""
        self.ensure_one()
        self.check_access("write")
        merge = self.env["cs.merge"]._cs_active_of(self)
        if not merge:
            raise UserError(self.env._("%s isn't merged.", self.display_name))
        survivor = self.browse(merge.res_id)
        survivor.check_access("write")
        (self | survivor)._cs_lock()
        merge.invalidate_recordset()
        if merge.undone_at:
            raise UserError(self.env._("%s isn't merged.", self.display_name))
        if not survivor.sudo().is_open:
            raise UserError(
                self.env._(
                    "%s is closed: what was merged into it stays there.",
                    survivor.display_name,
                )
            )
        merge.with_env(self.sudo().env)._cs_undo()
        self._cs_say(self.env._("No longer merged into %s.", survivor.name))
        survivor._cs_say(self.env._("%s goes on by itself again.", self.name))
        return True

    def action_open_survivor(self):
        """Open the matter in which this one goes on."""
        survivor = self._cs_survivor()
        if not survivor.has_access("read"):
            raise AccessError(self.env._("You may not read that matter."))
        return {
            "type": "ir.actions.act_window",
            "res_model": survivor._name,
            "res_id": survivor.id,
            "views": [(False, "form")],
        }

    def action_open_merges(self):
        """The matters this one took in."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_base.cs_merge_action"
        )
        action["domain"] = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        return action
