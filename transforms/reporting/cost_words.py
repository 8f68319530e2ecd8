"""Costs in words, by rules that a test holds.

The rules: a cost is never called good or bad; what .01 SD of growth costs is said only where growth is
clearly higher, else "at least", without an upper end.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import say
from transforms.reporting.cost_rows import ALL_TYPES, CostReport, RatioRow
from transforms.reporting.numerals import (
    NO_NUMBER,
    count,
    decimal,
    listed,
    school_year,
)
from transforms.reporting.words import without_few

MOST_NAMED = 3


def money(value: float | None, currency: str) -> str:
    """An amount: cents below 100, none above; a currency of letters stands apart."""
    if value is None:
        return say(NO_NUMBER)
    gap = " " if currency[-1:].isalpha() else ""
    return f"{currency}{gap}{decimal(value, 0 if abs(value) >= 100 else 2)}"


def ratio_name(row: RatioRow) -> str:
    """PD and subject of a ratio within a sentence."""
    return say(
        "{pd_type_in_sentence} in {subject_in_sentence}",
        pd_type_in_sentence=terms.pd_type_in_sentence(row.pd_type),
        subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
    )


def cost_of_growth(row: RatioRow, currency: str) -> str:
    """What .01 SD costs, with its interval or why there is no upper end."""
    if not row.has_ratio or row.is_suppressed:
        return say(NO_NUMBER)
    if row.ci_low is None:
        return say("none: growth is not higher")
    if row.ci_high is None:
        return say("at least {money}", money=money(row.ci_low, currency))
    bounds = say(
        "{money} to {money_2}", money=money(row.ci_low, currency), money_2=money(row.ci_high, currency)
    )
    return f"{money(row.cost_per_001_sd, currency)} ({bounds})"


def ratio_reason(row: RatioRow) -> str:
    """Why a ratio has no number, without a full stop and without counting few people."""
    reason = (row.note or say("no number")).removeprefix("not computed: ").strip().rstrip(".")
    return without_few(reason)


def answer(costs: CostReport) -> tuple[str, ...]:
    """What was spent, what growth costs, and what that does not say."""
    if not costs.has_costs or costs.year is None:
        return (_nothing_known(costs),)
    return (_spent(costs), _price_of_growth(costs), _caveat(costs))


def _nothing_known(costs: CostReport) -> str:
    reasons = [row.note for row in costs.all_years if row.note and row.pd_type == ALL_TYPES]
    reason = reasons[0].rstrip(".") if reasons else say("no activity has costs")
    return say("What professional development (PD) cost is not known: {reason}.", reason=reason)


def _spent(costs: CostReport) -> str:
    year = costs.year
    if year is None or year.total_cost is None:
        return _nothing_known(costs)
    when = (
        say("Over all years")
        if costs.is_all_years
        else say("In {report_year}", report_year=school_year(costs.report_year))
    )
    sentence = say(
        "{when} professional development (PD) cost {money}",
        when=when,
        money=money(year.total_cost, costs.currency),
    )
    parts = []
    if year.cost_per_hour is not None:
        parts.append(
            say("{money} for an hour of one participant", money=money(year.cost_per_hour, costs.currency))
        )
    if year.cost_per_student is not None:
        parts.append(
            say("{money} for each student reached", money=money(year.cost_per_student, costs.currency))
        )
    return f"{sentence}: {listed(parts)}." if parts else f"{sentence}."


def _price_of_growth(costs: CostReport) -> str:
    priced = clear_ratios(costs.ratios)
    compared = [row for row in costs.ratios if row.has_ratio]
    unit = say("One hundredth of a standard deviation (0.01 SD) of growth")
    if not compared:
        reasons = [ratio_reason(row) for row in costs.ratios]
        reason = reasons[0] if reasons else say("no design has an estimate")
        return say("What growth costs is not known: {reason}.", reason=reason)
    if not priced:
        return say(
            "{unit} has no known cost for any kind of PD: none goes with clearly higher"
            " growth, so no amount can be said to buy it.",
            unit=unit,
        )
    named = [
        say("{price} with {ratio_name}", price=_price(row, costs.currency), ratio_name=ratio_name(row))
        for row in priced[:MOST_NAMED]
    ]
    rest = len(compared) - len(named)
    more = say("; the table has {rest} more", rest=count(rest)) if rest else ""
    return say("{unit} came at {named}{more}.", unit=unit, named=listed(named), more=more)


def _price(row: RatioRow, currency: str) -> str:
    bounds = say(
        "{money} to {money_2}", money=money(row.ci_low, currency), money_2=money(row.ci_high, currency)
    )
    return say(
        "{money} a student (90% interval {bounds})", money=money(row.cost_per_001_sd, currency), bounds=bounds
    )


def _caveat(costs: CostReport) -> str:
    merit = say("A low cost is no merit by itself: it counts beside the growth that it goes with")
    if any(row.design == "lottery" for row in costs.ratios):
        return say(
            "{merit}; places were drawn by lot, so a clear difference can be put down to the offer.",
            merit=merit,
        )
    if not any(row.has_ratio for row in costs.ratios):
        return f"{merit}."
    return say("{merit}, and that is an association, for teachers were not assigned at random.", merit=merit)


def clear_ratios(rows: Sequence[RatioRow]) -> list[RatioRow]:
    """Those with clearly higher growth, the largest difference first."""
    clear = [row for row in rows if row.is_clear_and_priced]
    return sorted(clear, key=lambda row: (-(row.effect_sd or 0), row.pd_type, row.academic_subject))
