"""Balance between a district-wide system and school-based learning: the tables, in order."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import duckdb

from expectations.outputs import OUTPUTS
from transforms.improvement.balance_indicators import BY_NAME, INDICATORS, set_statuses
from transforms.improvement.balance_schools import (
    Record,
    make_temp_table,
    need_fit,
    school_balances,
)
from transforms.improvement.hours_and_need import RankCorrelation, pooled, rank_correlation
from transforms.improvement.indicators import (
    fill_indicators,
    insert_indicator_rows,
    missing_sources,
)
from transforms.improvement.rating_sources import Rating, source_difference
from transforms.improvement.reported_scores import reported_scores
from transforms.improvement.settings import ImprovementSettings
from transforms.warehouse import insert_records

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
    _fill_reported_coherence(connection, settings)
    make_temp_table(connection, "balance_comparison", "comparison")
    connection.execute(_SET_COMPARISONS)
    set_statuses(connection)
    insert_records(connection, OUTPUTS["estimates.school_balance"], school_balances(connection))


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


def _fill_reported_coherence(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """As the indicators of SQL, but with a reason of its own: a survey may ask about everything else."""
    indicator = BY_NAME["coherence_reported"]
    reason = missing_sources(connection, indicator.sources)
    records = [] if reason else reported_scores(connection, "construct", "coherence")
    insert_indicator_rows(
        connection, indicator, settings, records, reason or "not available: no survey item on coherence"
    )
