import base64
import binascii
import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .cs_interaction import CHANNELS

#: What the panel saves of a contact while its owner types.
DRAFT = frozenset(
    {
        "channel",
        "direction",
        "partner_id",
        "premises_id",
        "contact_name",
        "phone_masked",
        "topic",
        "content",
        "outcome",
    }
)
#: Ways a customer reaches the desk; the others come in by themselves.
DESK = ("phone", "visit", "message", "mail", "letter", "official")
#: The largest file, in bytes.
MAX_FILE = 20 * 1024 * 1024
#: The largest id of a row that the database takes.
MAX_ID = 2**31 - 1
RUNNING = 8
#: Contacts of a customer among which his last matter is looked for.
EARLIER = 500


class CsContactPanel(models.AbstractModel):
    """The desk of whoever speaks with customers (接待台), as its screen calls it.

    Every method checks the role first and then works with the user's own rights.
    Rooms extend ``_cs_hits`` and ``_cs_card``.
    """

    _name = "cs.contact.panel"
    _description = "Contact Panel"

    # === GUARDS === #

    def _check_role(self):
        if not self.env.user.has_group("cs_base.group_user"):
            raise AccessError(
                self.env._("Only customer service staff work at the contact panel.")
            )

    def _get(self, model, res_id):
        """The record of an id from the client, if the user may read it."""
        if not res_id:
            return self.env[model]
        if not isinstance(res_id, int) or not 0 < res_id <= MAX_ID:
            raise UserError(self.env._("Choose a row of the list first."))
        record = self.env[model].browse(res_id).exists()
        if not record:
            raise UserError(self.env._("This does not exist any more."))
        record.check_access("read")
        return record

    def _get_contact(self, contact_id):
        """The contact of an id from the client, if it is the user's to write."""
        contact = self._get("cs.interaction", contact_id)
        contact.ensure_one()
        contact._cs_check_owner()
        return contact

    def _get_matter(self, model, res_id):
        names = {kind[1]._name for kind in self.env["cs.business.type"]._cs_models()}
        if str(model) not in names:
            raise UserError(self.env._("This is no matter."))
        return self._get(model, res_id)

    # === SCREEN === #

    @api.model
    def load_panel(self, contact_id=None, partner_id=None, premises_id=None):
        """Return what the screen begins with: types, running contacts, a card.

        :param contact_id: the contact shown last; the latest running one if empty,
            none if False
        """
        self._check_role()
        running = self._running()
        wanted = running.filtered(lambda one: one.id == contact_id)
        contact = wanted or (running[:1] if contact_id is not False else wanted)
        channels = dict(
            self.env["cs.interaction"]
            ._fields["channel"]
            ._description_selection(self.env)
        )
        return {
            "types": self._types(),
            "channels": [
                {"id": code, "label": channels[code]}
                for code, _label in CHANNELS
                if code in DESK
            ],
            "currency_id": self.env.company.currency_id.id,
            "callback_hours": self.env.company.cs_callback_hours,
            "zone": self.env.company._cs_tz().key,
            "running": self._running_rows(running),
            "contact": self._card()._contact(contact) if contact else False,
            "card": self._load_card(partner_id, premises_id),
        }

    def _card(self):
        return self.env["cs.contact.panel.card"]

    def _load_card(self, partner_id, premises_id):
        """The card of before; nothing if it can't be seen any more."""
        found = {}
        for name, res_id in (("res.partner", partner_id), ("cs.premises", premises_id)):
            record = self.env[name].browse(res_id if isinstance(res_id, int) else [])
            found[name] = record.exists()._filtered_access("read")
        if not any(found.values()):
            return False
        return self._cs_card(found["res.partner"], found["cs.premises"])

    def _types(self):
        kinds = self.env["cs.business.type"]._cs_intake().sorted("sequence")
        return [
            {
                "code": kind.code,
                "name": kind.name,
                "icon": kind.icon or "",
                "key": (kind.hotkey or "").lower(),
            }
            for kind in kinds.sudo()
        ]

    def _running(self):
        return self.env["cs.interaction"].search(
            [("first_owner_id", "=", self.env.uid), ("running", "=", True)],
            limit=RUNNING,
        )

    def _running_rows(self, contacts=None):
        contacts = self._running() if contacts is None else contacts
        return [
            {
                "id": contact.id,
                "number": contact.name,
                "name": contact.partner_id.name
                or contact.contact_name
                or contact.phone_masked
                or "",
                "started": fields.Datetime.to_string(contact.started),
            }
            for contact in contacts
        ]

    @api.model
    def find(self, term):
        """Find people, premises, matters and contacts by what the customer says.

        :return: list of rows with ``kind`` person, premises, matter or contact
        """
        self._check_role()
        return self._cs_hits(str(term or ""))

    @api.model
    def _cs_hits(self, term):
        found = self.env["cs.contact.panel.search"]._find(term)
        return self._card()._hits(found)

    @api.model
    def open_card(self, partner_id=None, premises_id=None):
        """Return the card of a person, of premises, or of a person at premises."""
        self._check_role()
        partner = self._get("res.partner", partner_id)
        premises = self._get("cs.premises", premises_id)
        return self._cs_card(partner, premises)

    @api.model
    def _cs_card(self, partner, premises):
        return self._card()._card(partner, premises)

    @api.model
    def show_contact(self, contact_id):
        """Return a contact of the user's as the screen shows it."""
        self._check_role()
        return self._card()._contact(self._get_contact(contact_id))

    # === CONTACT === #

    @api.model
    def begin(self, vals):
        """Begin a contact: somebody stands there or calls; the user is first owner.

        :param vals: whatever is known of it so far
        """
        self._check_role()
        return self._card()._contact(self._begin(vals))

    def _begin(self, vals):
        contact = self.env["cs.interaction"].create(self._draft(vals))
        contact.sudo().running = True
        return contact

    def _draft(self, vals):
        """Values of a contact from the client, each of the kind its field takes."""
        vals = self._dict(vals)
        if unknown := vals.keys() - DRAFT:
            raise UserError(
                self.env._("The panel can't save this: %s.", ", ".join(sorted(unknown)))
            )
        for name, model in (
            ("partner_id", "res.partner"),
            ("premises_id", "cs.premises"),
        ):
            self._get(model, vals.get(name))
        contacts = self.env["cs.interaction"]
        for name in vals.keys() - {"partner_id", "premises_id"}:
            field = contacts._fields[name]
            known = field.type != "selection" or vals[name] in field.get_values(
                self.env
            )
            if not isinstance(vals[name] or "", str) or not known:
                label = field._description_string(self.env)
                raise UserError(self.env._("The panel can't save this: %s.", label))
        return vals

    def _dict(self, vals):
        """A copy of the values a client sent."""
        if not isinstance(vals or {}, dict):
            raise UserError(self.env._("The values did not arrive whole."))
        return dict(vals or {})

    @api.model
    def save(self, contact_id, vals):
        """Save what was typed so far; the contact as it is now is returned."""
        self._check_role()
        contact = self._get_contact(contact_id)
        contact.write(self._draft(vals))
        return self._card()._contact(contact)

    def _ensure_contact(self, contact_id, vals):
        return self._get_contact(contact_id) if contact_id else self._begin(vals)

    @api.model
    def open_matter(self, contact_id, vals, code, copy_last=False):
        """Begin a matter of a type; without a running contact that begins first.

        :param vals: values of the contact, if it is to begin
        :param code: of the ``cs.business.type``
        :param copy_last: begin with topic, content and premises of the last one
        :return: ``{"contact": …, "action": …}``
        """
        self._check_role()
        kinds = self.env["cs.business.type"]._cs_intake()
        if code not in kinds.sudo().mapped("code"):
            raise AccessError(self.env._("You may not open a matter of this type."))
        contact = self._ensure_contact(contact_id, vals)
        defaults = self._copy_last(contact, code) if copy_last else {}
        action = contact.action_open_matter(code)
        action["context"] = {**action.get("context", {}), **defaults}
        return {"contact": self._card()._contact(contact), "action": action}

    def _copy_last(self, contact, code):
        """Defaults from the customer's last matter of the type; fills the contact."""
        kind = self.env["cs.business.type"]._cs_by_code(code).sudo()
        model = self.env[kind.model]
        if not model.has_access("read") or not contact.partner_id:
            return {}
        earlier = self.env["cs.interaction"].search(
            [("partner_id", "=", contact.partner_id.id), ("id", "!=", contact.id)],
            limit=EARLIER,
        )
        domain = model._cs_customer_domain(
            contact.partner_id, self.env["cs.premises"], earlier
        )
        last = model.search(domain, limit=1, order="id desc")._cs_without_hidden()
        if not last:
            raise UserError(
                self.env._(
                    "%(customer)s had no %(type)s yet: nothing to copy from.",
                    customer=contact.partner_id.name,
                    type=kind.name,
                )
            )
        source = last.sudo().interaction_id.with_env(self.env)
        if source._filtered_access("read"):
            names = ("topic", "content", "premises_id")
            fresh = {
                name: source[name].id if name == "premises_id" else source[name]
                for name in names
                if source[name] and not contact[name]
            }
            if fresh:
                contact.write(fresh)
        return {
            f"default_{name}": value
            for name, value in last._cs_copy_vals().items()
            if value
        }

    @api.model
    def follow(self, contact_id, vals, model, res_id):
        """The customer asks again about an open matter: link and urge it on."""
        self._check_role()
        matter = self._get_matter(model, res_id)
        contact = self._ensure_contact(contact_id, vals)
        contact._cs_follow(matter)
        return self._card()._contact(contact)

    @api.model
    def attach(self, contact_id, vals, name, data):
        """Keep a pasted picture or dropped file with the contact, once.

        :param data: the content in base64
        """
        self._check_role()
        try:
            raw = base64.b64decode(data, validate=True)
        except (binascii.Error, TypeError, ValueError) as error:
            raise UserError(self.env._("The file did not arrive whole.")) from error
        if len(raw) > MAX_FILE:
            raise UserError(
                self.env._("Files may have %s MB at most.", MAX_FILE // 1024 // 1024)
            )
        contact = self._ensure_contact(contact_id, vals)
        files = self.env["ir.attachment"]
        values = {
            "name": str(name)[:120],
            "raw": raw,
            "res_model": contact._name,
            "res_id": contact.id,
        }
        same = Domain("res_model", "=", contact._name) & Domain(
            "res_id", "=", contact.id
        )
        checksum = files._compute_checksum(raw)
        if not files.search(same & Domain("checksum", "=", checksum), limit=1):
            files.create(values)
        return self._card()._contact(contact)

    @api.model
    def promise(self, contact_id, vals, when, note=""):
        """Promise a callback.

        :param when: day and time on the company's clock, ``2026-11-22T15:30``
        """
        self._check_role()
        contact = self._ensure_contact(contact_id, vals)
        try:
            local = datetime.datetime.fromisoformat(str(when)).replace(tzinfo=None)
            moment = contact.company_id._cs_to_utc(local)
        except (ValueError, OverflowError) as error:
            raise UserError(self.env._("Choose day and time of the callback.")) from (
                error
            )
        contact.action_promise_callback(moment, note)
        return self._card()._contact(contact)

    @api.model
    def finish(self, contact_id, outcome=""):
        """End the conversation: the customer has his answer, or matters bring it.

        :param outcome: what he was told
        """
        self._check_role()
        contact = self._get_contact(contact_id)
        contact.action_answer(str(outcome or "").strip())
        contact.sudo().running = False
        return {"number": contact.name, "running": self._running_rows()}

    # === RECEIPT === #

    @api.model
    def print_receipt(self, contact_id, paper):
        """Name of the report that prints the receipt slip.

        :param paper: ``a5`` or ``thermal``
        """
        self._check_role()
        self._get_contact(contact_id)
        size = "thermal" if paper == "thermal" else "a5"
        return f"cs_base.cs_interaction_receipt_{size}"

    @api.model
    def send_receipt(self, contact_id):
        """Send number, first owner and his phone by SMS or mail, once.

        :return: ``{"sent": bool, "message": what became of it}``
        """
        self._check_role()
        contact = self._get_contact(contact_id)
        if not contact.partner_id:
            raise UserError(self.env._("Choose the customer first."))
        rows = (
            self.env["cs.notify"]
            .sudo()
            ._cs_notify(
                "interaction.receipt",
                contact,
                partners=contact.partner_id,
                key=f"receipt,{contact.partner_id.id}",
            )
        )
        if not rows:
            return {"sent": False, "message": self.env._("Sent already.")}
        failed = rows.filtered(lambda row: row.state in ("failed", "bounced"))
        if failed:
            return {"sent": False, "message": self._card()._label(failed[0], "failure")}
        addresses = " / ".join(row.address for row in rows if row.address)
        return {"sent": True, "message": self.env._("Sent to %s.", addresses or "–")}
