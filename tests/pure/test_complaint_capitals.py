"""Amounts on certificates in capital characters."""

import importlib.util
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "addons/cs_complaint/tools/capitals.py"
SPEC = importlib.util.spec_from_file_location("cs_complaint_capitals", FILE)
capitals = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(capitals)


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (8640, "捌拾陆元肆角整"),
        (12005, "壹佰贰拾元零伍分"),
        (1000001, "壹万元零壹分"),
        (10500000, "壹拾万零伍仟元整"),
        (10001000000, "壹亿零壹万元整"),
    ],
)
def test_words(cents, words):
    assert capitals.in_capitals(cents) == words
