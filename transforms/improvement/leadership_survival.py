"""Curves, shares after some years, and medians of every process and of spells in role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from transforms.improvement.leadership_processes import (
    IN_ROLE,
    Process,
    Spells,
    closing_day,
    day_number,
    years_in_days,
)
from transforms.improvement.leadership_steps import MINIMUM_FOLLOWED
from transforms.improvement.survival import (
    SurvivalCurve,
    Waiting,
    kaplan_meier,
    median_time,
    survival_at,
)

Record = dict[str, object]
HORIZONS = (1, 2, 3, 5)


@dataclass(frozen=True, eq=False)
class Observed:
    """What was known of one process at the end of a school year; ``n_left_out`` have no day of start."""

    process: str
    category: str
    school_year: int
    waiting: Waiting
    n_left_out: int = 0

    @property
    def key(self) -> Record:
        """Its key columns."""
        return {"process": self.process, "category": self.category, "school_year": self.school_year}


def observe_processes(
    processes: Iterable[Process], years: Iterable[int], last_event: date
) -> Iterator[Observed]:
    """Each process at the end of each year, where anybody had started."""
    ends = {year: day_number(closing_day(year, last_event)) for year in years}
    for process in processes:
        for year, day in ends.items():
            waiting = process.as_of(day)
            n_started = int((process.started_by <= day).sum())
            if n_started:
                yield Observed(process.name, process.category, year, waiting, n_started - waiting.n)


def observe_spells(spells: Iterable[Spells], report_year: int) -> Iterator[Observed]:
    """Each role at the end of each year up to the report year, where any start was seen."""
    for role in spells:
        for year in role.years:
            waiting = role.as_of(year)
            if waiting.n and year <= report_year:
                yield Observed(IN_ROLE, role.category, year, waiting)


def curve_records(observed: Observed) -> list[Record]:
    """Rows of estimates.survival_curve: each day with an event, and the last day with five still waiting.

    Without that day a reader could not see how long nothing happened.
    """
    curve = kaplan_meier(observed.waiting)
    columns = zip(
        curve.days, curve.survival, curve.low, curve.high, curve.n_at_risk, curve.n_events, strict=True
    )
    rows = [_point(observed, *(float(value) for value in values)) for values in columns]
    waits = np.sort(observed.waiting.time)
    if len(waits) < MINIMUM_FOLLOWED or (rows and waits[-MINIMUM_FOLLOWED] <= curve.days[-1]):
        return rows
    day = float(waits[-MINIMUM_FOLLOWED])
    share = survival_at(observed.waiting, curve, day)
    if share is None or day <= 0:
        return rows
    at_risk = float((waits >= day).sum())
    return [*rows, _point(observed, day, share.value, share.low, share.high, at_risk, 0.0)]


def _point(
    observed: Observed, day: float, share: float, low: float, high: float, at_risk: float, events: float
) -> Record:
    return {
        "process": observed.process,
        "category": observed.category,
        "time_days": int(day),
        "survival": share,
        "ci_low": low,
        "ci_high": high,
        "n_at_risk": int(at_risk),
        "n_events": int(events),
    }


def horizon_records(observed: Observed) -> list[Record]:
    """Rows of estimates.survival_horizon."""
    curve = kaplan_meier(observed.waiting)
    return [_horizon(observed, curve, years) for years in HORIZONS]


def _horizon(observed: Observed, curve: SurvivalCurve, years: int) -> Record:
    days = years_in_days(years)
    n_followed = int((observed.waiting.followed >= days).sum())
    row = {
        **observed.key,
        "horizon_years": years,
        "n_people": observed.waiting.n,
        "n_followed": n_followed,
    }
    found = survival_at(observed.waiting, curve, days) if n_followed >= MINIMUM_FOLLOWED else None
    if found is None:
        so_long = "a year" if years == 1 else f"{years} years"
        return row | {"note": f"fewer than {MINIMUM_FOLLOWED} people followed for {so_long}"}
    return row | {"survival": found.value, "ci_low": found.low, "ci_high": found.high}


def median_record(observed: Observed) -> Record:
    """Row of estimates.survival_median."""
    waiting = observed.waiting
    found = median_time(kaplan_meier(waiting))
    note = None
    if waiting.n == 0:
        note = "nobody has a record of the start"
    elif found.days is None:
        note = "not reached: fewer than half had the event within the time seen"
    elif found.high is None:
        note = "no upper end of the interval within the time seen"
    return {
        **observed.key,
        "median_days": found.days,
        "ci_low_days": found.low,
        "ci_high_days": found.high,
        "n_people": waiting.n,
        "n_events": int(waiting.event.sum()),
        "n_left_out": observed.n_left_out,
        "note": note,
    }
