"""Values of a result as text: for people, for spreadsheets, for programs."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from transforms.errors import UsageError
from transforms.spreadsheet_text import printable, text_for_csv

# Python's values of these hold less than DuckDB's: a month becomes 30 days, nanoseconds are dropped.
_INEXACT = ("INTERVAL", "TIMESTAMP_NS", "TIMESTAMPTZ_NS", "TIME_NS")


def refuse_inexact(columns: Sequence[tuple[str, str]]) -> None:
    """UsageError where a column (name, type) is of a type that does not come out exactly."""
    for name, kind in columns:
        if any(inexact in kind for inexact in _INEXACT):
            raise UsageError(f'SQL: column "{name}" is of type {kind}; cast it to text: "{name}"::varchar')


def distinct_names(names: Sequence[str]) -> list[str]:
    """Names of columns, each once: the second ``a`` is ``a_1``."""
    taken: set[str] = set()
    distinct = []
    for name in names:
        found, again = name, 0
        while found in taken:
            again += 1
            found = f"{name}_{again}"
        taken.add(found)
        distinct.append(found)
    return distinct


def is_number(value: object) -> bool:
    """Whether a value is a number that a spreadsheet may have as one."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def plain_text(value: object) -> str:
    """A value as text, as DuckDB writes it; None is empty, lists and structs are JSON, bytes hex."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(json_value(value), ensure_ascii=False)
    return str(value)


def csv_text(value: object) -> str:
    """A cell of a comma-separated file: no text is ever read as a formula, no control character is left."""
    text = plain_text(value)
    return text if is_number(value) else text_for_csv(printable(text))


def shown_text(value: object) -> str:
    """A value for a terminal: a sign that steers it, or turns the direction of writing, becomes □."""
    return "".join(sign if sign.isprintable() else "□" for sign in plain_text(value).replace("\t", "    "))


def json_value(value: object) -> object:
    """A value that JSON has: not-a-number and infinity are text, and so is what JSON has no kind for."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("-" if value < 0 else "") + "Infinity"
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [json_value(item) for item in value]
    if isinstance(value, dict):
        return {plain_text(key): json_value(item) for key, item in value.items()}
    return plain_text(value)


def json_text(value: object) -> str:
    """JSON that steers no terminal: what is not printable is written as its number."""
    text = json.dumps(json_value(value), ensure_ascii=False)
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in text)
