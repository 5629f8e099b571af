from odoo import fields, models

WAYS = [
    ("phone", "By Phone"),
    ("visit", "In Person"),
    ("letter", "By Letter"),
    ("mail", "By E-Mail"),
    ("sms", "By SMS with a Link"),
    ("portal", "In the Portal"),
    ("posted", "Posted Publicly"),
]
#: How the customer said what he thinks of the answer.
RESULT_WAYS = [
    ("signature", "Signed on the Screen"),
    ("paper", "Signed on Paper"),
    ("phone", "By Phone"),
    ("visit", "In Person"),
    ("mail", "By E-Mail"),
    ("portal", "In the Portal"),
    ("link", "By Link"),
    ("silence", "No Objection in Time"),
]


class CsComplaintAnswer(models.Model):
    """What the customer was told about his case, by whom and how, and what he said.

    A row for each telling; a later one takes the place of the earlier. Only the case
    makes rows.
    """

    _name = "cs.complaint.answer"
    _description = "Answer to a Complaint"
    _inherit = ["cs.complaint.row"]
    _order = "id desc"
    _rec_name = "number"

    number = fields.Char(readonly=True, help="Number of the letter: case and serial.")
    way = fields.Selection(selection=WAYS, string="Told", required=True, readonly=True)
    text = fields.Text(string="What Was Told", required=True, readonly=True)
    told_at = fields.Datetime(string="Told On", required=True, readonly=True)
    told_by_id = fields.Many2one(comodel_name="res.users", required=True, readonly=True)
    letter_id = fields.Many2one(
        comodel_name="ir.attachment",
        readonly=True,
        ondelete="set null",
    )
    state = fields.Selection(
        selection=[
            ("told", "Waits for the Customer"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("replaced", "Told Anew"),
        ],
        required=True,
        readonly=True,
        default="told",
    )
    result_way = fields.Selection(
        selection=RESULT_WAYS, string="How He Replied", readonly=True
    )
    result_at = fields.Datetime(string="Replied On", readonly=True)
    result_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Written Down By",
        readonly=True,
        help="Empty if the customer replied by himself, in the portal or by link.",
    )
    result_name = fields.Char(
        string="Who Replied", readonly=True, help="Empty if the person is hidden."
    )
    result_note = fields.Text(string="What He Said", readonly=True)
    signature = fields.Binary(readonly=True, attachment=True)

    _told_uniq = models.UniqueIndex(
        "(complaint_id) WHERE state = 'told'", "One answer waits for the customer."
    )

    def _cs_replace(self):
        """These answers wait no more: the customer is told anew."""
        waiting = self.filtered(lambda row: row.state == "told")
        waiting._update({"state": "replaced"})
        waiting.flush_recordset()  # one answer waits, in the database as well
