"""What of the costs may be shown: few people and few students stay hidden, gaps are named."""

from __future__ import annotations

import pytest

from tests.spec.conftest import Core
from tests.spec.cost_study import CostStudy

TEACHERS = [f"t{number}" for number in range(1, 7)]


@pytest.fixture
def study(core: Core) -> CostStudy:
    """Six teachers of two students each; five in coaching, four in a conference."""
    made = CostStudy(core)
    made.teach({teacher: [f"{teacher}a", f"{teacher}b"] for teacher in TEACHERS})
    made.activities("A coaching all\nB conference all")
    for activity, n in (("A", 5), ("B", 4)):
        made.attend("\n".join(f"{teacher} {activity} 2025-02-03 10" for teacher in TEACHERS[:n]))
        made.cost(activity, "teacher time", 1000)
    return made


def test_five_people_are_shown_and_four_are_hidden(study: CostStudy) -> None:
    study.compute()
    found = study.core.frame(
        "report.cost", "period pd_type total_cost cost_per_hour n_participants is_suppressed note"
    )
    assert [row for row in found if row[0] == "report_year"] == [
        ("report_year", "all", 2000, pytest.approx(2000 / 90), 5, False, None),
        ("report_year", "coaching", 1000, 20, 5, False, None),
        ("report_year", "conference", None, None, None, True, "of too few people to be shown"),
    ]


def test_ten_students_are_shown_and_nine_are_hidden(study: CostStudy) -> None:
    study.connection.execute("delete from core.section_student where student_id = 't1a'")
    study.compute()
    found = study.core.frame("report.cost", "period pd_type n_students cost_per_student cost_per_hour")
    coached = [row[2:] for row in found if row[:2] == ("report_year", "coaching")]
    # 9 students of coached teachers: hidden; the hours of 5 people are not
    assert coached == [(None, None, 20)]


def test_ingredients_of_hidden_kinds_are_hidden(study: CostStudy) -> None:
    study.compute()
    found = study.core.frame("report.cost_ingredient", "period pd_type ingredient amount share is_suppressed")
    assert [row for row in found if row[:2] == ("report_year", "conference")] == [
        ("report_year", "conference", "teacher time", None, None, True)
    ]


def test_time_of_hidden_kinds_is_hidden(study: CostStudy) -> None:
    study.compute()
    assert {row[0] for row in study.core.frame("report.cost_opportunity", "pd_type")} == {"all", "coaching"}


def test_growth_of_few_students_has_no_cost_shown(study: CostStudy) -> None:
    effect = {"estimate_sd": 0.1, "std_error": 0.01, "df": 30.0}
    study.compute(effects=[effect, {**effect, "pd_type": "conference"}])
    found = study.core.frame("report.cost_effectiveness", "pd_type cost_per_student cost_per_001_sd note")
    # 10 students of coached teachers: 1,000 / 10 = 100 over 10 hundredths; 8 of those at the conference
    assert found == [
        ("coaching", 100, pytest.approx(10), None),
        ("conference", None, None, "of too few students to be shown"),
    ]


def test_gaps_are_named_and_those_of_few_people_keep_their_hours(study: CostStudy) -> None:
    study.activities("C coaching all\nD coaching all")
    study.attend("t1 C 2025-02-03 7")
    study.cost("C", "coach", 500, year=2024)
    study.cost("D", "coach", 50)
    study.compute()
    columns = "pd_activity_id school_year status hours source_cost note is_suppressed"
    assert study.core.frame("report.cost_gap", columns) == [
        ("C", 2024, "cost_without_hours", 0, 500, None, False),
        ("C", 2025, "hours_without_cost", None, None, "costs of the activity are listed in 2024", True),
        ("D", 2025, "cost_without_hours", 0, 50, None, False),
    ]


def test_schools_of_few_teachers_are_hidden_and_named(study: CostStudy) -> None:
    study.core.add("school", "school_id school_name school_level\nS1 Alder middle\nS2 Birch middle")
    for number in range(4):
        study.core.add("staff_assignment", f"staff_id school_id school_year role\nu{number} S2 2025 teacher")
    study.compute()
    columns = "grouping label n_teachers cost_per_teacher is_suppressed"
    assert study.core.frame("report.cost_equity", columns) == [
        ("school", "Alder", 6, pytest.approx(2000 / 6), False),
        ("school", "Birch", None, None, True),
        ("school_level", "middle", 10, pytest.approx(200), False),
    ]


def test_assumptions_are_shown_as_they_are(study: CostStudy) -> None:
    study.compute()
    assert len(study.core.frame("report.cost_assumption", "assumption value origin meaning")) == 6
