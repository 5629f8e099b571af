"""The address line of premises."""

import re
import unicodedata

#: What follows a bare number: 3 → 3幢. Who writes "3号楼" keeps it.
SUFFIXES = ("", "", "幢", "单元", "室")


def clean(text):
    """Full-width signs become plain ones, spaces at the ends go."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text or "")).strip()


def full_address(area, community, building, unit, room):
    parts = []
    values = (area, community, building, unit, room)
    for value, suffix in zip(values, SUFFIXES, strict=True):
        text = clean(value)
        if text and suffix and re.fullmatch(r"[0-9A-Za-z-]+", text):
            text += suffix
        parts.append(text)
    return "".join(parts)
