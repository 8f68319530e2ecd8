"""The title of each picture, taken from its numbers: what to see in it, not what it is of."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import say
from transforms.reporting.numerals import counted, percent, school_year, signed
from transforms.reporting.rows import DistrictReachRow, EffectRow, GrowthRow, ReachRow
from transforms.reporting.words import verdict


def comparisons_title(rows: Sequence[EffectRow]) -> str:
    """Title of the picture of all comparisons: how many can be told from zero."""
    estimated = [row for row in rows if not row.is_refused]
    if not estimated:
        return say("No comparison could be made")
    dose = say(" per 10 hours") if estimated[0].contrast == "per_10_hours" else ""
    n_clear = sum(verdict(row).is_clear for row in estimated)
    if len(estimated) == 1:
        return say(
            "The difference{dose} {words} be told from zero",
            dose=dose,
            words=say("can") if n_clear else say("cannot"),
        )
    if not n_clear and len(estimated) == 2:
        return say("Neither difference{dose} can be told from zero", dose=dose)
    if not n_clear:
        return say(
            "None of {n_estimated} differences{dose} can be told from zero",
            n_estimated=len(estimated),
            dose=dose,
        )
    return say(
        "Of {n_estimated} differences{dose}, {n_clear} can be told from zero",
        n_estimated=len(estimated),
        dose=dose,
        n_clear=n_clear,
    )


def district_reach_title(rows: Sequence[DistrictReachRow], report_year: int) -> str:
    """Title of the picture of reach by PD type."""
    shown = [row for row in rows if row.school_year == report_year and row.share is not None]
    if not shown:
        return say("No PD reach can be shown for {report_year}", report_year=school_year(report_year))
    most = max(shown, key=lambda row: row.share or 0)
    reached = say(
        "{pd_type_name} reached {share} of teachers",
        pd_type_name=terms.pd_type_name(most.pd_type),
        share=percent(most.share),
    )
    rank = say(", the most of any kind of PD") if len(shown) > 1 else ""
    return say(
        "{reached} in {report_year}{rank}", reached=reached, report_year=school_year(report_year), rank=rank
    )


def school_reach_title(rows: Sequence[ReachRow]) -> str:
    """Title of the picture of reach by school: the PD type that differs most between schools."""
    shares: dict[str, list[float]] = {}
    for row in rows:
        if row.share is not None:
            shares.setdefault(row.pd_type, []).append(row.share)
    spread = {pd_type: (min(values), max(values)) for pd_type, values in shares.items() if len(values) > 1}
    if not spread:
        return say("Too few schools can be shown to compare reach")
    pd_type, (low, high) = max(spread.items(), key=lambda item: item[1][1] - item[1][0])
    return say(
        "{pd_type_name} reached from {low} to {high} of a school's teachers",
        pd_type_name=terms.pd_type_name(pd_type),
        low=percent(low),
        high=percent(high),
    )


def growth_title(drawn: Sequence[GrowthRow], academic_subject: str, n_schools: int) -> str:
    """Title of the picture of growth in one subject; ``drawn`` are the schools that it shows."""
    gains = [row.mean_gain_sd for row in drawn if row.mean_gain_sd is not None]
    name = terms.subject_name(academic_subject)
    if len(gains) < 2:
        return say("{name}: too few schools to compare", name=name)
    which = (
        say("the {n_drawn} largest schools", n_drawn=len(drawn))
        if len(drawn) < n_schools
        else counted(len(drawn), "school")
    )
    return say(
        "{name}: mean gains of {which} ran from {min} to {max} SD",
        name=name,
        which=which,
        min=signed(min(gains)),
        max=signed(max(gains)),
    )
