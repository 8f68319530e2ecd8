"""The ledger: was a decision acted on, is its review due, did what was expected come about?"""

from __future__ import annotations

import pytest

from tests.spec.loop_tables import Loop
from transforms.improvement.decision_review import (
    ACTED_ON_RULE,
    VERDICT_RULE,
    Decision,
    acted_on,
    compared_year,
    due,
    verdict,
)
from transforms.improvement.posterior import Posterior
from transforms.improvement.type_evidence import TypeEvidence
from transforms.improvement.type_measures import TypeYear


def decision(action: str = "scale", status: str | None = "doing", review: int | None = 2024) -> Decision:
    return Decision("D1", 2023, "coaching", action, 0.1, None, review, status)


def year(hours: float, reached: int = 10, teachers: int = 100, staff: int | None = None) -> TypeYear:
    return TypeYear("coaching", 2023, hours, reached if staff is None else staff, reached, teachers)


# action, hours before and after, teachers reached before and after → acted on
ACTED = (
    ("scale", 100, 110, 10, 10, "yes"),  # + 10 %
    ("scale", 100, 109, 10, 10, "no"),  # + 9 %
    ("scale", 100, 90, 10, 11, "yes"),  # reach + 10 %
    ("scale", 0, 50, 0, 10, "yes"),  # from nothing
    ("scale", 0, 0, 0, 0, "no"),
    ("stop", 100, 50, 10, 10, "yes"),  # - 50 %
    ("stop", 100, 51, 10, 10, "no"),
    ("stop", 100, 0, 10, 0, "yes"),
    ("stop", 0, 0, 0, 0, "cannot_tell"),
    ("pause", 100, 49, 10, 10, "yes"),
    ("pause", 100, 120, 10, 10, "no"),
    ("sustain", 100, 125, 10, 10, "yes"),  # + 25 %
    ("sustain", 100, 75, 10, 10, "yes"),  # - 25 %
    ("sustain", 100, 126, 10, 10, "no"),
    ("sustain", 100, 74, 10, 10, "no"),
    ("sustain", 0, 10, 0, 10, "cannot_tell"),
)


@pytest.mark.parametrize(("action", "before", "after", "reached", "reached_after", "code"), ACTED)
def test_hours_and_reach_say_whether_it_was_acted_on(
    action: str, before: float, after: float, reached: int, reached_after: int, code: str
) -> None:
    found = acted_on(decision(action), year(before, reached), year(after, reached_after))
    assert found.code == code


def test_the_printed_rule_has_the_thresholds_of_the_code() -> None:
    assert "up by 10% or more" in ACTED_ON_RULE
    assert "down by 50% or more" in ACTED_ON_RULE
    assert "within 25% of" in ACTED_ON_RULE
    assert "95% interval" in VERDICT_RULE


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("planned", "no"),
        ("doing", "in_progress"),
        ("studied", "yes"),
        ("acted", "yes"),
        (None, "cannot_tell"),
    ],
)
def test_adapt_and_study_are_told_by_the_status(status: str | None, code: str) -> None:
    for action in ("adapt", "study"):
        assert acted_on(decision(action, status), year(1.0), year(9.0)).code == code


def test_a_decision_of_this_year_cannot_be_judged_yet() -> None:
    assert acted_on(decision("scale"), year(1.0), None, is_early=True).code == "too_early"
    assert acted_on(decision("study", "planned"), year(1.0), None, is_early=True).code == "too_early"
    assert acted_on(decision("study", "studied"), year(1.0), None, is_early=True).code == "yes"


def test_without_hours_of_the_later_year_nothing_is_said() -> None:
    assert acted_on(decision("scale"), year(1.0), None).code == "cannot_tell"
    assert acted_on(decision("scale"), None, year(1.0)).code == "cannot_tell"


def test_hours_of_too_few_people_say_nothing() -> None:
    found = acted_on(decision("scale"), year(100.0), year(500.0, reached=4))
    assert (found.code, found.reason) == ("cannot_tell", "of too few people to be shown")


def test_the_reason_says_the_hours_and_their_change() -> None:
    found = acted_on(decision("stop"), year(1_000.0), year(910.0))
    assert found.reason == "hours went from 1,000 to 910 (−9%)"


@pytest.mark.parametrize(
    ("review", "report_year", "expected"),
    [
        (2024, 2025, 2024),  # the review year
        (2027, 2025, 2025),  # not beyond the report year
        (None, 2025, 2024),  # the year after
        (2023, 2025, 2024),  # a review in the year of the decision: the year after
        (2024, 2023, None),  # no year has passed
    ],
)
def test_the_year_that_is_compared(review: int | None, report_year: int, expected: int | None) -> None:
    assert compared_year(decision(review=review), report_year) == expected


@pytest.mark.parametrize(
    ("status", "review", "expected"),
    [
        ("acted", 2024, "reviewed"),
        ("studied", 2030, "reviewed"),
        ("doing", 2024, "overdue"),
        ("planned", 2025, "due"),
        ("doing", 2026, "not_yet_due"),
        ("doing", None, "no_review_year"),
        (None, 2024, "no_status"),
        ("acted", None, "reviewed"),
    ],
)
def test_whether_the_review_is_due_in_2025(status: str | None, review: int | None, expected: str) -> None:
    assert due(decision(status=status, review=review), 2025) == expected


def evidence(estimate: float, half_width: float) -> TypeEvidence:
    # with 1e9 degrees of freedom the interval is the estimate -+ 1.96 standard errors
    mean = Posterior(estimate, half_width / 1.959964, 1e9)
    return TypeEvidence("coaching", design="adjusted", mean=mean)


# expected, interval low and high → verdict
VERDICTS = (
    (0.10, 0.06, 0.14, "met"),
    (0.10, -0.02, 0.14, "cannot_tell"),  # holds both 0 and .10
    (0.10, 0.02, 0.09, "fell_short"),
    (0.10, -0.05, 0.05, "fell_short"),
    (0.10, 0.11, 0.20, "better"),
    (0.00, -0.01, 0.015, "met"),  # below .02, as no difference was expected
    (0.00, -0.01, 0.03, "cannot_tell"),  # holds 0 and .02
    (0.00, 0.01, 0.05, "better"),
    (0.00, -0.05, -0.01, "fell_short"),
    (-0.02, -0.05, 0.01, "met"),
)


@pytest.mark.parametrize(("expected", "low", "high", "code"), VERDICTS)
def test_what_was_expected_against_the_interval(expected: float, low: float, high: float, code: str) -> None:
    assert verdict(expected, evidence((low + high) / 2, (high - low) / 2), 0.02).code == code


def test_without_expectation_or_estimate_nothing_is_judged() -> None:
    assert verdict(None, evidence(0.1, 0.01), 0.02).reason == "nothing was said of what is expected"
    assert verdict(0.1, TypeEvidence("coaching", "4 schools"), 0.02).reason == "no estimate: 4 schools"
    struck = TypeEvidence("coaching", mean=Posterior(0.1, 0.01, 30.0), is_struck_out=True)
    assert verdict(0.1, struck, 0.02).code == "cannot_tell"


def test_the_ledger_from_the_tables() -> None:
    loop = Loop()
    for school_year, reached in ((2023, 10), (2024, 15), (2025, 15)):
        loop.teachers(20, "coaching", reached, school_year=school_year)
    loop.effect("coaching", "ela", 0.10, 0.01, essa_tier=2)
    base = {"pd_type": "coaching", "action": "scale", "expected_effect_sd": 0.1}
    loop.add(
        "core.decision",
        {**base, "decision_id": "D1", "school_year": 2023, "review_year": 2024, "status": "acted"},
        {**base, "decision_id": "D2", "school_year": 2024, "review_year": 2025, "action": "stop"},
    )
    loop.compute()
    columns = "decision_id stage due acted_on hours_before hours_after hours_change reach_after verdict"
    # 10 to 15 teachers with 10 hours each: + 50 %; reach 15 of 20
    assert loop.rows("estimates.decision_review", columns) == [
        ("D1", "Act", "reviewed", "yes", 100.0, 150.0, pytest.approx(0.5), 0.75, "met"),
        ("D2", None, "no_status", "no", 150.0, 150.0, 0.0, 0.75, "met"),
    ]
    # now 75 % are reached, more than 60 %: sustain; only the latest decision is held against it
    assert loop.rows("estimates.decision_review", "decision_id recommended_action agrees is_latest") == [
        ("D1", "sustain", None, False),
        ("D2", "sustain", False, True),
    ]
