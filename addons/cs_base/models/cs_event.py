import json
import re

from odoo import api, fields, models
from odoo.tools import SQL, hmac

CODE = re.compile(r"[A-Za-z0-9_.:\-]{0,64}")
HMAC = re.compile(r"[0-9a-f]{64}")
#: A run of digits as long as this may be a phone or an identity number.
LONG_DIGITS = re.compile(r"\d{7}")


class CsEvent(models.Model):
    """Who did what to which record, without any personal value.

    Rows hold ids, names of fields, codes and keyed hashes, so that deleting a
    customer leaves nothing of the person behind. There is no foreign key that could
    change a row: users and records are kept as plain numbers.
    """

    _name = "cs.event"
    _description = "Event"
    _inherit = ["cs.append.only"]
    _log_access = False
    _order = "id desc"
    _rec_name = "action"

    moment = fields.Datetime(required=True, readonly=True)
    uid = fields.Integer(
        string="User No.", required=True, readonly=True, aggregator=None
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        compute="_compute_user_id",
        search="_search_user_id",
        compute_sudo=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(string="Record No.", readonly=True, aggregator=None)
    action = fields.Char(required=True, readonly=True, index=True)
    field_names = fields.Char(string="Fields", readonly=True)
    details = fields.Char(readonly=True)

    _record_idx = models.Index("(model, res_id)")
    _uid_idx = models.Index("(uid, id)")

    @api.depends("uid")
    def _compute_user_id(self):
        users = self.env["res.users"].browse(set(self.mapped("uid"))).exists()
        known = {user.id: user for user in users}
        for event in self:
            event.user_id = known.get(event.uid, False)

    def _search_user_id(self, operator, value):
        if operator in ("in", "not in"):
            return [("uid", operator, [item or 0 for item in value])]
        users = self.env["res.users"].with_context(active_test=False)
        return [("uid", "in", users._search([("id", operator, value)]))]

    @api.model
    def _cs_log(self, action, records, fields=None, details=None):
        """Add an event for each of ``records``; one without record if it is empty.

        :param action: code such as ``partner.reveal``
        :param fields: names of the fields concerned
        :param details: codes and numbers by name; texts are refused, as they may
            hold personal values (use ``_cs_hmac`` to keep a trace of a value)
        """
        values = {
            "moment": self.env.cr.now(),
            "uid": self.env.uid,
            "action": action,
            "model": records._name,
            "field_names": ",".join(sorted(fields or [])) or False,
            "details": self._details(details),
        }
        companies = self._companies(records)
        return self._append(
            [
                {**values, "res_id": res_id, "company_id": company_id}
                for res_id, company_id in companies
            ]
        )

    def _companies(self, records):
        """The company of each record, as (id, company id)."""
        default = self.env.company.id
        if not records.ids:
            return [(0, default)]
        if "company_id" not in records._fields:
            return [(res_id, default) for res_id in records.ids]
        return [
            (record.id, record.company_id.id or default) for record in records.sudo()
        ]

    @api.model
    def _details(self, details):
        for name, value in (details or {}).items():
            if isinstance(value, str) and not self._is_code(value):
                raise ValueError(f"The event detail {name} is a text, not a code")
            if not isinstance(value, str | int | float | None):
                raise TypeError(f"The event detail {name} is no plain value")
        return json.dumps(details, sort_keys=True) if details else False

    @staticmethod
    def _is_code(text):
        if HMAC.fullmatch(text):
            return True
        return CODE.fullmatch(text) and not LONG_DIGITS.search(text)

    @api.model
    def _cs_hmac(self, value):
        """Keyed hash of a value: equal values can be found, none can be read."""
        return hmac(self.sudo().env, "cs_base.event", str(value))

    # === SEALING === #

    @api.model
    def _rows(self, first, last):
        """Events with ``first`` <= id <= ``last`` in the form that is sealed."""
        return self.env.execute_query(
            SQL(
                """SELECT id, moment, uid, company_id, model, res_id, action,
                          field_names, details
                     FROM cs_event
                    WHERE id BETWEEN %s AND %s
                 ORDER BY id""",
                first,
                last,
            )
        )
