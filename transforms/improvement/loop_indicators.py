"""Indicators of the loop: are decisions reviewed, acted on, made with an expectation; where do hours go?"""

from __future__ import annotations

import duckdb

from transforms.improvement.decision_review import ACTED_ON_RULE
from transforms.improvement.indicators import (
    Indicator,
    fill_indicators,
    insert_indicator_rows,
    missing_sources,
)
from transforms.improvement.settings import ImprovementSettings

HIGH, LOW = 0.9, 0.5
SHARE_RULE = f"strength at {HIGH:.0%} or more, concern below {LOW:.0%}, else typical"

INDICATORS = (
    Indicator(
        "loop",
        "decisions_reviewed",
        "Decisions reviewed when due",
        "Share of the decisions whose review was due in the year that have been studied or acted on by now;"
        " when they were is not recorded.",
        "share",
        "better",
        ("decision",),
        SHARE_RULE,
    ),
    Indicator(
        "loop",
        "decisions_acted_on",
        "Decisions acted on",
        f"Share of the year's decisions that were acted on, where it can be told. {ACTED_ON_RULE}",
        "share",
        "better",
        ("decision", "pd_participation"),
        SHARE_RULE,
    ),
    Indicator(
        "loop",
        "decisions_with_expectation",
        "Decisions with a stated expectation",
        "Share of the year's decisions that say which difference in growth is expected.",
        "share",
        "better",
        ("decision",),
        SHARE_RULE,
    ),
)
SPENDING = Indicator(
    "loop",
    "spending_with_evidence",
    "Spending on PD with evidence",
    "Share of the cost of the report year in types that reached an evidence tier 1, 2 or 3 in the design that"
    " answers for them, by what is known now.",
    "share",
    "better",
    ("pd_cost",),
    is_sql=False,
)


def fill_loop_indicators(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill the indicators; estimates.recommendation and decision_review have to be there."""
    limits = {"share_high": HIGH, "share_low": LOW}
    fill_indicators(connection, (*INDICATORS, SPENDING), settings, limits)
    reason = missing_sources(connection, SPENDING.sources)
    insert_indicator_rows(
        connection, SPENDING, settings, [] if reason else _spending(connection, settings), reason
    )


def _spending(
    connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings
) -> list[dict[str, object]]:
    """The district's row, where a cost of any type is known."""
    rows = connection.execute(
        """select
            sum(cost.total_cost) filter (where recommendation.evidence_tier <= 3),
            sum(cost.total_cost)
        from estimates.cost as cost
        inner join estimates.recommendation as recommendation using (pd_type)
        where cost.period = 'report_year' and cost.total_cost is not null"""
    ).fetchall()
    with_evidence, total = rows[0]
    if not total:
        return []
    share = (with_evidence or 0.0) / total
    return [
        {
            "school_year": settings.report_year,
            "value": share,
            "numerator": with_evidence or 0.0,
            "denominator": total,
        }
    ]
