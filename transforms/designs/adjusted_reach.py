"""Who took part in a PD type, over the teachers and windows of a sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

UNITS = "adjusted_units"


@dataclass(frozen=True)
class TypeReach:
    """Who took part in one PD type, over the teachers and windows of the sample.

    ``n_varying_schools`` counts schools in which the aligned hours differ between teachers or years,
    ``n_mixed_schools`` those with some who took part and some who did not. ``has_one_dose`` is true
    where all who took part have the same hours, so that a dose cannot be told from taking part.
    """

    pd_type: str
    n_participants: int
    n_participant_schools: int
    is_universal: bool
    is_varying: bool
    n_varying_schools: int
    n_mixed_schools: int
    has_one_dose: bool


def one_row(connection: duckdb.DuckDBPyConnection, query: str, *values: object) -> tuple[Any, ...]:
    """The single row of an aggregate."""
    (row,) = connection.execute(query, list(values)).fetchall()
    return row


def reach_of_type(connection: duckdb.DuckDBPyConnection, position: int, pd_type: str) -> TypeReach:
    """Count who took part in the type whose hours stand in column ``hours_{position}`` of the units."""
    hours = f"hours_{position}"
    by_school = (
        f"(FROM {UNITS} SELECT school, count(DISTINCT teacher) FILTER ({hours} > 0) AS participants,",
        f"min({hours}) AS low, max({hours}) AS high GROUP BY school)",
    )
    found = one_row(
        connection,
        " ".join(
            (
                f"FROM {' '.join(by_school)} SELECT count(*) FILTER (participants > 0), min(low) > 0,",
                "min(low) < max(high), count(*) FILTER (low < high), count(*) FILTER (low = 0 AND high > 0),",
                f"(FROM {UNITS} SELECT count(DISTINCT teacher) FILTER ({hours} > 0)),",
                f"(FROM {UNITS} SELECT count(DISTINCT {hours}) FILTER ({hours} > 0) = 1)",
            )
        ),
    )
    schools, is_universal, is_varying, varying, mixed, participants, has_one_dose = found
    return TypeReach(pd_type, participants, schools, is_universal, is_varying, varying, mixed, has_one_dose)
