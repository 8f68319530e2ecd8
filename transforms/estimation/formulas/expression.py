"""Pieces of SQL with the values that are bound to their placeholders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from transforms.estimation.formulas.errors import FormulaError

_MAX_CHARACTERS = 1_000_000
# A condition is the number 1 or 0, and null where a side of it is null.
Kind = Literal["number", "condition", "text"]


@dataclass(frozen=True)
class Expression:
    """``sql`` can stand at any place of a larger expression; ``parameters`` are bound to its $names."""

    sql: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    kind: Kind = "number"


def combine(template: str, *parts: Expression, kind: Kind = "number") -> Expression:
    """Fill the places {0}, {1}, ... of a template with expressions.

    Some templates hold a place twice, so that functions within functions grow fast: FormulaError where
    they come to more than a million characters.
    """
    parameters: dict[str, object] = {}
    for part in parts:
        parameters.update(part.parameters)
    sql = template.format(*(part.sql for part in parts))
    if len(sql) > _MAX_CHARACTERS:
        raise FormulaError("functions are nested too deeply: the SQL has more than a million characters")
    return Expression(sql, parameters, kind)
