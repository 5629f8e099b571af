import base64
import json
import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools import seal

_logger = logging.getLogger(__name__)
BATCH = 5000
HORIZON = "cs_base.event_horizon"


class CsEventSeal(models.Model):
    """A link of the chain over the event log: a hash of the previous link and rows.

    Events are written without a hash, in the transaction of what they report. A
    sealer comes later, for no transaction should wait for the head of a chain.

    **Which rows are complete.** Ids are drawn before a transaction commits, so a row
    may appear behind one that is sealed already. The sealer notes the highest id and
    its own transaction number (the *horizon*). Once every transaction below that
    number has ended (``pg_snapshot_xmin``), no further row with an id up to the noted
    one can appear, and these rows are sealed. A long transaction delays sealing; it
    never breaks the chain. After a restore into another server the noted number may
    lie in its future: it is then noted anew.
    """

    _name = "cs.event.seal"
    _description = "Event Seal"
    _inherit = ["cs.append.only"]
    _log_access = False
    _order = "id desc"
    _rec_name = "seal"

    sealed_at = fields.Datetime(required=True, readonly=True)
    first_event = fields.Integer(required=True, readonly=True, aggregator=None)
    last_event = fields.Integer(required=True, readonly=True, aggregator=None)
    event_count = fields.Integer(string="Events", required=True, readonly=True)
    previous_seal = fields.Char(required=True, readonly=True)
    seal = fields.Char(required=True, readonly=True)
    row_index = fields.Binary(
        attachment=False,
        readonly=True,
        required=True,
        export_string_translation=False,
    )

    _chain_uniq = models.Constraint(
        "UNIQUE(previous_seal)", "The chain has one link after each link."
    )

    # === SEALING === #

    @api.model
    def _cron_seal(self):
        """Seal what is complete, then note a new horizon."""
        if upto := self._complete_id():
            progress = self.env["ir.cron"]._commit_progress
            while link := self._seal_next(upto):
                if not progress(link.event_count):
                    return
        self._note_horizon()

    @api.model
    def _complete_id(self):
        """Highest id up to which no further event can appear, 0 if none is known."""
        noted = self.env["ir.config_parameter"].sudo().get_param(HORIZON)
        if not noted:
            return 0
        event_id, horizon = json.loads(noted)
        oldest, newest = self._snapshot()
        if horizon > newest:
            return 0  # noted on another server: this one is not that far yet
        return event_id if horizon <= oldest else 0

    @api.model
    def _note_horizon(self):
        """Note the highest id and this transaction's number, if that helps.

        Every transaction that runs now has a lower number. The snapshot's ``xmax``
        would not do: it is one above the last that *ended*.
        """
        params = self.env["ir.config_parameter"].sudo()
        noted = json.loads(params.get_param(HORIZON) or "[0, 0]")
        [(last,)] = self.env.execute_query(
            SQL("SELECT COALESCE(MAX(id), 0) FROM cs_event")
        )
        _oldest, newest = self._snapshot()
        waiting = self._last_sealed() < noted[0] and noted[1] <= newest
        if not waiting and last > self._last_sealed():
            number = self._transaction_number()
            params.set_param(HORIZON, json.dumps([last, number]))

    @api.model
    def _transaction_number(self):
        query = SQL("SELECT pg_current_xact_id()::text::bigint")
        return self.env.execute_query(query)[0][0]

    @api.model
    def _snapshot(self):
        """Oldest running and next transaction number, as this transaction sees them."""
        [row] = self.env.execute_query(
            SQL(
                """SELECT pg_snapshot_xmin(now_seen)::text::bigint,
                          pg_snapshot_xmax(now_seen)::text::bigint
                     FROM pg_current_snapshot() AS now_seen"""
            )
        )
        return row

    @api.model
    def _head(self):
        return self.sudo().search([], order="id desc", limit=1)

    @api.model
    def _last_sealed(self):
        return self._head().last_event or 0

    @api.model
    def _seal_next(self, upto, batch=BATCH):
        """Add one link for the next events up to the id ``upto``."""
        head = self._head()
        first = (head.last_event or 0) + 1
        [(last,)] = self.env.execute_query(
            SQL(
                """SELECT MAX(id) FROM (
                       SELECT id FROM cs_event WHERE id BETWEEN %s AND %s
                     ORDER BY id LIMIT %s) AS batch""",
                first,
                upto,
                batch,
            )
        )
        if not last:
            return self.browse()
        rows = self.env["cs.event"]._rows(first, last)
        previous = head.seal or seal.GENESIS
        chained, index = seal.seal(previous, rows)
        return self._append(
            [
                {
                    "sealed_at": fields.Datetime.now(),
                    "first_event": first,
                    "last_event": last,
                    "event_count": len(rows),
                    "previous_seal": previous,
                    "seal": chained,
                    "row_index": base64.b64encode(index),
                }
            ]
        )

    # === VERIFYING === #

    def action_verify(self):
        """Recompute the whole chain and show the first difference."""
        if not self.env.user.has_group("cs_base.group_auditor"):
            raise AccessError(self.env._("The event log is verified by auditors."))
        broken = self._verify()
        self.env["cs.event"]._cs_log(
            "event.verify", self.browse(), details={"ok": not broken}
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if broken else "success",
                "sticky": True,
                "message": broken["message"] if broken else self._intact_message(),
            },
        }

    @api.model
    def _verify(self):
        """Return the first broken link and event, or an empty dict."""
        previous = seal.GENESIS
        next_event = 1
        links = 0
        while link := self.sudo().search([("previous_seal", "=", previous)], limit=1):
            rows = self.env["cs.event"]._rows(next_event, link.last_event)
            chained, _index = seal.seal(previous, rows)
            event_id = seal.first_difference(base64.b64decode(link.row_index), rows)
            if event_id or chained != link.seal or link.first_event != next_event:
                return self._broken(link, event_id)
            previous = link.seal
            next_event = link.last_event + 1
            links += 1
        if links != self.sudo().search_count([("previous_seal", "!=", False)]):
            return self._broken(self._head(), None)
        return {}

    def _broken(self, link, event_id):
        _logger.error("Event log broken at seal %s, event %s", link.id, event_id)
        if event_id:
            message = self.env._(
                "The event log was changed: event %(event)s (seal %(seal)s) differs.",
                event=event_id,
                seal=link.id,
            )
        else:
            message = self.env._(
                "The event log was changed: seal %s does not fit the chain.", link.id
            )
        return {"seal": link.id, "event": event_id, "message": message}

    def _intact_message(self):
        head = self._head()
        return self.env._(
            "The event log is intact up to event %(event)s. Last seal: %(seal)s",
            event=head.last_event or 0,
            seal=head.seal or "-",
        )
