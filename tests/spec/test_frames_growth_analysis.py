"""Rules of frames.growth_analysis: the sample of the growth models."""

from __future__ import annotations

import pytest

ANALYSIS = "frames.growth_analysis"
RESULT = (
    "student_id assessment_id academic_subject school_year term grade_level administration_date scale_score"
)


@pytest.fixture
def two_classes(core):
    """Tom teaches Ann, Uma teaches Bob, both teach Cyd; prior scores 450, 500, 560 with norm 500 (50)."""
    core.add(
        "section",
        """section_id school_id school_year academic_subject
           m1 north 2025 mathematics
           m2 north 2025 mathematics""",
    )
    core.add("section_staff", "section_id staff_id begin_date\nm1 tom 2024-08-15\nm2 uma 2024-08-15")
    core.add(
        "section_student",
        """section_id student_id begin_date end_date
           m1 ann 2025-01-01 2025-01-10
           m2 bob 2025-01-01 2025-01-10
           m1 cyd 2025-01-01 2025-01-05
           m2 cyd 2025-01-06 2025-01-10""",
    )
    core.add(
        "assessment_norm",
        """assessment_id academic_subject grade_level school_year term mean sd
           STATE mathematics 3 2024 spring 500 50
           STATE mathematics 4 2025 spring 500 50""",
    )
    core.add(
        "assessment_result",
        f"""{RESULT}
           ann STATE mathematics 2024 spring 3 2024-05-07 450
           bob STATE mathematics 2024 spring 3 2024-05-07 500
           cyd STATE mathematics 2024 spring 3 2024-05-07 560
           ann STATE mathematics 2025 spring 4 2025-05-06 475
           bob STATE mathematics 2025 spring 4 2025-05-06 500
           cyd STATE mathematics 2025 spring 4 2025-05-06 600""",
    )
    return core


def test_row_is_a_student_with_a_teacher_and_a_window(two_classes):
    rows = two_classes.frame(ANALYSIS, "student_id staff_id roster_weight prior_score_sd score_sd norm_sd")
    assert rows == [
        ("ann", "tom", 1.0, -1.0, -0.5, 50.0),
        ("bob", "uma", 1.0, 0.0, 0.0, 50.0),
        ("cyd", "tom", 0.5, 1.2, 2.0, 50.0),
        ("cyd", "uma", 0.5, 1.2, 2.0, 50.0),
    ]


def test_class_and_school_means_of_the_prior_are_weighted_by_the_roster(two_classes):
    rows = two_classes.frame(ANALYSIS, "staff_id class_mean_prior_sd school_mean_prior_sd")
    # tom: (1 × -1.0 + 0.5 × 1.2) / 1.5; uma: (1 × 0.0 + 0.5 × 1.2) / 1.5; school: (-1.0 + 0.0 + 1.2) / 3
    tom, uma, school = -0.4 / 1.5, 0.6 / 1.5, 0.2 / 3
    assert rows == [
        pytest.approx(("tom", tom, school)),
        pytest.approx(("tom", tom, school)),
        pytest.approx(("uma", uma, school)),
        pytest.approx(("uma", uma, school)),
    ]


def test_student_without_a_prior_is_not_in_the_sample_and_not_in_the_means(two_classes):
    two_classes.add("section_student", "section_id student_id begin_date\nm1 dan 2025-01-01")
    two_classes.add(
        "assessment_result",
        f"""{RESULT}
           dan STATE mathematics 2025 spring 4 2025-05-06 700""",
    )
    rows = two_classes.frame(ANALYSIS, "student_id staff_id class_mean_prior_sd")
    assert [row[0] for row in rows] == ["ann", "bob", "cyd", "cyd"]
    assert rows[0][2] == pytest.approx(-0.4 / 1.5)


def test_growth_in_a_subject_that_nobody_taught_is_not_in_the_sample(two_classes):
    two_classes.connection.execute("UPDATE core.section SET academic_subject = 'ela'")
    assert two_classes.frame(ANALYSIS, "student_id") == []


@pytest.mark.parametrize(
    ("sex", "is_female"),
    [("F", True), ("female", True), ("M", False), ("Male", False), ("X", None), (".", None)],
)
def test_sex_is_read_from_usual_spellings_and_else_unknown(two_classes, sex, is_female):
    two_classes.add("student", f"student_id sex\nann {sex}")
    assert two_classes.frame(ANALYSIS, "student_id is_female")[0] == ("ann", is_female)


def test_designs_use_windows_of_about_a_school_year_where_the_subject_has_such(two_classes):
    # an interim test of fall and winter: 2024-09-10 to 2025-01-21 are 133 days, fewer than 200
    two_classes.add(
        "assessment_norm",
        """assessment_id academic_subject grade_level school_year term mean sd
           INTERIM mathematics 4 2025 fall 500 50
           INTERIM mathematics 4 2025 winter 500 50""",
    )
    two_classes.add(
        "assessment_result",
        f"""{RESULT}
           ann INTERIM mathematics 2025 fall 4 2024-09-10 480
           ann INTERIM mathematics 2025 winter 4 2025-01-21 490""",
    )
    rows = two_classes.frame(ANALYSIS, "student_id assessment_id is_design_window")
    assert [row for row in rows if row[0] == "ann"] == [("ann", "INTERIM", False), ("ann", "STATE", True)]


def test_designs_use_shorter_windows_where_the_subject_has_no_others(two_classes):
    rows = two_classes.frame(ANALYSIS, "is_design_window", minimum_design_days=500)
    assert {row[0] for row in rows} == {True}
