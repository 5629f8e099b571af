"""Initials of Chinese names, for searching by keyboard."""

import unicodedata

from pypinyin import Style, lazy_pinyin

MAX_LENGTH = 32
#: Surnames read otherwise than the same sign elsewhere.
SURNAMES = {
    "万俟": "mq",
    "尉迟": "yc",
    "单于": "cy",
    "长孙": "zs",
    "澹台": "tt",
    "单": "s",
    "仇": "q",
    "曾": "z",
    "解": "x",
    "查": "z",
    "朴": "p",
    "区": "o",
    "盖": "g",
    "翟": "z",
    "缪": "m",
    "乐": "y",
    "覃": "q",
    "种": "c",
    "折": "s",
    "繁": "p",
    "秘": "b",
    "冼": "x",
    "员": "y",
    "牟": "m",
}


def initials(name, person=True):
    """First letters of each sign: 张三 → zs, 长春路3号店 → ccl3hd."""
    text = unicodedata.normalize("NFKC", name or "").strip()
    surname = next((key for key in SURNAMES if text.startswith(key)), "")
    head = ""
    if person and surname and 1 < len(text) <= 4:
        head, text = SURNAMES[surname], text[len(surname) :]
    letters = lazy_pinyin(text, style=Style.FIRST_LETTER, errors=_other_signs)
    return (head + "".join(letters))[:MAX_LENGTH]


def _other_signs(text):
    """First letter of Latin words and every digit; other signs are left out."""
    found = ""
    previous = ""
    for sign in text.lower():
        if sign.isdigit() or (sign.isalpha() and not previous.isalpha()):
            found += sign
        previous = sign
    return found
