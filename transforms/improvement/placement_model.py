"""Who is placed sooner after completing: hazard ratios by pathway, person and school."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import numpy as np

from transforms.improvement.intervals import NORMAL_QUANTILE
from transforms.improvement.leadership_processes import LEVELS, day_number
from transforms.improvement.proportional_hazards import (
    HazardModel,
    ModelRefusedError,
    fit_hazards,
)

PROCESS = "completed_to_placed"
Record = dict[str, object]
_Case = dict[str, Any]


@dataclass(frozen=True)
class Term:
    """A covariate: its name, what its hazard ratio compares with, and its value of a case (None: unknown)."""

    name: str
    compared_with: str
    value: Callable[[_Case], float | None]


def _number(column: str, scale: float = 1.0) -> Callable[[_Case], float | None]:
    return lambda case: None if case[column] is None else float(case[column]) * scale


PERSON_TERMS = (
    Term("experience", "one year less", _number("experience")),
    Term("novice", "at least 3 years of experience", _number("is_novice")),
    Term("master's degree or higher", "a lower degree", _number("has_advanced_degree")),
    Term(
        "students economically disadvantaged",
        "10 percentage points less at the school",
        _number("share_disadvantaged", 10.0),
    ),
)


def level_terms(cases: Sequence[_Case]) -> tuple[Term, ...]:
    """A term for each pathway level that has cases but the first of them."""
    present = [level for level in LEVELS if any(case["pathway_level"] == level for case in cases)]
    return tuple(
        Term(f"{level} pathway", f"{present[0]} pathway", _is_level(level)) for level in present[1:]
    )


def _is_level(level: str) -> Callable[[_Case], float | None]:
    return lambda case: float(case["pathway_level"] == level)


def placement_models(connection: duckdb.DuckDBPyConnection, as_of: date) -> list[Record]:
    """Rows of estimates.survival_model, from completions and placements up to ``as_of``."""
    cursor = connection.execute("select * from placement_case where started_on <= $day", {"day": as_of})
    names = [column[0] for column in cursor.description or ()]
    cases = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    if not cases:
        return []
    by_level = level_terms(cases)
    return [
        *model_records("level", cases, by_level, as_of),
        *model_records("full", cases, (*by_level, *PERSON_TERMS), as_of),
    ]


def model_records(model: str, cases: Sequence[_Case], terms: Sequence[Term], as_of: date) -> list[Record]:
    """One row a term and one for all; a single row with the reason where the model is refused."""
    used, left_out = usable_terms(cases, terms)
    complete = [case for case in cases if all(term.value(case) is not None for term in used)]
    notes = list(left_out)
    if len(complete) < len(cases):
        notes.append(f"{len(cases) - len(complete)} left out: something about them is not known")
    used, constant = _varying(complete, used)
    notes += [f"{term.name} left out: the same for everybody" for term in constant]
    key: Record = {"process": PROCESS, "model": model}
    time, event, person = _times(complete, as_of)
    counts: Record = {"n_people": len(complete), "n_events": int(event.sum())}
    try:
        if not used:
            raise ModelRefusedError("nothing to compare")
        _check_groups(complete, used, event)
        values = np.array([[float(term.value(case) or 0.0) for term in used] for case in complete])
        fit = fit_hazards(time, event, values, person)
    except ModelRefusedError as reason:
        note = "; ".join([f"refused: {reason}", *notes])
        return [{**key, "term": "all", **counts, "note": note}]
    return _rows(key, used, fit, notes)


def usable_terms(cases: Sequence[_Case], terms: Sequence[Term]) -> tuple[tuple[Term, ...], tuple[str, ...]]:
    """Terms that are known of at least half of the cases, and why the others are left out."""
    used, notes = [], []
    for term in terms:
        n_known = sum(term.value(case) is not None for case in cases)
        if 2 * n_known >= len(cases):
            used.append(term)
        else:
            known = "of nobody" if n_known == 0 else f"of {n_known} of {len(cases)} only"
            notes.append(f"{term.name} left out: known {known}")
    return tuple(used), tuple(notes)


def _varying(
    cases: Sequence[_Case], terms: Sequence[Term]
) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    varies = [len({term.value(case) for case in cases}) > 1 for term in terms]
    return (
        tuple(term for term, does in zip(terms, varies, strict=True) if does),
        tuple(term for term, does in zip(terms, varies, strict=True) if not does),
    )


def _times(
    cases: Sequence[_Case], as_of: date
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    end = day_number(as_of)
    start = np.array([day_number(case["started_on"]) for case in cases], dtype=float)
    reached = np.array(
        [np.inf if case["reached_by"] is None else day_number(case["reached_by"]) for case in cases],
        dtype=float,
    )
    _, person = np.unique(np.array([case["staff_id"] for case in cases], dtype=str), return_inverse=True)
    event = reached <= end
    return np.where(event, reached, end) - start, event, person.astype(np.int64)


def _check_groups(
    cases: Sequence[_Case], terms: Sequence[Term], event: np.ndarray[Any, Any]
) -> None:
    """Raise where a term of two groups has one without any event: its hazard ratio would be 0 or infinite."""
    for term in terms:
        values = np.array([term.value(case) for case in cases], dtype=float)
        for value in np.unique(values) if len(np.unique(values)) == 2 else ():
            if not event[values == value].any():
                group = term.name if value else f"those without: {term.name}"
                raise ModelRefusedError(f"no event among {group}")


def _rows(key: Record, terms: Sequence[Term], fit: HazardModel, notes: Sequence[str]) -> list[Record]:
    from scipy.special import ndtr

    counts: Record = {"n_people": fit.n, "n_events": fit.n_events}
    rows: list[Record] = []
    for j, term in enumerate(terms):
        b, error = float(fit.coefficient[j]), float(fit.std_error[j])
        changes = fit.proportional_p[j] < 0.05
        rows.append(
            {
                **key,
                "term": term.name,
                "compared_with": term.compared_with,
                "hazard_ratio": float(np.exp(b)),
                "ci_low": float(np.exp(b - NORMAL_QUANTILE * error)),
                "ci_high": float(np.exp(b + NORMAL_QUANTILE * error)),
                "coefficient": b,
                "std_error": error,
                "p_value": float(2.0 * ndtr(-abs(b / error))),
                "proportional_p_value": float(fit.proportional_p[j]),
                **counts,
                "note": "the ratio changes with time: read it as an average" if changes else None,
            }
        )
    return [
        *rows,
        {
            **key,
            "term": "all",
            "proportional_p_value": fit.global_p,
            **counts,
            "note": "; ".join(notes) or None,
        },
    ]
