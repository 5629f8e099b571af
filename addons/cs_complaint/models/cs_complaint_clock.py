from odoo import fields, models

#: What follows from the answer: told once, to the customer and to outside bodies.
ANSWER_CODES = ("complaint.answer", "complaint.external")


class CsComplaint(models.Model):
    """The clocks of a case.

    | code | from | stops |
    |---|---|---|
    | complaint.answer(.severity) | received | the customer was told |
    | complaint.verify | received | judged, investigated or decided |
    | complaint.external | received, until the date of the outside body | told |
    | complaint.opinion(.n) | being decided | decided |
    | complaint.close(.abroad) | accepted | closed |

    Limits: an answer in three working days (H-001 第九条(四)); an opinion within a day,
    closed within 15 days, 20 abroad (客诉办法); verified the same day (property).
    """

    _inherit = "cs.complaint"

    abroad = fields.Boolean(help="The customer is abroad: there is more time to close.")
    external_due = fields.Datetime(
        string="Their Limit",
        copy=False,
        help="By when the outside body wants our answer.",
    )

    def _cs_answer_code(self):
        """The commitment for the answer; without a row of its own that of
        ``complaint.answer`` applies."""
        self.ensure_one()
        kind = "suggestion" if self.kind == "suggestion" else self.severity
        return f"complaint.answer.{kind}"

    def _cs_clock_requests(self, event):
        requests = super()._cs_clock_requests(event)
        holders = self._cs_holders()
        now = fields.Datetime.now()
        if event == "created":
            received = {"received": self.received_at}
            requests.append(("complaint.answer", holders, received))
            if self.kind != "suggestion":
                requests.append(("complaint.verify", holders, received))
            if self.external_due:
                requests.append(("complaint.external", holders, received))
        elif event == "state:accepted":
            code = "complaint.close.abroad" if self.abroad else "complaint.close"
            requests.append((code, holders, {"accepted": self.accepted_at or now}))
        elif event == "state:deciding":
            requests.append((self._cs_next_opinion(), holders, now))
        return requests

    def _cs_next_opinion(self):
        """Each time a case comes to be decided its opinion has a clock of its own."""
        before = self._cs_clocks_of("complaint.opinion")
        return f"complaint.opinion.{len(before) + 1}" if before else "complaint.opinion"

    def _cs_clocks_of(self, *codes):
        """Clocks of the cases for these codes, or codes below them; with sudo."""
        return self._cs_clocks().filtered(
            lambda clock: any(
                clock.code == code or clock.code.startswith(f"{code}.")
                for code in codes
            )
        )

    def _cs_stop_clocks(self, code):
        """Stop what is promised under ``code``: it is done.

        What is told to the customer answers an outside body as well: with
        ``complaint.answer`` the clock ``complaint.external`` stops.
        """
        codes = ANSWER_CODES if code in ANSWER_CODES else (code,)
        self._cs_clocks_of(*codes)._cs_stop()

    def _cs_answered(self):
        """The customer was told: what was promised about the answer is done."""
        self._cs_stop_clocks("complaint.answer")

    def _cs_verified(self):
        """The facts were looked at: the promise of the same day is kept."""
        self._cs_stop_clocks("complaint.verify")

    def _cs_relimit_answer(self):
        """Go by the commitment of the present severity; what is used stays used."""
        for case in self:
            clocks = case._cs_clocks_of("complaint.answer")
            clocks._cs_relimit(case._cs_answer_code())

    def _cs_begin(self, origins):
        result = super()._cs_begin(origins)
        special = self.filtered(
            lambda case: case._cs_answer_code() != "complaint.answer.general"
        )
        special._cs_relimit_answer()
        self.filtered("external_due")._cs_set_external()
        return result

    def write(self, vals):
        result = super().write(vals)
        if vals.get("external_due"):
            self.sudo().filtered("is_open")._cs_set_external()
        return result

    def _cs_set_external(self):
        """Move the clock of the outside body to its date; begin it if there is none."""
        for case in self:
            clocks = case._cs_clocks_of("complaint.external")
            if not clocks:
                asked = ("complaint.external", case._cs_holders(), case.received_at)
                clocks = self.env["cs.clock"].sudo()._cs_start([(case, *asked)])
            clocks._cs_extend(case.external_due)
