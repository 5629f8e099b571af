from datetime import timedelta
from decimal import Decimal

from odoo import api, models

from ..tools.rounding import half_up, to_decimal
from ..tools.tabular import clean, parse_date, parse_number

#: Registers are kept with so many decimals.
REGISTER_DECIMALS = 3
LITRE = Decimal("0.001")


class GasReadingChecker(models.AbstractModel):
    """Parses, matches and validates the rows of a reading file; writes nothing."""

    _name = "gas.reading.checker"
    _description = "Check of Reading Files"

    @api.model
    def _check(self, reading_import, rows, twin):
        """Return the line values of [(row number, {column: text})].

        :param reading_import: the import the rows belong to; sudo
        :param twin: an earlier import of the same file, or empty
        """
        company = reading_import.company_id
        latest = self._get_latest_day(company)
        lines = [self._parse_row(reading_import, *row, latest) for row in rows]
        self.env.flush_all()
        self._match_rows(company, [line for line in lines if line["state"] == "ok"])
        matched = [line for line in lines if line["state"] == "ok"]
        self._mark_known(matched, twin)
        self._validate(company, [line for line in matched if line["state"] == "ok"])
        return lines

    @api.model
    def _reject(self, line, code, message):
        line.update(state="rejected", code=code, message=message)
        return line

    # === PARSE ===#

    def _parse_row(self, reading_import, number, cells, latest):
        """Turn one row's text into values; what can't be read rejects the row."""
        texts = {key: clean(text) for key, text in cells.items()}
        line = reading_import._get_empty_line() | {
            "row": number,
            "state": "ok",
            "code": None,
            "message": None,
            "account": texts["account"] or None,
            "meter": texts["meter"] or None,
            "reader": texts.get("reader") or None,
            "note": texts.get("note") or None,
        }
        for fault in (
            self._find_empty(reading_import, texts),
            self._read_registers(reading_import, line, texts),
            self._read_day(reading_import, line, texts, latest),
        ):
            if fault:
                return self._reject(line, *fault)
        note = reading_import._get_wide_note(cells)
        if note:
            line["code"], line["message"] = note
        return line

    def _find_empty(self, reading_import, texts):
        for key in ("account", "meter"):
            if not texts[key]:
                heading = reading_import._get_heading(key)
                return key.upper(), self.env._("Column %s is empty.", heading)
        if not texts["value"] and not texts["date"]:
            message = self.env._(
                "No reading: the meter was not read. Fill in register and date."
            )
            return "UNREAD", message
        return None

    def _read_registers(self, reading_import, line, texts):
        """Read both registers into ``line``; return (code, message) of a fault."""
        for key in ("value", "previous"):
            text = texts.get(key) or ""
            if not text and key == "previous":
                continue
            number = parse_number(text)
            if fault := self._find_register_fault(number):
                column = reading_import._get_heading(key)
                return "NUMBER", self._explain_register(fault, column, text)
            line[key] = number
        return None

    @api.model
    def _find_register_fault(self, number):
        """Return what keeps ``number`` from being a register, None if nothing does."""
        if number is None:
            return "text"
        if number < 0 or number >= 10**12:
            return "range"
        if number.as_tuple().exponent < -REGISTER_DECIMALS and (
            number != round(number, REGISTER_DECIMALS)
        ):
            return "decimals"
        return None

    def _explain_register(self, fault, column, text):
        values = {"column": column, "text": text}
        if fault == "text":
            return self.env._(
                "Column %(column)s: “%(text)s” is not a number. Write digits only.",
                **values,
            )
        if fault == "range":
            return self.env._(
                "Column %(column)s: %(text)s can't be on a register.", **values
            )
        return self.env._(
            "Column %(column)s: %(text)s has more than three decimals.", **values
        )

    def _read_day(self, reading_import, line, texts, latest):
        day = parse_date(texts["date"])
        if not day:
            message = self.env._(
                "Column %(column)s: “%(text)s” is not a date. Write 2026-10-20.",
                column=reading_import._get_heading("date"),
                text=texts["date"],
            )
            return "DATE", message
        if day > latest:
            message = self.env._(
                "Column %(column)s: the date %(day)s lies in the future.",
                column=reading_import._get_heading("date"),
                day=day,
            )
            return "DATE", message
        line["read_date"] = day
        return None

    @api.model
    def _get_latest_day(self, company):
        """Return the last day readings may have now."""
        return company._cs_today() + timedelta(days=company.gas_future_days)

    # === MATCH ===#

    def _match_rows(self, company, lines):
        """Find the installed meter of each line's account on the line's day."""
        known = self.env["gas.reading.vee"]._load_installs(
            company, {line["meter"] for line in lines}
        )
        accounts = self._load_accounts(company, {line["account"] for line in lines})
        choose = self.env["gas.reading.vee"]._choose_install
        for line in lines:
            facts = choose(
                known.get(line["meter"], []), line["read_date"], line["account"]
            )
            if line["account"] not in accounts:
                message = self.env._(
                    "There is no account %s. Check the number, or open the account "
                    "first.",
                    line["account"],
                )
                self._reject(line, "ACCOUNT", message)
            elif not facts:
                rows = known.get(line["meter"], [])
                self._reject(line, "METER", self._explain_meter(line, rows))
            elif line["value"] >= 10 ** facts["digits"]:
                message = self.env._(
                    "A register of %(digits)s digits can't show %(value)s.",
                    digits=facts["digits"],
                    value=line["value"],
                )
                self._reject(line, "NUMBER", message)
            else:
                line["facts"] = facts
                line["install_id"] = facts["install_id"]
                line["gas_account_id"] = facts["account_id"]

    def _load_accounts(self, company, codes):
        accounts = self.env["gas.account"].search_fetch(
            [("code", "in", list(codes)), ("company_id", "=", company.id)], ["code"]
        )
        return set(accounts.mapped("code"))

    def _explain_meter(self, line, rows):
        values = {"meter": line["meter"], "account": line["account"]}
        if not rows:
            return self.env._(
                "There is no meter %s. Check the number on the meter.", line["meter"]
            )
        if any(row["account"] == line["account"] for row in rows):
            return self.env._(
                "Meter %(meter)s was not installed at %(account)s on %(day)s. Was it "
                "exchanged?",
                day=line["read_date"],
                **values,
            )
        return self.env._(
            "Meter %(meter)s is not installed at %(account)s. Check both numbers.",
            **values,
        )

    # === WHAT IS KNOWN ===#

    def _mark_known(self, lines, twin):
        """Mark what the file says twice or we have already; hold contradictions."""
        vee = self.env["gas.reading.vee"]
        installs = {line["install_id"] for line in lines}
        same_day = vee._load_same_days(installs, {line["read_date"] for line in lines})
        last = vee._load_last_readings(installs)
        seen = {}
        for line in lines:
            key = (line["install_id"], line["read_date"])
            line["last"] = last.get(line["install_id"])
            if self._mark_duplicate(
                line, seen.get(key, ()), same_day.get(key, ()), twin
            ):
                continue
            ours = [
                row for row in same_day.get(key, ()) if row["state"] != "superseded"
            ]
            twins = seen.setdefault(key, [])
            twins.append(line)
            later = line["last"] and line["last"]["read_date"] >= line["read_date"]
            if later and not (ours and line["last"]["read_date"] == line["read_date"]):
                message = self.env._(
                    "The meter has a reading on %s; a new one must be later.",
                    line["last"]["read_date"],
                )
                self._reject(line, "DATE", message)
            elif ours or len(twins) > 1:
                for other in twins:
                    other["dup"] = True
        self._find_earlier([line for line in lines if line.get("dup")])

    def _mark_duplicate(self, line, twins, ours, twin):
        """Mark a line that says what we know already; return whether it does."""
        if any(other["value"] == line["value"] for other in twins):
            code = "LINE"
            message = self.env._("The same reading stands in this file already.")
        elif not any(self._is_known(row, line, twin) for row in ours):
            return False
        elif twin:
            code = "FILE"
            message = self.env._("The same file was imported as %s.", twin.name)
        else:
            code = "KNOWN"
            message = self.env._("This reading was imported before.")
        line.update(state="duplicate", code=code, message=message)
        return True

    @api.model
    def _is_known(self, row, line, twin):
        """Whether ``row`` is the line's reading; one to be read again may come back."""
        if to_decimal(row["value"]) != line["value"]:
            return False
        return bool(twin) or row["state"] != "superseded" or row["decision"] != "reread"

    def _find_earlier(self, lines):
        """Compare lines that contradict a reading of their day with the one before."""
        pairs = {(line["install_id"], line["read_date"]) for line in lines}
        if not pairs:
            return
        earlier = self.env["gas.reading.vee"]._load_readings_before(pairs)
        for line in lines:
            line["last"] = earlier.get((line["install_id"], line["read_date"]))

    # === RULES ===#

    def _validate(self, company, lines):
        """Run the validation rules over the matched lines."""
        vee = self.env["gas.reading.vee"]
        context = vee._load_context(
            company, {line["facts"]["service_point_id"] for line in lines}
        )
        moved_on = {}
        for line in sorted(lines, key=lambda line: (line["read_date"], line["row"])):
            previous = moved_on.get(line["install_id"], line["last"])
            if line.get("dup"):
                previous = line["last"]
            outcome = vee._evaluate(
                context, line["facts"], previous, line["value"], line["read_date"]
            )
            codes = outcome["codes"]
            if previous and line["previous"] not in (
                None,
                to_decimal(previous["value"]),
            ):
                codes.insert(0, "PREV")
            if line.get("dup"):
                codes.insert(0, "DUP")
            line.update(
                previous_id=previous["id"] if previous else None,
                prev_date=previous["read_date"] if previous else None,
                prev_value=previous["value"] if previous else None,
                usage=outcome["usage"],
                mean=outcome["mean"] and half_up(outcome["mean"], LITRE),
                vee_codes=",".join(codes) or None,
                held=outcome["held"] or "DUP" in codes or "PREV" in codes,
            )
            if line["held"]:
                self._explain_held(line, codes)
            else:
                moved_on[line["install_id"]] = {
                    "id": None,
                    "read_date": line["read_date"],
                    "value": line["value"],
                }

    def _explain_held(self, line, codes):
        found = self.env["gas.reading.vee"]._explain(codes, line)
        message = self.env._("Held: %s", found)
        line["message"] = " ".join(filter(None, (message, line["message"])))
        line["code"] = codes[0]
