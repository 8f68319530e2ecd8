"""What the improvement loop takes from a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from transforms.improvement.default_rules import Recommendation

# Rows about fewer people must not show, nor enter what others are compared with.
MINIMUM_STAFF = 5
# Hours of teaching that a substitute covers in a day, where a study says nothing.
HOURS_PER_SUBSTITUTE_DAY = 7.0
# How far an amount may be off in either direction, as a share of it, where a study says nothing.
COST_UNCERTAINTY = 0.2


@dataclass(frozen=True)
class CostSettings:
    """What a study says about costs: rates, prices and how sure amounts are.

    ``teacher_hourly_cost`` prices an hour of a participant where the source does not,
    ``substitute_daily_cost`` a day of a substitute; rates are in prices of ``price_year`` where there is
    one. ``substitute_share`` is the share of teachers' hours on school days for which a substitute stood
    in. ``price_index`` is a price level by school year, needed with ``price_year``. ``uncertainty`` is the
    relative half-range of amounts, from 0 to below 1. ``ingredients`` is a class by name of ingredient,
    before all rules; ``named`` are the keys that study.toml has.
    """

    currency: str = "$"
    teacher_hourly_cost: float | None = None
    substitute_daily_cost: float | None = None
    hours_per_substitute_day: float = HOURS_PER_SUBSTITUTE_DAY
    substitute_share: float = 1.0
    uncertainty: float = COST_UNCERTAINTY
    price_year: int | None = None
    price_index: Mapping[int, float] = field(default_factory=dict)
    ingredients: Mapping[str, str] = field(default_factory=dict)
    named: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ImprovementSettings:
    """``report_year``: the spring year that pages show; ``landing``: the restricted file with open answers.

    ``seed`` fixes every draw, so that the same input gives the same output. ``recommendation`` holds the
    rules by which PD types are recommended.
    """

    report_year: int
    landing: Path | None = None
    seed: int = 20_250
    cost: CostSettings = CostSettings()
    recommendation: Recommendation = field(default_factory=Recommendation)
