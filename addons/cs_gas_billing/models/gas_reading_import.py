from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class GasReadingImport(models.Model):
    """A handheld's file: lines are checked, matched and validated before they go in.

    Idempotent by file (hash) and by line (meter, day, value).
    """

    _name = "gas.reading.import"
    _description = "Reading Import"
    _inherit = ["gas.import.mixin"]
    _order = "id desc"

    profile_id = fields.Many2one(domain="[('kind', '=', 'reading')]")
    line_ids = fields.One2many(
        comodel_name="gas.reading.import.line",
        inverse_name="import_id",
        string="File Lines",
        readonly=True,
    )
    problem_ids = fields.One2many(
        comodel_name="gas.reading.import.line",
        inverse_name="import_id",
        string="Lines to Look at",
        domain=[("message", "!=", False), ("state", "!=", "duplicate")],
        readonly=True,
    )
    reading_ids = fields.One2many(
        comodel_name="gas.reading", inverse_name="import_id", readonly=True
    )
    held_count = fields.Integer(
        string="Held",
        readonly=True,
        copy=False,
        help="Good lines that somebody has to decide on before they are billed.",
    )
    held_open_count = fields.Integer(
        string="Waiting for a Decision", compute="_compute_held_open_count"
    )

    @api.depends("reading_ids.state")
    def _compute_held_open_count(self):
        counts = dict(
            self.env["gas.reading"]._read_group(
                [("import_id", "in", self.ids), ("state", "=", "held")],
                ["import_id"],
                ["__count"],
            )
        )
        for record in self:
            record.held_open_count = counts.get(record, 0)

    # === COLUMNS ===#

    @api.model
    def _get_headings(self):
        return {
            "用户编号": "account",
            "表号": "meter",
            "上期读数": "previous",
            "本期读数": "value",
            "抄表日期": "date",
            "抄表员": "reader",
            "备注": "note",
            "户号": "account",
            "客户编号": "account",
            "表具编号": "meter",
            "燃气表号": "meter",
            "上次读数": "previous",
            "本次读数": "value",
            "抄见日期": "date",
            "account": "account",
            "meter": "meter",
            "previous": "previous",
            "reading": "value",
            "date": "date",
            "reader": "reader",
            "note": "note",
        }

    @api.model
    def _get_required_columns(self):
        return ("account", "meter", "value", "date")

    @api.model
    def _get_count_fields(self):
        return [*super()._get_count_fields(), "held_count"]

    @api.model
    def _get_empty_line(self):
        return {
            "account": None,
            "meter": None,
            "previous": None,
            "value": None,
            "read_date": None,
            "reader": None,
            "note": None,
            "install_id": None,
            "gas_account_id": None,
            "previous_id": None,
            "prev_date": None,
            "prev_value": None,
            "usage": None,
            "mean": None,
            "vee_codes": None,
            "held": False,
        }

    # === ACTIONS ===#

    def action_lines(self):
        """Show the lines of the file; those with a message first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_reading_import_line_action"
        )
        shown = self.env.context.get("gas_line_filter")
        return action | {
            "display_name": self.name,
            "domain": [("import_id", "=", self.id)],
            "context": {f"search_default_{shown}": 1} if shown else {},
        }

    def action_readings(self):
        """Show what came of the file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_reading_action"
        )
        return action | {"domain": [("import_id", "=", self.id)], "context": {}}

    def action_held(self):
        """Go on with the readings of this file that wait for a decision."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_reading_held_action"
        )
        return action | {
            "domain": [("import_id", "=", self.id), ("state", "=", "held")],
            "context": {"gas_import_id": self.id},
        }

    def action_signoff(self):
        """Print the sign-off list of this file's readings."""
        self.ensure_one()
        wizard = self.env["gas.signoff"].create(
            {"import_id": self.id, "company_id": self.company_id.id}
        )
        return wizard.action_print()

    # === CHECK ===#

    def _evaluate_rows(self, rows, twin):
        lines = self.env["gas.reading.checker"]._check(self, rows, twin)
        keys = {*self._get_empty_line(), "row", "state", "code", "message"}
        return [{key: line[key] for key in keys} for line in lines]

    def _prepare_checked_values(self, lines, twin):
        held = sum(bool(line["held"]) for line in lines)
        return super()._prepare_checked_values(lines, twin) | {"held_count": held}

    # === IMPORT ===#

    def _import_lines(self):
        """Create a reading of each good line, from the values that were checked."""
        self.env.flush_all()
        self._check_unchanged()
        self._insert_readings()
        self._link_within_file()
        self._hold_contradicted()
        self._end_estimates()
        self.env["gas.reading"].invalidate_model()
        readings = self.env["gas.reading"].search(
            [("import_id", "=", self.id), ("vee_codes", "!=", False)]
        )
        self.env["gas.reading.task"]._raise(readings)

    def _check_unchanged(self):
        """Between check and import nobody else may have moved these meters on."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.row FROM gas_reading_import_line l
                 CROSS JOIN LATERAL (
                       SELECT id, read_date FROM gas_reading
                        WHERE install_id = l.install_id
                          AND state IN ('validated', 'billed')
                          AND source != 'estimate'
                        ORDER BY read_date DESC, id DESC LIMIT 1) r
                 WHERE l.import_id = %s AND l.state = 'ok'
                   AND (r.read_date > l.read_date
                        OR r.read_date < l.read_date AND l.previous_id != r.id
                        OR r.read_date = l.read_date
                           AND coalesce(l.vee_codes, '') NOT LIKE 'DUP%%')
                 ORDER BY l.row LIMIT 1
                """,
                self.id,
            )
        )
        if rows:
            raise UserError(
                self.env._(
                    "Row %s: the meter got another reading since the check. Check the "
                    "file again.",
                    rows[0][0],
                )
            )

    def _insert_readings(self):
        self.env.execute_query(
            SQL(
                """
                INSERT INTO gas_reading (
                       company_id, service_point_id, install_id, account_id, book_id,
                       read_date, value, previous_id, prev_date, prev_value,
                       file_prev_value, usage,
                       mean, vee_codes, state, source, reader, note, import_id,
                       create_uid, write_uid, create_date, write_date)
                SELECT l.company_id, i.service_point_id, l.install_id,
                       l.gas_account_id, a.book_id, l.read_date, l.value,
                       l.previous_id, l.prev_date, l.prev_value, l.previous,
                       coalesce(l.usage, 0), coalesce(l.mean, 0), l.vee_codes,
                       CASE WHEN l.held THEN 'held' ELSE 'validated' END,
                       'handheld', l.reader, l.note, l.import_id,
                       %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM gas_reading_import_line l
                  JOIN gas_meter_install i ON i.id = l.install_id
                  JOIN gas_account a ON a.id = l.gas_account_id
                 WHERE l.import_id = %(import)s AND l.state = 'ok'
                 ORDER BY l.row
             RETURNING id
                """,
                **{
                    "uid": self.env.uid,
                    "now": fields.Datetime.now(),
                    "import": self.id,
                },
            )
        )

    def _link_within_file(self):
        """Of two months of a meter in one file, the second follows the first."""
        self.env.execute_query(
            SQL(
                """
                UPDATE gas_reading r SET previous_id = p.id FROM gas_reading p
                 WHERE r.import_id = %(import)s AND p.import_id = %(import)s
                   AND r.previous_id IS NULL AND p.install_id = r.install_id
                   AND p.read_date = r.prev_date AND p.state = 'validated'
             RETURNING r.id
                """,
                **{"import": self.id},
            )
        )

    def _end_estimates(self):
        """Meters that were read need no estimate any more."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT install_id FROM gas_reading "
                "WHERE import_id = %s AND state = 'validated'",
                self.id,
            )
        )
        installs = [row[0] for row in rows]
        self.env["gas.reading.estimator"]._supersede(installs=installs)

    def _hold_contradicted(self):
        """A reading not billed yet waits with the one that contradicts it."""
        self.env.execute_query(
            SQL(
                """
                UPDATE gas_reading r
                   SET state = 'held', vee_codes = concat_ws(',', 'DUP', r.vee_codes)
                  FROM gas_reading n
                 WHERE n.import_id = %(import)s AND n.state = 'held'
                   AND n.vee_codes LIKE 'DUP%%' AND n.install_id = r.install_id
                   AND n.read_date = r.read_date AND r.source != 'estimate'
                   AND r.state IN ('validated', 'held')
                   AND coalesce(r.vee_codes, '') NOT LIKE 'DUP%%'
             RETURNING r.id
                """,
                **{"import": self.id},
            )
        )
