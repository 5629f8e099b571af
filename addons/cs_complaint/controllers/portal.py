import binascii

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..models.cs_complaint_portal import (
    FILE_SIZE,
    FILES,
    SUBJECT_LENGTH,
    TEXT_LENGTH,
)

PER_PAGE = 20
PRIVATE = [
    ("Cache-Control", "private, no-store"),
    ("X-Content-Type-Options", "nosniff"),
]


class ComplaintPortal(CustomerPortal):
    """A customer's own complaints; whatever is not his own is not found."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            cases = request.env["cs.complaint"].sudo()
            domain = request.env["cs.complaint.portal"]._cs_domain(request.env.user)
            values["complaint_count"] = cases.search_count(domain, limit=100)
        return values

    def _own_case(self, case_id):
        case = request.env["cs.complaint.portal"]._cs_find(request.env.user, case_id)
        if not case:
            raise request.not_found()
        return case

    def _admit(self):
        """Whether this user hasn't sent too much in the last hour."""
        ip = request.httprequest.remote_addr
        key = f"complaint,{request.env.uid}"
        return request.env["cs.satisfaction.access"]._cs_admit(ip, key)

    def _private_page(self, template, values):
        values = self._prepare_portal_layout_values() | {
            "page_name": "complaint",
            **values,
        }
        response = request.render(template, values)
        response.headers.extend(PRIVATE)
        return response

    @http.route(
        ["/my/complaints", "/my/complaints/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def complaints(self, page=1, **_options):
        """List the own complaints, newest first."""
        portal = request.env["cs.complaint.portal"]
        domain = portal._cs_domain(request.env.user)
        cases = request.env["cs.complaint"].sudo()
        total = cases.search_count(domain)
        last = max(1, -(-total // PER_PAGE))
        pages = pager(
            url="/my/complaints", total=total, page=min(page, last), step=PER_PAGE
        )
        found = cases.search(
            domain, limit=PER_PAGE, offset=pages["offset"], order="id desc"
        )
        return self._private_page(
            "cs_complaint.portal_complaints",
            {"rows": [portal._cs_values(case) for case in found], "pager": pages},
        )

    @http.route(
        "/my/complaints/<int:case_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def complaint(self, case_id, hint="", **_options):
        """Show an own complaint and the answer."""
        case = self._own_case(case_id)
        portal = request.env["cs.complaint.portal"]
        return self._private_page(
            "cs_complaint.portal_complaint",
            {
                "shown": portal._cs_values(case),
                "hint": hint if hint in ("reason", "again") else "",
                "staff": request.env.user._is_internal(),
                "length": TEXT_LENGTH,
            },
        )

    @http.route(
        "/my/complaints/<int:case_id>/letter", type="http", auth="user", website=True
    )
    def complaint_letter(self, case_id, **_options):
        """Send the letter of an own complaint, as it went out."""
        case = self._own_case(case_id)
        if not request.env["cs.complaint.portal"]._cs_values(case)["has_letter"]:
            raise request.not_found()
        letter = case.answer_id.letter_id
        return request.make_response(
            letter.raw,
            [
                ("Content-Type", letter.mimetype or "application/pdf"),
                ("Content-Length", str(len(letter.raw))),
                ("Content-Disposition", content_disposition(letter.name)),
                *PRIVATE,
            ],
        )

    # === REPLY === #

    @http.route(
        "/my/complaints/<int:case_id>/accept",
        type="jsonrpc",
        auth="user",
        website=True,
    )
    def complaint_accept(self, case_id, name=None, signature=None, **_options):
        """Accept the answer with a drawn signature."""
        case = request.env["cs.complaint.portal"]._cs_find(request.env.user, case_id)
        if not case or request.env.user._is_internal() or not self._admit():
            return {"error": request.env._("This can't be done now.")}
        if not isinstance(signature, str) or not isinstance(name, str):
            return {"error": request.env._("Please sign.")}
        try:
            image = binascii.a2b_base64(signature, strict_mode=True)
        except (ValueError, binascii.Error):
            image = b""
        if not image.startswith(b"\x89PNG") or len(signature) > 1_000_000:
            return {"error": request.env._("Please sign.")}
        portal = request.env["cs.complaint.portal"]
        try:
            with request.env.cr.savepoint():
                portal._cs_reply(case, True, "portal", name=name, signature=signature)
        except UserError as error:
            return {"error": str(error)}
        return {"force_refresh": True, "redirect_url": f"/my/complaints/{case_id}"}

    @http.route(
        "/my/complaints/<int:case_id>/refuse",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def complaint_refuse(self, case_id, note="", **_options):
        """Refuse the answer, with the reason; the next round begins."""
        case = self._own_case(case_id)
        if request.env.user._is_internal():
            raise request.not_found()
        if not note.strip():
            return request.redirect(f"/my/complaints/{case_id}?hint=reason")
        portal = request.env["cs.complaint.portal"]
        try:
            with request.env.cr.savepoint():
                counts = self._admit() and portal._cs_reply(
                    case, False, "portal", note=note
                )
        except UserError:  # somebody else works on it right now
            counts = False
        if not counts:
            return request.redirect(f"/my/complaints/{case_id}?hint=again")
        return request.redirect(f"/my/complaints/{case.next_id.id}")

    # === NEW === #

    @http.route(
        "/my/complaints/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def complaint_new(self, **params):
        """Show the form of a new complaint, and take it."""
        values = {
            name: str(params.get(name) or "") for name in ("kind", "subject", "content")
        }
        error = ""
        if request.httprequest.method == "POST":
            case, error = self._take_new(values)
            if case:
                return request.redirect(f"/my/complaints/{case.id}")
        return self._private_page(
            "cs_complaint.portal_complaint_new",
            {
                **values,
                "error": error,
                "subject_length": SUBJECT_LENGTH,
                "length": TEXT_LENGTH,
                "files": FILES,
                "file_size": FILE_SIZE // 1024 // 1024,
            },
        )

    def _take_new(self, values):
        """Return the new case, and why there is none."""
        portal = request.env["cs.complaint.portal"]
        user = request.env.user
        if portal._cs_limit_reached(user) or not self._admit():
            return None, request.env._("That is enough for today. Please call us.")
        uploads = request.httprequest.files.getlist("files")[: FILES + 1]
        files = [
            (upload.filename, upload.stream.read(FILE_SIZE + 1)) for upload in uploads
        ]
        try:
            with request.env.cr.savepoint():
                return portal._cs_create(user, files=files, **values), ""
        except UserError as error:
            return None, str(error)
