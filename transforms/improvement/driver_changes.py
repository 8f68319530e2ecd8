"""Change of the four drivers over school years, within schools and roles."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from transforms.designs.settings import RELIABLE_DF
from transforms.improvement.driver_cells import ALL, DRIVERS, ROLES, Cell, grouped, of_role, persons
from transforms.improvement.one_coefficient import Coefficient, one_coefficient
from transforms.standards.multiplicity import with_adjusted

OTHER_QUESTIONS = "the questions of this scale differ between years"
Record = dict[str, object]


def driver_changes(cells: Sequence[Cell], other_questions: Collection[str] = ()) -> list[Record]:
    """Rows of estimates.driver_change, of drivers with answers in two years or more.

    ``other_questions`` are drivers that were not asked with the same questions in all years.
    """
    records = [
        _change(driver, role, found, driver in other_questions)
        for driver in DRIVERS
        for role in (ALL, *ROLES)
        if (found := [cell for cell in of_role(cells, role) if cell.driver == driver and cell.n > 0])
    ]
    return with_adjusted(records, lambda record: record["role"])


def _change(driver: str, role: str, cells: Sequence[Cell], is_other: bool) -> Record:
    years = sorted({cell.school_year for cell in cells})
    lasting = _in_two_years(cells)
    record: Record = {
        "driver": driver,
        "role": role,
        "first_year": years[0],
        "last_year": years[-1],
        "n_years": len(years),
        "n_answers": sum(cell.n for cell in lasting),
        "n_persons": max(map(persons, grouped(lasting, lambda cell: cell.school_year).values()), default=0),
        "n_schools": len({cell.school_id for cell in lasting if cell.school_id is not None}),
    }
    found = change_per_year(lasting)
    if found is None:
        reason = (
            "refused: answers of one school year only"
            if len(years) < 2
            else "refused: fewer than 2 schools that answered in two years"
        )
        return record | {"note": reason}
    few = "few schools carry it: the interval is unreliable" if found.df < RELIABLE_DF else None
    note = "; ".join(filter(None, (OTHER_QUESTIONS if is_other else None, few))) or None
    values = {"change_per_year": found.estimate, "p_value": found.p_value, "note": note}
    return record | values | found.interval


def _in_two_years(cells: Sequence[Cell]) -> list[Cell]:
    """Cells of schools and roles that answered in two years or more; the others tell of no change."""
    return [
        cell
        for found in grouped(cells, _school_and_role).values()
        for cell in found
        if len({other.school_year for other in found}) > 1
    ]


def change_per_year(cells: Sequence[Cell]) -> Coefficient | None:
    """Slope of answers on the school year with an effect for each school and role, CR2 by school."""
    squares: dict[str | None, float] = {}
    products: dict[str | None, float] = {}
    for (school, _), found in grouped(cells, _school_and_role).items():
        n = np.array([cell.n for cell in found], dtype=float)
        year = np.array([cell.school_year for cell in found], dtype=float)
        total = np.array([cell.total for cell in found])
        since_mean = year - (n * year).sum() / n.sum()
        squares[school] = squares.get(school, 0.0) + float((n * since_mean**2).sum())
        products[school] = products.get(school, 0.0) + float((since_mean * total).sum())
    return one_coefficient(np.array(list(squares.values())), np.array(list(products.values())))


def _school_and_role(cell: Cell) -> tuple[str | None, str]:
    return cell.school_id, cell.role
