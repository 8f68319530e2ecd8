"""Sentences about one school, by rules that a test holds: described, never ranked, no cause named.

Growth is above or below what is typical only where the interval of the median leaves 50 out; answers differ
from those of comparable schools only where the interval of the school leaves their middle out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.improvement.balance_rules import NOT_AVAILABLE, ON_THE_LINE, QUADRANTS
from transforms.reporting import terms
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.learning_rows import ScoreRow, driver_in_sentence
from transforms.reporting.numerals import (
    capitalised,
    counted,
    decimal,
    interval,
    listed,
    percent,
    school_year,
)
from transforms.reporting.school_page_charts import EXPECTED
from transforms.reporting.school_page_rows import (
    NeedRow,
    SchoolBalanceRow,
    SchoolGrowthRow,
    SchoolReachRow,
)
from transforms.reporting.school_peers import Peers, a_school, level_schools

ABOVE, BELOW, ABOUT, NOT_SHOWN = "above typical", "below typical", "about typical", "not shown"
WIDE_GAP = 1.0
_QUARTERS = {
    "in the bottom quarter of schools": "less than in three of four schools",
    "in the top quarter of schools": "more than in three of four schools",
    "top quarter of its level": "more than in three of four schools of its level",
    "bottom quarter of its level": "fewer than in three of four schools of its level",
}
_MOST_NAMED = 2
_OWN_SENTENCES = ("driver_", "need_fit_gap", "one_off_money")  # money goes where hours go
_UNSERVED = "high need, few hours"
_STANDS = {
    QUADRANTS[True, True]: "more than the line on both",
    QUADRANTS[
        True, False
    ]: "more than the line on the district's priorities, less of the school's own choice",
    QUADRANTS[
        False, True
    ]: "less than the line on the district's priorities, more of the school's own choice",
    QUADRANTS[False, False]: "less than the line on both",
    ON_THE_LINE: "too close to a line to say on which side of it",
}


def without_places(text: str) -> str:
    """What a rule says of the quarter that a school is in, without calling it the top or the bottom."""
    for place, plainly in _QUARTERS.items():
        text = text.replace(place, plainly)
    return text


def stands(quadrant: str) -> str:
    """What the place of a school between the district's priorities and its own choice means; or empty."""
    return _STANDS.get(quadrant, "")


def hours_sentence(
    balance: SchoolBalanceRow | None,
    reach: Sequence[SchoolReachRow],
    peers: Peers | None,
    level: str | None,
    year: int,
) -> str:
    """How many hours its teachers had beside comparable schools, and what reached most of them."""
    most = _reached_most(reach)
    if balance is None or balance.hours_per_teacher is None:
        known = f"; {most}" if most else ""
        return (
            f"How many hours of professional development (PD) the teachers of this {a_school(level)} had in"
            f" {school_year(year)} cannot be shown{known}."
        )
    beside = "" if peers is None else f" (median of {level_schools(level)}: {decimal(peers.middle, 1)})"
    return (
        f"In {school_year(year)} the teachers of this {a_school(level)} had"
        f" {decimal(balance.hours_per_teacher, 1)} hours of professional development (PD) on average{beside}"
        f"{'; ' + most if most else ''}."
    )


def _reached_most(reach: Sequence[SchoolReachRow]) -> str:
    shown = sorted(
        (row for row in reach if row.share),
        key=lambda row: (-(row.share or 0.0), row.pd_type),
    )
    if not shown:
        return ""
    kinds = [f"{terms.pd_type_in_sentence(row.pd_type)} ({percent(row.share)})" for row in shown[:2]]
    return (
        f"most of them were reached by {listed(kinds)}"
        if (shown[0].share or 0.0) > 0.5
        else f"the largest shares of them were reached by {listed(kinds)}"
    )


def growth_verdict(row: SchoolGrowthRow) -> str:
    """Growth beside that of students with the same earlier scores; an interval that ends at 50 holds it."""
    if row.median_sgp is None or row.median_sgp_ci_low is None or row.median_sgp_ci_high is None:
        return NOT_SHOWN
    if row.median_sgp_ci_low > EXPECTED:
        return ABOVE
    return BELOW if row.median_sgp_ci_high < EXPECTED else ABOUT


def growth_figures(row: SchoolGrowthRow) -> str:
    """The median with its interval: "58 (53 to 63)"."""
    bounds = interval(row.median_sgp_ci_low, row.median_sgp_ci_high, 0)
    return f"{decimal(row.median_sgp, 0)} ({bounds})"


def growth_of_year(rows: Sequence[SchoolGrowthRow], year: int) -> list[SchoolGrowthRow]:
    """The rows of one year that are shown."""
    return [row for row in rows if row.school_year == year and growth_verdict(row) != NOT_SHOWN]


def growth_sentence(rows: Sequence[SchoolGrowthRow], year: int) -> str:
    """How its students grew in each subject, told from what is typical only where the interval allows."""
    shown = growth_of_year(rows, year)
    if not shown:
        return f"How its students grew in {school_year(year)} cannot be shown."
    figures = [
        f"{terms.subject_in_sentence(row.academic_subject)} {_spelled_out(row, place == 0)}"
        for place, row in enumerate(shown)
    ]
    return (
        f"Growth of its students was {_verdicts(shown)} ({'; '.join(figures)}); 50 is what is expected"
        " from their earlier scores."
    )


def _verdicts(shown: Sequence[SchoolGrowthRow]) -> str:
    """Each verdict with its subjects: "above typical in reading and mathematics"."""
    subjects: dict[str, list[str]] = {}
    for row in shown:
        subjects.setdefault(growth_verdict(row), []).append(terms.subject_in_sentence(row.academic_subject))
    return listed([f"{verdict} in {listed(names)}" for verdict, names in subjects.items()])


def _spelled_out(row: SchoolGrowthRow, is_first: bool) -> str:
    bounds = interval(row.median_sgp_ci_low, row.median_sgp_ci_high, 0)
    middle = decimal(row.median_sgp, 0)
    return f"median growth percentile {middle}, 95% interval {bounds}" if is_first else f"{middle}, {bounds}"


def growth_title(rows: Sequence[SchoolGrowthRow], year: int) -> str:
    """What to see in the picture of growth."""
    shown = growth_of_year(rows, year)
    if not shown:
        return f"Growth in years before {school_year(year)}, which cannot be shown"
    return f"Growth in {school_year(year)} was {_verdicts(shown)}"


def fit_sentence(needs: Sequence[NeedRow]) -> str:
    """Which needs the hours met and which not; that nothing is rated where nothing is."""
    shown = [row for row in needs if row.need is not None]
    if not shown:
        return "Need and fit of priorities are not rated here, or cannot be shown."
    unserved = [row for row in shown if row.need_and_hours == _UNSERVED]
    if unserved:
        named = [_unserved(row) for row in unserved[:_MOST_NAMED]]
        more = len(unserved) - len(named)
        rest = f" and {counted(more, 'more priority', 'more priorities')}" if more else ""
        return f"Need is high but hours are few for {listed(named)}{rest}."
    apart = _apart(shown)
    if apart:
        return f"Hours reached each priority with high need, but {apart}."
    return "No priority with high need had few hours, and none is rated far apart in need and fit."


def _unserved(row: NeedRow) -> str:
    usual = "" if row.peer_hours_per_teacher is None else f", usual {decimal(row.peer_hours_per_teacher, 1)}"
    title = row.priority_title or row.priority_id
    hours = f"{decimal(row.hours_per_teacher, 1)} hours a teacher{usual}"
    return f"“{title}” (need {decimal(row.need, 0)} of 5; {hours})"


def _apart(shown: Sequence[NeedRow]) -> str:
    n_apart = sum((row.gap or 0.0) >= WIDE_GAP for row in shown)
    return "" if not n_apart else f"need is rated above fit in {n_apart} of {counted(len(shown), 'rating')}"


def fit_title(needs: Sequence[NeedRow]) -> str:
    """What to see in the picture of need and fit."""
    shown = [row for row in needs if row.need is not None and row.fit is not None]
    return capitalised(_apart(shown)) or "Need is nowhere rated a point or more above fit"


def reach_title(rows: Sequence[SchoolReachRow], level: str | None) -> str:
    """What to see in the picture of reach: kinds that reached more than in most comparable schools."""
    more = [
        row
        for row in rows
        if row.share is not None and row.peer_quarter_high is not None and row.share > row.peer_quarter_high
    ]
    if more:
        more.sort(key=lambda row: (-(row.share or 0.0), row.pd_type))
        names = [terms.pd_type_in_sentence(row.pd_type) for row in more[:_MOST_NAMED]]
        rest = len(more) - len(names)
        named = listed([*names, f"{rest} more"] if rest else names)
        return f"{capitalised(named)} reached more teachers here than in three of four {level_schools(level)}"
    most = _reached_most(rows)
    return (
        capitalised(most.replace("of them", "of its teachers"))
        if most
        else "Shares of teachers cannot be shown"
    )


def is_apart(row: ScoreRow, peers: Peers | None) -> bool:
    """Whether the interval of the school leaves the middle of comparable schools out."""
    if peers is None or row.ci_low is None or row.ci_high is None:
        return False
    return not row.ci_low <= peers.middle <= row.ci_high


def drivers_apart(rows: Sequence[ScoreRow], peers: Mapping[str, Peers]) -> list[str]:
    """Drivers whose answers differ from those of comparable schools: "trust below"."""
    return [
        f"{driver_in_sentence(row.driver)}"
        f" {'above' if (row.mean_score or 0) > peers[row.driver].middle else 'below'}"
        for row in rows
        if row.driver in peers and is_apart(row, peers[row.driver])
    ]


def drivers_title(rows: Sequence[ScoreRow], peers: Mapping[str, Peers], level: str | None) -> str:
    """Which drivers stand apart from the middle of comparable schools, by the school's own interval."""
    if not any(row.driver in peers for row in rows):
        return f"Teachers' answers; there are too few {level_schools(level)} to set beside them"
    apart = drivers_apart(rows, peers)
    if not apart:
        return f"Teachers' answers cannot be told apart from the median of {level_schools(level)}"
    return f"Beside the median of {level_schools(level)}, teachers' answers: {listed(apart)}"


def balance_sentence(row: SchoolBalanceRow | None) -> str:
    """Where the school stands between the district's priorities and its own choice."""
    if row is None or row.alignment is None or row.differentiation is None:
        return "How its hours stand between the district's priorities and its own choice cannot be shown."
    said = (
        f"{percent(row.alignment)} of hours were on priorities of the district (line:"
        f" {percent(row.alignment_cut)}) and {percent(row.differentiation)} were chosen by the school or"
        f" its teachers (line: {percent(row.differentiation_cut)})"
    )
    return (
        f"{said}."
        if row.quadrant == NOT_AVAILABLE
        else f"{said}: “{row.quadrant}”, that is {stands(row.quadrant)}."
    )


def indicator_number(row: IndicatorRow, value: float | None) -> str:
    """A value of an indicator in its unit."""
    if row.unit.startswith("share"):
        return percent(value)
    return decimal(value, 0 if row.unit == "days" else 1 if "1 to 5" not in row.unit else 2)


def judged_indicators(rows: Sequence[IndicatorRow], year: int, rules: Mapping[str, str]) -> list[str]:
    """Indicators that their rule calls a concern; drivers and need have sentences of their own."""
    return [
        f"{row.label}: {indicator_number(row, row.value)}{_beside(row)}, a concern by its rule"
        f" ({rules.get(row.indicator, 'not on record')})."
        for row in rows
        if row.school_year == year
        and row.status == "concern"
        and row.value is not None
        and row.category == "all"
        and not row.indicator.startswith(_OWN_SENTENCES)
    ]


def _beside(row: IndicatorRow) -> str:
    compared = row.comparison_value
    return "" if compared is None else f" (comparable schools: {indicator_number(row, compared)})"
