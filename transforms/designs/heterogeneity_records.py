"""Rows of estimates.subgroup_difference and estimates.subgroup_pooled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from transforms.designs.heterogeneity import SubgroupEstimate, pooled, subgroup_difference
from transforms.standards.multiplicity import with_adjusted

Record = dict[str, object]
Records = dict[str, list[Record]]


@dataclass(frozen=True)
class Comparison:
    """Where one question about subgroups belongs: the key of estimates.subgroup_difference."""

    design: str
    pd_type: str
    academic_subject: str
    contrast: str
    dimension: str


def _family(row: Record) -> tuple[object, ...]:
    """All PD types and dimensions of a design, subject and contrast are tested together."""
    return row["design"], row["academic_subject"], row["contrast"]


def heterogeneity_records(
    comparisons: Mapping[Comparison, Sequence[SubgroupEstimate]],
) -> Records:
    """Rows by table, for the estimates with a number of each comparison."""
    differences, pools = [], []
    for comparison, estimates in comparisons.items():
        differences.append(_difference(comparison, estimates))
        key = {name: value for name, value in asdict(comparison).items() if name != "dimension"}
        pools += [{**key, **asdict(estimate)} for estimate in pooled(estimates)]
    return {
        "estimates.subgroup_difference": with_adjusted(differences, _family),
        "estimates.subgroup_pooled": pools,
    }


def _difference(comparison: Comparison, estimates: Sequence[SubgroupEstimate]) -> Record:
    found = subgroup_difference(estimates)
    test = found.test
    return {
        **asdict(comparison),
        "n_subgroups": found.n_subgroups,
        "largest_subgroup": found.largest_subgroup,
        "smallest_subgroup": found.smallest_subgroup,
        "difference_sd": found.difference_sd,
        "std_error": found.std_error,
        "statistic": None if test is None else test.statistic,
        "df_numerator": None if test is None else test.df_numerator,
        "df_denominator": None if test is None else test.df_denominator,
        "p_value": None if test is None else test.p_value,
        "p_value_bh": None,
        "tau2": found.tau2,
        "note": found.note,
    }
