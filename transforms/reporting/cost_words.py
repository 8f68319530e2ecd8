"""Costs in words, by rules that a test holds.

The rules: a cost is never called good or bad; what .01 SD of growth costs is said only where growth is
clearly higher, else "at least", without an upper end.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.cost_rows import ALL_TYPES, CostReport, RatioRow
from transforms.reporting.numerals import (
    NO_NUMBER,
    count,
    decimal,
    listed,
    school_year,
)
from transforms.reporting.words import FEW

MOST_NAMED = 3


def money(value: float | None, currency: str) -> str:
    """An amount: cents below 100, none above; a currency of letters stands apart."""
    if value is None:
        return NO_NUMBER
    gap = " " if currency[-1:].isalpha() else ""
    return f"{currency}{gap}{decimal(value, 0 if abs(value) >= 100 else 2)}"


def ratio_name(row: RatioRow) -> str:
    """PD and subject of a ratio within a sentence."""
    return f"{terms.pd_type_in_sentence(row.pd_type)} in {terms.subject_in_sentence(row.academic_subject)}"


def cost_of_growth(row: RatioRow, currency: str) -> str:
    """What .01 SD costs, with its interval or why there is no upper end."""
    if not row.has_ratio or row.is_suppressed:
        return NO_NUMBER
    if row.ci_low is None:
        return "none: growth is not higher"
    if row.ci_high is None:
        return f"at least {money(row.ci_low, currency)}"
    bounds = f"{money(row.ci_low, currency)} to {money(row.ci_high, currency)}"
    return f"{money(row.cost_per_001_sd, currency)} ({bounds})"


def ratio_reason(row: RatioRow) -> str:
    """Why a ratio has no number, without a full stop and without counting few people."""
    reason = (row.note or "no number").removeprefix("not computed: ").strip().rstrip(".")
    return FEW.sub(r"fewer than \3 \2", reason)


def answer(costs: CostReport) -> tuple[str, ...]:
    """What was spent, what growth costs, and what that does not say."""
    if not costs.has_costs or costs.year is None:
        return (_nothing_known(costs),)
    return (_spent(costs), _price_of_growth(costs), _caveat(costs))


def _nothing_known(costs: CostReport) -> str:
    reasons = [row.note for row in costs.all_years if row.note and row.pd_type == ALL_TYPES]
    reason = reasons[0].rstrip(".") if reasons else "no activity has costs"
    return f"What professional development (PD) cost is not known: {reason}."


def _spent(costs: CostReport) -> str:
    year = costs.year
    if year is None or year.total_cost is None:
        return _nothing_known(costs)
    when = "Over all years" if costs.is_all_years else f"In {school_year(costs.report_year)}"
    sentence = f"{when} professional development (PD) cost {money(year.total_cost, costs.currency)}"
    parts = []
    if year.cost_per_hour is not None:
        parts.append(f"{money(year.cost_per_hour, costs.currency)} for an hour of one participant")
    if year.cost_per_student is not None:
        parts.append(f"{money(year.cost_per_student, costs.currency)} for each student reached")
    return f"{sentence}: {listed(parts)}." if parts else f"{sentence}."


def _price_of_growth(costs: CostReport) -> str:
    priced = clear_ratios(costs.ratios)
    compared = [row for row in costs.ratios if row.has_ratio]
    unit = "One hundredth of a standard deviation (0.01 SD) of growth"
    if not compared:
        reasons = [ratio_reason(row) for row in costs.ratios]
        reason = reasons[0] if reasons else "no design has an estimate"
        return f"What growth costs is not known: {reason}."
    if not priced:
        return (
            f"{unit} has no known cost for any kind of PD: none goes with clearly higher growth,"
            " so no amount can be said to buy it."
        )
    named = [f"{_price(row, costs.currency)} with {ratio_name(row)}" for row in priced[:MOST_NAMED]]
    rest = len(compared) - len(named)
    more = f"; the table has {count(rest)} more" if rest else ""
    return f"{unit} came at {listed(named)}{more}."


def _price(row: RatioRow, currency: str) -> str:
    bounds = f"{money(row.ci_low, currency)} to {money(row.ci_high, currency)}"
    return f"{money(row.cost_per_001_sd, currency)} a student (90% interval {bounds})"


def _caveat(costs: CostReport) -> str:
    merit = "A low cost is no merit by itself: it counts beside the growth that it goes with"
    if any(row.design == "lottery" for row in costs.ratios):
        return f"{merit}; places were drawn by lot, so a clear difference can be put down to the offer."
    if not any(row.has_ratio for row in costs.ratios):
        return f"{merit}."
    return f"{merit}, and that is an association, for teachers were not assigned at random."


def clear_ratios(rows: Sequence[RatioRow]) -> list[RatioRow]:
    """Those with clearly higher growth, the largest difference first."""
    clear = [row for row in rows if row.is_clear_and_priced]
    return sorted(clear, key=lambda row: (-(row.effect_sd or 0), row.pd_type, row.academic_subject))
