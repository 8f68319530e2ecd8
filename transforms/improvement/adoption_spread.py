"""One row a PD type of how it spread: half of the schools, and the neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.improvement.adoption import SchoolYear, half_reached, shares_by_year
from transforms.improvement.intervals import NORMAL_QUANTILE
from transforms.improvement.neighbours import Contagion, Tie, TooLittleSpreadError, contagion
from transforms.standards.multiplicity import with_adjusted

NO_FIT = "no finite log odds: neighbours tell the schools that took it up apart without exception"
Record = dict[str, object]


def adoption_spread(
    by_type: Mapping[str, Sequence[SchoolYear]],
    ties: Sequence[Tie],
    levels: Mapping[str, str],
    seed: int,
    missing: str = "",
) -> list[Record]:
    """Rows of estimates.adoption_spread; ``missing`` says which source of ties is absent."""
    records = [
        _spread(pd_type, rows) | _neighbours(pd_type, rows, ties, levels, seed, missing)
        for pd_type, rows in sorted(by_type.items())
    ]
    return with_adjusted(records)


def _spread(pd_type: str, rows: Sequence[SchoolYear]) -> Record:
    schools = {row.school_id: row for row in rows}
    half = half_reached(shares_by_year(rows))
    return {
        "pd_type": pd_type,
        "half_status": half.status,
        "half_year": half.year,
        "n_schools": len(schools),
        "n_adopted": sum(row.adoption_year is not None for row in schools.values()),
        "n_left_censored": sum(bool(row.is_left_censored) for row in schools.values()),
    }


def _neighbours(
    pd_type: str,
    rows: Sequence[SchoolYear],
    ties: Sequence[Tie],
    levels: Mapping[str, str],
    seed: int,
    missing: str,
) -> Record:
    if missing:
        return {"note": missing}
    try:
        return _record(contagion(pd_type, rows, ties, levels, seed))
    except TooLittleSpreadError as error:
        return {"note": str(error)}


def _record(found: Contagion) -> Record:
    record: Record = {
        "n_at_risk": found.n_at_risk,
        "n_events": found.n_events,
        "p_value": found.p_value,
        "n_permutations": found.n_permutations,
    }
    if found.log_odds is None or found.std_error is None:
        return record | {"note": NO_FIT}
    half_width = NORMAL_QUANTILE * found.std_error
    return record | {
        "log_odds": found.log_odds,
        "std_error": found.std_error,
        "ci_low": found.log_odds - half_width,
        "ci_high": found.log_odds + half_width,
    }
