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
                "texts": json.dumps(
                    request.env["gas.reader"]._get_texts(), ensure_ascii=False
                ),
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
    def push(self, items, sent_at=None, uid=None):
        """Take entries of the phone; see ``gas.reader.push``."""
        return request.env["gas.reader.push"]._push(items, sent_at, uid)
