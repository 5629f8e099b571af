import base64

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

ACCOUNTS_PER_PAGE = 20
BILLS_PER_PAGE = 12
#: PDFs of an account on a day: each costs seconds.
PDF_LIMIT = 30
PRIVATE = [
    ("Cache-Control", "private, no-store"),
    ("X-Content-Type-Options", "nosniff"),
]


class GasCustomerPortal(CustomerPortal):
    """A customer's own gas accounts; whatever is not his own is not found."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "gas_account_count" in counters:
            portal = request.env["gas.portal"]
            values["gas_account_count"] = portal._count_accounts(
                request.env.user, limit=100
            )
        return values

    def _find_gas_account(self, account_id):
        """Return an own account with full rights; anybody else's is not found."""
        account_sudo = request.env["gas.portal"]._find_account(
            request.env.user, account_id
        )
        if not account_sudo:
            raise request.not_found()
        return account_sudo

    @http.route(
        ["/my/gas", "/my/gas/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def gas_accounts(self, page=1, search="", **_options):
        """List the own accounts; somebody who has one only sees it at once."""
        portal = request.env["gas.portal"]
        user = request.env.user
        total = portal._count_accounts(user)
        if total == 1:
            account_sudo = portal._search_accounts(user)
            return request.redirect(f"/my/gas/{account_sudo.id}")
        search = search.strip()[:64]
        found_sudo = portal._search_accounts(user, search)
        pages = pager(
            url="/my/gas",
            url_args={"search": search} if search else None,
            total=len(found_sudo),
            page=page,
            step=ACCOUNTS_PER_PAGE,
        )
        shown_sudo = found_sudo[pages["offset"] :][:ACCOUNTS_PER_PAGE]
        values = self._prepare_portal_layout_values() | {
            "page_name": "gas",
            "accounts": portal.sudo()._get_overview(shown_sudo),
            "total": total,
            "search": search,
            "pager": pages,
        }
        return request.render("cs_gas_billing.portal_gas_accounts", values)

    @http.route(
        ["/my/gas/<int:account_id>", "/my/gas/<int:account_id>/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def gas_account(self, account_id, page=1, sent="", **_options):
        """Show an own account: balance, tiers of the year, bills, readings."""
        account_sudo = self._find_gas_account(account_id)
        portal_sudo = request.env["gas.portal"].sudo()
        total = (
            request.env["gas.bill"]
            .sudo()
            .search_count(portal_sudo._get_bill_domain(account_sudo))
        )
        pages = pager(
            url=f"/my/gas/{account_id}", total=total, page=page, step=BILLS_PER_PAGE
        )
        values = self._prepare_portal_layout_values() | {
            "page_name": "gas",
            "gas": portal_sudo._get_account_values(
                account_sudo, BILLS_PER_PAGE, pages["offset"]
            ),
            "page": page,
            "pager": pages,
            "sent": sent if sent in ("taken", "waits") else "",
        }
        return request.render("cs_gas_billing.portal_gas_account", values)

    # === BILL ===#

    @http.route(
        "/my/gas/bill/<int:bill_id>/pdf", type="http", auth="user", website=True
    )
    def gas_bill_pdf(self, bill_id, **_options):
        """Send a posted bill of an own account as PDF."""
        bill_sudo = request.env["gas.portal"]._find_bill(request.env.user, bill_id)
        if not bill_sudo:
            raise request.not_found()
        account_sudo = bill_sudo.account_id
        quota_sudo = request.env["gas.mobile.quota"].sudo()
        if not quota_sudo._use("pdf", account_sudo, PDF_LIMIT):
            return request.make_response(
                request.env._("Too many downloads today. Please go on tomorrow."),
                status=429,
            )
        report_sudo = (
            request.env["ir.actions.report"].sudo().with_company(bill_sudo.company_id)
        )
        document, _kind = report_sudo._render_qweb_pdf(
            "cs_gas_billing.gas_bill_report", bill_sudo.ids
        )
        name = f"{account_sudo.code}-{bill_sudo.period}.pdf"
        return request.make_response(
            document,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", str(len(document))),
                ("Content-Disposition", content_disposition(name)),
                *PRIVATE,
            ],
        )

    # === OWN READING ===#

    @http.route(
        "/my/gas/<int:account_id>/reading",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def gas_reading(self, account_id, value="", photo=None, **_options):
        """Show the form of an own reading, and take it.

        :param value: register
        :param photo: the uploaded file
        """
        account_sudo = self._find_gas_account(account_id)
        service_sudo = request.env["gas.portal.reading"].sudo()
        error = ""
        if request.httprequest.method == "POST":
            reading_sudo, error = self._take_reading(account_sudo, value, photo)
            if reading_sudo:
                sent = "waits" if reading_sudo.state == "held" else "taken"
                return request.redirect(f"/my/gas/{account_id}?sent={sent}")
        try:
            form = service_sudo._get_form(account_sudo)
        except UserError:
            return request.redirect(f"/my/gas/{account_id}")
        values = self._prepare_portal_layout_values() | {
            "page_name": "gas",
            "gas": request.env["gas.portal"].sudo()._get_head(account_sudo),
            "form": form,
            "value": value[:32],
            "error": error,
        }
        response = request.render("cs_gas_billing.portal_gas_reading", values)
        response.headers.extend(PRIVATE)
        return response

    def _take_reading(self, account_sudo, value, photo):
        """Return the reading that was entered, and why there is none."""
        service_sudo = request.env["gas.portal.reading"].sudo()
        if error := service_sudo._count_try(account_sudo):
            return None, error
        limit = account_sudo.company_id.gas_photo_max_mb * 1024 * 1024
        data = photo.stream.read(limit + 1) if hasattr(photo, "stream") else b""
        try:
            with request.env.cr.savepoint():
                reading_sudo, _known = service_sudo._enter(
                    account_sudo, value[:32], data
                )
        except UserError as problem:
            return None, str(problem)
        return reading_sudo, ""

    @http.route(
        "/my/gas/reading/<int:reading_id>/photo",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def gas_reading_photo(self, reading_id, **_options):
        """Send the photo of a reading that the customer entered himself."""
        photo = request.env["gas.portal"]._find_photo(request.env.user, reading_id)
        if not photo:
            raise request.not_found()
        return request.make_response(
            base64.b64decode(photo), [("Content-Type", "image/jpeg"), *PRIVATE]
        )
