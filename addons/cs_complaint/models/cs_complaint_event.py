from odoo import api, fields, models


class CsComplaintEvent(models.Model):
    """Many people call about one thing: one case is investigated, judged and answered,
    each caller has a case of his own beside it."""

    _inherit = "cs.complaint"

    is_event = fields.Boolean(
        string="Mass Event", readonly=True, copy=False, tracking=True
    )
    parent_id = fields.Many2one(
        comodel_name="cs.complaint",
        string="Event",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="The case in which all callers about the same are answered.",
    )
    child_ids = fields.One2many(
        comodel_name="cs.complaint",
        inverse_name="parent_id",
        string="Cases of Callers",
        readonly=True,
    )
    child_count = fields.Integer(string="Callers", compute="_compute_child_count")
    counts = fields.Boolean(
        compute="_compute_counts",
        store=True,
        help="Counted in statistics: an event counts once, not once a caller.",
    )

    @api.depends("parent_id", "state")
    def _compute_counts(self):
        for case in self:
            case.counts = case._cs_counts()

    def _cs_counts(self):
        """Whether statistics count this case."""
        self.ensure_one()
        return not self.parent_id and self.state != "merged"

    @api.model
    def _cs_is_closed(self, name):
        closed = ("is_event", "parent_id", "child_ids", "counts")
        return name in closed or super()._cs_is_closed(name)

    @api.model
    def _cs_domain(self, purpose, date_from=None, date_to=None):
        domain = super()._cs_domain(purpose, date_from, date_to)
        if purpose in ("report", "sample"):
            domain &= fields.Domain("counts", "=", True)
        return domain

    @api.depends("child_ids")
    def _compute_child_count(self):
        """How many called, whether the reader may open each of their cases or not."""
        groups = self.sudo()._read_group(
            [("parent_id", "in", self.ids)], ["parent_id"], ["__count"]
        )
        counts = {parent.id: count for parent, count in groups}
        for case in self:
            case.child_count = counts.get(case.id, 0)

    def _cs_event_children(self):
        """The callers' cases that are still open, with sudo."""
        domain = [("parent_id", "in", self.ids), ("is_open", "=", True)]
        return self.sudo().search(domain, order="id")
