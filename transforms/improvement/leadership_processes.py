"""Who started what when, read from the pathway and from assignments, as it was known on a given day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np

from sql import render_sql
from transforms.improvement.survival import FloatArray, Waiting

STEPS = ("identified_to_in_training", "in_training_to_completed", "completed_to_placed")
PATHWAY_PROCESSES = (*STEPS, "identified_to_placed", "placed_to_left_role")
LEVELS = ("classroom", "school", "district")
IN_ROLE = "in_role_at_school"
NEW = "new in role"
DAYS_PER_YEAR = 365.25
VIEWS = (
    "leadership_process",
    "leadership_staff",
    "leadership_entry",
    "placement_case",
    "role_spell",
    "school_successor",
    "principal_change",
    "school_growth_year",
)


def years_in_days(years: float) -> int:
    """Whole days of ``years``."""
    return round(DAYS_PER_YEAR * years)


def make_leadership_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary views of ``sql/improvement`` that this part reads."""
    for name in VIEWS:
        connection.execute(
            f"create or replace temp view {name} as {render_sql(f'improvement/{name}.sql')}"
        )


@dataclass(frozen=True, eq=False)
class Process:
    """One process on one pathway, a row a person (n), days since 1970, nan: not on record.

    ``started_on`` is the recorded start, ``started_by`` the day by which it had happened, ``reached_by`` that
    of the event; ``last_school_year`` the last year on the staff, nan where assignments do not say.
    """

    name: str
    category: str
    started_on: FloatArray
    started_by: FloatArray
    reached_by: FloatArray
    last_school_year: FloatArray

    def as_of(self, day: float) -> Waiting:
        """Waiting times known on ``day``; a start without a record has none."""
        seen = self.started_on <= day
        start, reached = self.started_on[seen], self.reached_by[seen]
        event = reached <= day
        return Waiting(np.where(event, reached, day) - start, event, day - start)


@dataclass(frozen=True, eq=False)
class Spells:
    """Spells in a role at a school, as indices of ``years``, the school years with assignments.

    ``first``, ``last`` (n) are the first and last year of each on record: a spell under way in the first year
    of the file counts from there.
    """

    category: str
    years: tuple[int, ...]
    first: FloatArray
    last: FloatArray

    def as_of(self, school_year: int) -> Waiting:
        """Days in role known at the end of ``school_year``: whether somebody comes back after it is not."""
        years = np.array([year for year in self.years if year <= school_year], dtype=float)
        if not len(years):
            return Waiting(*(np.zeros(0), np.zeros(0, dtype=bool), np.zeros(0)))
        now = len(years) - 1
        seen = self.first <= now
        first, last = self.first[seen].astype(int), np.minimum(self.last[seen], now).astype(int)
        event = last < now
        stayed = np.where(event, years[last] - years[first] + 1, years[now] - years[first])
        return Waiting(_days(stayed), event, _days(years[now] - years[first]))


def _days(years: FloatArray) -> FloatArray:
    return np.array([years_in_days(one) for one in years], dtype=float)


def read_processes(connection: duckdb.DuckDBPyConnection) -> tuple[Process, ...]:
    """Every process on every pathway that anybody is on, in the order of the steps."""
    found = []
    for name in PATHWAY_PROCESSES:
        for level in LEVELS:
            rows = connection.execute(
                "select started_on, started_by, reached_by, last_school_year from leadership_process"
                " where process = $process and category = $category",
                {"process": name, "category": level},
            ).fetchall()
            if rows:
                started, by, reached, last = zip(*rows, strict=True)
                years = np.array([np.nan if year is None else float(year) for year in last])
                found.append(Process(name, level, _ordinals(started), _ordinals(by), _ordinals(reached), years))
    return tuple(found)


def _ordinals(days: tuple[date | None, ...]) -> FloatArray:
    return np.array([np.nan if day is None else float(day_number(day)) for day in days])


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - date(1970, 1, 1)).days


def last_event_day(connection: duckdb.DuckDBPyConnection) -> date | None:
    """Last day on record of any pathway; None without one."""
    row = connection.execute("select max(event_date) from core.leadership_event").fetchone()
    return row[0] if row else None


def pathway_years(connection: duckdb.DuckDBPyConnection, report_year: int) -> tuple[int, ...]:
    """School years from the first event on to the report year."""
    row = connection.execute(
        "select year(min(event_date)) + cast(month(min(event_date)) >= 7 as integer) from core.leadership_event"
    ).fetchone()
    return () if row is None or row[0] is None else tuple(range(int(row[0]), report_year + 1))


def closing_day(school_year: int, last_event: date) -> date:
    """Day up to which events count: 30 June, or the last event on record where that is earlier."""
    return min(date(school_year, 6, 30), last_event)


def read_spells(connection: duckdb.DuckDBPyConnection) -> tuple[Spells, ...]:
    """Spells by role, by role and school level, and of those new in the role: whose start was seen."""
    years = tuple(
        int(year)
        for (year,) in connection.execute(
            "select distinct school_year from core.staff_assignment order by all"
        ).fetchall()
    )
    place = {year: index for index, year in enumerate(years)}
    rows = connection.execute(
        "select role, school_level, is_start_seen, first_school_year, last_school_year from role_spell"
    ).fetchall()
    categories: dict[str, list[tuple[int, int]]] = {}
    for role, level, is_new, first, last in rows:
        for category in (role, *([f"{role}: {level}"] if level else []), *([f"{role}: {NEW}"] if is_new else [])):
            categories.setdefault(category, []).append((place[first], place[last]))
    found = []
    for category in sorted(categories):
        spells = np.array(categories[category], dtype=float)
        found.append(Spells(category, years, spells[:, 0], spells[:, 1]))
    return tuple(found)
