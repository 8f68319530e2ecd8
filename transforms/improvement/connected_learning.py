"""Connected professional learning: indicators, and self-assessments beside the records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import duckdb

from expectations.outputs import OUTPUTS
from sql import render_sql
from transforms.improvement.connected_indicators import fill_connected_indicators
from transforms.improvement.indicators import missing_sources
from transforms.improvement.next_steps import RatedPractice, SchoolFacts, chosen_steps
from transforms.improvement.observables import OBSERVABLES
from transforms.improvement.self_assessment import (
    Observed,
    Rating,
    Record,
    check_records,
    named,
    result_records,
)
from transforms.improvement.settings import MINIMUM_STAFF, ImprovementSettings
from transforms.selfassessment.instrument import practice_called
from transforms.warehouse import insert_records

# Of the idea "standard", whose turn comes later; its file is the one definition.
_SURVEYED = "hours_surveyed"
_CONCERNS = {
    "one_off_hours_share": "{value:.0%} of the school's PD hours went into one-off events",
    "feedback_in_time": "{value:.0%} of observations had feedback in time",
}


def compute_connected_learning(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill the indicators of connected professional learning, self-assessment results, checks and steps."""
    fill_connected_indicators(connection, settings)
    ratings = named(_ratings(connection))
    results = result_records(ratings)
    checks = check_records(ratings, _observed(connection))
    insert_records(connection, OUTPUTS["estimates.self_assessment_result"], results)
    insert_records(connection, OUTPUTS["estimates.self_assessment_check"], checks)
    facts = _facts(connection, settings.report_year, results, checks)
    insert_records(connection, OUTPUTS["estimates.next_step"], chosen_steps(facts, settings.report_year))


def _ratings(connection: duckdb.DuckDBPyConnection) -> list[Rating]:
    rows = connection.execute(render_sql("improvement/self_assessment_rating.sql")).fetchall()
    return [Rating(*row) for row in rows]


def _observed(connection: duckdb.DuckDBPyConnection) -> list[Observed]:
    """What is on record by school and year, for each indicator that a rating is held against."""
    names = sorted({observable.indicator for observable in OBSERVABLES} - {_SURVEYED})
    is_surveyed = not missing_sources(connection, ("pd_participation", "survey"))
    surveyed = render_sql(f"indicators/{_SURVEYED}.sql")
    connection.execute(
        f"create or replace temp view hours_surveyed as {surveyed}"
        if is_surveyed
        else "create or replace temp view hours_surveyed as select null::varchar as school_id,"
        " null::smallint as school_year, null::double as value, null::bigint as n_persons where false"
    )
    query = render_sql("improvement/observed_indicator.sql")
    return [Observed(*row) for row in connection.execute(query, {"indicators": names}).fetchall()]


def _facts(
    connection: duckdb.DuckDBPyConnection, year: int, results: Sequence[Record], checks: Sequence[Record]
) -> list[SchoolFacts]:
    """What the rules of next steps read, of every school with teachers or ratings in the year."""
    of_school: dict[str, list[RatedPractice]] = defaultdict(list)
    by_practice: dict[tuple[object, object], list[Record]] = defaultdict(list)
    for check in checks:
        if check["school_year"] == year:
            by_practice[check["school_id"], check["practice"]].append(check)
    for result in results:
        practice = practice_called(str(result["practice"]))
        if result["school_year"] == year and practice:
            own = by_practice[result["school_id"], result["practice"]]
            of_school[str(result["school_id"])].append(_rated(practice.id, result, own))
    concerns = _concerns(connection, year)
    rows = connection.execute(
        "select distinct school_id from frames.staff_year"
        " where is_teacher and school_id is not null and school_year = $year",
        {"year": year},
    ).fetchall()
    schools = sorted({school for (school,) in rows} | of_school.keys())
    is_year_rated = bool(of_school)
    return [
        SchoolFacts(school, tuple(of_school.get(school, ())), concerns.get(school, {}), is_year_rated)
        for school in schools
    ]


def _rated(practice: str, result: Record, checks: Sequence[Record]) -> RatedPractice:
    numbers = {
        name: None if result[name] is None else float(str(result[name]))
        for name in ("change", "rating_before", "difference", "peer_median")
    }
    return RatedPractice(
        practice,
        float(str(result["rating"])),
        verdicts=tuple(str(check["verdict"]) for check in checks),
        is_little=any(bool(check["is_little"]) for check in checks),
        notes=tuple(str(check["note"]) for check in checks if check["verdict"] != "not_comparable"),
        **numbers,
    )


def _concerns(connection: duckdb.DuckDBPyConnection, year: int) -> Mapping[str, Mapping[str, str]]:
    rows = connection.execute(
        "select school_id, indicator, value from estimates.indicator where status = 'concern'"
        " and school_id is not null and school_year = $year and category = 'all'"
        " and list_contains($indicators::varchar[], indicator) and coalesce(n_persons >= $minimum, true)",
        {"year": year, "indicators": list(_CONCERNS), "minimum": MINIMUM_STAFF},
    ).fetchall()
    concerns: dict[str, dict[str, str]] = defaultdict(dict)
    for school, indicator, value in rows:
        concerns[school][indicator] = _CONCERNS[indicator].format(value=value)
    return concerns
