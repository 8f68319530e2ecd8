"""Growth of teachers, schools, PD types and subgroups: from students' rows to tables, inside the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from sql import render_sql
from transforms.growth.value_added import compute_value_added
from transforms.t_quantiles import make_t_quantiles
from transforms.warehouse import Lineage, build_tables, sql_files

MINIMUM_STUDENTS = 10
_ALPHA = 0.05
# Beyond it the quantile of t is that of the normal distribution to four digits.
_LARGEST_DF = 10_000
# Shares of weights are compared with one half: sums of thirds and sevenths reach it but for rounding.
_ROUNDING = 1e-9
# What the temporary tables that the SQL reads were made from.
_BEHIND = {
    "growth_": (
        "estimates.growth_percentile",
        "frames.growth_history",
        "frames.student_growth",
        "frames.student_teacher_link",
        "frames.value_added_analysis",
    ),
    "value_added": ("frames.value_added_analysis",),
    "pd_type": ("frames.teacher_year_exposure",),
    "subgroup": ("frames.scored_result",),
}


@dataclass(frozen=True)
class _Grouping:
    """A kind of group: the relation of its members, its key, and what is drawn independently."""

    kind: str
    members: str
    keys: tuple[str, ...]
    cluster: str
    has_gain: bool


_GROUPINGS = (
    _Grouping("teacher", "temp.growth_row", ("staff_id",), "student_number", has_gain=False),
    _Grouping("school", "temp.growth_row", ("school_id",), "student_number", has_gain=False),
    _Grouping(
        "pd_type", "temp.pd_type_member", ("pd_type", "is_participant"), "school_number", has_gain=True
    ),
    _Grouping("subgroup", "temp.subgroup_member", ("subgroup",), "school_number", has_gain=True),
)


def compute_group_growth(
    connection: duckdb.DuckDBPyConnection, *, prior_degree: int, covariates: Sequence[str]
) -> tuple[Lineage, ...]:
    """Fill estimates.value_added_model, and make the five tables of ``sql/estimates``; return their lineage.

    Reads frames.value_added_analysis, estimates.growth_percentile and the frames named in ``sql/growth``.
    estimates.value_added_model has to stand empty, as the contract has it; the others must not be there yet.
    """
    compute_value_added(connection, prior_degree=prior_degree, covariates=covariates)
    summarise_groups(connection)
    lineage = build_tables(connection, sql_files("estimates"), _parameters())
    return tuple(dict.fromkeys(behind for row in lineage for behind in _published(row)))


def summarise_groups(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables growth_row and KIND_size, KIND_percentile, KIND_gain of each kind of group.

    Means have linearised standard errors and intervals by t with clusters - 1 degrees of freedom; medians
    the intervals of Woodruff (1952). Students are drawn independently for teachers and schools, schools
    for PD types and subgroups. Reads temporary value_added_residual.
    """
    make_t_quantiles(connection, _LARGEST_DF)
    for name in ("growth_row", "growth_window", "pd_type_unit"):
        _make(connection, f"TABLE {name}", render_sql(f"growth/{name}.sql"))
    for kind in ("pd_type", "subgroup"):
        _make(connection, f"VIEW {kind}_member", render_sql(f"growth/{kind}_member.sql"))
    for grouping in _GROUPINGS:
        for part in ("size", "percentile", *(["gain"] if grouping.has_gain else [])):
            query = render_sql(
                f"growth/group_{part}.sql.j2",
                members=grouping.members,
                keys=(*grouping.keys, "window_number"),
                cluster=grouping.cluster,
            )
            _make(connection, f"TABLE {grouping.kind}_{part}", query)


def _make(connection: duckdb.DuckDBPyConnection, what: str, query: str) -> None:
    parameters = {name: value for name, value in _parameters().items() if f"${name}" in query}
    connection.execute(f"CREATE OR REPLACE TEMP {what} AS {query}", parameters)


def _parameters() -> dict[str, object]:
    from scipy.special import ndtri

    return {
        "minimum_cell": MINIMUM_STUDENTS,
        "largest_df": _LARGEST_DF,
        "rounding": _ROUNDING,
        "normal_quantile": float(ndtri(1.0 - _ALPHA / 2.0)),
    }


def _published(row: Lineage) -> list[Lineage]:
    """A temporary table does not stay: the published ones behind it are named instead."""
    if not row.depends_on.startswith("temp."):
        return [row]
    name = row.depends_on.removeprefix("temp.")
    tables = {table for kind, behind in _BEHIND.items() if name.startswith(kind) for table in behind}
    if not name.startswith("value_added"):
        tables |= set(_BEHIND["growth_"])
    return [replace(row, depends_on=table) for table in sorted(tables)]
