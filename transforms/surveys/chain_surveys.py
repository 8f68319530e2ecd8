"""What participants said: reaction, learning, organization support and reported use, as rows of the chain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb

from sql import render_sql
from transforms.designs.number import number
from transforms.improvement.indicators import missing_sources
from transforms.surveys.chain_rules import SURVEY_LEVELS, ChainRules, Figure, judge_share

SHARE_OF_SCALE = "share of the answer scale"
ABOUT_TYPE = "surveys about the type"
CLIMATE = "climate surveys of the schools of teachers who took part"
_SOURCES = ("survey", "survey_item", "survey_response", "survey_answer")
_LEVEL_OF_SCALE = {"use": "use_reported"}

# PD type, school year (none: all) and level
Key = tuple[str, int | None, str]


@dataclass(frozen=True)
class Mean:
    """A mean of survey answers with its clustered standard error (none: one cluster)."""

    value: float
    std_error: float | None
    n_clusters: int
    n_persons: int
    n_surveys: int
    basis: str


def survey_records(
    connection: duckdb.DuckDBPyConnection, pd_types: tuple[str, ...], rules: ChainRules
) -> Iterator[dict[str, object]]:
    """Rows of the four levels that surveys tell: each type over all years, and each year with answers."""
    means = {**_means(connection, "climate_support", CLIMATE, rules), **_about_types(connection, rules)}
    reason = missing_sources(connection, _SOURCES)
    keys = {(pd_type, None, level) for pd_type in pd_types for level in SURVEY_LEVELS} | set(means)
    for key in sorted(keys, key=lambda key: (key[0], key[1] or 0, SURVEY_LEVELS.index(key[2]))):
        yield _record(key, means.get(key), reason, rules)


def _about_types(connection: duckdb.DuckDBPyConnection, rules: ChainRules) -> dict[Key, Mean]:
    found = _means(connection, "level_score", ABOUT_TYPE, rules)
    return {key: mean for key, mean in found.items() if key[2] in SURVEY_LEVELS}


def _means(
    connection: duckdb.DuckDBPyConnection, name: str, basis: str, rules: ChainRules
) -> dict[Key, Mean]:
    sql = render_sql(f"surveys/{name}.sql")
    bound: Mapping[str, object] = {"least_persons": rules.least_persons} if "$least_persons" in sql else {}
    rows = connection.execute(sql, bound).fetchall() if bound else connection.execute(sql).fetchall()
    return {
        (pd_type, year, _LEVEL_OF_SCALE.get(level, level)): Mean(
            value, std_error, n_clusters, n_persons, n_surveys, basis
        )
        for pd_type, year, level, value, std_error, n_clusters, n_persons, n_surveys in rows
    }


def _record(key: Key, mean: Mean | None, missing: str, rules: ChainRules) -> dict[str, object]:
    pd_type, school_year, level = key
    record: dict[str, object] = {
        "pd_type": pd_type,
        "school_year": school_year,
        "level": level,
        "academic_subject": "all",
        "unit": SHARE_OF_SCALE,
        "criterion": rules.survey_criterion,
    }
    if mean is None:
        return {**record, "holds": "not shown", "note": missing or _nothing_asked(level)}
    found = number(mean.value, mean.std_error or 0.0, mean.n_clusters - 1)
    figure = Figure(mean.value, None, None)
    if found is not None:
        figure = Figure(mean.value, max(0.0, found.ci_low), min(1.0, found.ci_high))
    return {
        **record,
        "basis": mean.basis,
        "value": mean.value,
        "std_error": mean.std_error,
        "ci_low": figure.ci_low,
        "ci_high": figure.ci_high,
        "n_persons": mean.n_persons,
        "n_surveys": mean.n_surveys,
        "holds": judge_share(figure, mean.n_persons, rules),
        "note": _limit(mean, found is not None, rules),
    }


def _nothing_asked(level: str) -> str:
    if level == "organization_support":
        return "no survey about the type asks for it; no climate survey tells of the participants' schools"
    return "no survey about the type asks for it"


def _limit(mean: Mean, has_interval: bool, rules: ChainRules) -> str | None:
    parts = []
    if mean.basis == CLIMATE:
        parts.append(
            "no survey about the type asks for it: the climate of the schools of teachers who took part"
        )
    if mean.n_persons < rules.least_persons:
        parts.append(f"fewer than {rules.least_persons} people: not judged")
    elif not has_interval:
        cluster = "school" if mean.basis == CLIMATE else "activity"
        parts.append(
            f"one {cluster} only: no interval"
            if mean.n_clusters < 2
            else "no differences between clusters: no interval"
        )
    return "; ".join(parts) or None
