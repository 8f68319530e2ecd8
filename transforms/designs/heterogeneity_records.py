"""Rows of estimates.subgroup_difference and estimates.subgroup_pooled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from transforms.designs.heterogeneity import SubgroupEstimate, pooled, subgroup_difference

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
        "estimates.subgroup_difference": _with_multiplicity(differences),
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


def _with_multiplicity(rows: Iterable[Record]) -> list[Record]:
    """Fill ``p_value_bh`` over all PD types and dimensions of a design, subject and contrast."""
    from scipy.stats import false_discovery_control

    families: dict[tuple[object, ...], list[Record]] = defaultdict(list)
    for row in rows:
        families[row["design"], row["academic_subject"], row["contrast"]].append(row)
    done = []
    for family in families.values():
        tested = [row["p_value"] for row in family if row["p_value"] is not None]
        adjusted = iter(false_discovery_control(tested)) if tested else iter(())
        done += [
            {**row, "p_value_bh": None if row["p_value"] is None else float(next(adjusted))} for row in family
        ]
    return done
