"""How the text of a column becomes a value: one SQL expression per kind."""

from __future__ import annotations

from collections.abc import Sequence

from expectations.contract import Column, Kind
from transforms.loading.parameters import Parameters

_TRUE = "('true', 't', 'yes', 'y', '1', '1.0')"
_FALSE = "('false', 'f', 'no', 'n', '0', '0.0')"
ISO_DATE = "%Y-%m-%d"

# DuckDB reads 25/12/24 as a day of the year 25, and 'infinity' as a date. The last day is what some
# systems write for open ended.
_DAYS = "date '1900-01-01' and date '9999-12-31'"
# Sums of squares of anything larger lose the digits of scores and hours.
_LARGEST_NUMBER = "1e15"
_BLANK_GROUPS = r" ''’\x{a0}\x{202f}"


def date_sql(text: str, date_format: str, parameters: Parameters) -> str:
    """Parse a date; ISO goes through the cast, which is several times faster than a format."""
    return _moment_sql(text, "date", date_format, parameters)


def _within_days(date: str) -> str:
    return f"case when {date} between {_DAYS} then {date} end"


def timestamp_sql(text: str, date_format: str, parameters: Parameters) -> str:
    """Parse a date and time, or a date alone as its midnight."""
    return _moment_sql(text, "timestamp", date_format, parameters)


def _moment_sql(text: str, sql_type: str, date_format: str, parameters: Parameters) -> str:
    iso = _within_days(f"try_cast({text} as {sql_type})")
    if date_format == ISO_DATE:
        return iso
    formatted = _within_days(f"try_strptime({text}, {parameters.add(date_format)})::{sql_type}")
    if date_format.startswith("%Y"):
        return formatted
    # With the year first nothing is open, and [source.values] map to ISO dates.
    return f"coalesce({formatted}, {iso})"


def number_sql(text: str, decimal_sign: str) -> str:
    """Parse a number; ``decimal_sign`` '' means that no grouping signs occur.

    Grouping signs are left out only where they stand before three digits: 2,5 in a column with decimal
    points is no 25.
    """
    plain = f"try_cast({text} as double)"
    number = {
        "": plain,
        ".": f"coalesce({plain}, {_grouped_sql(text, ',', '.')})",
        ",": f"coalesce({_decimal_comma_sql(text)}, {_grouped_sql(text, '.', ',')})",
    }[decimal_sign]
    return f"case when abs({number}) <= {_LARGEST_NUMBER} then {number} end"


def _decimal_comma_sql(text: str) -> str:
    return f"case when not contains({text}, '.') then try_cast(replace({text}, ',', '.') as double) end"


def _grouped_sql(text: str, group_sign: str, decimal_sign: str) -> str:
    groups = f"[{group_sign}{_BLANK_GROUPS}]"
    shape = f"[-+]?[0-9]{{1,3}}(?:{groups}[0-9]{{3}})+(?:[{decimal_sign}][0-9]*)?"
    ungrouped = f"replace(regexp_replace({text}, '{groups}', '', 'g'), ',', '.')"
    return f"case when regexp_full_match({text}, '{shape}') then try_cast({ungrouped} as double) end"


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
    permitted = f"cast({parameters.add(list(allowed))} as varchar[])"
    return f"case when list_contains({permitted}, lower({text})) then lower({text}) end"


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
        value = timestamp_sql(text, date_format, parameters)
    elif column.kind is Kind.SCHOOL_YEAR:
        value = _school_year_sql(text)
    elif column.kind is Kind.GRADE:
        value = _grade_sql(text)
    else:
        value = text
    return value


def plain_value_sql(column: Column, text: str) -> str:
    """``value_sql`` for ISO dates and numbers without grouping signs; null where the text is neither."""
    return value_sql(column, text, Parameters(), date_format=ISO_DATE, decimal_sign="")


def problem_of(column: Column) -> tuple[str, str]:
    """Rule and reason for a text that ``value_sql`` cannot read as ``column``; never the text itself."""
    if column.allowed:
        return (
            "not_allowed",
            f"not one of {', '.join(column.allowed)}; map the value in [source.values.{column.name}]",
        )
    return {
        Kind.NUMBER: ("not_a_number", "not a number, or one beyond 1e15"),
        Kind.INTEGER: ("not_a_whole_number", "not a whole number"),
        Kind.BOOLEAN: ("not_a_boolean", f"not true or false; map the value in [source.values.{column.name}]"),
        Kind.DATE: ("not_a_date", "not a date of the calendar from 1900 on in the column's format"),
        Kind.TIMESTAMP: ("not_a_date", "not a date and time in the column's format"),
        Kind.SCHOOL_YEAR: ("not_a_school_year", "not a school year such as 2025 or 2024-25"),
        Kind.GRADE: ("not_a_grade_level", "not a grade level from -1 (pre-k) to 12"),
    }[column.kind]
