"""The indicators of the standard for professional learning: rows in, the value with its arithmetic."""

from __future__ import annotations

import math

import pytest

from tests.spec.improvement_core import SETTINGS, indicator_rows, prepare
from transforms.designs.main_design import make_main_effects
from transforms.improvement.standard import INDICATORS, compute_standard, fill_learning_reported

BY_NAME = {indicator.name: indicator for indicator in INDICATORS}
PLACE = "school_id value numerator denominator n_persons"


@pytest.fixture
def hours(core):
    """Ann and Bob of North, Cyd without a school: 6 h strong, 2 h none, 4 h promising, 8 h unrecorded."""
    core.add(
        "pd_activity",
        """pd_activity_id title pd_type research_base
           A Coaching coaching strong
           B Talk conference none
           C Course online_course promising
           D Circle other .""",
    )
    core.add(
        "staff_assignment",
        "staff_id school_id school_year role\nann north 2025 teacher\nbob north 2025 teacher",
    )
    core.add(
        "pd_participation",
        """staff_id pd_activity_id participation_date hours attendance_status
           ann A 2024-10-01 6 attended
           ann B 2024-10-02 2 attended
           bob C 2024-10-03 4 attended
           cyd D 2024-10-04 8 attended""",
    )
    return core


def test_research_based_hours_are_shares_of_hours_whose_base_is_recorded(hours):
    prepare(hours)
    rows = indicator_rows(hours, BY_NAME["research_based_hours"], PLACE)
    # 6 of 6 + 2 + 4 hours; Cyd's 8 hours have no base on record
    assert rows == [("north", 0.5, 6.0, 12.0, 2), (None, 0.5, 6.0, 12.0, 2)]


def test_recorded_hours_are_shares_of_all_hours(hours):
    prepare(hours)
    rows = indicator_rows(hours, BY_NAME["research_recorded_hours"], PLACE)
    # 12 of 12 at North, 12 of 20 in the district
    assert rows == [("north", 1.0, 12.0, 12.0, 2), (None, 0.6, 12.0, 20.0, 3)]


def test_surveyed_hours_are_those_of_activities_with_a_survey(hours):
    hours.add(
        "survey",
        "survey_id title administered_date pd_activity_id\nF1 Feedback 2024-10-05 B\nCL Climate 2025-02-01 .",
    )
    prepare(hours)
    rows = indicator_rows(hours, BY_NAME["hours_surveyed"], PLACE)
    # 2 of 12 hours at North, 2 of 20 in the district
    assert rows == [("north", pytest.approx(2 / 12), 2.0, 12.0, 2), (None, 0.1, 2.0, 20.0, 3)]


def effects(core, *rows: tuple[str, int | None, bool]) -> None:
    """Effects of one design and contrast: PD type, ESSA tier, struck out."""
    for pd_type, tier, is_struck_out in rows:
        core.connection.execute(
            "insert into estimates.effect by name select 'b' as build_id, 'within_teacher' as design,"
            " ? as pd_type, 'ela' as academic_subject, 'all' as subgroup, 'participated' as contrast,"
            " 0.1 as estimate_sd, 0.05 as ci_low, 0.15 as ci_high, ? as essa_tier, false as is_primary,"
            " ? as is_struck_out, ? as effect_id",
            [pd_type, tier, is_struck_out, pd_type],
        )
    make_main_effects(core.connection)


def test_hours_with_evidence_are_in_types_with_a_tier_from_a_design_that_was_not_struck_out(hours):
    prepare(hours)
    effects(hours, ("coaching", 3, False), ("conference", None, False), ("online_course", 2, True))
    rows = indicator_rows(hours, BY_NAME["hours_with_evidence"], PLACE)
    # coaching alone: 6 of 12 hours at North, 6 of 20 in the district
    assert rows == [("north", 0.5, 6.0, 12.0, 2), (None, 0.3, 6.0, 20.0, 3)]


def test_without_any_effect_there_is_no_share_of_hours_with_evidence(hours):
    prepare(hours)
    rows = indicator_rows(hours, BY_NAME["hours_with_evidence"], "value status note")
    assert rows == [
        (
            None,
            "not_available",
            "not computed: nothing in pd_participation, assessment_result to compute it from",
        )
    ]


def test_novices_mentored_is_a_share_of_novice_teachers_with_wilson_interval(core):
    core.add("staff", "staff_id is_novice\n" + "\n".join(f"n{i} true" for i in range(10)) + "\nold false")
    core.add(
        "staff_assignment",
        "staff_id school_id school_year role\n"
        + "\n".join(f"n{i} north 2025 teacher" for i in range(10))
        + "\nold north 2025 teacher",
    )
    core.add(
        "pd_activity", "pd_activity_id title pd_type\nM Mentoring mentoring_induction\nT Talk conference"
    )
    core.add(
        "pd_participation",
        "staff_id pd_activity_id participation_date hours attendance_status\n"
        + "\n".join(f"n{i} M 2024-10-01 2 attended" for i in range(8))
        + "\nn9 T 2024-10-01 2 attended\nold M 2024-10-01 2 attended",
    )
    prepare(core)
    rows = indicator_rows(core, BY_NAME["novices_mentored"], PLACE + " ci_low ci_high")
    # 8 of 10 novices; Wilson 95 %: (.8 + z²/20 ± z √(.16/10 + z²/400)) / (1 + z²/10) = .4902, .9433
    interval = (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert rows == [("north", 0.8, 8.0, 10.0, 10, *interval), (None, 0.8, 8.0, 10.0, 10, *interval)]


def test_learning_reported_has_errors_by_survey(core):
    core.add(
        "survey",
        "survey_id title administered_date pd_activity_id\nF1 One 2024-10-05 .\nF2 Two 2024-11-05 .",
    )
    core.add(
        "survey_item",
        """survey_id item_id wording response_type scale_min scale_max evaluation_level
           F1 L Learned likert 1 5 learning
           F2 L Learned likert 1 5 learning
           F1 R Liked likert 1 5 reaction""",
    )
    core.add("survey_response", "response_id survey_id\nr1 F1\nr2 F1\nr3 F2")
    core.add("survey_answer", "response_id item_id value\nr1 L 5\nr2 L 4\nr3 L 2\nr1 R 1")
    prepare(core, "frames.survey_score")
    fill_learning_reported(core.connection, SETTINGS)
    ((value, low, high, n),) = core.rows("estimates.indicator", "value ci_low ci_high n_persons")
    # shares of the scale 1, .75, .25: mean 2/3; sums less n x mean: 1.75 - 2 x 2/3 and .25 - 2/3 = ±.41667;
    # SE = √(2 x .41667² x 2/1) / 3 = .27778; t(.975, 1 df) = 12.706: the interval is cut at 0 and 1
    assert value == pytest.approx(2 / 3)
    assert (low, high, n) == (0.0, 1.0, 3)


def test_rating_change_is_in_sd_of_teachers_of_the_year_before(core):
    core.add(
        "staff_assignment",
        "staff_id school_id school_year role\nann north 2025 teacher\nbob north 2025 teacher",
    )
    core.add(
        "observation",
        """observation_id staff_id observation_date rubric domain rating
           o1 ann 2023-10-01 R plan 2
           o2 bob 2023-10-01 R plan 4
           o3 ann 2024-10-01 R plan 3
           o4 bob 2024-10-01 R plan 4
           o5 cyd 2024-10-01 R plan 1""",
    )
    prepare(core)
    rows = indicator_rows(core, BY_NAME["rating_change"], "school_id school_year value ci_low n_persons")
    # SD of 2 and 4 is √2; changes 1/√2 and 0: mean .35355, SE .35355, t(1) 12.706; Cyd was not rated before
    mean = 1 / (2 * math.sqrt(2))
    low = pytest.approx(mean - 12.7062 * mean, abs=1e-3)
    assert [row for row in rows if row[0] == "north"] == [("north", 2025, pytest.approx(mean), low, 2)]


def test_missing_source_is_named(core):
    prepare(core, absent=["observation"])
    rows = indicator_rows(core, BY_NAME["rating_change"], "lea_id school_year value status note")
    assert rows == [("RB", 2025, None, "not_available", "not available: no observation source")]


def test_standard_compares_a_school_with_its_peers_and_the_district_with_the_year_before(core):
    for school, base in zip("abcd", ("strong", "none", "none", "strong"), strict=True):
        core.add("school", f"school_id school_name school_level\n{school} {school.upper()} middle")
        core.add("pd_activity", f"pd_activity_id title pd_type research_base\nA{school} x coaching {base}")
        for person in range(5):
            for year in (2024, 2025):
                staff = f"{school}{person}"
                core.add(
                    "staff_assignment",
                    f"staff_id school_id school_year role\n{staff} {school} {year} teacher",
                )
                core.add(
                    "pd_participation",
                    "staff_id pd_activity_id pd_session_id participation_date hours attendance_status\n"
                    f"{staff} A{school} s{year} {year - 1}-10-01 2 attended",
                )
    prepare(core, "frames.survey_score")
    compute_standard(core.connection, SETTINGS)
    rows = core.connection.execute(
        "select school_id, school_year, value, comparison_value from estimates.indicator"
        " where indicator = 'research_based_hours' and school_year = 2025 order by school_id nulls first"
    ).fetchall()
    # the others of a are 0, 0 and 1, of b 1, 0 and 1; the district had the same half the year before
    assert rows == [
        (None, 2025, 0.5, 0.5),
        ("a", 2025, 1.0, 0.0),
        ("b", 2025, 0.0, 1.0),
        ("c", 2025, 0.0, 1.0),
        ("d", 2025, 1.0, 0.0),
    ]
