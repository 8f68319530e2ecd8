"""Rules of frames.student_growth: standardised scores, priors and growth windows."""

from __future__ import annotations

from datetime import date

import pytest

GROWTH = "frames.student_growth"
RESULT = (
    "student_id assessment_id academic_subject school_year term grade_level administration_date scale_score"
)


def add_results(core, *lines: str) -> None:
    """Add results of the state test in mathematics: student, year, term, grade, day, score."""
    rows = []
    for line in lines:
        student, year, term, grade, day, score = line.split()
        rows.append(f"{student} STATE mathematics {year} {term} {grade} {day} {score}")
    core.add("assessment_result", "\n".join([RESULT, *rows]))


def add_norm(core, grade: int, year: int, term: str = "spring", mean: float = 500, sd: float = 50) -> None:
    """Add the norm of the state test in mathematics for one grade, year and term."""
    core.add(
        "assessment_norm",
        f"""assessment_id academic_subject grade_level school_year term mean sd
            STATE mathematics {grade} {year} {term} {mean} {sd}""",
    )


def test_score_is_standardised_to_the_norm_of_its_assessment_subject_grade_year_and_term(core):
    add_norm(core, grade=4, year=2025)
    add_norm(core, grade=5, year=2025, mean=600)
    add_results(core, "ann 2025 spring 4 2025-05-06 525", "bob 2025 spring 5 2025-05-06 525")
    rows = core.frame(GROWTH, "student_id norm_mean norm_sd norm_source score_sd")
    assert rows == [
        ("ann", 500.0, 50.0, "assessment_norm", 0.5),  # (525 - 500) / 50
        ("bob", 600.0, 50.0, "assessment_norm", -1.5),  # (525 - 600) / 50
    ]


def test_without_a_norm_the_students_of_the_same_cell_are_the_population(core):
    add_results(core, "ann 2025 spring 4 2025-05-06 490", "bob 2025 spring 4 2025-05-06 510")
    add_results(core, "cyd 2025 spring 5 2025-05-06 900", "dan 2025 spring 5 2025-05-06 904")
    rows = core.frame(GROWTH, "student_id norm_mean norm_sd norm_source score_sd")
    assert rows == [  # population SD of 490, 510 is sqrt((10² + 10²) / 2) = 10
        ("ann", 500.0, 10.0, "study", -1.0),
        ("bob", 500.0, 10.0, "study", 1.0),
        ("cyd", 902.0, 2.0, "study", -1.0),
        ("dan", 902.0, 2.0, "study", 1.0),
    ]


@pytest.mark.parametrize("scores", [["500"], ["500", "500", "500"]], ids=["one score", "equal scores"])
def test_cell_without_spread_has_no_standardised_score(core, scores):
    add_results(core, *(f"s{n} 2025 spring 4 2025-05-06 {score}" for n, score in enumerate(scores)))
    rows = core.frame(GROWTH, "norm_sd norm_source score_sd has_growth_window")
    assert rows == [(None, None, None, False)] * len(scores)


def test_score_without_any_grade_is_kept_but_not_standardised(core):
    add_results(core, "ann 2025 spring . 2025-05-06 490", "bob 2025 spring . 2025-05-06 510")
    assert core.frame(GROWTH, "student_id scale_score score_sd") == [
        ("ann", 490.0, None),
        ("bob", 510.0, None),
    ]


def test_grade_comes_from_the_enrollment_where_the_result_has_none(core):
    core.add("student_enrollment", "student_id school_id school_year grade_level\nann north 2025 4")
    add_norm(core, grade=4, year=2025)
    add_results(core, "ann 2025 spring . 2025-05-06 525")
    assert core.frame(GROWTH, "grade_level school_id score_sd") == [(4, "north", 0.5)]


def test_covariates_hold_if_any_enrollment_of_the_year_says_so_and_the_school_is_the_longest(core):
    core.add(
        "student_enrollment",
        """student_id school_id school_year grade_level entry_date exit_withdraw_date is_english_learner
           ann north 2025 4 2024-08-15 2024-10-31 false
           ann south 2025 5 2024-11-01 . true
           ann west 2024 3 . . true""",
    )
    core.add("student", "student_id sex\nann F")
    add_results(core, "ann 2025 spring . 2025-05-06 525")
    rows = core.frame(GROWTH, "school_id grade_level is_english_learner is_gifted sex")
    assert rows == [("south", 5, True, None, "F")]


def test_of_equally_long_enrollments_the_first_school_by_id_counts(core):
    core.add(
        "student_enrollment",
        "student_id school_id school_year grade_level\nann south 2025 4\nann north 2025 4",
    )
    add_results(core, "ann 2025 spring 4 2025-05-06 525")
    assert core.frame(GROWTH, "school_id") == [("north",)]


def test_prior_is_the_last_earlier_result_on_the_same_scale(core):
    for year, term in ((2024, "spring"), (2025, "fall"), (2025, "spring")):
        add_norm(core, grade=4, year=year, term=term)
    add_results(
        core,
        "ann 2024 spring 4 2024-05-07 450",
        "ann 2025 fall 4 2024-09-10 475",
        "ann 2025 spring 4 2025-05-06 550",
    )
    rows = core.frame(GROWTH, "administration_date score_sd prior_scale_score prior_score_sd prior_term")
    assert rows == [
        (date(2024, 5, 7), -1.0, None, None, None),
        (date(2024, 9, 10), -0.5, 450.0, -1.0, "spring"),
        (date(2025, 5, 6), 1.0, 475.0, -0.5, "fall"),
    ]


def test_window_runs_from_the_day_of_the_prior_to_the_day_of_the_result(core):
    add_norm(core, grade=3, year=2024)
    add_norm(core, grade=4, year=2025)
    add_results(core, "ann 2024 spring 3 2024-05-07 500", "ann 2025 spring 4 2025-05-06 500")
    rows = core.frame(GROWTH, "school_year has_growth_window prior_school_year window_start window_end")
    assert rows == [
        (2024, False, None, None, None),
        (2025, True, 2024, date(2024, 5, 7), date(2025, 5, 6)),
    ]


def test_result_of_another_assessment_or_subject_is_no_prior(core):
    core.add(
        "assessment_norm",
        """assessment_id academic_subject grade_level school_year term mean sd
           STATE mathematics 4 2025 spring 500 50
           STATE ela 3 2024 spring 500 50
           OTHER mathematics 3 2024 spring 500 50""",
    )
    core.add(
        "assessment_result",
        f"""{RESULT}
            ann STATE mathematics 2025 spring 4 2025-05-06 525
            ann STATE ela 2024 spring 3 2024-05-07 525
            ann OTHER mathematics 2024 spring 3 2024-05-07 525""",
    )
    assert core.frame(GROWTH, "has_growth_window") == [(False,)] * 3


@pytest.mark.parametrize(("maximum", "is_prior"), [(730, True), (729, False)])
def test_prior_further_back_than_the_maximum_window_is_none(core, maximum, is_prior):
    add_norm(core, grade=3, year=2023)
    add_norm(core, grade=4, year=2025)
    # From 2023-05-07 to 2025-05-06 are 366 + 365 - 1 = 730 days (2024 has a 29 February).
    add_results(core, "ann 2023 spring 3 2023-05-07 500", "ann 2025 spring 4 2025-05-06 500")
    rows = core.frame(GROWTH, "school_year has_growth_window", maximum_window_days=maximum)
    assert rows == [(2023, False), (2025, is_prior)]


def test_retained_student_has_a_prior_in_the_same_grade(core):
    add_norm(core, grade=4, year=2024)
    add_norm(core, grade=4, year=2025)
    add_results(core, "ann 2024 spring 4 2024-05-07 450", "ann 2025 spring 4 2025-05-06 500")
    assert core.frame(GROWTH, "school_year prior_score_sd") == [(2024, None), (2025, -1.0)]


def test_result_without_a_standardised_score_is_passed_over_as_prior(core):
    add_norm(core, grade=3, year=2024)
    add_norm(core, grade=4, year=2025)
    add_results(
        core,
        "ann 2024 spring 3 2024-05-07 450",
        "ann 2025 winter 4 2025-01-20 999",  # no norm and alone in its cell
        "ann 2025 spring 4 2025-05-06 500",
    )
    rows = core.frame(GROWTH, "administration_date has_growth_window window_start")
    assert rows == [
        (date(2024, 5, 7), False, None),
        (date(2025, 1, 20), False, None),
        (date(2025, 5, 6), True, date(2024, 5, 7)),
    ]


def test_results_of_one_day_are_not_each_others_prior(core):
    for year, term in ((2024, "spring"), (2025, "fall"), (2025, "spring")):
        add_norm(core, grade=4, year=year, term=term)
    add_results(
        core,
        "ann 2024 spring 4 2024-09-10 400",
        "ann 2025 fall 4 2024-09-10 450",
        "ann 2025 spring 4 2025-05-06 500",
    )
    rows = core.frame(GROWTH, "school_year term prior_scale_score")
    assert rows == [(2024, "spring", None), (2025, "fall", None), (2025, "spring", 450.0)]


@pytest.mark.parametrize(
    ("term", "usual_day"),
    [("fall", date(2024, 9, 15)), ("winter", date(2025, 1, 31)), ("spring", date(2025, 5, 1))],
)
def test_result_without_a_day_gets_the_usual_day_of_its_term(core, term, usual_day):
    add_results(core, f"ann 2025 {term} 4 . 525")
    assert core.frame(GROWTH, "administration_date is_date_assumed") == [(usual_day, True)]


def test_result_without_a_day_gets_the_median_day_of_those_who_sat_the_same_test(core):
    add_results(
        core,
        "ann 2025 spring 4 2025-05-06 500",
        "bob 2025 spring 4 2025-05-08 500",
        "cyd 2025 spring 4 2025-05-20 500",
        "dan 2025 spring 4 . 500",
        "eve 2025 fall 4 2024-09-09 500",
    )
    rows = core.frame(GROWTH, "student_id administration_date is_date_assumed")
    assert rows[3] == ("dan", date(2025, 5, 8), True)
    assert [row[2] for row in rows] == [False, False, False, True, False]
