import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..bulk import insert
from ..tools.tabular import TableError, clean, read_table

IMPORT_STATES = [
    ("draft", "New"),
    ("checked", "Checked"),
    ("importing", "Importing"),
    ("done", "Imported"),
    ("refused", "Refused"),
]
LINE_STATES = [("ok", "OK"), ("duplicate", "Duplicate"), ("rejected", "Rejected")]


class GasImportMixin(models.AbstractModel):
    """A file that is checked line by line first and imported afterwards.

    Good lines go in, each bad line says what is wrong with it; nothing is lost.
    """

    _name = "gas.import.mixin"
    _description = "Checked File Import"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    file = fields.Binary(required=True, attachment=True)
    filename = fields.Char()
    file_hash = fields.Char(readonly=True, index=True, copy=False)
    profile_id = fields.Many2one(comodel_name="gas.import.profile")
    state = fields.Selection(
        selection=IMPORT_STATES, required=True, default="draft", readonly=True
    )
    message = fields.Text(readonly=True, copy=False)
    line_count = fields.Integer(string="Lines", readonly=True, copy=False)
    ok_count = fields.Integer(string="Good", readonly=True, copy=False)
    duplicate_count = fields.Integer(string="Duplicates", readonly=True, copy=False)
    rejected_count = fields.Integer(string="Rejected", readonly=True, copy=False)
    imported_on = fields.Datetime(readonly=True, copy=False)

    # === CRUD ===#

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_outside_values(vals)
            vals.setdefault("name", vals.get("filename") or self.env._("Import"))
        return super().create(vals_list)

    def write(self, vals):
        self._check_outside_values(vals)
        if {"file", "profile_id", "company_id"} & vals.keys() and any(
            record.state in ("done", "checked") for record in self
        ):
            raise UserError(
                self.env._("This file was checked already. Start a new import.")
            )
        return super().write(vals)

    def _check_outside_values(self, vals):
        if not self.env.su and {"state", "file_hash", "line_ids"} & vals.keys():
            raise UserError(self.env._("Use the buttons to check and import a file."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(record.state == "done" for record in self):
            raise UserError(self.env._("An imported file is kept as evidence."))

    # === ACTIONS ===#

    def action_check(self):
        """Read the file and say of each line what will happen to it."""
        self._check_may_import()
        for record in self:
            if record.state == "done":
                raise UserError(self.env._("%s was imported already.", record.name))
            record.sudo()._check_file()
        return True

    def action_import(self):
        """Take the good lines over; a file that was not checked yet is checked."""
        self._check_may_import()
        for record in self:
            locked = record.sudo()
            locked.lock_for_update()
            if record.state == "done":
                continue
            if record.state == "draft":
                locked._check_file()
            if record.state == "refused":
                raise UserError(record.message)
            locked._import_lines()
            locked.write({"state": "done", "imported_on": fields.Datetime.now()})
        return True

    def action_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._fields["line_ids"].comodel_name,
            "view_mode": "list",
            "domain": [("import_id", "=", self.id)],
            "context": {"search_default_bad": 1 if self.rejected_count else 0},
        }

    def _check_may_import(self):
        if not self.env.su and not self.has_access("write"):
            raise AccessError(self.env._("You may not import files."))

    # === CHECK ===#

    def _check_file(self):
        """Fill the lines and counts; sudo."""
        self.ensure_one()
        self.line_ids.unlink()
        data = base64.b64decode(self.with_context(bin_size=False).file or b"")
        self.file_hash = hashlib.sha256(data).hexdigest()
        try:
            header, rows = self._read_file(data)
            columns = self._map_columns(header)
        except TableError as error:
            return self._refuse(self._get_line_code(error), self._explain_error(error))
        twin = self._find_imported_twin()
        values = self._evaluate_rows(
            [(number, self._pick(cells, columns)) for number, cells in rows]
        )
        if twin:
            note = self.env._("The same file was imported as %s.", twin.name)
            for line in values:
                if line["state"] == "ok":
                    line.update(state="duplicate", code="FILE", message=note)
        for line in values:
            line["import_id"] = self.id
            line["company_id"] = self.company_id.id
        insert(self.line_ids.browse(), values)
        self.invalidate_recordset()
        states = [line["state"] for line in values]
        return self.write(
            {
                "state": "checked",
                "message": note if twin else False,
                "line_count": len(states),
                "ok_count": states.count("ok"),
                "duplicate_count": states.count("duplicate"),
                "rejected_count": states.count("rejected"),
            }
        )

    def _read_file(self, data):
        company = self.company_id
        return read_table(
            data,
            self.filename or "",
            encoding=self.profile_id.encoding or None,
            max_bytes=company.gas_import_max_mb * 1024 * 1024,
            max_rows=company.gas_import_max_lines,
        )

    def _map_columns(self, header):
        """Return {our column: position}; a missing column refuses the file."""
        mapping = self.profile_id._get_column_map(self._get_headings())
        positions = {}
        for position, heading in enumerate(header):
            target = mapping.get(clean(heading)) or mapping.get(
                clean(heading).replace(" ", "")
            )
            if target and target not in positions:
                positions[target] = position
        names = {}
        for heading, target in self._get_headings().items():
            names.setdefault(target, heading)
        missing = [
            names[target]
            for target in self._get_required_columns()
            if target not in positions
        ]
        if missing:
            raise TableError("COLUMN", missing=missing, header=header)
        return positions

    def _pick(self, cells, columns):
        return {
            target: cells[position] if position < len(cells) else ""
            for target, position in columns.items()
        }

    def _find_imported_twin(self):
        return self.search(
            [
                ("file_hash", "=", self.file_hash),
                ("state", "=", "done"),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
            ],
            limit=1,
        )

    def _refuse(self, code, message):
        """The whole file can't be used: one line says why."""
        values = self._get_empty_line() | {
            "import_id": self.id,
            "company_id": self.company_id.id,
            "row": 1,
            "state": "rejected",
            "code": code,
            "message": message,
        }
        insert(self.line_ids.browse(), [values])
        self.invalidate_recordset()
        return self.write(
            {
                "state": "refused",
                "message": message,
                "line_count": 0,
                "ok_count": 0,
                "duplicate_count": 0,
                "rejected_count": 1,
            }
        )

    @api.model
    def _get_line_code(self, error):
        return {"SIZE": "LIMIT", "LINES": "LIMIT"}.get(error.code, error.code)

    def _explain_error(self, error):
        """Say in the clerk's words what is wrong with the file."""
        details = error.details
        if error.code == "EMPTY":
            return self.env._("The file is empty: no heading or no line below it.")
        if error.code == "ENCODING":
            return self.env._(
                "The text can't be read as %s. Choose an import profile with the right "
                "encoding, or save the file as CSV UTF-8.",
                details["encoding"],
            )
        if error.code == "SIZE":
            return self.env._(
                "The file has %(size)s MB; the limit is %(limit)s MB. Split it, or let "
                "an administrator raise the limit in the settings.",
                size=round(details["size"] / 1048576, 1),
                limit=details["limit"] // 1048576,
            )
        if error.code == "LINES":
            return self.env._(
                "The file has more than %s lines, the limit. Split it, or let an "
                "administrator raise the limit in the settings.",
                details["limit"],
            )
        if error.code == "COLUMN":
            return self.env._(
                "Row 1: column %(missing)s is missing. The file has: %(header)s",
                missing=", ".join(details["missing"]),
                header=", ".join(details["header"]),
            )
        return self.env._(
            "The file can't be read (%s). Save it as CSV or XLSX and try again.",
            details.get("kind", error.code),
        )

    # === HOOKS ===#

    @api.model
    def _get_headings(self):
        """Return {heading: our column}; of several headings the first is the house's.

        :rtype: dict
        """
        return {}

    @api.model
    def _get_required_columns(self):
        return ()

    @api.model
    def _get_columns(self):
        return set(self._get_headings().values())

    @api.model
    def _get_empty_line(self):
        """Return a line's extra columns with empty values."""
        return {}

    def _evaluate_rows(self, rows):
        """Return line values for [(row number, {column: text})]."""
        return []

    def _import_lines(self):
        """Create the records of the lines that are ok."""
