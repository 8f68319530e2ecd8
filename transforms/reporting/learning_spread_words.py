"""What the page of a system that learns says of spread: who took what up, and whether schools follow."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.improvement.adoption import AdoptionRule
from transforms.reporting import terms
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
        return f"None of {kinds} has been taken up by half of the schools."
    verb = "has" if len(half) == 1 else "have"
    return f"{len(half)} of {kinds} {verb} been taken up by at least half of the schools."


def unreached(rows: Sequence[SpreadRow]) -> list[str]:
    """Sustained kinds of PD that half of the schools have not taken up, where the rule can be met."""
    return [
        f"{terms.pd_type_name(row.pd_type)}: {_of_schools(row)} taken it up so far, though it is PD of the"
        " sustained kind."
        for row in rows
        if row.is_connected and row.half_status == "not_reached"
        if row.pd_type not in FOR_FEW and not is_short(row)
    ]


def _of_schools(row: SpreadRow) -> str:
    if row.n_adopted == 0:
        return "no school has"
    return f"{row.n_adopted} of {counted(row.n_schools, 'school')} {'has' if row.n_adopted == 1 else 'have'}"


def is_short(row: SpreadRow) -> bool:
    """Whether most who take part have fewer hours than the rule asks for."""
    return row.median_hours is not None and row.median_hours < AdoptionRule().hours


def short_sentences(rows: Sequence[SpreadRow]) -> tuple[str, ...]:
    """Kinds that the rule tells little about."""
    hours = AdoptionRule().hours
    return tuple(
        f"{terms.pd_type_name(row.pd_type)}: half of those who take part have"
        f" {counted_hours(row.median_hours)} or fewer in a year, less than the {hours:g} that the rule asks"
        " for. That few schools have taken it up may say no more than that."
        for row in rows
        if is_short(row) and row.half_status == "not_reached"
    )


def counted_hours(hours: float | None) -> str:
    """Hours with at most one decimal."""
    text = decimal(hours, 1).removesuffix(".0")
    return f"{text} {'hour' if text == '1' else 'hours'}"


def fading(rows: Sequence[AdoptionRow], year: int) -> list[str]:
    """Kinds that fewer than half of the schools that took them up still live."""
    return [
        f"{terms.pd_type_name(row.pd_type)}: of {count(row.n_adopted)} schools that ever took it up,"
        f" {row.n_practising} still {'reaches' if row.n_practising == 1 else 'reach'} a quarter of the"
        f" teachers in {school_year(year)}."
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
        reason = (row.note or "not computed").removeprefix("refused: ")
        return f"{name}: cannot be told ({reason})."
    if not is_contagious(row):
        return f"{name}: schools cannot be told to follow their neighbours."
    told = (
        "taking it up goes with the neighbours' having done so, but without exception, so that its size"
        " cannot be told"
        if row.odds_ratio is None
        else "where one further tenth of the neighbours had it the year before, the odds of taking it up were"
        f" {decimal(row.odds_ratio)} times as large ({interval(row.ci_low, row.ci_high)})"
    )
    return (
        f"{name}: {told}. Schools that are alike may both meet and choose alike, so this is no proof that it"
        " spread from one to another."
    )


def network_sentence(rows: Sequence[SpreadRow]) -> str:
    """What the neighbours say over all kinds of PD."""
    asked = [row for row in rows if row.p_value is not None]
    if not asked:
        return "Whether schools follow their neighbours cannot be told for any kind of PD."
    found = [row for row in asked if is_contagious(row)]
    kinds = counted(len(asked), "kind of PD", "kinds of PD")
    if not found:
        return (
            f"For {kinds} it could be asked whether schools take it up sooner after their neighbours did; for"
            " none can that be told from chance."
        )
    names = listed([terms.pd_type_in_sentence(row.pd_type) for row in found])
    return f"Of {kinds} that could be asked about, taking up goes with the neighbours' for {names}."


def half_text(row: SpreadRow) -> str:
    """When half of the schools had taken a type up."""
    if row.half_status == "not_reached":
        return "not reached"
    if row.half_status == "before_first_year" or row.half_year is None:
        return "in the first year on record, or before"
    year = int(row.half_year)
    if row.half_year == year:
        return f"in {school_year(year)}"
    return f"between {school_year(year)} and {school_year(year + 1)}"


def adoption_title(rows: Sequence[SpreadRow]) -> str:
    """Title of the picture of spread."""
    if not rows:
        return ""
    furthest = max(row.n_adopted / row.n_schools for row in rows)
    if furthest == 0:
        return "No school has taken up any kind of PD"
    types = [row.pd_type for row in rows if row.n_adopted / row.n_schools == furthest]
    names = capitalised(listed([terms.pd_type_in_sentence(pd_type) for pd_type in types]))
    verb = "have" if len(types) > 1 or terms.is_plural(types[0]) else "has"
    return f"{names} {verb} spread furthest: {percent(furthest)} of schools"
