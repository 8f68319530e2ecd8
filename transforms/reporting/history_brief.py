"""What the brief says of the report of an earlier year, in at most three sentences of its language."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from transforms.reporting.brief_item import comparison_name
from transforms.reporting.catalogue import Catalogue
from transforms.reporting.history_changes import (
    ComparisonPair,
    comparison_pairs,
    indicator_changes,
    recommendation_pairs,
)
from transforms.reporting.history_rows import History, read_history
from transforms.reporting.history_words import has_other_method
from transforms.reporting.numerals import count, school_year
from transforms.reporting.rows import Build

_MOST_NAMED = 3


def changes_since(connection: duckdb.DuckDBPyConnection, build: Build, texts: Catalogue) -> tuple[str, ...]:
    """What reads otherwise than in the report of an earlier year, how far hours went as recommended, and
    whether data or method changed; nothing where there is no such report."""
    history = read_history(connection, build)
    if history.then is None or history.is_same_year:
        return ()
    year = school_year(history.then.report_year)
    found = (
        _readings(comparison_pairs(history), year, texts),
        _followed(history, year, texts),
        texts.text("since.method") if has_other_method(history, indicator_changes(history)) else "",
    )
    return tuple(sentence for sentence in found if sentence)


def _readings(pairs: Sequence[ComparisonPair], year: str, texts: Catalogue) -> str:
    asked = [pair for pair in pairs if pair.then is not None and pair.now is not None]
    changed = [pair for pair in asked if not pair.is_same_reading]
    if not changed:
        return texts.text("since.no_readings", year=year) if asked else ""
    named = [comparison_name(pair.row, texts) for pair in changed[:_MOST_NAMED]]
    more = "; …" if len(changed) > _MOST_NAMED else ""
    return texts.text(
        "since.readings", n=len(changed), of=count(len(asked)), year=year, names=texts.listed(named) + more
    )


def _followed(history: History, year: str, texts: Catalogue) -> str:
    codes = [pair.followed.code for pair in recommendation_pairs(history) if pair.followed is not None]
    told = [code for code in codes if code in ("yes", "no")]
    if not told:
        return ""
    return texts.text("since.followed", n=told.count("yes"), of=count(len(told)), year=year)
