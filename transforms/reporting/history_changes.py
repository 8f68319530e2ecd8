"""What is said of two reports beside each other: pairs of comparisons, recommendations, indicators.

Nothing is tested between two estimates: most of the same teachers' years are in both, so the error of their
difference is not known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.history.differences import Difference, Interval, differences
from transforms.improvement.decision_review import Decision, Said, acted_on
from transforms.improvement.type_measures import TypeYear
from transforms.reporting.catalogue import say
from transforms.reporting.decision_rows import ReviewRow
from transforms.reporting.history_rows import (
    ComparisonRow,
    DistrictIndicator,
    History,
    HoursRow,
    PastRecommendation,
)
from transforms.reporting.words import Verdict, verdict

NOTABLE_SHARE, NOTABLE_RATIO = 0.05, 0.10


@dataclass(frozen=True)
class ComparisonPair:
    """One comparison in both reports, by the same design and contrast; None where a report has none."""

    then: ComparisonRow | None
    now: ComparisonRow | None

    @property
    def row(self) -> ComparisonRow:
        """Either of both, for what they share."""
        row = self.now or self.then
        if row is None:
            raise ValueError("a pair of nothing")
        return row

    @property
    def verdicts(self) -> tuple[Verdict | None, Verdict | None]:
        """How both read; None where a report did not ask. An estimate whose design failed its check with
        planted effects is never clear."""
        return _read(self.then), _read(self.now)

    @property
    def is_same_reading(self) -> bool:
        """Whether both read alike."""
        then, now = self.verdicts
        return then is now

    @property
    def has_both(self) -> bool:
        """Whether both have a number."""
        return not any(row is None or row.is_refused for row in (self.then, self.now))

    @property
    def overlap(self) -> str:
        """``within`` where each interval holds the other's estimate, ``overlap``, or ``apart``; "" where a
        number is missing."""
        then, now = _interval(self.then), _interval(self.now)
        if then is None or now is None:
            return ""
        if then.low <= now.value <= then.high and now.low <= then.value <= now.high:
            return "within"
        return "overlap" if then.low <= now.high and now.low <= then.high else "apart"


def _read(row: ComparisonRow | None) -> Verdict | None:
    if row is None:
        return None
    read = verdict(row)
    return Verdict.NOT_TOLD_APART if row.is_struck_out and read.is_clear else read


def _interval(row: ComparisonRow | DistrictIndicator | None) -> Interval | None:
    if row is None:
        return None
    value = row.estimate_sd if isinstance(row, ComparisonRow) else row.value
    if value is None or row.ci_low is None or row.ci_high is None:
        return None
    return Interval(value, row.ci_low, row.ci_high)


def comparison_pairs(history: History) -> tuple[ComparisonPair, ...]:
    """The last report's comparisons beside the same ones now, then those that are new, by subject."""
    then = {row.question: row for row in history.comparisons_then}
    now = {row.question: row for row in history.now_as_then}
    questions = sorted(then.keys() | now.keys(), key=lambda question: (question[1], question[0]))
    return tuple(ComparisonPair(then.get(question), now.get(question)) for question in questions)


@dataclass(frozen=True)
class RecommendationPair:
    """One PD type: recommended then, decided since, done, and recommended now."""

    pd_type: str
    then: PastRecommendation | None
    now: PastRecommendation | None
    decisions: tuple[ReviewRow, ...]
    hours_then: float | None
    hours_now: float | None
    followed: Said | None  # whether hours and reach went as recommended then

    @property
    def is_other_action(self) -> bool:
        """Whether both reports recommend something, and not the same."""
        return self.then is not None and self.now is not None and self.then.action != self.now.action


def recommendation_pairs(history: History) -> tuple[RecommendationPair, ...]:
    """Each type that either report recommended something about."""
    then = {row.pd_type: row for row in history.recommendations_then}
    now = {row.pd_type: row for row in history.recommendations_now}
    return tuple(
        _recommendation(history, pd_type, then.get(pd_type), now.get(pd_type))
        for pd_type in sorted(then.keys() | now.keys())
    )


def _recommendation(
    history: History, pd_type: str, then: PastRecommendation | None, now: PastRecommendation | None
) -> RecommendationPair:
    years = {row.school_year: row for row in history.hours if row.pd_type == pd_type}
    first, last = (history.then.report_year if history.then else 0), history.report_year
    before, after = years.get(first), years.get(last)
    followed = None
    if then is not None and then.action and not history.is_same_year:
        followed = _followed(history, pd_type, then.action, before, after)
    return RecommendationPair(
        pd_type,
        then,
        now,
        tuple(row for row in history.decisions if row.pd_type == pd_type),
        _hours_of(before, history, first),
        _hours_of(after, history, last),
        followed,
    )


def _hours_of(row: HoursRow | None, history: History, year: int) -> float | None:
    """Hours of a type; 0 where others have hours in that year; None where hidden or no hours are known."""
    if row is not None:
        return row.hours
    return 0.0 if any(one.school_year == year for one in history.hours) else None


def _followed(
    history: History, pd_type: str, action: str, before: HoursRow | None, after: HoursRow | None
) -> Said:
    """Hold hours and reach against what was recommended, by the rule for decisions."""
    first = history.then.report_year if history.then else history.report_year
    if action in ("adapt", "study"):
        return Said("cannot_tell", say("it does not show in hours"))
    years = (
        _type_year(before, pd_type, first, history),
        _type_year(after, pd_type, history.report_year, history),
    )
    if any(row is not None and row.is_suppressed for row in (before, after)):
        return Said("cannot_tell", say("of too few people to be shown"))
    wanted = Decision("", first, pd_type, action, None, None, history.report_year, None)
    return acted_on(wanted, *years)


def _type_year(row: HoursRow | None, pd_type: str, year: int, history: History) -> TypeYear | None:
    hours = _hours_of(row, history, year)
    if hours is None:
        return None
    if row is None:
        return TypeYear(pd_type, year, hours, 0, 0, 0)
    return TypeYear(pd_type, year, hours, row.n_staff or 0, row.n_teachers_reached or 0, row.n_teachers or 0)


@dataclass(frozen=True)
class IndicatorChange:
    """One value of the district then and now.

    ``base`` is what the change is counted from: the last report's year as this build computes it, else as it
    was reported; ``difference`` is there where both have an interval.
    """

    then: DistrictIndicator
    again: DistrictIndicator | None
    now: DistrictIndicator
    difference: Difference | None = None

    @property
    def base(self) -> DistrictIndicator:
        """The earlier value that the change is counted from."""
        return self.again if self.again is not None and self.again.value is not None else self.then

    @property
    def is_share(self) -> bool:
        """Whether the value is written in percent."""
        return (self.now.unit or "").startswith("share")

    @property
    def is_counted(self) -> bool:
        """Whether neither has an interval: everybody was counted."""
        return all(row.ci_low is None and row.ci_high is None for row in (self.base, self.now))

    @property
    def change(self) -> float:
        """Now less then."""
        return (self.now.value or 0.0) - (self.base.value or 0.0)

    @property
    def is_told(self) -> bool:
        """Whether a change is said: clear among all, or, where everybody was counted, notable."""
        if self.difference is not None:
            return self.difference.is_clear
        return self.is_counted and self._is_notable

    @property
    def _is_notable(self) -> bool:
        if self.is_share:
            return round(abs(self.change), 9) >= NOTABLE_SHARE
        base = abs(self.base.value or 0.0)
        return round(abs(self.change), 9) >= NOTABLE_RATIO * base and self.change != 0.0

    @property
    def is_revised(self) -> bool:
        """Whether the last report's year comes out otherwise when computed from today's data and code."""
        if self.again is None or self.again.value is None or self.then.value is None:
            return False
        return not math.isclose(self.again.value, self.then.value, rel_tol=0.005, abs_tol=0.0005)


def indicator_changes(history: History) -> tuple[IndicatorChange, ...]:
    """Each value of the district that both reports have, with the same unit, the family of all tests.

    Of an indicator that has a value of everything only that one is compared; of others each category.
    """
    then = {row.name: row for row in history.indicators_then if row.value is not None}
    again = {row.name: row for row in history.indicators_again}
    whole = {row.indicator for row in history.indicators_now if row.category == "all"}
    pairs = [
        IndicatorChange(then[row.name], again.get(row.name), row)
        for row in history.indicators_now
        if row.name in then
        and row.value is not None
        and row.unit == then[row.name].unit
        and (row.category == "all" or row.indicator not in whole)
    ]
    return _tested(pairs)


def _tested(pairs: Sequence[IndicatorChange]) -> tuple[IndicatorChange, ...]:
    intervals = [(_interval(pair.base), _interval(pair.now)) for pair in pairs]
    both = [(then, now) for then, now in intervals if then is not None and now is not None]
    found = iter(differences(both))
    return tuple(
        IndicatorChange(
            pair.then, pair.again, pair.now, next(found) if then is not None and now is not None else None
        )
        for pair, (then, now) in zip(pairs, intervals, strict=True)
    )
