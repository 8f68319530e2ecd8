"""The table macros of the published database: questions that evaluators ask daily.

Each is a file of ``sql/macros``, a SELECT whose named parameters are those of the macro. It opens with its
grain, its question and the order of its parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import sqlglot
from sqlglot import exp


@dataclass(frozen=True)
class Macro:
    """A table macro: called as ``from name(parameters)``; a parameter that is left out or null means all.

    ``text`` is the SELECT as the file has it, with parameters as ``$name``; ``columns`` are what it gives.
    """

    name: str
    grain: str
    question: str
    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    text: str

    @property
    def signature(self) -> str:
        """How it is called: ``reach(pd_type, school_year)``."""
        return f"{self.name}({', '.join(self.parameters)})"

    @property
    def comment(self) -> str:
        """The COMMENT of the macro; it begins with the grain."""
        return (
            f"{sentence(self.grain)}. {sentence(self.question)}"
            f" Call: from {self.signature}; a parameter that is left out or null means all, an unknown"
            " value gives no rows."
        )


def sentence(text: str) -> str:
    """``text`` with a capital at its beginning."""
    return text[:1].upper() + text[1:]


@cache
def macros() -> tuple[Macro, ...]:
    """Every macro of ``sql/macros``, by name. ValueError where a file breaks a rule of ``read_macro``."""
    found = sorted(resources.files("sql").joinpath("macros").iterdir(), key=lambda entry: entry.name)
    return tuple(
        read_macro(entry.name.removesuffix(".sql"), entry.read_text(encoding="utf-8"))
        for entry in found
        if entry.name.endswith(".sql")
    )


def read_macro(name: str, text: str) -> Macro:
    """Parse a file of ``sql/macros``.

    ValueError where it is not one SELECT, an opening comment is missing, the parameters named are not those
    used, or a column is written as a parameter is called without the name of its table: DuckDB would put the
    argument there.
    """
    parsed = [statement for statement in sqlglot.parse(text, read="duckdb") if statement is not None]
    if len(parsed) != 1 or not isinstance(parsed[0], exp.Query):
        raise ValueError(f"sql/macros/{name}.sql: one SELECT is wanted")
    query = parsed[0]
    parameters = tuple(part.strip() for part in _opening(name, text, "parameters").split(","))
    used = {placeholder.name for placeholder in query.find_all(exp.Placeholder)}
    if used != set(parameters):
        raise ValueError(f"sql/macros/{name}.sql: parameters {sorted(parameters)}, used {sorted(used)}")
    captured = sorted(
        {column.name for column in query.find_all(exp.Column) if not column.table} & set(parameters)
    )
    if captured:
        raise ValueError(f"sql/macros/{name}.sql: {captured[0]} is a parameter; write table.{captured[0]}")
    columns = _columns(query)
    return Macro(
        name, _opening(name, text, "grain"), _opening(name, text, "question"), parameters, columns, text
    )


def _opening(name: str, text: str, label: str) -> str:
    for line in text.splitlines():
        if line.startswith(f"-- {label}:"):
            return line.removeprefix(f"-- {label}:").strip()
        if not line.startswith("--"):
            break
    raise ValueError(f"sql/macros/{name}.sql: the opening comment '-- {label}: …' is missing")


def _columns(query: exp.Query) -> tuple[str, ...]:
    """Columns of the last step, which ``select * from last_step`` gives."""
    last = query.args["from_"].this.name
    (step,) = (cte.this for cte in query.ctes if cte.alias == last)
    return tuple(step.named_selects)
