"""Surveys as frozen values, read from the tables that may be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import duckdb

from transforms.reporting.fill import filled

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class ScaleRow:
    """A scale of a questionnaire or of one survey (``n_surveys`` 1); no ``mean``: hidden or not reported."""

    questionnaire_id: str
    questionnaire_title: str
    school_year: int
    survey_id: str | None
    title: str
    construct: str
    n_surveys: int
    n_items: int
    n_responses: int | None
    n_complete: int
    n_invited: int | None
    response_rate: float | None
    mean: float | None
    ci_low: float | None
    ci_high: float | None
    scale_min: float | None
    scale_max: float | None
    floor_share: float | None
    negative_share: float | None
    neutral_share: float | None
    positive_share: float | None
    ceiling_share: float | None
    weighted_mean: float | None
    known_mean: float | None
    n_weighted: int | None
    alpha: float | None
    alpha_ci_low: float | None
    alpha_ci_high: float | None
    spearman_brown: float | None
    omega: float | None
    omega_note: str | None
    rating: str
    is_reported: bool
    alpha_turned: float | None
    note: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class ItemRow:
    """A rated item of a questionnaire in a year."""

    questionnaire_id: str
    questionnaire_title: str
    school_year: int
    item_id: str
    wording: str
    construct: str | None
    is_reverse_scored: bool
    n_surveys: int
    n_answers: int
    missing_share: float | None
    mean: float | None
    scale_max: float | None
    floor_share: float | None
    negative_share: float | None
    neutral_share: float | None
    positive_share: float | None
    ceiling_share: float | None
    item_rest_r: float | None
    scale_alpha: float | None
    alpha_without: float | None
    alpha_turned: float | None
    flag: str
    note: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class AggregationRow:
    """Whether a construct may be averaged to schools."""

    questionnaire_id: str
    questionnaire_title: str
    school_year: int
    construct: str
    n_schools: int
    icc1: float | None
    icc2: float | None
    median_r_wg: float | None
    verdict: str
    rule: str
    note: str | None


@dataclass(frozen=True)
class SchoolScaleRow:
    """A mean of a school (none: the district) and role. No ``mean``: hidden or not supported."""

    questionnaire_id: str
    questionnaire_title: str
    school_year: int
    school_id: str | None
    school_name: str | None
    construct: str
    respondent_role: str
    mean: float | None
    ci_low: float | None
    ci_high: float | None
    n_responses: int | None
    r_wg: float | None
    note: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class ResponseRow:
    """A response rate of a survey, questionnaire or group."""

    questionnaire_id: str | None
    survey_id: str | None
    title: str | None
    school_year: int
    basis: str
    group_kind: str
    group_value: str
    n_surveys: int | None
    n_invited: int | None
    n_responses: int | None
    response_rate: float | None
    ci_low: float | None
    ci_high: float | None
    note: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class ChangeRow:
    """A change between two administrations of the same items."""

    change_kind: str
    comparison: str
    construct: str
    title: str
    pd_activity_id: str | None
    first_year: int
    later_year: int
    n_first: int
    n_later: int
    mean_first: float | None
    mean_later: float | None
    change: float | None
    ci_low: float | None
    ci_high: float | None
    direction: str
    is_reported: bool
    note: str | None


@dataclass(frozen=True)
class SurveyReport:
    """All that the page of surveys shows. ``year`` is the newest with a survey, up to the report's."""

    year: int | None
    scales: tuple[ScaleRow, ...]
    items: tuple[ItemRow, ...]
    aggregations: tuple[AggregationRow, ...]
    schools: tuple[SchoolScaleRow, ...]
    responses: tuple[ResponseRow, ...]
    changes: tuple[ChangeRow, ...]

    @property
    def questionnaire_scales(self) -> tuple[ScaleRow, ...]:
        """Scales of questionnaires, all years, single surveys of a questionnaire left out."""
        several = {(row.questionnaire_id, row.school_year) for row in self.scales if row.n_surveys > 1}
        return tuple(
            row
            for row in self.scales
            if row.n_surveys > 1 or (row.questionnaire_id, row.school_year) not in several
        )


def _with_school_names(
    connection: duckdb.DuckDBPyConnection, rows: Sequence[ResponseRow]
) -> tuple[ResponseRow, ...]:
    """Groups that are schools under their names, with the id where two schools share one."""
    schools = connection.execute("select school_id, school_name from core.school").fetchall()
    shared = Counter(name for _, name in schools)
    names = {school: f"{name} ({school})" if shared[name] > 1 else name for school, name in schools}
    return tuple(
        replace(row, group_value=names.get(row.group_value, row.group_value))
        if row.group_kind == "school"
        else row
        for row in rows
    )


def read_surveys(connection: duckdb.DuckDBPyConnection, report_year: int) -> SurveyReport:
    """Read report.survey_*; rows of years after ``report_year`` are left out."""
    responses = _with_school_names(
        connection,
        _read(connection, ResponseRow, "survey_response", "title, survey_id, group_kind, group_value"),
    )
    years = [row.school_year for row in responses if row.school_year <= report_year]
    year = max(years) if years else None
    return SurveyReport(
        year,
        tuple(
            row
            for row in _read(
                connection, ScaleRow, "survey_scale", "questionnaire_id, school_year, construct, survey_id"
            )
            if row.school_year <= report_year
        ),
        _of(year, _read(connection, ItemRow, "survey_item", "questionnaire_id, construct, item_id")),
        _of(year, _read(connection, AggregationRow, "survey_aggregation", "questionnaire_id, construct")),
        _of(
            year,
            _read(
                connection,
                SchoolScaleRow,
                "survey_school_scale",
                "questionnaire_id, construct, school_name nulls first, school_id, respondent_role",
            ),
        ),
        _of(year, responses),
        tuple(
            row
            for row in _read(
                connection, ChangeRow, "survey_change", "title, construct, first_year, later_year, comparison"
            )
            if row.later_year <= report_year
        ),
    )


def _read(
    connection: duckdb.DuckDBPyConnection, row_type: type[_Row], table: str, order: str
) -> tuple[_Row, ...]:
    names = ", ".join(field.name for field in fields(row_type))  # type: ignore[arg-type]
    return filled(connection, row_type, f"select {names} from report.{table} order by {order}")  # noqa: S608


def _of(year: int | None, rows: Sequence[_Row]) -> tuple[_Row, ...]:
    return tuple(row for row in rows if row.school_year == year)  # type: ignore[attr-defined]
