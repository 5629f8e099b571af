"""Search of the hall among 100,000 accounts."""

import random

from odoo.addons.cs_base.tools import pinyin

from bench import common, town

COUNT = common.scaled(100000, 1000)
SAMPLES = 25
LIMIT_MS = 200
MONTH = 1


def terms_of(house, rng):
    """What a customer or a scanner may say: {kind: (term, found for certain)}."""
    bill = f"QF{town.reading_day(MONTH):%y%m}{house.account[3:]}"
    terms = {
        "account number": (house.account, True),
        "account number, beginning": (house.account[:6], False),
        "meter number": (house.meter, True),
        "meter number, beginning": (house.meter[:6], False),
        "bill number": (bill, True),
        "bill QR code": (f"GASBILL:{bill}", True),
        "phone, 4 digits": (house.phone[-4:], False),
        "phone, 8 digits": (house.phone[-8:], True),
        "phone, 11 digits": (house.phone, True),
        "pinyin initials": (pinyin.initials(house.name), False),
        "address": (f"{house.community}{house.building}幢{house.unit}", False),
        "address, written shortly": (
            f"{house.community}{house.building}-{house.unit[0]}-{house.room}",
            True,
        ),
        "community": (house.community, False),
        "room": (house.room, False),
        "surname": (house.name[0], False),
        f"name of {len(house.name)} signs": (house.name, False),
        "name and address": (f"{house.name} {house.community}", False),
    }
    unknown = f"{rng.randrange(10**7, 10**8)}"
    return terms | {
        "unknown number": (f"9{unknown}0", None),
        "unknown name": ("龘靐", None),
    }


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def search(env, term):
    """Search as a request of its own does, with nothing cached; milliseconds."""
    env.invalidate_all()
    with common.Timer() as timer:
        found = env["gas.hall"].search_accounts(term)
    env.cr.rollback()
    return found, timer.seconds * 1000


def main(env):
    roles = town.set_up(env)
    with common.phase(f"{COUNT} accounts, each with an open bill"):
        town.fill(env, COUNT)
        town.fill_month(env, MONTH, paid=False)
    cashier = roles["cashier"]
    search(cashier, "G0000")
    rng = random.Random(20261120)
    times = {}
    for number in rng.sample(range(1, COUNT + 1), SAMPLES * 2):
        house = town.House(number)
        for kind, (term, certain) in terms_of(house, rng).items():
            found, milliseconds = search(cashier, term)
            times.setdefault(kind, []).append(milliseconds)
            if certain is None:
                assert not found, (kind, term, found)
            else:
                assert found, (kind, term)
            if certain:
                codes = [hit["code"] for hit in found]
                assert house.account in codes, (kind, term, codes)
    for kind, values in times.items():
        print(
            f"  {kind:26} median {percentile(values, 0.5):6.1f} ms, "
            f"p95 {percentile(values, 0.95):6.1f} ms"
        )
    everything = [value for values in times.values() for value in values]
    p95 = percentile(everything, 0.95)
    worst = max(percentile(values, 0.95) for values in times.values())
    common.report(
        env,
        f"hall search, {COUNT:,} accounts",
        f"p95 {p95:.0f} ms (worst kind {worst:.0f} ms)",
        f"p95 ≤ {LIMIT_MS} ms",
        p95 <= LIMIT_MS,
        memory=common.peak_mb(),
    )


if "env" in globals():
    main(globals()["env"])
