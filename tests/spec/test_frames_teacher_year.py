"""Rules of frames.teacher_year and frames.teacher_year_pd: teachers, and PD by school year."""

from __future__ import annotations

import pytest

YEAR = "frames.teacher_year"
YEAR_PD = "frames.teacher_year_pd"


def assign(core, *lines: str) -> None:
    """Add assignments: staff, school, year, role, first day."""
    core.add("staff_assignment", "\n".join(["staff_id school_id school_year role entry_date", *lines]))


def attend(core, *lines: str) -> None:
    """Add attended participations: staff, activity, session, day, hours."""
    core.add(
        "pd_activity",
        """pd_activity_id title pd_type
           COACH Coaching coaching
           TALK Talk conference""",
    )
    names = "staff_id pd_activity_id pd_session_id participation_date hours attendance_status"
    core.add("pd_participation", "\n".join([names, *(f"{line} attended" for line in lines)]))


def add_class(core, section: str, teacher: str, school: str, *students: str, subject: str = "ela") -> None:
    """Add a section of 2024-25 with its teacher and students, all year long."""
    core.add(
        "section", f"section_id school_id school_year academic_subject\n{section} {school} 2025 {subject}"
    )
    core.add("section_staff", f"section_id staff_id begin_date\n{section} {teacher} 2024-08-15")
    rows = [f"{section} {student} 2024-08-15" for student in students]
    core.add("section_student", "\n".join(["section_id student_id begin_date", *rows]))


def test_teachers_are_those_with_students_or_an_assignment_as_teacher(core):
    assign(core, "tom north 2025 teacher .", "pat north 2025 principal .")
    add_class(core, "e1", "uma", "south", "ann")
    assert core.frame(YEAR, "staff_id school_year school_id n_students") == [
        ("tom", 2025, "north", 0),
        ("uma", 2025, "south", 1),
    ]


def test_student_in_two_sections_of_a_teacher_is_one_student(core):
    add_class(core, "e1", "tom", "north", "ann", "bob")
    add_class(core, "m1", "tom", "north", "ann", subject="mathematics")
    assert core.frame(YEAR, "n_students") == [(2,)]


def test_school_of_a_teacher_is_where_most_days_were_taught_whatever_the_assignment(core):
    assign(core, "tom west 2025 teacher 2024-08-01")
    add_class(core, "e1", "tom", "south", "ann")
    add_class(core, "e2", "tom", "north", "bob", "cyd")
    assert core.frame(YEAR, "school_id") == [("north",)]


def test_school_of_a_teacher_without_students_is_the_first_assignment(core):
    assign(
        core,
        "tom north 2025 teacher .",
        "tom south 2025 teacher 2024-10-01",
        "tom west 2025 teacher 2024-08-01",
    )
    assert core.frame(YEAR, "school_id") == [("west",)]


def test_experience_comes_from_staff(core):
    core.add("staff", "staff_id years_experience is_novice\ntom 2 true")
    assign(core, "tom north 2025 teacher .", "uma north 2025 teacher .")
    assert core.frame(YEAR, "staff_id years_experience is_novice") == [
        ("tom", 2.0, True),
        ("uma", None, None),
    ]


@pytest.mark.parametrize(
    ("day", "school_year"), [("2024-06-30", 2024), ("2024-07-01", 2025), ("2025-06-30", 2025)]
)
def test_school_year_of_pd_runs_from_july_to_june(core, day, school_year):
    attend(core, f"tom COACH s1 {day} 2")
    assert core.frame(YEAR_PD, "school_year hours") == [(school_year, 2.0)]


def test_hours_of_a_teacher_are_the_sum_over_types(core):
    assign(core, "tom north 2025 teacher .", "tom north 2024 teacher .")
    attend(core, "tom COACH s1 2024-09-01 2", "tom COACH s2 2024-10-01 1.5", "tom TALK s3 2024-11-01 6")
    rows = core.frame(YEAR_PD, "pd_type school_id is_connected hours n_participations")
    assert rows == [("coaching", "north", True, 3.5, 2), ("conference", "north", False, 6.0, 1)]
    assert core.rows(YEAR, "school_year pd_hours n_pd_types") == [(2024, 0.0, 0), (2025, 9.5, 2)]


def test_absent_staff_attended_nothing(core):
    assign(core, "tom north 2025 teacher .")
    core.add("pd_activity", "pd_activity_id title pd_type\nCOACH Coaching coaching")
    core.add(
        "pd_participation",
        """staff_id pd_activity_id participation_date hours attendance_status
           tom COACH 2024-09-01 2 absent""",
    )
    assert core.frame(YEAR_PD, "staff_id") == []
    assert core.rows(YEAR, "pd_hours n_pd_types") == [(0.0, 0)]


def test_staff_who_do_not_teach_have_pd_at_the_school_of_their_first_assignment(core):
    assign(core, "pat south 2025 principal 2024-09-01", "pat north 2025 principal 2024-07-01")
    attend(core, "pat COACH s1 2024-09-01 2", "zoe COACH s2 2024-09-01 1")
    assert core.frame(YEAR_PD, "staff_id school_id") == [("pat", "north"), ("zoe", None)]
