"""Rating: rules one by one, and against a day-by-day oracle on random bills."""

import itertools
import json
import random
from datetime import date, timedelta
from decimal import Decimal, getcontext, localcontext
from fractions import Fraction
from math import floor

import pytest
from tools.errors import GasInputError, MissingVersionError
from tools.rating import (
    ENGINE_VERSION,
    Tariff,
    canonical_json,
    explain,
    input_hash,
    rate,
    tier_position,
)

DAY = timedelta(days=1)
POLICY = {
    "price_change": "days",
    "year_end": "days",
    "allowance": "remaining_months",
    "new_account": "full_year",
}


def tiered(*versions, allowance=None, cycle="year"):
    return {
        "code": "RES",
        "cycle": cycle,
        "allowance": allowance,
        "versions": [{"from": start, "steps": steps} for start, steps in versions],
    }


STEPS = [["360", "2.67"], ["600", "3.20"], [None, "4.01"]]
NEW_STEPS = [["360", "2.85"], ["600", "3.42"], [None, "4.28"]]
EXTRA = {"persons": 4, "extra": ["80", "130"]}


def make(reads, tariff=None, policy=None, **more):
    return {
        "tariff": tariff or tiered(("2024-01-01", STEPS), allowance=EXTRA),
        "persons": [],
        "opened": None,
        "resolution": "1",
        "policy": {**POLICY, **(policy or {})},
        "reads": reads,
        "ytd": {},
        **more,
    }


def lines(result):
    return [
        (line["year"], line["version"], line["tier"], line["qty"])
        for line in result["lines"]
    ]


# -- oracle ----------------------------------------------------------------


def oracle(data):
    """Rate a bill day by day with fractions, sharing nothing with the engine."""
    tariff, policy = data["tariff"], data["policy"]
    resolution = Fraction(data["resolution"])
    flat = tariff["cycle"] == "none"
    pieces = []  # (year, version index, last day, m³)
    for (start, low), (end, high) in itertools.pairwise(data["reads"]):
        start, end = date.fromisoformat(start), date.fromisoformat(end)
        volume = Fraction(high) - Fraction(low)
        days = [start + DAY * n for n in range(1, (end - start).days + 1)]
        keys = []
        for day in days:
            by_price = day if policy["price_change"] == "days" else end
            by_year = day if policy["year_end"] == "days" else end
            version = max(
                index
                for index, item in enumerate(tariff["versions"])
                if item["from"] <= by_price.isoformat()
            )
            keys.append((0 if flat else by_year.year, version))
        before = Fraction(0)
        for index, day in enumerate(days):
            if day != end and keys[index + 1] == keys[index]:
                continue
            share = volume * (index + 1) / len(days)
            upto = floor(share / resolution + Fraction(1, 2)) * resolution
            upto = volume if day == end else upto
            if pieces and pieces[-1][:2] == keys[index]:
                pieces[-1] = (*keys[index], day, pieces[-1][3] + upto - before)
            else:
                pieces.append((*keys[index], day, upto - before))
            before = upto
    used = {}
    out = []
    for year, version, last, quantity in pieces:
        done = used.setdefault(year, Fraction(data["ytd"].get(str(year), "0")))
        item = tariff["versions"][version]
        for tier, (bound, price) in enumerate(item["steps"]):
            if bound is not None:
                bound = oracle_bound(data, tier, int(bound), year, last)
            room = quantity if bound is None else min(quantity, max(0, bound - done))
            if room > 0:
                cents = floor(room * Fraction(price) * 100 + Fraction(1, 2))
                out.append((year, item["from"], tier + 1, room, cents))
                done += room
                quantity -= room
        used[year] = done
    return out, used


def oracle_bound(data, tier, bound, year, last):
    allowance, policy = data["tariff"]["allowance"], data["policy"]
    opened = date.fromisoformat(data["opened"])
    months = list(range(1, 13))
    if policy["new_account"] == "remaining_months" and opened.year == year:
        months = list(range(opened.month, 13))
        bound = bound * len(months) // 12
    if not allowance:
        return bound
    known = [item for item in data["persons"] if item[0] <= last.isoformat()]
    counts = []
    for month in months:
        upto = [n for day, n in known if day[:7] <= f"{year:04d}-{month:02d}"]
        counts.append(
            max(0, (upto[-1] if upto else known[0][1]) - allowance["persons"])
        )
    extra = int(allowance["extra"][tier])
    if policy["allowance"] == "full_year":
        return bound + extra * max(0, known[-1][1] - allowance["persons"])
    return bound + extra * sum(counts) // 12


def random_bill(rng):
    flat = rng.random() < 0.15
    first = date(2023, 1, 1) + DAY * rng.randrange(900)
    resolution, digits = rng.choice([("1", 0), ("0.1", 1), ("0.001", 3)])
    reads, value, day = [], rng.randrange(5000), first
    reads.append([day.isoformat(), str(value)])
    value = Decimal(value)
    for _ in range(rng.randrange(1, 5)):
        day += DAY * rng.choice([1, 2, 28, 31, 61, 200, 400, 800])
        if rng.random() < 0.85:
            value += Decimal(rng.randrange(900 * 10**digits)).scaleb(-digits)
        reads.append([day.isoformat(), str(value)])
    starts = {"2020-01-01"}
    span = (day - first).days
    for _ in range(rng.randrange(4)):
        starts.add((first + DAY * rng.randrange(span + 2)).isoformat())
    if rng.random() < 0.5:
        starts.update({rng.choice(["2024-01-01", "2025-01-01"]), rng.choice(reads)[0]})
    versions = []
    for number, start in enumerate(sorted(starts)):
        price = Decimal(rng.randrange(20000, 50000)).scaleb(-4)
        steps = [[None, str(price)]]
        if not flat:
            steps = [
                ["360", str(price)],
                [rng.choice(["600", "1400"]), str(price + number + 1)],
                [None, str(price + number + 2)],
            ]
        versions.append((start, steps))
    persons = [["2020-01-01", rng.randrange(1, 9)]]
    for _ in range(rng.randrange(4)):
        on = first + DAY * rng.randrange(-60, span + 60)
        persons.append([on.isoformat(), rng.randrange(1, 9)])
    persons.sort(key=lambda item: item[0])
    years = range(first.year, day.year + 1)
    return make(
        reads,
        tiered(
            *versions,
            allowance=None if flat or rng.random() < 0.2 else EXTRA,
            cycle="none" if flat else "year",
        ),
        {
            "price_change": rng.choice(["days", "reading_date"]),
            "year_end": rng.choice(["days", "reading_date"]),
            "allowance": rng.choice(["full_year", "remaining_months"]),
            "new_account": rng.choice(["full_year", "remaining_months"]),
        },
        persons=persons,
        opened=(first - DAY * rng.randrange(400)).isoformat(),
        resolution=resolution,
        ytd={
            str(year): str(rng.randrange(700)) for year in years if rng.random() < 0.7
        },
    )


BILLS = [random_bill(random.Random(seed)) for seed in range(1500)]


def test_against_the_oracle():
    for number, data in enumerate(BILLS):
        result = rate(data)
        expected, used = oracle(data)
        got = [
            (
                line["year"],
                line["version"],
                line["tier"],
                Fraction(line["qty"]),
                int(Decimal(line["amount"]) * 100),
            )
            for line in result["lines"]
        ]
        assert got == expected, number
        assert {int(y): Fraction(v) for y, v in result["ytd_after"].items()} == used
        assert int(Decimal(result["amount"]) * 100) == sum(row[4] for row in expected)


def test_quantities_add_up_and_tiers_rise():
    for data in BILLS:
        result = rate(data)
        volume = Decimal(data["reads"][-1][1]) - Decimal(data["reads"][0][1])
        assert Decimal(result["volume"]) == volume
        assert sum(Decimal(line["qty"]) for line in result["lines"]) == volume
        assert sum(Decimal(part["qty"]) for part in explain(data)) == volume
        order = [(line["year"], line["version"]) for line in result["lines"]]
        assert order == sorted(order)
        keys = lines(result)
        assert len({key[:3] for key in keys}) == len(keys)
        for before, after in itertools.pairwise(keys):
            assert before[:2] != after[:2] or before[2] < after[2]
        for year, used in result["ytd_after"].items():
            assert Decimal(used) >= Decimal(data["ytd"].get(year, "0"))


def test_an_actual_read_in_between_keeps_the_total():
    rng = random.Random(7)
    for data in BILLS[:300]:
        one_price = tiered(("2020-01-01", STEPS), allowance=EXTRA)
        reads = [["2025-02-01", "100"], ["2025-06-01", str(rng.randrange(100, 2000))]]
        split = rng.randrange(100, int(reads[1][1]) + 1)
        whole = {**data, "tariff": one_price, "reads": reads}
        cut = {**whole, "reads": [reads[0], ["2025-04-15", str(split)], reads[1]]}
        assert rate(whole) == rate(cut)


def test_same_result_whatever_the_order_of_keys():
    for data in BILLS[:100]:
        turned = json.loads(json.dumps(data), object_pairs_hook=lambda p: dict(p[::-1]))
        assert list(turned) != list(data)
        assert rate(turned) == rate(data)
        assert input_hash(turned) == input_hash(data)


def test_a_parsed_tariff_gives_the_same():
    for data in BILLS[:100]:
        assert rate(data, Tariff.from_dict(data["tariff"])) == rate(data)


def test_the_callers_decimal_context_does_not_matter():
    with localcontext() as context:
        context.prec = 3
        context.rounding = "ROUND_DOWN"
        assert [rate(data)["amount"] for data in BILLS[:50]] == AMOUNTS
    assert getcontext().prec == 28


AMOUNTS = [rate(data)["amount"] for data in BILLS[:50]]


# -- rules -----------------------------------------------------------------


def test_a_version_starting_the_day_after_the_earlier_read_prices_all():
    tariff = tiered(("2024-01-01", STEPS), ("2025-03-02", NEW_STEPS))
    data = make([["2025-03-01", "0"], ["2025-03-31", "30"]], tariff)
    assert lines(rate(data)) == [(2025, "2025-03-02", 1, "30")]


def test_a_version_starting_on_the_later_read_prices_one_day():
    tariff = tiered(("2024-01-01", STEPS), ("2025-03-31", NEW_STEPS))
    data = make([["2025-03-01", "0"], ["2025-03-31", "30"]], tariff)
    assert lines(rate(data)) == [
        (2025, "2024-01-01", 1, "29"),
        (2025, "2025-03-31", 1, "1"),
    ]
    by_read = make(data["reads"], tariff, {"price_change": "reading_date"})
    assert lines(rate(by_read)) == [(2025, "2025-03-31", 1, "30")]


def test_year_end_and_price_change_on_one_day_is_one_cut():
    tariff = tiered(("2024-01-01", STEPS), ("2026-01-01", NEW_STEPS))
    data = make([["2025-12-11", "0"], ["2026-01-10", "30"]], tariff)
    assert lines(rate(data)) == [
        (2025, "2024-01-01", 1, "20"),
        (2026, "2026-01-01", 1, "10"),
    ]
    year_only = make(data["reads"], tariff, {"price_change": "reading_date"})
    assert lines(rate(year_only)) == [
        (2025, "2026-01-01", 1, "20"),
        (2026, "2026-01-01", 1, "10"),
    ]
    price_only = make(data["reads"], tariff, {"year_end": "reading_date"})
    assert lines(rate(price_only)) == [
        (2026, "2024-01-01", 1, "20"),
        (2026, "2026-01-01", 1, "10"),
    ]


def test_shares_are_rounded_cumulatively():
    tariff = tiered(
        ("2024-01-01", STEPS), ("2025-03-02", NEW_STEPS), ("2025-03-03", STEPS)
    )
    # 1, 2 and 3 thirds of 5: 1.67 → 2, 3.33 → 3, rest
    data = make([["2025-02-28", "0"], ["2025-03-03", "5"]], tariff)
    assert [row[3] for row in lines(rate(data))] == ["2", "1", "2"]


def test_leap_day_counts():
    tariff = tiered(("2023-01-01", STEPS), ("2024-03-01", NEW_STEPS))
    data = make([["2024-02-27", "0"], ["2024-03-02", "4"]], tariff)
    assert [row[3] for row in lines(rate(data))] == ["2", "2"]


def test_two_year_ends_in_one_pair():
    data = make([["2023-12-31", "0"], ["2026-01-01", "732"]], resolution="0.1")
    data["tariff"] = tiered(("2020-01-01", [[None, "1"]]))
    assert [row[3] for row in lines(rate(data))] == ["366", "365", "1"]


def test_no_volume_has_no_lines_but_touches_its_years():
    data = make([["2025-12-11", "7"], ["2026-01-10", "7"]], ytd={"2025": "12.5"})
    assert rate(data) == {
        "volume": "0",
        "lines": [],
        "amount": "0.00",
        "ytd_after": {"2025": "12.5", "2026": "0"},
    }


def test_a_share_rounded_up_never_exceeds_the_volume():
    tariff = tiered(("2024-01-01", STEPS), ("2025-03-31", NEW_STEPS))
    data = make([["2025-03-01", "0"], ["2025-03-31", "0.6"]], tariff)
    assert lines(rate(data)) == [(2025, "2024-01-01", 1, "0.6")]


def test_a_flat_tariff_counts_under_year_zero():
    tariff = tiered(("2020-01-01", [[None, "4.15"]]), cycle="none", allowance=EXTRA)
    data = make(
        [["2025-12-11", "0"], ["2026-01-10", "30"]],
        tariff,
        {"new_account": "remaining_months"},
        opened="2026-01-01",
        ytd={"0": "5", "2026": "9"},
    )
    assert lines(rate(data)) == [(0, "2020-01-01", 1, "30")]
    assert rate(data)["ytd_after"] == {"0": "35"}


@pytest.mark.parametrize(
    ("persons", "opened", "policy", "bounds"),
    [
        ([], None, {}, ["360", "600", None]),
        ([["2020-01-01", 4]], None, {}, ["360", "600", None]),
        ([["2020-01-01", 6]], None, {}, ["520", "860", None]),
        ([["2020-01-01", 4], ["2025-06-30", 5]], None, {}, ["406", "675", None]),
        ([["2020-01-01", 4], ["2025-07-01", 5]], None, {}, ["360", "600", None]),
        ([["2025-06-10", 5]], None, {}, ["440", "730", None]),
        ([["2025-07-10", 5]], None, {}, ["360", "600", None]),
        ([["2020-01-01", 6], ["2025-06-01", 4]], None, {}, ["426", "708", None]),
        (
            [["2020-01-01", 6], ["2025-06-01", 5], ["2025-06-02", 4]],
            None,
            {},
            ["426", "708", None],
        ),
        (
            [["2020-01-01", 4], ["2025-06-30", 5]],
            None,
            {"allowance": "full_year"},
            ["440", "730", None],
        ),
        ([], "2025-05-31", {}, ["360", "600", None]),
        ([], "2025-05-31", {"new_account": "remaining_months"}, ["240", "400", None]),
        ([], "2024-05-31", {"new_account": "remaining_months"}, ["360", "600", None]),
        (
            [["2020-01-01", 5]],
            "2025-05-31",
            {"new_account": "remaining_months"},
            ["293", "486", None],
        ),
        (
            [["2020-01-01", 5]],
            "2025-05-31",
            {"new_account": "remaining_months", "allowance": "full_year"},
            ["320", "530", None],
        ),
    ],
)
def test_bounds(persons, opened, policy, bounds):
    data = make(
        [["2025-06-01", "0"], ["2025-06-30", "9"]],
        policy=policy,
        persons=persons,
        opened=opened,
    )
    assert [part["bounds"] for part in explain(data)] == [bounds]


def test_explain_dates_the_parts():
    tariff = tiered(("2024-01-01", STEPS), ("2025-07-01", NEW_STEPS))
    data = make([["2025-06-14", "0"], ["2025-07-14", "60"]], tariff)
    assert [(p["from"], p["to"], p["days"], p["qty"]) for p in explain(data)] == [
        ("2025-06-15", "2025-06-30", 16, "32"),
        ("2025-07-01", "2025-07-14", 14, "28"),
    ]


def test_tier_position():
    tariff = tiered(("2024-01-01", STEPS), allowance=EXTRA)
    position = tier_position(tariff, "2025-06-30", "400", [["2020-01-01", 4]])
    assert (position["year"], position["tier"], position["left"]) == (2025, 2, "200")
    assert position["tiers"] == [
        {
            "tier": 1,
            "price": "2.67",
            "lower": "0",
            "upper": "360",
            "used": "360",
            "left": "0",
        },
        {
            "tier": 2,
            "price": "3.20",
            "lower": "360",
            "upper": "600",
            "used": "40",
            "left": "200",
        },
        {
            "tier": 3,
            "price": "4.01",
            "lower": "600",
            "upper": None,
            "used": "0",
            "left": None,
        },
    ]
    parsed = Tariff.from_dict(tariff)
    assert tier_position(parsed, date(2025, 6, 30), "360")["tier"] == 2
    assert tier_position(parsed, "2025-06-30", "359.9")["left"] == "0.1"
    assert tier_position(parsed, "2025-06-30", "900")["left"] is None


# -- frozen inputs ---------------------------------------------------------


def test_canonical_json_survives_storage():
    data = make([["2025-06-14", "0"], ["2025-07-14", "60"]])
    text = canonical_json(data)
    assert " " not in text
    assert canonical_json(json.loads(text)) == text
    assert input_hash(text) == input_hash(data) == input_hash(json.loads(text))
    assert input_hash(data) != input_hash({**data, "resolution": "0.1"})
    assert input_hash(data) != input_hash(data, ENGINE_VERSION + "x")
    assert rate(json.loads(text)) == rate(data)
    typed = {"day": date(2025, 1, 2), "m3": Decimal("1.50"), "名": None}
    assert canonical_json(typed) == '{"day":"2025-01-02","m3":"1.50","名":null}'


@pytest.mark.parametrize("value", [0.1, [0.1], {"a": (1, 0.5)}, object()])
def test_floats_and_objects_are_not_frozen(value):
    with pytest.raises(GasInputError):
        canonical_json({"value": value})


# -- bad input -------------------------------------------------------------

JUNE = [["2025-06-01", "0"], ["2025-06-30", "9"]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reads": JUNE[:1]}, "at least two"),
        ({"reads": JUNE[::-1]}, "is not after"),
        ({"reads": [JUNE[0], ["2025-06-01", "9"]]}, "is not after"),
        ({"reads": [["2025-06-01", "10"], JUNE[1]]}, "is below"),
        ({"reads": [["2025-13-45", "0"], JUNE[1]]}, "not a date"),
        ({"reads": [["20250601", "0"], JUNE[1]]}, "not a date"),
        ({"reads": [["0001-01-01", "0"], JUNE[1]]}, "not a date"),
        ({"reads": [[None, "0"], JUNE[1]]}, "not a date"),
        ({"reads": [["2025-06-01", "-1"], JUNE[1]]}, "negative"),
        ({"reads": [["2025-06-01", "x"], JUNE[1]]}, "not a number"),
        ({"reads": [["2025-06-01", "NaN"], JUNE[1]]}, "not a number"),
        ({"reads": [["2025-06-01", "1_0"], JUNE[1]]}, "not an exact number"),
        ({"reads": [["2025-06-01", 0.5], JUNE[1]]}, "not an exact number"),
        ({"reads": [["2025-06-01", "1e-70"], JUNE[1]]}, "too many digits"),
        ({"resolution": "0"}, "above zero"),
        ({"policy": {"year_end": "weeks"}}, "policy year_end"),
        ({"ytd": {"2025": "-1"}}, "ytd 2025"),
        ({"ytd": {2025: "1"}}, "must be text"),
        ({"persons": [["2025-06-01", "2.5"]]}, "whole number"),
        ({"tariff": tiered(("2025-06-03", STEPS))}, "no version is valid"),
        ({"tariff": tiered()}, "no version"),
        (
            {"tariff": tiered(("2025-01-01", STEPS), ("2024-01-01", STEPS))},
            "is not after",
        ),
        ({"tariff": tiered(("2024-01-01", STEPS), cycle="month")}, "unknown cycle"),
        ({"tariff": tiered(("2024-01-01", STEPS), cycle="none")}, "need the cycle"),
        ({"tariff": tiered(("2024-01-01", STEPS[:1]))}, "last tier"),
        ({"tariff": tiered(("2024-01-01", [[None, "1"], *STEPS]))}, "last tier"),
        ({"tariff": tiered(("2024-01-01", [STEPS[1], *STEPS]))}, "is not above"),
        ({"tariff": tiered(("2024-01-01", []))}, "no tier"),
        ({"tariff": tiered(("2024-01-01", [[None, "-1"]]))}, "negative"),
        ({"tariff": {"cycle": "year"}}, "'versions' is missing"),
    ],
)
def test_bad_input_is_named(change, message):
    with pytest.raises(GasInputError, match=message):
        rate({**make(JUNE), **change})


def test_missing_version_has_its_own_error():
    data = make(JUNE, tiered(("2025-06-03", STEPS)))
    with pytest.raises(MissingVersionError, match="2025-06-02"):
        rate(data)
    with pytest.raises(ValueError):
        rate({key: value for key, value in data.items() if key != "reads"})
