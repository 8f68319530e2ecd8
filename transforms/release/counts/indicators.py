"""Indicators, what schools say of themselves beside them, and the standard."""

from __future__ import annotations

from transforms.release.cells import Declared
from transforms.release.counted import TOO_FEW, Comparison, Counted, Margin, Persons, Same

_NOTE = {"note": TOO_FEW}

# Answers of surveys and ratings of observers; the others count hours, money, events and schools.
_PERSONAL = (
    "starts_with(indicator, 'driver_') or indicator in ('coherence_reported', 'learning_reported',"
    " 'perception_gap', 'rating_change')"
)

# Their numerators count persons; those of others are hours, money, answers or events.
_OF_PERSONS = (
    "indicator in ('staff_entering_pathway', 'novices_mentored', 'leadership_conversion',"
    " 'leaders_returning', 'teachers_with_feedback_cycle')"
)

_COUNTED: tuple[Counted, ...] = (
    Counted(
        "indicators",
        "report.indicator",
        ("indicator", "school_id", "school_year", "category"),
        "n_persons",
        Persons.STAFF,
        ("value", "numerator", "denominator", "ci_low", "ci_high", "comparison_value", "n_persons"),
        words={**_NOTE, "status": "described"},
        is_personal=_PERSONAL,
    ),
    Counted(
        "numerators",
        "report.indicator",
        ("indicator", "school_id", "school_year", "category"),
        f"case when {_OF_PERSONS} then numerator end",
        Persons.STAFF,
        ("numerator",),
        with_it=("value", "ci_low", "ci_high", "comparison_value"),
        words={**_NOTE, "status": "described"},
    ),
    Counted(
        "checks",
        "report.self_assessment_check",
        ("school_id", "school_year", "practice", "indicator"),
        "(select any_value(n_persons) from estimates.self_assessment_check as one"
        " where one.school_id = counted.school_id and one.school_year = counted.school_year"
        " and one.practice = counted.practice and one.indicator = counted.indicator"
        " and counted.value is not null)",
        Persons.STAFF,
        ("value",),
        words={**_NOTE, "verdict": "not_comparable", "is_little": False},
        is_personal=_PERSONAL,
    ),
    Counted(
        "next_steps",
        "report.next_step",
        ("school_id", "school_year", "priority", "practice"),
        "(select min(n_persons) from estimates.self_assessment_check as one"
        " where one.school_id = counted.school_id and one.school_year = counted.school_year"
        " and one.practice = counted.practice and contains(counted.reason, 'on record'))",
        Persons.STAFF,
        (),
        is_dropped=True,
    ),
    Counted(
        "standard_scores",
        "report.standard_score",
        ("school_id", "school_year", "principle"),
        "(select any_value(n_persons) from estimates.standard_score as one"
        " where one.school_id is not distinct from counted.school_id"
        " and one.school_year = counted.school_year and one.principle = counted.principle"
        " and counted.score is not null)",
        Persons.STAFF,
        ("score", "score_low", "score_high"),
        words={"missing": TOO_FEW},
    ),
)

_MARGINS: tuple[Margin, ...] = (
    *(
        Margin(
            name,
            name,
            ("indicator", "school_year", "category"),
            "school_id is not null",
            "school_id is null",
        )
        for name in ("indicators", "numerators")
    ),
)

_SAME: tuple[Same, ...] = (
    Same(
        "checks",
        "indicators",
        "one.indicator = other.indicator and one.school_id = other.school_id"
        " and one.school_year = other.school_year",
    ),
    Same(
        "next_steps",
        "checks",
        "one.school_id = other.school_id and one.school_year = other.school_year"
        " and one.practice = other.practice",
    ),
)

_COMPARISONS: tuple[Comparison, ...] = (
    Comparison(
        "report.indicator",
        ("comparison_value",),
        "counted.school_id is null and other.school_id is null and other.indicator = counted.indicator"
        " and other.category = counted.category and other.school_year = counted.school_year - 1",
        "value",
    ),
)

INDICATORS = Declared(_COUNTED, _MARGINS, _SAME, _COMPARISONS)
