"""What the pages of kinds of PD show beside estimates: profiles, spread, groups, chain, cost, decisions."""

from __future__ import annotations

import duckdb

from tests.unit.reporting.made_up_build import insert
from tests.unit.reporting.made_up_chain import add_chain, add_theme
from tests.unit.reporting.made_up_costs import cost, ingredients, ratio
from tests.unit.reporting.made_up_district import district_build
from tests.unit.reporting.made_up_evidence import add_evidence

RECOMMENDATION: dict[str, object] = {
    "pd_type": "coaching", "action": "scale", "rule": "sure, and room to grow", "rule_number": 11,
    "expected_effect_sd": 0.08, "ci_low": 0.02, "ci_high": 0.14, "effect_threshold_sd": 0.02,
    "probability_positive": 0.97, "probability_above_threshold": 0.85, "design": "event_study",
    "hours": 100.0, "reach_share": 0.26, "equity_ratio": 0.6, "equity_ratio_low": 0.4,
    "equity_ratio_high": 0.9, "less_reached_group": "novice",
    "reasons": "Growth is very likely higher with it.", "evidence": "matched: ela +0.080 SD",
}  # fmt: skip
_REVIEW: dict[str, object] = {
    "decision_id": "D1", "school_year": 2024, "pd_type": "coaching", "action": "sustain",
    "owner_role": "chief academic officer", "review_year": 2024, "stage": "Do", "due": "overdue",
    "expected_effect_sd": 0.10, "found_effect_sd": 0.08, "found_ci_low": 0.02, "found_ci_high": 0.14,
    "verdict": "met", "verdict_reason": "the interval holds it", "acted_on": "yes",
    "acted_on_reason": "hours went from 100 to 150 (+50%)", "recommended_action": "scale", "agrees": False,
    "is_latest": True,
}  # fmt: skip
_QUESTION: dict[str, object] = {
    "rank": 1, "pd_type": "coaching", "question": "?", "value_of_information": 12.34,
    "unit": "SD × students", "n_students": 1_234, "break_even_sd": 0.02, "probability_worth_it": 0.41,
    "best_design": "draw next year's places by lot", "effect_to_find_sd": 0.08, "teachers_needed": 60,
    "n_teachers": 400,
}  # fmt: skip
_RULE: dict[str, object] = {
    "rule_number": 11, "rule": "sure, and room to grow", "action": "scale", "conditions": "c",
    "condition_words": "c", "sentence": "s", "is_default": True,
}  # fmt: skip


def kinds_build() -> duckdb.DuckDBPyConnection:
    """Coaching with all that a page can show; single workshops hidden; conferences without an estimate."""
    connection = district_build(["Alder Creek", "Birch Hill"])
    add_evidence(connection)
    insert(connection, "estimates.effect", [_refused("conference", "2 teachers with hours, fewer than 10")])
    add_profiles(connection)
    _adoption(connection)
    _groups(connection)
    add_chain(connection, "coaching", {"level": None, "outcome": "yes", "n_levels_held": 6})
    add_theme(connection, 1, 12, pd_type="coaching", quote="More of this.")
    add_theme(connection, 2, None, pd_type="coaching", quote="Hidden words.")
    insert(connection, "report.cost", [cost("coaching", 30_000.0), cost("all", 30_000.0)])
    insert(connection, "report.cost_effectiveness", [ratio(0.08, 0.02, 15.0)])
    insert(connection, "report.cost_ingredient", ingredients("coaching", {("Time", "teacher_time"): 1.0}))
    insert(connection, "report.recommendation", [RECOMMENDATION])
    insert(connection, "report.decision_review", [_REVIEW])
    insert(connection, "report.next_question", [_QUESTION])
    insert(connection, "report.recommendation_rule", [_RULE])
    return connection


def _refused(pd_type: str, reason: str) -> dict[str, object]:
    key = {"design": "event_study", "subgroup": "all", "contrast": "participated", "is_primary": False}
    about = {"pd_type": pd_type, "academic_subject": "mathematics", "note": f"refused: {reason}"}
    return {"effect_id": f"no-{pd_type}", "build_id": "b", **key, **about}


def add_profiles(connection: duckdb.DuckDBPyConnection) -> None:
    """Coaching in two years, the first with a part of few people; single workshops hidden."""
    known = {
        "n_activities": 5,
        "n_people": 182,
        "hours": 2496.0,
        "planned_hours": 16.0,
        "mandatory_share": 0.0,
    }
    shares = {"district_share": 0.6, "school_share": 0.4, "teacher_share": 0.0}
    coaching = {"pd_type": "coaching", "is_connected": True, "is_suppressed": False, **known}
    workshop = {"pd_type": "workshop_single", "school_year": 2025, "is_suppressed": True}
    insert(
        connection,
        "report.pd_type_profile",
        [
            {**coaching, "school_year": 2024, "has_small_part": True},
            {**coaching, "school_year": 2025, "has_small_part": False, **shares},
            {**workshop, "has_small_part": False},
        ],
    )


def _adoption(connection: duckdb.DuckDBPyConnection) -> None:
    for year, n in ((2024, 1), (2025, 2)):
        row = {"pd_type": "coaching", "school_year": year, "n_schools": 2, "n_adopted": n, "share": n / 2}
        insert(connection, "report.adoption", [{**row, "n_new": 1, "n_practising": 1}])


def _groups(connection: duckdb.DuckDBPyConnection) -> None:
    key = {"design": "event_study", "pd_type": "coaching", "academic_subject": "ela"}
    found = {"contrast": "participated", "n_subgroups": 2, "std_error": 0.05, "df_denominator": 20.0}
    insert(
        connection,
        "estimates.subgroup_difference",
        [
            {**key, **found, "dimension": "is_novice", "largest_subgroup": "is_novice=false",
             "smallest_subgroup": "is_novice=true", "difference_sd": 0.04, "p_value": 0.4, "p_value_bh": 0.6},
            {**key, **found, "dimension": "is_swd", "largest_subgroup": "is_swd=true",
             "smallest_subgroup": "is_swd=false", "difference_sd": 0.2, "p_value": 0.001, "p_value_bh": 0.01},
        ],
    )  # fmt: skip
