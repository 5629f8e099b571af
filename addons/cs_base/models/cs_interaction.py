from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools import masking
from ..tools import phone as phone_tools

LEAD = "cs_base.group_lead"
CHANNELS = [
    ("phone", "Phone"),
    ("visit", "Visit"),
    ("portal", "Portal"),
    ("mail", "E-mail"),
    ("letter", "Letter"),
    ("message", "Message"),
    ("official", "Authority"),
    ("internal", "Internal"),
]


class CsInteraction(models.Model):
    """One contact with a customer, and who answers for it to the end.

    The first person to take a contact owns it (首问负责): he follows every matter that
    came of it and makes the return visit. Passing the work on changes a matter's
    handler, never this. First ownership moves by ``cs.interaction.transfer`` alone.
    """

    _name = "cs.interaction"
    _description = "Contact"
    _inherit = ["cs.ruled", "cs.masked.thread"]
    _order = "started desc, id desc"
    _mail_post_access = "read"
    _check_company_auto = True
    _cs_closed_fields = frozenset(
        {
            "name",
            "state",
            "first_owner_id",
            "owned_since",
            "answered",
            "masked",
            "closed_at",
        }
    )

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    channel = fields.Selection(selection=CHANNELS, required=True, default="visit")
    direction = fields.Selection(
        selection=[("in", "Incoming"), ("out", "Outgoing")],
        required=True,
        default="in",
    )
    started = fields.Datetime(
        required=True, default=lambda self: fields.Datetime.now(), copy=False
    )
    finished = fields.Datetime(copy=False)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", index="btree_not_null"
    )
    contact_name = fields.Char(help="Who spoke, if it wasn't the customer himself.")
    phone = fields.Char(
        string="Full Phone Number", groups="cs_base.group_personal_data"
    )
    phone_masked = fields.Char(
        string="Phone",
        compute="_compute_phone_masked",
        inverse="_inverse_phone_masked",
        compute_sudo=True,
    )
    premises_id = fields.Many2one(
        comodel_name="cs.premises", index="btree_not_null", check_company=True
    )
    topic = fields.Char()
    content = fields.Text()
    outcome = fields.Char(help="What the customer was told.")
    answered = fields.Boolean(
        readonly=True,
        copy=False,
        help="The customer has an answer, or a matter that will bring one.",
    )
    first_owner_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The first person to take the contact; follows it to the end.",
    )
    owned_since = fields.Datetime(readonly=True, copy=False)
    team_id = fields.Many2one(
        comodel_name="cs.team", index="btree_not_null", check_company=True
    )
    state = fields.Selection(
        selection=[
            ("unclaimed", "Unclaimed"),
            ("open", "Open"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        default="open",
        copy=False,
    )
    closed_at = fields.Datetime(string="Closed On", readonly=True, copy=False)
    masked = fields.Boolean(readonly=True, copy=False, help="The person is hidden.")
    open_matter_count = fields.Integer(
        string="Open Matters", compute="_compute_open_matter_count"
    )
    transfer_ids = fields.One2many(
        comodel_name="cs.interaction.transfer",
        inverse_name="interaction_id",
        string="Transfers",
        readonly=True,
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _owner_idx = models.Index("(company_id, first_owner_id) WHERE state = 'open'")
    _unclaimed_idx = models.Index("(company_id, started) WHERE state = 'unclaimed'")
    _started_idx = models.Index("(company_id, started)")

    # === COMPUTE === #

    @api.depends("phone")
    def _compute_phone_masked(self):
        for interaction in self:
            interaction.phone_masked = masking.mask_phone(interaction.phone)

    def _inverse_phone_masked(self):
        for interaction in self:
            interaction_sudo = interaction.sudo()
            typed = interaction.phone_masked
            if typed == masking.mask_phone(interaction_sudo.phone):
                continue
            if masking.is_masked(typed):
                raise UserError(
                    self.env._("Enter the whole number, not the masked one.")
                )
            interaction_sudo.phone = phone_tools.normalize(typed)

    def _compute_open_matter_count(self):
        counts = self._cs_count_matters()
        for interaction in self:
            interaction.open_matter_count = counts.get(interaction.id, (0, False))[0]

    @api.depends_context("uid")
    @api.depends("first_owner_id")
    def _compute_is_mine(self):
        for interaction in self:
            interaction.is_mine = interaction.first_owner_id == self.env.user

    def _cs_count_matters(self):
        """Open matters of each contact and whether any matter is masked.

        One query for each type, however many contacts.

        :return: ``{interaction id: (open matters, masked)}``
        """
        counts = {}
        ids = self._origin.ids
        if not ids:
            return counts
        for _kind, model in self.env["cs.business.type"]._cs_models(active=False):
            rows = model.sudo()._read_group(
                [("interaction_id", "in", ids)],
                ["interaction_id", "is_open", "masked"],
                ["__count"],
            )
            for interaction, is_open, masked, count in rows:
                number, hidden = counts.get(interaction.id, (0, False))
                counts[interaction.id] = (
                    number + (count if is_open else 0),
                    hidden or masked,
                )
        return counts

    # === BEGIN === #

    @api.model
    def _cs_complete_batch(self, vals_list):
        vals_list = super()._cs_complete_batch(vals_list)
        now = fields.Datetime.now()
        for vals in vals_list:
            vals.setdefault("company_id", self.env.company.id)
            if "state" not in vals:  # somebody writes down whom he speaks with
                vals.update(state="open", first_owner_id=self.env.uid, owned_since=now)
        self.env["cs.team"]._cs_give(vals_list)
        for company in {vals["company_id"] for vals in vals_list}:
            rows = [vals for vals in vals_list if vals["company_id"] == company]
            names = (
                self.env["cs.numbering"]
                .sudo()
                ._next_many(
                    self._name, self.env["res.company"].browse(company), None, len(rows)
                )
            )
            for vals, name in zip(rows, names, strict=True):
                vals["name"] = name
        return vals_list

    @api.model
    def _cs_create_auto(self, vals_list):
        """Contacts for matters nobody took from a customer: unclaimed, answered."""
        quiet = self.with_context(tracking_disable=True)
        return quiet.create(
            [
                {
                    **vals,
                    "channel": "internal",
                    "state": "unclaimed",
                    "answered": True,
                }
                for vals in vals_list
            ]
        )

    def _cs_on_matters(self, matters):
        """New matters came of these contacts: that is an answer to each of them."""
        contacts = self.sudo()
        fresh = contacts.filtered(lambda contact: not contact.answered)
        fresh.answered = True
        fresh.flush_recordset(["answered"])  # a write takes its turn as well
        (contacts - fresh)._cs_take_turn()
        if matters.filtered("masked"):
            matters.filtered("masked").interaction_id.masked = True
        contacts.filtered(lambda contact: contact.state == "closed")._cs_recheck()

    # === END === #

    def _cs_recheck(self):
        """Close what is answered and has nothing open; open again what has.

        A contact is closed if and only if it is answered, no matter of it is open and
        no return visit waits for an outcome. It is masked while any matter of it is.
        """
        contacts = self.sudo().exists()
        contacts._cs_take_turn()
        counts = contacts._cs_count_matters()
        waiting = contacts._cs_awaiting_followup()
        now = fields.Datetime.now()
        for contact in contacts:
            number, masked = counts.get(contact.id, (0, contact.masked))
            done = contact.answered and not number and contact not in waiting
            vals = {}
            if contact.masked != masked:
                vals["masked"] = masked
            if done and contact.state != "closed":
                vals.update(state="closed", closed_at=now)
            elif not done and contact.state == "closed":
                owned = "open" if contact.first_owner_id else "unclaimed"
                vals.update(state=owned, closed_at=False)
            if vals:
                contact.write(vals)

    def _cs_awaiting_followup(self):
        """Contacts with a return visit or callback that has no outcome yet."""
        visits = self.env["cs.followup"].sudo()
        domain = [("interaction_id", "in", self.ids), ("state", "=", "open")]
        return visits.search_fetch(domain, ["interaction_id"]).interaction_id

    def action_answer(self, outcome=""):
        """The customer has his answer; the contact closes if nothing of it is open.

        :param outcome: what he was told
        """
        for contact in self:
            contact._cs_check_owner()
            told = outcome or contact.outcome
            if not told and not contact._cs_count_matters():
                raise UserError(self.env._("Write down what the customer was told."))
            now = fields.Datetime.now()
            contact.sudo().write(
                {
                    "answered": True,
                    "outcome": told,
                    "finished": contact.finished or now,
                }
            )
        self._cs_recheck()
        return True

    def action_promise_callback(self, when, note=""):
        """Promise the customer to call back.

        :param when: the moment, as text in UTC or as a datetime
        :param note: what about
        :raise UserError: that is no moment, or none for a callback
        """
        self.ensure_one()
        self._cs_check_owner()
        try:
            moment = fields.Datetime.to_datetime(when)
        except (TypeError, ValueError, AttributeError):
            moment = None
        if not moment or moment.tzinfo:
            raise UserError(self.env._("Choose day and time of the callback."))
        self.env["cs.followup"]._cs_promise(self, moment, str(note or ""))
        self._cs_recheck()
        return True

    # === FIRST OWNER === #

    def action_claim(self):
        """Become the first owner of contacts nobody took."""
        self.check_access("read")
        if not self.env.user.has_group("cs_base.group_user"):
            raise AccessError(self.env._("Only customer service staff take contacts."))
        self._cs_lock()
        self._cs_check_state("unclaimed")
        return self._cs_give_to(self.env.user)

    def _cs_give_to(self, user):
        """Make ``user`` the first owner; after a claim or an acceptance only."""
        for company, contacts in self.sudo().grouped("company_id").items():
            contacts.write(
                {
                    "first_owner_id": user.id,
                    "owned_since": fields.Datetime.now(),
                    "team_id": user.sudo()._cs_team(company).id,
                }
            )
            contacts.filtered(lambda c: c.state == "unclaimed").state = "open"
        self.env["cs.event"]._cs_log(
            "interaction.owner", self.sudo(), details={"user": user.id}
        )
        return True

    def _cs_check_owner(self):
        """Raise unless the user owns the contact or leads its owner."""
        self.check_access("write")
        for contact in self:
            if self.env.su or contact.is_mine or contact._cs_is_led_by(self.env.user):
                continue
            raise AccessError(
                self.env._(
                    "%(contact)s belongs to %(owner)s; he or his team lead does this.",
                    contact=contact.display_name,
                    owner=contact.sudo().first_owner_id.name or "–",
                )
            )

    def _cs_is_led_by(self, user):
        """Whether ``user`` leads the contact's team, or everybody."""
        team = self.sudo().team_id
        return (
            user.has_group("cs_base.group_manager")
            or user in (team.lead_id | team.deputy_id)
            or (not team and user.has_group(LEAD))
        )

    def action_transfer(self):
        """Propose another first owner: opens the dialog."""
        title = self.env._("Pass On First Ownership")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.interaction.pass",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_interaction_ids": self.ids},
        }

    # === MATTERS === #

    def _cs_matters(self):
        """The matters of these contacts the user may read: list of recordsets."""
        found = []
        for _kind, model in self.env["cs.business.type"]._cs_models(active=False):
            if model.has_access("read"):
                matters = model.search(Domain("interaction_id", "in", self.ids))
                if matters:
                    found.append(matters)
        return found

    def action_open_matter(self, code):
        """Open a new matter of the type ``code`` for this contact.

        :param code: code of the ``cs.business.type``
        """
        self.ensure_one()
        self.check_access("read")
        kinds = {kind.code: kind for kind in self.env["cs.business.type"]._cs_intake()}
        if code not in kinds:
            raise AccessError(self.env._("You may not open a matter of this type."))
        return self.env[kinds[code].model]._cs_intake_action(self)
