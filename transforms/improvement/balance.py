"""Balance between a district-wide system and school-based learning: the tables, in order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from itertools import combinations

import duckdb

from expectations.outputs import OUTPUTS
from sql import render_sql
from transforms.improvement.balance_indicators import BY_NAME, INDICATORS, set_statuses
from transforms.improvement.balance_rules import RULES, SchoolFacts, judged, sources_disagree
from transforms.improvement.hours_and_need import RankCorrelation, pooled, rank_correlation
from transforms.improvement.indicators import (
    fill_indicators,
    insert_indicator_rows,
    loaded_entities,
    missing_sources,
)
from transforms.improvement.rating_sources import Rating, source_difference
from transforms.improvement.settings import ImprovementSettings
from transforms.warehouse import insert_records

Record = dict[str, object]
_PARAMETERS = asdict(RULES)
_CLIMATE_ENTITIES = ("survey", "survey_item", "survey_response", "survey_answer")
_SOURCES_OF_RATINGS = ("visit", "survey", "plan")

_SET_COMPARISONS = """
update estimates.indicator as indicators set comparison_value = comparisons.comparison_value
from balance_comparison as comparisons
where indicators.indicator = comparisons.indicator
    and indicators.school_id is not distinct from comparisons.school_id
    and indicators.school_year = comparisons.school_year and indicators.category = comparisons.category
"""
_CONFLICTS = """
select rules.category,
    count(distinct (rows.source_file, rows.source_line)) filter (where rows.source_file is not null) as value
from (select unnest(['disagreement', 'conflicting_key']) as category) as rules
left join quarantine.rejected_row as rows
    on rows.rule = rules.category and rows.entity = 'school_priority_rating'
group by rules.category
"""


def compute_balance(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill the indicators of idea ``balance``, estimates.school_need_fit and estimates.school_balance.

    Reads core, frames, estimates.school_growth, meta and quarantine.
    """
    fill_indicators(connection, INDICATORS, settings)
    insert_records(connection, OUTPUTS["estimates.school_need_fit"], need_fit(connection))
    _fill_hours_meet_need(connection, settings)
    _fill_source_differences(connection, settings)
    _fill_conflicts(connection, settings)
    _make_temp_table(connection, "balance_comparison", "comparison")
    connection.execute(_SET_COMPARISONS)
    set_statuses(connection)
    insert_records(connection, OUTPUTS["estimates.school_balance"], school_balances(connection))


def need_fit(connection: duckdb.DuckDBPyConnection) -> list[Record]:
    """Rows of estimates.school_need_fit."""
    return _records(connection, render_sql("balance/school_need_fit.sql"), "school_need_fit")


def school_balances(connection: duckdb.DuckDBPyConnection) -> list[Record]:
    """Rows of estimates.school_balance: the facts of each school and year, judged by the rules."""
    facts = school_facts(connection)
    absent = absent_evidence(connection)
    balances = []
    for school in facts:
        verdict = judged(school, absent)
        met = [criterion.text for criterion in verdict.criteria if criterion.is_met]
        unmet = [criterion.text for criterion in verdict.criteria if criterion.is_met is False]
        unknown = [criterion.text for criterion in verdict.criteria if criterion.is_met is None]
        fields = asdict(school)
        balances.append(
            {name: fields[name] for name in _FACTS_PUBLISHED}
            | {
                "alignment_cut": verdict.alignment_cut,
                "differentiation_cut": verdict.differentiation_cut,
                "margin": verdict.margin,
                "quadrant": verdict.quadrant,
                "is_worth_a_visit": verdict.is_worth_a_visit,
                "reasons": "; ".join(met) or None,
                "reasons_against": "; ".join(unmet) or None,
                "not_judged": "; ".join(unknown) or None,
                "is_to_look_at_first": bool(verdict.look_at_first),
                "look_at_first_reasons": "; ".join(verdict.look_at_first) or None,
                "source_disagreement": sources_disagree(school),
            }
        )
    return balances


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
        _make_temp_table(connection, name, name)
    rows = _records(connection, render_sql("balance/school_facts.sql"), "school_facts")
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


def _fill_hours_meet_need(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    indicator = BY_NAME["hours_meet_need"]
    reason = missing_sources(connection, indicator.sources)
    rows = connection.execute(
        "select school_year, priority_id, need, hours_per_teacher from estimates.school_need_fit"
        " where hours_per_teacher is not null order by school_year, priority_id, school_id"
    ).fetchall()
    pairs: dict[tuple[int, str], list[tuple[float, float]]] = defaultdict(list)
    for year, priority, need, hours in rows:
        pairs[year, priority].append((need, hours))
    by_year: dict[int, dict[str, RankCorrelation]] = defaultdict(dict)
    for (year, priority), of_schools in pairs.items():
        # what one school set for itself has no other school to be compared with
        if len(of_schools) > 1:
            by_year[year][priority] = rank_correlation(*zip(*of_schools, strict=True))
    records: list[Record] = []
    for year, found in by_year.items():
        for category, one in {**found, "all": pooled(list(found.values()))}.items():
            records.append(_correlation_record(year, category, one))
    insert_indicator_rows(connection, indicator, settings, records, reason)


def _correlation_record(year: int, category: str, one: RankCorrelation) -> Record:
    return {
        "school_year": year,
        "category": category,
        "value": one.rho,
        "denominator": float(one.n_schools),
        "ci_low": one.ci_low,
        "ci_high": one.ci_high,
        "status": "described" if one.note is None else "not_available",
        "note": None if one.note is None else f"not computed: {one.note}",
    }


def _fill_source_differences(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    indicator = BY_NAME["rating_source_difference"]
    reason = missing_sources(connection, indicator.sources)
    rows = connection.execute(
        "select school_year, school_id, priority_id, source, need - fit from core.school_priority_rating"
        " where source is not null order by all"
    ).fetchall()
    by_year: dict[int, list[Rating]] = defaultdict(list)
    for year, *rating in rows:
        by_year[year].append(Rating(*rating))
    records: list[Record] = []
    for year, ratings in by_year.items():
        present = [source for source in _SOURCES_OF_RATINGS if any(r.source == source for r in ratings)]
        for first, second in combinations(present, 2):
            found = source_difference(ratings, first, second)
            records.append(
                {
                    "school_year": year,
                    "category": f"{first}_less_{second}",
                    "value": found.difference,
                    "denominator": float(found.n_schools),
                    "ci_low": found.ci_low,
                    "ci_high": found.ci_high,
                    "status": "described" if found.note is None else "not_available",
                    "note": None if found.note is None else f"not computed: {found.note}",
                }
            )
    insert_indicator_rows(connection, indicator, settings, records, reason or _one_source(rows))


def _one_source(rows: list[tuple]) -> str:
    if not rows:
        return ""
    return "not computed: all ratings of a year come from one source"


def _fill_conflicts(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    indicator = BY_NAME["rating_conflicts"]
    reason = missing_sources(connection, indicator.sources)
    records: list[Record] = []
    if not reason:
        found = connection.execute(_CONFLICTS).fetchall()
        records = [
            {"school_year": settings.report_year, "category": rule, "value": float(n)} for rule, n in found
        ]
    insert_indicator_rows(connection, indicator, settings, records, reason)


def _make_temp_table(connection: duckdb.DuckDBPyConnection, table: str, file: str) -> None:
    text = render_sql(f"balance/{file}.sql")
    connection.execute(f"create or replace temp table {table} as {text}", _bound(text))


def _records(connection: duckdb.DuckDBPyConnection, text: str, name: str) -> list[Record]:
    cursor = connection.execute(text, _bound(text))
    columns = [column[0] for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _bound(text: str) -> dict[str, object]:
    return {name: value for name, value in _PARAMETERS.items() if f"${name}" in text}
