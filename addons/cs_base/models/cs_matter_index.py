from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, groupby

from .cs_matter_mixin import CLOCK_STATES

#: More than the number of types a database can ever have; part of a row's id.
TYPES = 4096
#: Columns every matter has, as they stand in its own table or contact.
COLUMNS = (
    "company_id",
    "business_type_id",
    "interaction_id",
    "first_owner_id",
    "team_id",
    "handler_id",
    "name",
    "state",
    "opened_at",
    "closed_at",
    "is_open",
    "masked",
    "chase_count",
    "due_at",
    "clock_state",
)


class CsMatterIndex(models.Model):
    """Matters of all types in one list, exactly those the reader may read there.

    There is no table: the list is the union of what ``_search`` of each type's model
    finds **for the user**, so that its access rights and record rules, and whatever an
    app restricts further in its own ``_search``, hold here as well, sudo or not.
    Nothing of the customer stands in a column, so that nothing can be sorted, grouped
    or exported by him; the title asks the matter itself.
    """

    _name = "cs.matter.index"
    _description = "Work of All Types"
    _auto = False
    _order = "due_at, id"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    business_type_id = fields.Many2one(
        comodel_name="cs.business.type", string="Type", readonly=True
    )
    interaction_id = fields.Many2one(
        comodel_name="cs.interaction", string="Contact", readonly=True
    )
    first_owner_id = fields.Many2one(comodel_name="res.users", readonly=True)
    team_id = fields.Many2one(comodel_name="cs.team", readonly=True)
    handler_id = fields.Many2one(comodel_name="res.users", readonly=True)
    res_model = fields.Char(
        string="Matter Model", readonly=True, export_string_translation=False
    )
    res_id = fields.Many2oneReference(
        string="Matter", model_field="res_model", readonly=True
    )
    name = fields.Char(string="Number", readonly=True)
    title = fields.Char(compute="_compute_title")
    state = fields.Char(string="State Code", readonly=True)
    state_text = fields.Char(string="State", compute="_compute_state_text")
    opened_at = fields.Datetime(string="Opened", readonly=True)
    closed_at = fields.Datetime(string="Closed On", readonly=True)
    is_open = fields.Boolean(string="Open", readonly=True)
    masked = fields.Boolean(readonly=True)
    chase_count = fields.Integer(string="Chased", readonly=True)
    due_at = fields.Datetime(string="Due", readonly=True)
    clock_state = fields.Selection(
        selection=CLOCK_STATES, string="Deadline", readonly=True
    )

    # === ROWS === #

    @property
    def _table_query(self):
        env = self.env(su=False)
        parts = [
            self._cs_part(kind, model.with_env(env).with_context(active_test=False))
            for kind, model in env["cs.business.type"]._cs_models(active=False)
            if model.with_env(env).has_access("read")
        ]
        return SQL(" UNION ALL ").join(parts) if parts else self._cs_nothing()

    @api.model
    def _cs_part(self, kind, model):
        """Rows of one type that the user may read."""
        query = model._search(Domain.TRUE)
        columns = [
            SQL(
                "%s::bigint * %s + %s AS id, %s AS res_id, %s AS res_model",
                SQL.identifier(query.table, "id"),
                TYPES,
                kind.id,
                SQL.identifier(query.table, "id"),
                model._name,
            )
        ]
        for name in COLUMNS:
            source = model._field_to_sql(query.table, name, query)
            columns.append(SQL("%s AS %s", source, SQL.identifier(name)))
        return query.select(*columns)

    @api.model
    def _cs_nothing(self):
        columns = [
            SQL(
                "NULL::%s AS %s",
                SQL(self._fields[name].column_type[1]),  # pylint: disable=sql-injection
                SQL.identifier(name),
            )
            for name in ("res_id", "res_model", *COLUMNS)
        ]
        return SQL("SELECT 0::bigint AS id, %s WHERE FALSE", SQL(", ").join(columns))

    def _check_access(self, operation):
        """Each row is as readable as its matter, whatever is in memory already."""
        hidden = self - self._cs_readable() if any(self._ids) else None
        if hidden and not self.env.su:
            text = self.env._("You may not read these matters.")
            return hidden, lambda: AccessError(text)
        return super()._check_access(operation)

    def _cs_readable(self):
        """Those of the rows whose matter the user may read."""
        models_by_type = {
            kind.id: model
            for kind, model in self.env["cs.business.type"]._cs_models(active=False)
        }
        readable = []
        for type_id, ids in groupby(self._ids, lambda row_id: row_id % TYPES):
            if type_id not in models_by_type:
                continue
            matters = models_by_type[type_id].browse(row_id // TYPES for row_id in ids)
            matters = matters.exists()._filtered_access("read")
            readable += [matter.id * TYPES + type_id for matter in matters]
        return self.browse(readable)

    # === COMPUTE === #

    def _cs_matters(self):
        """The matters behind the rows: ``{row: matter}``, as the user sees them."""
        found = {}
        for model, rows in self.grouped("res_model").items():
            matters = self.env[model].browse(rows.mapped("res_id"))
            found.update(zip(rows, matters, strict=True))
        return found

    @api.depends_context("uid", "lang")
    @api.depends("res_model", "res_id")
    def _compute_title(self):
        for row, matter in self._cs_matters().items():
            row.title = matter.matter_title

    @api.depends_context("lang")
    @api.depends("res_model", "state")
    def _compute_state_text(self):
        for model, rows in self.grouped("res_model").items():
            labels = dict(
                self.env[model]._fields["state"]._description_selection(self.env)
            )
            for row in rows:
                row.state_text = labels.get(row.state, row.state)

    @api.depends("name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.name

    def action_open(self):
        """Open the matter behind this row."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
