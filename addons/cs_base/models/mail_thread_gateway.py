import functools
import logging
import xmlrpc.client
from email import message_from_bytes, policy
from email.parser import BytesHeaderParser

from odoo import SUPERUSER_ID, api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, email_normalize

from ..tools import mail_gate
from .mail_gate_fate import Fate

_logger = logging.getLogger(__name__)

#: Setting: larger mails (MB) are kept for a person instead of being opened.
SIZE_PARAM = "cs_base.mail_max_mb"
SIZE = 25
#: Setting: the name under which our mail server signs Authentication-Results.
SERVER_PARAM = "cs_base.mail_authserv_id"


class MailThreadGateway(models.AbstractModel):
    """No inbound mail is lost: what finds no place waits for a person.

    Core rolls back and forgets what fails; here it is parked, with its source.
    """

    _inherit = "mail.thread"

    # === ONE MAIL === #

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        raw = _as_bytes(message)
        fate = self._cs_mail_fate() or Fate()
        parked = self.env["cs.mail.parked"].sudo()
        head = BytesHeaderParser(policy=policy.compat32).parsebytes(raw[:65536])
        message_id = head.get("Message-Id")
        if not fate.by_hand and (
            self._cs_came_meanwhile(message_id) or parked._cs_is_known(message_id)
        ):
            _logger.info("Ignored mail %s: it is here already", message_id)
            return False
        if not fate.by_hand and len(raw) > self._cs_mail_limit():
            fate.park("size")
            thread = False
        else:
            gateway = self.with_context(**{Fate.KEY: fate})
            process = functools.partial(
                super(MailThreadGateway, gateway).message_process,
                model,
                mail_gate.with_readable_subject(raw),
                custom_values=custom_values,
                save_original=save_original,
                strip_attachments=strip_attachments,
                thread_id=thread_id,
            )
            thread = gateway._cs_process_safely(process)
        if fate.reason and not fate.by_hand:
            parked._cs_park(raw, fate, model, thread_id, custom_values)
        return thread

    @api.model
    def _cs_came_meanwhile(self, message_id):
        """Let one process at a time file a mail of this Message-ID.

        The second one waits until the first has finished. Its own picture of the
        database is older than that, so it looks with a new one.

        :return: whether the mail is filed or parked by now
        """
        text = str(message_id or "").replace("\x00", "")
        text = text.encode("utf-8", "replace").decode().strip()
        if not text:
            return False
        key = f"cs_base.mail,{text}"
        self.env.cr.execute(
            SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", key)
        )
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    """SELECT 1 FROM mail_message WHERE message_id = %(id)s
                        UNION ALL
                       SELECT 1 FROM cs_mail_parked
                        WHERE message_id = %(id)s AND state != 'done'
                        LIMIT 1""",
                    id=text,
                )
            )
            return bool(cr.fetchone())

    @api.model
    def _cs_process_safely(self, process):
        """Process a mail; whatever goes wrong undoes only this mail and is kept."""
        fate = self._cs_mail_fate()
        try:
            with self.env.cr.savepoint():
                return process()
        except Exception as error:
            fetched = self.env.context.get("fetchmail_cron_running")
            if isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY) and not fetched:
                raise  # the server tries the whole request again
            _logger.info("An inbound mail failed and is parked", exc_info=True)
            fate.park("error", error=f"{type(error).__name__}: {error}")
            self.env.invalidate_all(flush=False)
            return False

    @api.model
    def _cs_mail_fate(self):
        fate = self.env.context.get(Fate.KEY)
        return fate if isinstance(fate, Fate) else None

    @api.model
    def _cs_mail_is_automatic(self):
        """Whether a machine sent the mail that is being processed: don't answer it."""
        fate = self._cs_mail_fate()
        return bool(fate and fate.automatic)

    @api.model
    def _cs_mail_limit(self):
        param = self.env["ir.config_parameter"].sudo().get_param(SIZE_PARAM, SIZE)
        return int(param) * 1024 * 1024

    # === ROUTE === #

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        fate = self._cs_mail_fate()
        if fate is None:
            return super().message_route(
                message, message_dict, model, thread_id, custom_values
            )
        fate.automatic = mail_gate.is_automatic(message)
        if self._cs_refuse_mail(message_dict, fate):
            return []
        if fate.target:
            return [(fate.target._name, fate.target.id, None, SUPERUSER_ID, None)]
        if not message_dict.get("is_bounce") and not message_dict.get("parent_id"):
            matter = self._cs_matter_in_subject(message_dict.get("subject"))
            if matter:
                return self._cs_route_by_number(message, message_dict, matter)
        try:
            routes = super().message_route(
                message, message_dict, model, thread_id, custom_values
            )
        except ValueError as error:
            fate.park("no_route", error=str(error))
            return []
        if not routes and not message_dict.get("bounced_message"):
            fate.park("bounce" if message_dict.get("is_bounce") else "refused")
        return self._cs_settle(message, message_dict, routes)

    @api.model
    def _cs_refuse_mail(self, message_dict, fate):
        """Keep mails nobody can answer or that carry programs; a person may file them.

        What he files comes without the programs.
        """
        sender = email_normalize(message_dict.get("email_from") or "")
        if not sender and not fate.by_hand:
            fate.park("no_sender")
            return True
        files = message_dict.get("attachments") or []
        bad = mail_gate.runnable(file[0] for file in files)
        if bad and not fate.by_hand:
            fate.park("program", error=", ".join(bad)[:200])
            return True
        message_dict["attachments"] = [file for file in files if file[0] not in bad]
        return False

    @api.model
    def _cs_matter_in_subject(self, subject):
        """The one matter whose number is in the subject, with sudo, or None."""
        numbers = mail_gate.numbers_in(subject)
        if not numbers:
            return None
        found = []
        for _kind, model in self.env["cs.business.type"]._cs_models(active=False):
            found.extend(model.sudo().search([("name", "in", numbers)], limit=2))
        return found[0] if len(found) == 1 else None

    @api.model
    def _cs_route_by_number(self, message, message_dict, matter):
        """A number alone opens nothing: the sender has to be known, and to be himself.

        Anybody may guess a number or write another one's address.
        """
        server = self.env["ir.config_parameter"].sudo().get_param(SERVER_PARAM)
        sender = email_normalize(message_dict["email_from"])
        partners = matter._cs_partner() | matter.message_partner_ids
        known = sender in partners.mapped("email_normalized")
        if not known or not mail_gate.is_verified(message, server):
            self._cs_mail_fate().park("sender", matter)
            return []
        user = self._mail_find_user_for_gateway(message_dict["email_from"])
        route = (matter._name, matter.id, None, user.id or self.env.uid, None)
        return self._cs_settle(message, message_dict, [route])

    @api.model
    def _cs_settle(self, message, message_dict, routes):
        """Ask each matter a mail is for where it goes on."""
        settled = []
        kinds = self.env["cs.business.type"]._cs_models(active=False)
        models_ = {model._name for _kind, model in kinds}
        for route in routes:
            if route[0] in models_:
                route = self._cs_settle_one(message, message_dict, route)
            if route:
                settled.append(route)
        return settled

    @api.model
    def _cs_settle_one(self, message, message_dict, route):
        model, thread_id, vals, user_id, alias = route
        fate = self._cs_mail_fate()
        matter = self.env[model].sudo().browse(thread_id or ()).exists()
        if fate.automatic:
            # What a machine sends neither begins a matter nor opens one again.
            matter = matter and matter._cs_survivor()
            if matter and matter.is_open:
                return (model, matter.id, vals, user_id, alias)
            fate.park("auto", matter or None)
            return None
        if not matter:
            return route
        answer = matter._cs_mail_route(message, message_dict)
        if answer == "park":
            fate.park("closed", matter)
            return None
        if answer == "new":
            last = matter._cs_survivor()
            origin = {"origin_ref": f"{last._name},{last.id}"}
            begun = last._cs_mail_new_vals()
            return (model, 0, {**(vals or {}), **begun, **origin}, user_id, alias)
        return (answer._name, answer.id, vals, user_id, alias)

    # === LOOPS === #

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        fate = self._cs_mail_fate()
        if fate and fate.by_hand:
            return False
        # Core counts new records only where the route says 0, and its own says None.
        routes = [(model, thread_id or 0, *rest) for model, thread_id, *rest in routes]
        hit = super()._detect_loop_sender(message, message_dict, routes)
        if hit and fate:
            fate.park("loop")
        return hit

    @api.model
    def _routing_create_bounce_email(
        self, email_from, body_html, message, **mail_values
    ):
        """Machines get no answer, or the two would never stop."""
        if mail_gate.is_automatic(message):
            return None
        return super()._routing_create_bounce_email(
            email_from, body_html, message, **mail_values
        )


def _as_bytes(message):
    if isinstance(message, xmlrpc.client.Binary):
        return bytes(message.data)
    return message.encode() if isinstance(message, str) else message


def parse(raw):
    """The mail as an object, for those who look at a parked one."""
    return message_from_bytes(mail_gate.with_readable_subject(raw), policy=policy.SMTP)
