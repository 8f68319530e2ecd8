"""Planning next year: how many teachers have to take part for an effect to be found?

Next year's comparison is that of the design ``adjusted`` in one year: teachers of the same school, n of N of
whom take part, spread over the schools. A teacher's mean growth varies by

    tau = variance of teachers + of years of a teacher + of students / students of a teacher,

so that a comparison of n with N - n has the variance f tau N / (n (N - n)). The factor f is how much
larger the published squared error is than that of the same formula for the published years, where a
teacher is seen several times: what is lost to other PD types at the same time and to uneven schools. It
is not taken below 1, for a published error smaller than the formula's is luck. The effect that is found
with a power of 80 % is (t_.975 + t_.80) standard errors (Bloom 1995), with the degrees of freedom of the
published estimate. Next year stands alone: together with the years before, less is needed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np

from sql import render_sql
from transforms.designs.panel import FloatArray, IntArray
from transforms.designs.settings import ALPHA, RELIABLE_DF

POWER = 0.80
_EFFECTS = """
    FROM estimates.effect
    SELECT pd_type, academic_subject, std_error, df, note
    WHERE design = 'adjusted' AND contrast = 'participated' AND subgroup = 'all'
    ORDER BY ALL
"""
_COMPONENTS = """
    FROM estimates.variance_component
    SELECT academic_subject, group_name, variance_sd2
    WHERE design = 'adjusted' AND contrast = 'participated'
"""


@dataclass(frozen=True)
class Plan:
    """What next year needs for one PD type and academic subject.

    ``teachers_needed`` of ``n_teachers`` (those of the last year in the sample) have to take part for
    ``effect_sd`` to be found, in ``hours_needed`` at ``mean_hours`` of those who took part so far.
    ``detectable_sd`` is what the ``n_participants`` of the last year would find and ``next_std_error`` the
    error of their comparison, ``smallest_sd`` what half of the teachers would find. ``inflation`` is the
    factor f. Empty where ``reason`` says why it cannot be planned.
    """

    pd_type: str
    academic_subject: str
    effect_sd: float
    reason: str = ""
    teachers_needed: int | None = None
    hours_needed: float | None = None
    mean_hours: float | None = None
    n_teachers: int | None = None
    n_participants: int | None = None
    detectable_sd: float | None = None
    smallest_sd: float | None = None
    inflation: float | None = None
    next_std_error: float | None = None


@dataclass(frozen=True, eq=False)
class TeacherYears:
    """Teacher-years (n) of one PD type and academic subject: codes of teacher in school and of school, spring
    year, sum of roster weights, and aligned hours."""

    teacher: IntArray
    school: IntArray
    school_year: IntArray
    students: FloatArray
    hours: FloatArray


def plans(connection: duckdb.DuckDBPyConnection, effect_sd: float) -> list[Plan]:
    """A plan for each PD type and academic subject of a published build, by its own errors and variances."""
    taught = _teacher_years(connection)
    components: dict[str, dict[str, float]] = {}
    for subject, group_name, variance in connection.execute(_COMPONENTS).fetchall():
        components.setdefault(subject, {})[group_name] = variance
    found = []
    for pd_type, subject, std_error, df, note in connection.execute(_EFFECTS).fetchall():
        years = taught.get((subject, pd_type))
        if std_error is None or years is None:
            reason = (note or "no teachers with growth").removeprefix("refused: ")
            found.append(Plan(pd_type, subject, effect_sd, reason))
        elif subject not in components:
            found.append(Plan(pd_type, subject, effect_sd, "no variance components of the subject"))
        else:
            empty = Plan(pd_type, subject, effect_sd)
            found.append(planned(empty, years, components[subject], std_error, df))
    return found


def planned(
    plan: Plan, years: TeacherYears, components: Mapping[str, float], std_error: float, df: float
) -> Plan:
    """The plan with its numbers, from a published standard error with ``df`` degrees of freedom.

    ``components`` are variances in squared standard deviations of student scores by level.
    """
    is_last = years.school_year == years.school_year.max()
    n_teachers, n_now = int(is_last.sum()), int((is_last & (years.hours > 0.0)).sum())
    tau = teacher_variance(components, float(years.students[is_last].mean()))
    inflation = max(1.0, std_error**2 * information(years, components))
    multiple = multiplier(df)
    needed = teachers_needed(n_teachers, inflation * tau * (multiple / plan.effect_sd) ** 2)
    smallest = multiple * math.sqrt(inflation * contrast_variance(tau, n_teachers / 2.0, n_teachers))
    now = None
    if 0 < n_now < n_teachers:
        now = math.sqrt(inflation * contrast_variance(tau, n_now, n_teachers))
    mean_hours = float(years.hours[years.hours > 0.0].mean())
    return Plan(
        plan.pd_type,
        plan.academic_subject,
        plan.effect_sd,
        reason=_reason(needed, df, n_teachers, smallest),
        teachers_needed=needed if df >= RELIABLE_DF else None,
        hours_needed=needed * mean_hours if needed and df >= RELIABLE_DF else None,
        mean_hours=mean_hours,
        n_teachers=n_teachers,
        n_participants=n_now,
        detectable_sd=None if now is None else multiple * now,
        smallest_sd=smallest,
        inflation=inflation,
        next_std_error=now,
    )


def _reason(needed: int | None, df: float, n_teachers: int, smallest: float) -> str:
    if df < RELIABLE_DF:
        return f"the published error has {df:.1f} degrees of freedom, fewer than {RELIABLE_DF:g}"
    if needed is None:
        return f"even half of the {n_teachers} teachers find no less than {smallest:.3f} SD"
    return ""


def teacher_variance(components: Mapping[str, float], students: float) -> float:
    """Variance of the mean growth of a teacher in one year about the school's, tau."""
    lasting = components.get("teacher", 0.0)
    return lasting + _yearly(components, students)


def contrast_variance(tau: float, n_participants: float, n_teachers: float) -> float:
    """Variance of the difference of means of n and the other N - n teachers."""
    return tau * n_teachers / (n_participants * (n_teachers - n_participants))


def teachers_needed(n_teachers: int, ratio: float) -> int | None:
    """The smallest n with n (N - n) / N at least ``ratio``; None where even half of them are too few."""
    discriminant = n_teachers**2 - 4.0 * n_teachers * ratio
    if discriminant < 0.0:
        return None
    n = max(1, math.ceil((n_teachers - math.sqrt(discriminant)) / 2.0))
    return n if n * (n_teachers - n) / n_teachers >= ratio * (1.0 - 1e-12) else None


def multiplier(df: float, power: float = POWER) -> float:
    """Minimum detectable effect in standard errors: t at 1 - alpha / 2 plus t at the power (Bloom 1995)."""
    from scipy.special import stdtrit

    return float(stdtrit(df, 1.0 - ALPHA / 2.0) + stdtrit(df, power))


def information(years: TeacherYears, components: Mapping[str, float]) -> float:
    """Inverse variance of the published comparison, were taking part all that differs within a school.

    Generalised least squares on teacher-years: the squares of taking part about the teacher's mean count by
    the variance of a year, those of the teacher's mean about the school's by that of a teacher's mean.
    """
    took_part = (years.hours > 0.0).astype(float)
    precision = 1.0 / np.array([_yearly(components, students) for students in years.students])
    own_weight, own_mean = _means(years.teacher, precision, took_part)
    within = precision @ (took_part - own_mean[years.teacher]) ** 2
    school = np.zeros(len(own_weight), dtype=np.int64)
    school[years.teacher] = years.school
    weight = 1.0 / (components.get("teacher", 0.0) + 1.0 / own_weight)
    _, school_mean = _means(school, weight, own_mean)
    return float(within + weight @ (own_mean - school_mean[school]) ** 2)


def _yearly(components: Mapping[str, float], students: float) -> float:
    """Variance of the mean growth of a teacher in a year about the lasting one."""
    return components.get("teacher_year", 0.0) + components["residual"] / students


def _means(codes: IntArray, weights: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Sum of weights and weighted mean of the values of each code."""
    total: FloatArray = np.bincount(codes, weights).astype(np.float64)
    return total, np.bincount(codes, weights * values) / total


def _teacher_years(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], TeacherYears]:
    rows = connection.execute(render_sql("designs/planning_hours.sql")).df()
    return {
        (str(subject), str(pd_type)): TeacherYears(
            teacher=np.asarray(part.groupby(["staff_id", "school_id"]).ngroup(), dtype=np.int64),
            school=np.asarray(part.groupby("school_id").ngroup(), dtype=np.int64),
            school_year=part["school_year"].to_numpy(np.int64),
            students=part["weight"].to_numpy(float),
            hours=part["aligned_hours"].to_numpy(float),
        )
        for (subject, pd_type), part in rows.groupby(["academic_subject", "pd_type"])
    }
