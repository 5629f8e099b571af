from psycopg2 import DataError, IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

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


class GasCustomerImport(models.Model):
    """Customers of a former system: one line is one account, customer and meter.

    Lines are never merged by name, phone or address; premises with the very same
    address are shared, for several service points at one address are normal.
    """

    _name = "gas.customer.import"
    _description = "Customer Import"
    _inherit = ["gas.import.mixin"]
    _order = "id desc"

    profile_id = fields.Many2one(domain="[('kind', '=', 'customer')]")
    line_ids = fields.One2many(
        comodel_name="gas.customer.import.line",
        inverse_name="import_id",
        string="File Lines",
        readonly=True,
    )
    problem_ids = fields.One2many(
        comodel_name="gas.customer.import.line",
        inverse_name="import_id",
        string="Lines to Look at",
        domain=[("message", "!=", False), ("state", "!=", "duplicate")],
        readonly=True,
    )
    done_count = fields.Integer(string="Imported", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")

    @api.depends("ok_count", "done_count")
    def _compute_progress(self):
        for record in self:
            total = record.ok_count
            record.progress = 100.0 * record.done_count / total if total else 0.0

    @api.model
    def _get_headings(self):
        return {
            "用户编号": "account",
            "户名": "name",
            "电话": "phone",
            "小区": "community",
            "楼幢": "building",
            "单元": "unit",
            "房号": "room",
            "建筑类型": "building_type",
            "用户类别": "category",
            "气价": "tariff",
            "人口数": "persons",
            "表号": "meter",
            "表位数": "digits",
            "最大流量": "qmax",
            "启用日期": "installed",
            "期初读数": "register",
            "本年已用气量": "year_volume",
            "月均用量": "mean",
            "缴费方式": "channel",
            "银行账号": "bank_account",
            "抄表册": "book",
            "册内序号": "seq",
            "抄表序号": "seq",
            "开户日期": "opened",
            "表厂家": "manufacturer",
            "小数位": "decimals",
            "开户行": "bank_name",
            "期初欠费": "arrears",
            "欠费月份": "arrears_period",
            "期初预存": "credit",
        }

    @api.model
    def _get_required_columns(self):
        return (
            "account",
            "name",
            "tariff",
            "meter",
            "digits",
            "qmax",
            "installed",
            "register",
        )

    @api.model
    def _get_empty_line(self):
        return {"account": None, "customer": None, "meter": None, "data": None}

    # === CHECK ===#

    def _evaluate_rows(self, rows, twin):
        known = self._load_known(rows)
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
            fault = self._find_fault(texts, known, seen_accounts, seen_meters)
            if fault:
                line["state"], line["code"], line["message"] = fault
            else:
                self._add_notes(line, cells, texts)
                seen_accounts[texts["account"]] = texts
                seen_meters.add((texts.get("manufacturer") or "-", texts["meter"]))
            lines.append(line)
        return lines

    def _load_known(self, rows):
        """Return what the database knows of the file's codes."""
        company = [("company_id", "=", self.company_id.id)]
        codes = {clean(cells.get("account")) for _number, cells in rows}
        serials = {clean(cells.get("meter")) for _number, cells in rows}
        accounts = self.env["gas.account"].search_fetch(
            [("code", "in", list(codes)), *company], ["code"]
        )
        meters = self.env["gas.meter"].search_fetch(
            [("serial", "in", list(serials)), *company], ["serial", "manufacturer"]
        )
        tariffs = self.env["gas.tariff"].search_fetch(company, ["code"])
        return {
            "accounts": set(accounts.mapped("code")),
            "meters": {(meter.manufacturer, meter.serial) for meter in meters},
            "tariffs": set(tariffs.mapped("code")),
        }

    def _find_fault(self, texts, known, seen_accounts, seen_meters):
        """Return (state, code, message) of what keeps a row out, or None."""
        return (
            self._find_text_fault(texts)
            or self._find_number_fault(texts)
            or self._find_date_fault(texts)
            or self._find_known_fault(texts, known, seen_accounts, seen_meters)
        )

    def _find_text_fault(self, texts):
        for key in self._get_required_columns():
            if not texts.get(key):
                code = {"account": "ACCOUNT", "meter": "METER"}.get(key, "EMPTY")
                message = self.env._("Column %s is empty.", self._get_heading(key))
                return ("rejected", code, message)
        for key, code, values in (
            ("category", "CATEGORY", CATEGORIES),
            ("channel", "CHANNEL", CHANNELS),
        ):
            if texts.get(key) and texts[key] not in values:
                message = self.env._(
                    "Column %(column)s: “%(text)s” is none of %(known)s.",
                    column=self._get_heading(key),
                    text=texts[key],
                    known=" / ".join(values),
                )
                return ("rejected", code, message)
        return None

    def _find_number_fault(self, texts):
        for key, (low, high) in NUMBERS.items():
            text = texts.get(key) or ""
            if not text and key not in NEEDED_NUMBERS:
                continue
            value = parse_number(text)
            if value is None or (key in WHOLE and value != value.to_integral_value()):
                message = self.env._(
                    "Column %(column)s: “%(text)s” is not a number.",
                    column=self._get_heading(key),
                    text=text,
                )
                return ("rejected", "NUMBER", message)
            if value < low or value >= high or (key == "qmax" and not value):
                message = self.env._(
                    "Column %(column)s: %(text)s is out of range.",
                    column=self._get_heading(key),
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

    def _find_date_fault(self, texts):
        for key in ("installed", "opened"):
            text = texts.get(key) or ""
            if not text:
                continue
            day = parse_date(text)
            if not day:
                message = self.env._(
                    "Column %(column)s: “%(text)s” is not a date. Write 2026-10-20.",
                    column=self._get_heading(key),
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
        if period and not parse_date(f"{period}-01"):
            message = self.env._("“%s” is not a month. Write 2026-10.", period)
            return ("rejected", "DATE", message)
        return None

    def _find_known_fault(self, texts, known, seen_accounts, seen_meters):
        account, meter = texts["account"], texts["meter"]
        if account in known["accounts"]:
            message = self.env._("Account %s exists already.", account)
            return ("duplicate", "ACCOUNT", message)
        twin = seen_accounts.get(account)
        if twin:
            if {k: v for k, v in twin.items()} == texts:
                message = self.env._("The same line stands in this file already.")
                return ("duplicate", "LINE", message)
            message = self.env._("Account %s stands in this file twice.", account)
            return ("rejected", "ACCOUNT", message)
        key = (texts.get("manufacturer") or "-", meter)
        if key in known["meters"] or key in seen_meters:
            message = self.env._("Meter %s is used by another account.", meter)
            return ("rejected", "METER", message)
        if texts["tariff"] not in known["tariffs"]:
            message = self.env._("There is no tariff %s.", texts["tariff"])
            return ("rejected", "TARIFF", message)
        return None

    def _add_notes(self, line, cells, texts):
        """Say what was taken over though it looks odd."""
        phone = texts.get("phone")
        if phone and not parse_phone(phone).valid:
            line["code"] = "PHONE"
            line["message"] = self.env._("The phone number looks wrong; it was kept.")
        elif note := self._get_wide_note(cells):
            line["code"], line["message"] = note

    # === IMPORT ===#

    def action_lines(self):
        """Show the lines of the file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_customer_import_line_action"
        )
        shown = self.env.context.get("gas_line_filter")
        return action | {
            "display_name": self.name,
            "domain": [("import_id", "=", self.id)],
            "context": {f"search_default_{shown}": 1} if shown else {},
        }

    def action_accounts(self):
        """Show the accounts that were made of the file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_account_action"
        )
        accounts = self.line_ids.account_id
        return action | {"domain": [("id", "in", accounts.ids)], "context": {}}

    def _start_import(self):
        """Import at once, or in the background with progress if there are many."""
        if self._has_opening_money():
            self.company_id._check_gas_setup()
        if self.ok_count <= self.company_id.gas_inline_limit:
            return super()._start_import()
        if self.state == "checked":
            self.state = "importing"
        self.env.ref("cs_gas_billing.ir_cron_customer_import")._trigger()
        return True

    def _has_opening_money(self):
        """Whether a good line brings arrears or a credit to be posted."""
        self.env.flush_all()
        return bool(
            self.env.execute_query(
                SQL(
                    """
                    SELECT 1 FROM gas_customer_import_line
                     WHERE import_id = %s AND state = 'ok'
                       AND (coalesce(data->>'arrears', '') NOT IN ('', '0')
                            OR coalesce(data->>'credit', '') NOT IN ('', '0'))
                     LIMIT 1
                    """,
                    self.id,
                )
            )
        )

    def _import_lines(self):
        while self._import_chunk():
            pass

    def _import_chunk(self):
        """Create the accounts of the next lines; return whether there may be more."""
        self.ensure_one()
        lines = self.line_ids.search(
            [
                ("import_id", "=", self.id),
                ("state", "=", "ok"),
                ("account_id", "=", False),
            ],
            order="row",
            limit=self.company_id.gas_chunk_size,
        )
        if lines:
            self._build_lines(lines)
            return True
        self.write({"state": "done", "imported_on": fields.Datetime.now()})
        return False

    def _build_lines(self, lines):
        """Create the accounts of ``lines``; what the database refuses is rejected.

        A chunk that fails is tried in halves, so that one bad line stops nothing.
        """
        try:
            with self.env.cr.savepoint():
                self.env["gas.customer.builder"]._build(self.company_id, lines)
                self.done_count += len(lines)
                self.env.flush_all()
        except (UserError, IntegrityError, DataError) as error:
            self.env.invalidate_all(flush=False)
            if len(lines) > 1:
                half = len(lines) // 2
                self._build_lines(lines[:half])
                self._build_lines(lines[half:])
                return
            lines.write(
                {
                    "state": "rejected",
                    "code": "REFUSED",
                    "message": str(error).strip().partition("\n")[0],
                }
            )
            self.ok_count -= 1
            self.rejected_count += 1

    @api.model
    def _cron_import(self):
        progress = self.env["ir.cron"]._commit_progress
        for record in self.search([("state", "=", "importing")], order="id"):
            if not record.try_lock_for_update():
                continue
            progress(remaining=record.ok_count - record.done_count)
            while record.with_company(record.company_id)._import_chunk():
                if not progress(record.company_id.gas_chunk_size):
                    return
