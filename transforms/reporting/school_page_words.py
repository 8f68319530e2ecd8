"""Sentences about one school, by rules that a test holds: described, never ranked, no cause named.

Growth is above or below what is typical only where the interval of the median leaves 50 out; answers differ
from those of comparable schools only where the interval of the school leaves their middle out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.improvement.balance_rules import NOT_AVAILABLE, ON_THE_LINE, QUADRANTS
from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
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

ABOVE, BELOW = noted("above typical"), noted("below typical")
ABOUT, NOT_SHOWN = noted("about typical"), noted("not shown")
WIDE_GAP = 1.0
_QUARTERS = {
    "in the bottom quarter of schools": noted("less than in three of four schools"),
    "in the top quarter of schools": noted("more than in three of four schools"),
    "top quarter of its level": noted("more than in three of four schools of its level"),
    "bottom quarter of its level": noted("fewer than in three of four schools of its level"),
}
_MOST_NAMED = 2
_OWN_SENTENCES = ("driver_", "need_fit_gap", "one_off_money")  # money goes where hours go
_UNSERVED = noted("high need, few hours")
_STANDS = {
    QUADRANTS[True, True]: noted("more than the line on both"),
    QUADRANTS[True, False]: noted(
        "more than the line on the district's priorities, less of the school's own choice"
    ),
    QUADRANTS[False, True]: noted(
        "less than the line on the district's priorities, more of the school's own choice"
    ),
    QUADRANTS[False, False]: noted("less than the line on both"),
    ON_THE_LINE: noted("too close to a line to say on which side of it"),
}


def without_places(text: str) -> str:
    """What a rule says of the quarter that a school is in, without calling it the top or the bottom."""
    for place, plainly in _QUARTERS.items():
        text = text.replace(place, say(plainly))
    return text


def stands(quadrant: str) -> str:
    """What the place of a school between the district's priorities and its own choice means; or empty."""
    return say(_STANDS.get(quadrant, ""))


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
        return say(
            "How many hours of professional development (PD) the teachers of this {a_school}"
            " had in {year} cannot be shown{known}.",
            a_school=a_school(level),
            year=school_year(year),
            known=known,
        )
    beside = (
        ""
        if peers is None
        else say(
            " (median of {level_schools}: {middle})",
            level_schools=level_schools(level),
            middle=decimal(peers.middle, 1),
        )
    )
    return say(
        "In {year} the teachers of this {a_school} had {hours_per_teacher} hours of"
        " professional development (PD) on average{beside}{words}.",
        year=school_year(year),
        a_school=a_school(level),
        hours_per_teacher=decimal(balance.hours_per_teacher, 1),
        beside=beside,
        words="; " + most if most else "",
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
        say("most of them were reached by {kinds}", kinds=listed(kinds))
        if (shown[0].share or 0.0) > 0.5
        else say("the largest shares of them were reached by {kinds}", kinds=listed(kinds))
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
        return say("How its students grew in {year} cannot be shown.", year=school_year(year))
    figures = [
        f"{terms.subject_in_sentence(row.academic_subject)} {_spelled_out(row, place == 0)}"
        for place, row in enumerate(shown)
    ]
    return say(
        "Growth of its students was {verdicts} ({listed}); 50 is what is expected from their earlier scores.",
        verdicts=_verdicts(shown),
        listed="; ".join(figures),
    )


def _verdicts(shown: Sequence[SchoolGrowthRow]) -> str:
    """Each verdict with its subjects: "above typical in reading and mathematics"."""
    subjects: dict[str, list[str]] = {}
    for row in shown:
        subjects.setdefault(growth_verdict(row), []).append(terms.subject_in_sentence(row.academic_subject))
    return listed(
        [
            say("{verdict} in {names}", verdict=verdict, names=listed(names))
            for verdict, names in subjects.items()
        ]
    )


def _spelled_out(row: SchoolGrowthRow, is_first: bool) -> str:
    bounds = interval(row.median_sgp_ci_low, row.median_sgp_ci_high, 0)
    middle = decimal(row.median_sgp, 0)
    return (
        say("median growth percentile {middle}, 95% interval {bounds}", middle=middle, bounds=bounds)
        if is_first
        else f"{middle}, {bounds}"
    )


def growth_title(rows: Sequence[SchoolGrowthRow], year: int) -> str:
    """What to see in the picture of growth."""
    shown = growth_of_year(rows, year)
    if not shown:
        return say("Growth in years before {year}, which cannot be shown", year=school_year(year))
    return say("Growth in {year} was {verdicts}", year=school_year(year), verdicts=_verdicts(shown))


def fit_sentence(needs: Sequence[NeedRow]) -> str:
    """Which needs the hours met and which not; that nothing is rated where nothing is."""
    shown = [row for row in needs if row.need is not None]
    if not shown:
        return say("Need and fit of priorities are not rated here, or cannot be shown.")
    unserved = [row for row in shown if row.need_and_hours == say(_UNSERVED)]
    if unserved:
        named = [_unserved(row) for row in unserved[:_MOST_NAMED]]
        more = len(unserved) - len(named)
        rest = (
            say(
                " and {n_more_priorities}",
                n_more_priorities=counted(more, "more priority", "more priorities"),
            )
            if more
            else ""
        )
        return say("Need is high but hours are few for {named}{rest}.", named=listed(named), rest=rest)
    apart = _apart(shown)
    if apart:
        return say("Hours reached each priority with high need, but {apart}.", apart=apart)
    return say("No priority with high need had few hours, and none is rated far apart in need and fit.")


def _unserved(row: NeedRow) -> str:
    usual = (
        ""
        if row.peer_hours_per_teacher is None
        else say(
            ", usual {peer_hours_per_teacher}", peer_hours_per_teacher=decimal(row.peer_hours_per_teacher, 1)
        )
    )
    title = row.priority_title or row.priority_id
    hours = say(
        "{hours_per_teacher} hours a teacher{usual}",
        hours_per_teacher=decimal(row.hours_per_teacher, 1),
        usual=usual,
    )
    return say("“{title}” (need {need} of 5; {hours})", title=title, need=decimal(row.need, 0), hours=hours)


def _apart(shown: Sequence[NeedRow]) -> str:
    n_apart = sum((row.gap or 0.0) >= WIDE_GAP for row in shown)
    return (
        ""
        if not n_apart
        else say(
            "need is rated above fit in {n_apart} of {n_ratings}",
            n_apart=n_apart,
            n_ratings=counted(len(shown), "rating"),
        )
    )


def fit_title(needs: Sequence[NeedRow]) -> str:
    """What to see in the picture of need and fit."""
    shown = [row for row in needs if row.need is not None and row.fit is not None]
    return capitalised(_apart(shown)) or say("Need is nowhere rated a point or more above fit")


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
        named = listed([*names, say("{rest} more", rest=rest)] if rest else names)
        return say(
            "{named} reached more teachers here than in three of four {level_schools}",
            named=capitalised(named),
            level_schools=level_schools(level),
        )
    most = _reached_most(rows)
    return (
        capitalised(most.replace(say("of them"), say("of its teachers")))
        if most
        else say("Shares of teachers cannot be shown")
    )


def is_apart(row: ScoreRow, peers: Peers | None) -> bool:
    """Whether the interval of the school leaves the middle of comparable schools out."""
    if peers is None or row.ci_low is None or row.ci_high is None:
        return False
    return not row.ci_low <= peers.middle <= row.ci_high


def drivers_apart(rows: Sequence[ScoreRow], peers: Mapping[str, Peers]) -> list[str]:
    """Drivers whose answers differ from those of comparable schools: "trust below"."""
    return [
        f"{driver_in_sentence(row.driver)} {say(_side(row, peers[row.driver]))}"
        for row in rows
        if row.driver in peers and is_apart(row, peers[row.driver])
    ]


def _side(row: ScoreRow, peers: Peers) -> str:
    return noted("above") if (row.mean_score or 0) > peers.middle else noted("below")


def drivers_title(rows: Sequence[ScoreRow], peers: Mapping[str, Peers], level: str | None) -> str:
    """Which drivers stand apart from the middle of comparable schools, by the school's own interval."""
    if not any(row.driver in peers for row in rows):
        return say(
            "Teachers' answers; there are too few {level_schools} to set beside them",
            level_schools=level_schools(level),
        )
    apart = drivers_apart(rows, peers)
    if not apart:
        return say(
            "Teachers' answers cannot be told apart from the median of {level_schools}",
            level_schools=level_schools(level),
        )
    return say(
        "Beside the median of {level_schools}, teachers' answers: {apart}",
        level_schools=level_schools(level),
        apart=listed(apart),
    )


def balance_sentence(row: SchoolBalanceRow | None) -> str:
    """Where the school stands between the district's priorities and its own choice."""
    if row is None or row.alignment is None or row.differentiation is None:
        return say(
            "How its hours stand between the district's priorities and its own choice cannot be shown."
        )
    said = say(
        "{alignment} of hours were on priorities of the district (line: {alignment_cut}) and"
        " {differentiation} were chosen by the school or its teachers (line:"
        " {differentiation_cut})",
        alignment=percent(row.alignment),
        alignment_cut=percent(row.alignment_cut),
        differentiation=percent(row.differentiation),
        differentiation_cut=percent(row.differentiation_cut),
    )
    return (
        f"{said}."
        if row.quadrant == NOT_AVAILABLE
        else say(
            "{said}: “{quadrant}”, that is {stands}.",
            said=said,
            quadrant=row.quadrant,
            stands=stands(row.quadrant),
        )
    )


def indicator_number(row: IndicatorRow, value: float | None) -> str:
    """A value of an indicator in its unit."""
    if row.unit.startswith("share"):
        return percent(value)
    return decimal(value, 0 if row.unit == "days" else 1 if "1 to 5" not in row.unit else 2)


def judged_indicators(rows: Sequence[IndicatorRow], year: int, rules: Mapping[str, str]) -> list[str]:
    """Indicators that their rule calls a concern; drivers and need have sentences of their own."""
    return [
        say(
            "{label}: {indicator_number}{beside}, a concern by its rule ({indicator}).",
            label=row.label,
            indicator_number=indicator_number(row, row.value),
            beside=_beside(row),
            indicator=rules.get(row.indicator, say("not on record")),
        )
        for row in rows
        if row.school_year == year
        and row.status == "concern"
        and row.value is not None
        and row.category == "all"
        and not row.indicator.startswith(_OWN_SENTENCES)
    ]


def _beside(row: IndicatorRow) -> str:
    compared = row.comparison_value
    return (
        ""
        if compared is None
        else say(
            " (comparable schools: {indicator_number})", indicator_number=indicator_number(row, compared)
        )
    )
