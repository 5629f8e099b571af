from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.cs_base.tools.masking import mask_account

from ..tools.bankresult import ResultFault, parse
from ..tools.errors import GasInputError
from ..tools.rounding import from_float

#: Which outcome makes which state of a line.
STATES = {"ok": "ok", "retry": "refused", "stop": "refused", "return": "returned"}
#: How many batches back a file without a chosen batch is looked for.
RECENT_BATCHES = 200


class Checked(NamedTuple):
    """What a file is: the batch it answers and its lines' values."""

    batch: models.Model
    lines: list


class GasDebitResultChecker(models.AbstractModel):
    """Compares a bank's result file with what was sent; called with full rights."""

    _name = "gas.debit.result.checker"
    _description = "Check of Debit Results"

    # === THE FILE ===#

    @api.model
    def _check(self, record, data):
        """Read a result file and look at each line.

        :return: ``Checked``
        :raise ResultFault: the whole file is refused
        """
        limit = record.company_id.gas_import_max_mb * 1024 * 1024
        if len(data) > limit:
            raise ResultFault("SIZE", size=len(data), limit=limit)
        twin = record._find_imported_twin()
        if twin:
            raise ResultFault("TWIN", name=twin.name)
        profile, parsed = self._read(record, data)
        sent = self._load_sent(record.company_id, parsed)
        batch = self._find_batch(record, parsed, sent)
        if batch.state not in ("sent", "answered", "closed"):
            raise ResultFault("STATE", batch=batch.display_name)
        if batch.profile_id != profile:
            raise ResultFault("OTHERPROFILE", batch=batch.name, profile=profile.name)
        lines = self._check_lines(batch, parsed, sent)
        for day in {line["date"] for line in lines if line["date"]}:
            self._check_day(batch, day)
        return Checked(batch, lines)

    def _read(self, record, data):
        """Return the profile that can read the file, and what it read.

        Of several profiles the one whose lines are known decides.
        """
        profiles = (
            record.batch_id.profile_id
            or record.profile_id
            or self._guess_batch(record, data).profile_id
            or self.env["gas.bank.profile"].search(
                [("company_id", "=", record.company_id.id)]
            )
        )
        if not profiles:
            raise ResultFault("NOPROFILE")
        faults, readable = [], []
        for profile in profiles:
            try:
                parsed = parse(profile._get_spec(), data)
            except ResultFault as fault:
                faults.append(fault)
            except GasInputError as error:
                faults.append(ResultFault("PROFILE", encoding=str(error)))
            else:
                if len(profiles) == 1 or self._load_sent(record.company_id, parsed):
                    return profile, parsed
                readable.append((profile, parsed))
        if readable:
            return readable[0]
        if len(faults) == 1:
            raise faults[0]
        raise ResultFault("UNREADABLE", count=len(profiles), first=faults[0])

    def _guess_batch(self, record, data):
        """Return the latest batch whose number stands anywhere in the file."""
        batches = self.env["gas.debit.batch"].search(
            [("company_id", "=", record.company_id.id), ("name", "!=", "/")],
            limit=RECENT_BATCHES,
        )
        return batches.filtered(lambda batch: batch.name.encode() in data)[:1]

    def _load_sent(self, company, parsed):
        """Return {reference: debit line} of the references in the file."""
        refs = [line.values.get("ref") for line in parsed.lines]
        lines = self.env["gas.debit.line"].search_fetch(
            [("company_id", "=", company.id), ("ref", "in", [r for r in refs if r])],
            ["ref", "batch_id", "state", "amount", "account_number", "answered_on"],
        )
        return {line.ref: line for line in lines}

    def _find_batch(self, record, parsed, sent):
        """Return the batch the file answers."""
        named = parsed.total("batch")
        if named:
            batch = self.env["gas.debit.batch"].search(
                [("company_id", "=", record.company_id.id), ("name", "=", named)]
            )
        else:
            known = [
                sent[line.values["ref"]].batch_id
                for line in parsed.lines
                if line.values.get("ref") in sent
            ]
            batch = max(known, key=known.count) if known else record.batch_id.browse()
        if not batch:
            raise ResultFault("NOBATCH", name=named)
        if record.batch_id and record.batch_id != batch:
            raise ResultFault("BATCH", found=batch.name, wanted=record.batch_id.name)
        return batch

    def _check_day(self, batch, day):
        company = batch.company_id
        if day > company._cs_today():
            raise ResultFault("FUTURE", day=day)
        sent = min(batch.date, company._cs_date(batch.sent_on))
        if day < sent:
            raise ResultFault("EARLY", day=day, batch=batch.name, sent=sent)
        try:
            self.env["gas.debit.booking"]._check_open(batch, day)
        except UserError as error:
            raise ResultFault("LOCKED", text=str(error)) from error

    # === THE LINES ===#

    def _check_lines(self, batch, parsed, sent):
        codes = batch.profile_id._get_codes()
        default_day = self._get_day(batch, parsed)
        seen = {}
        result = []
        for line in parsed.lines:
            ref = line.values.get("ref")
            values = self._prepare(line, batch, default_day)
            fault = self._find_fault(batch, line, sent.get(ref), codes)
            if not fault and ref in seen:
                fault = "DUPLICATE", self.env._("The same line as row %s.", seen[ref])
            if fault:
                double = fault[0] in ("DUPLICATE", "ANSWERED")
                values |= {
                    "state": "duplicate" if double else "rejected",
                    "code": fault[0],
                    "message": fault[1],
                    "date": None,
                    "line_id": self._find_own(batch, sent.get(ref)),
                }
            else:
                seen[ref] = line.row
                outcome, text = codes[line.values["code"]]
                values |= {
                    "state": STATES[outcome],
                    "code": None,
                    "message": line.values.get("text") or text or None,
                    "line_id": sent[ref].id,
                }
            result.append(values)
        return result

    def _find_own(self, batch, line):
        """Return the id of the debit line a faulty line means, to show its bill."""
        return line.id if line and line.batch_id == batch else None

    def _get_day(self, batch, parsed):
        """Return the day on which lines without a date are booked."""
        if batch.profile_id.posting_date == "batch":
            return batch.date
        return parsed.total("date") or batch.company_id._cs_today()

    def _prepare(self, line, batch, default_day):
        values = line.values
        day = values.get("date") if batch.profile_id.posting_date == "file" else None
        account = values.get("account")
        return {
            "row": line.row,
            "ref": values.get("ref"),
            "account": mask_account(account) if account else None,
            "amount": values.get("amount"),
            "answer": values.get("code"),
            "date": day or default_day,
            "line_id": None,
            "booked": False,
        }

    def _find_fault(self, batch, line, sent, codes):
        """Return (code, message) of what is wrong with a line, or None."""
        values = line.values
        if line.fault:
            return self._explain_fault(*line.fault)
        if not sent:
            return "UNKNOWN", self.env._(
                "No line “%s” was sent to the bank.", values["ref"]
            )
        if sent.batch_id != batch:
            return "FOREIGN", self.env._(
                "This line belongs to batch %s.", sent.batch_id.name
            )
        if values["account"] != (sent.account_number or "").strip():
            return "ACCOUNT", self.env._(
                "Bank account %(found)s isn't the one that was sent, %(sent)s.",
                found=mask_account(values["account"]),
                sent=mask_account(sent.account_number),
            )
        if values["amount"] != from_float(sent.amount, 2):
            return "AMOUNT", self.env._(
                "%(found)s isn't the amount that was sent, %(sent)s.",
                found=values["amount"],
                sent=f"{sent.amount:.2f}",
            )
        if values["code"] not in codes:
            return "CODE", self.env._(
                "Answer code “%s” is unknown. Add it to the bank profile, then check "
                "the file again.",
                values["code"],
            )
        return self._find_state_fault(sent, codes[values["code"]][0])

    def _find_state_fault(self, sent, outcome):
        """A line is answered once; only what was debited can be returned."""
        wanted = "accepted" if outcome == "return" else "sent"
        if sent.state == wanted:
            return None
        if outcome == "return" and sent.state != "returned":
            return "NOTDEBITED", self.env._(
                "The line was not debited; there is nothing to return."
            )
        if sent.state == "missing":
            return "CLOSED", self.env._(
                "The line was closed as not answered. A manager has to look at it with "
                "the bank."
            )
        state = dict(sent._fields["state"]._description_selection(self.env))
        return "ANSWERED", self.env._(
            "The line was answered already: %s.", state[sent.state]
        )

    # === IN WORDS ===#

    def _explain_fault(self, code, details):
        """Return (code, message) of a line that can't be read."""
        if code == "WIDTH":
            return code, self.env._(
                "The line has %(found)s bytes or cells, the bank profile %(wanted)s.",
                **details,
            )
        sources = self.env["gas.bank.profile.field"]._fields["source"]
        label = dict(sources._description_selection(self.env)).get(details["field"])
        values = {"field": label or "–", "text": str(details["text"])}
        texts = {
            "ENCODING": self.env._(
                "%(field)s holds characters that can't be read: %(text)s.", **values
            ),
            "CONSTANT": self.env._(
                "The line isn't of this bank profile: found “%(text)s”.", **values
            ),
            "NUMBER": self.env._("%(field)s isn't a number: “%(text)s”.", **values),
            "DATE": self.env._("%(field)s isn't a date: “%(text)s”.", **values),
        }
        return code, texts[code]

    @api.model
    def _explain(self, fault):
        """Return in the clerk's words why a whole file is refused, and what to do."""
        return getattr(self, f"_explain_{fault.code.lower()}")(fault.details)

    def _explain_size(self, details):
        error = type("Size", (), {"code": "SIZE", "details": details})
        return self.env["gas.import.message"]._explain(error)

    def _explain_twin(self, details):
        return self.env._(
            "The same file was imported as %s. Nothing is to be done.", details["name"]
        )

    def _explain_empty(self, _details):
        return self.env._("The file has no lines. Fetch it from the bank again.")

    def _explain_profile(self, details):
        return self.env._(
            "The bank profile can't be used: %s. A manager mends it.",
            details["encoding"],
        )

    def _explain_noprofile(self, _details):
        return self.env._("There is no bank profile yet. A manager adds one.")

    def _explain_unreadable(self, details):
        return self.env._(
            "None of the %(count)s bank profiles can read the file. Choose the "
            "batch it answers. First try: %(first)s",
            count=details["count"],
            first=self._explain(details["first"]),
        )

    def _explain_header(self, details):
        return self.env._(
            "Row %s: the header isn't as in the bank profile. Is it the file of "
            "another bank?",
            details["row"],
        )

    def _explain_trailer(self, details):
        return self.env._(
            "Row %s: the trailer is missing or isn't as in the bank profile. The file "
            "was cut off, or it is of another bank. Fetch it from the bank again.",
            details["row"],
        )

    def _explain_truncated(self, details):
        return self.env._(
            "Row %(row)s: the file ends in the middle of a line (%(found)s of "
            "%(wanted)s). Fetch it from the bank again.",
            **details,
        )

    def _explain_count(self, details):
        return self.env._(
            "The file says it has %(wanted)s lines; it has %(found)s. Fetch it from "
            "the bank again.",
            **details,
        )

    def _explain_sum(self, details):
        if details["found"] is None:
            return self.env._(
                "Row %(row)s: the amount can't be read, so the file's total %(wanted)s "
                "can't be checked. Fetch it from the bank again.",
                **details,
            )
        return self.env._(
            "The file says its lines are %(wanted)s; they are %(found)s. Fetch it from "
            "the bank again.",
            **details,
        )

    def _explain_nobatch(self, details):
        if details["name"]:
            return self.env._(
                "The file answers batch “%s”, which doesn't exist here.",
                details["name"],
            )
        return self.env._(
            "No line of the file was sent from here. Is it the file of another company?"
        )

    def _explain_batch(self, details):
        return self.env._(
            "The file answers batch %(found)s, not %(wanted)s. Choose the other batch, "
            "or leave it empty.",
            **details,
        )

    def _explain_otherprofile(self, details):
        return self.env._(
            "Batch %(batch)s wasn't sent with the bank profile “%(profile)s”.",
            **details,
        )

    def _explain_state(self, details):
        return self.env._(
            "Batch %s was cancelled. If the bank took it all the same, a manager has "
            "to settle it with accounting.",
            details["batch"],
        )

    def _explain_future(self, details):
        return self.env._(
            "The file is dated %s, after today. Is the bank profile right?",
            details["day"],
        )

    def _explain_early(self, details):
        return self.env._(
            "The file is dated %(day)s, but batch %(batch)s was sent on %(sent)s. Is "
            "the bank profile right?",
            **details,
        )

    def _explain_locked(self, details):
        return details["text"]
