from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

MEASURES = ("accepted", "chased", "answered", "visited")


class CsMatterWeek(models.Model):
    """What was accepted, chased, answered and visited, by team, person and type.

    Counted from the rows that exist anyway, exactly those the reader may read: each
    part of the union is what ``_search`` of its model finds for him.
    """

    _name = "cs.matter.week"
    _description = "Weekly Figures"
    _auto = False
    _order = "moment desc, id desc"
    _rec_name = "moment"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    business_type_id = fields.Many2one(
        comodel_name="cs.business.type", string="Type", readonly=True
    )
    team_id = fields.Many2one(comodel_name="cs.team", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Person", readonly=True)
    moment = fields.Datetime(string="Date", readonly=True)
    accepted = fields.Integer(string="Taken Up", readonly=True)
    chased = fields.Integer(readonly=True)
    answered = fields.Integer(string="Answered Chases", readonly=True)
    visited = fields.Integer(string="Visits Made", readonly=True)

    @property
    def _table_query(self):
        env = self.env(su=False, context={**self.env.context, "active_test": False})
        parts = [
            self._cs_part(model, "accepted", "opened_at", "handler_id")
            for _kind, model in env["cs.business.type"]._cs_models(active=False)
            if model.with_env(env).has_access("read")
        ]
        parts.append(self._cs_part(env["cs.chase"], "chased", "chased_at", "user_id"))
        parts.append(
            self._cs_part(env["cs.chase"], "answered", "answered_at", "answered_by_id")
        )
        if env["cs.followup"].has_access("read"):
            parts.append(
                self._cs_part(env["cs.followup"], "visited", "done_at", "done_by_id")
            )
        return SQL(
            "SELECT ROW_NUMBER() OVER () AS id, part.* FROM (%s) AS part",
            SQL(" UNION ALL ").join(parts),
        )

    @api.model
    def _cs_part(self, model, measure, moment, user):
        """Rows of a model that count as one of ``measure``.

        :param moment: field of the moment it is counted at
        :param user: field of the person it is counted for
        """
        model = model.with_env(self.env(su=False))
        domain = Domain(moment, "!=", False)
        if measure == "visited":
            domain &= Domain("state", "=", "done")
        query = model._search(domain)
        columns = [
            SQL(
                "%s AS %s",
                model._field_to_sql(query.table, source, query),
                SQL.identifier(name),
            )
            for source, name in (
                ("company_id", "company_id"),
                ("business_type_id", "business_type_id"),
                ("team_id", "team_id"),
                (user, "user_id"),
                (moment, "moment"),
            )
        ]
        counts = [
            SQL("%s AS %s", int(name == measure), SQL.identifier(name))
            for name in MEASURES
        ]
        return query.select(*columns, *counts)
