"""The page "What to do next": recommendations with their reasons, the ledger of decisions, next questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import duckdb

from transforms.improvement.decision_review import ACTED_ON_RULE, VERDICT_RULE
from transforms.improvement.loop_indicators import SHARE_RULE
from transforms.reporting import terms
from transforms.reporting.catalogue import say
from transforms.reporting.decision_charts import (
    SHAPE_KEY,
    by_action,
    chance_picture,
    estimates_picture,
    has_costs,
)
from transforms.reporting.decision_rows import Decisions, RecommendationRow, read_decisions
from transforms.reporting.decision_tables import (
    action_table,
    evidence_table,
    indicators_table,
    ledger_table,
    measures_table,
    questions_table,
    rules_table,
)
from transforms.reporting.decision_words import (
    ACTION_ORDER,
    answers,
    common_unknowns,
    ledger_title,
    question_words,
    stands_out,
)
from transforms.reporting.indicator_rows import IndicatorRow, missing_reasons, read_indicators
from transforms.reporting.numerals import capitalised, counted, decimal, listed, school_year
from transforms.reporting.picture import Picture
from transforms.reporting.rows import Build
from transforms.reporting.sections import Section, SectionPage

_MOST_QUESTIONS = 3
_SOURCES = (
    "Chances: Gelman, Carlin, Stern, Dunson, Vehtari and Rubin (2013), Bayesian Data Analysis, section 3.2.",
    "Words for chances: Mastrandrea and others (2010), guidance note of the Intergovernmental Panel on"
    " Climate Change on the treatment of uncertainties.",
    "Worth of knowing: Raiffa and Schlaifer (1961), Applied Statistical Decision Theory; Claxton (1999),"
    " Journal of Health Economics 18(3).",
    "Plan, Do, Study, Act: Langley and others (2009), The Improvement Guide; Bryk, Gomez, Grunow and LeMahieu"
    " (2015), Learning to Improve.",
)


def decisions_page(connection: duckdb.DuckDBPyConnection, build: Build) -> SectionPage:
    """Values of decisions.html, from report tables only."""
    found, year = read_decisions(connection), build.report_year
    indicators = read_indicators(connection, "loop")
    return SectionPage(
        title=say("What to do next"),
        study_name=build.study_name,
        year=school_year(year),
        sentences=answers(by_action(found.recommendations), year),
        stands_out=stands_out(found, year),
        sections=tuple(
            section
            for section in (
                _recommended(found.recommendations),
                _ledger(found),
                _questions(found),
                _indicators(indicators),
                _rules(found),
            )
            if section is not None
        ),
        missing=_missing(found.recommendations, indicators),
        sources=_SOURCES,
    )


def _recommended(rows: Sequence[RecommendationRow]) -> Section | None:
    if not rows:
        return None
    ordered = by_action(rows)
    common = common_unknowns(ordered)
    tables = [
        action_table(action, [row for row in ordered if row.action == action], common)
        for action in ACTION_ORDER
        if any(row.action == action for row in ordered)
    ]
    return Section(
        "recommended",
        say("What to do with each kind of professional development"),
        paragraphs=(
            say(
                "A chance such as 90 in 100 says how likely it is, given the estimate and its"
                " error, that growth of students is higher with a kind of professional"
                " development (PD). It takes every size of difference to be as likely as any"
                " other before the data are seen (a flat prior); as differences are small as a"
                " rule, it is somewhat too sure. A standard deviation (SD) is how far students'"
                " scores typically lie from their mean."
            ),
            *(
                [say("Not known of any kind of PD here: {listed}.", listed="; ".join(common))]
                if common
                else []
            ),
        ),
        open_tables=tuple(tables),
        pictures=_pictures(ordered),
        tables=(measures_table(ordered), evidence_table(ordered)),
        note=say(
            "Words: virtually certain from 99 in 100, very likely from 90, likely from 66, about as likely"
            " as not from 33 to 66, then unlikely, very unlikely from 10 down. High-poverty schools are the"
            " quarter of schools with most economically disadvantaged students."
        ),
    )


def _pictures(rows: Sequence[RecommendationRow]) -> tuple[Picture, ...]:
    threshold = decimal(rows[0].effect_threshold_sd)
    estimated = [row for row in rows if row.expected_effect_sd is not None]
    above = [row for row in estimated if row.ci_low is not None and row.ci_low > 0]
    names = (
        listed([terms.pd_type_in_sentence(row.pd_type) for row in above]) if above else say("no kind of PD")
    )
    across = say("cost per student") if has_costs(rows) else say("how many teachers each reaches")
    return (
        Picture(
            "estimates",
            say("The interval of {names} leaves out zero", names=names),
            estimates_picture(rows, "estimates"),
            say(
                "Mark: difference in growth between students of teachers who took part and"
                " others, mean over subjects; line: its 95% interval. Dashed: {threshold} SD, the"
                " smallest difference worth having by this study's settings. {shape_key} The"
                " chance is that of higher growth.",
                threshold=threshold,
                shape_key=say(SHAPE_KEY),
            ),
        ),
        Picture(
            "chances",
            say(
                "{sure_words}; further right, {across}",
                sure_words=capitalised(_sure_words(estimated)),
                across=across,
            ),
            chance_picture(rows, "chances"),
            say(
                "Further up: surer that growth is higher. Dashed: as likely as not. {shape_key}"
                " Kinds of PD without room for a name are in the table.",
                shape_key=say(SHAPE_KEY),
            ),
        ),
    )


def _sure_words(rows: Sequence[RecommendationRow]) -> str:
    sure = sum((row.probability_positive or 0.0) >= 0.9 for row in rows)
    return say(
        "{sure} of {n_kinds} of PD very likely go with higher growth",
        sure=sure,
        n_kinds=counted(len(rows), "kind", "kinds"),
    )


def _ledger(found: Decisions) -> Section | None:
    if not found.reviews:
        return None
    agreed = Counter(row.agrees for row in found.reviews)
    judged = agreed[True] + agreed[False]
    same = say(
        "Of the latest decisions on each kind of PD, {agreed} of {judged} agree with the rules now.",
        agreed=agreed[True],
        judged=judged,
    )
    return Section(
        "ledger",
        ledger_title(found.reviews),
        paragraphs=(
            say(
                "Plan, Do, Study, Act is a cycle: a change is planned with what is expected of"
                " it, done, studied against what was expected, and acted upon. What is found is"
                " estimated over all years, not only those since the decision."
            ),
            *([same] if judged else []),
        ),
        open_tables=(ledger_table(found.reviews),),
        note=f"{ACTED_ON_RULE} {VERDICT_RULE}",
    )


def _questions(found: Decisions) -> Section | None:
    if not found.questions:
        return None
    first = [row for row in found.questions if row.rank is not None][:_MOST_QUESTIONS]
    unranked = [row for row in found.questions if row.rank is None][: _MOST_QUESTIONS - len(first)]
    title = say("What to find out next")
    if first:
        costliest = terms.pd_type_in_sentence(first[0].pd_type)
        title = say("What to find out next: not knowing about {costliest} costs most", costliest=costliest)
    note = first[0].note if first else None
    return Section(
        "questions",
        title,
        paragraphs=(
            say(
                "The worth of knowing is what the district loses on average because it has to"
                " decide now, whether to give a kind of PD to the students it does not reach,"
                " before it is sure."
            ),
        ),
        points=tuple(question_words(row) for row in (*first, *unranked)),
        tables=(questions_table(found.questions),),
        note=_counted_in(first[0].unit, note) if first and note else "",
    )


def _counted_in(unit: str, note: str) -> str:
    """What worth is counted in, and why."""
    return (
        say("What growth is worth: {note}.", note=note)
        if unit == "currency units"
        else say("Worth is counted {note}.", note=note)
    )


def _indicators(rows: Sequence[IndicatorRow]) -> Section | None:
    latest = indicators_table(rows, is_latest=True)
    if not latest.rows:
        return None
    return Section(
        "loop",
        say("How well the loop is kept"),
        paragraphs=(
            say(
                "Evidence here means evidence tier 1, 2 or 3 of the Every Student Succeeds Act"
                " (ESSA) in the comparison that answers for a kind of PD: a clear difference in"
                " the right direction."
            ),
        ),
        open_tables=(latest,),
        tables=(indicators_table(rows, is_latest=False),),
        note=say(
            "Shares of decisions: {rule}. The share of money is described, not judged.", rule=say(SHARE_RULE)
        ),
    )


def _rules(found: Decisions) -> Section | None:
    if not found.rules:
        return None
    origin = say("the default ones") if found.rules[0].is_default else say("this study's own (study.toml)")
    return Section(
        "rules",
        say("The rules"),
        paragraphs=(
            say(
                "The rules are {origin}. They are read from the top; the first that applies to a"
                " kind of PD gives the action. A rule that asks for something that is not known"
                " does not apply, unless it says “where known”.",
                origin=origin,
            ),
        ),
        open_tables=(rules_table(found.rules),),
    )


def _missing(rows: Sequence[RecommendationRow], indicators: Sequence[IndicatorRow]) -> tuple[str, ...]:
    without = [terms.pd_type_in_sentence(row.pd_type) for row in rows if row.expected_effect_sd is None]
    none = (
        (say("Difference in growth: no estimate for {without}", without=listed(without)),) if without else ()
    )
    return (*none, *missing_reasons(tuple(indicators)))
