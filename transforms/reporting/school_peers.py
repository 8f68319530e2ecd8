"""Schools of one level beside each other: the middle of what is shown of them, named by no school."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles

from transforms.improvement.balance_rules import RULES
from transforms.reporting.catalogue import say

_LEVELS = {"elementary", "middle", "high"}


@dataclass(frozen=True)
class Peers:
    """The middle half and the middle of the schools of a level, the described school among them."""

    n_schools: int
    quarter_low: float
    middle: float
    quarter_high: float


def peers_of(values: Iterable[float | None]) -> Peers | None:
    """Quartiles of the values that are shown; None with fewer schools than a middle means something for."""
    shown = [value for value in values if value is not None]
    if len(shown) < RULES.minimum_peers:
        return None
    low, middle, high = quantiles(shown, n=4, method="inclusive")
    return Peers(len(shown), low, middle, high)


def peers_by_level(
    values: Iterable[tuple[str, float | None]], levels: Mapping[str, str | None]
) -> dict[str | None, Peers]:
    """Peers of each level from values by school id; levels with too few schools are left out."""
    by_level: dict[str | None, list[float | None]] = {}
    for school, value in values:
        by_level.setdefault(levels.get(school), []).append(value)
    found = {level: peers_of(of_level) for level, of_level in by_level.items()}
    return {level: peers for level, peers in found.items() if peers is not None}


def level_schools(level: str | None) -> str:
    """Schools of a level in a sentence: "elementary schools"."""
    if level is None:
        return say("schools without a level on record")
    return say("{level} schools", level=level if level in _LEVELS else level.replace("_", " "))


def a_school(level: str | None) -> str:
    """One school of a level in a sentence: "elementary school"."""
    return say("{level} school", level=level.replace("_", " ")) if level in _LEVELS else say("school")


def levels_in_order(levels: Sequence[str | None]) -> list[str | None]:
    """Levels from the youngest children on, others by name, none on record last."""
    known = [level for level in ("elementary", "middle", "high") if level in levels]
    others = sorted({level for level in levels if level is not None} - set(known))
    return [*known, *others, *([None] if None in levels else [])]
