"""The sections of a school's page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from transforms.improvement.next_steps import RULES
from transforms.reporting import school_page_tables as tables
from transforms.reporting import school_page_words as words
from transforms.reporting.catalogue import noted, say
from transforms.reporting.cost_words import money
from transforms.reporting.numerals import NO_NUMBER, counted, decimal, percent, school_year
from transforms.reporting.picture import Drawing, Picture
from transforms.reporting.school_page_pictures import (
    DRIVERS,
    FIT,
    GROWTH,
    MOST_PRIORITIES,
    REACH,
    drawn_needs,
    reach_order,
)
from transforms.reporting.school_peers import Peers, level_schools
from transforms.reporting.school_view import SchoolView
from transforms.reporting.sections import Card, Section
from transforms.reporting.terms import plain

_CONDITIONS = {rule.name: rule.condition for rule in RULES}
_NO_PEERS = noted("Fewer than five schools of its level are shown, so none are set beside it.")


def sections_of(
    view: SchoolView, drawings: Mapping[str, Drawing], rules: Mapping[str, str], test: tuple[str, str] | None
) -> tuple[Section, ...]:
    """The sections with something to show, ``drawings`` by the id of their picture."""
    found = (
        _reach(view, drawings[REACH]),
        _growth(view, drawings[GROWTH], test),
        _fit(view, drawings[FIT]),
        _voice(view, drawings[DRIVERS]),
        _practice(view),
        _leadership(view),
        _cost(view),
        _numbers(view, rules),
    )
    return tuple(section for section in found if section is not None)


def _reach(view: SchoolView, drawing: Drawing) -> Section | None:
    if not view.reach and view.balance is None:
        return None
    picture = Picture(
        REACH,
        words.reach_title(view.reach, view.level),
        drawing,
        say(
            "● share of the teachers of this school. {peers_key} All teachers were counted, so"
            " there is no margin of error; shares of one to four teachers are “too few”. Where"
            " such shares of other schools could move the middle, it is not marked; the line"
            " holds it.",
            peers_key=_peers_key(view.level, any(row.n_peers for row in view.reach)),
        ),
    )
    return Section(
        "pd",
        say("Professional development here"),
        facts=tuple(_hours_facts(view)),
        pictures=(picture,),
        tables=(tables.reach_table(reach_order(view.reach)), tables.adoption_table(view.adoption)),
    )


def _peers_key(level: str | None, has_peers: bool) -> str:
    """How to read the mark of comparable schools."""
    if not has_peers:
        return say(_NO_PEERS)
    return say(
        "Grey line below: the middle half of {level_schools}; the mark on it is their median.",
        level_schools=level_schools(level),
    )


def _hours_facts(view: SchoolView) -> Iterator[tuple[str, str]]:
    if view.balance is None or view.balance.hours_per_teacher is None:
        yield say("Hours of PD a teacher"), tables.TOO_FEW if view.balance is not None else say(NO_NUMBER)
        return
    yield say("Hours of PD a teacher"), decimal(view.balance.hours_per_teacher, 1)
    if view.balance_before is not None:
        yield (
            say("In {year}", year=school_year(view.year - 1)),
            _or_few(decimal(view.balance_before.hours_per_teacher, 1)),
        )
    if view.hours_peers is not None:
        yield _middle_half(view), _range(view.hours_peers, lambda value: decimal(value, 1))


def _or_few(text: str) -> str:
    return tables.TOO_FEW if text == say(NO_NUMBER) else text


def _middle_half(view: SchoolView) -> str:
    peers = view.hours_peers
    number = "" if peers is None else f"{peers.n_schools} "
    return say(
        "Middle half of {number}{level_schools}", number=number, level_schools=level_schools(view.level)
    )


def _range(peers: Peers, write: Callable[[float], str]) -> str:
    return say(
        "{write} to {write_2}, middle {write_3}",
        write=write(peers.quarter_low),
        write_2=write(peers.quarter_high),
        write_3=write(peers.middle),
    )


def _growth(view: SchoolView, drawing: Drawing, test: tuple[str, str] | None) -> Section | None:
    if not view.growth:
        return None
    picture = Picture(
        GROWTH,
        words.growth_title(view.growth, view.year),
        drawing,
        say(
            "● median growth percentile; the line through it is its 95% interval. Grey dash"
            " beside it: the median of {level_schools}. Where the interval holds 50, growth"
            " cannot be told apart from what is expected. The scale is the same on the pages of"
            " all schools.",
            level_schools=level_schools(view.level),
        ),
    )
    named = (
        "" if test is None else say(" Test: {test}, {test_2}.", test=test[0], test_2=plain(test[1]).lower())
    )
    return Section(
        "growth",
        say("How its students grew"),
        paragraphs=(
            say(
                "A growth percentile compares a student with all students who had the same scores"
                " before: 50 is expected, 60 is more growth than 60 of 100 such students had. The"
                " number of the school is that of its student in the middle. Value-added is the"
                " growth of its students beyond what earlier scores and what else is known of"
                " them lead to expect, in standard deviations (SD) of scores."
            ),
            say(
                "This describes growth; it does not say what it came from. In a small school"
                " these numbers move by chance from year to year, which the width of the interval"
                " shows."
            ),
        ),
        pictures=(picture,),
        tables=(
            tables.growth_years_table(view.growth, view.growth_peers),
            tables.spread_table(view.spread, view.year),
        ),
        note=say("Years of too few students are “too few”.{named}", named=named),
    )


def _fit(view: SchoolView, drawing: Drawing) -> Section | None:
    if view.balance is None and not view.needs:
        return None
    n_left = sum(row.need is not None for row in view.needs) - len(drawn_needs(view))
    more = (
        say(
            " The {most_priorities} with most need are drawn, all are in the table.",
            most_priorities=MOST_PRIORITIES,
        )
        if n_left > 0
        else ""
    )
    picture = Picture(
        FIT,
        words.fit_title(view.needs),
        drawing,
        say(
            "◆ how much the school needs it; ○ how well PD here fits it. At the right: hours a"
            " teacher.{more}",
            more=more,
        ),
    )
    return Section(
        "fit",
        say("What the hours were for"),
        paragraphs=(words.balance_sentence(view.balance), *_coherence(view)),
        pictures=(picture,),
        open_tables=(tables.needs_table(view.needs),),
        note=say(
            "A line is the median of schools of the same level, but at least 40% on priorities of"
            " the district and 20% chosen locally; neither side of a line is better by itself."
            " Need and fit are ratings from visits, surveys or plans; a need of 4 or more is"
            " high, and hours are few below the middle of schools of the level."
        ),
    )


def _coherence(view: SchoolView) -> Iterator[str]:
    row = view.balance
    if row is not None and row.coherence is not None:
        beside = (
            ""
            if row.coherence_median is None
            else say(
                " (median of its level: {coherence_median})", coherence_median=percent(row.coherence_median)
            )
        )
        yield say(
            "{coherence} of hours went to its two largest priorities{beside}.",
            coherence=percent(row.coherence),
            beside=beside,
        )
    if row is not None and row.source_disagreement:
        yield say("Sources do not agree: {source_disagreement}.", source_disagreement=row.source_disagreement)


def _voice(view: SchoolView, drawing: Drawing) -> Section | None:
    if not view.drivers and not view.scales:
        return None
    picture = Picture(
        DRIVERS,
        words.drivers_title(view.drivers, view.driver_peers, view.level),
        drawing,
        say(
            "● mean answer of this school's teachers; the line through it is its 95% interval. {peers_key}",
            peers_key=_peers_key(view.level, bool(view.driver_peers)),
        ),
    )
    return Section(
        "voice",
        say("What teachers say"),
        paragraphs=(
            say(
                "Four drivers of a school that learns: trust among adults, leadership, capacity"
                " building (time, materials and knowledge to teach better) and collaboration."
                " Only teachers are shown where answers of too few others could be worked out."
            ),
        ),
        pictures=(picture,),
        tables=(
            tables.drivers_table(view.drivers, view.drivers_before, view.driver_peers),
            tables.roles_table(view.gaps),
            tables.scales_table(view.scales),
        ),
    )


def _practice(view: SchoolView) -> Section | None:
    if not view.ratings and not view.checks and not view.steps:
        return None
    return Section(
        "practice",
        say("Connected learning and next steps"),
        paragraphs=(
            say(
                "The school rates its own practice from 1 (not yet) to 4 (part of every week)."
                " Beside each rating stands what the hours and observations on record say, where"
                " they say anything. Next steps follow from both."
            ),
        )
        if view.ratings
        else (),
        cards=tuple(
            Card(
                row.step,
                (say("Why: {without_places}.", without_places=words.without_places(row.reason)),),
                note=say(
                    "Rule: {without_places}.",
                    without_places=words.without_places(_CONDITIONS.get(row.rule, plain(row.rule).lower())),
                ),
            )
            for row in view.steps
        ),
        open_tables=(tables.ratings_table(view.ratings),),
        tables=(tables.checks_table(view.checks),),
        note=say(
            "A next step is a place to begin a conversation, chosen by rule; it is not a finding of cause."
        ),
    )


def _leadership(view: SchoolView) -> Section | None:
    row = view.successor
    if row is None:
        return None
    return Section(
        "leadership",
        say("Leadership bench"),
        facts=(
            (say("A principal is on record"), say("yes") if row.has_principal else say("no")),
            (
                say("Somebody on the staff is ready to follow"),
                say("yes") if row.has_successor else say("nobody on record"),
            ),
        ),
        note=say(
            "Ready: completed the training of the school pathway by 30 June and not placed yet."
            " How many is not shown. Leaders may also come from other schools."
        ),
    )


def _cost(view: SchoolView) -> Section | None:
    row = view.cost
    if row is None:
        return None
    if row.is_suppressed:
        return Section(
            "cost", say("What it cost"), facts=((say("Cost of its teachers' PD"), tables.TOO_FEW),)
        )
    facts = [
        (say("Cost of its teachers' PD"), money(row.cost, row.currency)),
        (say("For each teacher"), money(row.cost_per_teacher, row.currency)),
    ]
    if view.cost_before is not None:
        before = money(view.cost_before.cost_per_teacher, view.cost_before.currency)
        facts.append((say("For each teacher in {year}", year=school_year(view.year - 1)), _or_few(before)))
    if view.cost_peers is not None:
        beside = say(
            "For each teacher, middle half of {n_schools} of its level",
            n_schools=counted(view.cost_peers.n_schools, "school"),
        )
        facts.append((beside, _range(view.cost_peers, lambda value: money(value, row.currency))))
    return Section(
        "cost",
        say("What it cost"),
        facts=tuple(facts),
        note=say(
            "The school's part, by hours, of what each activity cost; the page on cost says what is in it."
        ),
    )


def _numbers(view: SchoolView, rules: Mapping[str, str]) -> Section | None:
    table = tables.indicators_table(view.indicators, view.year, rules)
    if not table.rows:
        return None
    return Section(
        "numbers",
        say("All indicators"),
        paragraphs=(
            say(
                "Every number that the study computes for a school, beside schools of its level"
                " and the year before. “Strength”, “typical” and “concern” follow the rule that"
                " stands in the row; “described” has no rule."
            ),
        ),
        tables=(table,),
        note=say("Values of too few people or students are “too few”."),
    )
