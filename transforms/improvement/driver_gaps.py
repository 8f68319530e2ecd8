"""How much brighter leaders see things than the teachers of their own school."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.improvement.driver_cells import MINIMUM_PEOPLE, Cell, grouped, of_role, persons
from transforms.improvement.driver_scores import interval_of_people
from transforms.improvement.one_coefficient import Coefficient, one_coefficient, with_interval

COMPARED_ROLES = ("principal", "coach")
Record = dict[str, object]


def driver_gaps(cells: Sequence[Cell]) -> list[Record]:
    """Rows of estimates.driver_gap: each role less teachers within schools, by driver and year.

    The central office is in no school and so has no gap. A school has a row of its own only where 5 of the
    role and 5 teachers answered: the gap of a single principal would be that principal's answers.
    """
    records: list[Record] = []
    in_schools = [cell for cell in cells if cell.school_id is not None]
    for (driver, year), of_year in grouped(in_schools, lambda cell: (cell.driver, cell.school_year)).items():
        for role in COMPARED_ROLES:
            pairs = _pairs(of_year, role)
            key = {"driver": driver, "school_year": year, "role": role}
            records.append({**key, **_district(pairs)})
            records += [
                {**key, "school_id": school, **_school(*pair)}
                for school, pair in pairs.items()
                if min(map(persons, pair)) >= MINIMUM_PEOPLE
            ]
    return records


def _pairs(cells: Sequence[Cell], role: str) -> dict[str, tuple[list[Cell], list[Cell]]]:
    """Cells of the role and of teachers, of schools where both answered."""
    schools = grouped(cells, lambda cell: str(cell.school_id))
    pairs = {school: (of_role(found, role), of_role(found, "teacher")) for school, found in schools.items()}
    return {school: pair for school, pair in sorted(pairs.items()) if all(pair)}


def _district(pairs: dict[str, tuple[list[Cell], list[Cell]]]) -> Record:
    """The coefficient of the role in a regression of answers on it with an effect for each school."""
    found = paired_gap(
        [(_sums(one), _sums(teachers)) for one, teachers in pairs.values()],
    )
    record: Record = {
        "n_schools": len(pairs),
        "n_role": sum(persons(one) for one, _ in pairs.values()),
        "n_teachers": sum(persons(teachers) for _, teachers in pairs.values()),
    }
    if found is None:
        return record | {"note": f"refused: both answered in {len(pairs)} of the schools; 2 are needed"}
    return record | _values(found)


def paired_gap(schools: Sequence[tuple[tuple[int, float], tuple[int, float]]]) -> Coefficient | None:
    """Gap within schools from (n, total) of the role and of teachers, each school's by n1 n2 / (n1 + n2)."""
    sizes = np.array([[one[0], other[0]] for one, other in schools], dtype=float).reshape(-1, 2)
    means = np.array([[one[1] / one[0], other[1] / other[0]] for one, other in schools]).reshape(-1, 2)
    squares = sizes.prod(axis=1) / sizes.sum(axis=1)
    return one_coefficient(squares, squares * (means[:, 0] - means[:, 1]))


def _school(one: Sequence[Cell], teachers: Sequence[Cell]) -> Record:
    """Welch's interval of two groups of people."""
    record: Record = {"n_schools": 1, "n_role": persons(one), "n_teachers": persons(teachers)}
    first, second = interval_of_people(one), interval_of_people(teachers)
    if first is None or second is None:
        return record | {"note": "refused: everybody of a group answered the same"}
    variances = first.std_error**2, second.std_error**2
    df = sum(variances) ** 2 / (variances[0] ** 2 / first.df + variances[1] ** 2 / second.df)
    found = with_interval(first.estimate - second.estimate, float(np.sqrt(sum(variances))), df)
    return record | (_values(found) if found else {"note": "refused: no variance"})


def _values(found: Coefficient) -> Record:
    return {"gap": found.estimate, "p_value": found.p_value, **found.interval}


def _sums(cells: Sequence[Cell]) -> tuple[int, float]:
    return sum(cell.n for cell in cells), sum(cell.total for cell in cells)
