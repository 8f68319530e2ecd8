"""How the text of a column becomes a value: one SQL expression per kind."""

from __future__ import annotations

from collections.abc import Sequence

from expectations.contract import Column, Kind
from transforms.loading.templates import Parameters

_TRUE = "('true', 't', 'yes', 'y', '1', '1.0')"
_FALSE = "('false', 'f', 'no', 'n', '0', '0.0')"
ISO_DATE = "%Y-%m-%d"


def date_sql(text: str, date_format: str, parameters: Parameters) -> str:
    """Parse a date; ISO goes through the cast, which is several times faster than a format."""
    if date_format == ISO_DATE:
        return f"try_cast({text} as date)"
    return f"try_strptime({text}, {parameters.add(date_format)})::date"


def _timestamp_sql(text: str, date_format: str, parameters: Parameters) -> str:
    if date_format == ISO_DATE:
        return f"try_cast({text} as timestamp)"
    return f"try_strptime({text}, {parameters.add(date_format)})"


def number_sql(text: str, decimal_sign: str) -> str:
    """Parse a finite number; ``decimal_sign`` '' means that no grouping signs occur."""
    plain = f"try_cast({text} as double)"
    number = {
        "": plain,
        # the plain cast first: cleaning every text costs more than reading it
        ".": f"coalesce({plain}, try_cast(replace(replace({text}, ',', ''), ' ', '') as double))",
        ",": f"try_cast(replace(replace(replace({text}, '.', ''), ' ', ''), ',', '.') as double)",
    }[decimal_sign]
    return f"case when isfinite({number}) then {number} end"


def _whole_sql(text: str, sql_type: str, decimal_sign: str) -> str:
    number = number_sql(text, decimal_sign)
    return f"case when {number} = trunc({number}) then try_cast({number} as {sql_type}) end"


def _school_year_sql(text: str) -> str:
    # 2024-25 and 2024-2025 both name the spring of 2025; the plain year comes first, as the cheaper one
    span = f"regexp_extract({text}, '^(\\d{{4}})[-/](?:\\d{{2}})?(\\d{{2}})$', ['first', 'second'])"
    spring = f"(try_cast({span}.first as smallint) + 1)::smallint"
    return (
        f"case when length({text}) = 4 then try_cast({text} as smallint)"
        f" when {text} like '____.0' then try_cast(left({text}, 4) as smallint)"
        f" when {spring} % 100 = try_cast({span}.second as smallint) then {spring} end"
    )


def _grade_sql(text: str) -> str:
    number = f"try_cast({text} as double)"
    return (
        f"case when {number} = trunc({number}) then try_cast({number} as tinyint)"
        f" when upper({text}) in ('PK', 'P', 'PREK', 'PRE-K') then -1::tinyint"
        f" when upper({text}) in ('K', 'KG', 'KINDERGARTEN') then 0::tinyint end"
    )


def choice_sql(text: str, allowed: Sequence[str], parameters: Parameters) -> str:
    """Lower-case the text where that is one of ``allowed``; null otherwise."""
    return f"case when list_contains(cast({parameters.add(list(allowed))} as varchar[]), lower({text})) then lower({text}) end"


def value_sql(
    column: Column, text: str, parameters: Parameters, *, date_format: str, decimal_sign: str
) -> str:
    """The typed value of ``column`` from SQL text expression ``text``; null where it cannot be read."""
    if column.allowed:
        value = choice_sql(text, column.allowed, parameters)
    elif column.kind is Kind.NUMBER:
        value = number_sql(text, decimal_sign)
    elif column.kind is Kind.INTEGER:
        value = _whole_sql(text, "bigint", decimal_sign)
    elif column.kind is Kind.BOOLEAN:
        value = f"case when lower({text}) in {_TRUE} then true when lower({text}) in {_FALSE} then false end"
    elif column.kind is Kind.DATE:
        value = date_sql(text, date_format, parameters)
    elif column.kind is Kind.TIMESTAMP:
        value = _timestamp_sql(text, date_format, parameters)
    elif column.kind is Kind.SCHOOL_YEAR:
        value = _school_year_sql(text)
    elif column.kind is Kind.GRADE:
        value = _grade_sql(text)
    else:
        value = text
    return value


def problem_of(column: Column) -> tuple[str, str]:
    """Rule and reason for a text that ``value_sql`` cannot read as ``column``; never the text itself."""
    if column.allowed:
        return "not_allowed", f"not one of {', '.join(column.allowed)}; map the value in [source.values.{column.name}]"
    return {
        Kind.NUMBER: ("not_a_number", "not a number"),
        Kind.INTEGER: ("not_a_whole_number", "not a whole number"),
        Kind.BOOLEAN: ("not_a_boolean", f"not true or false; map the value in [source.values.{column.name}]"),
        Kind.DATE: ("not_a_date", "not a date of the calendar in the column's format"),
        Kind.TIMESTAMP: ("not_a_date", "not a date and time in the column's format"),
        Kind.SCHOOL_YEAR: ("not_a_school_year", "not a school year such as 2025 or 2024-25"),
        Kind.GRADE: ("not_a_grade_level", "not a grade level from -1 (pre-k) to 12"),
    }[column.kind]
