"""Whether a PD type reaches those who need it as often as others: a ratio of shares, with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.improvement.intervals import NORMAL_QUANTILE
from transforms.improvement.measures import Value
from transforms.improvement.settings import MINIMUM_STAFF

GROUPS = {
    "high_poverty_school": "teachers in high-poverty schools",
    "novice": "novice teachers",
}


@dataclass(frozen=True)
class SchoolAccess:
    """Teachers of a group and others in one school, and how many of each a PD type reached."""

    pd_type: str
    group_name: str
    school_id: str
    n_members: int
    n_members_reached: int
    n_others: int
    n_others_reached: int


def reach_ratio(schools: Sequence[SchoolAccess]) -> Value:
    """Share reached in the group over the share reached among others, with a 95 % interval.

    The logarithm of the ratio has, by linearisation, the influence of a school
    (a - p n) / (N p) - (b - q m) / (M q), whose squares sum to its variance with schools drawn as a whole
    (times S / (S - 1)); t with S - 2 degrees of freedom (Lohr 2022, Sampling, 9.1). Where nobody of the
    group is reached the ratio is 0 and its upper end that of Wilson's interval for 0 of N.
    """
    members, others = sum(row.n_members for row in schools), sum(row.n_others for row in schools)
    reached = sum(row.n_members_reached for row in schools)
    others_reached = sum(row.n_others_reached for row in schools)
    name = GROUPS[schools[0].group_name] if schools else "teachers"
    if members < MINIMUM_STAFF or others < MINIMUM_STAFF:
        return Value(note=f"fewer than {MINIMUM_STAFF} {name}, or others")
    if not others_reached:
        return Value(note=f"nobody other than {name} was reached")
    if len(schools) < 3:
        return Value(note="fewer than 3 schools")
    share, other_share = reached / members, others_reached / others
    if not reached:
        z2 = NORMAL_QUANTILE**2
        return Value(0.0, ci_low=0.0, ci_high=z2 / (members + z2) / other_share)
    half = _t_quantile(len(schools) - 2) * _log_ratio_error(schools, share, other_share)
    ratio = share / other_share
    return Value(ratio, ci_low=ratio * math.exp(-half), ci_high=ratio * math.exp(half))


def _log_ratio_error(schools: Sequence[SchoolAccess], share: float, other_share: float) -> float:
    members, others = sum(row.n_members for row in schools), sum(row.n_others for row in schools)
    influence = [
        (row.n_members_reached - share * row.n_members) / (members * share)
        - (row.n_others_reached - other_share * row.n_others) / (others * other_share)
        for row in schools
    ]
    count = len(schools)
    return math.sqrt(count / (count - 1) * math.fsum(value**2 for value in influence))


def _t_quantile(df: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.975))


def less_reached(schools: Sequence[SchoolAccess]) -> tuple[str, Value]:
    """The group with the smallest ratio, and the ratio; without any, why."""
    found = {
        group: reach_ratio([row for row in schools if row.group_name == group])
        for group in GROUPS
        if any(row.group_name == group for row in schools)
    }
    known = {group: value for group, value in found.items() if value.value is not None}
    if known:
        group = min(known, key=lambda name: (known[name].ci_high or 0.0, name))
        return group, known[group]
    if not found:
        return "", Value(note="neither students' economic disadvantage nor novice teachers are known")
    return "", Value(note="; ".join(dict.fromkeys(value.note for value in found.values())))
