from odoo import api, fields, models


class CsMatterNotice(models.AbstractModel):
    """What notices about a matter say, and which were sent."""

    _inherit = "cs.matter.mixin"

    notice_count = fields.Integer(string="Notices", compute="_compute_notice_count")
    notice_failed = fields.Integer(
        string="Failed Notices", compute="_compute_notice_count"
    )

    @api.depends_context("uid")
    def _compute_notice_count(self):
        """Notices that the user may read, and those of them that didn't arrive."""
        counts = dict.fromkeys(self.ids, (0, 0))
        if self.ids:
            groups = self.env["cs.notify"]._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id", "state"],
                ["__count"],
            )
            for res_id, state, count in groups:
                total, failed = counts[res_id]
                failed += count if state in ("failed", "bounced") else 0
                counts[res_id] = total + count, failed
        for matter in self:
            counted = counts.get(matter.id, (0, 0))
            matter.notice_count, matter.notice_failed = counted

    def action_notices(self):
        """Show what was told about the matters, and to whom."""
        title = self.env._("Notices")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.notify",
            "view_mode": "list,form",
            "domain": [("res_model", "=", self._name), ("res_id", "in", self.ids)],
        }

    def _cs_notify_values(self):
        """Values of notices: ``{matter id: {placeholder: value}}``.

        A room adds its ``topic``. Of a masked matter nothing is said about the person.
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            matter.id: {
                "number": matter.name or matter.display_name,
                "topic": matter.business_type_id.name,
                "state": states.get(matter.state),
                "due": matter.due_at,
                "owner": matter.first_owner_id.name,
                "handler": matter.handler_id.name,
                "team": matter.team_id.name,
                **({} if matter.masked else matter._cs_notify_person()),
            }
            for matter in self.sudo()
        }

    def _cs_notify_person(self):
        self.ensure_one()
        partner = self._cs_partner()
        return {
            "customer": partner.name,
            "phone": partner.phone,
            "premises": self.premises_id.display_name,
        }
