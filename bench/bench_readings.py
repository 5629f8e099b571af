"""Import and validation of 20,000 readings, against Odoo's own ``load()``."""

import base64
import csv
import io

from bench import common, town

COUNT = common.scaled(20000, 200)
PEER_COUNT = common.scaled(1000, 100)
MONTHS = 10
HEADINGS = ("用户编号", "表号", "上期读数", "本期读数", "抄表日期", "抄表员", "备注")


def rows_of(month, first, count):
    """A handheld's rows; one in a hundred is far too high and will be held."""
    day = town.reading_day(month).isoformat()
    for number in range(first, first + count):
        house = town.House(number)
        before = house.register_at(month - 1)
        extra = 700 if number % 100 == 0 else 0
        yield (
            house.account,
            house.meter,
            before,
            before + house.usage(month) + extra,
            day,
            f"抄表员{house.book}",
            "",
        )


def write_csv(rows):
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    return base64.b64encode(buffer.getvalue().encode())


def run_ours(env, month):
    """Check and import a file of all accounts; return seconds."""
    record = env["gas.reading.import"].create(
        {
            "name": f"month {month}",
            "filename": f"{month}.csv",
            "file": write_csv(rows_of(month, 1, COUNT)),
        }
    )
    env.cr.commit()

    def work():
        record.action_check()
        env.cr.commit()
        record.action_import()
        while record.state == "importing":
            record.sudo()._import_chunk()
            env.cr.commit()

    seconds = common.timed(env, work)
    assert record.ok_count == COUNT, (record.message, record.ok_count)
    assert record.held_count == COUNT // 100, record.held_count
    env.invalidate_all()
    return seconds


def run_peer(env, month):
    """Load the same rows as the superuser, account and meter by name; no checks.

    Names are looked up in one indexed column only, the fastest way there is.
    """
    type(env["gas.account"])._rec_names_search = ["code"]
    type(env["gas.meter.install"])._rec_names_search = ["meter_id.serial"]
    fields = ["account_id", "install_id", "service_point_id/.id"]
    fields += ["prev_value", "value", "read_date", "reader", "note"]
    points = dict(
        env["gas.service.point"]
        .search_fetch([], ["code"], limit=PEER_COUNT + 1, order="code")
        .mapped(lambda point: (point.code, str(point.id)))
    )
    rows = [
        [account, meter, points[account], str(before), str(value), *rest]
        for account, meter, before, value, *rest in rows_of(month, 1, PEER_COUNT + 1)
    ]
    env["gas.reading"].load(fields, [rows.pop()])  # what is loaded but once
    env.invalidate_all()

    def work():
        result = env["gas.reading"].load(fields, rows)
        assert result["ids"] and len(result["ids"]) == len(rows), result["messages"]

    return common.timed(env, work)


def main(env):
    roles = town.set_up(env)
    with common.phase(f"{COUNT} accounts"):
        town.fill(env, COUNT)
    ours = common.rate(COUNT, run_ours(roles["clerk"], 1))
    memory = common.peak_mb()
    peer = common.rate(PEER_COUNT, run_peer(env, 2))
    row = {"peer": f"{peer:.0f}/s", "must": "≥ 6 ×"}
    common.report(
        env,
        f"import + VEE of {COUNT:,} readings",
        f"{ours:.0f}/s",
        ok=ours >= 6 * peer,
        ratio=ours / peer,
        memory=memory,
        **row,
    )
    env.cr.execute("DELETE FROM gas_reading WHERE source != 'opening'")
    env.cr.execute("DELETE FROM gas_reading_import_line")
    with common.phase(f"{COUNT * MONTHS} bills and readings of {MONTHS} months"):
        for month in range(1, MONTHS + 1):
            town.fill_month(env, month)
    ours = common.rate(COUNT, run_ours(roles["clerk"], MONTHS + 1))
    common.report(
        env,
        f"the same beside {COUNT * MONTHS:,} bills",
        f"{ours:.0f}/s",
        ok=ours >= 6 * peer,
        ratio=ours / peer,
        **row,
    )


if "env" in globals():
    main(globals()["env"])
