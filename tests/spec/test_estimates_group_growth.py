"""Rules of the growth of teachers, schools, PD types and subgroups."""

from __future__ import annotations

import math

import pytest
from scipy.special import stdtrit

from tests.spec.growth_groups import Growth
from transforms.warehouse import declared_table

TEACHER, SCHOOL = "estimates.teacher_growth", "estimates.school_growth"
PD_TYPE, SUBGROUP = "estimates.pd_type_growth", "estimates.subgroup_growth"
STABILITY = "estimates.growth_stability"
MEDIAN = "median_sgp median_sgp_ci_low median_sgp_ci_high"


def ten(growth: Growth, staff_id: str = "tom", school_id: str = "north", year: int = 2025) -> list[str]:
    """Ten students with the percentiles 5, 15, … 95."""
    names = [f"{staff_id}{year}-{k}" for k in range(10)]
    for k, name in enumerate(names):
        growth.student(name, 5 + 10 * k, staff_id, school_id=school_id, year=year)
    return names


def test_mean_has_the_standard_error_of_students_drawn_independently(growth):
    ten(growth)
    growth.build()
    ((mean, error, low, high),) = growth.rows(
        TEACHER, "mean_sgp mean_sgp_se mean_sgp_ci_low mean_sgp_ci_high"
    )
    assert mean == 50  # (5 + 15 + … + 95) / 10
    # 10/9 × 2 × (45² + 35² + 25² + 15² + 5²) = 10/9 × 8250, the root over 10
    expected = math.sqrt(10 / 9 * 8250) / 10
    assert error == pytest.approx(expected)
    assert (low, high) == pytest.approx((50 - 2.262157 * expected, 50 + 2.262157 * expected), abs=1e-4)


def test_median_has_woodruffs_interval(growth):
    ten(growth)
    growth.build()
    # Half of the weight lies at 45 and below: the median is midway to 55. The share at or below it has the
    # standard error sqrt(10/9 × 10 × 0.5²) / 10 = 0.1667, its interval with t of 9 is 0.123 to 0.877. The
    # share 0.123 is reached at 15 (0.2); 85 has 0.8 below it and 95 has 0.9, more than 0.877.
    assert growth.rows(TEACHER, MEDIAN) == [(50.0, 15.0, 85.0)]


def test_students_count_by_roster_weight(growth):
    for k in range(9):
        growth.student(f"p{k}", 40)
    growth.student("half", 90, weight=0.5)
    growth.student("half", 90, "uma", weight=0.5)
    growth.build()
    found = growth.rows(TEACHER, "staff_id n_students n_students_weighted mean_sgp mean_sgp_se median_sgp")
    mean = (9 * 40 + 0.5 * 90) / 9.5
    # 10 students: 10/9 × (9 × (40 - mean)² + 0.5² × (90 - mean)²), the root over 9.5
    error = math.sqrt(10 / 9 * (9 * (40 - mean) ** 2 + 0.25 * (90 - mean) ** 2)) / 9.5
    assert found == [
        ("tom", 10, 9.5, pytest.approx(mean), pytest.approx(error), 40.0),
        ("uma", 1, 0.5, None, None, None),
    ]


def test_student_of_two_teachers_is_one_student_of_the_school(growth):
    names = ten(growth)
    growth.connection.execute(
        "UPDATE frames.student_teacher_link SET roster_weight = 0.25 WHERE student_id = ?", names[:1]
    )
    growth.student(names[0], 5, "uma", weight=0.75)
    growth.build()
    # as in the test of the mean: the two rows of the first student are one cluster of weight 1
    ((n, weight, error),) = growth.rows(SCHOOL, "n_students n_students_weighted mean_sgp_se")
    assert (n, weight, error) == (10, 10.0, pytest.approx(math.sqrt(10 / 9 * 8250) / 10))


def test_fewer_than_ten_students_have_no_numbers_and_a_note(growth):
    for k in range(9):
        growth.student(f"p{k}", 40)
    growth.build()
    columns = f"n_students mean_sgp mean_sgp_se mean_sgp_ci_low {MEDIAN} note"
    said = (
        "no percentiles: fewer than 10 students with one;"
        " no value-added: no student with a prior in the sample"
    )
    assert growth.rows(TEACHER, columns) == [(9, None, None, None, None, None, None, said)]


def test_equal_percentiles_have_an_interval_of_one_point(growth):
    for k in range(12):
        growth.student(f"p{k}", 40)
    growth.build()
    assert growth.rows(TEACHER, f"mean_sgp_se {MEDIAN}") == [(0.0, 40.0, 40.0, 40.0)]


def test_interval_stays_between_1_and_99(growth):
    for k in range(10):
        growth.student(f"p{k}", 99 if k else 1)
    growth.build()
    # mean 89.2 with standard error 9.8: 89.2 + 2.26 × 9.8 is above 99
    assert growth.rows(TEACHER, "mean_sgp mean_sgp_ci_high") == [(pytest.approx(89.2), 99.0)]


def test_teacher_stands_in_the_school_of_most_students(growth):
    ten(growth, school_id="south")
    growth.student("moved", 50, school_id="north")
    growth.build()
    assert growth.rows(TEACHER, "staff_id school_id n_students") == [("tom", "south", 11)]


@pytest.fixture
def four_schools(growth):
    """Teachers a, b (coached) and c, d (not), ten students each in a school of its own."""
    for k, staff_id in enumerate("abcd"):
        for i, name in enumerate(ten(growth, staff_id, f"school-{staff_id}")):
            growth.window(name)
            growth.result(name, 4 + k % 2, i % 2 == 0 if k else None, "F" if i < 5 else None)
    growth.connection.execute(
        "UPDATE estimates.growth_percentile SET sgp = sgp + 4 WHERE student_id[1] IN ('a', 'c')"
    )
    growth.hours("a", "coaching", 6)
    growth.hours("b", "coaching", 3)
    growth.hours("c", "coaching", 0)
    return growth


def test_participants_are_those_with_aligned_hours_in_the_window(four_schools):
    four_schools.build()
    found = four_schools.rows(PD_TYPE, "pd_type is_participant n_staff n_schools n_students mean_sgp")
    # c has hours in another subject only; 50 and 54 on average
    assert found == [("coaching", False, 2, 2, 20, 52.0), ("coaching", True, 2, 2, 20, 52.0)]


def test_mean_of_a_pd_type_has_the_error_of_schools_drawn(four_schools):
    four_schools.build()
    ((error, low),) = four_schools.rows(PD_TYPE, "mean_sgp_se mean_sgp_ci_low", "is_participant")
    # schools deviate by 10 × 2 and 10 × -2: sqrt(2/1 × (20² + 20²)) / 20 = 2
    assert error == pytest.approx(2.0)
    assert low == pytest.approx(52 - stdtrit(1, 0.975) * 2)


def test_growth_from_another_prior_than_exposure_is_not_counted_and_noted(four_schools):
    four_schools.connection.execute("DELETE FROM frames.student_growth WHERE student_id = 'd2025-0'")
    four_schools.connection.execute("DELETE FROM frames.growth_history WHERE student_id = 'd2025-0'")
    four_schools.window("d2025-0", prior_term="winter")
    four_schools.build()
    found = four_schools.rows(PD_TYPE, "n_students note", "NOT is_participant")
    said = (
        "no residual gain: fewer than 10 students with one;"
        " students left out, whose growth has another prior than exposure is counted from: fewer than 10"
    )
    assert found == [(19, said)]


def test_one_school_has_a_mean_without_an_interval(growth):
    for name in ten(growth):
        growth.window(name)
    growth.hours("tom", "coaching", 6)
    growth.build()
    columns = f"mean_sgp mean_sgp_se mean_sgp_ci_low mean_sgp_ci_high {MEDIAN}"
    assert growth.rows(PD_TYPE, columns) == [(50.0, None, None, None, 50.0, None, None)]
    assert growth.rows(PD_TYPE, "note")[0][0].endswith("one school: no interval")


def test_subgroups_are_all_and_each_known_attribute(four_schools):
    four_schools.build()
    assert four_schools.rows(SUBGROUP, "subgroup n_students n_schools") == [
        ("all", 40, 4),
        ("grade_level=4", 20, 2),
        ("grade_level=5", 20, 2),
        ("is_swd=false", 15, 3),  # unknown in the first school
        ("is_swd=true", 15, 3),
        ("sex=F", 20, 4),
    ]


def test_subgroup_median_counts_its_own_students(four_schools):
    four_schools.build()
    # the first five of each class: 5, 15, 25, 35, 45 twice, 9, 19, 29, 39, 49 twice; in the middle 25, 29
    found = four_schools.rows(SUBGROUP, "mean_sgp median_sgp", "subgroup = 'sex=F'")
    assert found == [(27.0, 27.0)]


def two_years(growth: Growth, n_teachers: int) -> None:
    """Teacher k's ten students have the percentile 40 + k; in 2025 the first two change places."""
    for k in range(n_teachers):
        for year in (2024, 2025):
            sgp = 40 + (k if year == 2024 or k > 1 else 1 - k)
            for i in range(10):
                growth.student(f"p{k}-{year}-{i}", sgp, f"t{k}", year=year)


def test_stability_is_the_correlation_with_the_year_before(growth):
    two_years(growth, 12)
    growth.build()
    found = growth.rows(STABILITY, "school_year n_groups correlation ci_low ci_high", "level = 'teacher'")
    # of 0 … 11 with two neighbours exchanged: 1 - 6 × (1 + 1) / (12 × 143)
    r = 1 - 12 / (12 * 143)
    half = 1.959964 / math.sqrt(12 - 3)
    expected = (2025, 12, r, math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half))
    assert found == [pytest.approx(expected, abs=1e-6)]


def test_stability_of_fewer_than_ten_groups_is_empty(growth):
    two_years(growth, 9)
    growth.build()
    found = growth.rows(STABILITY, "level measure n_groups correlation ci_low")
    assert found == [("school", "mean_sgp", 1, None, None), ("teacher", "mean_sgp", 9, None, None)]


def test_groups_of_fewer_than_ten_students_in_either_year_are_not_in_the_stability(growth):
    two_years(growth, 12)
    growth.connection.execute("DELETE FROM estimates.growth_percentile WHERE student_id = 'p5-2024-0'")
    growth.build()
    assert growth.rows(STABILITY, "n_groups", "level = 'teacher'") == [(11,)]


def test_tables_have_the_columns_and_comments_of_the_contract(four_schools):
    four_schools.build()
    for name in (TEACHER, SCHOOL, PD_TYPE, SUBGROUP, STABILITY):
        comments = four_schools.connection.execute(
            "SELECT comment FROM duckdb_tables() WHERE schema_name || '.' || table_name = ?", [name]
        ).fetchall()
        assert comments == [(declared_table(name).comment,)]
