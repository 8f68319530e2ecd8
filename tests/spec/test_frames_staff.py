"""Rules of frames.staff_year and frames.staff_activity: who worked where, and what they attended."""

from __future__ import annotations

import pytest

YEAR = "frames.staff_year"
ACTIVITY = "frames.staff_activity"


def test_school_and_role_are_those_of_the_assignment_with_most_time(core):
    core.add(
        "staff_assignment",
        """staff_id school_id school_year role fte entry_date
           ann north 2025 teacher 0.4 2024-08-01
           ann south 2025 instructional_coach 0.6 2024-09-01
           bob north 2025 teacher . 2024-08-01
           bob west 2025 principal . 2024-07-01""",
    )
    assert core.frame(YEAR, "staff_id school_id role") == [
        ("ann", "south", "instructional_coach"),
        ("bob", "west", "principal"),
    ]


def test_teacher_of_a_section_without_assignment_is_a_teacher(core):
    core.add("section", "section_id school_id school_year academic_subject\ne1 north 2025 ela")
    core.add("section_staff", "section_id staff_id begin_date\ne1 tom 2024-08-15")
    core.add("section_student", "section_id student_id begin_date\ne1 kid 2024-08-15")
    core.add("school", "school_id school_name school_level\nnorth North elementary")
    assert core.frame(YEAR, "staff_id school_year school_id school_level role is_teacher") == [
        ("tom", 2025, "north", "elementary", "teacher", True)
    ]


def test_principal_is_no_teacher(core):
    core.add("staff_assignment", "staff_id school_id school_year role\npat north 2025 principal")
    assert core.frame(YEAR, "role is_teacher") == [("principal", False)]


def attended(core, *lines: str) -> None:
    core.add(
        "pd_activity",
        """pd_activity_id title pd_type initiated_by priority_id research_base
           A Coaching coaching school P1 strong
           B Talk conference district . .""",
    )
    core.add("priority", "priority_id level title school_id\nP1 school Reading north")
    core.add("pd_session", "pd_session_id pd_activity_id session_date\ns1 A 2024-09-01\ns2 A 2025-08-01")
    core.add("staff_assignment", "staff_id school_id school_year role\ntom north 2025 teacher")
    names = "staff_id pd_activity_id pd_session_id participation_date hours attendance_status"
    core.add("pd_participation", "\n".join([names, *lines]))


def test_hours_of_an_activity_are_summed_by_school_year(core):
    attended(core, "tom A s1 . 2 attended", "tom A s2 . 3 partial", "tom A . 2024-09-02 1 attended")
    rows = core.frame(ACTIVITY, "school_year school_id hours n_days priority_level is_connected")
    # 2024-09-01 and 02 are of 2024-25: 2 + 1 hours; 2025-08-01 is of 2025-26, without an assignment
    assert rows == [(2025, "north", 3.0, 2, "school", True), (2026, None, 3.0, 1, "school", True)]


@pytest.mark.parametrize("status", ["absent", "withdrawn"])
def test_who_was_not_there_has_no_row(core, status):
    attended(core, f"tom A s1 . 2 {status}")
    assert core.frame(ACTIVITY, "staff_id") == []


def test_activity_without_priority_or_initiator_keeps_its_hours(core):
    attended(core, "tom B . 2024-10-01 4 attended")
    assert core.frame(ACTIVITY, "hours priority_id priority_level initiated_by") == [
        (4.0, None, None, "district")
    ]
