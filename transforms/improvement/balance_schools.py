"""Where each school stands: facts from the database, judged by the rules of balance."""

from __future__ import annotations

from dataclasses import asdict

import duckdb

from sql import render_sql
from transforms.improvement.balance_rules import RULES, SchoolFacts, Verdict, judged, sources_disagree
from transforms.improvement.indicators import loaded_entities

Record = dict[str, object]
_PARAMETERS = asdict(RULES)
_CLIMATE_ENTITIES = ("survey", "survey_item", "survey_response", "survey_answer")


def need_fit(connection: duckdb.DuckDBPyConnection) -> list[Record]:
    """Rows of estimates.school_need_fit."""
    return query_records(connection, render_sql("balance/school_need_fit.sql"))


def school_balances(connection: duckdb.DuckDBPyConnection) -> list[Record]:
    """Rows of estimates.school_balance: the facts of each school and year, judged by the rules."""
    facts = school_facts(connection)
    absent = absent_evidence(connection)
    return [_balance(school, judged(school, absent)) for school in facts]


def _balance(school: SchoolFacts, verdict: Verdict) -> Record:
    fields = asdict(school)
    return {name: fields[name] for name in _FACTS_PUBLISHED} | {
        "alignment_cut": verdict.alignment_cut,
        "differentiation_cut": verdict.differentiation_cut,
        "margin": verdict.margin,
        "quadrant": verdict.quadrant,
        "is_worth_a_visit": verdict.is_worth_a_visit,
        "reasons": _texts(verdict, True),
        "reasons_against": _texts(verdict, False),
        "not_judged": _texts(verdict, None),
        "is_to_look_at_first": bool(verdict.look_at_first),
        "look_at_first_reasons": "; ".join(verdict.look_at_first) or None,
        "source_disagreement": sources_disagree(school),
    }


def _texts(verdict: Verdict, is_met: bool | None) -> str | None:
    return "; ".join(one.text for one in verdict.criteria if one.is_met is is_met) or None


_FACTS_PUBLISHED = (
    "school_id",
    "school_year",
    "school_level",
    "n_staff",
    "n_teachers",
    "n_activities",
    "hours",
    "alignment",
    "differentiation",
    "coherence",
    "own_priority_share",
    "other_school_share",
    "hours_per_teacher",
    "hours_top_quarter",
    "mean_need",
    "mean_fit",
    "mean_gap",
    "n_ratings",
    "sources",
    "coherence_median",
    "n_peers",
    "climate",
    "n_responses",
    "growth_below",
)


def school_facts(connection: duckdb.DuckDBPyConnection) -> list[SchoolFacts]:
    """What is known of every school with teachers in every year with attendance on file."""
    for name in ("school_hours", "school_gap", "school_climate", "school_growth"):
        make_temp_table(connection, name, name)
    rows = query_records(connection, render_sql("balance/school_facts.sql"))
    return [SchoolFacts(**row) for row in rows]  # type: ignore[arg-type]


def absent_evidence(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Which of ratings, survey and growth have no source in this build; school_facts goes before."""
    loaded = loaded_entities(connection)
    has_climate, has_growth = connection.execute(
        "select exists (from temp.school_climate), exists (from temp.school_growth)"
    ).fetchall()[0]
    present = {
        "ratings": "school_priority_rating" in loaded,
        "survey": loaded.issuperset(_CLIMATE_ENTITIES) and has_climate,
        "growth": has_growth,
    }
    return frozenset(name for name, is_present in present.items() if not is_present)


def make_temp_table(connection: duckdb.DuckDBPyConnection, table: str, file: str) -> None:
    """Make a temporary table from ``sql/balance/<file>.sql``."""
    text = render_sql(f"balance/{file}.sql")
    connection.execute(f"create or replace temp table {table} as {text}", _bound(text))


def query_records(connection: duckdb.DuckDBPyConnection, text: str) -> list[Record]:
    """Rows of a query, each a value by column; thresholds that it names are bound."""
    cursor = connection.execute(text, _bound(text))
    columns = [column[0] for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _bound(text: str) -> dict[str, object]:
    return {name: value for name, value in _PARAMETERS.items() if f"${name}" in text}
