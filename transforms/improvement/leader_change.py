"""Growth before and after a school's first change of principal, against schools that have not changed.

The project's event study with schools as units and clusters: group-time effects with schools that never or
not yet change as comparison (Callaway and Sant'Anna 2021). Every school counts once, however large.
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np

from transforms.designs.event_study import EventStudyFit, Period, fit_event_study
from transforms.designs.group_time import read_starts
from transforms.designs.number import number
from transforms.designs.panel import DesignRefusedError, TeacherPanel

MINIMUM_SCHOOLS_CHANGING = 10
# An error of fewer schools that change is no error: their spread cannot be told.
MINIMUM_SCHOOLS_A_YEAR = 5
Record = dict[str, object]

# What the event study says of teachers who start, said of schools that change.
_WORDS = (
    ("teachers who took part in the first year seen", "schools whose principal changed in their first year seen"),
    ("nobody has a year before the start", "no school has a year before the change"),
    ("who start are seen", "that change are seen"),
    ("teachers who have not started", "schools that have not changed"),
    ("teachers have not started when others do", "schools have not changed when others do"),
    ("teachers who start", "schools that change"),
    ("teachers start", "schools change"),
    ("or nobody to compare", "or no school to compare with"),
    ("the start", "the change"),
    ("a start", "a change"),
    ("all who start are in one school", "one school changes"),
    ("teachers", "schools"),
)


def leader_changes(connection: duckdb.DuckDBPyConnection) -> list[Record]:
    """Rows of estimates.leader_change of every academic subject with growth."""
    subjects = connection.execute(
        "select distinct academic_subject from school_growth_year order by all"
    ).fetchall()
    return [row for (subject,) in subjects for row in _changes(connection, str(subject))]


def _changes(connection: duckdb.DuckDBPyConnection, subject: str) -> list[Record]:
    panel = school_panel(connection, subject)
    try:
        fit = fit_event_study(panel, 0, MINIMUM_SCHOOLS_CHANGING)
    except DesignRefusedError as reason:
        note = f"refused: {in_schools(str(reason))}"
        return [{"academic_subject": subject, "period": "refused", "note": note}]
    return change_records(subject, panel, fit)


def in_schools(words: str) -> str:
    """The event study's words about teachers who start as words about schools that change."""
    for said, meant in _WORDS:
        words = words.replace(said, meant)
    return words.replace("1 schools", "1 school") if words.startswith("1 schools") else words


def school_panel(connection: duckdb.DuckDBPyConnection, subject: str) -> TeacherPanel:
    """Schools by year as the event study wants units: the school is its own cluster."""
    columns: dict[str, Any] = connection.execute(
        "select school_id, school_year, weight, n_students, growth_sd, prior_mean_sd, is_after_change"
        " from school_growth_year where academic_subject = $subject order by school_id, school_year",
        {"subject": subject},
    ).fetchnumpy()
    schools, code = np.unique(np.asarray(columns["school_id"], dtype=str), return_inverse=True)
    code = code.astype(np.int64)
    return TeacherPanel(
        academic_subject=subject,
        subgroup="all",
        types=("change of principal",),
        staff_ids=schools,
        school_ids=schools,
        teacher=code,
        school=code,
        school_year=np.asarray(columns["school_year"], dtype=np.int64),
        weight=np.asarray(columns["weight"], dtype=float),
        n_students=np.asarray(columns["n_students"], dtype=float).astype(np.int64),
        growth_sd=np.asarray(columns["growth_sd"], dtype=float),
        prior_mean_sd=np.asarray(columns["prior_mean_sd"], dtype=float),
        hours=np.asarray(columns["is_after_change"], dtype=float)[:, None],
        years_experience=np.full(len(code), np.nan),
    )


def change_records(subject: str, panel: TeacherPanel, fit: EventStudyFit) -> list[Record]:
    """The average since the change, each year around it, and the joint test of the years before."""
    estimate = fit.estimate
    starts = read_starts(panel, 0)
    changed = np.unique(panel.teacher[estimate.treated])
    compared = int((starts.cohort > min(starts.starting_years)).sum())
    key: Record = {"academic_subject": subject}
    rows: list[Record] = [
        {
            **key,
            "period": "average",
            **_numbers(estimate.estimate_sd, estimate.std_error, estimate.df),
            "n_schools": len(changed),
            "n_compared": compared,
            "note": "; ".join(in_schools(note) for note in estimate.notes) or None,
        }
    ]
    rows += [{**key, **_period(period, estimate.df)} for period in fit.periods]
    if fit.pre_trend is None:
        return [*rows, {**key, "period": "leads", "note": "no test of the years before: too few of them"}]
    test = fit.pre_trend
    joint = _numbers(test.mean_lead, test.mean_lead_error, estimate.df) | {"p_value": test.p_value}
    return [*rows, {**key, "period": "leads", **joint}]


def _period(period: Period, df: float) -> Record:
    row: Record = {
        "period": "lead" if period.event_time < 0 else "lag",
        "event_time": period.event_time,
        "n_schools": period.n_teachers,
    }
    if period.n_teachers < MINIMUM_SCHOOLS_A_YEAR:
        return row | {"note": f"fewer than {MINIMUM_SCHOOLS_A_YEAR} schools that change are seen then"}
    return row | _numbers(period.estimate_sd, period.std_error, df)


def _numbers(estimate_sd: float, std_error: float, df: float) -> Record:
    found = number(estimate_sd, std_error, df)
    if found is None:
        return {"estimate_sd": estimate_sd}
    return {
        "estimate_sd": found.estimate_sd,
        "std_error": found.std_error,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "p_value": found.p_value,
    }
