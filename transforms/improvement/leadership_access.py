"""Who gets on the pathway: rates of groups of staff, and their ratios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any

import duckdb

from sql import render_sql
from transforms.improvement.intervals import NORMAL_QUANTILE
from transforms.improvement.survival import Share, wilson
from transforms.standards.multiplicity import with_adjusted

Record = dict[str, object]
WINDOW_YEARS = 3
FOUR_FIFTHS = 0.8
ALPHA = 0.05
REFERENCE = {
    "experience": "experienced",
    "highest_degree": "below master's",
    "school_poverty": "lowest third",
}
ACCESS_RULE = (
    f"concern where the rate is below {FOUR_FIFTHS} times or above {1 / FOUR_FIFTHS} times that of the"
    " reference"
    f" group (the four-fifths rule, in both directions) and p < {ALPHA} by Fisher's exact test after"
    " Benjamini"
    " and Hochberg over all groups of the stage; typical otherwise"
)


@dataclass(frozen=True)
class Group:
    """Counts of one group: staff-years that had not reached the stage before, and those that reached it."""

    stage: str
    group_kind: str
    group_name: str
    n_staff_years: int
    n_staff: int
    n_reached: int


@dataclass(frozen=True)
class Ratio:
    """Ratio of two rates with its 95 % interval and Fisher's exact p-value; no ratio where one is 0."""

    value: float | None
    low: float | None
    high: float | None
    p_value: float


def access_of_window(
    connection: duckdb.DuckDBPyConnection, last_school_year: int, first_logged_year: int
) -> list[Record]:
    """Rows of estimates.leadership_access of the years up to ``last_school_year``."""
    first = max(last_school_year - WINDOW_YEARS + 1, first_logged_year)
    rows = connection.execute(
        render_sql("improvement/access_count.sql"),
        {"first_school_year": first, "last_school_year": last_school_year},
    ).fetchall()
    return access_records([_group(*row) for row in rows], last_school_year)


def _group(stage: str, kind: str, name: str, years: int, staff: int, reached: int) -> Group:
    return Group(stage, kind, name, int(years), int(staff), int(reached))


def access_records(groups: Iterable[Group], school_year: int) -> list[Record]:
    """Rates with Wilson's interval, ratios to the reference group, p-values adjusted within the stage."""
    found = list(groups)
    records: list[Record] = []
    for stage in dict.fromkeys(group.stage for group in found):
        of_stage = [group for group in found if group.stage == stage]
        references = {kind: _reference(of_stage, kind) for kind in {group.group_kind for group in of_stage}}
        rows = [_record(group, references[group.group_kind], school_year) for group in of_stage]
        records += with_adjusted(rows)
    return records


def _reference(groups: Iterable[Group], kind: str) -> Group:
    """The stated group; of school levels, or where it is absent, the largest."""
    of_kind = [group for group in groups if group.group_kind == kind]
    stated = [group for group in of_kind if group.group_name == REFERENCE.get(kind)]
    return stated[0] if stated else max(of_kind, key=lambda group: (group.n_staff_years, group.group_name))


def _record(group: Group, reference: Group, school_year: int) -> Record:
    rate: Share = wilson(group.n_reached, group.n_staff_years)
    record: Record = {
        "stage": group.stage,
        "group_kind": group.group_kind,
        "group_name": group.group_name,
        "school_year": school_year,
        "n_staff_years": group.n_staff_years,
        "n_staff": group.n_staff,
        "n_reached": group.n_reached,
        "rate": rate.value,
        "ci_low": rate.low,
        "ci_high": rate.high,
        "reference_group": reference.group_name,
    }
    if group == reference:
        return record
    ratio = rate_ratio(group.n_reached, group.n_staff_years, reference.n_reached, reference.n_staff_years)
    return record | {
        "ratio": ratio.value,
        "ratio_ci_low": ratio.low,
        "ratio_ci_high": ratio.high,
        "p_value": ratio.p_value,
    }


def rate_ratio(k: int, n: int, k_reference: int, n_reference: int) -> Ratio:
    """Ratio k/n to k_reference/n_reference with the interval of Katz et al. (1978), log-normal."""
    from scipy.stats import fisher_exact

    table = [[k, n - k], [k_reference, n_reference - k_reference]]
    p_value = float(fisher_exact(table).pvalue)
    if k == 0 or k_reference == 0:
        return Ratio(None, None, None, p_value)
    ratio = (k / n) / (k_reference / n_reference)
    half = NORMAL_QUANTILE * sqrt(1 / k - 1 / n + 1 / k_reference - 1 / n_reference)
    return Ratio(ratio, exp(log(ratio) - half), exp(log(ratio) + half), p_value)


def is_unequal(row: Mapping[str, Any]) -> bool:
    """Whether a row of estimates.leadership_access is a concern by the rule."""
    if row.get("p_value_bh") is None or row["p_value_bh"] >= ALPHA:
        return False
    ratio = row.get("ratio")
    return ratio is None or not FOUR_FIFTHS <= ratio <= 1 / FOUR_FIFTHS
