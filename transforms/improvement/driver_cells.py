"""The four drivers of a system that learns: sums of answers by school, year and role, and what they share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import duckdb

from sql import render_sql

DRIVERS = ("trust", "leadership", "capacity_building", "collaboration")
# Roles that have a row of their own; other: another role, or none said.
ROLES = ("teacher", "coach", "principal", "central_office", "other")
ALL = "all"
# As in reports: below it what people answered is not shown.
MINIMUM_PEOPLE = 5

_Key = TypeVar("_Key")


@dataclass(frozen=True)
class Cell:
    """Answers of one role of one school (None: of no school) and year on one driver, in points from 1 to 5.

    ``n`` answers add up to ``total``, their squares to ``squares``; ``n_persons`` are at least behind them.
    """

    driver: str
    school_id: str | None
    school_year: int
    role: str
    n: int
    total: float
    squares: float
    n_persons: int
    n_without_range: int = 0

    @property
    def mean(self) -> float:
        """Mean answer."""
        return self.total / self.n


def read_cells(connection: duckdb.DuckDBPyConnection) -> tuple[Cell, ...]:
    """All cells of the four drivers, from surveys that are about no one activity."""
    rows = connection.execute(
        render_sql("improvement/driver_cells.sql"), {"drivers": list(DRIVERS)}
    ).fetchall()
    return tuple(Cell(*row) for row in rows)


def drivers_with_other_questions(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Drivers whose questions are not the same in all years."""
    query = render_sql("improvement/driver_questions.sql")
    return frozenset(driver for (driver,) in connection.execute(query, {"drivers": list(DRIVERS)}).fetchall())


def grouped(cells: Iterable[Cell], key: Callable[[Cell], _Key]) -> dict[_Key, list[Cell]]:
    """Cells with answers by ``key``, in their order."""
    groups: dict[_Key, list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.n > 0:
            groups[key(cell)].append(cell)
    return dict(groups)


def persons(cells: Sequence[Cell]) -> int:
    """People at least behind cells of one year."""
    return sum(cell.n_persons for cell in cells)


def of_role(cells: Iterable[Cell], role: str) -> list[Cell]:
    """Cells of ``role``, or of every role for ``all``."""
    return [cell for cell in cells if role in (ALL, cell.role)]
