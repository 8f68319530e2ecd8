"""Indicators of the loop, each from a few rows."""

from __future__ import annotations

import pytest

from tests.spec.loop_tables import Loop

_SHOWN = "school_year value numerator denominator comparison_value status"


def decided(loop: Loop, *rows: tuple[int, str, str | None, float | None]) -> None:
    """Decisions of a year about coaching: action, status and expectation; reviewed the year after."""
    for number, (school_year, action, status, expected) in enumerate(rows):
        loop.add(
            "core.decision",
            {
                "decision_id": f"D{number}",
                "school_year": school_year,
                "pd_type": "coaching",
                "action": action,
                "status": status,
                "expected_effect_sd": expected,
                "review_year": school_year + 1,
            },
        )


def shown(loop: Loop, indicator: str) -> list[tuple]:
    return loop.rows("estimates.indicator", _SHOWN, f"indicator = '{indicator}' and school_id is null")


def test_reviews_that_were_due_and_done() -> None:
    loop = Loop()
    loop.sources("decision")
    decided(
        loop,
        (2022, "study", "acted", None),
        (2022, "study", "doing", None),
        (2022, "study", None, None),  # no status: not counted
        (2023, "study", "studied", None),
        (2024, "study", "planned", None),
        (2025, "study", "planned", None),  # due in 2026: not yet
    )
    loop.compute()
    assert shown(loop, "decisions_reviewed") == [
        (2023, 0.5, 1, 2, None, "typical"),  # 1 of 2
        (2024, 1.0, 1, 1, 0.5, "strength"),  # at least 90 %
        (2025, 0.0, 0, 1, 1.0, "concern"),  # below 50 %
    ]


def test_decisions_acted_on_of_those_that_can_be_told() -> None:
    loop = Loop()
    loop.sources("decision", "pd_participation")
    decided(
        loop,
        (2023, "study", "acted", None),
        (2023, "study", "planned", None),
        (2023, "study", "doing", None),  # in progress: not counted
        (2024, "adapt", "studied", None),
    )
    loop.compute()
    assert shown(loop, "decisions_acted_on") == [
        (2023, 0.5, 1, 2, None, "typical"),
        (2024, 1.0, 1, 1, 0.5, "strength"),
    ]


def test_decisions_that_say_what_is_expected() -> None:
    loop = Loop()
    loop.sources("decision")
    decided(loop, (2023, "study", None, 0.0), (2023, "study", None, None), (2023, "study", None, None))
    loop.compute()
    # an expectation of 0 is one: 1 of 3
    assert shown(loop, "decisions_with_expectation") == [(2023, pytest.approx(1 / 3), 1, 3, None, "concern")]


def test_spending_on_types_with_evidence() -> None:
    loop = Loop()
    loop.sources("pd_cost")
    loop.effect("coaching", "ela", 0.10, 0.01, essa_tier=1)
    loop.effect("conference", "ela", 0.10, 0.01)
    loop.add(
        "estimates.cost",
        {"period": "report_year", "pd_type": "coaching", "total_cost": 300.0},
        {"period": "report_year", "pd_type": "conference", "total_cost": 100.0},
        {"period": "all_years", "pd_type": "conference", "total_cost": 900.0},
    )
    loop.compute()
    # 300 of 400
    assert shown(loop, "spending_with_evidence") == [(2025, 0.75, 300, 400, None, "described")]


@pytest.mark.parametrize(
    ("indicator", "why"),
    [
        ("decisions_reviewed", "not available: no decision source"),
        ("decisions_acted_on", "not available: no decision and no pd_participation source"),
        ("decisions_with_expectation", "not available: no decision source"),
        ("spending_with_evidence", "not available: no pd_cost source"),
    ],
)
def test_a_missing_source_is_said(indicator: str, why: str) -> None:
    loop = Loop()
    loop.compute()
    assert loop.rows("estimates.indicator", "status value note", f"indicator = '{indicator}'") == [
        ("not_available", None, why)
    ]
