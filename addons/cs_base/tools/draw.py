"""Draws for spot checks that anybody can replay.

The order of a draw comes from a hash of seed and member, not from a generator: the
same seed and population give the same sample on every machine and release, and a
member who comes late moves nobody else. Source of the need: 《客户服务中心抽查管理》
(各级抽查户数) asks for fixed numbers per area; who was drawn must be provable.
"""

import hashlib
import secrets
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Quota:
    """How many of a stratum are drawn: the larger of number and share.

    :param at_least: number, or all if there are fewer
    :param percent: share in per cent, rounded up (int, Fraction, Decimal or text)
    :param at_most: limit on both
    """

    at_least: int = 0
    percent: Fraction = Fraction(0)
    at_most: int | None = None

    def __post_init__(self):
        if isinstance(self.percent, float):
            raise TypeError("a share is exact: give an int, Fraction, Decimal or text")
        percent = Fraction(self.percent)
        if self.at_least < 0 or not 0 <= percent <= 100:
            raise ValueError("a number below zero or a share outside 0 to 100 per cent")
        object.__setattr__(self, "percent", percent)

    def size(self, count):
        """Number to draw out of ``count``."""
        share = -(-count * self.percent.numerator // (self.percent.denominator * 100))
        wanted = max(self.at_least, share)
        if self.at_most is not None:
            wanted = min(wanted, self.at_most)
        return min(wanted, count)


@dataclass(frozen=True)
class Replacement:
    """A member that could not be checked, and who came instead (None: nobody left)."""

    stratum: str
    out: object
    into: object
    reason: str


class Draw:
    """A sample of a frozen population.

    :param seed: text; keep it with the sample (:func:`new_seed`)
    :param population: ids (int or text), or {stratum: ids}
    :param quota: :class:`Quota` for each stratum, or {stratum: Quota}
    :param replaced: [(member, reason)] as logged, to replay a draw
    :raise ValueError: a member stands twice, also as 7 and "7"
    """

    def __init__(self, seed, population, quota, replaced=()):
        self.seed = str(seed)
        if not isinstance(population, dict):
            population = {"": population}
        strata = {stratum: list(members) for stratum, members in population.items()}
        self._order = {
            str(stratum): self._ordered(members) for stratum, members in strata.items()
        }
        if len(self._order) < len(strata):
            raise ValueError("two strata have the same name")
        texts = [str(m) for members in self._order.values() for m in members]
        if len(texts) != len(set(texts)):
            raise ValueError("a member stands twice in the population")
        quotas = quota if isinstance(quota, dict) else dict.fromkeys(strata, quota)
        sizes = {
            str(stratum): quotas[stratum].size(len(members))
            for stratum, members in strata.items()
        }
        self.replacements = []
        self._chosen = {
            stratum: members[: sizes[stratum]]
            for stratum, members in self._order.items()
        }
        self._next = sizes
        for member, reason in replaced:
            self.replace(member, reason)

    def _ordered(self, members):
        return sorted(
            members, key=lambda member: (rank(self.seed, member), str(member))
        )

    @property
    def population_hash(self):
        """Fingerprint of who could be drawn, whatever the order they were given in."""
        return population_hash(self._order)

    @property
    def sample(self):
        """{stratum: members in the order of the draw}, replacements included."""
        return {stratum: list(members) for stratum, members in self._chosen.items()}

    @property
    def members(self):
        """All drawn, stratum after stratum."""
        return [member for members in self._chosen.values() for member in members]

    def replace(self, member, reason):
        """Put the next of the same stratum in the place of ``member``.

        :param reason: why the member can't be checked; mandatory
        :raise ValueError: without reason, or not in the sample
        """
        if not (reason or "").strip():
            raise ValueError("a replacement needs a reason")
        found = [name for name, drawn in self._chosen.items() if member in drawn]
        if not found:
            raise ValueError(f"{member} isn't in the sample")
        [stratum] = found
        chosen = self._chosen[stratum]
        order, position = self._order[stratum], self._next[stratum]
        into = order[position] if position < len(order) else None
        self._next[stratum] += 1
        place = chosen.index(member)
        chosen[place : place + 1] = [] if into is None else [into]
        replacement = Replacement(stratum, member, into, reason)
        self.replacements.append(replacement)
        return replacement


def new_seed():
    """A seed that nobody could choose."""
    return secrets.token_hex(16)


def rank(seed, member):
    """Place of a member in the draw: a hash, so that it depends on nobody else."""
    return hashlib.sha256(f"{seed}\n{member}".encode()).hexdigest()


def population_hash(strata):
    """SHA-256 over the sorted members of each stratum."""
    digest = hashlib.sha256()
    for stratum in sorted(strata):
        lines = sorted(str(member) for member in strata[stratum])
        for text in (stratum, *lines):
            data = text.encode()
            digest.update(len(data).to_bytes(8, "big") + data)
        digest.update(b"\xff" * 8)
    return digest.hexdigest()
