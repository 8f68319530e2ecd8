"""Who answered: response rates, and weights for who did not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from sql import render_sql
from transforms.surveys import rules

CellKey = tuple[str, ...]


@dataclass(frozen=True)
class WeightCell:
    """Respondents who stand for the invited like them; ``name`` says what these have in common."""

    name: CellKey
    n_invited: int
    n_responses: int

    @property
    def weight(self) -> float | None:
        """Invited people for whom one response stands; None where nobody answered."""
        return self.n_invited / self.n_responses if self.n_responses else None


def weight_cells(counts: Mapping[CellKey, tuple[int, int]]) -> dict[CellKey, WeightCell]:
    """The cell of each combination, from counts (invited, responses).

    All are one cell, divided by the first part of the key if each of the divisions has
    ``MINIMUM_INVITED_IN_CELL`` invited and ``MINIMUM_ANSWERS_IN_CELL`` responses, each of these by the next
    part in the same way, and so on (inverse response propensity within cells: Little 1986; Brick 2013).
    """
    found: dict[CellKey, WeightCell] = {}
    _divide((), list(counts), counts, found)
    return found


def _divide(
    name: CellKey,
    keys: list[CellKey],
    counts: Mapping[CellKey, tuple[int, int]],
    found: dict[CellKey, WeightCell],
) -> None:
    parts: dict[CellKey, list[CellKey]] = defaultdict(list)
    for key in keys:
        parts[key[: len(name) + 1]].append(key)
    cells = {part: _cell(part, members, counts) for part, members in parts.items()}
    is_last = all(len(name) == len(key) for key in keys)
    if is_last or not all(_is_large(cell) for cell in cells.values()):
        whole = _cell(name, keys, counts)
        found.update(dict.fromkeys(keys, whole))
        return
    for part, members in parts.items():
        _divide(part, members, counts, found)


def _cell(name: CellKey, keys: list[CellKey], counts: Mapping[CellKey, tuple[int, int]]) -> WeightCell:
    return WeightCell(name, sum(counts[key][0] for key in keys), sum(counts[key][1] for key in keys))


def _is_large(cell: WeightCell) -> bool:
    return (
        cell.n_invited >= rules.MINIMUM_INVITED_IN_CELL and cell.n_responses >= rules.MINIMUM_ANSWERS_IN_CELL
    )


def prepare_invitations(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables ``survey_size`` and ``survey_invitation``."""
    connection.execute(render_sql("surveys/survey_size.sql"), {"tolerance": rules.INVITED_TOLERANCE})
    connection.execute(render_sql("surveys/survey_invitation.sql"))


def prepare_weights(connection: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    """Make the temporary table ``survey_weight``; return its cells as records of survey_response."""
    rows = connection.execute(render_sql("surveys/weight_counts.sql")).fetchall()
    by_questionnaire: dict[tuple[str, int], dict[CellKey, tuple[int, int]]] = defaultdict(dict)
    for questionnaire_id, school_year, *parts, n_invited, n_responses in rows:
        by_questionnaire[questionnaire_id, school_year][tuple(parts)] = (n_invited, n_responses)
    weights: list[tuple[object, ...]] = []
    records: list[dict[str, object]] = []
    for (questionnaire_id, school_year), counts in by_questionnaire.items():
        cells = weight_cells(counts)
        weights += [(questionnaire_id, school_year, *key, cell.weight) for key, cell in cells.items()]
        records += [
            _cell_record(questionnaire_id, school_year, cell) for cell in dict.fromkeys(cells.values())
        ]
    _register_weights(connection, weights)
    return records


def _cell_record(questionnaire_id: str, school_year: int, cell: WeightCell) -> dict[str, object]:
    return {
        "questionnaire_id": questionnaire_id,
        "school_year": school_year,
        "basis": "known_staff",
        "group_kind": "weight_cell",
        "group_value": ", ".join(cell.name) or "all",
        "n_invited": cell.n_invited,
        "n_responses": cell.n_responses,
        "response_rate": cell.n_responses / cell.n_invited,
        "weight": cell.weight,
        "invited_from": "staff found",
    }


def _register_weights(connection: duckdb.DuckDBPyConnection, rows: list[tuple[object, ...]]) -> None:
    names = ("questionnaire_id", "school_year", "role", "school_level", "novice", "weight")
    types = (pa.string(), pa.int16(), pa.string(), pa.string(), pa.string(), pa.float64())
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    given = {name: pa.array(column, kind) for name, column, kind in zip(names, columns, types, strict=True)}
    connection.register("weight_cell", pa.table(given))
    try:
        connection.execute(render_sql("surveys/survey_weight.sql"))
    finally:
        connection.unregister("weight_cell")


def response_records(connection: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    """Response rates of surveys, of questionnaires and of groups, as records of estimates.survey_response."""
    records = []
    for name in ("response_by_survey", "response_by_group"):
        cursor = connection.execute(render_sql(f"surveys/{name}.sql"))
        columns = [column[0] for column in cursor.description or ()]
        records += [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return records
