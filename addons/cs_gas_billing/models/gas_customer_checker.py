from odoo import api, models

from odoo.addons.cs_base.tools.phone import parse as parse_phone

from ..tools.rounding import plain
from ..tools.tabular import clean, parse_date, parse_number

CHANNELS = {
    "现金": "cash",
    "营业厅": "cash",
    "银行代扣": "debit",
    "代扣": "debit",
    "托收": "debit",
    "对公转账": "transfer",
    "转账": "transfer",
    "IC卡": "ic",
}
CATEGORIES = {
    "居民": "resident",
    "公建": "commercial",
    "非居民": "commercial",
    "商业": "commercial",
    "工业": "commercial",
}
BUILDINGS = {"多层": "multi_storey", "高层": "high_rise", "别墅": "villa"}
#: column → (smallest, what is too large); checked and turned into numbers
NUMBERS = {
    "persons": (0, 1000),
    "digits": (1, 13),
    "qmax": (0, 10**6),
    "register": (0, 10**12),
    "year_volume": (0, 10**9),
    "mean": (0, 10**8),
    "seq": (0, 10**9),
    "decimals": (0, 4),
    "arrears": (0, 10**9),
    "credit": (0, 10**9),
}
WHOLE = {"persons", "digits", "seq", "decimals"}
NEEDED_NUMBERS = ("digits", "qmax", "register")


class GasCustomerChecker(models.AbstractModel):
    """Checks the rows of a customer file and turns their texts into plain values."""

    _name = "gas.customer.checker"
    _description = "Check of Customer Files"

    @api.model
    def _check(self, customer_import, rows):
        """Return the line values of [(row number, {column: text})].

        :param customer_import: the import the rows belong to; sudo
        """
        known = self._load_known(customer_import.company_id, rows)
        lines = []
        seen_accounts, seen_meters = {}, set()
        for number, cells in rows:
            texts = {key: clean(text) for key, text in cells.items()}
            line = {
                "row": number,
                "state": "ok",
                "code": None,
                "message": None,
                "account": texts.get("account") or None,
                "customer": texts.get("name") or None,
                "meter": texts.get("meter") or None,
                "data": texts,
            }
            fault = self._find_fault(
                customer_import, texts, known, seen_accounts, seen_meters
            )
            if fault:
                line["state"], line["code"], line["message"] = fault
            else:
                self._add_notes(customer_import, line, cells, texts)
                seen_accounts[texts["account"]] = texts
                seen_meters.add((texts.get("manufacturer") or "-", texts["meter"]))
            lines.append(line)
        return lines

    def _load_known(self, company, rows):
        """Return what the database knows of the file's codes."""
        own = [("company_id", "=", company.id)]
        codes = {clean(cells.get("account")) for _number, cells in rows}
        serials = {clean(cells.get("meter")) for _number, cells in rows}
        accounts = self.env["gas.account"].search_fetch(
            [("code", "in", list(codes)), *own], ["code"]
        )
        meters = self.env["gas.meter"].search_fetch(
            [("serial", "in", list(serials)), *own], ["serial", "manufacturer"]
        )
        tariffs = self.env["gas.tariff"].search_fetch(own, ["code"])
        return {
            "accounts": set(accounts.mapped("code")),
            "meters": {(meter.manufacturer, meter.serial) for meter in meters},
            "tariffs": set(tariffs.mapped("code")),
        }

    def _find_fault(self, customer_import, texts, known, seen_accounts, seen_meters):
        """Return (state, code, message) of what keeps a row out, or None."""
        return (
            self._find_text_fault(customer_import, texts)
            or self._find_number_fault(customer_import, texts)
            or self._find_date_fault(customer_import, texts)
            or self._find_known_fault(texts, known, seen_accounts, seen_meters)
        )

    def _find_text_fault(self, customer_import, texts):
        for key in customer_import._get_required_columns():
            if not texts.get(key):
                code = {"account": "ACCOUNT", "meter": "METER"}.get(key, "EMPTY")
                message = self.env._(
                    "Column %s is empty.", customer_import._get_heading(key)
                )
                return ("rejected", code, message)
        for key, code, values in (
            ("category", "CATEGORY", CATEGORIES),
            ("channel", "CHANNEL", CHANNELS),
        ):
            if texts.get(key) and texts[key] not in values:
                message = self.env._(
                    "Column %(column)s: “%(text)s” is none of %(known)s.",
                    column=customer_import._get_heading(key),
                    text=texts[key],
                    known=" / ".join(values),
                )
                return ("rejected", code, message)
        return None

    def _find_number_fault(self, customer_import, texts):
        for key, (low, high) in NUMBERS.items():
            text = texts.get(key) or ""
            if not text and key not in NEEDED_NUMBERS:
                continue
            value = parse_number(text)
            if value is None or (key in WHOLE and value != value.to_integral_value()):
                message = self.env._(
                    "Column %(column)s: “%(text)s” is not a number.",
                    column=customer_import._get_heading(key),
                    text=text,
                )
                return ("rejected", "NUMBER", message)
            if value < low or value >= high or (key == "qmax" and not value):
                message = self.env._(
                    "Column %(column)s: %(text)s is out of range.",
                    column=customer_import._get_heading(key),
                    text=text,
                )
                return ("rejected", "NUMBER", message)
            texts[key] = plain(value)
        if int(float(texts["register"])) >= 10 ** int(texts["digits"]):
            message = self.env._(
                "A register of %(digits)s digits can't show %(value)s.",
                digits=texts["digits"],
                value=texts["register"],
            )
            return ("rejected", "NUMBER", message)
        return None

    def _find_date_fault(self, customer_import, texts):
        for key in ("installed", "opened"):
            text = texts.get(key) or ""
            if not text:
                continue
            day = parse_date(text)
            if not day:
                message = self.env._(
                    "Column %(column)s: “%(text)s” is not a date. Write 2026-10-20.",
                    column=customer_import._get_heading(key),
                    text=text,
                )
                return ("rejected", "DATE", message)
            texts[key] = day.isoformat()
        if texts.get("opened") and texts["opened"] > texts["installed"]:
            message = self.env._(
                "The account was opened on %(opened)s, after its meter was installed.",
                opened=texts["opened"],
            )
            return ("rejected", "DATE", message)
        period = texts.get("arrears_period")
        if period:
            first = parse_date(f"{period}-01")
            if not first:
                message = self.env._("“%s” is not a month. Write 2026-10.", period)
                return ("rejected", "DATE", message)
            texts["arrears_period"] = first.strftime("%Y-%m")
        return None

    def _find_known_fault(self, texts, known, seen_accounts, seen_meters):
        account, meter = texts["account"], texts["meter"]
        if account in known["accounts"]:
            message = self.env._("Account %s exists already.", account)
            return ("duplicate", "ACCOUNT", message)
        twin = seen_accounts.get(account)
        if twin:
            if twin == texts:
                message = self.env._("The same line stands in this file already.")
                return ("duplicate", "LINE", message)
            message = self.env._("Account %s stands in this file twice.", account)
            return ("rejected", "ACCOUNT", message)
        key = (texts.get("manufacturer") or "-", meter)
        if key in known["meters"] or key in seen_meters:
            message = self.env._(
                "Meter %s is used by another account. Check the number.", meter
            )
            return ("rejected", "METER", message)
        if texts["tariff"] not in known["tariffs"]:
            message = self.env._(
                "There is no tariff %s. Create it first.", texts["tariff"]
            )
            return ("rejected", "TARIFF", message)
        return None

    def _add_notes(self, customer_import, line, cells, texts):
        """Say what was taken over though it looks odd."""
        phone = texts.get("phone")
        if phone and not parse_phone(phone).valid:
            line["code"] = "PHONE"
            line["message"] = self.env._("The phone number looks wrong; it was kept.")
        elif note := customer_import._get_wide_note(cells):
            line["code"], line["message"] = note
