from odoo import models


class ResUsers(models.Model):
    """Where a day begins, who is led by whom, and what is left when somebody goes."""

    _inherit = "res.users"

    def _cs_home_action(self):
        """My Desk, for staff whose rooms have no desk of their own for them."""
        home = super()._cs_home_action()
        if not home and self.has_group("cs_base.group_user"):
            home = self.env.ref("cs_base.cs_desk_action").sudo(False)
        return home

    def _cs_leads_user(self, user):
        """Whether this user leads ``user``: a team of his, or everybody."""
        self.ensure_one()
        if self.has_group("cs_base.group_manager"):
            return True
        teams = user.sudo().cs_team_ids
        if not teams:
            return self.has_group("cs_base.group_lead")
        return self in (teams.lead_id | teams.deputy_id)

    # === DEPARTURE === #

    def write(self, vals):
        leaving = self.browse()
        if vals.get("active") is False:
            leaving = self.filtered("active")
        result = super().write(vals)
        leaving._cs_tell_leads()
        return result

    def _cs_left_open(self):
        """What these users still have open: ``{user: (contacts, matters)}``."""
        open_contacts = [("state", "=", "open"), ("first_owner_id", "in", self.ids)]
        contacts = dict(
            self.env["cs.interaction"]
            .sudo()
            ._read_group(open_contacts, ["first_owner_id"], ["__count"])
        )
        matters = dict.fromkeys(self, 0)
        for _kind, model in self.env["cs.business.type"]._cs_models(active=False):
            groups = model.sudo()._read_group(
                [("is_open", "=", True), ("handler_id", "in", self.ids)],
                ["handler_id"],
                ["__count"],
            )
            for user, count in groups:
                matters[user.with_env(self.env)] += count
        return {
            user: (contacts.get(user, 0), matters[user])
            for user in self
            if contacts.get(user) or matters[user]
        }

    def _cs_tell_leads(self):
        """Tell each lead what archived members of his team leave open."""
        for user, (contacts, matters) in self._cs_left_open().items():
            teams = user.sudo().cs_team_ids
            users = self.browse().union(*teams._cs_leads().values())
            if not users:
                managers = self.env["cs.team"]._cs_managers(user.sudo().company_id)
                users = managers[user.sudo().company_id][:1]
            self.env["cs.notify"].sudo()._cs_notify(
                "user.left",
                user.sudo().partner_id,
                users=users - self,
                values={
                    "owner": user.sudo().name,
                    "count": str(contacts + matters),
                },
            )

    def action_cs_hand_over(self):
        """Hand over what this user has open; by himself or by who leads him."""
        self.ensure_one()
        title = self.env._("Hand Over All Work")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cs.handover.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_user_id": self.id},
        }
