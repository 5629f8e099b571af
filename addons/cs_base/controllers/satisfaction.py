import time

from odoo import http
from odoo.http import request
from odoo.tools import hash_sign, hmac, verify_hash_signed

from ..models.cs_satisfaction import COMMENT_LENGTH, PATH, VOTES

NONCE_SCOPE = "cs.satisfaction.nonce"
#: Nobody reads the page and chooses faster than that, in seconds.
MIN_DELAY = 2
#: A page that stayed open longer is shown anew, in hours.
NONCE_HOURS = 2
#: The page needs nothing but itself, and its address goes nowhere.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


class SatisfactionController(http.Controller):
    """The page on which a customer votes, reached by a signed link.

    A GET only shows it. A vote needs a POST with the session's token, a nonce of a
    page this session was shown some seconds ago, and a choice: whatever opens links
    in mails, or posts what it finds there, doesn't vote.
    """

    @http.route(
        f"{PATH}<string:token>", type="http", auth="public", methods=["GET", "POST"]
    )
    def vote(self, token, **params):
        ip = request.httprequest.remote_addr
        if not request.env["cs.satisfaction.access"]._cs_admit(ip, token):
            return self._page("cs_base.satisfaction_later", status=429)
        row = request.env["cs.satisfaction"]._cs_by_token(token)
        if request.env.user._is_internal():
            return self._refuse_staff(row)
        if not row or not (row._cs_awaits_vote() or row.state == "voted"):
            return self._page("cs_base.satisfaction_gone")
        if row.state == "open" and request.httprequest.method == "POST":
            return self._take(row, ip, **params)
        return self._show(row)

    def _take(self, row, ip, nonce="", vote="", comment="", **_params):
        if not self._is_nonce(row, nonce):
            return self._show(row, again=True)
        if vote not in dict(VOTES):
            return self._show(row, unchosen=True, comment=comment)
        hashed = request.env["cs.satisfaction.access"]._cs_hash(ip)
        row.with_context(lang=self._lang())._cs_vote(vote, comment, hashed)
        return self._page("cs_base.satisfaction_thanks", row)

    def _show(self, row, **values):
        if row.state == "voted":
            return self._page("cs_base.satisfaction_thanks", row)
        spoken = row.with_context(lang=self._lang())
        options = spoken._fields["vote"]._description_selection(spoken.env)
        return self._page(
            "cs_base.satisfaction_form",
            row,
            nonce=self._nonce(row),
            options=options,
            length=COMMENT_LENGTH,
            **values,
        )

    def _refuse_staff(self, row):
        if row:
            request.env["cs.event"].sudo()._cs_log(
                "satisfaction.staff", row, details={"user": request.env.uid}
            )
        return self._page("cs_base.satisfaction_staff", status=403)

    # === NONCE === #

    def _nonce(self, row):
        """Signed: which link was shown to which session, and when."""
        values = [row.id, self._session_hash(), int(time.time())]
        env = request.env(su=True)
        return hash_sign(env, NONCE_SCOPE, values, expiration_hours=NONCE_HOURS)

    def _is_nonce(self, row, nonce):
        try:
            values = verify_hash_signed(request.env(su=True), NONCE_SCOPE, nonce)
        except ValueError:  # not even of the right form
            return False
        if not values or values[:2] != [row.id, self._session_hash()]:
            return False
        return time.time() - values[2] >= MIN_DELAY

    def _session_hash(self):
        env = request.env(su=True)
        sid = request.session.sid[: http.STORED_SESSION_BYTES]
        return hmac(env, NONCE_SCOPE, sid)[:16]

    # === PAGE === #

    def _page(self, template, row=None, status=200, **values):
        request.update_context(lang=self._lang())
        values |= {
            "row": row,
            "company": row.company_id if row else None,
            "page": template.rpartition("_")[2],
        }
        response = request.render(template, values, status=status)
        response.headers.update(HEADERS)
        return response

    def _lang(self):
        """Chinese where it is installed, else the browser's language.

        Companies and customers often keep the language of the installation, and a
        page that mustn't tell links apart has nobody to ask.
        """
        installed = dict(request.env["res.lang"].sudo().get_installed())
        return next(
            (lang for lang in ("zh_CN", request.env.lang) if lang in installed), "en_US"
        )
