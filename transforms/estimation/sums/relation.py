"""The columns of a relation, and one line of words for what the database says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches

import duckdb
from duckdb.sqltypes import DuckDBPyType

from sql import quoted_identifier, render_sql
from transforms.estimation.errors import EstimationError
from transforms.estimation.sums.design import ALL_ROWS, INTERACTION, Design

# What a caller wrote is wrong; all else (memory, disk, the connection) stays what it is.
_WRITTEN = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ConversionException,
    duckdb.ParserException,
)
# Ids of other types would reach Python as floating point numbers or objects of their own; NaN is no id.
_EXACT_IDS = frozenset(
    {"tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger", "ubigint"}
    | {"varchar", "boolean", "uuid"}
    | {"date", "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns"}
)


@contextmanager
def told_in_one_line(relation: str) -> Iterator[None]:
    """EstimationError with the first line of what the database says of a relation, expression or value."""
    try:
        yield
    except _WRITTEN as error:
        said = str(error).splitlines()[0]
        raise EstimationError(f"{_shown(relation)}: {said}") from error


def column_types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, DuckDBPyType]:
    """Type of each column of a table, a view or a parenthesised query. EstimationError where it is none."""
    if re.fullmatch(r"[\w.]+\s+\w+", relation.strip()):
        raise EstimationError(
            f'{relation} is not one name: a name with a space in it is written "{relation}"'
        )
    with told_in_one_line(relation):
        found = connection.sql(" ".join(("SELECT * FROM", relation)))
    return dict(zip(found.columns, found.types, strict=True))


def no_column(name: str, columns: Iterable[str]) -> str:
    """What is said of a column that is not there, with those of a similar name."""
    close = get_close_matches(name, list(columns), n=3)
    hint = f"; did you mean {' or '.join(f'`{other}`' for other in close)}?" if close else ""
    return f"there is no column `{name}`{hint}"


def id_columns(group: str, types: Mapping[str, DuckDBPyType]) -> tuple[str, ...]:
    """The columns that tell a group apart."""
    return (group,) if group in types else tuple(group.split(INTERACTION))


def require_columns(names: Iterable[str], types: Mapping[str, DuckDBPyType]) -> None:
    """EstimationError where there is no column of one of the names, or of a part of one (``grade^year``)."""
    for name in (column for group in names for column in id_columns(group, types)):
        if name not in types:
            raise EstimationError(no_column(name, types))


def group_expression(name: str, types: Mapping[str, DuckDBPyType]) -> str:
    """SQL of the id of a row's group, as text where Python has no exact value for it."""
    if name == ALL_ROWS and name not in types:
        return "0"
    columns = id_columns(name, types)
    if len(columns) > 1:
        parts = [f"CAST({group_expression(column, types)} AS VARCHAR)" for column in columns]
        known = " AND ".join(f"{part} IS NOT NULL" for part in parts)
        return f"CASE WHEN {known} THEN CAST(to_json([{', '.join(parts)}]) AS VARCHAR) END"
    quoted, kind = quoted_identifier(name), types[name].id
    if kind in _EXACT_IDS:
        return quoted
    if kind in ("float", "double"):
        return f"nullif({quoted}, CAST('NaN' AS DOUBLE))"
    if kind == "timestamp with time zone":
        return f"make_timestamp(epoch_us({quoted}))"
    text = f"CAST({quoted} AS VARCHAR)"
    # 5.0 and 5.00 are one id
    return f"regexp_replace({text}, '[.]?0*$', '')" if _has_decimals(types[name]) else text


def model_rows(
    relation: str,
    design: Design,
    ids: Iterable[str],
    types: Mapping[str, DuckDBPyType],
    shifts: Iterable[float] | None = None,
) -> tuple[str, dict[str, object]]:
    """The query for g0.. (groups ``ids``), w and v0.. (the response last, about ``shifts`` where given) of
    each row of a design, and what is bound to its placeholders."""
    values = (*design.terms.columns, design.terms.response)
    parameters = {key: value for column in values for key, value in column.parameters.items()}
    shifted = {f"shift_{j}": float(shift) for j, shift in enumerate(() if shifts is None else shifts)}
    text = render_sql(
        "estimation/model_rows.sql.j2",
        ids=[group_expression(name, types) for name in ids],
        weight=design.weight and quoted_identifier(design.weight),
        values=[column.sql for column in values],
        shifts=[f"${name}" for name in shifted],
        relation=relation,
    )
    return text, parameters | shifted


def _has_decimals(kind: DuckDBPyType) -> bool:
    return kind.id == "decimal" and dict(kind.children)["scale"] != 0


def _shown(relation: str) -> str:
    words = " ".join(relation.split())
    return words if len(words) <= 60 else words[:57] + "..."
