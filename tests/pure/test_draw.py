"""Seeded draws: reproducible, provable, fair."""

import importlib.util
import random
import sys
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "addons" / "cs_base" / "tools" / "draw.py"
SPEC = importlib.util.spec_from_file_location("cs_base_draw", PATH)
draw = importlib.util.module_from_spec(SPEC)
sys.modules[SPEC.name] = draw
SPEC.loader.exec_module(draw)
Draw, Quota = draw.Draw, draw.Quota


def test_same_on_every_platform():
    """The order is a hash; these values may never change."""
    assert Draw("2026-11", range(1, 101), Quota(5)).members == [100, 49, 14, 93, 39]
    assert draw.rank("s", 1) == (
        "c232da6a00752fe9fafdef0fff9fd88921d547b118684d250d64148f5ccac835"
    )


def test_order_of_the_population_does_not_matter():
    ids = list(range(500))
    first = Draw("seed", ids, Quota(20))
    random.Random(1).shuffle(ids)
    again = Draw("seed", ids, Quota(20))
    assert again.sample == first.sample
    assert again.population_hash == first.population_hash
    assert Draw("other", ids, Quota(20)).sample != first.sample


def test_population_hash_tells_strata_and_members():
    hashes = {
        Draw("s", population, Quota(1)).population_hash
        for population in (
            [1, 2, 3],
            [1, 2],
            [12, 3],
            {"a": [1, 2], "b": [3]},
            {"a": [1], "b": [2, 3]},
            {"a": [1, 2, 3]},
            {"1": [2, 3]},
        )
    }
    assert len(hashes) == 7


def test_a_late_member_moves_nobody_else():
    for late in range(1000, 1050):
        before = Draw("seed", range(200), Quota(30)).members
        after = Draw("seed", [*range(200), late], Quota(30)).members
        assert [m for m in after if m != late] == before[: 30 - (late in after)]


@pytest.mark.parametrize(
    ("quota", "count", "size"),
    [
        (Quota(100), 60, 60),
        (Quota(3), 60, 3),
        (Quota(3, 5), 60, 3),
        (Quota(3, 5), 61, 4),
        (Quota(0, 5), 1, 1),
        (Quota(0, 5), 0, 0),
        (Quota(0, Decimal("0.1")), 1000, 1),
        (Quota(0, "0.1"), 1001, 2),
        (Quota(0, Fraction(100, 3)), 9, 3),
        (Quota(1, 50, at_most=10), 100, 10),
        (Quota(0, 100), 7, 7),
    ],
)
def test_size(quota, count, size):
    assert quota.size(count) == size


def test_impossible_quotas():
    with pytest.raises(TypeError):
        Quota(percent=0.1)
    for values in ((-1,), (0, -1), (0, 101)):
        with pytest.raises(ValueError, match="per cent"):
            Quota(*values)


def test_strata_have_their_own_quota():
    population = {"east": range(100), "west": range(100, 103), "south": []}
    drawn = Draw(
        "s", population, {"east": Quota(5), "west": Quota(5), "south": Quota(5)}
    )
    sizes = {area: len(members) for area, members in drawn.sample.items()}
    assert sizes == {"east": 5, "west": 3, "south": 0}
    for area, members in drawn.sample.items():
        assert set(members) <= set(population[area])


def test_members_stand_once():
    for population in ([1, 1], [7, "7"], {"a": [1], "b": [1]}, {1: [1], "1": [2]}):
        with pytest.raises(ValueError, match="stand|same name"):
            Draw("s", population, Quota(1))


def test_replacement_comes_from_the_same_stratum_and_is_logged():
    population = {"a": range(10), "b": range(10, 20)}
    drawn = Draw("s", population, Quota(2))
    full = Draw("s", population, Quota(10))
    out = drawn.sample["b"][0]
    replacement = drawn.replace(out, "moved away")
    assert replacement.into == full.sample["b"][2]
    assert replacement.stratum == "b"
    assert out not in drawn.members
    assert len(drawn.members) == 4
    log = [(r.out, r.reason) for r in drawn.replacements]
    assert Draw("s", population, Quota(2), log).sample == drawn.sample


def test_replaced_members_do_not_come_back_and_may_run_out():
    drawn = Draw("s", range(4), Quota(2))
    gone = set()
    for left in (2, 2, 1, 0):
        member = drawn.members[0]
        gone.add(member)
        drawn.replace(member, "on leave")
        assert len(drawn.members) == left
        assert not gone & set(drawn.members)
    assert [r.into is None for r in drawn.replacements] == [False, False, True, True]


def test_no_replacement_without_reason_or_of_others():
    drawn = Draw("s", range(10), Quota(1))
    [member] = drawn.members
    for reason in ("", "  ", None):
        with pytest.raises(ValueError, match="reason"):
            drawn.replace(member, reason)
    with pytest.raises(ValueError, match="sample"):
        drawn.replace(99, "x")
    assert drawn.replacements == []


def test_everybody_has_the_same_chance():
    counts = Counter()
    for seed in range(2000):
        counts.update(Draw(seed, range(20), Quota(5)).members)
    assert len(counts) == 20
    assert all(400 < count < 600 for count in counts.values())  # 500 ± 5 sigma


def test_new_seeds_differ():
    assert len({draw.new_seed() for _n in range(100)}) == 100
