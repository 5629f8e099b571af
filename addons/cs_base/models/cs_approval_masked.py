from odoo import api, fields, models
from odoo.fields import Domain


class CsApprovalMasked(models.Model):
    """Approvals of masked matters: their subject and reasons say what is hidden.

    They are for the requester, for who decides a step, for who may read the document,
    and for those who know masked persons.
    """

    _inherit = "cs.approval"

    is_known = fields.Boolean(
        compute="_compute_is_known",
        search="_search_is_known",
        help="The user may know of it although it is masked.",
    )

    _masked_idx = models.Index("(res_model, res_id) WHERE masked")

    @api.depends_context("uid")
    @api.depends("requester_id", "step_ids", "res_model", "res_id")
    def _compute_is_known(self):
        readable = self._cs_readable()
        all_of_them = self.env.user.has_group("cs_base.group_masked")
        for approval in self:
            approval.is_known = (
                all_of_them
                or approval.requester_id == self.env.user
                or approval.is_approver
                or approval in readable
            )

    def _cs_readable(self):
        """Those of the approvals whose document the user may read."""
        found = self.browse()
        for model, approvals in self.sudo().grouped("res_model").items():
            if model in self.env:
                documents = (
                    self.env[model].sudo(False).browse(approvals.mapped("res_id"))
                )
                ids = set(documents.exists()._filtered_access("read").ids)
                found += approvals.filtered(lambda one, ids=ids: one.res_id in ids)
        return self.browse(found.ids)

    def _search_is_known(self, operator, value):
        if operator != "in":
            return NotImplemented
        if self.env.user.has_group("cs_base.group_masked"):
            return Domain.TRUE
        known = Domain("requester_id", "=", self.env.uid)
        known |= Domain("is_approver", "=", True)
        rows = self.sudo()._read_group([("masked", "=", True)], ["res_model"])
        for (model,) in rows:
            documents = self.env.get(model)
            if documents is not None and documents.sudo(False).has_access("read"):
                query = documents.sudo(False)._search([])
                of_model = Domain("res_model", "=", model)
                known |= of_model & Domain("res_id", "in", query)
        return known

    @api.model
    def _cs_hide(self, documents):
        """Hide the approvals of documents whose matter is masked from now on."""
        approvals = self.sudo().search(
            [
                ("res_model", "=", documents._name),
                ("res_id", "in", documents.ids),
                ("masked", "=", False),
            ]
        )
        approvals._update({"masked": True})
        for approval in approvals.filtered("current_step_id"):
            approval._cs_regroup()

    def _cs_regroup(self):
        """Without a rule, who decides is as the document says now: fewer people."""
        if not self.env["cs.approval.rule"]._steps(self):
            group = self.env.ref(self._record()._cs_approval_group(self.kind))
            self.current_step_id._update({"group_id": group.id, "name": group.name})
            self._done_activities()
            self.current_step_id._notify()
