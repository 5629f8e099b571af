import datetime

from odoo import api, fields, models
from odoo.tools import SQL

#: What amounts add up over, and the field of the approval that holds it.
SCOPES = {
    "customer": "scope_partner_id",
    "premises": "scope_premises_id",
    "event": "scope_event",
}


class CsApproval(models.Model):
    """Limits over several requests, so that splitting an amount evades none.

    What was approved in the period, and what still waits, is added to the request, for
    the same customer, premises or event and the same kind or group of kinds.
    Rejected, withdrawn and void requests don't count.
    """

    _inherit = "cs.approval"

    kind_group = fields.Char(readonly=True, export_string_translation=False)
    scope_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
        ondelete="set null",
    )
    scope_premises_id = fields.Many2one(
        comodel_name="cs.premises",
        string="Premises",
        readonly=True,
        ondelete="set null",
    )
    scope_event = fields.Char(readonly=True, export_string_translation=False)

    _partner_idx = models.Index(
        "(scope_partner_id, kind_group) WHERE scope_partner_id IS NOT NULL"
    )
    _premises_idx = models.Index(
        "(scope_premises_id, kind_group) WHERE scope_premises_id IS NOT NULL"
    )
    _event_idx = models.Index("(scope_event, kind_group) WHERE scope_event IS NOT NULL")

    @api.model
    def _scope_values(self, record, kind):
        """The values of a new approval that say with which others it adds up.

        A contact of a company counts with the company.
        """
        given = record.sudo()._cs_approval_scopes(kind)
        if unknown := set(given) - set(SCOPES):
            raise ValueError(f"Amounts can't add up over {sorted(unknown)}")
        event = given.get("event")
        customer = given.get("customer")
        premises = given.get("premises")
        return {
            "kind_group": record._cs_approval_kind_group(kind),
            "scope_partner_id": customer.commercial_partner_id.id
            if customer
            else False,
            "scope_premises_id": premises.id if premises else False,
            "scope_event": f"{event._name},{event.id}" if event else False,
        }

    @api.model
    def _frozen_scopes(self, record, kind):
        """The scopes as part of what is frozen; nothing for documents without any."""
        values = self._scope_values(record, kind)
        scopes = {name: values[field] for name, field in SCOPES.items()}
        return {"scopes": scopes} if any(scopes.values()) else {}

    def _take_scopes(self):
        """Make requests of the same scopes wait for one another."""
        self.ensure_one()
        keys = []
        for name, field in SCOPES.items():
            value = self[field].id if name != "event" else self[field]
            if value:
                keys.append(f"{self.company_id.id}:{self.kind_group}:{name}:{value}")
        self.env["cs.approval.scope"]._take(keys)

    def _earlier(self, days):
        """What adds up with this request: {scope: (number of approvals, amount)}.

        :param days: approvals decided in so many days before today, and today
        """
        self.ensure_one()
        columns = {name: field for name, field in SCOPES.items() if self[field]}
        if not columns:
            return {}
        first = self.company_id._cs_today() - datetime.timedelta(days=days)
        since = self.company_id._cs_day_bounds(first)[0]
        sums = {}
        for name, field in columns.items():
            value = self[field] if name == "event" else self[field].id
            earlier = self._earlier_rows(SQL.identifier(field), value, since)
            sums[name] = (len(earlier), sum(earlier))
        return sums

    def _earlier_rows(self, column, value, since):
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id, ABS(COALESCE(amount, 0)), res_model, res_id, kind
                     FROM cs_approval
                    WHERE %s = %s AND kind_group = %s
                      AND company_id = %s AND id != %s
                      AND (state = 'pending'
                           OR state = 'approved' AND decided_at >= %s)""",
                column,
                value,
                self.kind_group,
                self.company_id.id,
                self.id,
                since,
            )
        )
        own = (self.res_model, self.res_id, self.kind)
        record = self._record()
        return [
            amount
            for row_id, amount, *document in rows
            if tuple(document) != own
            or record._cs_approval_is_used(self.browse(row_id))
        ]

    def action_earlier(self):
        """Show the approvals that add up with this one."""
        self.ensure_one()
        self.check_access("read")
        approval = self.sudo()
        same = [
            (field, "=", approval[field] if name == "event" else approval[field].id)
            for name, field in SCOPES.items()
            if approval[field]
        ]
        title = self.env._("Approvals That Add Up")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.approval",
            "view_mode": "list,form",
            "domain": [
                ("company_id", "=", approval.company_id.id),
                ("kind_group", "=", approval.kind_group),
                ("state", "in", ["pending", "approved"]),
                *["|"] * (len(same) - 1),
                *same,
            ],
        }
