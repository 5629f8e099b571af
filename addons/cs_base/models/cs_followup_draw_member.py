from odoo import api, fields, models
from odoo.exceptions import UserError


class CsFollowupDrawMember(models.Model):
    """A matter that was drawn, its visit, and who came in its place if any."""

    _name = "cs.followup.draw.member"
    _description = "Drawn Matter"
    _inherit = ["cs.matter.row", "cs.guarded"]
    _order = "draw_id, stratum, position, id"

    draw_id = fields.Many2one(
        comodel_name="cs.followup.draw",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    name = fields.Char(string="Number", readonly=True)
    stratum = fields.Char(string="Group", readonly=True)
    position = fields.Integer(string="No.", readonly=True, aggregator=None)
    followup_id = fields.Many2one(
        comodel_name="cs.followup",
        string="Return Visit",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    state = fields.Selection(related="followup_id.state")
    outcome = fields.Selection(related="followup_id.outcome")
    replaced_no = fields.Integer(
        string="Replaced as No.",
        readonly=True,
        default=0,
        aggregator=None,
        help="0: it is in the sample.",
    )
    reason = fields.Char(string="Replaced Because", readonly=True)
    replaced_by_id = fields.Many2one(
        comodel_name="cs.followup.draw.member", string="In Its Place", readonly=True
    )

    _member_uniq = models.UniqueIndex(
        "(draw_id, res_model, res_id)", "A matter is drawn once."
    )

    def _cs_key(self):
        """The member as the draw knows it."""
        self.ensure_one()
        return f"{self.res_model},{self.res_id}"

    @api.model
    def _cs_add(self, draw, sample):
        """Rows and visits of what was drawn.

        :param sample: ``{group: ["model,id", …]}`` in the order of the draw
        """
        places, ids = {}, {}
        for stratum, keys in sample.items():
            for position, key in enumerate(keys, start=1):
                model, _comma, res_id = key.partition(",")
                places[key] = stratum, position
                ids.setdefault(model, []).append(int(res_id))
        vals_list = []
        for model, res_ids in ids.items():
            matters = self.env[model].sudo().browse(res_ids).exists()
            visits = self.env["cs.followup"]._cs_schedule_draw(matters, draw)
            ties = self._cs_of(matters)
            for matter, visit, tie in zip(matters, visits, ties, strict=True):
                stratum, position = places[f"{model},{matter.id}"]
                vals_list.append(
                    {
                        **tie,
                        "draw_id": draw.id,
                        "name": matter.name,
                        "stratum": stratum,
                        "position": position,
                        "followup_id": visit.id,
                    }
                )
        return self._append(vals_list)

    def action_replace(self):
        """Ask why the customer can't be asked: opens the dialog."""
        self.ensure_one()
        self._cs_check_replaceable()
        title = self.env._("Draw Another One")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.followup.draw.replace",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_member_id": self.id},
        }

    def _cs_check_replaceable(self):
        self.check_access("read")
        self.draw_id._cs_check_manager()
        if self.replaced_no:
            raise UserError(self.env._("Another one was drawn in its place already."))
        if self.sudo().followup_id.state == "done":
            raise UserError(self.env._("This customer was asked already."))

    def _cs_replace(self, reason):
        """Let the next of the same group take the place of this one.

        :param reason: why this one can't be asked; compulsory
        :return: the new row; empty if nobody is left
        """
        self.ensure_one()
        self.draw_id._cs_lock()
        self.invalidate_recordset()
        self._cs_check_replaceable()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why this customer can't be asked."))
        member = self.sudo()
        draw = member.draw_id
        into = draw._cs_replay().replace(member._cs_key(), reason).into
        fresh = self.browse()
        if into is not None:
            fresh = self._cs_add(draw, {member.stratum: [into]})
            fresh._update({"position": member.position})
        number = max(draw.member_ids.mapped("replaced_no")) + 1
        member._update(
            {"replaced_no": number, "reason": reason, "replaced_by_id": fresh.id}
        )
        member.followup_id.filtered(lambda one: one.state == "open")._cs_cancel()
        self.env["cs.event"]._cs_log("followup.replace", member)
        return fresh
