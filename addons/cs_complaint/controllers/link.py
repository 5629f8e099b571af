from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.cs_base.controllers.satisfaction import SatisfactionController

from ..models.cs_complaint_link import PATH
from ..models.cs_complaint_portal import NAME_LENGTH, TEXT_LENGTH


class ComplaintLinkController(SatisfactionController):
    """The page a customer reaches by the link of his case.

    A GET only shows it. A reply needs a POST with the session's token, a nonce of a
    page this session was shown some seconds ago, and a choice; it counts once.
    """

    @http.route(
        f"{PATH}<string:token>", type="http", auth="public", methods=["GET", "POST"]
    )
    def complaint_link(self, token, **params):
        ip = request.httprequest.remote_addr
        if not request.env["cs.satisfaction.access"]._cs_admit(ip, token):
            return self._page("cs_base.satisfaction_later", status=429)
        case = request.env["cs.complaint"]._cs_by_token(token)
        if request.env.user._is_internal():
            return self._refuse_complaint_staff(case)
        if not case:
            return self._page("cs_base.satisfaction_gone")
        if request.httprequest.method == "POST":
            return self._take_reply(case, **params)
        return self._show_case(case)

    def _take_reply(self, case, nonce="", reply="", name="", note="", **_params):
        if not self._is_nonce(case, nonce):
            return self._show_case(case, hint="again")
        if reply not in ("accept", "refuse"):
            return self._show_case(case, hint="unchosen", note=note)
        if reply == "refuse" and not note.strip():
            return self._show_case(case, hint="reason")
        spoken = case.with_context(lang=self._lang())
        portal = request.env["cs.complaint.portal"].with_context(lang=self._lang())
        try:
            with request.env.cr.savepoint():
                accepts = reply == "accept"
                portal._cs_reply(spoken, accepts, "link", name=name, note=note)
        except UserError:  # somebody else works on it right now
            return self._show_case(case, hint="again", note=note)
        return self._show_case(case)

    def _show_case(self, case, hint="", note=""):
        portal = request.env["cs.complaint.portal"].with_context(lang=self._lang())
        values = portal._cs_values(case.with_context(lang=self._lang()))
        return self._page(
            "cs_complaint.complaint_link_case",
            case,
            shown=values,
            nonce=self._nonce(case),
            hint=hint,
            note=note[:TEXT_LENGTH],
            name_length=NAME_LENGTH,
            length=TEXT_LENGTH,
        )

    def _refuse_complaint_staff(self, case):
        if case:
            request.env["cs.event"].sudo()._cs_log(
                "complaint.staff", case, details={"user": request.env.uid}
            )
        return self._page("cs_complaint.complaint_link_staff", status=403)
