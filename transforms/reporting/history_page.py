"""The page of what changed since the last report, and what came of what it recommended."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from transforms.reporting.catalogue import noted, say
from transforms.reporting.history_changes import (
    ComparisonPair,
    IndicatorChange,
    RecommendationPair,
    comparison_pairs,
    indicator_changes,
    recommendation_pairs,
)
from transforms.reporting.history_charts import then_and_now_picture
from transforms.reporting.history_rows import History, read_history
from transforms.reporting.history_tables import (
    actions_table,
    followed_table,
    indicators_table,
    pairs_table,
    reports_table,
    told_table,
)
from transforms.reporting.history_words import (
    NO_CHANGE_OF_EFFECT,
    NO_TEST,
    action_points,
    followed_rule,
    history_sentences,
    indicator_rule,
    method_points,
    pair_sentence,
    pair_title,
    report_name,
)
from transforms.reporting.numerals import capitalised, school_year
from transforms.reporting.picture import Picture
from transforms.reporting.rows import Build
from transforms.reporting.sections import Section, SectionPage

TITLE = noted("Since the last report")
_SOURCES = (
    "Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions."
    " Statistics in Medicine 17(8).",
    "Zou, G. Y., and Donner, A. (2008). Construction of confidence limits about effect measures: a general"
    " approach. Statistics in Medicine 27(10).",
)


def history_page(connection: duckdb.DuckDBPyConnection, build: Build) -> SectionPage:
    """Values of the page; the first report has one as well, which says so."""
    history = read_history(connection, build)
    pairs = comparison_pairs(history)
    recommendations = recommendation_pairs(history)
    changes = indicator_changes(history)
    sections = [
        _method(history, changes),
        _comparisons(history, pairs),
        _recommendations(history, recommendations),
        _indicators(changes),
    ]
    return SectionPage(
        title=say(TITLE),
        study_name=build.study_name,
        year=_years(history),
        sentences=history_sentences(history, pairs, recommendations, changes),
        sections=tuple(section for section in sections if section) if history.then else (),
        missing=_missing(history),
        sources=_SOURCES if changes else (),
    )


def _years(history: History) -> str:
    now = school_year(history.report_year)
    if history.then is None or history.is_same_year:
        return now
    return say("{report_year} to {now}", report_year=school_year(history.then.report_year), now=now)


def _method(history: History, changes: Sequence[IndicatorChange]) -> Section:
    """First of all: what may have changed the numbers without any school having changed."""
    alike = (
        say(" Both are of the same year: what differs comes from data or method, not from what schools did.")
        if history.is_same_year
        else ""
    )
    return Section(
        id="method",
        title=say("First: what changed in data and method"),
        paragraphs=(
            say(
                "This report is held against {report_name}, as it was published.{alike} What"
                " changed in data or method may have changed any number below.",
                report_name=report_name(history),
                alike=alike,
            ),
        ),
        points=method_points(history, changes),
        open_tables=(reports_table(history),),
    )


def _comparisons(history: History, pairs: Sequence[ComparisonPair]) -> Section | None:
    if not pairs:
        return None
    changed = [pair for pair in pairs if pair.has_both and not pair.is_same_reading]
    return Section(
        id="comparisons",
        title=say("What was found then, and now"),
        paragraphs=(f"{say(NO_CHANGE_OF_EFFECT)} {say(NO_TEST)}",),
        points=tuple(pair_sentence(pair) for pair in changed),
        pictures=(
            Picture(
                "then-and-now",
                pair_title(history, pairs),
                then_and_now_picture(pairs, "then-and-now"),
                say(
                    "Thin line above: {report_name}; thick line below: this report. Lines are 95%"
                    " intervals. ▲ clearly higher growth, ▼ clearly lower, ○ not told apart from"
                    " no difference. Figures are the estimates then → now, in standard deviations"
                    " of student scores (SD); * reads otherwise.",
                    report_name=report_name(history),
                ),
            ),
        ),
        tables=(pairs_table(pairs),),
    )


def _recommendations(history: History, pairs: Sequence[RecommendationPair]) -> Section | None:
    if not any(pair.then for pair in pairs):
        return None
    return Section(
        id="recommendations",
        title=say("What was recommended, and what came of it"),
        paragraphs=()
        if history.is_same_year
        else (
            say(
                "The first table goes from what was recommended to what was decided since and to"
                " hours, the second to the growth that is told now and to what is recommended"
                " now. That growth is over all years, not only over those since, so it does not"
                " show what a decision did."
            ),
        ),
        points=action_points(pairs),
        open_tables=(
            *(() if history.is_same_year else (followed_table(pairs, history),)),
            actions_table(pairs),
        ),
        note="" if history.is_same_year else followed_rule(),
    )


def _indicators(changes: Sequence[IndicatorChange]) -> Section | None:
    if not changes:
        return None
    is_any = any(change.is_told for change in changes)
    return Section(
        id="indicators",
        title=say("How the district's values changed"),
        paragraphs=()
        if is_any
        else (say("No value changed so much that it could be told from chance, or from little."),),
        open_tables=(told_table(changes),) if is_any else (),
        tables=(indicators_table(changes),),
        note=indicator_rule(),
    )


def _missing(history: History) -> tuple[str, ...]:
    reasons = []
    if history.then is not None and history.is_same_year and history.reason:
        reasons.append(say("A report of an earlier year: {reason}.", reason=history.reason))
    if history.then is not None and "decision" not in history.entities_now:
        reasons.append(say("What was decided since: not available: no decision source."))
    if history.then is not None and not history.comparisons_then:
        reasons.append(say("Comparisons: {report_name} led with none.", report_name=report_name(history)))
    return tuple(capitalised(reason) for reason in reasons)
