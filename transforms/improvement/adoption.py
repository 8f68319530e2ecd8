"""How a kind of PD spreads over schools: who took it up when, and when half of them had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from sql import render_sql
from transforms.warehouse import quoted


@dataclass(frozen=True)
class AdoptionRule:
    """A school takes a type up in the first year in which ``share`` of its teachers had ``hours`` of it."""

    hours: float = 6.0
    share: float = 0.25


@dataclass(frozen=True)
class SchoolYear:
    """One school in one year on record and when it took a type up (None: never)."""

    school_id: str
    school_year: int
    adoption_year: int | None
    is_left_censored: bool | None


@dataclass(frozen=True)
class Half:
    """When half of the schools had taken a type up.

    ``status`` is reached, not_reached, or before_first_year where half had it in the first year on record;
    ``year`` is a spring year, interpolated between two years.
    """

    status: str
    year: float | None = None


def fill_adoption(connection: duckdb.DuckDBPyConnection, rule: AdoptionRule) -> None:
    """Fill estimates.school_adoption and estimates.adoption."""
    thresholds = {"adoption_hours": rule.hours, "adoption_share": rule.share}
    for name, parameters in (("school_adoption", thresholds), ("adoption", {})):
        query = render_sql(f"improvement/{name}.sql")
        table = quoted(f"estimates.{name}")
        connection.execute(f"insert into {table} by name {query}", parameters)


def read_school_years(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[SchoolYear, ...]]:
    """Schools by year of each type, in order."""
    by_type: dict[str, list[SchoolYear]] = {}
    rows = connection.execute(
        "select pd_type, school_id, school_year, adoption_year, is_left_censored from"
        " estimates.school_adoption order by pd_type, school_id, school_year"
    ).fetchall()
    for pd_type, *values in rows:
        by_type.setdefault(pd_type, []).append(SchoolYear(*values))
    return {pd_type: tuple(found) for pd_type, found in by_type.items()}


def half_reached(shares: Sequence[tuple[int, float]]) -> Half:
    """When the share of schools came to one half, from (year, share) in order of years.

    Between the last year below and the first at or above, the share is taken to rise evenly.
    """
    before: tuple[int, float] | None = None
    for year, share in shares:
        if share >= 0.5:
            if before is None:
                return Half("before_first_year")
            return Half("reached", before[0] + (0.5 - before[1]) / (share - before[1]) * (year - before[0]))
        before = year, share
    return Half("not_reached")


def shares_by_year(rows: Sequence[SchoolYear]) -> list[tuple[int, float]]:
    """Share of the schools of each year that had taken the type up by it."""
    years = sorted({row.school_year for row in rows})
    return [
        (year, sum(has_adopted(row) for row in found) / len(found))
        for year in years
        if (found := [row for row in rows if row.school_year == year])
    ]


def has_adopted(row: SchoolYear) -> bool:
    """Whether the school had taken the type up by this year."""
    return row.adoption_year is not None and row.adoption_year <= row.school_year
