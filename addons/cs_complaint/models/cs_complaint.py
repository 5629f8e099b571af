from odoo import api, fields, models

KINDS = [
    ("complaint", "Complaint"),
    ("suggestion", "Suggestion"),
    ("anomaly", "Anomaly Sheet"),
    ("corruption", "Report of Corruption"),
]
SEVERITIES = [
    ("general", "General"),
    ("influential", "Influential"),
    ("severe", "Severe"),
    ("media", "Media or Consumer Association"),
]
CHANNELS = [
    ("phone", "Phone"),
    ("visit", "Visit"),
    ("letter", "Letter"),
    ("mail", "E-Mail"),
    ("portal", "Portal"),
    ("wechat", "WeChat Note"),
    ("hotline", "Mayor's Hotline 12345"),
    ("association", "Consumer Association"),
    ("media", "Media"),
    ("parent", "Parent Company"),
]
WISHES = [
    ("unknown", "Not Yet Known"),
    ("explanation", "Explanation"),
    ("apology", "Apology"),
    ("repair", "Repair"),
    ("allowance", "Price Allowance"),
    ("refund", "Refund"),
    ("compensation", "Compensation"),
    ("discipline", "Disciplining of Staff"),
    ("other", "Something Else"),
]
JUDGEMENTS = [
    ("substantiated", "Substantiated"),
    ("partly", "Partly Substantiated"),
    ("unsubstantiated", "Not Substantiated"),
]
#: What the methods of the topics set, whoever writes.
RULED_FIELDS = frozenset(
    {
        "judgement",
        "accepted_at",
        "answered_at",
        "round_no",
        "previous_id",
    }
)


class CsComplaint(models.Model):
    """A case: somebody complains, suggests, reports; from intake to its end.

    The topics are in files of their own: severity, judgement, investigation,
    attribution, settlement, answer. Here is what all of them need.
    """

    _name = "cs.complaint"
    _description = "Complaint"
    _inherit = ["cs.matter.mixin", "cs.approval.mixin"]
    _order = "id desc"
    _cs_type = "complaint"
    _cs_partner_field = None  # who complains is in cs.complaint.identity

    kind = fields.Selection(
        selection=KINDS, required=True, default="complaint", tracking=True
    )
    quality_class = fields.Selection(
        selection=[("quality", "Quality"), ("service", "Not Quality (Human Factor)")],
        string="Class",
        tracking=True,
    )
    subject = fields.Char(required=True, index="trigram", tracking=True)
    content = fields.Text(required=True)
    channel = fields.Selection(selection=CHANNELS, required=True, default="visit")
    received_at = fields.Datetime(
        string="Received", required=True, default=fields.Datetime.now, copy=False
    )
    wish = fields.Selection(
        selection=WISHES,
        string="What the Customer Wants",
        required=True,
        default="unknown",
    )
    wish_note = fields.Char(string="In His Words")
    identity_ids = fields.One2many(
        comodel_name="cs.complaint.identity",
        inverse_name="complaint_id",
        help="Who complains; the row is read by those who may know him.",
    )
    severity = fields.Selection(
        selection=SEVERITIES,
        required=True,
        default="general",
        copy=False,
        tracking=True,
        help="Chosen when the case is taken in; later it changes by a button.",
    )
    particularly_severe = fields.Boolean(copy=False, tracking=True)
    judgement = fields.Selection(
        selection=JUDGEMENTS, readonly=True, copy=False, tracking=True
    )
    cause_id = fields.Many2one(
        comodel_name="cs.complaint.cause",
        index="btree_not_null",
        tracking=True,
    )
    state = fields.Selection(
        selection=[
            ("new", "Registered"),
            ("accepted", "Taken Up"),
            ("investigating", "Being Investigated"),
            ("deciding", "Being Decided"),
            ("answering", "Being Answered"),
            ("closed", "Closed"),
            ("refused", "Refused by the Customer"),
            ("withdrawn", "Withdrawn"),
            ("merged", "Merged"),
        ],
        required=True,
        readonly=True,
        default="new",
        copy=False,
        tracking=True,
        group_expand="_group_expand_states",
    )
    accepted_at = fields.Datetime(string="Taken Up On", readonly=True, copy=False)

    @api.model
    def _group_expand_states(self, states, domain):
        """Columns of the board in the order of the course; the open ones always."""
        order = [key for key, _label in self._fields["state"].selection]
        shown = self._cs_open_states() | set(states)
        return [key for key in order if key in shown]

    # === CONTRACT === #

    def _cs_transitions(self):
        return {
            "new": {"accepted", "withdrawn"},
            "accepted": {"investigating", "deciding", "withdrawn"},
            "investigating": {"deciding", "withdrawn"},
            "deciding": {"answering", "investigating", "withdrawn"},
            "answering": {"closed", "deciding", "refused"},
            "closed": {"answering", "refused"},
            "refused": set(),
            "withdrawn": set(),
            "merged": set(),
        }

    def _cs_open_states(self):
        return {"new", "accepted", "investigating", "deciding", "answering"}

    def _cs_visit_states(self):
        return {"closed"}

    @api.model
    def _cs_is_closed(self, name):
        return name in RULED_FIELDS or super()._cs_is_closed(name)

    def _cs_partner(self):
        self.ensure_one()
        return self.sudo().identity_ids.partner_id[:1].with_env(self.env)

    def _cs_transition_error(self, new):
        error = super()._cs_transition_error(new)
        if not error and new == "closed":
            error = "\n".join(self._cs_open_points())
        return error

    def _cs_open_points(self):
        """What is still to be done before this case can be closed: sentences.

        Each topic adds its own; the clerk sees them on the form and when closing.
        """
        self.ensure_one()
        return []

    # === HOOKS OF THE TOPICS === #

    def _cs_loss_amount(self):
        """What the case costs the company, in its currency: each topic adds its part.

        :return: a float, not negative
        """
        self.ensure_one()
        return 0.0

    def _cs_settlement_refusal(self):
        """Why nothing may be promised now, as its approval waits; empty if it may."""
        self.ensure_one()
        return ""

    def _cs_settlement_sentences(self):
        """What is approved for the customer: sentences he may read."""
        self.ensure_one()
        return []

    def _cs_promised_amount(self):
        """Money approved for the customer, in the company's currency."""
        self.ensure_one()
        return 0.0

    def _cs_reply_refusal(self):
        """Why the user may not reply to this customer; empty if he may."""
        self.ensure_one()
        return ""

    def _cs_event_children(self):
        """The callers' cases of a mass event that are still open."""
        return self.browse()
