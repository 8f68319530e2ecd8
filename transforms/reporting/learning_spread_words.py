"""What the page of a system that learns says of spread: who took what up, and whether schools follow."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.improvement.adoption import AdoptionRule
from transforms.reporting import terms
from transforms.reporting.catalogue import say
from transforms.reporting.learning_rows import AdoptionRow, SpreadRow
from transforms.reporting.numerals import (
    capitalised,
    count,
    counted,
    decimal,
    interval,
    listed,
    percent,
    school_year,
)

ALPHA = 0.05
# A type that fewer than half of its schools still live is said to fade, once as many had taken it up.
SCHOOLS_TO_FADE = 10
# Meant for new teachers and for leaders: a quarter of all teachers is not what they are to reach.
FOR_FEW = ("mentoring_induction", "leadership_development")


def spread_sentence(rows: Sequence[SpreadRow]) -> str:
    """How many kinds of PD half of the schools took up."""
    if not rows:
        return ""
    half = [row for row in rows if row.half_status != "not_reached"]
    kinds = counted(len(rows), "kind of PD", "kinds of PD")
    if not half:
        return say("None of {kinds} has been taken up by half of the schools.", kinds=kinds)
    verb = say("has") if len(half) == 1 else say("have")
    return say(
        "{n_half} of {kinds} {verb} been taken up by at least half of the schools.",
        n_half=len(half),
        kinds=kinds,
        verb=verb,
    )


def unreached(rows: Sequence[SpreadRow]) -> list[str]:
    """Sustained kinds of PD that half of the schools have not taken up, where the rule can be met."""
    return [
        say(
            "{pd_type_name}: {of_schools} taken it up so far, though it is PD of the sustained kind.",
            pd_type_name=terms.pd_type_name(row.pd_type),
            of_schools=_of_schools(row),
        )
        for row in rows
        if row.is_connected and row.half_status == "not_reached"
        if row.pd_type not in FOR_FEW and not is_short(row)
    ]


def _of_schools(row: SpreadRow) -> str:
    if row.n_adopted == 0:
        return say("no school has")
    return say(
        "{n_adopted} of {n_schools} {words}",
        n_adopted=row.n_adopted,
        n_schools=counted(row.n_schools, "school"),
        words=say("has") if row.n_adopted == 1 else say("have"),
    )


def is_short(row: SpreadRow) -> bool:
    """Whether most who take part have fewer hours than the rule asks for."""
    return row.median_hours is not None and row.median_hours < AdoptionRule().hours


def short_sentences(rows: Sequence[SpreadRow]) -> tuple[str, ...]:
    """Kinds that the rule tells little about."""
    hours = AdoptionRule().hours
    return tuple(
        say(
            "{pd_type_name}: half of those who take part have {counted_hours} or fewer in a year,"
            " less than the {hours:g} that the rule asks for. That few schools have taken it up"
            " may say no more than that.",
            pd_type_name=terms.pd_type_name(row.pd_type),
            counted_hours=counted_hours(row.median_hours),
            hours=hours,
        )
        for row in rows
        if is_short(row) and row.half_status == "not_reached"
    )


def counted_hours(hours: float | None) -> str:
    """Hours with at most one decimal."""
    text = decimal(hours, 1).removesuffix(".0")
    return f"{text} {(say('hour') if text == '1' else say('hours'))}"


def fading(rows: Sequence[AdoptionRow], year: int) -> list[str]:
    """Kinds that fewer than half of the schools that took them up still live."""
    return [
        say(
            "{pd_type_name}: of {n_adopted} schools that ever took it up, {n_practising} still"
            " {words} a quarter of the teachers in {year}.",
            pd_type_name=terms.pd_type_name(row.pd_type),
            n_adopted=count(row.n_adopted),
            n_practising=row.n_practising,
            words=say("reaches") if row.n_practising == 1 else say("reach"),
            year=school_year(year),
        )
        for row in rows
        if row.school_year == year and row.pd_type not in FOR_FEW
        if row.n_adopted >= SCHOOLS_TO_FADE and 2 * row.n_practising < row.n_adopted
    ]


def followers(rows: Sequence[SpreadRow]) -> list[str]:
    return [neighbours_sentence(row) for row in rows if is_contagious(row)]


def is_contagious(row: SpreadRow) -> bool:
    """Whether neighbours can be told from chance, after all kinds of PD were asked about."""
    return row.p_value_bh is not None and row.p_value_bh < ALPHA


def neighbours_sentence(row: SpreadRow) -> str:
    """What the neighbours say of one kind of PD, as an association."""
    name = terms.pd_type_name(row.pd_type)
    if row.p_value is None:
        reason = (row.note or say("not computed")).removeprefix("refused: ")
        return say("{name}: cannot be told ({reason}).", name=name, reason=reason)
    if not is_contagious(row):
        return say("{name}: schools cannot be told to follow their neighbours.", name=name)
    told = (
        say(
            "taking it up goes with the neighbours' having done so, but without exception, so"
            " that its size cannot be told"
        )
        if row.odds_ratio is None
        else say(
            "where one further tenth of the neighbours had it the year before, the odds of taking"
            " it up were {odds_ratio} times as large ({interval})",
            odds_ratio=decimal(row.odds_ratio),
            interval=interval(row.ci_low, row.ci_high),
        )
    )
    return say(
        "{name}: {told}. Schools that are alike may both meet and choose alike, so this is no"
        " proof that it spread from one to another.",
        name=name,
        told=told,
    )


def network_sentence(rows: Sequence[SpreadRow]) -> str:
    """What the neighbours say over all kinds of PD."""
    asked = [row for row in rows if row.p_value is not None]
    if not asked:
        return say("Whether schools follow their neighbours cannot be told for any kind of PD.")
    found = [row for row in asked if is_contagious(row)]
    kinds = counted(len(asked), "kind of PD", "kinds of PD")
    if not found:
        return say(
            "For {kinds} it could be asked whether schools take it up sooner after their"
            " neighbours did; for none can that be told from chance.",
            kinds=kinds,
        )
    names = listed([terms.pd_type_in_sentence(row.pd_type) for row in found])
    return say(
        "Of {kinds} that could be asked about, taking up goes with the neighbours' for {names}.",
        kinds=kinds,
        names=names,
    )


def half_text(row: SpreadRow) -> str:
    """When half of the schools had taken a type up."""
    if row.half_status == "not_reached":
        return say("not reached")
    if row.half_status == "before_first_year" or row.half_year is None:
        return say("in the first year on record, or before")
    year = int(row.half_year)
    if row.half_year == year:
        return say("in {year}", year=school_year(year))
    return say("between {year} and {year_2}", year=school_year(year), year_2=school_year(year + 1))


def adoption_title(rows: Sequence[SpreadRow]) -> str:
    """Title of the picture of spread."""
    if not rows:
        return ""
    furthest = max(row.n_adopted / row.n_schools for row in rows)
    if furthest == 0:
        return say("No school has taken up any kind of PD")
    types = [row.pd_type for row in rows if row.n_adopted / row.n_schools == furthest]
    names = capitalised(listed([terms.pd_type_in_sentence(pd_type) for pd_type in types]))
    verb = say("have") if len(types) > 1 or terms.is_plural(types[0]) else say("has")
    return say(
        "{names} {verb} spread furthest: {furthest} of schools",
        names=names,
        verb=verb,
        furthest=percent(furthest),
    )
