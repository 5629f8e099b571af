import json

from odoo import http
from odoo.http import request
from odoo.tools import file_open

PAGE = "/gas/reader"
WORKER = "cs_gas_billing/static/reader/service_worker.js"


class GasReaderController(http.Controller):
    """The meter reader's page: a light one, which goes on without a connection."""

    def _may(self):
        return request.env.user.has_group("cs_gas_billing.group_reader")

    @http.route(PAGE, type="http", auth="user", methods=["GET"], readonly=True)
    def page(self, **_options):
        """Send the empty page; the phone keeps it, what is in it comes by JSON."""
        if not self._may():
            return request.redirect("/odoo")
        response = request.render(
            "cs_gas_billing.gas_reader_page",
            {
                "lang": (request.env.lang or "en_US").replace("_", "-"),
                "texts": json.dumps(self._get_texts(), ensure_ascii=False),
            },
        )
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
        return response

    @http.route(
        f"{PAGE}/service-worker.js",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
    )
    def service_worker(self):
        """Send the script that keeps the page on the phone."""
        with file_open(WORKER) as file:
            body = file.read()
        return request.make_response(
            body,
            [
                ("Content-Type", "text/javascript"),
                ("Service-Worker-Allowed", PAGE),
                ("Cache-Control", "no-cache"),
            ],
        )

    @http.route(f"{PAGE}/books", type="jsonrpc", auth="user", readonly=True)
    def books(self):
        """Return the reader's own books; see ``gas.reader``."""
        return request.env["gas.reader"]._get_books()

    @http.route(f"{PAGE}/push", type="jsonrpc", auth="user")
    def push(self, items, sent_at=None):
        """Take entries of the phone; see ``gas.reader.push``."""
        return request.env["gas.reader.push"]._push(items, sent_at)

    def _get_texts(self):
        """Return what the page says, in the reader's language."""
        _ = request.env._
        return {
            "title": _("Meter Reading"),
            "search": _("Room, meter, name"),
            "all": _("All"),
            "open": _("To read"),
            "missed": _("No access"),
            "unsent": _("Not sent"),
            "attention": _("Look at these"),
            "progress": _("%(done)s/%(total)s read"),
            "offline": _("No connection"),
            "queued": _("%s to send"),
            "synced": _("✓ Sent"),
            "sending": _("Sending…"),
            "login": _("Log in again to send"),
            "empty": _("No book is yours. Ask the office to give you one."),
            "nothing": _("Nothing found."),
            "done": _("All meters of this book are visited."),
            "back": _("List"),
            "meter": _("Meter"),
            "seal": _("Seal"),
            "last": _("Last"),
            "note": _("Note"),
            "register": _("Register"),
            "usage": _("%s m³ used"),
            "ratio": _("%s × the usual"),
            "photo": _("Photo"),
            "photo_again": _("Photo again"),
            "no_access": _("No access"),
            "why": _("Why was it not read?"),
            "save": _("Save, next meter"),
            "save_anyway": _("The number is right: save"),
            "cancel": _("Back"),
            "saved": _("Saved"),
            "next": _("Next meter"),
            "change": _("Change"),
            "dismiss": _("I have seen it"),
            "state_open": _("To read"),
            "state_queued": _("To send"),
            "state_sending": _("Sending…"),
            "state_taken": _("Sent"),
            "state_held": _("Sent, office checks"),
            "state_conflict": _("Read by somebody else"),
            "state_refused": _("Not taken"),
            "state_miss": _("No access"),
            "stopped": _("Gas stopped"),
            "customer_says": _("The customer sent %(value)s on %(date)s"),
            "bad_number": _("Digits only"),
            "too_many": _("The register has %s digits"),
            "too_many_decimals": _("The register has no such decimals"),
            "below": _("Less than last time: %s"),
            "rolled": _("Register rolled over"),
            "high": _("Much more than usual. Look again."),
            "capacity": _("More than the meter can pass. Look again."),
            "low": _("Much less than usual"),
            "zero": _("No gas used"),
            "photo_failed": _("The photo can't be read. Take it again."),
            "storage": _("This phone keeps nothing: stay connected while you read."),
            "other_user": _("%s entries of another reader wait for his login."),
            "refresh": _("Refresh"),
            "meter_of": _("%(number)s of %(total)s"),
            "yours": _("Your value: %s"),
        }
