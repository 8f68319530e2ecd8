"""Scores of the standard: steps to points, means of points, and what is not shown."""

from __future__ import annotations

import pytest

from transforms.improvement.standard import INDICATORS, scored
from transforms.improvement.standard_rules import PRINCIPLES, Measure

RISING = Measure("x", (0.2, 0.4, 0.6, 0.8))
FALLING = Measure("x", (4.0, 3.0, 2.0, 1.0))


@pytest.mark.parametrize(
    ("measure", "value", "points"),
    [
        (RISING, 0.0, 0),
        (RISING, 0.19999, 0),
        (RISING, 0.2, 1),
        (RISING, 0.59, 2),
        (RISING, 0.6, 3),
        (RISING, 0.8, 4),
        (RISING, 1.0, 4),
        (FALLING, 4.5, 0),
        (FALLING, 4.0, 1),
        (FALLING, 1.5, 3),
        (FALLING, 0.5, 4),
    ],
)
def test_points_are_the_steps_that_a_value_reaches(measure, value, points):
    assert measure.points(value) == points


def test_rule_is_printed_with_its_steps():
    assert RISING.text == "1 from 0.2, 2 from 0.4, 3 from 0.6, 4 from 0.8"
    assert FALLING.text == "1 up to 4, 2 up to 3, 3 up to 2, 4 up to 1"


def row(
    indicator: str, value: float | None, low=None, high=None, n=None, note=None, school=None, category="all"
):
    return {
        "indicator": indicator,
        "label": indicator.upper(),
        "category": category,
        "school_id": school,
        "school_year": 2025,
        "value": value,
        "ci_low": low,
        "ci_high": high,
        "n_persons": n,
        "note": note,
    }


def score_of(rows, principle):
    return next(record for record in scored(rows, 2025)[1] if record["principle"] == principle)


def test_score_is_the_mean_of_points_with_its_range():
    rows = [row("research_based_hours", 0.45), row("research_recorded_hours", 1.0)]
    found = score_of(rows, "research_base")
    # .45 reaches .2 and .4: 2 points; 1 reaches all: 4 points; counted, so there is no range
    assert (found["score"], found["score_low"], found["score_high"]) == (3.0, 3.0, 3.0)


def test_range_is_that_of_points_at_the_ends_of_the_intervals():
    rows = [row("learning_reported", 0.68, 0.58, 0.72, 40), row("rating_change", 0.07, -0.01, 0.21, 30)]
    found = score_of(rows, "educator_growth")
    # learning: 2 (1 to 3); ratings: 2 (0 to 4) → means 2, .5 and 3.5
    assert (found["score"], found["score_low"], found["score_high"]) == (2.0, 0.5, 3.5)
    assert found["n_persons"] == 30


def test_missing_measure_is_not_shown_and_does_not_count_as_zero():
    reason = "not available: no observation source"
    rows = [row("learning_reported", 0.82, n=40), row("rating_change", None, note=reason)]
    found = score_of(rows, "educator_growth")
    assert (found["score"], found["n_measures_shown"], found["n_measures"]) == (4.0, 1, 2)
    assert found["missing"] == f"RATING_CHANGE: {reason}"


def test_principle_without_any_measure_has_no_score():
    found = score_of([row("research_based_hours", 0.5)], "student_growth")
    assert found.get("score") is None
    assert found["n_measures_shown"] == 0


def test_schools_are_scored_by_their_own_rows():
    rows = [row("research_based_hours", 0.9), row("research_based_hours", 0.1, school="north")]
    scores = {r["school_id"]: r["score"] for r in scored(rows, 2025)[1] if r["principle"] == "research_base"}
    assert scores == {None: 4.0, "north": 0.0}


def test_other_category_of_an_indicator_is_no_measure():
    found = score_of([row("research_based_hours", 0.9, category="coaching")], "research_base")
    assert found.get("score") is None


def test_seven_principles_each_with_a_measure():
    assert [principle.name for principle in PRINCIPLES] == [
        "coherence",
        "research_base",
        "alignment",
        "educator_growth",
        "student_growth",
        "differentiation",
        "continuous_improvement",
    ]
    assert all(principle.measures for principle in PRINCIPLES)
    assert {i.name for i in INDICATORS} <= {m.indicator for p in PRINCIPLES for m in p.measures}
