"""The page of what to do next: each sentence from numbers, by rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import duckdb
import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, empty_build, insert
from tests.unit.reporting.page_reader import elements, text
from transforms.reporting.decision_rows import Decisions, QuestionRow, RecommendationRow, ReviewRow, RuleRow
from transforms.reporting.decision_words import (
    answers,
    certainty,
    common_unknowns,
    how_sure,
    ledger_title,
    own_unknowns,
    question_words,
    stands_out,
)
from transforms.reporting.site import render_report

RECOMMENDATION: dict[str, object] = {
    "pd_type": "coaching",
    "action": "scale",
    "rule": "sure, and room to grow",
    "rule_number": 1,
    "expected_effect_sd": 0.08,
    "ci_low": 0.02,
    "ci_high": 0.14,
    "effect_threshold_sd": 0.02,
    "probability_positive": 0.97,
    "probability_above_threshold": 0.85,
    "design": "matched",
    "hours": 100.0,
    "reach_share": 0.30,
    "reasons": "Growth is very likely higher with it.",
    "not_known": "cost per student: not known (no cost)",
    "evidence": "matched: ela +0.080 SD (0.020 to 0.140)",
}
REVIEW: dict[str, object] = {
    "decision_id": "D1",
    "school_year": 2024,
    "pd_type": "coaching",
    "action": "scale",
    "owner_role": "chief academic officer",
    "review_year": 2025,
    "stage": "Do",
    "due": "not_yet_due",
    "expected_effect_sd": 0.10,
    "found_effect_sd": 0.08,
    "found_ci_low": 0.02,
    "found_ci_high": 0.14,
    "verdict": "met",
    "verdict_reason": "the interval holds what was expected and not 0",
    "acted_on": "yes",
    "acted_on_reason": "hours went from 100 to 150 (+50%)",
    "recommended_action": "scale",
    "agrees": True,
    "is_latest": True,
}
QUESTION: dict[str, object] = {
    "rank": 1,
    "pd_type": "conference",
    "question": "?",
    "value_of_information": 12.34,
    "value_per_student": 0.01,
    "unit": "SD × students",
    "n_students": 1_234,
    "break_even_sd": 0.02,
    "probability_worth_it": 0.41,
    "best_design": "draw next year's places by lot",
    "effect_to_find_sd": 0.08,
    "teachers_needed": 60,
    "n_teachers": 400,
    "note": "in SD, for costs are not known",
}
RULE: dict[str, object] = {
    "rule_number": 1,
    "rule": "sure, and room to grow",
    "action": "scale",
    "conditions": "probability_positive >= 0.95",
    "condition_words": "probability that growth is higher with it at least 95 in 100",
    "sentence": "Growth is very likely higher with it.",
    "is_default": True,
}


def _made(kind: type, base: Mapping[str, object], changed: Mapping[str, object]) -> object:
    values = {**base, **changed}
    return kind(**{field.name: values.get(field.name) for field in fields(kind)})


def recommendation(**changed: object) -> RecommendationRow:
    return _made(RecommendationRow, RECOMMENDATION, changed)  # type: ignore[return-value]


def review(**changed: object) -> ReviewRow:
    return _made(ReviewRow, REVIEW, changed)  # type: ignore[return-value]


def question(**changed: object) -> QuestionRow:
    return _made(QuestionRow, QUESTION, changed)  # type: ignore[return-value]


def rule(**changed: object) -> RuleRow:
    return _made(RuleRow, RULE, changed)  # type: ignore[return-value]


# --- words


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (0.99, "virtually certain"),
        (0.989, "very likely"),
        (0.90, "very likely"),
        (0.899, "likely"),
        (0.661, "likely"),
        (0.66, "about as likely as not"),
        (0.33, "about as likely as not"),
        (0.329, "unlikely"),
        (0.101, "unlikely"),
        (0.10, "very unlikely"),
        (0.011, "very unlikely"),
        (0.01, "exceptionally unlikely"),
        (0.0, "exceptionally unlikely"),
        (None, "not known"),
    ],
)
def test_chances_have_calibrated_words(probability: float | None, word: str) -> None:
    assert certainty(probability) == word


def test_how_sure_has_both_chances_and_without_an_estimate_none() -> None:
    assert how_sure(recommendation()) == (
        "Very likely that growth is higher (97 in 100); chance that it is by enough to matter: 85 in 100"
    )
    assert how_sure(recommendation(probability_positive=None)) == "not known: no estimate"


def test_the_answer_names_the_types_by_action_for_the_next_school_year() -> None:
    rows = [
        recommendation(),
        recommendation(pd_type="curriculum_based", action="sustain"),
        recommendation(pd_type="workshop_series", action="sustain"),
        recommendation(pd_type="conference", action="stop"),
    ]
    first, _, third = answers(rows, 2025)
    assert first == (
        "For 2025–26 the rules of this page say: do more of coaching; keep curriculum-based learning and"
        " workshop series as they are; end conferences."
    )
    assert third.endswith("so the differences in growth are associations.")


def test_only_what_was_drawn_by_lot_is_no_association() -> None:
    rows = [recommendation(design="lottery"), recommendation(pd_type="conference")]
    assert answers(rows, 2025)[2].startswith("Places in coaching were drawn by lot; otherwise teachers")
    nothing = [recommendation(design=None, expected_effect_sd=None)]
    assert answers(nothing, 2025)[2] == "No kind of PD could be compared with student growth."
    assert len(answers([], 2025)) == 1


def _noted(*reviews: ReviewRow, rows: tuple[RecommendationRow, ...] = ()) -> tuple[str, ...]:
    return stands_out(Decisions(rows, reviews, (), ()), 2025)


def test_a_decision_on_its_way_does_not_stand_out() -> None:
    assert _noted(review()) == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"due": "overdue", "review_year": 2024}, "the review was due by 2023–24 and it stands at Do"),
        ({"due": "due"}, "the review is due in 2024–25 and it stands at Do"),
        (
            {"acted_on": "no", "acted_on_reason": "hours went from 100 to 90 (−10%)"},
            "it cannot be seen that it was acted on, hours went from 100 to 90 (−10%)",
        ),
        ({"agrees": False, "recommended_action": "stop"}, "the rules now say stop"),
        (
            {"verdict": "fell_short", "expected_effect_sd": 0.2},
            "less is found than was expected, +0.20 SD expected, +0.08 (0.02 to 0.14) found",
        ),
    ],
)
def test_what_must_not_be_missed_of_a_decision(changed: dict[str, object], said: str) -> None:
    assert _noted(review(**changed)) == (
        f"Coaching (decided in 2023–24: scale, owner: chief academic officer): {said}.",
    )


def test_hours_and_money_in_what_should_end() -> None:
    rows = (
        recommendation(hours=900.0),
        recommendation(pd_type="conference", action="stop", hours=75.0, total_cost=4_000.0),
        recommendation(pd_type="online_course", action="pause", hours=25.0, total_cost=1_000.0),
    )
    assert _noted(rows=rows) == (
        "100 hours of 2024–25 (10% of all hours), at a cost of 5,000, went to what the rules say to stop or"
        " pause: conferences and online courses.",
    )
    without_cost = (rows[0], recommendation(pd_type="conference", action="stop", hours=100.0))
    assert _noted(rows=without_cost)[0].startswith("100 hours of 2024–25 (10% of all hours)")


def test_a_rule_that_can_never_apply_stands_out() -> None:
    found = stands_out(Decisions((), (), (), (rule(warning='rule "x" can never apply'),)), 2025)
    assert found == ('The table of rules: rule "x" can never apply.',)


def test_the_ledger_counts_what_can_be_told() -> None:
    rows = (review(), review(acted_on="no"), review(acted_on="too_early", due="due"))
    assert ledger_title(rows) == (
        "Of 3 decisions, 1 of 2 can be seen to have been acted on; 1 review is waiting"
    )
    assert ledger_title((review(acted_on="too_early"),)) == (
        "Of 1 decision, none can be judged yet; no review is waiting"
    )


def test_a_question_says_what_its_answer_is_worth_and_how_to_get_it() -> None:
    assert question_words(question()) == (
        "Conferences: is growth with it more than 0.020 SD higher, so that it is worth giving to the 1,234"
        " students whose teachers did not take part? The chance is now 41 in 100. Knowing would be worth as"
        " much growth as 12.3 students gaining one SD. To find out: draw next year's places by lot; 60 of 400"
        " teachers taking part would show a difference of 0.080 SD."
    )
    money = question_words(question(unit="currency units", value_of_information=12_345.6))
    assert "Knowing would be worth 12,346 in the study's currency." in money


def test_what_is_not_known_of_any_type_is_said_once() -> None:
    rows = (recommendation(), recommendation(not_known="cost per student: not known (no cost); a: not known"))
    common = common_unknowns(rows)
    assert common == ("cost per student: not known (no cost)",)
    assert own_unknowns(rows[0], common) == ""
    assert own_unknowns(rows[1], common) == "Not known of it: a: not known."
    assert common_unknowns((recommendation(), recommendation(not_known=None))) == ()
    assert common_unknowns(()) == ()


# --- the page


def _build() -> duckdb.DuckDBPyConnection:
    connection = empty_build()
    insert(
        connection,
        "report.recommendation",
        [
            RECOMMENDATION,
            {**RECOMMENDATION, "pd_type": "conference", "action": "stop", "probability_positive": 0.4},
            {
                **RECOMMENDATION,
                "pd_type": "online_course",
                "action": "study",
                "expected_effect_sd": None,
                "ci_low": None,
                "ci_high": None,
                "probability_positive": None,
                "design": None,
                "reach_share": None,
                "evidence": "no estimate: 4 schools",
            },
        ],
    )
    insert(connection, "report.decision_review", [REVIEW, {**REVIEW, "decision_id": "D2", "due": "overdue"}])
    insert(connection, "report.next_question", [QUESTION])
    insert(connection, "report.recommendation_rule", [RULE])
    return connection


def _page(connection: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    return render_report(connection, folder, BUILD_ID).with_name("decisions.html")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _page(_build(), tmp_path_factory.mktemp("decisions"))


def test_the_page_says_what_to_do_why_and_how_sure(page: Path) -> None:
    said = text(page)
    assert "do more of coaching; find out more about online courses; end conferences." in said
    assert "Growth is very likely higher with it." in said
    assert "Very likely that growth is higher (97 in 100)" in said
    assert "Not known of any kind of PD here: cost per student: not known (no cost)." in said


def test_the_page_prints_the_rules_in_use(page: Path) -> None:
    said = text(page)
    assert "The rules are the default ones." in said
    assert "Probability that growth is higher with it at least 95 in 100" in said
    assert "after stop or pause, hours are down by 50% or more" in said


def test_every_picture_is_drawn_twice_with_words_and_numbers(page: Path) -> None:
    pictures = [element for element in elements(page) if element.name == "svg"]
    assert len(pictures) == 4
    assert len([element for element in elements(page) if element.name == "figure"]) == 2
    assert "The numbers: What the rules ask of each kind of PD" in text(page)


def test_each_indicator_stands_open_in_its_latest_year_and_folded_in_all(tmp_path: Path) -> None:
    connection = _build()
    base = {
        "idea": "loop",
        "indicator": "decisions_reviewed",
        "label": "Decisions reviewed when due",
        "unit": "share",
        "category": "all",
        "status": "concern",
        "denominator": 4,
        "is_suppressed": False,
    }
    years = [{**base, "school_year": 2024, "value": 0.75}, {**base, "school_year": 2025, "value": 0.25}]
    hidden = {**base, "school_year": 2025, "school_id": "S1", "value": 0.99}
    insert(connection, "report.indicator", [*years, hidden])
    said = text(_page(connection, tmp_path))
    opened, folded = said.split("The numbers: All school years")
    assert "2024–25 25% 4 n/a concern" in opened
    assert "75%" not in opened
    assert "2023–24 75% 4" in folded
    assert "99%" not in said
    assert "Shares of decisions: strength at 90% or more, concern below 50%, else typical." in said


def test_a_type_without_an_estimate_is_named_as_missing(page: Path) -> None:
    assert "Difference in growth: no estimate for online courses" in text(page)


def test_a_study_with_nothing_has_a_page_that_says_so(tmp_path: Path) -> None:
    said = text(_page(empty_build(), tmp_path))
    assert "There is no kind of professional development (PD) to recommend anything on." in said
    assert "Plan, Do, Study, Act" not in said.split("Sources")[0]


def test_hostile_text_is_shown_as_text(tmp_path: Path) -> None:
    connection = _build()
    attack = "<script>alert(1)</script>"
    connection.execute("update report.decision_review set owner_role = ?", [attack])
    connection.execute("update report.recommendation_rule set rule = ?, sentence = ?", [attack, attack])
    connection.execute("update report.recommendation set pd_type = ? where action = 'stop'", [attack])
    page = _page(connection, tmp_path)
    assert attack not in page.read_text(encoding="utf-8").lower()
    assert attack in text(page)
