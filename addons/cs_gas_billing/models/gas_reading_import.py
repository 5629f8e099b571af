from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.rounding import plain, to_decimal
from ..tools.tabular import FormulaCell, clean, parse_date, parse_number


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
    reading_ids = fields.One2many(
        comodel_name="gas.reading", inverse_name="import_id", readonly=True
    )
    held_count = fields.Integer(string="Held", readonly=True, copy=False)

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
            "表具编号": "meter",
            "上次读数": "previous",
            "本次读数": "value",
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

    # === CHECK ===#

    def _check_file(self):
        result = super()._check_file()
        self.held_count = self.line_ids.search_count(
            [("import_id", "=", self.id), ("held", "=", True)]
        )
        return result

    def _evaluate_rows(self, rows):
        """Parse, match and validate all rows; nothing is written to the readings."""
        parsed = [self._parse_row(number, cells) for number, cells in rows]
        vee = self.env["gas.reading.vee"]
        self.env.flush_all()
        known = vee._load_installs(
            self.company_id, {line["meter"] for line in parsed if line["meter"]}
        )
        accounts = self._load_accounts({line["account"] for line in parsed})
        for line in parsed:
            if line["state"] == "ok":
                self._match_row(line, known, accounts)
        matched = [line for line in parsed if line["state"] == "ok"]
        self._mark_known(matched)
        self._validate_rows([line for line in matched if line["state"] == "ok"])
        return [self._line_values(line) for line in parsed]

    def _parse_row(self, number, cells):
        """Turn one row's text into values; what can't be read rejects the row."""
        texts = {key: clean(text) for key, text in cells.items()}
        line = self._get_empty_line() | {
            "row": number,
            "state": "ok",
            "code": None,
            "message": None,
            "account": texts.get("account") or None,
            "meter": texts.get("meter") or None,
            "reader": texts.get("reader") or None,
            "note": texts.get("note") or None,
        }
        formulas = [key for key, text in cells.items() if isinstance(text, FormulaCell)]
        if formulas:
            return self._reject(
                line,
                "FORMULA",
                self.env._(
                    "Column %s holds a formula without a value. Save the file in the "
                    "spreadsheet program, or paste values.",
                    ", ".join(self._get_heading(key) for key in formulas),
                ),
            )
        for key in ("account", "meter"):
            if not line[key]:
                return self._reject(
                    line,
                    key.upper(),
                    self.env._("Column %s is empty.", self._get_heading(key)),
                )
        value = parse_number(texts["value"])
        previous_text = texts.get("previous") or ""
        previous = parse_number(previous_text) if previous_text else None
        for key, text, number_read in (
            ("value", texts["value"], value),
            ("previous", previous_text, previous),
        ):
            if number_read is None and (text or key == "value"):
                return self._reject(
                    line,
                    "NUMBER",
                    self.env._(
                        "Column %(column)s: “%(text)s” is not a number.",
                        column=self._get_heading(key),
                        text=text,
                    ),
                )
        if value < 0 or value >= 10**12:
            return self._reject(
                line,
                "NUMBER",
                self.env._(
                    "Column %(column)s: %(text)s can't be on a register.",
                    column=self._get_heading("value"),
                    text=texts["value"],
                ),
            )
        day = parse_date(texts["date"])
        if not day:
            return self._reject(
                line,
                "DATE",
                self.env._(
                    "Column %(column)s: “%(text)s” is not a date. Write 2026-10-20.",
                    column=self._get_heading("date"),
                    text=texts["date"],
                ),
            )
        latest = self.company_id._cs_today() + timedelta(
            days=self.company_id.gas_future_days
        )
        if day > latest:
            return self._reject(
                line, "DATE", self.env._("The date %s lies in the future.", day)
            )
        line.update(value=value, previous=previous, read_date=day)
        raw = "".join(text for text in cells.values() if text)
        if any("０" <= char <= "９" for char in raw):
            line.update(
                code="WIDE", message=self.env._("Full-width digits were converted.")
            )
        return line

    def _get_heading(self, target):
        return next(
            heading for heading, key in self._get_headings().items() if key == target
        )

    @api.model
    def _reject(self, line, code, message):
        line.update(state="rejected", code=code, message=message)
        return line

    def _load_accounts(self, codes):
        accounts = self.env["gas.account"].search_fetch(
            [
                ("code", "in", [code for code in codes if code]),
                ("company_id", "=", self.company_id.id),
            ],
            ["code"],
        )
        return set(accounts.mapped("code"))

    def _match_row(self, line, known, accounts):
        """Find the installed meter of the line's account on the line's day."""
        if line["account"] not in accounts:
            return self._reject(
                line,
                "ACCOUNT",
                self.env._("There is no account %s.", line["account"]),
            )
        rows = known.get(line["meter"], [])
        facts = self.env["gas.reading.vee"]._choose_install(
            rows, line["read_date"], line["account"]
        )
        if facts:
            line["facts"] = facts
            line["install_id"] = facts["install_id"]
            line["gas_account_id"] = facts["account_id"]
            return None
        if not rows:
            message = self.env._("There is no meter %s.", line["meter"])
        elif any(row["account"] == line["account"] for row in rows):
            message = self.env._(
                "Meter %(meter)s was not installed at %(account)s on %(day)s.",
                meter=line["meter"],
                account=line["account"],
                day=line["read_date"],
            )
        else:
            message = self.env._(
                "Meter %(meter)s is not installed at %(account)s.",
                meter=line["meter"],
                account=line["account"],
            )
        return self._reject(line, "METER", message)

    def _mark_known(self, lines):
        """Mark what the file says twice or we have already; hold contradictions."""
        vee = self.env["gas.reading.vee"]
        same_day = vee._load_same_days(
            {line["install_id"] for line in lines},
            {line["read_date"] for line in lines},
        )
        last = vee._load_last_readings({line["install_id"] for line in lines})
        seen = {}
        for line in lines:
            key = (line["install_id"], line["read_date"])
            ours = same_day.get(key, [])
            twins = seen.setdefault(key, [])
            previous = last.get(line["install_id"])
            line["last"] = previous
            if any(other["value"] == line["value"] for other in twins):
                line.update(
                    state="duplicate",
                    code="LINE",
                    message=self.env._("The same reading stands in this file already."),
                )
                continue
            if any(to_decimal(row["value"]) == line["value"] for row in ours):
                line.update(
                    state="duplicate",
                    code="KNOWN",
                    message=self.env._("This reading was imported before."),
                )
                continue
            twins.append(line)
            if ours or len(twins) > 1:
                for other in twins:
                    other["dup"] = True
            elif not previous or previous["read_date"] >= line["read_date"]:
                self._reject(
                    line,
                    "DATE",
                    self.env._(
                        "The meter has a reading on %s; a new one must be later.",
                        previous["read_date"] if previous else "-",
                    ),
                )

    def _validate_rows(self, lines):
        """Run the validation rules over the matched lines."""
        vee = self.env["gas.reading.vee"]
        points = {line["facts"]["service_point_id"] for line in lines}
        history = vee._load_history(points)
        pending = vee._load_pending(points)
        moved_on = {}
        for line in sorted(lines, key=lambda line: (line["read_date"], line["row"])):
            previous = moved_on.get(line["install_id"], line["last"])
            if line.get("dup") and (
                not previous or previous["read_date"] >= line["read_date"]
            ):
                previous = None
            codes = []
            if previous:
                outcome = vee._evaluate(
                    self.company_id,
                    line["facts"],
                    previous,
                    line["value"],
                    line["read_date"],
                    history,
                    pending,
                )
                codes = outcome["codes"]
                if line["previous"] is not None and line["previous"] != to_decimal(
                    previous["value"]
                ):
                    codes.insert(0, "PREV")
            else:
                outcome = {"usage": None, "mean": None, "held": True}
            if line.get("dup"):
                codes.insert(0, "DUP")
            line.update(
                previous_id=previous["id"] if previous else None,
                prev=previous,
                prev_date=previous["read_date"] if previous else None,
                prev_value=previous["value"] if previous else None,
                usage=outcome["usage"],
                mean=outcome["mean"],
                vee_codes=",".join(codes) or None,
                held=outcome["held"] or bool({"DUP", "PREV"}.intersection(codes)),
            )
            if not line["held"]:
                moved_on[line["install_id"]] = {
                    "id": None,
                    "read_date": line["read_date"],
                    "value": line["value"],
                }
            else:
                line["code"] = line["code"] or codes[0]
                line["message"] = line["message"] or self._explain_held(line, codes)

    def _explain_held(self, line, codes):
        texts = {
            "DUP": self.env._("another value of this day is known"),
            "PREV": self.env._(
                "the file's previous reading is %(theirs)s, ours is %(ours)s",
                theirs=plain(line["previous"]) if line["previous"] is not None else "-",
                ours=plain(to_decimal(line["prev"]["value"])) if line["prev"] else "-",
            ),
            "NEG": self.env._("below the previous reading"),
            "HIGH": self.env._("usage %s m³ is unusually high", line["usage"]),
        }
        found = ", ".join(texts.get(code, code) for code in codes)
        return self.env._("Held: %s", found)

    def _line_values(self, line):
        keys = {*self._get_empty_line(), "row", "state", "code", "message"}
        return {key: line[key] for key in keys}

    # === IMPORT ===#

    def _import_lines(self):
        """Create a reading of each good line, from the values that were checked."""
        self.env.flush_all()
        self._check_unchanged()
        self.env.execute_query(
            SQL(
                """
                INSERT INTO gas_reading (
                       company_id, service_point_id, install_id, account_id, book_id,
                       read_date, value, previous_id, prev_date, prev_value, usage,
                       mean, vee_codes, state, source, reader, note, import_id,
                       create_uid, write_uid, create_date, write_date)
                SELECT l.company_id, i.service_point_id, l.install_id,
                       l.gas_account_id, a.book_id, l.read_date, l.value,
                       l.previous_id, l.prev_date, l.prev_value,
                       coalesce(l.usage, 0), coalesce(l.mean, 0), l.vee_codes,
                       CASE WHEN l.held THEN 'held' ELSE 'validated' END,
                       'handheld', l.reader, l.note, l.import_id,
                       %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM gas_reading_import_line l
                  JOIN gas_meter_install i ON i.id = l.install_id
                  JOIN gas_account a ON a.id = l.gas_account_id
                 WHERE l.import_id = %(import)s AND l.state = 'ok'
                 ORDER BY l.row
                """,
                **{
                    "uid": self.env.uid,
                    "now": fields.Datetime.now(),
                    "import": self.id,
                },
            )
        )
        self.env["gas.reading"].invalidate_model()
        self.env["gas.reading.vee"]._raise_tasks(
            self.env["gas.reading"].search(
                [
                    ("import_id", "=", self.id),
                    "|",
                    "|",
                    ("vee_codes", "like", "STOP"),
                    ("vee_codes", "like", "LOW"),
                    ("vee_codes", "like", "ZERO"),
                ]
            )
        )

    def _check_unchanged(self):
        """Between check and import nobody else may have moved these meters on."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.row FROM gas_reading_import_line l
                 CROSS JOIN LATERAL (
                       SELECT id FROM gas_reading
                        WHERE install_id = l.install_id
                          AND state IN ('validated', 'billed')
                        ORDER BY read_date DESC, id DESC LIMIT 1) r
                 WHERE l.import_id = %s AND l.state = 'ok'
                   AND l.previous_id IS NOT NULL AND l.previous_id != r.id
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
