"""Hours and money: a sum is sensitive where one contributor can work out another from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.disclosure.cells import Cell


@dataclass(frozen=True)
class MagnitudeRule:
    """Sensitive sums: few contributors, (n, k) dominance, p %.

    ``minimum``: contributors that a sum needs. ``n`` and ``k``: the largest n make up more than k % of it.
    ``p``: the second largest contributor, who knows his own part, can estimate the largest to within p %.
    """

    minimum: int = 10
    n: int = 2
    k: float = 85.0
    p: float = 10.0


def magnitude_cell(
    name: str,
    contributions: Sequence[float] | None,
    rule: MagnitudeRule,
    *,
    value: float | None = None,
    tables: tuple[str, ...] = (),
    weight: float | None = None,
) -> Cell:
    """A cell for the sum of ``contributions`` (one a person, not negative), with the interval it must keep.

    Protection levels are those of Hundepool et al., Statistical Disclosure Control (2012), chapter 4: upwards
    what takes the sum to where the rule is no longer broken, and as much downwards. A sum of too few must not
    be known to within p %. Without contributions dominance is not testable, and the auditor says so;
    ``value`` is the sum then.
    """
    if contributions is None:
        if value is None:
            raise ValueError(f"{name} has neither contributions nor a value")
        untested = "dominance not testable: single contributions are not at hand"
        return Cell(name, value, tables, weight=weight, is_whole=False, untested=untested)
    if any(part < 0 for part in contributions):
        raise ValueError(f"{name} has negative contributions, for which these rules do not hold")
    total = float(sum(contributions))
    level = protection_level(contributions, rule)
    interval = (max(0.0, total - level), total + level) if level > 0 else None
    return Cell(name, total, tables, weight=weight, is_whole=False, must_cover=interval)


def protection_level(contributions: Sequence[float], rule: MagnitudeRule) -> float:
    """How far off readers must be able to be; 0 where no rule is broken."""
    parts = sorted((part for part in contributions if part > 0), reverse=True)
    total = sum(parts)
    if not parts:
        return 0.0
    by_few = total * rule.p / 100 if len(parts) < rule.minimum else 0.0
    by_dominance = sum(parts[: rule.n]) * 100 / rule.k - total
    by_estimate = parts[0] * rule.p / 100 - sum(parts[2:])
    return max(0.0, by_few, by_dominance, by_estimate)
