"""An hour of a participant is priced once: by the source, by a substitute, or as time."""

from __future__ import annotations

import pytest

from tests.spec.conftest import Core
from tests.spec.cost_study import CostStudy
from transforms.improvement.settings import CostSettings

RATES = CostSettings(teacher_hourly_cost=40.0, substitute_daily_cost=210.0, hours_per_substitute_day=7.0)
THIS_YEAR = "period = 'report_year' and pd_type = 'coaching'"


@pytest.fixture
def study(core: Core) -> CostStudy:
    """14 hours of a teacher on a Monday, 6 on a Saturday, 4 in July; 5 on a Monday of a person in office."""
    made = CostStudy(core)
    made.teach({"t1": ["a"]})
    core.add("staff_assignment", "staff_id school_id school_year role\nz S1 2025 central_office")
    made.activities("A coaching all")
    made.attend("t1 A 2025-02-03 14\nt1 A 2025-02-08 6\nt1 A 2024-07-15 4\nz A 2025-02-03 5")
    return made


def test_without_listed_time_school_days_are_substitutes_and_the_rest_is_time(study: CostStudy) -> None:
    study.cost("A", "materials", 100)
    study.compute(RATES)
    # 14 h / 7 × 210 = 420; Saturday 6, July 4 and the other person's 5 hours: 15 × 40 = 600
    columns = "school_day_hours substitute_hours substitute_cost time_hours time_cost total_cost"
    assert study.row("cost_activity", columns) == (14, 14, 420, 15, 600, 1120)
    assert study.rows("cost_ingredient", "ingredient origin amount", THIS_YEAR) == [
        ("materials", "source", 100),
        ("participants' time", "priced", 600),
        ("substitutes", "priced", 420),
    ]
    assert study.row("cost", "source_cost priced_cost total_cost", THIS_YEAR) == (100, 1020, 1120)


def test_where_the_source_lists_participants_time_nothing_is_added(study: CostStudy) -> None:
    study.cost("A", "Teacher_Time", 1000)
    study.compute(RATES)
    assert study.row("cost_activity", "priced_cost total_cost") == (0, 1000)
    # what substitutes would take is shown beside: 14 / 7 × 210, in no total
    found = study.row("cost_opportunity", "listed_hours priced_cost not_added_cost note", THIS_YEAR)
    assert found == (29, 0, 420, "nothing added where the source prices participants' time")


def test_listed_substitutes_stand_for_school_days_and_are_not_priced_again(study: CostStudy) -> None:
    study.cost("A", "substitute teachers", 300)
    study.compute(RATES)
    columns = "substitute_hours substitute_cost time_hours time_cost total_cost"
    assert study.row("cost_activity", columns) == (14, None, 15, 600, 900)


def test_without_a_rate_of_substitutes_all_hours_are_time(study: CostStudy) -> None:
    study.cost("A", "materials", 100)
    study.compute(CostSettings(teacher_hourly_cost=40.0))
    # 29 × 40
    assert study.row("cost_activity", "substitute_hours time_hours time_cost") == (0, 29, 1160)
    assert study.row("cost_opportunity", "note", THIS_YEAR) == (
        "no rate of substitutes: set [cost] substitute_daily_cost",
    )


def test_a_share_of_school_days_may_have_had_substitutes(study: CostStudy) -> None:
    study.cost("A", "materials", 100)
    study.compute(CostSettings(teacher_hourly_cost=40.0, substitute_daily_cost=210.0, substitute_share=0.5))
    # 7 h of 14: 210; the other 7 and 15: 22 × 40
    assert study.row("cost_activity", "substitute_cost time_cost") == (210, 880)


def test_without_any_rate_time_is_not_available(study: CostStudy) -> None:
    study.cost("A", "materials", 100)
    study.compute()
    wanted = "not available: set [cost] teacher_hourly_cost"
    assert study.row("cost_activity", "time_cost total_cost") == (None, 100)
    assert wanted in study.row("cost", "note", THIS_YEAR)[0]
    assert wanted in study.row("cost_opportunity", "note", THIS_YEAR)[0]


def test_activities_without_costs_are_not_priced_at_all(study: CostStudy) -> None:
    study.compute(RATES)
    assert study.row("cost_activity", "status substitute_cost time_cost total_cost") == (
        "hours_without_cost",
        None,
        None,
        None,
    )


def test_assumptions_say_what_is_set_by_default_and_not(core: Core) -> None:
    study = CostStudy(core)
    study.compute(
        CostSettings(currency="EUR", teacher_hourly_cost=40.0, named=frozenset({"teacher_hourly_cost"}))
    )
    assert study.rows("cost_assumption", "assumption value origin")[:3] == [
        ("cost of a day of a substitute", "not set", "not set"),
        ("cost of an hour of a participant", "EUR 40.00", "study.toml"),
        ("hours that a substitute covers in a day", "7", "default"),
    ]
