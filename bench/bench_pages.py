"""The customer's page and the reader's book among 200,000 bills, as phones ask."""

import datetime
import random
import uuid

import requests

from bench import common, town
from dev import database, node, postgres

ACCOUNTS = common.scaled(20000, 800)
MONTHS = 10
CUSTOMERS = 30
ROUNDS = 3
BOOKS = 2
LIMIT_MS = 500


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def make_customers(env):
    """Give some customers a login; return [(login, account id)]."""
    rng = random.Random(20261122)
    chosen = []
    for number in rng.sample(range(1, ACCOUNTS + 1), CUSTOMERS):
        house = town.House(number)
        account = env["gas.account"].search([("code", "=", house.account)])
        login = f"customer{number}"
        user = env["res.users"].create(
            {
                "name": house.name,
                "login": login,
                "password": login,
                "partner_id": account.partner_id.id,
                "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
            }
        )
        assert user.partner_id == account.partner_id
        chosen.append((login, account.id))
    return chosen


def make_reader(env):
    reader = env["res.users"].create(
        {
            "name": "reader",
            "login": "bench_reader",
            "password": "bench_reader",
            "group_ids": [(6, 0, env.ref("cs_gas_billing.group_reader").ids)],
        }
    )
    books = env["gas.book"].search([], limit=BOOKS)
    books.reader_id = reader
    return books


class Phone:
    """A browser session that measures how long answers take."""

    def __init__(self, server, login):
        self.url = server.url
        self.session = requests.Session()
        answer = self.ask(
            "/web/session/authenticate",
            {"db": server.database, "login": login, "password": login},
        )
        assert answer["uid"], login

    def get(self, path, shown):
        """Open a page that shows a text; return milliseconds."""
        with common.Timer() as timer:
            response = self.session.get(self.url + path, timeout=60)
        assert response.status_code == 200, (path, response.status_code)
        assert shown in response.text, path
        return timer.seconds * 1000

    def ask(self, path, params):
        payload = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.session.post(self.url + path, json=payload, timeout=60).json()
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def measure(self, path, params):
        """Ask for JSON; return (answer, milliseconds)."""
        with common.Timer() as timer:
            answer = self.ask(path, params)
        return answer, timer.seconds * 1000


def measure_customers(server, customers):
    """Return milliseconds of every account page and form."""
    times = {"account": [], "form": []}
    for login, account_id in customers:
        phone = Phone(server, login)
        for _round in range(ROUNDS):
            page = f"/my/gas/{account_id}"
            times["account"].append(phone.get(page, "o_gas_year_bar"))
            times["form"].append(phone.get(f"{page}/reading", "o_gas_reading_form"))
    return times


def measure_reader(server, lines_wanted):
    """Return milliseconds of the book and of a reading that is sent."""
    times = {"book": [], "reading": []}
    phone = Phone(server, "bench_reader")
    for _round in range(CUSTOMERS):
        answer, milliseconds = phone.measure("/gas/reader/books", {})
        times["book"].append(milliseconds)
        lines = [line for book in answer["books"] for line in book["lines"]]
        assert len(lines) == lines_wanted, (len(lines), lines_wanted)
        line = next(line for line in lines if not line["read"])
        now = datetime.datetime.now(datetime.UTC).isoformat()
        entry = {
            "uuid": str(uuid.uuid4()),
            "kind": "reading",
            "install": line["install"],
            "value": str(int(float(line["prev"])) + 30),
            "at": now,
        }
        answer, milliseconds = phone.measure(
            "/gas/reader/push",
            {"items": [entry], "sent_at": now, "uid": answer["uid"]},
        )
        assert answer["results"][0]["status"] == "taken", answer
        times["reading"].append(milliseconds)
    return times


def main(env):
    town.set_up(env)
    with common.phase(f"{ACCOUNTS} accounts, {ACCOUNTS * MONTHS} bills"):
        town.fill(env, ACCOUNTS)
        for month in range(1, MONTHS + 1):
            town.fill_month(env, month, paid=month < MONTHS)
    customers = make_customers(env)
    books = make_reader(env)
    lines = env["gas.account"].search_count([("book_id", "in", books.ids)])
    env.cr.commit()
    config = database.Builder(postgres.server("test")).config()
    with node.start(config, env.cr.dbname, "--max-cron-threads=0") as server:
        server.database = env.cr.dbname
        # the first page builds templates and assets
        measure_customers(server, customers[:1])
        pages = measure_customers(server, customers)
        book = measure_reader(server, lines)
        memory = server.peak_mb()
    for kind, values in {**pages, **book}.items():
        print(
            f"  {kind:10} median {percentile(values, 0.5):6.1f} ms, "
            f"p95 {percentile(values, 0.95):6.1f} ms"
        )
    bills = f"{ACCOUNTS * MONTHS:,} bills"
    for work, values in (
        (f"customer's page, {bills}", pages),
        (f"reader's book of {lines}, {bills}", book),
    ):
        p95 = max(percentile(kind, 0.95) for kind in values.values())
        common.report(
            env,
            work,
            f"p95 {p95:.0f} ms",
            f"p95 ≤ {LIMIT_MS} ms",
            p95 <= LIMIT_MS,
            memory=memory,
        )


if "env" in globals():
    main(globals()["env"])
