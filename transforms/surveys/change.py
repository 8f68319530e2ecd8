"""Change between two administrations of the same items: matched and unmatched people apart.

Before and after are recognised from the data: surveys about the same activity on different days, or surveys
about no activity in one school year on different days, whose items of a construct are the same (ids,
wordings, scales, directions): the first day against the last. Besides, each school year against the year
before it that has answers to these items, and the first year against the last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

import duckdb
import numpy as np

from sql import render_sql
from transforms.surveys import rules
from transforms.surveys.means import Mean, mean_of, t_quantile


@dataclass(frozen=True)
class ScoreOf:
    """One scale score; ``staff_id`` None where the respondent is not known."""

    construct: str
    signature: str
    n_items: int
    questionnaire_id: str
    title: str
    survey_id: str
    school_year: int
    day: date
    pd_activity_id: str | None
    staff_id: str | None
    score: float


@dataclass(frozen=True)
class Change:
    """Later minus first, in units of the items, with standard error, df and 95 % interval."""

    value: float | None
    std_error: float | None
    df: float | None
    ci_low: float | None
    ci_high: float | None

    @property
    def direction(self) -> str:
        """rose or fell where the interval leaves out zero."""
        if self.ci_low is None or self.ci_high is None:
            return "not_computed"
        return "rose" if self.ci_low > 0 else "fell" if self.ci_high < 0 else "no_clear_change"


def matched_change(first: Sequence[float], later: Sequence[float]) -> Change:
    """Mean change of the same people (n,): mean difference, SD/√n, t with n - 1 df."""
    mean = mean_of(np.asarray(later, dtype=np.float64) - np.asarray(first, dtype=np.float64))
    return Change(mean.value, mean.std_error, float(mean.df) if mean.df else None, mean.ci_low, mean.ci_high)


def unmatched_change(first: Mean, later: Mean) -> Change:
    """Difference of two independent means, df by Welch and Satterthwaite.

    Where some people answered both times unknown, their answers are alike, and the interval is too wide
    rather than too narrow.
    """
    if first.value is None or later.value is None:
        return Change(None, None, None, None, None)
    value = later.value - first.value
    if first.std_error is None or later.std_error is None:
        return Change(value, None, None, None, None)
    v1, v2 = first.std_error**2, later.std_error**2
    if v1 + v2 == 0:
        return Change(value, 0.0, None, None, None)
    df = (v1 + v2) ** 2 / (v1**2 / first.df + v2**2 / later.df)
    error = float(np.sqrt(v1 + v2))
    reach = t_quantile(df) * error
    return Change(value, error, df, value - reach, value + reach)


@dataclass(frozen=True)
class _Pair:
    kind: str
    first: Sequence[ScoreOf]
    later: Sequence[ScoreOf]

    @property
    def may_match(self) -> bool:
        """Surveys of different activities are no two looks of a person at the same thing."""
        activities = {score.pd_activity_id for score in (*self.first, *self.later)}
        return len(activities) == 1


def change_records(
    connection: duckdb.DuckDBPyConnection, reported: Mapping[tuple[str, int, str], bool]
) -> list[dict[str, object]]:
    """Rows of estimates.survey_change.

    ``reported`` says by questionnaire, school year and construct whether the scale is reported.
    """
    records: list[dict[str, object]] = []
    for scores in _by_signature(connection):
        for pair in _pairs(scores):
            records += _pair_records(pair, reported)
    return records


def _by_signature(connection: duckdb.DuckDBPyConnection) -> Iterator[list[ScoreOf]]:
    rows = connection.execute(render_sql("surveys/change_scores.sql")).fetchall()
    scores = (ScoreOf(*row) for row in rows)
    for _, group in groupby(scores, key=lambda score: (score.construct, score.signature)):
        yield list(group)


def _pairs(scores: Sequence[ScoreOf]) -> Iterator[_Pair]:
    about: dict[tuple[object, ...], list[ScoreOf]] = defaultdict(list)
    years: dict[bool, dict[int, list[ScoreOf]]] = {True: defaultdict(list), False: defaultdict(list)}
    for score in scores:
        has_activity = score.pd_activity_id is not None
        key: tuple[object, ...] = (score.pd_activity_id,) if has_activity else (None, score.school_year)
        about[key].append(score)
        years[has_activity][score.school_year].append(score)
    for key, members in about.items():
        days = sorted({score.day for score in members})
        if len(days) > 1:
            kind = "within_year" if key[0] is None else "activity"
            yield _Pair(kind, _on(members, days[0]), _on(members, days[-1]))
    for by_year in years.values():
        for first, later in _year_pairs(by_year):
            yield _Pair("year_over_year", by_year[first], by_year[later])


def _on(scores: Iterable[ScoreOf], day: date) -> list[ScoreOf]:
    return [score for score in scores if score.day == day]


def _year_pairs(by_year: Mapping[int, object]) -> list[tuple[int, int]]:
    years = sorted(by_year)
    pairs = list(pairwise(years))
    return [*pairs, (years[0], years[-1])] if len(years) > 2 else pairs


def _pair_records(pair: _Pair, reported: Mapping[tuple[str, int, str], bool]) -> Iterator[dict[str, object]]:
    is_reported = all(
        reported.get((score.questionnaire_id, score.school_year, score.construct), False)
        for score in (pair.first[0], pair.later[0])
    )
    common = {**_pair_columns(pair), "is_reported": is_reported}
    first, later = _by_staff(pair.first), _by_staff(pair.later)
    both = sorted(first.keys() & later.keys()) if pair.may_match else []
    if both:
        yield {**common, **_matched_columns([first[p] for p in both], [later[p] for p in both])}
    rest = [[score for score in side if score.staff_id not in both] for side in (pair.first, pair.later)]
    if all(rest):
        yield {**common, **_unmatched_columns(*rest, pair=pair)}


def _by_staff(scores: Iterable[ScoreOf]) -> dict[str, float]:
    """Mean score of each known person."""
    found: dict[str, list[float]] = defaultdict(list)
    for score in scores:
        if score.staff_id is not None:
            found[score.staff_id].append(score.score)
    return {staff_id: float(np.mean(values)) for staff_id, values in found.items()}


def _pair_columns(pair: _Pair) -> dict[str, object]:
    first, later = pair.first[0], pair.later[-1]
    one = {score.survey_id for score in pair.first}, {score.survey_id for score in pair.later}
    return {
        "change_kind": pair.kind,
        "construct": first.construct,
        "title": first.title,
        "pd_activity_id": first.pd_activity_id if pair.may_match else None,
        "first_survey_id": first.survey_id if len(one[0]) == 1 else None,
        "later_survey_id": later.survey_id if len(one[1]) == 1 else None,
        "first_date": first.day,
        "later_date": later.day,
        "first_year": first.school_year,
        "later_year": later.school_year,
        "n_items": first.n_items,
    }


def _matched_columns(first: Sequence[float], later: Sequence[float]) -> dict[str, object]:
    change = matched_change(first, later)
    n = len(first)
    differences = np.asarray(later) - np.asarray(first)
    return {
        "comparison": "matched",
        **_change_columns(change, n, n, float(np.mean(first)), float(np.mean(later))),
        "sd_change": float(np.std(differences, ddof=1)) if n > 1 else None,
        "note": None if n > 1 else "one person answered both times: no interval",
    }


def _unmatched_columns(
    first: Sequence[ScoreOf], later: Sequence[ScoreOf], *, pair: _Pair
) -> dict[str, object]:
    means = _mean(first), _mean(later)
    change = unmatched_change(*means)
    note = "some may have answered both times: the interval is then too wide rather than too narrow"
    if pair.may_match and all(score.staff_id is not None for score in (*first, *later)):
        note = "people who answered one time only"
    if change.std_error is None:
        note = f"no interval with fewer than two answers on a side; {note}"
    return {
        "comparison": "unmatched",
        **_change_columns(change, len(first), len(later), means[0].value, means[1].value),
        "note": note,
    }


def _mean(scores: Sequence[ScoreOf]) -> Mean:
    surveys = np.unique([score.survey_id for score in scores], return_inverse=True)[1]
    return mean_of(np.array([score.score for score in scores]), surveys.astype(np.int64))


def _change_columns(
    change: Change, n_first: int, n_later: int, mean_first: float | None, mean_later: float | None
) -> dict[str, object]:
    is_enough = min(n_first, n_later) >= rules.MINIMUM_IN_SCHOOL
    return {
        "n_first": n_first,
        "n_later": n_later,
        "mean_first": mean_first,
        "mean_later": mean_later,
        "change": change.value,
        "std_error": change.std_error,
        "df": change.df,
        "ci_low": change.ci_low,
        "ci_high": change.ci_high,
        "direction": change.direction if is_enough else "not_computed",
    }
