"""Scores of the standard for professional learning, from indicators by printed rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

import duckdb

from expectations.outputs import OUTPUTS
from transforms.improvement.comparison import compare_indicators
from transforms.improvement.indicators import (
    Indicator,
    fill_indicators,
    insert_indicator_rows,
    missing_sources,
)
from transforms.improvement.reported_scores import reported_scores
from transforms.improvement.settings import ImprovementSettings
from transforms.improvement.standard_rules import PRINCIPLES, Measure, Principle
from transforms.warehouse import insert_records

Record = dict[str, object]
_Place = tuple[str | None, int]

INDICATORS = (
    Indicator(
        "standard",
        "research_based_hours",
        "Hours with a strong or moderate research base",
        "Share of PD hours in activities with a strong or moderate research base, where one is recorded.",
        "share",
        "better",
        ("pd_activity", "pd_participation"),
    ),
    Indicator(
        "standard",
        "research_recorded_hours",
        "Hours whose research base is recorded",
        "Share of PD hours in activities for which the catalogue says what research stands behind them.",
        "share",
        "better",
        ("pd_activity", "pd_participation"),
    ),
    Indicator(
        "standard",
        "hours_with_evidence",
        "Hours in kinds of PD with evidence here",
        "Share of PD hours in types that reached an ESSA tier 1, 2 or 3 in the report's main design.",
        "share",
        "better",
        ("pd_participation", "assessment_result"),
    ),
    Indicator(
        "standard",
        "hours_surveyed",
        "Hours that ended with a question to participants",
        "Share of PD hours in activities with a feedback survey.",
        "share",
        "better",
        ("pd_participation", "survey"),
    ),
    Indicator(
        "standard",
        "learning_reported",
        "Learning that participants report",
        "Mean score of survey items on learning, from 0 (not at all) to 1 (fully); errors by survey.",
        "share of the scale",
        "better",
        ("survey", "survey_item", "survey_response", "survey_answer"),
        is_sql=False,
    ),
    Indicator(
        "standard",
        "rating_change",
        "Change in ratings of the same teachers",
        "Mean change of a teacher's rating since the year before, in SD of teachers on the rubric.",
        "standard deviations of teachers",
        "better",
        ("observation",),
    ),
    Indicator(
        "standard",
        "novices_mentored",
        "Novices with mentoring or induction",
        "Share of novice teachers with hours of mentoring or induction in the year.",
        "share of novices",
        "better",
        ("staff", "pd_participation"),
    ),
)

_VALUES = """
select indicator, label, category, school_id, school_year, value, ci_low, ci_high, n_persons, note
from estimates.indicator inner join estimates.indicator_definition using (indicator)
"""


def compute_standard(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill the indicators of idea ``standard``, estimates.standard_measure and estimates.standard_score.

    Reads estimates.indicator, also of the other ideas, which have to be there before.
    """
    fill_indicators(connection, INDICATORS, settings)
    fill_learning_reported(connection, settings)
    compare_indicators(connection, INDICATORS)
    cursor = connection.execute(_VALUES)
    names = [column[0] for column in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    measures, scores = scored(rows, settings.report_year)
    insert_records(connection, OUTPUTS["estimates.standard_measure"], measures)
    insert_records(connection, OUTPUTS["estimates.standard_score"], scores)


def fill_learning_reported(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill the indicator of what participants say that they learned."""
    indicator = next(one for one in INDICATORS if one.name == "learning_reported")
    reason = missing_sources(connection, indicator.sources)
    records = [] if reason else reported_scores(connection, "evaluation_level", "learning")
    insert_indicator_rows(connection, indicator, settings, records, reason)


def scored(indicators: Iterable[Mapping[str, object]], report_year: int) -> tuple[list[Record], list[Record]]:
    """Measures and scores of every place (school or district) and year that any measure has a value for.

    The district has them in ``report_year`` in any case, so that what is missing is said.

    ``indicators`` are rows of estimates.indicator with their ``label``. A measure without a value in a place
    is not shown there: it has no points and does not count in the mean; a principle without any has no score.
    """
    by_place: dict[_Place, dict[tuple[str, str], Mapping[str, object]]] = defaultdict(dict)
    by_place[None, report_year] = {}
    wanted = {
        (measure.indicator, measure.category) for principle in PRINCIPLES for measure in principle.measures
    }
    names = {name for name, _ in wanted}
    reasons: dict[str, str] = {}
    for row in indicators:
        key = str(row["indicator"]), str(row["category"])
        if key in wanted and row["value"] is not None:
            by_place[_place(row)][key] = row
        elif key[0] in names and row["value"] is None:
            reasons[key[0]] = f"{row['label']}: {row['note']}"
    measures: list[Record] = []
    scores: list[Record] = []
    for place in sorted(by_place, key=lambda place: (place[0] or "", place[1])):
        for principle in PRINCIPLES:
            found = [
                _measured(place, principle, measure, by_place[place], reasons)
                for measure in principle.measures
            ]
            measures += found
            scores.append(_score(place, principle, found))
    return measures, scores


def _place(row: Mapping[str, object]) -> _Place:
    school = row["school_id"]
    return (None if school is None else str(school)), int(str(row["school_year"]))


def _measured(
    place: _Place,
    principle: Principle,
    measure: Measure,
    values: Mapping[tuple[str, str], Mapping[str, object]],
    reasons: Mapping[str, str],
) -> Record:
    record: Record = {
        "school_id": place[0],
        "school_year": place[1],
        "principle": principle.name,
        "indicator": measure.indicator,
        "category": measure.category,
        "steps": measure.text,
    }
    row = values.get((measure.indicator, measure.category))
    if row is None:
        nothing = f"{measure.indicator}: no value for this place and year"
        return record | {"note": reasons.get(measure.indicator, nothing)}
    value = _number(row["value"])
    low, high = _number(row["ci_low"], value), _number(row["ci_high"], value)
    ends = sorted((measure.points(low), measure.points(high)))
    return record | {
        "value": value,
        "points": measure.points(value),
        "points_low": ends[0],
        "points_high": ends[1],
        "n_persons": row["n_persons"],
    }


def _number(value: object, otherwise: float = 0.0) -> float:
    return otherwise if value is None else float(str(value))


def _score(place: _Place, principle: Principle, measures: Sequence[Record]) -> Record:
    shown = [row for row in measures if row.get("points") is not None]
    persons = [int(str(row["n_persons"])) for row in shown if row.get("n_persons") is not None]
    record: Record = {
        "school_id": place[0],
        "school_year": place[1],
        "principle": principle.name,
        "n_measures_shown": len(shown),
        "n_measures": len(measures),
        "n_persons": min(persons, default=None),
        "missing": "; ".join(str(row["note"]) for row in measures if row not in shown) or None,
    }
    if not shown:
        return record
    means = {
        name: fmean(float(str(row[points])) for row in shown)
        for name, points in (("score", "points"), ("score_low", "points_low"), ("score_high", "points_high"))
    }
    return record | means
