"""Rules of the tables of costs, each with a few rows and its arithmetic."""

from __future__ import annotations

import pytest

from tests.spec.conftest import Core
from tests.spec.cost_study import CostStudy
from transforms.improvement.settings import CostSettings

THIS_YEAR = "period = 'report_year' and pd_type = 'coaching'"
ALL_YEARS = "period = 'all_years' and pd_type = 'coaching'"


@pytest.fixture
def study(core: Core) -> CostStudy:
    """Two coached teachers of three students, 10 and 30 hours on Mondays, and 1,200 of listed costs."""
    made = CostStudy(core)
    made.teach({"t1": ["a", "b"], "t2": ["b", "c"]})
    made.activities("A coaching all")
    made.attend("t1 A 2025-02-03 10\nt2 A 2025-02-03 30")
    made.cost("A", "teacher time", 800)
    made.cost("A", "coach", 400)
    return made


def test_unit_costs_divide_by_people_hours_and_students(study: CostStudy) -> None:
    study.compute()
    # 1,200 / 2 people; / 40 hours; / 3 students (b counts once); / 3 equivalents: all taught by t1 and t2
    assert study.row(
        "cost",
        "total_cost cost_per_participant cost_per_hour cost_per_student cost_per_student_equivalent"
        " covered_share",
        THIS_YEAR,
    ) == (1200, 600, 30, 400, pytest.approx(400), 1)


def test_a_student_taught_half_by_a_participant_is_half_an_equivalent(study: CostStudy) -> None:
    study.teach({"t3": ["c"]})
    study.compute()
    # c now has t2 and t3 for the same days: a 1, b 1, c ½ → 2.5 equivalents of 3 students
    assert study.row("cost", "n_students n_student_equivalents", THIS_YEAR) == (3, pytest.approx(2.5))


def test_a_student_with_a_participant_in_one_of_two_subjects_is_half_an_equivalent(study: CostStudy) -> None:
    study.core.add("section", "section_id school_id school_year academic_subject\nE S1 2025 ela")
    span = "2024-08-15 2025-06-10"
    study.core.add("section_staff", f"section_id staff_id begin_date end_date\nE t3 {span}")
    study.core.add("section_student", f"section_id student_id begin_date end_date\nE a {span}")
    study.compute()
    # a has a participant in mathematics and none in reading: ½ + 1 + 1
    assert study.row("cost", "n_students n_student_equivalents", THIS_YEAR) == (3, pytest.approx(2.5))


def test_hours_without_costs_are_not_in_unit_costs_and_below_four_fifths_a_caution(study: CostStudy) -> None:
    study.activities("B coaching all")
    study.attend("t1 B 2025-03-03 10")
    study.compute()
    # 40 of 50 hours have costs: .8 is enough; the cost of an hour stays 1,200 / 40
    found = study.row("cost", "hours covered_share cost_per_hour is_covered note", THIS_YEAR)
    assert found == (50, 0.8, 30, True, "1 activity attended without costs, not in unit costs")
    assert study.rows("cost_activity", "pd_activity_id status", "status <> 'covered'") == [
        ("B", "hours_without_cost")
    ]


def test_below_four_fifths_there_is_a_caution(study: CostStudy) -> None:
    study.activities("B coaching all")
    study.attend("t1 B 2025-03-03 11")
    study.compute()
    # 40 / 51 = .784
    found = study.row("cost", "is_covered note", THIS_YEAR)
    assert found[0] is False
    assert found[1].startswith("caution: costs are known for 78 % of the hours only; 1 activity")


def test_costs_that_nobody_attended_are_spent_but_in_no_unit_cost(study: CostStudy) -> None:
    study.activities("B coaching all")
    study.cost("B", "venue", 300)
    study.compute()
    found = study.row("cost", "total_cost covered_cost cost_per_hour note", THIS_YEAR)
    assert found == (1500, 1200, 30, "1 activity with costs that nobody attended, not in unit costs")


def test_costs_of_another_school_year_do_not_meet_the_hours(study: CostStudy) -> None:
    study.activities("B coaching all")
    study.attend("t1 B 2024-09-02 5")  # school year 2025
    study.cost("B", "coach", 99, year=2024)
    study.compute()
    assert study.rows("cost_activity", "school_year status", "pd_activity_id = 'B'") == [
        (2024, "cost_without_hours"),
        (2025, "hours_without_cost"),
    ]


def test_over_all_years_people_and_students_count_once_a_year(study: CostStudy) -> None:
    study.teach({"t1": ["a", "b"]}, year=2024)
    study.attend("t1 A 2024-02-05 20")
    study.cost("A", "coach", 300, year=2024)
    study.compute()
    # 2024: one person, two students, 300; 2025: two, three, 1,200
    assert study.row("cost", "n_participants n_students total_cost cost_per_participant", ALL_YEARS) == (
        3,
        5,
        1500,
        500,
    )
    periods = study.rows("cost", "period school_year", "pd_type = 'coaching'")
    assert periods == [("all_years", None), ("other_year", 2024), ("report_year", 2025)]


def test_all_kinds_together_count_a_person_of_two_kinds_once(study: CostStudy) -> None:
    study.activities("B conference all")
    study.attend("t1 B 2025-03-03 8")
    study.cost("B", "fee", 100)
    study.compute()
    found = study.row("cost", "n_participants total_cost", "period = 'report_year' and pd_type = 'all'")
    assert found == (2, 1300)


def test_absent_people_have_no_part_in_it(study: CostStudy) -> None:
    study.core.add(
        "pd_participation",
        "staff_id pd_activity_id participation_date hours attendance_status\nt9 A 2025-02-03 0 absent",
    )
    study.compute()
    assert study.row("cost", "n_participants", THIS_YEAR) == (2,)


def test_amounts_are_restated_in_prices_of_the_price_year(study: CostStudy) -> None:
    study.attend("t1 A 2024-02-05 20")
    study.cost("A", "coach", 300, year=2024)
    study.compute(CostSettings(price_year=2025, price_index={2024: 100.0, 2025: 104.0}))
    # 300 × 104 / 100 = 312
    where = "pd_type = 'coaching' and period <> 'all_years'"
    assert study.rows("cost", "school_year total_cost price_year", where) == [
        (2024, pytest.approx(312), 2025),
        (2025, 1200, 2025),
    ]


def test_a_year_without_price_level_is_left_out_and_said(study: CostStudy) -> None:
    study.cost("A", "coach", 300, year=2019)
    study.compute(CostSettings(price_year=2025, price_index={2025: 104.0}))
    found = study.row("cost", "total_cost note", "period = 'other_year' and pd_type = 'coaching'")
    assert found == (None, "nobody attended; 1 activity in a year without price level, left out")
    assert study.row("cost", "total_cost", ALL_YEARS) == (1200,)


def test_ingredients_have_classes_and_shares_of_the_cost(study: CostStudy) -> None:
    study.cost("A", "Widgets", 400)
    study.compute()
    # 800, 400, 400 of 1,600
    assert study.rows(
        "cost_ingredient", "ingredient ingredient_class is_personnel amount share", THIS_YEAR
    ) == [
        ("Widgets", "unclassified", False, 400, 0.25),
        ("coach", "facilitator", True, 400, 0.25),
        ("teacher time", "teacher_time", True, 800, 0.5),
    ]
    assert study.row("cost", "personnel_share", THIS_YEAR) == (0.75,)


def test_a_study_may_name_the_class_of_an_ingredient(study: CostStudy) -> None:
    study.cost("A", "Widgets", 400)
    study.compute(CostSettings(ingredients={"widgets": "materials"}))
    assert study.row("cost_ingredient", "ingredient_class", f"{THIS_YEAR} and ingredient = 'Widgets'") == (
        "materials",
    )


def test_without_a_source_of_costs_the_rows_say_so(core: Core) -> None:
    study = CostStudy(core)
    study.teach({"t1": ["a"]})
    study.activities("A coaching all")
    study.attend("t1 A 2025-02-03 10")
    study.compute(
        sources=("pd_participation",), effects=[{"estimate_sd": 0.1, "std_error": 0.02, "df": 20.0}]
    )
    reason = "not available: no pd_cost source"
    assert study.row("cost", "hours total_cost cost_per_hour note", THIS_YEAR) == (10, None, None, reason)
    assert study.row("cost_effectiveness", "cost_per_001_sd note") == (None, reason)
    assert {row[0] for row in study.rows("indicator", "note")} == {
        reason,
        "not available: no pd_cost and no pd_activity source",
    }


def test_an_empty_study_makes_empty_tables(core: Core) -> None:
    study = CostStudy(core)
    study.compute()
    assert study.rows("cost", "period") == study.rows("cost_equity", "grouping") == []
    assert study.rows("cost_effectiveness", "pd_type") == study.rows("cost_activity", "status") == []
    assert {row[0] for row in study.rows("indicator", "status")} == {"not_available"}


@pytest.fixture
def schools(core: Core) -> CostStudy:
    """Three schools with 80, 20 and 50 % poor students, two teachers each; the first of each has PD."""
    study = CostStudy(core)
    for number, poor in enumerate((8, 2, 5), start=1):
        core.add("school", f"school_id school_name school_level\nS{number} School-{number} elementary")
        for teacher in ("x", "y"):
            core.add(
                "staff_assignment",
                f"staff_id school_id school_year role\n{teacher}{number} S{number} 2025 teacher",
            )
        for student in range(10):
            core.add(
                "student_enrollment",
                "student_id school_id school_year grade_level is_economically_disadvantaged\n"
                f"p{number}{student} S{number} 2025 4 {student < poor}",
            )
    study.activities("A coaching all")
    study.attend("x1 A 2025-02-03 10\nx2 A 2025-02-03 20\nx3 A 2025-02-03 30")
    study.cost("A", "teacher time", 1200)
    return study


def test_spending_is_shared_out_by_hours_over_all_teachers_of_a_school(schools: CostStudy) -> None:
    schools.compute()
    # 1,200 × 10 / 60 = 200 for S1, over its two teachers 100; 20 hours 400, 30 hours 600
    assert schools.rows(
        "cost_equity", "group_name cost cost_per_teacher n_teachers", "grouping = 'school'"
    ) == [
        ("S1", pytest.approx(200), pytest.approx(100), 2),
        ("S2", pytest.approx(400), pytest.approx(200), 2),
        ("S3", pytest.approx(600), pytest.approx(300), 2),
    ]
    assert schools.row("cost_equity", "cost_per_teacher", "grouping = 'school_level'") == (
        pytest.approx(200),
    )


def test_thirds_of_schools_are_by_share_of_disadvantaged_students(schools: CostStudy) -> None:
    schools.compute()
    columns = "group_name cost_per_teacher disadvantaged_share n_schools"
    assert schools.rows("cost_equity", columns, "grouping = 'poverty_third'") == [
        ("highest", pytest.approx(100), 0.8, 1),
        ("lowest", pytest.approx(200), 0.2, 1),
        ("middle", pytest.approx(300), 0.5, 1),
    ]


def test_two_schools_make_no_thirds(schools: CostStudy) -> None:
    schools.connection.execute("delete from core.student_enrollment where school_id = 'S3'")
    schools.compute()
    assert schools.rows("cost_equity", "group_name", "grouping = 'poverty_third'") == []


def test_students_whose_disadvantage_is_unknown_count_in_no_share(schools: CostStudy) -> None:
    schools.core.add(
        "student_enrollment", "student_id school_id school_year grade_level\nq S1 2025 4\nr S1 2025 4"
    )
    schools.compute()
    assert schools.row("cost_equity", "n_students disadvantaged_share", "group_name = 'S1'") == (10, 0.8)


def test_people_who_do_not_teach_share_the_cost_but_are_in_no_school(schools: CostStudy) -> None:
    schools.core.add("staff_assignment", "staff_id school_id school_year role\nz S1 2025 central_office")
    schools.attend("z A 2025-02-03 60")
    schools.compute()
    # half of the 120 hours are z's: 600 of the 1,200 fall to teachers
    total = sum(row[0] for row in schools.rows("cost_equity", "cost", "grouping = 'school'"))
    assert total == pytest.approx(600)
