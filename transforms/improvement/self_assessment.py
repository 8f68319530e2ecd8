"""Self-assessments beside peers and the year before, and beside what is on record."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from transforms.improvement.observables import OBSERVABLES, Comparison, compare_with_schools
from transforms.selfassessment.instrument import practice_called

Record = dict[str, object]

# The median of fewer schools tells what one of them says.
MINIMUM_PEERS = 3


@dataclass(frozen=True)
class Rating:
    """One rating of core.self_assessment, with the level of its school."""

    school_id: str
    school_level: str | None
    school_year: int
    practice: str
    rating: float
    respondent_role: str | None = None


@dataclass(frozen=True)
class Observed:
    """The value of an indicator for a school and year, and the people behind it."""

    indicator: str
    school_id: str
    school_level: str | None
    school_year: int
    value: float
    n_persons: int | None


@dataclass(frozen=True)
class MedianInterval:
    """Both ends of the confidence interval of a median."""

    low: float
    high: float


def median_interval(values: Sequence[float], confidence: float = 0.95) -> MedianInterval | None:
    """Distribution-free interval of the median by order statistics; None where no interval reaches that far.

    Its ends are the k-th smallest and k-th largest value, k the largest with P(B < k) <= (1 - confidence)/2
    for B binomial with n trials and chance 1/2. With ties it covers at least as often. Below 6 values even
    the extremes do not reach 95 %. Source: Conover (1999), Practical Nonparametric Statistics, section 3.2.
    """
    n, tail, k = len(values), 0.0, 0
    while True:
        tail += math.comb(n, k) / 2**n
        if tail > (1.0 - confidence) / 2.0:
            break
        k += 1
    if k == 0:
        return None
    ordered = sorted(values)
    return MedianInterval(ordered[k - 1], ordered[n - k])


def named(ratings: Iterable[Rating]) -> list[Rating]:
    """Ratings by the titles of the instrument: an id or another case of a title is the same practice.

    A school that rated one practice under two spellings keeps the one that comes first by spelling.
    """
    found: dict[tuple[str, int, str], Rating] = {}
    for rating in sorted(ratings, key=lambda row: (row.school_id, row.school_year, row.practice)):
        practice = practice_called(rating.practice)
        title = practice.title if practice else rating.practice
        found.setdefault(
            (rating.school_id, rating.school_year, title),
            Rating(
                rating.school_id,
                rating.school_level,
                rating.school_year,
                title,
                rating.rating,
                rating.respondent_role,
            ),
        )
    return list(found.values())


def result_records(ratings: Sequence[Rating]) -> list[Record]:
    """Rows of estimates.self_assessment_result. Peers are the other schools of the same level and year."""
    groups: dict[tuple[int, str, str | None], list[Rating]] = defaultdict(list)
    by_key: dict[tuple[str, int, str], float] = {}
    for row in ratings:
        groups[row.school_year, row.practice, row.school_level].append(row)
        by_key[row.school_id, row.school_year, row.practice] = row.rating
    return [_result(row, groups[row.school_year, row.practice, row.school_level], by_key) for row in ratings]


def _result(row: Rating, group: Sequence[Rating], by_key: Mapping[tuple[str, int, str], float]) -> Record:
    peers = [peer.rating for peer in group if peer.school_id != row.school_id]
    middle = median(peers) if len(peers) >= MINIMUM_PEERS else None
    interval = median_interval(peers) if middle is not None else None
    before = by_key.get((row.school_id, row.school_year - 1, row.practice))
    return {
        "school_id": row.school_id,
        "school_year": row.school_year,
        "practice": row.practice,
        "respondent_role": row.respondent_role,
        "rating": row.rating,
        "n_peers": len(peers),
        "peer_median": middle,
        "peer_ci_low": interval.low if interval else None,
        "peer_ci_high": interval.high if interval else None,
        "difference": None if middle is None else row.rating - middle,
        "rating_before": before,
        "change": None if before is None else row.rating - before,
    }


def check_records(ratings: Sequence[Rating], observed: Sequence[Observed]) -> list[Record]:
    """Rows of estimates.self_assessment_check: each rating beside each record of its practice."""
    values = {(row.indicator, row.school_id, row.school_year): row for row in observed}
    schools: dict[tuple[str, int], list[Observed]] = defaultdict(list)
    for row in observed:
        schools[row.indicator, row.school_year].append(row)
    records = []
    for rating in ratings:
        practice = practice_called(rating.practice)
        for observable in OBSERVABLES:
            if practice and observable.practice == practice.id:
                own = values.get((observable.indicator, rating.school_id, rating.school_year))
                others = schools[observable.indicator, rating.school_year]
                compared = compare_with_schools(
                    rating.rating,
                    None if own is None else own.value,
                    None if own is None else own.n_persons,
                    [row.value for row in others if row.school_level == rating.school_level],
                    [row.value for row in others],
                    observable,
                )
                records.append(_check(rating, observable.indicator, own, compared))
    return records


def _check(rating: Rating, indicator: str, own: Observed | None, compared: Comparison) -> Record:
    return {
        "school_id": rating.school_id,
        "school_year": rating.school_year,
        "practice": rating.practice,
        "indicator": indicator,
        "rating": rating.rating,
        "value": None if own is None else own.value,
        "floor_value": compared.floor,
        "lower_quartile": compared.lower_quartile,
        "upper_quartile": compared.upper_quartile,
        "n_schools": compared.n_schools,
        "verdict": compared.verdict.value,
        "is_little": compared.is_little,
        "note": compared.note,
        "n_persons": None if own is None else own.n_persons,
    }
