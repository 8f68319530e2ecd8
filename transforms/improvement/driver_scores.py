"""Mean answers on the four drivers: of the district by role, of schools, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from transforms.improvement.driver_cells import (
    ALL,
    MINIMUM_PEOPLE,
    ROLES,
    Cell,
    grouped,
    of_role,
    persons,
)
from transforms.improvement.one_coefficient import Coefficient, one_coefficient, with_interval

ONE_PLACE = "all answers are of one place: the interval is of people"
ONE_PERSON = "one person: no interval"


@dataclass(frozen=True)
class DriverScore:
    """One row of estimates.driver_score; no ``school_id``: the district."""

    driver: str
    school_id: str | None
    school_year: int
    role: str
    mean_score: float
    interval: Coefficient | None
    total: float
    n_answers: int
    n_persons: int
    n_schools: int
    is_withheld: bool = False
    note: str | None = None

    @property
    def record(self) -> dict[str, object]:
        """Values by column."""
        return {
            "driver": self.driver,
            "school_id": self.school_id,
            "school_year": self.school_year,
            "role": self.role,
            "mean_score": self.mean_score,
            "total": self.total,
            "n_answers": self.n_answers,
            "n_persons": self.n_persons,
            "n_schools": self.n_schools,
            "is_withheld": self.is_withheld,
            "note": self.note,
            **(self.interval.interval if self.interval else {}),
        }


def driver_scores(cells: Sequence[Cell]) -> list[DriverScore]:
    """Rows of the district by role and of all, and of each school's teachers and all, by driver and year.

    A mean of the district is over answers, its error by school (CR2). Where all answers are of one place, as
    those of the central office are, and for a school, people are drawn independently.
    """
    scores: list[DriverScore] = []
    for (driver, year), of_year in grouped(cells, lambda cell: (cell.driver, cell.school_year)).items():
        district = [
            _score(driver, None, year, role, found)
            for role in (*ROLES, ALL)
            if (found := of_role(of_year, role))
        ]
        schools = [
            _score(driver, school, year, role, found)
            for school, of_school in sorted(
                grouped(
                    (cell for cell in of_year if cell.school_id), lambda cell: str(cell.school_id)
                ).items()
            )
            for role in ("teacher", ALL)
            if (found := of_role(of_school, role))
        ]
        scores += withheld(district, schools)
    return scores


def _score(driver: str, school_id: str | None, year: int, role: str, cells: Sequence[Cell]) -> DriverScore:
    n, total = sum(cell.n for cell in cells), sum(cell.total for cell in cells)
    places = grouped(cells, lambda cell: cell.school_id)
    score = DriverScore(
        driver,
        school_id,
        year,
        role,
        total / n,
        None,
        total,
        n,
        persons(cells),
        len([place for place in places if place is not None]),
        note=_left_out(cells),
    )
    if len(places) > 1:
        squares = np.array([sum(cell.n for cell in found) for found in places.values()], dtype=float)
        products = np.array([sum(cell.total for cell in found) for found in places.values()])
        return replace(score, interval=one_coefficient(squares, products))
    interval = interval_of_people(cells)
    note = ONE_PERSON if score.n_persons < 2 else None if school_id else ONE_PLACE
    return replace(score, interval=interval, note="; ".join(filter(None, (score.note, note))) or None)


def interval_of_people(cells: Sequence[Cell]) -> Coefficient | None:
    """Mean of independent people with their t interval; people who answered twice count once."""
    n, total = sum(cell.n for cell in cells), sum(cell.total for cell in cells)
    n_persons = persons(cells)
    if n < 2 or n_persons < 2:
        return None
    variance = max(0.0, sum(cell.squares for cell in cells) - total * total / n) / (n - 1)
    return with_interval(total / n, float(np.sqrt(variance / n_persons)), n_persons - 1.0)


def _left_out(cells: Sequence[Cell]) -> str | None:
    left_out = sum(cell.n_without_range for cell in cells)
    return f"left out: {left_out} answers to items of several ranges or none" if left_out else None


def withheld(district: Sequence[DriverScore], schools: Sequence[DriverScore]) -> list[DriverScore]:
    """The rows of one driver and year, marked where a difference would show fewer than 5 people.

    All of a place less its roles shown are its other people; a role of the district less its schools shown
    is that of the other schools. Where these are 1 to 4 people, all of the place, and the school shown with
    fewest people, is withheld.
    """
    marked = _withheld_all(district)
    by_school: dict[str | None, list[DriverScore]] = {}
    for score in schools:
        by_school.setdefault(score.school_id, []).append(score)
    of_schools = [score for found in by_school.values() for score in _withheld_all(found)]
    for role in ("teacher", ALL):
        whole = next((score.n_persons for score in marked if score.role == role and _is_shown(score)), None)
        of_role_shown = [score for score in of_schools if score.role == role and _is_shown(score)]
        if whole is None or not of_role_shown:
            continue
        hidden = whole - sum(score.n_persons for score in of_role_shown)
        if 0 < hidden < MINIMUM_PEOPLE:
            smallest = min(of_role_shown, key=lambda score: (score.n_persons, score.school_id or ""))
            of_schools = [replace(row, is_withheld=True) if row is smallest else row for row in of_schools]
    return [*marked, *of_schools]


def _is_shown(score: DriverScore) -> bool:
    return not score.is_withheld and score.n_persons >= MINIMUM_PEOPLE


def _withheld_all(place: Sequence[DriverScore]) -> list[DriverScore]:
    """Rows of one place: all is withheld where the people of roles not shown are 1 to 4."""
    shown = sum(score.n_persons for score in place if score.role != ALL and _is_shown(score))
    return [
        replace(score, is_withheld=True)
        if score.role == ALL and 0 < score.n_persons - shown < MINIMUM_PEOPLE
        else score
        for score in place
    ]
