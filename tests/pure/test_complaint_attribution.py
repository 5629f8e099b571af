"""Losses split by per cent: nothing is lost, nobody pays a cent too much."""

import importlib
import importlib.util
import random
import sys
from decimal import Decimal
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "addons/cs_complaint/tools"
SPEC = importlib.util.spec_from_file_location(
    "cs_complaint_tools", TOOLS / "__init__.py", submodule_search_locations=[str(TOOLS)]
)
sys.modules[SPEC.name] = importlib.util.module_from_spec(SPEC)
attribution = importlib.import_module("cs_complaint_tools.attribution")


def test_the_largest_remainder_gets_the_cent():
    assert attribution.split("100.01", [50, 30, 20]) == [
        Decimal("50.01"),
        Decimal("30.00"),
        Decimal("20.00"),
    ]
    thirds = [33.33, 33.33, 33.34]
    assert attribution.split(100, thirds) == [Decimal(str(share)) for share in thirds]
    assert attribution.split("0.01", [50, 50]) == [Decimal("0.01"), Decimal("0.00")]
    assert attribution.split(0, [100]) == [Decimal(0)]


@pytest.mark.parametrize(
    ("total", "percents"),
    [
        (100, [50, 49.99]),
        (100, [60, 60, -20]),
        (100, [100, 0]),
        (100, []),
        (-1, [100]),
        (100, [33.333, 66.667]),
        ("1.005", [100]),
    ],
)
def test_refused(total, percents):
    with pytest.raises(attribution.ShareError):
        attribution.split(total, percents)


def test_missing():
    assert attribution.missing([33.33, 33.33, 33.34]) == 0
    assert attribution.missing([0.1] * 3) == Decimal("99.70")
    assert attribution.missing([60, 60]) == -20


def test_any_amount_and_shares_add_up():
    rng = random.Random(20)
    for _round in range(3000):
        cuts = sorted(rng.sample(range(1, 10000), rng.randrange(8)))
        shares = [
            Decimal(end - start) / 100
            for start, end in zip([0, *cuts], [*cuts, 10000], strict=True)
        ]
        total = Decimal(rng.randrange(10**9)) / 100
        parts = attribution.split(total, shares)
        assert sum(parts) == total
        for part, share in zip(parts, shares, strict=True):
            assert abs(part - total * share / 100) < Decimal("0.01")
