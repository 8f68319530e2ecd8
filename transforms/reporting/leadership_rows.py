"""Rows of the leadership pipeline as frozen values, from the tables that may be shown."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from transforms.reporting.fill import filled

_STEPS = """
select pathway_level, step, school_year, n_reached, n_converted, n_left, n_waiting, conversion, ci_low, ci_high,
    conversion_2y, conversion_2y_ci_low, conversion_2y_ci_high, others_conversion_2y, p_value_bh, is_broken,
    reason, note, is_suppressed
from report.leadership_step where school_year = $year
"""
_CURVES = """
select process, category, time_days, survival, ci_low, ci_high, n_at_risk
from report.survival_curve order by process, category, time_days
"""
_HORIZONS = """
select process, category, horizon_years, survival, ci_low, ci_high, n_people, n_followed, note, is_suppressed
from report.survival_horizon where school_year = $year order by process, category, horizon_years
"""
_MEDIANS = """
select process, category, median_days, ci_low_days, ci_high_days, n_people, n_events, n_left_out, note,
    is_suppressed
from report.survival_median where school_year = $year order by process, category
"""
_MODELS = """
select model, term, compared_with, hazard_ratio, ci_low, ci_high, p_value, proportional_p_value, n_people,
    n_events, note
from estimates.survival_model where n_people >= 5
"""
_SUCCESSORS = """
select school_id, school_name, school_level, school_year, has_principal, has_successor
from report.school_successor order by school_year, school_name, school_id
"""
_ACCESS = """
select stage, group_kind, group_name, n_staff_years, n_reached, rate, ci_low, ci_high, reference_group, ratio,
    ratio_ci_low, ratio_ci_high, p_value_bh, is_suppressed
from report.leadership_access where school_year = $year order by stage, group_kind, group_name
"""
_CHANGES = """
select academic_subject, period, event_time, estimate_sd, std_error, ci_low, ci_high, p_value, n_schools,
    n_compared, note
from estimates.leader_change order by academic_subject, period, event_time
"""


@dataclass(frozen=True)
class StepRow:
    """One row of report.leadership_step."""

    pathway_level: str
    step: str
    school_year: int
    n_reached: int | None
    n_converted: int | None
    n_left: int | None
    n_waiting: int | None
    conversion: float | None
    ci_low: float | None
    ci_high: float | None
    conversion_2y: float | None
    conversion_2y_ci_low: float | None
    conversion_2y_ci_high: float | None
    others_conversion_2y: float | None
    p_value_bh: float | None
    is_broken: bool
    reason: str | None
    note: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class CurvePoint:
    """One row of report.survival_curve."""

    process: str
    category: str
    time_days: int
    survival: float
    ci_low: float | None
    ci_high: float | None
    n_at_risk: int


@dataclass(frozen=True)
class HorizonRow:
    """One row of report.survival_horizon in the report year."""

    process: str
    category: str
    horizon_years: int
    survival: float | None
    ci_low: float | None
    ci_high: float | None
    n_people: int | None
    n_followed: int | None
    note: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class MedianRow:
    """One row of report.survival_median in the report year."""

    process: str
    category: str
    median_days: float | None
    ci_low_days: float | None
    ci_high_days: float | None
    n_people: int | None
    n_events: int | None
    n_left_out: int | None
    note: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class ModelRow:
    """One row of estimates.survival_model."""

    model: str
    term: str
    compared_with: str | None
    hazard_ratio: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    proportional_p_value: float | None
    n_people: int
    n_events: int
    note: str | None


@dataclass(frozen=True)
class SuccessorRow:
    """One row of report.school_successor."""

    school_id: str
    school_name: str
    school_level: str | None
    school_year: int
    has_principal: bool
    has_successor: bool


@dataclass(frozen=True)
class AccessRow:
    """One row of report.leadership_access in the report year."""

    stage: str
    group_kind: str
    group_name: str
    n_staff_years: int | None
    n_reached: int | None
    rate: float | None
    ci_low: float | None
    ci_high: float | None
    reference_group: str
    ratio: float | None
    ratio_ci_low: float | None
    ratio_ci_high: float | None
    p_value_bh: float | None
    is_suppressed: bool


@dataclass(frozen=True)
class ChangeRow:
    """One row of estimates.leader_change."""

    academic_subject: str
    period: str
    event_time: int | None
    estimate_sd: float | None
    std_error: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    n_schools: int | None
    n_compared: int | None
    note: str | None


@dataclass(frozen=True)
class LeadershipReport:
    """All that the page shows."""

    steps: tuple[StepRow, ...]
    curves: tuple[CurvePoint, ...]
    horizons: tuple[HorizonRow, ...]
    medians: tuple[MedianRow, ...]
    models: tuple[ModelRow, ...]
    successors: tuple[SuccessorRow, ...]
    access: tuple[AccessRow, ...]
    changes: tuple[ChangeRow, ...]


def read_leadership(connection: duckdb.DuckDBPyConnection, report_year: int) -> LeadershipReport:
    """The rows of the report year; successors of every year up to it."""
    year = {"year": report_year}
    return LeadershipReport(
        steps=filled(connection, StepRow, _STEPS, year),
        curves=filled(connection, CurvePoint, _CURVES),
        horizons=filled(connection, HorizonRow, _HORIZONS, year),
        medians=filled(connection, MedianRow, _MEDIANS, year),
        models=filled(connection, ModelRow, _MODELS),
        successors=tuple(
            row
            for row in filled(connection, SuccessorRow, _SUCCESSORS)
            if row.school_year <= report_year
        ),
        access=filled(connection, AccessRow, _ACCESS, year),
        changes=filled(connection, ChangeRow, _CHANGES),
    )
