from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import groupby

from ..models.cs_offer_mixin import REASONS

ALL = "all"


class CsHandoverWizard(models.TransientModel):
    """Dialog: everything somebody has open is offered to others.

    Contacts he owns, with the work he does on them, and the other matters he works on.
    Nothing moves before the next person accepts.
    """

    _name = "cs.handover.wizard"
    _description = "Hand Over All Work"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Whose Work",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        context={"active_test": False},
    )
    reason = fields.Selection(selection=REASONS, required=True, default="absence")
    note = fields.Char(help="What the next person should know.")
    split = fields.Selection(
        selection=[
            ("one", "To One Colleague"),
            ("type", "By Type"),
            ("team", "By Team"),
        ],
        string="How",
        required=True,
        default="one",
    )
    line_ids = fields.One2many(
        comodel_name="cs.handover.wizard.line",
        inverse_name="wizard_id",
        string="Open Work",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    offered = fields.Integer(string="Offered Already", compute="_compute_offered")

    # === WHAT IS OPEN === #

    @api.depends("user_id", "split")
    def _compute_line_ids(self):
        for wizard in self:
            groups = wizard._cs_groups() if wizard.user_id else {}
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "key": key,
                            "name": name,
                            "contact_count": len(contacts),
                            "matter_count": sum(map(len, matters)),
                        }
                    )
                    for key, (name, contacts, matters) in groups.items()
                ),
            ]

    @api.depends("user_id")
    def _compute_offered(self):
        for wizard in self:
            domain = [("from_id", "=", wizard.user_id.id), ("state", "=", "proposed")]
            wizard.offered = sum(
                self.env[model].search_count(domain)
                for model in ("cs.interaction.transfer", "cs.matter.transfer")
            )

    def _cs_contacts(self):
        """Contacts the person owns that aren't offered to anybody."""
        return self.env["cs.interaction"].search(
            Domain("first_owner_id", "=", self.user_id.id)
            & Domain("state", "=", "open")
            & Domain("transfer_ids", "not any", [("state", "=", "proposed")])
        )

    def _cs_matters(self):
        """Matters he works on whose contact isn't his: list of recordsets."""
        found = []
        for _kind, model in self.env["cs.business.type"]._cs_models(active=False):
            if not model.has_access("read"):
                continue
            matters = model.search(
                Domain("handler_id", "=", self.user_id.id)
                & Domain("is_open", "=", True)
            )
            matters = matters.filtered(
                lambda matter: matter.sudo().first_owner_id != self.user_id
            )
            waiting = self.env["cs.matter.transfer"]._cs_waiting(matters)
            matters -= matters.browse(waiting.mapped("res_id"))
            if matters:
                found.append(matters)
        return found

    def _cs_groups(self):
        """What is open, as it is split: ``{key: (name, contacts, [matters, …])}``."""
        contacts, matters = self._cs_contacts(), self._cs_matters()
        if self.split == "type":
            return self._cs_by_type(contacts, matters)
        if self.split == "team":
            return self._cs_by_team(contacts, matters)
        if not contacts and not matters:
            return {}
        return {ALL: (self.env._("Everything"), contacts, matters)}

    def _cs_by_type(self, contacts, matters):
        """A contact goes with the type of its open matters, if that is one."""
        kinds = {contact: set() for contact in contacts}
        names = {"contact": self.env._("Contacts without a matter of one type")}
        for kind, model in self.env["cs.business.type"]._cs_models(active=False):
            names[str(kind.id)] = kind.sudo().name
            domain = [("interaction_id", "in", contacts.ids), ("is_open", "=", True)]
            for [contact] in model.sudo()._read_group(domain, ["interaction_id"]):
                kinds[contact.with_env(self.env)].add(str(kind.id))
        groups = {}
        for contact, found in kinds.items():
            key = found.pop() if len(found) == 1 else "contact"
            groups.setdefault(key, ([], []))[0].append(contact)
        for rows in matters:
            key = str(rows.sudo().business_type_id.id)
            groups.setdefault(key, ([], []))[1].append(rows)
        return self._cs_named(groups, names)

    def _cs_by_team(self, contacts, matters):
        groups, names = {}, {"0": self.env._("Without a Team")}
        for team, rows in contacts.grouped("team_id").items():
            names[str(team.id or 0)] = team.sudo().name or names["0"]
            groups.setdefault(str(team.id or 0), ([], []))[0].extend(rows)
        for rows in matters:
            for team, part in rows.grouped("team_id").items():
                names[str(team.id or 0)] = team.sudo().name or names["0"]
                groups.setdefault(str(team.id or 0), ([], []))[1].append(part)
        return self._cs_named(groups, names)

    def _cs_named(self, groups, names):
        empty = self.env["cs.interaction"]
        return {
            key: (names[key], empty.union(*contacts), matters)
            for key, (contacts, matters) in groups.items()
        }

    # === OFFER === #

    def action_offer(self):
        """Offer the work; each next person finds it on his desk and accepts it."""
        self.ensure_one()
        self._cs_check_may()
        groups = self._cs_groups()
        chosen = [line for line in self.line_ids if line.to_id and line.key in groups]
        if not chosen:
            raise UserError(self.env._("Choose who is to take it over."))
        given = 0
        for to, lines in groupby(chosen, lambda line: line.to_id):
            count = sum(self._cs_offer(groups[line.key], to) for line in lines)
            self._cs_tell(to, count)
            given += count
        left = sum(
            len(contacts) + sum(map(len, matters))
            for _name, contacts, matters in self._cs_groups().values()
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": self._cs_told(given, left),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _cs_told(self, given, left):
        offered = self.env._("%s offered; they move when they are accepted.", given)
        if not left:
            return offered
        return f"{offered} {self.env._('%s are left with nobody to take them.', left)}"

    def _cs_check_may(self):
        if self.user_id == self.env.user or self.env.user._cs_leads_user(self.user_id):
            return
        raise AccessError(
            self.env._(
                "The work of %s is handed over by himself or by his team lead.",
                self.user_id.name,
            )
        )

    def _cs_offer(self, group, to):
        _name, contacts, matters = group
        if contacts:
            self.env["cs.interaction.transfer"]._cs_propose(
                contacts, to, self.reason, self.note, with_matters=True
            )
        for rows in matters:
            self.env["cs.matter.transfer"]._cs_propose(rows, to, self.reason, self.note)
        return len(contacts) + sum(map(len, matters))

    def _cs_tell(self, to, count):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        self.env["cs.notify"].sudo()._cs_notify(
            "handover.offer",
            to.sudo().partner_id,
            users=to,
            values={
                "owner": self.user_id.name,
                "count": str(count),
                "reason": reasons[self.reason],
                "note": self.note or "",
            },
        )


class CsHandoverWizardLine(models.TransientModel):
    """A part of the work, and who is to take it."""

    _name = "cs.handover.wizard.line"
    _description = "Part of a Handover"

    wizard_id = fields.Many2one(
        comodel_name="cs.handover.wizard",
        required=True,
        index=True,
        ondelete="cascade",
    )
    key = fields.Char(required=True, export_string_translation=False)
    name = fields.Char(string="Part")
    contact_count = fields.Integer(string="Contacts")
    matter_count = fields.Integer(string="Other Work")
    to_id = fields.Many2one(
        comodel_name="res.users",
        string="Next Owner",
        domain=lambda self: self._domain_to_id(),
    )

    def _domain_to_id(self):
        group = self.env.ref("cs_base.group_user")
        return Domain("share", "=", False) & Domain("all_group_ids", "in", group.ids)
