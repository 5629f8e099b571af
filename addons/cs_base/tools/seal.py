"""The chain of hashes over the event log."""

import hashlib
import json
import struct

GENESIS = "0" * 64
_ENTRY = struct.Struct(">q8s")


def row_digest(row):
    """SHA-256 of one event, given as a tuple that starts with its id."""
    text = json.dumps(row, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).digest()


def seal(previous, rows):
    """Hash of ``rows`` chained to ``previous``, and a short digest of each row.

    The digests only locate a difference; the hash is the proof.
    """
    total = hashlib.sha256(bytes.fromhex(previous))
    index = bytearray()
    for row in rows:
        digest = row_digest(row)
        total.update(digest)
        index += _ENTRY.pack(row[0], digest[:8])
    return total.hexdigest(), bytes(index)


def first_difference(index, rows):
    """Id of the first row that is changed, missing or added; None if there is none."""
    found = {row[0]: row_digest(row)[:8] for row in rows}
    known = dict(_ENTRY.iter_unpack(index))
    wrong = [
        row_id
        for row_id in found.keys() | known.keys()
        if found.get(row_id) != known.get(row_id)
    ]
    return min(wrong, default=None)
