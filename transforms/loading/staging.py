"""One landed file into the staging table of its entity: rename, cast, judge each record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from expectations.contract import Column, Kind, Table
from expectations.row_rules import ROW_RULES
from sql import render_sql
from transforms.errors import InputError
from transforms.loading.casts import ISO_DATE, plain_value_sql, problem_of, timestamp_sql, value_sql
from transforms.loading.mapping import (
    Headers,
    expected_headers,
    skip_columns,
    text_sql_by_column,
    trimmed_sql,
)
from transforms.loading.parameters import Parameters
from transforms.sources.sniff import (
    AmbiguousDateError,
    AmbiguousNumberError,
    sniff_date_format,
    sniff_decimal_sign,
)
from transforms.sources.source import Source

_PLACEHOLDER = re.compile(r"\$(p\d+)\b")
_DATES = (Kind.DATE, Kind.TIMESTAMP)
_NUMBERS = (Kind.NUMBER, Kind.INTEGER)


@dataclass(frozen=True)
class Relation:
    """Landed text of one file: what to select from, its headers (``c0`` …) and how to tell a line."""

    file: str
    name: str
    headers: tuple[str, ...]
    line_sql: str


@dataclass(frozen=True)
class RecordRule:
    """A rule that a record may break; ``weight`` is its bit in ``broken_rules``."""

    rule: str
    column: str
    condition: str
    reason: str
    weight: int = 0


@dataclass(frozen=True)
class Reading:
    """How the texts of one file were understood: formats by column."""

    date_formats: Mapping[str, str]
    decimal_signs: Mapping[str, str]


def create_staging_table(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Create the empty staging table of an entity in the attached ``scratch`` database."""
    connection.execute(render_sql("staging/table.sql.j2", entity=table.name, columns=table.columns))


def record_rules(table: Table) -> tuple[RecordRule, ...]:
    """The rules that single records of ``table`` can break, in the order of its columns."""
    rules: list[RecordRule] = []
    for column in table.columns:
        if column.is_required:
            rules.append(
                RecordRule("missing", column.name, f"text_{column.name} is null", "empty, but required")
            )
        if column.allowed or column.kind not in (Kind.ID, Kind.TEXT):
            rule, reason = problem_of(column)
            unread = f"text_{column.name} is not null and {column.name} is null"
            rules.append(RecordRule(rule, column.name, unread, reason))
        if column.minimum is not None:
            outside = f"{column.name} not between {column.minimum!r} and {column.maximum!r}"
            reason = f"not between {column.minimum:g} and {column.maximum:g}"
            rules.append(RecordRule("out_of_range", column.name, outside, reason))
    rules += [
        RecordRule(r.rule, r.column, r.condition, r.reason) for r in ROW_RULES if r.entity == table.name
    ]
    return tuple(replace(rule, weight=1 << bit) for bit, rule in enumerate(rules))


def load_relation(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    source: Source,
    relation: Relation,
    *,
    source_number: int,
    file_number: int,
) -> Reading:
    """Append the records of one file to the staging table of ``table``; return how it was read.

    Errors: InputError for a missing header, a required column that nothing fills, and a date order or
    decimal sign that the file leaves open.
    """
    headers = Headers(relation.file, relation.headers, expected_headers(table, source))
    parameters = Parameters()
    texts = text_sql_by_column(table, source, headers, parameters)
    reading = _read_formats(connection, table, source, relation, texts, parameters)
    skipped = skip_columns(source, texts, relation.file)
    sql = render_sql(
        "staging/load.sql.j2",
        entity=table.name,
        relation=relation.name,
        line_sql=relation.line_sql,
        order_sql=_order_sql(connection, source, relation, headers, parameters),
        columns=[
            _column_sql(table, column, texts[column.name], reading, parameters) for column in table.columns
        ],
        is_skipped_sql=" or ".join(f"text_{name} is null" for name in skipped) or "false",
        rules=record_rules(table),
        source_number=source_number,
        file_number=file_number,
    )
    connection.execute(sql, parameters.values)
    return reading


def _column_sql(
    table: Table, column: Column, text: str | None, reading: Reading, parameters: Parameters
) -> dict[str, str]:
    # The other defaults wait for core: they must not win over a value of a later source.
    default = column.default if column.name in table.key else ""
    if text is None:
        value = f"{parameters.add(default)}::varchar" if default else f"null::{column.kind.sql_type}"
        return {"name": column.name, "text_sql": "null::varchar", "value_sql": value}
    if default:
        text = f"coalesce({text}, {parameters.add(default)})"
    value = value_sql(
        column,
        f"text_{column.name}",
        parameters,
        date_format=reading.date_formats.get(column.name, ISO_DATE),
        decimal_sign=reading.decimal_signs.get(column.name, ""),
    )
    return {"name": column.name, "text_sql": text, "value_sql": value}


def _read_formats(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    source: Source,
    relation: Relation,
    texts: Mapping[str, str | None],
    parameters: Parameters,
) -> Reading:
    # Constants are canonical, whatever the file writes.
    read = [c for c in table.columns if texts[c.name] is not None and c.name not in source.constants]
    dates = {c.name: source.date_format for c in read if c.kind in _DATES and source.date_format}
    signs: dict[str, str] = {
        c.name: source.decimal_sign for c in read if c.kind in _NUMBERS and source.decimal_sign
    }
    open_columns = [c for c in read if c.kind in (*_DATES, *_NUMBERS) and c.name not in {**dates, **signs}]
    for column in _unread_by_cast(connection, open_columns, relation, texts, parameters):
        values = _distinct_values(connection, str(texts[column.name]), relation, parameters)
        try:
            if column.kind in _DATES:
                dates[column.name] = sniff_date_format(values)
            else:
                signs[column.name] = sniff_decimal_sign(values)
        except AmbiguousDateError:
            problem = (
                "every day is 12 or less, which leaves day and month open; set date_format on the source"
            )
            raise InputError(relation.file, problem, column=column.name) from None
        except AmbiguousNumberError:
            problem = "1,234 may be 1234 or 1.234 here; set decimal_sign on the source"
            raise InputError(relation.file, problem, column=column.name) from None
    return Reading(dates, signs)


def _used(sql: str, parameters: Parameters) -> dict[str, object]:
    names = set(_PLACEHOLDER.findall(sql))
    return {name: value for name, value in parameters.values.items() if name in names}


def _unread_by_cast(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    relation: Relation,
    texts: Mapping[str, str | None],
    parameters: Parameters,
) -> list[Column]:
    if not columns:
        return []
    probes = [
        {"text_sql": texts[c.name], "value_sql": plain_value_sql(c, str(texts[c.name]))} for c in columns
    ]
    sql = render_sql("staging/profile.sql.j2", probes=probes, relation=relation.name)
    counts = connection.execute(sql, _used(sql, parameters)).fetchall()[0]
    return [column for column, count in zip(columns, counts, strict=True) if count]


def _distinct_values(
    connection: duckdb.DuckDBPyConnection, text: str, relation: Relation, parameters: Parameters
) -> list[str]:
    sql = render_sql("staging/distinct_values.sql.j2", text_sql=text, relation=relation.name)
    return [row[0] for row in connection.execute(sql, _used(sql, parameters)).fetchall()]


def _order_sql(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    relation: Relation,
    headers: Headers,
    parameters: Parameters,
) -> str:
    """A number that grows with the source's order column; null where the source has none."""
    if source.order_column is None:
        return "null::double"
    text = trimmed_sql(headers.required_position(source.order_column, "order_column"))
    values = _distinct_values(connection, text, relation, Parameters())
    if all(_is_number(value) for value in values):
        return f"try_cast({text} as double)"
    try:
        date_format = source.date_format or sniff_date_format(values)
    except AmbiguousDateError:
        problem = "day and month of the order column cannot be told apart; set date_format on the source"
        raise InputError(relation.file, problem, column=source.order_column) from None
    return f"epoch({timestamp_sql(text, date_format, parameters)})"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
