"""Design ``event_study``: teachers before and after they first take part, against those who have not started.

Estimand: the average effect, in the years since the start, on the growth of the students of those who start
(Callaway and Sant'Anna 2021), one teacher-year one observation. Once started, a teacher counts as started.
Teachers never treated and not yet treated are the comparison, so that effects that grow with time do not
spoil it, as they do two-way fixed effects (Goodman-Bacon 2021). It rests on parallel trends: without the PD
those who start would have changed as the others did. Leads are shown and tested jointly; HonestDiD's bounds
say how far trends may differ (Rambachan and Roth 2023). Leads, lags and bounds are diff-diff's.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from transforms.designs.group_time import (
    NEVER,
    GroupTimeEffects,
    Starts,
    average_of_groups,
    by_school,
    check_starts,
    group_time_effects,
    read_starts,
)
from transforms.designs.panel import DesignEstimate, TeacherPanel

BOUNDS = (0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Period:
    """A lead (``event_time`` below 0) or lag, against the year before the start."""

    event_time: int
    estimate_sd: float
    std_error: float
    n_teachers: int


@dataclass(frozen=True)
class JointTest:
    """F test that all leads are 0, by school.

    ``mean_lead`` is their mean, with its standard error and p-value.
    """

    statistic: float
    df_numerator: int
    df_denominator: float
    p_value: float
    mean_lead: float
    mean_lead_error: float
    mean_lead_p_value: float


@dataclass(frozen=True)
class Bound:
    """Interval of the mean lag where trends may differ by ``mbar`` times the largest step between leads."""

    mbar: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True, eq=False)
class EventStudyFit:
    """The estimate and what an evaluator asks of it.

    ``pre_trend`` is None and ``bounds`` empty where there are no leads to test. ``breakdown`` is the largest
    mbar with which the interval of the mean lag leaves out 0: 0 where it never does, None where it cannot be
    told. ``sun_abraham`` and ``two_way`` are estimate and standard error. ``baseline`` are differences in
    the year before the start, in standard deviations of students.
    """

    estimate: DesignEstimate
    periods: tuple[Period, ...]
    pre_trend: JointTest | None
    bounds: tuple[Bound, ...]
    breakdown: float | None
    sun_abraham: tuple[float, float] | None
    two_way: tuple[float, float] | None
    baseline: Mapping[str, float]


def event_study_estimate(
    panel: TeacherPanel, type_position: int, minimum_teachers: int = 10
) -> DesignEstimate:
    """The average effect alone: standard error by school, t with schools - 1 degrees of freedom.

    Raises DesignRefusedError.
    """
    starts = read_starts(panel, type_position)
    check_starts(starts, minimum_teachers)
    return _estimate(panel, starts, minimum_teachers)


def fit_event_study(panel: TeacherPanel, type_position: int, minimum_teachers: int = 10) -> EventStudyFit:
    """The average effect with leads, lags, the test of the leads, bounds, and two other estimators beside it.

    Raises DesignRefusedError.
    """
    starts = read_starts(panel, type_position)
    check_starts(starts, minimum_teachers)
    estimate = _estimate(panel, starts, minimum_teachers)
    frame = _frame(starts)
    with warnings.catch_warnings():
        # Cells without a comparison are left out, and panels may have gaps, which the library says of each.
        warnings.simplefilter("ignore")
        leads_and_lags = _leads_and_lags(frame)
        bounds, breakdown = _bounds(leads_and_lags)
        sun_abraham = _sun_abraham(frame)
        two_way = _two_way(frame)
    return EventStudyFit(
        estimate=estimate,
        periods=_periods(leads_and_lags, starts),
        pre_trend=_pre_trend(leads_and_lags, len(np.unique(starts.school))),
        bounds=bounds,
        breakdown=breakdown,
        sun_abraham=sun_abraham,
        two_way=two_way,
        baseline=_baseline(starts),
    )


def _estimate(panel: TeacherPanel, starts: Starts, minimum_teachers: int) -> DesignEstimate:
    found = group_time_effects(starts, minimum_teachers)
    value, influence = average_of_groups(found, starts.cohort)
    schools = by_school(influence, starts.school, len(panel.school_ids))
    place = starts.teacher_of_row
    used = (place >= 0) & (found.treated | found.compared)[place]
    n_schools = len(np.unique(starts.school))
    return DesignEstimate(
        estimate_sd=value,
        std_error=float(np.sqrt((schools**2).sum())),
        df=n_schools - 1.0,
        n_clusters=n_schools,
        used=used,
        treated=used & found.treated[place] & (panel.school_year >= starts.cohort[place]),
        influence=schools,
        baseline_g_max=max((abs(g) for g in _baseline(starts).values()), default=None),
        notes=_notes(starts, found),
    )


def _notes(starts: Starts, found: GroupTimeEffects) -> tuple[str, ...]:
    notes = []
    if starts.n_started_before:
        notes.append(f"{starts.n_started_before} teachers who took part in the first year seen left out")
    unseen = int((starts.cohort != NEVER).sum() - found.treated.sum())
    if unseen:
        notes.append(
            f"{unseen} teachers who start left out: not seen in the year before, or nobody to compare"
        )
    if found.n_left_out:
        notes.append(
            f"{found.n_left_out} years after a start without enough teachers to compare with left out"
        )
    if len(starts.years) < 3:
        notes.append("two school years: no lead to check trends by")
    if np.any(np.diff(starts.years) > 1):
        notes.append("years without growth are not counted")
    return tuple(notes)


def _baseline(starts: Starts) -> dict[str, float]:
    """Starters less those who have not started, in the year before the start, cohorts by their teachers."""
    totals = {"growth of the year before": 0.0, "class mean prior score": 0.0}
    size = 0.0
    for g in starts.starting_years:
        base = starts.position(g) - 1
        for name, values in zip(totals, (starts.growth, starts.prior), strict=True):
            is_seen = ~np.isnan(values[:, base])
            treated, others = is_seen & (starts.cohort == g), is_seen & (starts.cohort > g)
            if treated.any() and others.any():
                difference = values[treated, base].mean() - values[others, base].mean()
                totals[name] += float(treated.sum() * difference)
                size += float(treated.sum()) / 2.0
    return {name: total / size for name, total in totals.items()} if size else {}


def _frame(starts: Starts) -> Any:
    """Long rows as diff-diff takes them: unit, time from 1, first (0: never), school, growth, started."""
    import pandas as pd

    teacher, year = np.nonzero(~np.isnan(starts.growth))
    first = np.where(starts.cohort == NEVER, 0, np.searchsorted(starts.years, starts.cohort) + 1)
    time = year + 1
    return pd.DataFrame(
        {
            "unit": teacher,
            "time": time,
            "first": first[teacher],
            "school": starts.school[teacher],
            "growth": starts.growth[teacher, year],
            "started": ((first[teacher] > 0) & (time >= first[teacher])).astype(float),
        }
    )


def _leads_and_lags(frame: Any) -> Any:
    from diff_diff import CallawaySantAnna

    estimator = CallawaySantAnna(
        control_group="not_yet_treated", cluster="school", base_period="universal", cband=False
    )
    return estimator.fit(frame, "growth", "unit", "time", "first", aggregate="event_study")


def _periods(found: Any, starts: Starts) -> tuple[Period, ...]:
    periods = []
    for event_time in sorted(found.event_study_effects):
        row = found.event_study_effects[event_time]
        if not np.isfinite(row["se"]) or not row["se"] > 0.0:
            continue
        places = {g: starts.position(g) + int(event_time) for g in starts.starting_years}
        seen = sum(
            int((~np.isnan(starts.growth[starts.cohort == g, place])).sum())
            for g, place in places.items()
            if 0 <= place < len(starts.years)
        )
        periods.append(Period(int(event_time), float(row["effect"]), float(row["se"]), seen))
    return tuple(periods)


def _pre_trend(found: Any, n_schools: int) -> JointTest | None:
    """Hotelling's test of the leads: with few schools their covariance is itself uncertain.

    With m = schools - 1 and q leads, W (m - q + 1) / (m q) is F with q and m - q + 1 degrees of freedom.
    """
    from scipy.special import fdtrc, stdtr

    order = [int(time) for time in found.event_study_vcov_index]
    at = [k for k, time in enumerate(order) if time < -1]
    effects = np.array([float(found.event_study_effects[order[k]]["effect"]) for k in at])
    covariance = np.asarray(found.event_study_vcov)[np.ix_(at, at)]
    q = len(at)
    m = n_schools - 1.0
    left = m - q + 1.0
    if q == 0 or left < 1.0 or np.linalg.matrix_rank(covariance) < q:
        return None
    statistic = float(effects @ np.linalg.solve(covariance, effects)) * left / (m * q)
    error = float(np.sqrt(covariance.mean()))
    p_value = float(fdtrc(q, left, statistic))
    mean = float(effects.mean())
    mean_p = float(2.0 * stdtr(m, -abs(mean / error)))
    return JointTest(statistic, q, left, p_value, mean, error, mean_p)


def _bounds(found: Any) -> tuple[tuple[Bound, ...], float | None]:
    """HonestDiD by relative magnitudes of the mean lag; a lead beside the year before makes a step."""
    from diff_diff import HonestDiD

    order = [int(time) for time in found.event_study_vcov_index]
    if sum(time < -1 for time in order) < 1 or not any(time >= 0 for time in order):
        return (), None
    bounds = []
    try:
        for mbar in BOUNDS:
            at = HonestDiD(method="relative_magnitude", M=mbar).fit(found)
            bounds.append(Bound(mbar, float(at.ci_lb), float(at.ci_ub)))
        breakdown = HonestDiD(method="relative_magnitude").breakdown_value(found)
    except ValueError:
        # Its way to say that there are too few schools for the covariance of so many years.
        return (), None
    if not all(np.isfinite([bound.ci_low, bound.ci_high]).all() for bound in bounds):
        return (), None
    return tuple(bounds), None if breakdown is None else float(breakdown)


def _sun_abraham(frame: Any) -> tuple[float, float] | None:
    """Sun and Abraham's (2021) interaction-weighted estimate; None where everybody starts some day."""
    from diff_diff import SunAbraham

    if not (frame["first"] == 0).any():
        return None
    found = SunAbraham(control_group="never_treated", cluster="school").fit(
        frame, "growth", "unit", "time", "first"
    )
    return float(found.overall_att), float(found.overall_se)


def _two_way(frame: Any) -> tuple[float, float] | None:
    """Two-way fixed effects, which weighs some effects negatively where they grow: for comparison only."""
    import pyfixest

    found = pyfixest.feols("growth ~ started | unit + time", frame, vcov={"CRV1": "school"})
    if "started" not in found.coef():
        return None
    return float(found.coef()["started"]), float(found.se()["started"])
