import base64
import csv
import io
import json
import logging
from datetime import date

from odoo import api, models
from odoo.fields import Command
from odoo.tools import file_open

_logger = logging.getLogger(__name__)

LANGUAGE = "zh_CN"
LOGINS = (
    "reader",
    "reader2",
    "reader3",
    "clerk",
    "manager",
    "cashier",
    "cashier2",
    "accountant",
    "auditor",
)
FOLDER = "cs_gas_billing/demo"
#: Readings end here; the next month is what a new user bills himself.
OPENING_DAY = date(2026, 4, 20)
HISTORY = [
    ("2026-05", date(2026, 5, 20), (1.2, 1.1, 1.3, 1.0, 1.15)),
    ("2026-06", date(2026, 6, 20), (1.0, 0.95, 1.1, 0.9, 1.05)),
    ("2026-07", date(2026, 7, 20), (0.8, 0.9, 0.85, 0.75, 0.95)),
    ("2026-08", date(2026, 8, 20), (0.9, 1.1, 1.0, 0.8, 1.2)),
    ("2026-09", date(2026, 9, 20), (1.0, 0.9, 1.1, 1.05, 0.85)),
]
#: Where nobody was at home, by position in the file; estimated and read later.
MISSED_IN = "2026-07"
MISSED = (13, 88, 201)
LAST_READ = "上次抄表读数"
#: A restaurant that used far less in the last month.
FALLING = 0.3
NEXT_READING = date(2026, 10, 20)
BOOKS = {
    "001": ("瑞安坊一片", "reader"),
    "002": ("瑞安坊二片", "reader"),
    "003": ("翠湖苑一片", "reader2"),
    "004": ("翠湖苑二片", "reader2"),
    "005": ("城南商业街", "reader3"),
    "006": ("城东新区", "reader3"),
}


class GasDemo(models.AbstractModel):
    """Demo data: a gas company with billed months; the next one waits to be billed.

    Made through the same imports and runs that a user works with, each step as the
    role that does it. Loaded once, and only into a company with a chart of accounts.
    """

    _name = "gas.demo"
    _description = "Gas Demo Data"

    @api.model
    def _load(self):
        company = self.env.company
        if not company.chart_template:
            _logger.info(
                "%s has no chart of accounts: gas demo data is left out.", company.name
            )
            return
        if self.env["gas.account"].search_count([("company_id", "=", company.id)]):
            _logger.info("%s has gas accounts: demo data is left out.", company.name)
            return
        if LANGUAGE in dict(self.env["res.lang"].get_installed()):
            self = self.with_context(lang=LANGUAGE)  # noqa: PLW0642
        self._set_up(company)
        self._create_tariffs(company)
        self._create_books(company)
        rows = self._read_sample("customers.csv")
        history = self._invent_history(rows)
        self._import_customers(rows)
        for index, (period, day, _factors) in enumerate(HISTORY):
            self._import_readings(period, day, rows, history[index])
            if period == MISSED_IN:
                self._estimate(day)
            self._bill(period)
            self._take_money(company, period, day)
        self._leave_work(company)

    @api.model
    def _set_language(self):
        """Let the demo users work in Chinese where it is installed."""
        users = self.env["res.users"].search([("login", "in", LOGINS)])
        languages = dict(self.env["res.lang"].get_installed())
        if LANGUAGE in languages:
            users.partner_id.lang = LANGUAGE

    # === SET-UP ===#

    def _set_up(self, company):
        self.env["gas.setup"]._setup_company(company)
        ahead = (NEXT_READING - company._cs_today()).days
        if ahead > 0:  # a demo that is looked at before its readings were read
            company.gas_future_days = ahead + 31
        if company.name in ("My Company", "YourCompany"):
            company.name = "示范燃气"
            with file_open("cs_gas_billing/static/description/icon.png", "rb") as file:
                company.logo = base64.b64encode(file.read())
        if not company.phone:
            company.phone = "0571-96066"

    def _create_tariffs(self, company):
        with file_open(f"{FOLDER}/tariffs.json") as file:
            tariffs = json.load(file)
        categories = {
            category.code: category.id
            for category in self.env["gas.use.category"].search(
                [("company_id", "=", company.id)]
            )
        }
        self.env["gas.tariff"].create(
            [
                {
                    "code": code,
                    "name": data["name"],
                    "cycle": data["cycle"],
                    "use_category_id": categories[data["category"]],
                    "version_ids": [
                        Command.create(
                            {
                                "date_from": day,
                                "document": document,
                                "step_ids": self._prepare_steps(steps),
                            }
                        )
                        for day, document, steps in data["versions"]
                    ],
                    "allowance_ids": [
                        Command.create(
                            {"tier": tier, "persons": data["persons"], "extra": extra}
                        )
                        for tier, extra in enumerate(data.get("extra", ()), 1)
                    ],
                }
                for code, data in tariffs.items()
            ]
        )

    def _prepare_steps(self, steps):
        return [
            Command.create(
                {
                    "sequence": number,
                    "upper": upper or 0,
                    "is_last": upper is None,
                    "price": price,
                }
            )
            for number, (upper, price) in enumerate(steps, 1)
        ]

    def _create_books(self, company):
        self.env["gas.book"].create(
            [
                {
                    "company_id": company.id,
                    "code": code,
                    "name": name,
                    "reader_id": self._get_user(login).id,
                }
                for code, (name, login) in BOOKS.items()
            ]
        )

    def _get_user(self, login):
        return self.env.ref(f"cs_gas_billing.user_{login}_demo")

    def _as_role(self, login):
        return self.env(user=self._get_user(login))

    # === FILES ===#

    def _read_sample(self, name):
        with file_open(f"{FOLDER}/gas_month/{name}", "rb") as file:
            text = file.read().decode("gb18030")
        return list(csv.DictReader(io.StringIO(text)))

    def _invent_history(self, rows):
        """Set meters and year volumes back by the history; return the usages since.

        The register of the sample's start is kept, so the sample's next month bills
        what it bills without a history.

        :return: [[usage of each row] for each month of ``HISTORY``]
        """
        usages = [[] for _month in HISTORY]
        falling = next(
            row["用户编号"]
            for row in rows
            if row["用户类别"] == "公建" and float(row["月均用量"] or 0) > 100
        )
        for number, row in enumerate(rows):
            register = int(float(row["期初读数"]))
            counted = int(float(row["本年已用气量"] or 0))
            total = 0
            for month, (period, _day, factors) in enumerate(HISTORY):
                usage = int(
                    float(row["月均用量"] or 0)
                    * factors[(number + number // 25) % len(factors)]
                )
                if period == HISTORY[-1][0] and row["用户编号"] == falling:
                    usage = int(usage * FALLING)
                usage = max(0, min(usage, counted - total))
                usages[month].append(usage)
                total += usage
            row["期初读数"] = str(self._roll(row, register - total))
            row["本年已用气量"] = str(counted - total)
            row["启用日期"] = OPENING_DAY.isoformat()
        return usages

    def _roll(self, row, value):
        """Return what the register shows; it starts again after its last digit."""
        return value % 10 ** int(row["表位数"])

    def _import_customers(self, rows):
        self._import("gas.customer.import", "客户资料.csv", rows)

    def _import_readings(self, period, day, rows, usages):
        """Import the month; whom the reader missed is read with the next one."""
        lines = []
        for number, (row, usage) in enumerate(zip(rows, usages, strict=True)):
            before = int(row["期初读数"])
            row["期初读数"] = str(self._roll(row, before + usage))
            last = row.setdefault(LAST_READ, str(before))
            if period == MISSED_IN and number in MISSED:
                continue
            row[LAST_READ] = row["期初读数"]
            lines.append(
                {
                    "用户编号": row["用户编号"],
                    "表号": row["表号"],
                    "上期读数": last,
                    "本期读数": row["期初读数"],
                    "抄表日期": day.isoformat(),
                    "抄表员": "抄表员",
                    "备注": "",
                }
            )
        self._import("gas.reading.import", f"抄表数据{period}.csv", lines)

    def _import(self, model, filename, rows):
        out = io.StringIO()
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
        record = self._as_role("clerk")[model].create(
            {
                "name": filename,
                "filename": filename,
                "file": base64.b64encode(out.getvalue().encode("gb18030")),
            }
        )
        record.action_check()
        record.action_import()

    # === BILLS AND MONEY ===#

    def _bill(self, period):
        """Calculate as the clerk, approve as the manager, post as the clerk."""
        run = self._as_role("clerk")["gas.bill.run"].create({"period": period})
        run.action_calculate()
        run.with_env(self._as_role("manager")).action_approve()
        run.action_post()
