"""Sentences about one school, by rules that a test holds: described, never ranked, no cause named.

Growth is above or below what is usual only where the interval of the median leaves 50 out.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.improvement.balance_rules import NOT_AVAILABLE
from transforms.reporting import terms
from transforms.reporting.learning_rows import ScoreRow, driver_name
from transforms.reporting.numerals import capitalised, decimal, interval, listed, percent, school_year
from transforms.reporting.school_page_rows import (
    SchoolBalanceRow,
    SchoolGrowthRow,
    SchoolReachRow,
)

USUAL = 50.0


def hours_sentence(balance: Sequence[SchoolBalanceRow], reach: Sequence[SchoolReachRow], year: int) -> str:
    """How many hours its teachers had, and of what."""
    hours = next((row.hours_per_teacher for row in balance if not row.is_suppressed), None)
    shown = sorted(
        (row for row in reach if row.share_of_teachers), key=lambda row: -(row.share_of_teachers or 0.0)
    )
    kinds = [
        f"{terms.pd_type_in_sentence(row.pd_type)} ({percent(row.share_of_teachers)})" for row in shown[:2]
    ]
    if hours is None and not kinds:
        return f"For {school_year(year)} nothing can be shown about professional development (PD) here."
    had = "" if hours is None else f"its teachers had {decimal(hours, 1)} hours of PD on average"
    most = f"what reached most of them: {listed(kinds)}" if kinds else ""
    return f"In {school_year(year)} {'; '.join(filter(None, (had, most)))}."


def growth_sentence(rows: Sequence[SchoolGrowthRow], year: int) -> str:
    """How its students grew in each subject, told from what is usual only where the interval allows."""
    shown = [row for row in rows if row.school_year == year and row.median_sgp is not None]
    if not shown:
        return f"How its students grew in {school_year(year)} cannot be shown."
    return " ".join(capitalised(_growth_clause(row)) + "." for row in shown)


def _growth_clause(row: SchoolGrowthRow) -> str:
    subject = terms.subject_in_sentence(row.academic_subject)
    bounds = interval(row.median_sgp_ci_low, row.median_sgp_ci_high, 0)
    figures = f"median growth percentile {decimal(row.median_sgp, 0)}, 95% interval {bounds}"
    return f"in {subject} growth was {growth_verdict(row)} ({figures})"


def growth_at_a_glance(rows: Sequence[SchoolGrowthRow], year: int) -> tuple[str, ...]:
    """The same in a few words a subject."""
    return tuple(
        f"{terms.subject_name(row.academic_subject)}: {growth_verdict(row)}"
        f" ({decimal(row.median_sgp, 0)}; {interval(row.median_sgp_ci_low, row.median_sgp_ci_high, 0)})"
        for row in rows
        if row.school_year == year and row.median_sgp is not None
    )


def growth_verdict(row: SchoolGrowthRow) -> str:
    """Growth against that of all students with the same earlier scores."""
    if row.median_sgp is None or row.median_sgp_ci_low is None or row.median_sgp_ci_high is None:
        return "not shown"
    if row.median_sgp_ci_low > USUAL:
        return "higher than usual"
    return "lower than usual" if row.median_sgp_ci_high < USUAL else "not told apart from the usual"


def growth_title(rows: Sequence[SchoolGrowthRow], year: int) -> str:
    """What to see in the picture of growth."""
    now = [row for row in rows if row.school_year == year and row.median_sgp is not None]
    parts = [f"{terms.subject_in_sentence(row.academic_subject)} {growth_verdict(row)}" for row in now]
    if not parts:
        return "Growth in earlier years"
    return f"Growth in {school_year(year)}: {listed(parts)}"


def reach_title(rows: Sequence[SchoolReachRow]) -> str:
    """What to see in the picture of reach: the type that reached most."""
    shown = [row for row in rows if row.share_of_teachers]
    if not shown:
        return ""
    most = max(shown, key=lambda row: (row.share_of_teachers or 0.0, row.pd_type))
    return f"{terms.pd_type_name(most.pd_type)} reached most teachers: {percent(most.share_of_teachers)}"


def drivers_title(rows: Sequence[ScoreRow], district: Sequence[ScoreRow]) -> str:
    """Which drivers stand apart from the district's mean, by the school's own interval."""
    means = {row.driver: row.mean_score for row in district}
    apart = []
    for row in rows:
        mean = means.get(row.driver)
        if mean is None or row.ci_low is None or row.ci_high is None:
            continue
        if not row.ci_low <= mean <= row.ci_high:
            side = "above" if row.ci_low > mean else "below"
            apart.append(f"{driver_name(row.driver).lower()} {side}")
    if not apart:
        return "Teachers' answers cannot be told apart from those of the district"
    return f"Against the district's teachers: {listed(apart)}"


def balance_sentence(rows: Sequence[SchoolBalanceRow]) -> str:
    """Where the school stands between the district's priorities and its own choice."""
    row = next((row for row in rows if not row.is_suppressed), None)
    if row is None or row.alignment is None or row.differentiation is None:
        return "How its hours stand between the district's priorities and its own choice cannot be shown."
    said = (
        f"{percent(row.alignment)} of hours were on priorities of the district (comparable schools:"
        f" {percent(row.alignment_cut)}), {percent(row.differentiation)} were chosen locally (comparable"
        f" schools: {percent(row.differentiation_cut)})"
    )
    return f"{said}." if row.quadrant == NOT_AVAILABLE else f"{said}: {row.quadrant}."
