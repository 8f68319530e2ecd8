"""Rules of the report tables: who was reached, who grew, what came in; small groups stay hidden."""

from __future__ import annotations

import pytest

from expectations.outputs import OUTPUTS
from transforms.warehouse import create_table

RESULT = (
    "student_id assessment_id academic_subject school_year term grade_level administration_date scale_score"
)


@pytest.fixture
def two_schools(core):
    """North has teachers t1 to t3 and coach c1, South has u1; all but t3 had coaching in 2024-25."""
    core.add("school", "school_id school_name\nnorth North\nsouth South")
    core.add(
        "staff_assignment",
        """staff_id school_id school_year role
           t1 north 2025 teacher
           t2 north 2025 teacher
           t3 north 2025 teacher
           u1 south 2025 teacher
           c1 north 2025 instructional_coach""",
    )
    core.add("pd_activity", "pd_activity_id title pd_type\nCOACH Coaching coaching")
    core.add(
        "pd_participation",
        """staff_id pd_activity_id pd_session_id participation_date hours attendance_status
           t1 COACH s1 2024-10-01 4 attended
           t2 COACH s1 2024-10-01 2 attended
           c1 COACH s1 2024-10-01 3 attended
           u1 COACH s2 2024-10-01 1 attended""",
    )
    return core


def test_reach_of_a_school_counts_its_staff_and_the_share_of_its_teachers(two_schools):
    columns = (
        "school_name n_staff n_teachers_reached n_teachers share_of_teachers hours hours_per_participant"
    )
    rows = two_schools.frame("report.pd_reach", columns, minimum_staff=2)
    assert rows == [
        (
            "North",
            3,
            2,
            3,
            pytest.approx(2 / 3),
            9.0,
            3.0,
        ),  # 4 + 2 + 3 = 9 hours by three, two of them teachers
        ("South", None, None, None, None, None, None),
    ]
    assert two_schools.rows("report.pd_reach", "school_id is_suppressed") == [
        ("north", False),
        ("south", True),
    ]


def test_share_of_few_teachers_is_hidden_even_where_many_staff_were_reached(two_schools):
    columns = "school_id n_staff n_teachers_reached n_teachers share_of_teachers"
    rows = two_schools.frame("report.pd_reach", columns, minimum_staff=3)
    assert rows[0] == ("north", 3, None, 3, None)


def test_reach_of_the_district_counts_all_schools(two_schools):
    columns = "school_year pd_type is_connected n_schools n_staff n_teachers_reached n_teachers hours"
    rows = two_schools.frame("report.pd_reach_district", columns, minimum_staff=2)
    assert rows == [(2025, "coaching", True, 2, 4, 3, 4, 10.0)]
    assert two_schools.rows("report.pd_reach_district", "share_of_teachers") == [(0.75,)]


def test_reach_below_the_minimum_is_hidden_in_the_district_too(two_schools):
    columns = "n_schools n_staff n_teachers_reached n_teachers hours is_suppressed"
    rows = two_schools.frame("report.pd_reach_district", columns, minimum_staff=10)
    assert rows == [(None, None, None, None, None, True)]


@pytest.fixture
def growing_students(core):
    """Ann and Bob learn mathematics from Tom at North; Ann goes from -1.0 to -0.4, Bob has no prior."""
    core.add("section", "section_id school_id school_year academic_subject\nm1 north 2025 mathematics")
    core.add("section_staff", "section_id staff_id begin_date\nm1 tom 2024-08-15")
    core.add("section_student", "section_id student_id begin_date\nm1 ann 2024-08-15\nm1 bob 2024-08-15")
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
            ann STATE mathematics 2025 spring 4 2025-05-06 480
            bob STATE mathematics 2025 spring 4 2025-05-06 510
            cyd STATE mathematics 2025 spring . 2025-05-06 510""",
    )
    return core


def test_growth_of_a_school_is_the_mean_gain_against_the_norm(growing_students):
    columns = "school_id school_name academic_subject school_year n_students mean_growth_sd is_suppressed"
    rows = growing_students.frame("report.growth_by_school", columns, minimum_cell=1)
    assert rows == [("north", "north", "mathematics", 2025, 1, pytest.approx(0.6), False)]  # -0.4 - -1.0


def test_growth_of_few_students_is_hidden(growing_students):
    columns = "school_id n_students mean_growth_sd is_suppressed"
    rows = growing_students.frame("report.growth_by_school", columns, minimum_cell=2)
    assert rows == [("north", None, None, True)]


def test_sample_flow_counts_students_and_results_at_each_step(growing_students):
    rows = growing_students.frame("report.sample_flow", "step_number step academic_subject n_students n_rows")
    assert rows == [
        (1, "scores", "mathematics", 3, 4),
        (2, "standardised", "mathematics", 2, 3),  # Cyd has no grade
        (3, "with prior", "mathematics", 1, 1),  # Bob has none
        (4, "linked to a teacher", "mathematics", 1, 1),
        (5, "in the analysis, by teacher", "mathematics", 1, 1),
        (6, "growth over about a school year", "mathematics", 1, 1),
    ]


def test_intake_adds_up_the_files_of_an_entity(core):
    create_table(core.connection, OUTPUTS["meta.reconciliation"])
    core.connection.execute(
        "INSERT INTO meta.reconciliation VALUES"
        " (1, 'staff', 'a.csv', 10, 7, 1, 0, 2), (2, 'staff', 'b.csv', 5, 5, 0, 0, 0)"
    )
    columns = "entity n_files rows_read rows_loaded rows_duplicate rows_skipped rows_quarantined"
    assert core.frame("report.intake", columns) == [("staff", 2, 15, 12, 1, 0, 2)]


def test_rejections_are_counted_by_file_and_rule_with_the_first_as_example(core):
    create_table(core.connection, OUTPUTS["quarantine.rejected_row"])
    core.connection.execute(
        "INSERT INTO quarantine.rejected_row VALUES"
        " ('staff', 'a.csv', 9, 'type', 'hire_date', 'not a date', 'b1'),"
        " ('staff', 'a.csv', 4, 'type', 'hire_date', 'no such day', 'b1'),"
        " ('staff', 'a.csv', 4, 'missing_key', 'staff_id', 'no id', 'b1')"
    )
    assert core.frame(
        "report.rejected_by_rule", "entity source_file rule n_rows first_line example_reason"
    ) == [
        ("staff", "a.csv", "missing_key", 1, 4, "no id"),
        ("staff", "a.csv", "type", 2, 4, "no such day"),
    ]
