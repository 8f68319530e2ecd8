"""Counts for the public rounded to a base, where a study asks for it."""

from __future__ import annotations

import duckdb

from transforms.disclosure import Cell, LinkedCells, round_counts
from transforms.release.cells import Declared
from transforms.warehouse import quoted

# Beside a rounded count these would give the exact one: a sum beside its mean, an error beside its interval,
# whose ratio is a quantile of t with one degree of freedom fewer than there are people.
GIVE_COUNTS = {
    "report.pd_reach": ("hours",),
    "report.pd_reach_district": ("hours",),
    "report.survey_school_scale": ("std_error",),
}


def round_shown(connection: duckdb.DuckDBPyConnection, declared: Declared, base: int) -> None:
    """Round every count of persons that the tables of ``declared`` still show to a multiple of ``base``.

    To the nearest, halves to the even one: the same count is the same everywhere and every night, so that no
    two roundings of it can be held against each other.
    """
    for table, column in sorted(
        {(one.table, one.count) for one in declared.counted if one.count in one.hides}
    ):
        name, count = quoted(table), quoted(column)
        rows = connection.execute(f"select distinct {count} from {name} where {count} is not null")  # noqa: S608
        exact = {str(n): n for (n,) in rows.fetchall()}
        shown = round_counts(LinkedCells(tuple(Cell(text, n) for text, n in exact.items())), base).shown
        # all at once: one that was rounded must not be rounded again
        connection.execute(
            f"update {name} set {count} = rounded.n from (select unnest($exact::bigint[]) as exact,"  # noqa: S608
            f" unnest($shown::bigint[]) as n) as rounded where {name}.{count} = rounded.exact",
            {"exact": list(exact.values()), "shown": [shown[text] for text in exact]},
        )
