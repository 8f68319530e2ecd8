"""Guskey's chain and open answers of a made-up district: what the page shows, before it is shown."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from tests.unit.reporting.made_up_build import insert

LEVELS = ("reaction", "learning", "organization_support", "use_reported", "use_observed")
_CHANGED = ("use_observed", "student_outcomes")


def add_link(connection: duckdb.DuckDBPyConnection, pd_type: str, level: str, **more: object) -> None:
    """Add one link; what is not named holds: answers of .70, changes of +.08."""
    value = 0.08 if level in _CHANGED else 0.7
    usual: dict[str, object] = {
        "pd_type": pd_type, "level": level, "academic_subject": "all", "value": value, "unit": "u",
        "ci_low": value - 0.04, "ci_high": value + 0.04, "n_persons": 120, "n_surveys": 9,
        "criterion": f"the rule of {level}", "holds": "yes", "is_suppressed": False,
    }  # fmt: skip
    insert(connection, "report.guskey_chain", [{**usual, **more}])


def add_chain(
    connection: duckdb.DuckDBPyConnection,
    pd_type: str,
    broken: Mapping[str, object],
    **changed: Mapping[str, object],
) -> None:
    """Add all links of a type that hold but for ``changed`` by level, and where its chain breaks."""
    for level in LEVELS:
        add_link(connection, pd_type, level, **changed.get(level, {}))
    for subject in ("ela", "mathematics"):
        usual = {"academic_subject": subject, "basis": "event_study, participated"}
        add_link(connection, pd_type, "student_outcomes", **{**usual, **changed.get("student_outcomes", {})})
    insert(connection, "estimates.guskey_break", [{"pd_type": pd_type, **broken}])


def add_observation(
    connection: duckdb.DuckDBPyConnection, pd_type: str, difference: float | None, p: float
) -> None:
    """Add a row of observed ratings; None: hidden."""
    row: dict[str, object] = {
        "pd_type": pd_type,
        "unit": "share of the rating scale",
        "is_suppressed": difference is None,
    }
    if difference is not None:
        row |= {
            "participants_before": 0.5, "participants_after": 0.52 + difference, "comparison_before": 0.5,
            "comparison_after": 0.52, "difference": difference, "ci_low": difference - 0.03,
            "ci_high": difference + 0.03, "p_value_bh": p, "n_participants": 64, "n_comparison": 210,
        }  # fmt: skip
    insert(connection, "report.guskey_observation", [row])


def add_theme(connection: duckdb.DuckDBPyConnection, number: int, n: int | None, **more: object) -> None:
    """Add one theme of one question, all years and types; None: hidden."""
    row: dict[str, object] = {
        "wording": "What would help?", "pd_type": "all", "theme_number": number,
        "top_words": f"word{number}, other" if number else None, "n_answers": n, "n_respondents": n,
        "share": None if n is None else n / 100, "is_suppressed": n is None,
    }  # fmt: skip
    insert(connection, "report.survey_theme", [{**row, **more}])
