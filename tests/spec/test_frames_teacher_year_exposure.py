"""Rules of frames.teacher_year_exposure: attended hours inside growth windows."""

from __future__ import annotations

from datetime import date

import pytest

EXPOSURE = "frames.teacher_year_exposure"


@pytest.fixture
def mathematics_class(core):
    """Tom teaches Ann mathematics in 2024-25; her growth window is (2024-05-07, 2025-05-06]: 364 days."""
    core.add("section", "section_id school_id school_year academic_subject\nm1 north 2025 mathematics")
    core.add("section_staff", "section_id staff_id begin_date\nm1 tom 2024-08-15")
    core.add("section_student", "section_id student_id begin_date\nm1 ann 2024-08-15")
    core.add(
        "assessment_norm",
        """assessment_id academic_subject grade_level school_year term mean sd
           STATE mathematics 3 2024 spring 500 50
           STATE mathematics 4 2025 spring 500 50""",
    )
    add_results(core, "ann 2024 3 2024-05-07", "ann 2025 4 2025-05-06")
    core.add(
        "pd_activity",
        """pd_activity_id title pd_type academic_subject
           COACH Coaching coaching mathematics
           PLC Teams collaborative_planning all
           TALK Talk conference .
           READ Reading workshop_single ela
           MATH Maths workshop_single mathematics""",
    )
    return core


def add_results(core, *lines: str) -> None:
    """Add results in mathematics: student, year, grade, day."""
    rows = []
    for line in lines:
        student, year, grade, day = line.split()
        rows.append(f"{student} STATE mathematics {year} spring {grade} {day} 510")
    core.add(
        "assessment_result",
        "\n".join(
            [
                "student_id assessment_id academic_subject school_year term grade_level administration_date"
                " scale_score",
                *rows,
            ]
        ),
    )


def attend(core, *lines: str) -> None:
    """Add participations: teacher, activity, session, day, hours, status."""
    names = "staff_id pd_activity_id pd_session_id participation_date hours attendance_status"
    core.add("pd_participation", "\n".join([names, *lines]))


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2024-05-07", (0.0, 2.0)),
        ("2024-05-08", (2.0, 0.0)),
        ("2025-05-06", (2.0, 0.0)),
    ],
    ids=["day of the prior is before", "day after the prior counts", "day of the test counts"],
)
def test_window_begins_the_day_after_the_prior_and_ends_with_the_test(mathematics_class, day, hours):
    attend(mathematics_class, f"tom COACH s1 {day} 2 attended")
    assert mathematics_class.frame(EXPOSURE, "aligned_hours lagged_hours") == [hours]


def test_hours_after_the_test_never_count(mathematics_class):
    attend(mathematics_class, "tom COACH s1 2025-05-07 2 attended")
    assert mathematics_class.frame(EXPOSURE, "pd_type") == []


@pytest.mark.parametrize(("day", "rows"), [("2023-05-09", []), ("2023-05-10", [(3.0, 0)])])
def test_lagged_hours_reach_as_far_before_the_window_as_it_is_long(mathematics_class, day, rows):
    # 2024-05-07 less 364 days is 2023-05-09, itself outside
    attend(mathematics_class, f"tom COACH s1 {day} 3 attended")
    assert mathematics_class.frame(EXPOSURE, "lagged_hours n_participations") == rows


def test_hours_are_summed_by_type_and_split_by_the_subject_of_the_activity(mathematics_class):
    attend(
        mathematics_class,
        "tom MATH s1 2024-10-01 2 attended",
        "tom MATH s2 2024-10-01 1.5 partial",
        "tom READ s3 2024-11-01 4 attended",
        "tom COACH s4 2025-01-15 1 attended",
    )
    rows = mathematics_class.frame(EXPOSURE, "pd_type aligned_hours other_hours n_participations")
    assert rows == [
        ("coaching", 1.0, 0.0, 1),
        ("workshop_single", 3.5, 4.0, 3),  # 2 + 1.5 in mathematics, 4 in ela
    ]


def test_activity_for_all_subjects_or_without_a_subject_is_aligned(mathematics_class):
    attend(mathematics_class, "tom PLC s1 2024-10-01 2 attended", "tom TALK s2 2024-10-01 5 attended")
    rows = mathematics_class.frame(EXPOSURE, "pd_type aligned_hours other_hours")
    assert rows == [("collaborative_planning", 2.0, 0.0), ("conference", 5.0, 0.0)]


@pytest.mark.parametrize("status", ["absent", "withdrawn"])
def test_absent_and_withdrawn_participation_carries_no_hours(mathematics_class, status):
    attend(mathematics_class, f"tom COACH s1 2024-10-01 2 {status}")
    assert mathematics_class.frame(EXPOSURE, "pd_type") == []


def test_lagged_hours_of_another_subject_are_no_exposure(mathematics_class):
    attend(mathematics_class, "tom READ s1 2024-01-15 2 attended")
    assert mathematics_class.frame(EXPOSURE, "pd_type") == []


def test_participation_without_a_day_takes_the_day_of_its_session(mathematics_class):
    mathematics_class.add(
        "pd_session",
        """pd_session_id pd_activity_id session_date
           s1 COACH 2024-10-01
           s2 COACH 2025-06-01
           s3 COACH 2025-06-01""",
    )
    attend(
        mathematics_class,
        "tom COACH s1 . 2 attended",  # in the window by its session
        "tom COACH s2 . 8 attended",  # after the test by its session
        "tom COACH s3 2024-12-01 1 attended",  # its own day goes before that of the session
    )
    assert mathematics_class.frame(EXPOSURE, "aligned_hours n_participations") == [(3.0, 2)]


def test_teacher_without_students_in_a_window_has_no_exposure(mathematics_class):
    attend(mathematics_class, "uma COACH s1 2024-10-01 2 attended")
    assert mathematics_class.frame(EXPOSURE, "staff_id") == []


def test_students_with_other_test_days_open_windows_of_their_own(mathematics_class):
    mathematics_class.add("section_student", "section_id student_id begin_date\nm1 bob 2024-08-15")
    add_results(mathematics_class, "bob 2024 3 2024-05-07", "bob 2025 4 2025-05-13")
    attend(mathematics_class, "tom COACH s1 2024-10-01 2 attended", "tom COACH s2 2025-05-10 1 attended")
    rows = mathematics_class.frame(EXPOSURE, "window_start window_end aligned_hours")
    assert rows == [
        (date(2024, 5, 7), date(2025, 5, 6), 2.0),
        (date(2024, 5, 7), date(2025, 5, 13), 3.0),  # 2 + 1: the make-up test came after the second session
    ]


def test_students_with_the_same_window_do_not_multiply_hours(mathematics_class):
    mathematics_class.add("section_student", "section_id student_id begin_date\nm1 bob 2024-08-15")
    add_results(mathematics_class, "bob 2024 3 2024-05-07", "bob 2025 4 2025-05-06")
    attend(mathematics_class, "tom COACH s1 2024-10-01 2 attended")
    assert mathematics_class.frame(EXPOSURE, "aligned_hours n_participations") == [(2.0, 1)]
