"""Unions and differences of stretches of time: lists of (start, end), end excluded.

Works with whatever compares; use moments of one zone.
"""


def union(spans):
    """Sorted, disjoint; what touches or overlaps becomes one."""
    joined = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def minus(spans, taken):
    """What of ``spans`` isn't in ``taken``: sorted, disjoint."""
    left = []
    taken = union(taken)
    at = 0
    for start, end in union(spans):
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        index = at
        while index < len(taken) and taken[index][0] < end:
            if start < taken[index][0]:
                left.append((start, taken[index][0]))
            start = max(start, taken[index][1])
            index += 1
        if start < end:
            left.append((start, end))
    return left


def common(spans, others):
    """What is in both: sorted, disjoint."""
    spans = union(spans)
    return minus(spans, minus(spans, others))
