"""Growth percentiles in words, by rules that a test holds.

A direction is told only where the interval of a median leaves one; nothing here is put down to a school
or to professional development.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.growth_rows import DistributionRow, QuadrantRow, subjects_of
from transforms.reporting.numerals import (
    NO_NUMBER,
    capitalised,
    counted,
    decimal,
    interval,
    listed,
    signed,
)

MIDDLE = 50  # the median of all students' percentiles
_NORMAL_QUANTILE = 1.96
TOO_FEW = noted("too few")
_WINDOWS = {
    "spring_to_spring": noted("from spring to spring"),
    "fall_to_spring": noted("from fall to spring"),
    "winter_to_spring": noted("from winter to spring"),
}


class Direction(Enum):
    """How a group's growth stands against the middle of all students."""

    HIGHER = noted("higher growth")
    LOWER = noted("lower growth")
    UNCLEAR = noted("not told apart")


class HasMedian(Protocol):
    """A group with the interval of its median percentile."""

    @property
    def median_sgp_ci_low(self) -> float | None: ...
    @property
    def median_sgp_ci_high(self) -> float | None: ...


def direction(row: HasMedian) -> Direction:
    """The direction that the interval leaves; an interval that touches 50 holds it, none leaves none."""
    low, high = row.median_sgp_ci_low, row.median_sgp_ci_high
    if low is None or high is None or low <= MIDDLE <= high:
        return Direction.UNCLEAR
    return Direction.HIGHER if low > MIDDLE else Direction.LOWER


def percentile(value: float | None) -> str:
    """Write a percentile or a score: whole, or with the half that a median can have."""
    if value is None:
        return say(NO_NUMBER)
    return decimal(value, 0 if float(value).is_integer() else 1)


def median_with_interval(row: DistributionRow | QuadrantRow) -> str:
    """The figures of one group: 54 (51 to 58); without an interval the median alone."""
    median = row.sgp_p50 if isinstance(row, DistributionRow) else row.median_sgp
    low, high = row.median_sgp_ci_low, row.median_sgp_ci_high
    if median is None or low is None or high is None:
        return percentile(median)
    return say(
        "{percentile} ({percentile_2} to {percentile_3})",
        percentile=percentile(median),
        percentile_2=percentile(low),
        percentile_3=percentile(high),
    )


def value_added(row: QuadrantRow) -> str:
    """Value-added of a school with its 95% interval and its students."""
    if row.is_suppressed:
        return say(TOO_FEW)
    if row.value_added_sd is None:
        return say(NO_NUMBER)
    if row.std_error is None:
        return signed(row.value_added_sd)
    half = _NORMAL_QUANTILE * row.std_error
    bounds = interval(row.value_added_sd - half, row.value_added_sd + half, 2)
    return f"{signed(row.value_added_sd)} ({bounds})"


def group_label(row: DistributionRow) -> str:
    """Name of a group at the beginning of a line; PD types as everywhere in the report."""
    return terms.pd_type_name(row.group_id) if row.group_kind == "pd_type" else row.group_name


def window_name(code: str) -> str:
    """A growth window within a sentence."""
    return say(_WINDOWS[code]) if code in _WINDOWS else say("from {code}", code=code.replace("_", " "))


def counts(rows: Sequence[QuadrantRow]) -> tuple[int, int, int]:
    """Schools with higher growth, with lower growth, and those that cannot be told apart."""
    told = [direction(row) for row in rows if row.median_sgp is not None]
    return told.count(Direction.HIGHER), told.count(Direction.LOWER), told.count(Direction.UNCLEAR)


def quadrant_counts(rows: Sequence[QuadrantRow]) -> str:
    """How many schools stand in which quadrant: what the picture shows, in one line."""
    names = dict.fromkeys(
        say("{status} status, {growth} growth", status=status, growth=growth)
        for status in ("higher", "lower")
        for growth in ("higher", "lower")
    )
    found = [(name, sum(row.quadrant == name for row in rows)) for name in names]
    unclear = sum(row.quadrant == "unclear" for row in rows)
    parts = [f"{n} {name}" for name, n in found if n]
    return f"{counted(len(rows), 'school')}: {listed([*parts, say('{unclear} unclear', unclear=unclear)])}"


def growth_sentence(rows: Sequence[QuadrantRow]) -> str:
    """One sentence on all subjects: in how many schools growth was higher or lower than in the middle."""
    clauses, n_unclear = [], 0
    for subject in subjects_of(rows):
        of_subject = [row for row in rows if row.academic_subject == subject and row.median_sgp is not None]
        if not of_subject:
            continue
        higher, lower, unclear = counts(of_subject)
        n_unclear += unclear
        name = terms.subject_in_sentence(subject)
        clauses.append(
            say(
                "in {name} {higher} of {n_schools} had higher growth, {lower} lower",
                name=name,
                higher=higher,
                n_schools=counted(len(of_subject), "school"),
                lower=lower,
            )
        )
    if not clauses:
        return say("No school has enough students with a growth percentile to be shown.")
    rest = say("; for the rest it cannot be told") if n_unclear else ""
    return say(
        "Against students with the same earlier scores, {listed}{rest}.", listed="; ".join(clauses), rest=rest
    )


def distribution_title(rows: Sequence[DistributionRow]) -> str:
    """Title of the picture of one subject: from which to which median growth ran."""
    medians = [row.sgp_p50 for row in rows if row.sgp_p50 is not None]
    if not rows:
        return say("No growth percentile can be shown")
    name = terms.subject_name(rows[0].academic_subject)
    if not medians:
        return say("{name}: no group is large enough to be shown", name=name)
    if len(medians) == 1:
        return say(
            "{name}: the median growth percentile was {percentile}",
            name=name,
            percentile=percentile(medians[0]),
        )
    return say(
        "{name}: median growth percentiles ran from {percentile} to {percentile_2}",
        name=name,
        percentile=percentile(min(medians)),
        percentile_2=percentile(max(medians)),
    )


def quadrant_title(rows: Sequence[QuadrantRow]) -> str:
    """Title of the picture of status against growth: where both disagree, which a mean score would hide."""
    n_low = sum(row.quadrant == "lower status, higher growth" for row in rows)
    n_high = sum(row.quadrant == "higher status, lower growth" for row in rows)
    subjects = subjects_of([row for row in rows if row.is_drawn])
    where = (
        say(" in {value}", value=listed([terms.subject_in_sentence(subject) for subject in subjects]))
        if subjects
        else ""
    )
    if not n_low and not n_high:
        return say("Where students stand and how they grow{where}", where=where)
    case = noted("school", "schools") if len(subjects) == 1 else noted("case", "cases")
    parts = []
    if n_low:
        parts.append(say("in {n_low} low scores went with high growth", n_low=counted(n_low, case)))
    if n_high:
        parts.append(say("in {n_high} high scores went with low growth", n_high=counted(n_high, case)))
    return capitalised(listed(parts))
