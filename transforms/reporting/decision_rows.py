"""Recommendations, decisions and questions as frozen values, from the tables that may be shown."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import duckdb

from transforms.reporting.fill import filled

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class RecommendationRow:
    """One row of report.recommendation."""

    pd_type: str
    action: str
    rule_number: int
    expected_effect_sd: float | None
    ci_low: float | None
    ci_high: float | None
    effect_threshold_sd: float
    probability_positive: float | None
    probability_above_threshold: float | None
    design: str | None
    evidence_tier: int | None
    any_design_tier: int | None
    hours: float | None
    reach_share: float | None
    reaction_share: float | None
    reaction_low: float | None
    reaction_high: float | None
    equity_ratio: float | None
    equity_ratio_low: float | None
    equity_ratio_high: float | None
    less_reached_group: str | None
    total_cost: float | None
    cost_per_student: float | None
    reasons: str
    why_not_bolder: str | None
    not_known: str | None
    evidence: str


@dataclass(frozen=True)
class ReviewRow:
    """One row of report.decision_review."""

    decision_id: str
    school_year: int
    pd_type: str
    action: str
    owner_role: str | None
    review_year: int | None
    stage: str | None
    due: str
    expected_effect_sd: float | None
    found_effect_sd: float | None
    found_ci_low: float | None
    found_ci_high: float | None
    verdict: str
    verdict_reason: str
    acted_on: str
    acted_on_reason: str
    recommended_action: str | None
    agrees: bool | None
    is_latest: bool


@dataclass(frozen=True)
class QuestionRow:
    """One row of report.next_question."""

    rank: int | None
    pd_type: str
    value_of_information: float | None
    value_per_student: float | None
    value_of_next_year: float | None
    unit: str
    n_students: int | None
    break_even_sd: float | None
    probability_worth_it: float | None
    best_design: str
    effect_to_find_sd: float | None
    teachers_needed: int | None
    n_teachers: int | None
    note: str | None


@dataclass(frozen=True)
class RuleRow:
    """One row of report.recommendation_rule."""

    rule_number: int
    rule: str
    action: str
    condition_words: str
    sentence: str
    is_default: bool
    warning: str | None


@dataclass(frozen=True)
class Decisions:
    """All that the page shows."""

    recommendations: tuple[RecommendationRow, ...]
    reviews: tuple[ReviewRow, ...]
    questions: tuple[QuestionRow, ...]
    rules: tuple[RuleRow, ...]


def read_decisions(connection: duckdb.DuckDBPyConnection) -> Decisions:
    """Read the four report tables."""
    return Decisions(
        _read(connection, RecommendationRow, "recommendation", "pd_type"),
        _read(connection, ReviewRow, "decision_review", "school_year, decision_id"),
        _read(connection, QuestionRow, "next_question", "rank nulls last, pd_type"),
        _read(connection, RuleRow, "recommendation_rule", "rule_number"),
    )


def _read(
    connection: duckdb.DuckDBPyConnection, row_type: type[_Row], table: str, order: str
) -> tuple[_Row, ...]:
    names = ", ".join(field.name for field in fields(row_type))  # type: ignore[arg-type]
    return filled(connection, row_type, f"select {names} from report.{table} order by {order}")  # noqa: S608
