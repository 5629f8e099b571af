import base64
import csv
import io
from datetime import date

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

CUSTOMER_HEADER = [
    "用户编号",
    "户名",
    "电话",
    "小区",
    "楼幢",
    "单元",
    "房号",
    "建筑类型",
    "用户类别",
    "气价",
    "人口数",
    "表号",
    "表位数",
    "最大流量",
    "启用日期",
    "期初读数",
    "本年已用气量",
    "月均用量",
    "缴费方式",
    "银行账号",
    "抄表册",
    "册内序号",
]
READING_HEADER = [
    "用户编号",
    "表号",
    "上期读数",
    "本期读数",
    "抄表日期",
    "抄表员",
    "备注",
]
ROLES = ("reader", "cashier", "clerk", "manager", "accountant", "auditor")


class GasCommon(TransactionCase):
    """A gas company with tariffs, roles and helpers to read, bill and pay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, **DISABLED_MAIL_CONTEXT})
        cls.company = cls.env.company
        if not cls.company.chart_template:
            charts = cls.env["account.chart.template"]
            known = charts._get_chart_template_mapping()
            charts.try_loading("cn" if "cn" in known else "generic_coa", cls.company)
        cls.env["gas.setup"]._setup_company(cls.company)
        cls.company.gas_future_days = 36500
        cls.users = {
            role: new_test_user(
                cls.env,
                login=f"gas_{role}",
                groups=f"cs_gas_billing.group_{role}",
                company_id=cls.company.id,
            )
            for role in ROLES
        }
        cls.other_clerk = new_test_user(
            cls.env, login="gas_clerk_2", groups="cs_gas_billing.group_clerk"
        )
        cls.categories = {
            category.customer_category: category
            for category in cls.env["gas.use.category"].search(
                [("company_id", "=", cls.company.id)]
            )
        }
        cls.tariff = cls.make_tariff(
            "T-RES", [("2026-01-01", [(360, 2.67), (600, 3.20), (None, 4.01)])]
        )
        cls.tariff_com = cls.make_tariff(
            "T-COM", [("2026-01-01", [(None, 4.15)])], kind="commercial", cycle="none"
        )

    @classmethod
    def make_tariff(cls, code, versions, kind="resident", cycle="year", allowance=()):
        """Create a tariff from [(from, [(upper, price)])]."""
        return cls.env["gas.tariff"].create(
            {
                "code": code,
                "name": code,
                "cycle": cycle,
                "use_category_id": cls.categories[kind].id,
                "allowance_ids": [
                    Command.create({"tier": tier, "persons": 4, "extra": extra})
                    for tier, extra in enumerate(allowance, 1)
                ],
                "version_ids": [
                    Command.create(
                        {
                            "date_from": day,
                            "step_ids": [
                                Command.create(
                                    {
                                        "sequence": number,
                                        "upper": upper or 0,
                                        "is_last": upper is None,
                                        "price": price,
                                    }
                                )
                                for number, (upper, price) in enumerate(steps, 1)
                            ],
                        }
                    )
                    for day, steps in versions
                ],
            }
        )

    @classmethod
    def customer_row(cls, number, **values):
        """Return a line of a customer file; ``number`` makes it unique."""
        return {
            "用户编号": f"T{number:06d}",
            "户名": f"客户{number}",
            "电话": f"138{number:08d}",
            "小区": "测试苑",
            "楼幢": f"{number}幢",
            "单元": "1单元",
            "房号": "101",
            "建筑类型": "多层",
            "用户类别": "居民",
            "气价": "T-RES",
            "人口数": "3",
            "表号": f"TM{number:06d}",
            "表位数": "5",
            "最大流量": "4",
            "启用日期": "2026-09-20",
            "期初读数": "1000",
            "本年已用气量": "0",
            "月均用量": "40",
            "缴费方式": "现金",
            "银行账号": "",
            "抄表册": "T01",
            "册内序号": str(number),
            **values,
        }

    @classmethod
    def reading_row(cls, number, value, previous="1000", day="2026-10-20", **values):
        return {
            "用户编号": f"T{number:06d}",
            "表号": f"TM{number:06d}",
            "上期读数": str(previous),
            "本期读数": str(value),
            "抄表日期": day,
            "抄表员": "甲",
            "备注": "",
            **values,
        }

    @classmethod
    def to_csv(cls, header, rows, encoding="utf-8"):
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, header, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        return buffer.getvalue().encode(encoding)

    @classmethod
    def load(cls, model, data, filename="file.csv", user="clerk", import_it=True):
        """Create, check and import a file as ``user``; return the import."""
        record = (
            cls.env[model]
            .with_user(cls.users[user])
            .create({"file": base64.b64encode(data), "filename": filename})
        )
        record.action_check()
        if import_it:
            record.action_import()
        return record

    @classmethod
    def make_accounts(cls, count=1, first=1, **values):
        """Import ``count`` accounts and return them in order."""
        rows = [
            cls.customer_row(number, **values) for number in range(first, first + count)
        ]
        done = cls.load("gas.customer.import", cls.to_csv(CUSTOMER_HEADER, rows))
        assert done.ok_count == count, done.line_ids.mapped("message")
        return cls.env["gas.account"].search(
            [("code", "in", [row["用户编号"] for row in rows])], order="code"
        )

    @classmethod
    def read_meters(cls, values, day="2026-10-20", **common):
        """Import readings {number: register}; return the import."""
        rows = [
            cls.reading_row(number, value, day=day, **common)
            for number, value in values.items()
        ]
        return cls.load("gas.reading.import", cls.to_csv(READING_HEADER, rows))

    @classmethod
    def make_run(cls, period="2026-10", first="2026-09-20", last="2026-10-20"):
        return (
            cls.env["gas.bill.run"]
            .with_user(cls.users["clerk"])
            .create({"period": period, "read_date_from": first, "read_date_to": last})
        )

    @classmethod
    def bill(cls, run=None, post=True, **window):
        """Calculate, approve by the manager and post; return the run."""
        run = run or cls.make_run(**window)
        run.action_calculate()
        run.with_user(cls.users["manager"]).action_approve()
        if post:
            run.action_post()
        return run

    @classmethod
    def hall(cls, user=None):
        return cls.env["gas.hall"].with_user(user or cls.users["cashier"])

    @staticmethod
    def seen(shown):
        """What the screen shows of an account, as it sends it back."""
        bills = {
            bill["id"]: [bill["principal"], bill["fee"]] for bill in shown["bills"]
        }
        return {**bills, "credit": shown["credit"]}

    @classmethod
    def take(cls, account, tendered=None, method="cash", user=None, **more):
        """Look at the account at the hall and take money; return the receipt.

        :param tendered: default: everything that is owed
        :param more: what else the screen sends; ``seen`` if it is out of date
        """
        hall = cls.hall(user)
        shown = hall.load_account(account.id)
        seen = more.pop("seen", cls.seen(shown))
        amount = shown["total"] if tendered is None else tendered
        answer = hall.collect(account.id, method, amount, seen, **more)
        return cls.env["gas.receipt"].browse(answer["id"])

    @classmethod
    def make_bookkeeper(cls):
        """Return an accountant who may match items in Odoo's own screens."""
        return new_test_user(
            cls.env,
            login="gas_bookkeeper",
            groups="cs_gas_billing.group_accountant,account.group_account_user",
            company_id=cls.company.id,
        )

    @classmethod
    def day(cls, text):
        return date.fromisoformat(text)
