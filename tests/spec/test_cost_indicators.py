"""Indicators of cost, each with its arithmetic."""

from __future__ import annotations

import pytest

from tests.spec.conftest import Core
from tests.spec.cost_study import CostStudy
from transforms.improvement.cost_indicators import INDICATORS


@pytest.fixture
def study(core: Core) -> CostStudy:
    """Two middle schools and an elementary school with two teachers each; one activity in two years."""
    made = CostStudy(core)
    for school, level in (("S1", "middle"), ("S2", "middle"), ("S3", "elementary")):
        core.add("school", f"school_id school_name school_level\n{school} {school} {level}")
        for teacher in ("x", "y"):
            for year in (2024, 2025):
                core.add(
                    "staff_assignment",
                    f"staff_id school_id school_year role\n{teacher}{school} {school} {year} teacher",
                )
    made.activities("A coaching all")
    made.attend("xS1 A 2025-02-03 10\nxS2 A 2025-02-03 20\nxS3 A 2025-02-03 30\nxS1 A 2024-02-05 10")
    made.cost("A", "teacher time", 900)
    made.cost("A", "materials", 300)
    made.cost("A", "teacher time", 400, year=2024)
    made.teach({"xS1": ["a", "b"]})
    made.compute()
    return made


def rows(study: CostStudy, indicator: str, columns: str, where: str = "true") -> list[tuple]:
    return study.rows("indicator", columns, f"indicator = '{indicator}' and {where}")


def test_cost_of_an_hour_is_compared_with_the_year_before(study: CostStudy) -> None:
    # 1,200 / 60 = 20 against 400 / 10 = 40
    columns = "school_year value numerator denominator comparison_value n_persons"
    where = "school_id is null and category = 'coaching'"
    assert rows(study, "cost_per_participant_hour", columns, where) == [
        (2024, 40, 400, 10, None, 1),
        (2025, 20, 1200, 60, 40, 3),
    ]


def test_cost_of_an_hour_of_a_school_is_compared_with_its_level(study: CostStudy) -> None:
    where = "school_year = 2025 and school_id is not null"
    # one activity, so 20 everywhere; S3 is the only elementary school
    columns = "school_id value comparison_value"
    found = rows(study, "cost_per_participant_hour", columns, where)
    assert found == [("S1", pytest.approx(20), pytest.approx(20)), ("S2", 20, 20), ("S3", 20, None)]


def test_cost_per_student_is_over_the_students_of_those_who_took_part(study: CostStudy) -> None:
    # 1,200 / 2 students
    where = "school_year = 2025 and category = 'all'"
    columns = "value numerator denominator"
    assert rows(study, "cost_per_student_reached", columns, where) == [(600, 1200, 2)]


def test_personnel_share_counts_time_alone(study: CostStudy) -> None:
    # 900 / 1,200
    where = "category = 'coaching'"
    columns = "school_year value comparison_value"
    assert rows(study, "cost_personnel_share", columns, where) == [(2024, 1, None), (2025, 0.75, 1)]


def test_cost_per_teacher_counts_teachers_without_pd_and_has_peers_of_its_level(study: CostStudy) -> None:
    # S1: 1,200 × 10 / 60 = 200 over 2; S2 400 / 2; S3 600 / 2; the district 1,200 / 6, before 400 / 6
    columns = "school_id value comparison_value n_persons"
    assert rows(study, "cost_per_teacher", columns, "school_year = 2025") == [
        ("S1", pytest.approx(100), pytest.approx(200), 2),
        ("S2", pytest.approx(200), pytest.approx(100), 2),
        ("S3", pytest.approx(300), None, 2),
        (None, pytest.approx(200), pytest.approx(400 / 6), 6),
    ]


def test_no_cost_is_judged(study: CostStudy) -> None:
    assert {row[0] for row in study.rows("indicator", "status")} == {"described"}
    assert {indicator.higher_is for indicator in INDICATORS} == {"neither"}
    assert {row[0] for row in study.rows("indicator_definition", "rule")} == {"described, not judged"}
