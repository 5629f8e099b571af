import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..bulk import insert
from ..tools.tabular import (
    REPLACEMENT,
    BrokenCell,
    FormulaCell,
    RoundedCell,
    TableError,
    clean,
    has_wide_digits,
    read_table,
)

IMPORT_STATES = [
    ("draft", "New"),
    ("checked", "Checked"),
    ("importing", "Importing"),
    ("done", "Imported"),
    ("refused", "Refused"),
]
LINE_STATES = [("ok", "OK"), ("duplicate", "Duplicate"), ("rejected", "Faulty")]
#: Lines written by one statement: a large file must not fill the memory.
LINES_AT_ONCE = 10000
#: What a user may set; everything else follows from the file.
OPEN_FIELDS = frozenset({"name", "company_id", "file", "filename", "profile_id"})
#: What decides the result of a check.
FILE_FIELDS = {"file", "filename", "profile_id", "company_id"}


class GasImportMixin(models.AbstractModel):
    """A file that is checked line by line first and imported afterwards.

    Good lines go in, each bad line says what is wrong with it; nothing is lost.
    """

    _name = "gas.import.mixin"
    _inherit = ["cs.ruled"]
    _description = "Checked File Import"
    _cs_open_fields = OPEN_FIELDS

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    file = fields.Binary(
        required=True, attachment=True, groups="cs_gas_billing.group_clerk"
    )
    filename = fields.Char(string="File Name")
    file_hash = fields.Char(readonly=True, index=True, copy=False)
    profile_id = fields.Many2one(
        comodel_name="gas.import.profile",
        string="Import Profile",
        help="How the file's headings map to ours, and its encoding. Empty: our own "
        "headings, encoding recognised from the file.",
    )
    state = fields.Selection(
        selection=IMPORT_STATES, required=True, default="draft", readonly=True
    )
    message = fields.Text(readonly=True, copy=False)
    line_count = fields.Integer(string="Rows", readonly=True, copy=False)
    ok_count = fields.Integer(string="Good", readonly=True, copy=False)
    duplicate_count = fields.Integer(string="Duplicates", readonly=True, copy=False)
    rejected_count = fields.Integer(string="Faulty", readonly=True, copy=False)
    imported_on = fields.Datetime(readonly=True, copy=False)

    # === CRUD ===#

    @api.model
    def _cs_complete(self, vals):
        name = vals.get("name") or vals.get("filename") or self.env._("Import")
        return vals | {"name": name}

    def write(self, vals):
        if FILE_FIELDS & vals.keys():
            if any(record.state not in ("draft", "refused") for record in self):
                raise UserError(
                    self.env._("This file was checked already. Start a new import.")
                )
            self.filtered(lambda record: record.state == "refused")._forget_check()
        return super().write(vals)

    def _forget_check(self):
        """A refused file was replaced: it is a new one."""
        sudo_imports = self.sudo()
        sudo_imports.line_ids.unlink()
        return sudo_imports.write(
            {"state": "draft", "message": False, "file_hash": False}
            | dict.fromkeys(self._get_count_fields(), 0)
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(record.state in ("done", "importing") for record in self):
            raise UserError(self.env._("An imported file is kept as evidence."))

    # === ACTIONS ===#

    def action_check(self):
        """Read the file and say of each line what will happen to it."""
        self._check_may_import()
        for record in self:
            sudo_import = record._lock_import()
            if sudo_import.state in ("done", "importing"):
                raise UserError(self.env._("%s was imported already.", record.name))
            sudo_import._check_file()
        return True

    def action_import(self):
        """Take the good lines over; a file that was not checked yet is checked."""
        self._check_may_import()
        for record in self:
            sudo_import = record._lock_import()
            if sudo_import.state == "done":
                continue
            if sudo_import.state == "draft":
                sudo_import._check_file()
            if sudo_import.state == "refused":
                raise UserError(sudo_import.message)
            sudo_import._check_same_file()
            sudo_import._start_import()
        return True

    def _check_may_import(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(
            "cs_gas_billing.group_clerk"
        ):
            raise AccessError(self.env._("You may not import files."))

    def _lock_import(self):
        """Lock the record: of two presses of a button one works; return it as sudo."""
        self.ensure_one()
        if not self.sudo().try_lock_for_update():
            raise UserError(
                self.env._("%s is being checked or imported right now.", self.name)
            )
        self.invalidate_recordset(["state"])
        return self.sudo()

    def _check_same_file(self):
        """The file that was checked is the one that is kept as evidence."""
        if hashlib.sha256(self._get_data()).hexdigest() != self.file_hash:
            raise UserError(
                self.env._("The file was replaced after the check. Check it again.")
            )

    def _start_import(self):
        """Take the lines over now; to be extended where that takes long; sudo."""
        self._import_lines()
        self.write({"state": "done", "imported_on": fields.Datetime.now()})

    # === CHECK ===#

    def _check_file(self):
        """Fill the lines and counts; sudo."""
        self.ensure_one()
        self.line_ids.unlink()
        data = self._get_data()
        self.file_hash = hashlib.sha256(data).hexdigest()
        try:
            header, rows = self._read_file(data)
            columns = self._map_columns(header)
        except TableError as error:
            messages = self.env["gas.import.message"]
            code = messages._get_code(error)
            return self._refuse(code, messages._explain(error))
        twin = self._find_imported_twin()
        values = self._check_rows(rows, columns, len(header), twin)
        common = {"import_id": self.id, "company_id": self.company_id.id}
        for start in range(0, len(values), LINES_AT_ONCE):
            part = values[start : start + LINES_AT_ONCE]
            insert(self.line_ids.browse(), [line | common for line in part])
        self.invalidate_recordset()
        return self.write(self._prepare_checked_values(values, twin))

    def _get_data(self):
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    def _prepare_checked_values(self, lines, twin):
        states = [line["state"] for line in lines]
        message = False
        if twin:
            message = self.env._("The same file was imported as %s.", twin.name)
        elif "ok" not in states:
            message = self.env._(
                "No line can be imported; the messages of the lines say why."
            )
        return {
            "state": "checked",
            "message": message,
            "line_count": len(states),
            "ok_count": states.count("ok"),
            "duplicate_count": states.count("duplicate"),
            "rejected_count": states.count("rejected"),
        }

    def _read_file(self, data):
        company = self.company_id
        return read_table(
            data,
            self.filename or "",
            encoding=self.profile_id.encoding or None,
            max_bytes=company.gas_import_max_mb * 1024 * 1024,
            max_rows=company.gas_import_max_lines,
            headings=list(self._get_mapping()),
        )

    def _get_mapping(self):
        return self.profile_id._get_column_map(self._get_headings())

    def _map_columns(self, header):
        """Return {our column: position}; missing or doubled columns refuse the file."""
        mapping = {
            clean(heading).replace(" ", "").casefold(): target
            for heading, target in self._get_mapping().items()
        }
        positions = {}
        for position, heading in enumerate(header):
            name = heading.replace(" ", "").strip("*").casefold()
            target = mapping.get(name) or mapping.get(name.partition("(")[0])
            if not target:
                continue
            if target in positions and target in self._get_required_columns():
                other = header[positions[target]]
                raise TableError("TWICE", first=other, second=heading)
            positions.setdefault(target, position)
        missing = [
            self._get_heading(target)
            for target in self._get_required_columns()
            if target not in positions
        ]
        if missing:
            known = bool(positions)
            raise TableError("COLUMN", missing=missing, header=header, known=known)
        return positions

    def _check_rows(self, rows, columns, width, twin):
        """Return the line values of all rows: spoilt ones here, the others by hook."""
        spoilt, whole = [], []
        for number, cells in rows:
            picked = {
                target: cells[position] if position < len(cells) else ""
                for target, position in columns.items()
            }
            fault = self._find_row_fault(cells, picked, columns, width)
            if fault:
                code, message = fault
                spoilt.append(
                    self._get_empty_line()
                    | {"row": number, "state": "rejected"}
                    | {"code": code, "message": message}
                    | self._get_line_keys(picked)
                )
            else:
                whole.append((number, picked))
        lines = [*self._evaluate_rows(whole, twin), *spoilt]
        return sorted(lines, key=lambda line: line["row"])

    def _find_row_fault(self, cells, picked, columns, width):
        """Return (code, message) of what makes a row unreadable, or None."""
        messages = self.env["gas.import.message"]
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            return messages._explain_width(len(cells), width)
        if any(type(cell) is BrokenCell for cell in cells):
            return messages._explain_quote()
        if len(cells) < width and any(
            columns[target] >= len(cells) for target in self._get_required_columns()
        ):
            return messages._explain_width(len(cells), width)
        for target, cell in picked.items():
            kind = type(cell)
            if kind is FormulaCell or kind is RoundedCell or REPLACEMENT in cell:
                return messages._explain_cell(self._get_heading(target), cell)
        return None

    @api.model
    def _get_wide_note(self, cells):
        """Return (code, message) if full-width digits were converted, or None."""
        if any(has_wide_digits(cell) for cell in cells.values()):
            return "WIDE", self.env._("Full-width digits were converted.")
        return None

    def _find_imported_twin(self):
        return self.search(
            [
                ("file_hash", "=", self.file_hash),
                ("state", "in", ("done", "importing")),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
            ],
            order="id",
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
            dict.fromkeys(self._get_count_fields(), 0)
            | {"state": "refused", "message": message, "rejected_count": 1}
        )

    @api.model
    def _get_heading(self, target):
        """Return our own heading of a column, for messages."""
        return next(
            heading for heading, key in self._get_headings().items() if key == target
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
    def _get_count_fields(self):
        return ["line_count", "ok_count", "duplicate_count", "rejected_count"]

    @api.model
    def _get_empty_line(self):
        """Return a line's extra columns with empty values."""
        return {}

    @api.model
    def _get_line_keys(self, cells):
        """Return what a line shows of a row that can't be read otherwise."""
        return {
            key: clean(cells[key]) or None
            for key in ("account", "meter")
            if cells.get(key)
        }

    def _evaluate_rows(self, rows, twin):
        """Return line values for [(row number, {column: text})]."""
        return []

    def _import_lines(self):
        """Create the records of the lines that are ok."""
