"""Worked examples, each with the amount computed by hand.

T tiers, P price change, R readings, L late fees, X rounding, C cancel and rebill,
A allocation, B bank files.
"""

from decimal import Decimal

import pytest
from tools.allocate import allocate
from tools.bankfile import build
from tools.estimate import estimate, estimate_volume
from tools.latefee import late_fee
from tools.rating import rate
from tools.rebill import rebill
from tools.rounding import floor_to
from tools.usage import check_usage
from tools.vat import vat

TIERS = [["360", "2.67"], ["600", "3.20"], [None, "4.01"]]
NEW_TIERS = [["360", "2.85"], ["600", "3.42"], [None, "4.28"]]
ALLOWANCE = {"persons": 4, "extra": ["80", "130"]}


def bill(reads, ytd="0", *, versions=(("2020-01-01", TIERS),), **more):
    """Input of a bill; ``reads`` may be m³ read from 2025-03-20 to 2025-04-20."""
    if isinstance(reads, str):
        reads = [["2025-03-20", "0"], ["2025-04-20", reads]]
    policy = more.pop("policy", {})
    cycle = "none" if len(versions[0][1]) == 1 else "year"
    return {
        "tariff": {
            "code": "X",
            "cycle": cycle,
            "allowance": ALLOWANCE,
            "versions": [{"from": start, "steps": steps} for start, steps in versions],
        },
        "persons": [["2020-01-01", 4]],
        "opened": "2020-01-01",
        "resolution": "1",
        "reads": reads,
        "ytd": {} if cycle == "none" else {reads[0][0][:4]: ytd},
        "policy": {
            "price_change": "days",
            "year_end": "days",
            "allowance": "remaining_months",
            "new_account": "full_year",
            **policy,
        },
        **more,
    }


FIVE = [["2020-01-01", 4], ["2025-06-01", 5]]
JULY = [["2025-06-20", "0"], ["2025-07-20", "30"]]
YEAR_END = [["2025-12-11", "0"], ["2026-01-10", "30"]]
LATE = {"reads": [["2025-10-01", "0"], ["2025-12-01", "400"]], "opened": "2025-10-01"}
OWNER = {"reads": [["2025-09-01", "0"], ["2025-10-01", "130"]], "opened": "2025-09-01"}
PRORATE = {"new_account": "remaining_months"}

CHANGE = (("2020-01-01", TIERS), ("2025-07-01", NEW_TIERS))
COM = (("2020-01-01", [[None, "4.15"]]), ("2025-07-01", [[None, "4.38"]]))
HEATING = (("2020-01-01", [["1500", "2.67"], ["2500", "3.20"], [None, "4.01"]]),)


def june_july(volume):
    return [["2025-06-14", "0"], ["2025-07-14", volume]]


RATED = {
    "T01": (bill("45"), ["45×2.67"], "120.15"),
    "T02": (bill("30", "350"), ["10×2.67", "20×3.20"], "90.70"),
    "T03": (bill("300", "340"), ["20×2.67", "240×3.20", "40×4.01"], "981.80"),
    "T04a": (bill("60", "300"), ["60×2.67"], "160.20"),
    "T04b": (bill("1", "360"), ["1×3.20"], "3.20"),
    "T05": (bill("55", "600"), ["55×4.01"], "220.55"),
    "T06": (
        bill("12.37", "355", resolution="0.01"),
        ["5×2.67", "7.37×3.20"],
        "36.93",
    ),
    "T07": (
        bill("400", "500", persons=[["2020-01-01", 6]]),
        ["20×2.67", "340×3.20", "40×4.01"],
        "1301.80",
    ),
    "T08a": (bill(JULY, "390", persons=FIVE), ["16×2.67", "14×3.20"], "87.52"),
    "T08b": (
        bill(JULY, "390", persons=FIVE, policy={"allowance": "full_year"}),
        ["30×2.67"],
        "80.10",
    ),
    "T09a": (bill(YEAR_END, "350"), ["10×2.67", "10×3.20", "10×2.67"], "85.40"),
    "T09b": (
        bill(YEAR_END, "350", policy={"year_end": "reading_date"}),
        ["30×2.67"],
        "80.10",
    ),
    "T10": (
        bill([["2025-06-20", "0"], ["2025-09-20", "120"]], "300"),
        ["60×2.67", "60×3.20"],
        "352.20",
    ),
    "T11": (bill("100", "380", versions=HEATING), ["100×2.67"], "267.00"),
    "T12a": (bill("130", "300"), ["60×2.67", "70×3.20"], "384.20"),
    "T12b": (bill(**OWNER, policy=PRORATE), ["120×2.67", "10×3.20"], "352.40"),
    "T13a": (bill(**LATE), ["360×2.67", "40×3.20"], "1089.20"),
    "T13b": (
        bill(**LATE, policy=PRORATE),
        ["90×2.67", "60×3.20", "250×4.01"],
        "1434.80",
    ),
    "P01": (bill(june_july("60"), versions=CHANGE), ["32×2.67", "28×2.85"], "165.24"),
    "P02": (bill(june_july("47"), versions=CHANGE), ["25×2.67", "22×2.85"], "129.45"),
    "P03": (
        bill(june_july("60"), "340", versions=CHANGE),
        ["20×2.67", "12×3.20", "28×3.42"],
        "187.56",
    ),
    "P04": (
        bill(june_july("60"), versions=CHANGE, policy={"price_change": "reading_date"}),
        ["60×2.85"],
        "171.00",
    ),
    "P05": (
        bill(
            [["2025-06-14", "0"], ["2025-06-30", "35"], ["2025-07-14", "60"]],
            versions=CHANGE,
        ),
        ["35×2.67", "25×2.85"],
        "164.70",
    ),
    "P06": (
        bill(june_july("3000"), versions=COM),
        ["1600×4.15", "1400×4.38"],
        "12772.00",
    ),
    "R03": (bill("46", "330"), ["30×2.67", "16×3.20"], "131.30"),
    "R04": (bill("34"), ["34×2.67"], "90.78"),
    "R05b": (bill("45", "450"), ["45×3.20"], "144.00"),
    "R06": (bill("110", "450"), ["110×3.20"], "352.00"),
    "R08": (bill("0"), [], "0.00"),
    "X03": (
        bill("7.37", versions=(("2020-01-01", [[None, "3.20"]]),), resolution="0.01"),
        ["7.37×3.20"],
        "23.58",
    ),
    "X04": (
        bill("12.5", versions=(("2020-01-01", [[None, "2.674"]]),), resolution="0.1"),
        ["12.5×2.674"],
        "33.43",
    ),
}


@pytest.mark.parametrize("example", RATED)
def test_rate(example):
    data, lines, amount = RATED[example]
    result = rate(data)
    assert [f"{line['qty']}×{line['price']}" for line in result["lines"]] == lines
    assert result["amount"] == amount


def meter(prev, cur, digits=5, qmax="4"):
    return {"prev": prev, "cur": cur, "digits": digits, "qmax": qmax}


USAGE = {
    "R01": ([meter(99987, 23)], None, (False, ["ROLL"], "36")),
    "R02": ([meter(1250, 1190)], None, (True, ["NEG"], None)),
    "R03": ([meter(100, 129), meter(0, 17)], None, (False, [], "46")),
    "R04": ([meter(9990, 12, 4), meter(0, 12)], None, (False, ["ROLL"], "34")),
    "R08": ([meter(500, 500)], "30", (False, ["ZERO"], "0")),
    "R09": ([meter(0, 150)], "30", (True, ["HIGH"], "150")),
}


@pytest.mark.parametrize("example", USAGE)
def test_usage(example):
    segments, mean, (held, codes, usage) = USAGE[example]
    data = {"segments": segments, "days": 30, "mean": mean, "category": "resident"}
    assert check_usage(data) == {"held": held, "codes": codes, "usage": usage}


def test_estimates():
    months = [
        ["40", "106.80"],
        ["50", "133.50"],
        ["45", "131.00"],
        ["45", "144.00"],
        ["50", "146.80"],
        ["40", "106.50"],
    ]
    r05a = estimate({"history": months, "max_actual_last_year": None})
    assert r05a == {"volume": "45", "amount": "128.10", "codes": ["EST"]}
    assert Decimal(rate(RATED["R06"][0])["amount"]) - Decimal(r05a["amount"]) == (
        Decimal("223.90")
    )
    assert estimate_volume("62", "55") == ("55", ["EST", "ESTCAP"])  # R07


def fee(principal, as_of, payments=(), bill_month="2025-03", **policy):
    policy = {"rate": "0.003", "start_day": 21, "month_offset": 1, "step": "0.5"} | (
        policy
    )
    return late_fee(
        {
            "principal": principal,
            "bill_month": bill_month,
            "payments": list(payments),
            "as_of": as_of,
            "policy": policy,
        }
    )


PART = [["2025-04-25", "60.00"], ["2025-05-05", "60.15"]]
FEES = {
    "L01": (fee("120.15", "2025-04-20"), "0", "0.00"),
    "L02": (fee("120.15", "2025-04-21"), "0.36045", "0.00"),
    "L03": (fee("120.15", "2025-04-22"), "0.7209", "0.50"),
    "L04": (fee("120.15", "2025-04-30"), "3.6045", "3.50"),
    "L05": (fee("120.15", "2025-06-15"), "20.1852", "20.00"),
    "L06a": (fee("120.15", "2025-05-25"), "12.61575", "12.50"),
    "L06b": (fee("120.15", "2025-05-25", month_offset=2), "1.80225", "1.50"),
    "L07": (fee("12772.00", "2025-05-06", rate="0.005"), "1021.76", "1021.50"),
    "L08 March": (fee("120.15", "2025-05-31"), "14.77845", "14.50"),
    "L08 April": (
        fee("90.70", "2025-05-31", bill_month="2025-04"),
        "2.9931",
        "2.50",
    ),
    "L09": (fee("120.15", "2025-06-30", PART), "3.60675", "3.50"),
    "L11": (fee("82.65", "2025-04-22"), "0.4959", "0.00"),
}


@pytest.mark.parametrize("example", FEES)
def test_late_fee(example):
    result, raw, floored = FEES[example]
    assert result == {"raw": raw, "fee": floored}


@pytest.mark.parametrize(
    ("raw", "floored"),
    [
        ("17.77155", "17.5"),  # L08b
        ("0.49", "0"),  # L10a to L10f
        ("0.50", "0.5"),
        ("0.99", "0.5"),
        ("1.00", "1"),
        ("1.49", "1"),
        ("1.50", "1.5"),
    ],
)
def test_floor_steps(raw, floored):
    assert floor_to(Decimal(raw), Decimal("0.5")) == Decimal(floored)


@pytest.mark.parametrize(
    ("method", "base", "tax"),
    [("per_line", "900.74", "81.06"), ("global", "900.73", "81.07")],
)
def test_vat_x01_x02(method, base, tax):
    lines = [line["amount"] for line in rate(RATED["T03"][0])["lines"]]
    result = vat({"lines": lines, "rate": "9", "method": method})
    assert result == {"base": base, "tax": tax}


def sequence(ytd, billed, corrected, versions=(("2020-01-01", TIERS),)):
    """Bills of consecutive months from May on, given by their m³."""

    def reads(volumes):
        dates = ["2025-05-31", "2025-06-30", "2025-07-31"]
        total = 0
        bills = []
        for before, after, volume in zip(dates, dates[1:], volumes, strict=False):
            bills.append([[before, str(total)], [after, str(total + volume)]])
            total += volume
        return bills

    data = bill("0", versions=versions)
    del data["reads"]
    return data | {
        "ytd": {"2025": ytd},
        "billed": reads(billed),
        "corrected": reads(corrected),
    }


REBILLED = {
    "C01": (sequence("340", [90], [45]), ["277.40"], ["133.40"], "-144.00"),
    "C02a": (sequence("340", [80, 30], [50, 60]), "341.40", "341.40", "0.00"),
    "C02b": (sequence("560", [80, 30], [50, 60]), "408.70", "408.70", "0.00"),
    "C02c": (
        sequence("100", [60, 50], [30, 80], CHANGE),
        "302.70",
        "308.10",
        "5.40",
    ),
}


@pytest.mark.parametrize("example", REBILLED)
def test_rebill(example):
    data, old, new, difference = REBILLED[example]
    result = rebill(data)
    if isinstance(old, str):
        assert sum(map(Decimal, result["old"])) == Decimal(old)
        assert sum(map(Decimal, result["new"])) == Decimal(new)
    else:
        assert (result["old"], result["new"]) == (old, new)
    assert result["difference"] == difference
    assert result["changed"] == list(range(len(data["billed"])))


def test_c03_late_fee_on_the_right_principal():
    wrong = fee("277.40", "2025-04-22")["fee"]
    right = fee("133.40", "2025-04-22")["fee"]
    assert (wrong, right) == ("1.50", "0.50")


def test_allocation_a01_a02():
    bills = [
        {"id": "april", "due": "2025-04-30", "principal": "90.70", "fee": "0.00"},
        {"id": "march", "due": "2025-03-31", "principal": "120.15", "fee": "0.00"},
    ]
    part = allocate({"bills": bills, "pay": "200.00"})
    assert part["applied"] == [
        {"id": "march", "principal": "120.15", "fee": "0.00"},
        {"id": "april", "principal": "79.85", "fee": "0.00"},
    ]
    assert allocate({"bills": bills, "pay": "250.00"})["credit"] == "39.15"


def test_bank_file_b01():
    profile = {
        "encoding": "gbk",
        "eol": "\r\n",
        "detail": [
            {"name": "account", "len": 20},
            {"name": "holder", "len": 20},
            {"name": "cents", "len": 12, "align": "right", "pad": "0"},
        ],
    }
    rows = [
        {"account": "6222020000000000001", "holder": "张三", "amount": "120.15"},
        {"account": "6222020000000000002", "holder": "李四", "amount": "90.70"},
        {"account": "6222020000000000003", "holder": "欧阳修", "amount": "147.80"},
    ]
    content = build(profile, "B1", rows)
    lines = content.split(b"\r\n")[:-1]
    assert len(content) == 162
    assert [len(line) for line in lines] == [52] * 3
    assert sum(int(line[40:]) for line in lines) == 35865
