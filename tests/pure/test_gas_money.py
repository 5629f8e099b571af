"""Usage check, estimate, late fee, VAT, allocation, rebill, bank file, rounding."""

import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from tools import rounding
from tools.allocate import allocate
from tools.bankfile import bank_file, build, fit
from tools.errors import GasInputError, NoHistoryError
from tools.estimate import estimate, estimate_volume
from tools.latefee import fee_start, intervals, late_fee
from tools.rebill import rebill
from tools.usage import check_usage, exceeds
from tools.vat import split, vat

DAY = timedelta(days=1)


# -- rounding --------------------------------------------------------------


def test_half_up_goes_away_from_zero():
    for value, expected in [
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("2.675", "2.68"),
        ("33.425", "33.43"),
        ("0.0049", "0.00"),
    ]:
        assert str(rounding.half_up(Decimal(value))) == expected


def test_ratio_half_up_is_exact():
    rng = random.Random(3)
    with localcontext() as context:
        context.prec = 80
        for _ in range(2000):
            numerator = Decimal(rng.randrange(-(10**9), 10**9)).scaleb(-3)
            denominator = Decimal(rng.randrange(1, 5000))
            step = Decimal(rng.choice(["1", "0.1", "0.01", "0.001", "0.5"]))
            units = (numerator / denominator / step).quantize(Decimal(1), ROUND_HALF_UP)
            assert rounding.ratio_half_up(numerator, denominator, step) == units * step
    assert str(rounding.ratio_half_up(Decimal("-0.1"), Decimal(100))) == "0.00"


def test_floor_to():
    for value, step, expected in [
        ("0.99", "0.5", "0.5"),
        ("1", "0.5", "1"),
        ("-0.1", "0.5", "-0.5"),
        ("-1", "0.5", "-1"),
        ("7.999", "0.01", "7.99"),
    ]:
        assert rounding.floor_to(Decimal(value), Decimal(step)) == Decimal(expected)
    with pytest.raises(GasInputError):
        rounding.floor_to(Decimal(1), Decimal(0))


def test_printing():
    numbers = ["0", "-0.00", "1E+3", "1.50", "0.001", "100", "-2.50"]
    plain = ["0", "0", "1000", "1.5", "0.001", "100", "-2.5"]
    assert [rounding.plain(Decimal(number)) for number in numbers] == plain
    assert [rounding.money(Decimal(n)) for n in ["-0.004", "1", "-1.005"]] == [
        "0.00",
        "1.00",
        "-1.01",
    ]


def test_conversion():
    assert rounding.to_decimal(" 1.5 ") == Decimal("1.5")
    assert str(rounding.from_float(0.1 + 0.2, 3)) == "0.300"
    for bad in [1.5, True, None, "", "x", "Infinity", "1_0", b"1", []]:
        with pytest.raises(GasInputError):
            rounding.to_decimal(bad)
    for bad in ["2025-02-29", "2025-2-1", "2025-W01-1", "", None, 20250101]:
        with pytest.raises(GasInputError):
            rounding.to_date(bad)


# -- usage -----------------------------------------------------------------


def usage(*segments, days=30, mean=None, category="resident", **settings):
    keys = ("prev", "cur", "digits", "qmax")
    data = {
        "segments": [dict(zip(keys, segment, strict=True)) for segment in segments],
        "days": days,
        "mean": mean,
        "category": category,
    }
    result = check_usage(data, **settings)
    return result["held"], ",".join(result["codes"]), result["usage"]


CAP = 2880  # 4 m³/h for 30 days


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (usage((0, 90, 5, "4"), mean="30"), (False, "", "90")),
        (usage((0, "90.001", 5, "4"), mean="30"), (True, "HIGH", "90.001")),
        (usage((0, 6, 5, "4"), mean="30"), (False, "", "6")),
        (usage((0, "5.9", 5, "4"), mean="30"), (False, "LOW", "5.9")),
        (usage((0, 15, 5, "4"), mean="30", category="commercial"), (False, "", "15")),
        (
            usage((0, 14, 5, "4"), mean="30", category="commercial"),
            (False, "LOW", "14"),
        ),
        (usage((0, 0, 5, "4"), mean="30"), (False, "ZERO", "0")),
        (usage((0, 1, 5, "4"), mean="0"), (False, "", "1")),
        (usage((0, 1, 5, "4"), mean=None), (False, "", "1")),
        (usage((0, CAP, 5, "4")), (False, "", str(CAP))),
        (usage((0, CAP + 1, 5, "4")), (True, "HIGH", str(CAP + 1))),
        (usage((99999, CAP - 1, 5, "4")), (False, "ROLL", str(CAP))),
        (usage((99999, CAP, 5, "4")), (True, "NEG", None)),
        (usage((99999, CAP - 1, 5, "4"), mean="30"), (True, "ROLL,HIGH", str(CAP))),
        (usage((99999, 0, 5, "4"), mean="30"), (False, "ROLL,LOW", "1")),
        (usage((99999, 0, 5, "4"), (9999, 0, 4, "4")), (False, "ROLL", "2")),
        (usage((99999, 0, 5, "4"), (50, 40, 5, "4")), (True, "NEG", None)),
        # each meter has its own rollover limit, the sum the largest one
        (usage((99999, 100, 5, "0.1"), (0, 5, 5, "40")), (True, "NEG", None)),
        (usage((0, 3000, 5, "4"), (0, 5, 5, "40")), (False, "", "3005")),
        (usage((0, 2000, 5, "4"), (0, 2000, 5, "4")), (True, "HIGH", "4000")),
        # at most one overflow, and nothing passes in no time
        (usage((250000, 10, 5, "4000")), (True, "NEG", None)),
        (usage((5, 6, 5, "4"), days=0), (True, "HIGH", "1")),
    ],
)
def test_usage(got, expected):
    assert got == expected


def test_usage_settings():
    segment = (0, 90, 5, "4")
    assert usage(segment, mean="30", high_ratio="2.9")[0] is True
    assert usage(segment, mean="100", low_ratio="0.95")[1] == "LOW"
    low = usage(segment, mean="100", category="commercial", low_ratio_commercial="0.9")
    assert low[1] == ""
    assert usage(segment, hours_per_day="0.5")[1] == "HIGH"
    assert exceeds("301", "30", 10) and not exceeds("300", "30", 10)
    assert not exceeds("300", "0", 10)


@pytest.mark.parametrize(
    "segments",
    [[], [(0, -1, 5, "4")], [(0, 0.5, 5, "4")], [(1, 0, 0, "4")], [(0, 1, 5, "0")]],
)
def test_bad_usage(segments):
    with pytest.raises(GasInputError):
        usage(*segments)
    with pytest.raises(GasInputError, match="days"):
        usage((0, 1, 5, "4"), days=-1)


# -- estimate --------------------------------------------------------------


def test_estimate_takes_the_last_six():
    history = [["1000", "1.00"], *[[str(10 + n), str(2 * n)] for n in range(6)]]
    assert estimate({"history": history, "max_actual_last_year": None}) == {
        "volume": "13",  # 75 ÷ 6 = 12.5
        "amount": "5.20",  # 30 × 13 ÷ 75
        "codes": ["EST"],
    }


def test_estimate_without_volume_or_history():
    nothing = {"history": [["0", "5.00"]], "max_actual_last_year": "0"}
    assert estimate(nothing) == {"volume": "0", "amount": "0.00", "codes": ["EST"]}
    with pytest.raises(NoHistoryError):
        estimate({"history": [], "max_actual_last_year": None})


def test_the_cap_is_inclusive():
    assert estimate_volume("54.5", "55") == ("55", ["EST"])
    assert estimate_volume("55.5", "55") == ("55", ["EST", "ESTCAP"])
    assert estimate_volume("55.5") == ("56", ["EST"])


# -- late fee --------------------------------------------------------------


def fee(principal="1000.00", as_of="2025-04-30", payments=(), **more):
    policy = {"rate": "0.003", "start_day": 21, "month_offset": 1, "step": "0.5"}
    return late_fee(
        {
            "principal": principal,
            "bill_month": "2025-03",
            "payments": payments,
            "as_of": as_of,
            "policy": policy,
            **more,
        }
    )


@pytest.mark.parametrize(
    ("as_of", "payments", "raw"),
    [
        ("2025-04-20", [], "0"),
        ("2025-04-21", [], "3"),
        ("2025-04-22", [["2025-04-20", "400"]], "3.6"),
        ("2025-04-22", [["2025-04-21", "400"]], "4.8"),
        ("2025-04-22", [["2025-04-22", "400"]], "6"),
        ("2025-04-22", [["2025-04-23", "400"]], "6"),
        ("2025-04-30", [["2025-04-21", "1000"]], "3"),
        ("2025-04-30", [["2025-04-21", "1500"]], "3"),
        ("2025-04-30", [["2025-01-01", "1000"]], "0"),
        ("2025-04-22", [["2025-04-21", "100"], ["2025-04-21", "300"]], "4.8"),
        ("2025-04-23", [["2025-04-21", "1500"], ["2025-04-22", "-600"]], "3.3"),
    ],
)
def test_late_fee_days(as_of, payments, raw):
    assert fee(as_of=as_of, payments=payments)["raw"] == raw


def test_fee_start():
    assert fee_start("2025-12", 21, 1) == date(2026, 1, 21)
    assert fee_start("2025-11", 21, 2) == date(2026, 1, 21)
    assert fee_start("2025-11", 21, 14) == date(2027, 1, 21)
    assert fee_start("2025-01", 31, 1) == date(2025, 2, 28)
    assert fee_start("2024-01", "31", 1) == date(2024, 2, 29)
    for bad in [("2025-13", 21, 1), ("2025-1", 21, 1), ("2025-01", 0, 1)]:
        with pytest.raises(GasInputError):
            fee_start(*bad)


def test_late_fee_against_adding_day_by_day():
    rng = random.Random(11)
    for _ in range(300):
        start = fee_start("2025-03", 21, 1)
        payments = [
            [
                (start + DAY * rng.randrange(-40, 200)).isoformat(),
                str(Decimal(rng.randrange(1, 60000)).scaleb(-2)),
            ]
            for _ in range(rng.randrange(4))
        ]
        principal = Decimal(rng.randrange(1, 200000)).scaleb(-2)
        before = Decimal(0)
        total = Decimal(0)
        for offset in range(-3, 150):
            day = start + DAY * offset
            if offset >= 0:
                paid = sum(
                    (Decimal(a) for on, a in payments if on < day.isoformat()),
                    Decimal(0),
                )
                total += max(Decimal(0), principal - paid) * Decimal("0.003")
            if offset % 25 == 0 or offset < 3:
                result = fee(str(principal), day.isoformat(), payments)
                assert Decimal(result["raw"]) == total
                assert Decimal(result["fee"]) == total // Decimal("0.5") / 2
                assert Decimal(result["fee"]) >= before
                before = Decimal(result["fee"])


def test_intervals_explain_the_fee():
    rows = intervals(
        "100", date(2025, 4, 21), [["2025-04-25", "60"]], "2025-05-05", "1"
    )
    assert [(str(r["from"]), str(r["to"]), r["days"], r["open"]) for r in rows] == [
        ("2025-04-21", "2025-04-25", 5, Decimal(100)),
        ("2025-04-26", "2025-05-05", 10, Decimal(40)),
    ]


def test_fee_step():
    policy = {"rate": "0.003", "start_day": 21, "month_offset": 1, "step": "0.005"}
    with pytest.raises(GasInputError, match="step"):
        fee(policy=policy)
    assert fee(policy={**policy, "step": "1"})["fee"] == "30.00"


# -- VAT -------------------------------------------------------------------


def test_vat_adds_up():
    rng = random.Random(5)
    for _ in range(500):
        lines = [Decimal(rng.randrange(-5000, 99999)).scaleb(-2) for _ in range(5)]
        rate = rng.choice(["0", "6", "9", "13"])
        for method in ("per_line", "global"):
            result = vat(
                {"lines": list(map(str, lines)), "rate": rate, "method": method}
            )
            assert Decimal(result["base"]) + Decimal(result["tax"]) == sum(lines)
        base, tax = split(lines[0], rate)
        assert base + tax == lines[0]
        assert split(-lines[0], rate) == (-base, -tax)
        assert vat({"lines": [str(lines[0])], "rate": rate, "method": "per_line"}) == (
            vat({"lines": [str(lines[0])], "rate": rate, "method": "global"})
        )
    assert split("80.10", "9") == (Decimal("73.49"), Decimal("6.61"))
    assert split("16900", "9") == (Decimal("15504.59"), Decimal("1395.41"))
    with pytest.raises(GasInputError, match="method"):
        vat({"lines": [], "rate": "9", "method": "other"})


# -- allocation ------------------------------------------------------------


def test_allocation_conserves_money():
    rng = random.Random(9)
    for _ in range(500):
        bills = [
            {
                "id": f"b{number}",
                "due": f"2025-0{rng.randrange(1, 4)}-28",
                "principal": str(Decimal(rng.randrange(0, 30000)).scaleb(-2)),
                "fee": str(Decimal(rng.randrange(0, 20)) / 2),
            }
            for number in range(rng.randrange(6))
        ]
        rng.shuffle(bills)
        pay = Decimal(rng.randrange(0, 90000)).scaleb(-2)
        result = allocate({"bills": bills, "pay": str(pay)})
        by_id = {bill["id"]: bill for bill in bills}
        given = Decimal(result["credit"])
        for row in result["applied"]:
            bill = by_id[row["id"]]
            principal, late = Decimal(row["principal"]), Decimal(row["fee"])
            assert principal <= Decimal(bill["principal"])
            assert late <= Decimal(bill["fee"])
            assert not late or principal == Decimal(bill["principal"])
            given += principal + late
        assert given == pay
        due = [(by_id[row["id"]]["due"], row["id"]) for row in result["applied"]]
        assert due == sorted(due)
        owed = sum(Decimal(b["principal"]) + Decimal(b["fee"]) for b in bills)
        assert Decimal(result["credit"]) == max(Decimal(0), pay - owed)


def test_allocation_edges():
    bill = {"id": "b1", "due": "2025-01-31", "principal": "0.00", "fee": "1.50"}
    paid = {"id": "b0", "due": "2025-01-31", "principal": "0", "fee": "0"}
    assert allocate({"bills": [bill, paid], "pay": "1.00"}) == {
        "applied": [{"id": "b1", "principal": "0.00", "fee": "1.00"}],
        "credit": "0.00",
    }
    assert allocate({"bills": [], "pay": "3"}) == {"applied": [], "credit": "3.00"}
    for bad in [
        {"bills": [bill], "pay": "-1"},
        {"bills": [bill], "pay": "0.001"},
        {"bills": [bill, bill], "pay": "1"},
        {"bills": [{**bill, "due": "soon"}], "pay": "1"},
        {"bills": [{"id": "b"}], "pay": "1"},
    ]:
        with pytest.raises(GasInputError):
            allocate(bad)


# -- rebill ----------------------------------------------------------------


def test_a_bill_on_one_side_only_is_changed():
    data = {
        "tariff": {
            "cycle": "none",
            "versions": [{"from": "2020-01-01", "steps": [[None, "2"]]}],
        },
        "resolution": "1",
        "billed": [[["2025-01-01", "0"], ["2025-02-01", "5"]]],
        "corrected": [
            [["2025-01-01", "0"], ["2025-02-01", "5"]],
            [["2025-02-01", "5"], ["2025-03-01", "6"]],
        ],
    }
    assert rebill(data) == {
        "old": ["10.00"],
        "new": ["10.00", "2.00"],
        "difference": "2.00",
        "changed": [1],
    }


# -- bank file -------------------------------------------------------------


def test_text_is_cut_at_a_character():
    assert fit("𠮷田", 3, "gb18030") == b"   "
    assert fit("𠮷田", 5, "gb18030") == "𠮷".encode("gb18030") + b" "
    assert fit("张三丰", 5, "gb18030") == "张三".encode("gb18030") + b" "
    assert fit("张三丰", 5, "utf-8") == "张".encode() + b"  "
    assert fit("7", 4, "ascii", align="right", pad="0") == b"0007"
    assert fit("张", 3, "gbk", align="right") == b" " + "张".encode("gbk")


PROFILE = {
    "encoding": "gb18030",
    "eol": "\n",
    "header": [{"value": "H", "len": 1}, {"name": "count", "len": 3, "align": "right"}],
    "detail": [
        {"value": "01", "len": 2},
        {"name": "account", "len": 4},
        {"name": "holder", "len": 4},
        {"name": "cents", "len": 5, "align": "right", "pad": "0"},
        {"name": "ref", "len": 8},
    ],
    "trailer": [{"name": "amount", "len": 7, "align": "right", "pad": "*"}],
}
ROW = {"account": "12", "holder": None, "amount": "1.5"}


def test_header_constants_and_totals():
    assert build(PROFILE, "B", [ROW, {**ROW, "holder": "欧阳修"}]) == (
        "H  2\n0112      00150B000001 \n0112  欧阳00150B000002 \n***3.00\n"
    ).encode("gb18030")
    empty = {key: PROFILE[key] for key in ("encoding", "detail")}
    assert bank_file({"profile": empty, "batch": "B", "rows": []}) == {
        "hex": "",
        "count": 0,
        "total": "0.00",
    }


@pytest.mark.parametrize(
    ("profile", "batch", "row", "message"),
    [
        ({}, "B", {"account": "12345"}, "row 1, account: .* does not fit"),
        ({}, "B", {"amount": "1000"}, "row 1, cents: .* does not fit"),
        ({}, "TOOLONG", {}, "row 1, ref: .* does not fit"),
        ({}, "B", {"amount": "0.005"}, "whole number"),
        ({}, "B", {"amount": "-1"}, "negative"),
        ({}, "B", {"holder": "a\nb"}, "control character"),
        ({"encoding": "gbk"}, "B", {"holder": "𠮷"}, "cannot be written in gbk"),
        ({"encoding": "klingon"}, "B", {}, "unknown encoding"),
        ({"trailer": [{"name": "x", "len": 1}]}, "B", {}, "no known field"),
        ({"trailer": [{"value": "xx", "len": 1}]}, "B", {}, "does not fit"),
        ({"trailer": [{"value": "x", "len": 0}]}, "B", {}, "above zero"),
        ({"trailer": [{"value": "x"}]}, "B", {}, "'len' is missing"),
        ({"trailer": [{"value": "x", "len": 2, "pad": "　"}]}, "B", {}, "one byte"),
        ({"trailer": [{"value": "x", "len": 2, "align": "up"}]}, "B", {}, "align"),
    ],
)
def test_what_a_bank_would_misread_is_refused(profile, batch, row, message):
    with pytest.raises(GasInputError, match=message):
        build({**PROFILE, **profile}, batch, [{**ROW, **row}])
