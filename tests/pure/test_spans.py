"""Stretches of time against a picture of single points."""

import importlib.util
import itertools
import random
from pathlib import Path

PATH = Path(__file__).parents[2] / "addons" / "cs_base" / "tools" / "spans.py"
SPEC = importlib.util.spec_from_file_location("cs_base_spans", PATH)
spans = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(spans)


def points(some):
    return {point for start, end in some for point in range(start, end)}


def some_spans(rng):
    return [
        (start, start + rng.randrange(8))
        for start in (rng.randrange(60) for _n in range(rng.randrange(8)))
    ]


def is_tidy(result):
    return all(start < end for start, end in result) and all(
        one[1] <= two[0] for one, two in itertools.pairwise(result)
    )


def test_against_points():
    rng = random.Random(9)
    for _round in range(2000):
        one, two = some_spans(rng), some_spans(rng)
        for result, expected in (
            (spans.union(one), points(one)),
            (spans.minus(one, two), points(one) - points(two)),
            (spans.common(one, two), points(one) & points(two)),
        ):
            assert points(result) == expected
            assert is_tidy(result)
