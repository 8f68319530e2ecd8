"""Rules of frames.pd_offer: who was offered PD by lot, and when growth can first show it."""

from __future__ import annotations

import pytest

OFFER = "frames.pd_offer"
RESULT = (
    "student_id assessment_id academic_subject school_year term grade_level administration_date scale_score"
)


@pytest.fixture
def tested(core):
    """Growth from May to May in 2024 and 2025."""
    core.add(
        "assessment_result",
        f"""{RESULT}
           ann state ela 2023 spring 3 2023-05-01 500
           ann state ela 2024 spring 4 2024-05-01 510
           ann state ela 2025 spring 5 2025-05-01 520
           bob state ela 2023 spring 3 2023-05-01 520
           bob state ela 2024 spring 4 2024-05-01 500
           bob state ela 2025 spring 5 2025-05-01 530""",
    )
    for year in (2024, 2025):
        core.add("section", f"section_id school_id school_year academic_subject\ne{year} north {year} ela")
        core.add("section_staff", f"section_id staff_id begin_date\ne{year} tom {year - 1}-08-15")
        core.add("section_student", f"section_id student_id begin_date\ne{year} ann {year - 1}-08-15")
    return core


def outcome_year(core, day: str, cohort: str = "wave1") -> int | None:
    core.add(
        "pd_assignment",
        f"staff_id pd_type assigned cohort block assignment_date\ntom coaching true {cohort} . {day}",
    )
    [(year,)] = core.frame(OFFER, "outcome_school_year")
    return year


@pytest.mark.parametrize(
    ("day", "year"),
    [
        ("2023-08-14", 2024),
        ("2024-04-30", 2024),  # the day before the test: late, but before it
        ("2024-05-01", 2025),  # on the day of the test nothing can have come of it
        ("2024-06-15", 2025),  # after the test, within the same school year
        ("2025-05-01", None),  # no test after it yet
    ],
)
def test_outcome_is_the_first_school_year_tested_after_the_draw(tested, day, year):
    assert outcome_year(tested, day) == year


@pytest.mark.parametrize(
    ("cohort", "year"), [("2025", 2025), ("2024-25", 2025), ("2024-2025", 2025), ("wave2025", None)]
)
def test_without_a_day_a_cohort_that_is_a_school_year_is_the_outcome_year(tested, cohort, year):
    assert outcome_year(tested, ".", cohort) == year


def test_a_known_day_counts_more_than_the_name_of_the_cohort(tested):
    assert outcome_year(tested, "2023-08-14", "2025") == 2024
