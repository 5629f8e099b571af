import datetime
import re

from odoo import api, fields, models
from odoo.tools import hash_sign, verify_hash_signed

SCOPE = "cs.satisfaction"
PATH = "/cs/satisfaction/"
#: In texts as they are stored: the row's id, which nobody can vote with.
_UNSIGNED = re.compile(rf"{PATH}(\d+)(?![\w.~-])")
VOTES = [
    ("satisfied", "Satisfied"),
    ("neutral", "Neutral"),
    ("dissatisfied", "Dissatisfied"),
]
COMMENT_LENGTH = 500
#: Rows the job takes at once.
BATCH = 200


class CsSatisfaction(models.Model):
    """How satisfied a customer was with a finished matter, asked by a signed link.

    One vote for each closing. Staff can't vote: the link leaves the house signed and
    is stored unsigned.
    """

    _name = "cs.satisfaction"
    _description = "Satisfaction"
    _inherit = ["cs.matter.row", "cs.guarded"]
    _order = "id desc"
    _rec_name = "subject"

    subject = fields.Char(readonly=True, help="The matter in a line.")
    number = fields.Char(readonly=True, help="Number of the matter.")
    closing = fields.Integer(
        required=True,
        readonly=True,
        aggregator=None,
        help="Which closing of the matter it is about, from 1.",
    )
    team_id = fields.Many2one(
        comodel_name="cs.team", readonly=True, index="btree_not_null"
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="First Owner",
        readonly=True,
        index="btree_not_null",
    )
    handler_id = fields.Many2one(
        comodel_name="res.users", readonly=True, index="btree_not_null"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        help="Empty if the person is hidden.",
    )
    followup_id = fields.Many2one(
        comodel_name="cs.followup",
        string="Return Visit",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Made because the customer wasn't satisfied.",
    )
    send_at = fields.Datetime(readonly=True, help="When the link is to be sent.")
    sent_at = fields.Datetime(string="Asked", readonly=True)
    expires_at = fields.Datetime(string="Until", required=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("open", "Waiting"),
            ("voted", "Voted"),
            ("void", "Void"),
            ("expired", "Expired"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    vote = fields.Selection(selection=VOTES, readonly=True)
    comment = fields.Text(readonly=True)
    voted_at = fields.Datetime(readonly=True)
    ip_hash = fields.Char(
        readonly=True, groups="base.group_system", export_string_translation=False
    )
    masked = fields.Boolean(readonly=True)
    answered = fields.Float(
        string="Answered Share",
        compute="_compute_shares",
        store=True,
        aggregator="avg",
        help="Share of the links that brought a vote.",
    )
    satisfied = fields.Float(
        string="Satisfied Share",
        compute="_compute_shares",
        store=True,
        aggregator="avg",
        help="Share of the votes that are “satisfied”.",
    )

    _closing_uniq = models.UniqueIndex(
        "(res_model, res_id, closing)", "One vote for each closing."
    )
    _open_uniq = models.UniqueIndex(
        "(res_model, res_id) WHERE state = 'open'",
        "The customer is asked about this matter already.",
    )
    _send_idx = models.Index("(send_at) WHERE send_at IS NOT NULL")
    _expires_idx = models.Index("(expires_at) WHERE state = 'open'")
    _voted_idx = models.Index("(company_id, voted_at)")

    @api.depends("state", "vote")
    def _compute_shares(self):
        for row in self:
            row.answered = float(row.state == "voted")
            row.satisfied = float(row.vote == "satisfied")

    # === ASK === #

    @api.model
    def _cs_request_vote(self, matters):
        """Ask the customers of finished ``matters`` by link, each once for a closing.

        A link of an earlier closing becomes void. Nobody is asked whose type doesn't
        want it, nor a person nobody knows, nor one of the house. In the quiet hours
        the link waits for their end.

        :return: the new rows, with sudo
        """
        matters = matters.sudo().filtered("business_type_id.vote_link")
        asked = matters.filtered(lambda matter: matter._cs_vote_partner())
        if not asked:
            return self.sudo().browse()
        self._cs_void(asked)
        closings = dict(
            self.sudo()._read_group(
                self._cs_domain_of(asked), ["res_id"], ["closing:max"]
            )
        )
        ties = self._cs_of(asked)
        rows = self._append(
            [
                {**tie, **self._cs_prepare(matter, closings.get(matter.id, 0) + 1)}
                for matter, tie in zip(asked, ties, strict=True)
            ]
        )
        now = fields.Datetime.now()
        rows.filtered(lambda row: row.send_at <= now)._cs_send()
        if later := rows.filtered("send_at"):
            cron = self.env.ref("cs_base.ir_cron_satisfaction").sudo()
            cron._trigger(at=sorted(set(later.mapped("send_at"))))
        return rows

    @api.model
    def _cs_prepare(self, matter, closing):
        company = matter.company_id
        quiet = company._cs_quiet()
        now = company._cs_now()
        send_at = company._cs_to_utc(quiet.leave(now) if quiet else now)
        days = datetime.timedelta(days=matter.business_type_id.vote_days)
        return {
            "subject": matter._cs_summary(),
            "number": matter.name,
            "closing": closing,
            "team_id": matter.team_id.id,
            "user_id": matter.first_owner_id.id,
            "handler_id": matter.handler_id.id,
            "partner_id": False if matter.masked else matter._cs_vote_partner().id,
            "masked": matter.masked,
            "send_at": send_at.replace(microsecond=0),
            "expires_at": send_at.replace(microsecond=0) + days,
        }

    def _cs_send(self):
        """Hand the links to the notices; those nobody could send stay unsent."""
        for model, rows in self.grouped("res_model").items():
            by_id = {row.res_id: row for row in rows}
            matters = self.env[model].sudo().browse(by_id).exists()
            matters = matters.filtered(lambda matter: not matter.is_open)
            sent = self.env["cs.notify"]._cs_notify(
                "satisfaction.ask",
                matters,
                partners={m.id: m._cs_vote_partner() for m in matters},
                values={
                    matter.id: {
                        "link": by_id[matter.id]._cs_unsigned_url(matter),
                        "due": matter.company_id._cs_date(by_id[matter.id].expires_at),
                    }
                    for matter in matters
                },
                key={m.id: f"vote,{by_id[m.id].id}" for m in matters},
            )
            gone = sent.filtered(lambda notice: notice.state != "failed")
            reached = set(gone.mapped("res_id"))
            rows._update({"send_at": False})
            rows.filtered(lambda row, ids=reached: row.res_id in ids)._update(
                {"sent_at": fields.Datetime.now()}
            )

    @api.model
    def _cs_void(self, matters):
        """Links of ``matters`` that go on, or are asked about anew, count no more."""
        rows = self.sudo().search(
            [*self._cs_domain_of(matters), ("state", "=", "open")]
        )
        rows._update({"state": "void", "send_at": False})

    @api.model
    def _cron_send(self):
        """Send what waited for the end of quiet hours; close what nobody answered."""
        now = fields.Datetime.now()
        jobs = (
            ([("send_at", "<=", now)], "_cs_send"),
            ([("state", "=", "open"), ("expires_at", "<=", now)], "_cs_expire"),
        )
        for domain, work in jobs:
            seen = self.browse()
            while rows := self.sudo().search(
                [*domain, ("id", "not in", seen.ids)], limit=BATCH
            ):
                seen += rows
                getattr(rows.try_lock_for_update(allow_referencing=True), work)()
                if not self.env["ir.cron"]._commit_progress(len(rows)):
                    return

    def _cs_expire(self):
        self._update({"state": "expired", "send_at": False})

    # === LINK === #

    def _cs_unsigned_url(self, matter):
        self.ensure_one()
        return f"{matter.get_base_url()}{PATH}{self.id}"

    def _cs_token(self):
        """What the customer votes with; ends by itself."""
        self.ensure_one()
        return hash_sign(
            self.sudo().env, SCOPE, self.id, expiration=self.sudo().expires_at
        )

    @api.model
    def _cs_sign_links(self, text, model, res_id):
        """``text`` as it goes to the customer of a matter: its own link is signed."""
        if PATH not in (text or ""):
            return text

        def sign(match):
            row = self.sudo().browse(int(match[1])).exists()
            own = row and (row.res_model, row.res_id) == (model, res_id)
            return f"{PATH}{row._cs_token()}" if own else match[0]

        return _UNSIGNED.sub(sign, text)

    @api.model
    def _cs_by_token(self, token):
        """The row of a link, with sudo; empty if it was made up or has expired."""
        rows = self.sudo().browse()
        try:
            row_id = verify_hash_signed(rows.env, SCOPE, token)
        except ValueError:  # not even of the right form
            return rows
        return rows.browse(row_id).exists() if row_id else rows

    def _cs_awaits_vote(self):
        """Whether this link still counts."""
        return (
            bool(self)
            and self.state == "open"
            and self.expires_at > fields.Datetime.now()
        )

    # === BUTTONS === #

    def action_open_visit(self):
        """Open the visit that was made because of the vote."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "cs.followup",
            "res_id": self.followup_id.id,
            "views": [(False, "form")],
        }

    # === VOTE === #

    def _cs_vote(self, vote, comment, ip_hash):
        """Write the vote down, if it is the first one on an open link.

        :param ip_hash: keyed hash of the address; not kept for hidden persons
        :return: whether it counts
        """
        row = self.sudo()
        row.ensure_one()
        if vote not in dict(VOTES) or not row.try_lock_for_update(
            allow_referencing=True
        ):
            return False
        row.invalidate_recordset()
        if not row._cs_awaits_vote():
            return False
        row._update(
            {
                "state": "voted",
                "vote": vote,
                "comment": (comment or "").strip()[:COMMENT_LENGTH] or False,
                "voted_at": fields.Datetime.now(),
                "ip_hash": False if row.masked else ip_hash,
            }
        )
        matter = row._cs_matter()
        if matter:
            matter._cs_on_vote(row)
        return True
