import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, groupby

_logger = logging.getLogger(__name__)


class CsTeam(models.Model):
    """People who work together: who leads them, who stands in, where they work."""

    _name = "cs.team"
    _description = "Team"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    department_id = fields.Many2one(
        comodel_name="hr.department", check_company=True, index="btree_not_null"
    )
    lead_id = fields.Many2one(
        comodel_name="res.users",
        string="Team Lead",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Gets what nobody took, what is late and what absent members have open.",
    )
    deputy_id = fields.Many2one(
        comodel_name="res.users",
        index="btree_not_null",
        ondelete="set null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Leads the team while the lead is absent or archived.",
    )
    member_ids = fields.Many2many(
        comodel_name="res.users",
        relation="cs_team_member_rel",
        column1="team_id",
        column2="user_id",
        string="Members",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    member_count = fields.Integer(
        string="Number of Members", compute="_compute_member_count"
    )
    acting_lead_id = fields.Many2one(
        comodel_name="res.users",
        string="Leads Today",
        compute="_compute_acting_lead_id",
    )
    area = fields.Char(
        help="Where the team works, in the words of the house: district, hall, shift."
    )
    active = fields.Boolean(default=True)

    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE active IS TRUE",
        "There is a team of this name already.",
    )

    # === COMPUTE === #

    @api.depends("member_ids")
    def _compute_member_count(self):
        for team in self:
            team.member_count = len(team.member_ids)

    @api.depends("lead_id", "deputy_id", "company_id", "department_id")
    def _compute_acting_lead_id(self):
        leads = self._cs_leads()
        for team in self:
            team.acting_lead_id = leads.get(team, self.env["res.users"])

    # === CONSTRAINTS === #

    @api.constrains("lead_id", "deputy_id", "member_ids", "company_id")
    def _check_users(self):
        for team in self:
            users = (team.lead_id | team.deputy_id | team.member_ids).sudo()
            strangers = users.filtered(
                lambda user, team=team: (
                    user.share or team.company_id not in user.company_ids
                )
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "Only internal users of %(company)s can be in this team, "
                        "not: %(users)s.",
                        company=team.company_id.display_name,
                        users=", ".join(strangers.mapped("name")),
                    )
                )

    @api.constrains("lead_id", "deputy_id")
    def _check_deputy(self):
        for team in self:
            if team.deputy_id and team.deputy_id == team.lead_id:
                raise ValidationError(
                    self.env._("The deputy is somebody other than the team lead.")
                )

    # === WHO LEADS === #

    def _cs_lead(self, day=None):
        """The user who leads the team on ``day`` (the company's today by default).

        In this order, the first who is active, of the company and not absent: the
        lead, the deputy, the head of the department, a manager of customer service.
        If all of them are away: the first of them who is active at all. A company
        without any manager is a mistake of setting up, which the server's log names.
        No team: nobody.
        """
        if not self:
            return self.env["res.users"]
        self.ensure_one()
        return self._cs_leads(day).get(self, self.env["res.users"])

    def _cs_leads(self, day=None):
        """``_cs_lead`` of many teams: {team: user}, in a fixed number of queries."""
        teams = self.sudo()
        heads = teams.department_id.manager_id.user_id
        managers = self._cs_managers(teams.company_id)
        users = (teams.lead_id | teams.deputy_id | heads).union(*managers.values())
        absent = users._cs_absent(day)
        leads = {}
        for team in teams:
            asked = team._cs_candidates(managers[team.company_id])
            asked = asked.with_prefetch(users.ids).filtered(
                lambda user, at=team.company_id: user.active and at in user.company_ids
            )
            if not asked:
                _logger.warning("Nobody leads team %s: no active manager", team.id)
                continue
            here = asked - absent
            leads[team.with_env(self.env)] = (here or asked)[0].with_env(self.env)
        return leads

    def _cs_candidates(self, managers):
        head = self.department_id.manager_id.user_id
        return self.lead_id + self.deputy_id + head + managers

    @api.model
    def _cs_managers(self, companies):
        """Active managers of customer service by company, the longest there first.

        Administrators come last: they are managers only so that they can set up.
        """
        group = self.env.ref("cs_base.group_manager").sudo()
        users = group.all_user_ids.filtered(
            lambda user: user.active and not user.share
        ).sorted(lambda user: (user.has_group("base.group_system"), user.id))
        return {
            company: users.filtered(lambda user, at=company: at in user.company_ids)
            for company in companies
        }

    @api.model
    def _cs_give(self, vals_list, user_field=None):
        """Fill ``team_id`` of new records that bring none, as their user works.

        :param vals_list: values with ``company_id``, changed in place
        :param user_field: whose team; that of whoever writes if empty
        """

        def key(vals):
            return vals["company_id"], vals.get(user_field) or self.env.uid

        missing = [vals for vals in vals_list if not vals.get("team_id")]
        for (company_id, user_id), rows in groupby(missing, key):
            user = self.env["res.users"].sudo().browse(user_id)
            team = user._cs_team(self.env["res.company"].browse(company_id))
            for vals in rows:
                vals["team_id"] = team.id

    @api.model
    def _cs_of(self, users, company):
        """The first team of each user in a company: {user.id: team}.

        Where he is a member goes before where he leads.
        """
        for model, names in (
            (self, ["company_id", "active", "lead_id", "deputy_id", "sequence"]),
            (self, ["name", "member_ids"]),
            (users, ["active", "cs_team_ids"]),
        ):
            model.flush_model(names)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (works.user_id) works.user_id, works.team_id FROM (
                    SELECT rel.user_id, rel.team_id, 0 AS rank
                      FROM cs_team_member_rel rel
                      JOIN res_users usr ON usr.id = rel.user_id AND usr.active
                     WHERE rel.user_id = ANY(%(users)s)
                     UNION ALL
                    SELECT lead_id, id, 1 FROM cs_team WHERE lead_id = ANY(%(users)s)
                     UNION ALL
                    SELECT deputy_id, id, 1 FROM cs_team
                     WHERE deputy_id = ANY(%(users)s)
                ) AS works
                  JOIN cs_team team ON team.id = works.team_id
                 WHERE team.active AND team.company_id = %(company)s
                 ORDER BY works.user_id, works.rank, team.sequence, team.name, team.id
                """,
                users=users.ids,
                company=company.id,
            )
        )
        found = {user_id: self.browse(team_id) for user_id, team_id in rows}
        return {user.id: found.get(user.id, self.browse()) for user in users}
