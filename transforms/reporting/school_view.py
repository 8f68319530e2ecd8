"""What is known of one school, taken from the rows of all, beside schools of its level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from transforms.reporting.connected_rows import CheckRow, RatingRow, StepRow
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.leadership_rows import SuccessorRow
from transforms.reporting.learning_rows import DRIVERS, GapRow, SchoolAdoptionRow, ScoreRow
from transforms.reporting.school_page_rows import (
    NeedRow,
    SchoolBalanceRow,
    SchoolCostRow,
    SchoolGrowthRow,
    SchoolName,
    SchoolReachRow,
    Schools,
    SchoolScaleRow,
    SchoolSpreadRow,
)
from transforms.reporting.school_peers import Peers, peers_by_level
from transforms.reporting.terms import subject_name

_Key = TypeVar("_Key")
_TEACHER = "teacher"


@dataclass(frozen=True)
class Comparisons:
    """The schools of each level beside each other; no level where too few of its schools are shown."""

    hours: Mapping[str | None, Peers]
    cost: Mapping[str | None, Peers]
    growth: Mapping[str | None, Mapping[tuple[str, int], Peers]]
    drivers: Mapping[str | None, Mapping[str, Peers]]


def compare_schools(schools: Schools) -> Comparisons:
    """Peers of every level, from numbers that are shown of each school."""
    levels, year = schools.levels, schools.year
    growth: dict[tuple[str, int], list[tuple[str, float | None]]] = {}
    for row in schools.growth.all():
        growth.setdefault((row.academic_subject, row.school_year), []).append((row.school_id, row.median_sgp))
    drivers: dict[str, list[tuple[str, float | None]]] = {}
    for score in schools.drivers.all():
        if score.role == _TEACHER and score.school_year == year:
            drivers.setdefault(score.driver, []).append((str(score.school_id), score.mean_score))
    return Comparisons(
        hours=peers_by_level(
            [
                (row.school_id, row.hours_per_teacher)
                for row in schools.balance.all()
                if row.school_year == year
            ],
            levels,
        ),
        cost=peers_by_level(
            [(row.school_id, row.cost_per_teacher) for row in schools.costs.all() if row.school_year == year],
            levels,
        ),
        growth=_turned({key: peers_by_level(values, levels) for key, values in growth.items()}),
        drivers=_turned({key: peers_by_level(values, levels) for key, values in drivers.items()}),
    )


def _turned(
    by_key: Mapping[_Key, Mapping[str | None, Peers]],
) -> dict[str | None, dict[_Key, Peers]]:
    """By level first."""
    found: dict[str | None, dict[_Key, Peers]] = {}
    for key, by_level in by_key.items():
        for level, peers in by_level.items():
            found.setdefault(level, {})[key] = peers
    return found


def _by_subject(row: SchoolGrowthRow) -> tuple[str, str, int]:
    return subject_name(row.academic_subject), row.academic_subject, row.school_year


@dataclass(frozen=True)
class SchoolView:
    """The rows of one school; rows that are hidden are among them and say so."""

    name: SchoolName
    year: int
    reach: tuple[SchoolReachRow, ...]
    adoption: tuple[SchoolAdoptionRow, ...]
    growth: tuple[SchoolGrowthRow, ...]
    spread: tuple[SchoolSpreadRow, ...]
    balance: SchoolBalanceRow | None
    balance_before: SchoolBalanceRow | None
    needs: tuple[NeedRow, ...]
    drivers: tuple[ScoreRow, ...]
    drivers_before: Mapping[str, ScoreRow]
    gaps: tuple[GapRow, ...]
    scales: tuple[SchoolScaleRow, ...]
    ratings: tuple[RatingRow, ...]
    checks: tuple[CheckRow, ...]
    steps: tuple[StepRow, ...]
    successor: SuccessorRow | None
    indicators: tuple[IndicatorRow, ...]
    cost: SchoolCostRow | None
    cost_before: SchoolCostRow | None
    hours_peers: Peers | None
    cost_peers: Peers | None
    growth_peers: Mapping[tuple[str, int], Peers]
    driver_peers: Mapping[str, Peers]

    @property
    def level(self) -> str | None:
        """The level of the school."""
        return self.name.school_level


def view_school(schools: Schools, comparisons: Comparisons, name: SchoolName) -> SchoolView:
    """The rows of one school."""
    school, level, year = name.school_id, name.school_level, schools.year
    balance = {row.school_year: row for row in schools.balance.of(school)}
    costs = {row.school_year: row for row in schools.costs.of(school)}
    scores = {
        (row.driver, row.school_year): row for row in schools.drivers.of(school) if row.role == _TEACHER
    }
    return SchoolView(
        name=name,
        year=year,
        reach=schools.reach.of(school),
        adoption=schools.adoption.of(school),
        growth=tuple(sorted(schools.growth.of(school), key=_by_subject)),
        spread=schools.spread.of(school),
        balance=balance.get(year),
        balance_before=balance.get(year - 1),
        needs=schools.needs.of(school),
        drivers=tuple(scores[driver, year] for driver in DRIVERS if (driver, year) in scores),
        drivers_before={driver: row for (driver, of_year), row in scores.items() if of_year == year - 1},
        gaps=schools.gaps.of(school),
        scales=schools.scales.of(school),
        ratings=schools.ratings.of(school),
        checks=schools.checks.of(school),
        steps=schools.steps.of(school),
        successor=next(iter(schools.successors.of(school)), None),
        indicators=schools.indicators.of(school),
        cost=costs.get(year),
        cost_before=costs.get(year - 1),
        hours_peers=comparisons.hours.get(level),
        cost_peers=comparisons.cost.get(level),
        growth_peers=comparisons.growth.get(level, {}),
        driver_peers=comparisons.drivers.get(level, {}),
    )
