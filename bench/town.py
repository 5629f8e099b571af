"""A made-up town: accounts with all that belongs to them, written with SQL.

Everything follows from a running number, so that files for the same accounts can be
written without asking the database.
"""

import datetime

from odoo.fields import Command

from odoo.addons.cs_base.tools import address, phone, pinyin
from odoo.addons.cs_gas_billing.bulk import insert

SURNAMES = "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹"
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍"
    "红鹏宇浩然欣怡子轩梓涵雨佳志国建文海峰晓东春梅"
)
COMMUNITIES = (
    "阳光花园",
    "长春路小区",
    "金桂苑",
    "和平新村",
    "幸福里",
    "滨江名都",
    "翠湖山庄",
    "学府家园",
    "东方明珠城",
    "新世纪小区",
    "紫荆公寓",
    "机械厂宿舍",
)
MOBILES = (133, 135, 136, 138, 139, 150, 158, 177, 186, 189)
OPENED = datetime.date(2024, 1, 1)
INSTALLED = datetime.date(2025, 12, 20)
#: Rows written by one statement; keeps the memory of the benchmark itself small.
STEP = 5000
PER_BOOK = 400
STEPS = (("360", "3.45"), ("600", "4.14"), (None, "5.18"))
#: What is written here, and what the database has to know the size of.
TABLES = (
    "res_partner",
    "cs_premises",
    "cs_phone_number",
    "gas_account",
    "gas_service_point",
    "gas_agreement",
    "gas_household",
    "gas_meter",
    "gas_meter_install",
    "gas_reading",
    "gas_usage_ledger",
    "gas_bill",
    "gas_bill_line",
    "account_move",
    "account_move_line",
)
ROLES = {"clerk": "clerk", "manager": "manager", "cashier": "cashier"}


class House:
    """The values of one account by its running number."""

    def __init__(self, number):
        self.number = number
        mixed = number * 2654435761 % 2**32
        surname = SURNAMES[mixed % len(SURNAMES)]
        mixed //= len(SURNAMES)
        first = GIVEN[mixed % len(GIVEN)]
        mixed //= len(GIVEN)
        second = GIVEN[mixed % len(GIVEN)] if number % 4 else ""
        self.name = surname + first + second
        self.account = f"G{number:08d}"
        self.meter = f"M{number * 7 % 10**9:09d}"
        block, flat = divmod(number, 72)
        group, self.seq = divmod(number, PER_BOOK)
        self.book = f"{group + 1:03d}"
        place, building = divmod(block, 60)
        self.community = COMMUNITIES[place % len(COMMUNITIES)]
        if place >= len(COMMUNITIES):
            self.community += f"{place // len(COMMUNITIES) + 1}期"
        self.building = str(building + 1)
        self.unit = f"{flat // 24 + 1}单元"
        self.room = f"{flat % 24 // 4 + 1}0{flat % 4 + 1}"
        self.phone = f"{MOBILES[number % 10]}{number * 48271 % 10**8:08d}"
        self.persons = 3 + number % 3
        self.register = 1000 + number % 8000

    def usage(self, month):
        """m³ of the month with this running number; most homes stay in tier 1."""
        return 12 + (self.number * 31 + month * 17) % 40

    def register_at(self, month):
        return self.register + sum(self.usage(past) for past in range(1, month + 1))


def reading_day(month):
    """The day of the month's reading, the 20th, counted from the installing."""
    year, index = divmod(INSTALLED.month - 1 + month, 12)
    return INSTALLED.replace(year=INSTALLED.year + year, month=index + 1)


def set_up(env):
    """Accounting, tariff and one user for each role; returns {role: env}."""
    company = env.company
    env["gas.setup"]._setup_company(company)
    company.gas_future_days = 36500
    category = env["gas.use.category"].search(
        [("company_id", "=", company.id), ("customer_category", "=", "resident")]
    )
    env["gas.tariff"].create(
        {
            "code": "RES-A",
            "name": "RES-A",
            "cycle": "year",
            "use_category_id": category.id,
            "allowance_ids": [
                Command.create({"tier": 1, "persons": 4, "extra": 80.0}),
                Command.create({"tier": 2, "persons": 4, "extra": 150.0}),
            ],
            "version_ids": [
                Command.create(
                    {
                        "date_from": "2024-01-01",
                        "step_ids": [
                            Command.create(
                                {
                                    "sequence": number,
                                    "upper": float(upper or 0),
                                    "is_last": upper is None,
                                    "price": float(price),
                                }
                            )
                            for number, (upper, price) in enumerate(STEPS, 1)
                        ],
                    }
                )
            ],
        }
    )
    users = {
        role: env["res.users"].create(
            {
                "name": role,
                "login": f"bench_{role}",
                "group_ids": [
                    Command.set([env.ref(f"cs_gas_billing.group_{group}").id])
                ],
            }
        )
        for role, group in ROLES.items()
    }
    env.cr.commit()
    return {role: env(user=user) for role, user in users.items()}


def fill(env, count):
    """Write ``count`` accounts with customer, premises, meter and opening reading."""
    books = _fill_books(env, count)
    tariff = env["gas.tariff"].search([("code", "=", "RES-A")])
    for start in range(1, count + 1, STEP):
        houses = [House(n) for n in range(start, min(start + STEP, count + 1))]
        _fill_chunk(env, houses, books, tariff)
    _finish(env)


def _fill_books(env, count):
    codes = sorted({House(number).book for number in range(1, count + 1)})
    books = env["gas.book"].create([{"code": code} for code in codes])
    return dict(zip(codes, books.ids, strict=True))


def _fill_chunk(env, houses, books, tariff):
    company = {"company_id": env.company.id}
    partners = _fill_partners(env, houses)
    premises = insert(
        env["cs.premises"],
        [
            company
            | {
                "community": h.community,
                "building": h.building,
                "unit": h.unit,
                "room": h.room,
                "full_address": address.full_address(
                    "", h.community, h.building, h.unit, h.room
                ),
                "building_type": "multi_storey",
                "occupancy": "occupied",
                "active": True,
            }
            for h in houses
        ],
    )
    accounts = insert(
        env["gas.account"],
        [
            company
            | {
                "code": h.account,
                "partner_id": partner_id,
                "category": "resident",
                "state": "active",
                "opened_on": OPENED,
                "pay_channel": "cash",
                "book_id": books[h.book],
                "book_seq": h.seq,
            }
            for h, partner_id in zip(houses, partners, strict=True)
        ],
    ).ids
    points = insert(
        env["gas.service.point"],
        [
            company
            | {
                "code": h.account,
                "premises_id": place_id,
                "state": "live",
                "opening_mean": 30,
            }
            for h, place_id in zip(houses, premises.ids, strict=True)
        ],
    ).ids
    insert(
        env["gas.agreement"],
        [
            company
            | {
                "service_point_id": point_id,
                "account_id": account_id,
                "tariff_id": tariff.id,
                "date_from": OPENED,
            }
            for point_id, account_id in zip(points, accounts, strict=True)
        ],
    )
    insert(
        env["gas.household"],
        [
            company
            | {
                "service_point_id": point_id,
                "date_from": OPENED,
                "persons": h.persons,
            }
            for h, point_id in zip(houses, points, strict=True)
        ],
    )
    meters = insert(
        env["gas.meter"],
        [
            company
            | {
                "serial": h.meter,
                "manufacturer": "-",
                "kind": "ordinary",
                "digits": 5,
                "decimals": 0,
                "qmax": 4,
                "active": True,
            }
            for h in houses
        ],
    ).ids
    installs = insert(
        env["gas.meter.install"],
        [
            company
            | {
                "meter_id": meter_id,
                "service_point_id": point_id,
                "date_from": INSTALLED,
                "reading_on": h.register,
            }
            for h, meter_id, point_id in zip(houses, meters, points, strict=True)
        ],
    ).ids
    insert(
        env["gas.reading"],
        [
            company
            | {
                "service_point_id": point_id,
                "install_id": install_id,
                "read_date": INSTALLED,
                "value": h.register,
                "source": "opening",
                "state": "billed",
            }
            for h, point_id, install_id in zip(houses, points, installs, strict=True)
        ],
    )


def _fill_partners(env, houses):
    partners = insert(
        env["res.partner"],
        [
            {
                "company_id": env.company.id,
                "name": h.name,
                "complete_name": h.name,
                "cs_pinyin": pinyin.initials(h.name),
                "phone": h.phone,
                "type": "contact",
                "active": True,
                "is_company": False,
                "partner_share": True,
                "lang": "zh_CN",
                "autopost_bills": "ask",
                "customer_rank": 1,
            }
            for h in houses
        ],
    ).ids
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)",
        [partners],
    )
    insert(
        env["cs.phone.number"],
        [
            {
                "partner_id": partner_id,
                "raw": h.phone,
                "e164": f"+86{h.phone}",
                "digits": h.phone,
                "digits_reversed": h.phone[::-1],
                "kind": phone.MOBILE,
                "valid": True,
                "primary": True,
                "from_phone": True,
            }
            for h, partner_id in zip(houses, partners, strict=True)
        ],
    )
    return partners


def _finish(env):
    env.invalidate_all()
    env.cr.commit()
    env.cr.execute(f"ANALYZE {', '.join(TABLES)}")
    env.cr.commit()


#: One month's readings of every meter, after the one before.
READINGS = """
    INSERT INTO gas_reading (
           company_id, service_point_id, install_id, account_id, book_id, read_date,
           value, previous_id, prev_date, prev_value, usage, mean, state, source,
           create_uid, write_uid, create_date, write_date)
    SELECT r.company_id, r.service_point_id, r.install_id, a.id, a.book_id, %(day)s,
           r.value + u.usage, r.id, r.read_date, r.value, u.usage, 30, %(state)s,
           'handheld', 1, 1, now(), now()
      FROM gas_reading r
      JOIN gas_agreement g ON g.service_point_id = r.service_point_id
      JOIN gas_account a ON a.id = g.account_id
     CROSS JOIN LATERAL (
           SELECT 12 + (substr(a.code, 2)::bigint * 31 + %(month)s * 17) %% 40
                  AS usage) u
     WHERE r.read_date = %(before)s
"""
#: Their bills, posted and paid.
BILLS = """
    INSERT INTO gas_bill (
           name, company_id, currency_id, account_id, partner_id, service_point_id,
           agreement_id, tariff_id, use_category_id, category, book_id, book_seq, kind,
           period, date_from, date_to, date_due, register_from, register_to, volume,
           amount_total, amount_base, amount_tax, amount_residual, state, fee_settled,
           create_uid, write_uid, create_date, write_date)
    SELECT 'QF' || to_char(r.read_date, 'YYMM') || lpad(substr(a.code, 4), 6, '0'),
           r.company_id, c.currency_id, a.id, a.partner_id, r.service_point_id, g.id,
           t.id, t.use_category_id, a.category, a.book_id, a.book_seq, 'actual',
           to_char(r.read_date, 'YYYY-MM'), r.prev_date, r.read_date, r.read_date + 10,
           r.prev_value, r.value, r.usage, m.amount, m.amount - m.tax, m.tax,
           %(residual)s * m.amount, 'posted', %(residual)s = 0, 1, 1, now(), now()
      FROM gas_reading r
      JOIN gas_agreement g ON g.service_point_id = r.service_point_id
      JOIN gas_account a ON a.id = g.account_id
      JOIN gas_tariff t ON t.id = g.tariff_id
      JOIN res_company c ON c.id = r.company_id
     CROSS JOIN LATERAL (
           SELECT round(r.usage * 3.45, 2) AS amount,
                  round(r.usage * 3.45 * 9 / 109, 2) AS tax) m
     WHERE r.read_date = %(day)s AND r.source = 'handheld'
"""
LINES = """
    INSERT INTO gas_bill_line (
           bill_id, company_id, currency_id, sequence, year, tier, version_id, date_to,
           quantity, price_unit, amount, base, tax,
           create_uid, write_uid, create_date, write_date)
    SELECT b.id, b.company_id, b.currency_id, 1, extract(year FROM b.date_to), 1, v.id,
           b.date_to, b.volume, 3.45, b.amount_total, b.amount_base, b.amount_tax,
           1, 1, now(), now()
      FROM gas_bill b JOIN gas_tariff_version v ON v.tariff_id = b.tariff_id
     WHERE b.date_to = %(day)s
"""
LEDGER = """
    INSERT INTO gas_usage_ledger (
           company_id, service_point_id, cycle_year, quantity, kind, bill_id,
           create_uid, write_uid, create_date, write_date)
    SELECT company_id, service_point_id, extract(year FROM date_to), volume, 'bill', id,
           1, 1, now(), now()
      FROM gas_bill WHERE date_to = %(day)s
"""
BILLED = """
    UPDATE gas_reading r SET bill_id = b.id
      FROM gas_bill b
     WHERE b.service_point_id = r.service_point_id AND b.date_to = r.read_date
       AND r.read_date = %(day)s
"""


def fill_month(env, month, *, billed=True, paid=True):
    """Write the month's readings, and if ``billed`` their bills too."""
    values = {
        "month": month,
        "day": reading_day(month),
        "before": reading_day(month - 1),
        "state": "billed" if billed else "validated",
        "residual": 0 if paid else 1,
    }
    for statement in (READINGS, *((BILLS, LINES, LEDGER, BILLED) if billed else ())):
        env.cr.execute(statement, values)
    _finish(env)


def fill_ledger(env, run, month):
    """Write the month's entries as paid ones: copies of those of a real ``run``."""
    env.cr.execute("SELECT max(id) FROM account_move")
    moves = env.cr.fetchone()[0]
    env.cr.execute("SELECT max(id) FROM account_move_line")
    lines = env.cr.fetchone()[0]
    day = reading_day(month)
    _copy(
        env,
        "account_move",
        {
            "id": f"t.id + {moves}",
            "name": f"t.name || '/{month}'",
            "date": f"'{day}'::date",
            "gas_run_id": "NULL",
        },
        f"WHERE t.gas_run_id = {run.id}",
    )
    _copy(
        env,
        "account_move_line",
        {
            "id": f"t.id + {lines}",
            "move_id": f"t.move_id + {moves}",
            "move_name": f"t.move_name || '/{month}'",
            "date": f"'{day}'::date",
            "gas_bill_id": "n.id",
            "amount_residual": "0",
            "amount_residual_currency": "0",
            "reconciled": "TRUE",
        },
        "JOIN account_move m ON m.id = t.move_id "
        "LEFT JOIN gas_bill b ON b.id = t.gas_bill_id "
        "LEFT JOIN gas_bill n ON n.service_point_id = b.service_point_id "
        f"AND n.date_to = '{day}' WHERE m.gas_run_id = {run.id}",
    )
    env.cr.execute(
        "UPDATE gas_bill b SET move_line_id = l.id FROM account_move_line l "
        "WHERE l.gas_bill_id = b.id AND b.date_to = %s",
        [day],
    )
    _finish(env)


def _copy(env, table, changes, condition):
    """Insert copies of rows with other values in some columns, given as SQL."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
        "AND table_schema = current_schema AND is_generated = 'NEVER'",
        [table],
    )
    names = [row[0] for row in env.cr.fetchall()]
    values = [changes.get(name, f't."{name}"') for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO {table} ({columns}) "
        f"SELECT {', '.join(values)} FROM {table} t {condition}"
    )
    env.cr.execute(
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
    )
