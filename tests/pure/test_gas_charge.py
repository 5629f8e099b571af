"""Price of estimated bills, months a bill covers, even splits."""

import random
from decimal import Decimal

import pytest
from tools.charge import AVERAGE_TIER, average_charge, charge, covered_months, spread
from tools.errors import GasInputError
from tools.rating import rate

TARIFF = {
    "code": "T",
    "cycle": "year",
    "versions": [
        {
            "from": "2025-01-01",
            "steps": [
                ["360", "2.67"],
                ["600", "3.20"],
                [None, "4.01"],
            ],
        }
    ],
    "allowance": None,
}
POLICY = {
    "price_change": "days",
    "year_end": "days",
    "allowance": "remaining_months",
    "new_account": "full_year",
}
#: Six months of 45 m³ at 768.60 yuan in all (R05a).
HISTORY = [["45", "120.15"]] * 4 + [["45", "144.00"]] * 2


def bill(reads, ytd=None, **more):
    return {
        "tariff": TARIFF,
        "persons": [],
        "opened": "2020-01-01",
        "resolution": "1",
        "policy": POLICY,
        "reads": reads,
        "ytd": ytd or {},
        **more,
    }


def estimated(reads, history, ytd=None):
    return bill(reads, ytd, estimate={"history": history})


def test_average_of_six_months():
    """R05a, whatever the year's volume is."""
    for used in ("0", "450", "900"):
        data = estimated(
            [["2025-09-20", "0"], ["2025-10-20", "45"]], HISTORY, {"2025": used}
        )
        result = charge(data)
        assert result["amount"] == "128.10"
        assert [line["tier"] for line in result["lines"]] == [AVERAGE_TIER]
        assert result["lines"][0]["qty"] == "45"


def test_next_actual_reading():
    """R06: the estimate goes, 110 m³ count from 450."""
    actual = bill([["2025-09-20", "0"], ["2025-11-20", "110"]], {"2025": "450"})
    assert charge(actual)["amount"] == "352.00"
    assert Decimal("352.00") - Decimal("128.10") == Decimal("223.90")


def test_without_estimate_it_is_the_rating():
    data = bill([["2025-12-11", "0"], ["2026-01-10", "30"]], {"2025": "350"})
    assert charge(data) == rate(data)


@pytest.mark.parametrize("history", [[], [["0", "0.00"]] * 6])
def test_without_use_in_the_past_the_tiers_count(history):
    data = estimated(
        [["2025-09-20", "0"], ["2025-10-20", "40"]], history, {"2025": "340"}
    )
    assert charge(data) == rate(data)


def test_nothing_used_costs_nothing():
    data = estimated([["2025-09-20", "7"], ["2025-10-20", "7"]], HISTORY)
    assert charge(data)["amount"] == "0.00"
    assert charge(data)["lines"] == []


def test_lines_of_two_years_add_up():
    """Over a year end each year gets its volume, and no cent is lost."""
    rng = random.Random(5)
    for _ in range(300):
        volume = rng.randrange(1, 300)
        history = [
            [str(rng.randrange(1, 90)), f"{rng.randrange(1, 30000) / 100:.2f}"]
            for _month in range(rng.randrange(1, 7))
        ]
        reads = [["2025-12-11", "0"], ["2026-01-10", str(volume)]]
        data = estimated(reads, history)
        result = charge(data)
        years = {}
        for line in rate(data)["lines"]:
            years[line["year"]] = years.get(line["year"], 0) + Decimal(line["qty"])
        assert {line["year"]: Decimal(line["qty"]) for line in result["lines"]} == years
        total = sum(Decimal(line["amount"]) for line in result["lines"])
        assert total == Decimal(result["amount"])
        assert total == average_charge(history, volume)
        assert result["volume"] == str(volume)


def test_covered_months():
    for days, months in [
        (0, 1), (28, 1), (31, 1), (45, 1), (46, 2), (59, 2), (61, 2), (74, 2),
        (75, 3), (92, 3), (122, 4), (365, 12),
    ]:  # fmt: skip
        assert covered_months(days, 45) == months
    # two months are the rule here
    assert covered_months(61, 90) == 1
    assert covered_months(122, 90) == 2
    with pytest.raises(GasInputError):
        covered_months(10, 0)


def test_spread_adds_up():
    rng = random.Random(6)
    for _ in range(500):
        quantity = Decimal(rng.randrange(0, 10**6)).scaleb(-3)
        parts = rng.randrange(1, 13)
        shares = spread(quantity, parts)
        assert len(shares) == parts
        assert sum(shares) == quantity
        assert max(shares) - min(shares) <= Decimal("0.001") * parts
