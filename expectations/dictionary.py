"""The data dictionary, derived from the contract.

``python -m expectations.dictionary`` prints docs/reference/data-dictionary.md; a test holds the file to it.
"""

from __future__ import annotations

from collections.abc import Iterable

from expectations.contract import DECLARED_BY, Column, Table
from expectations.entities import ENTITIES
from expectations.macros import Macro, macros, sentence
from expectations.outputs import OUTPUTS
from expectations.row_rules import ROW_RULES
from expectations.schema_versions import SCHEMA_VERSION
from expectations.schemas import SCHEMAS

_HEAD = f"""# Data dictionary

Schema version {SCHEMA_VERSION}. Derived from the contract in `expectations/` by
`python -m expectations.dictionary`; the same texts are the COMMENTs of the published database. School
years are named by their spring: 2025 is 2024-25.
"""

_INPUT = """
## Input entities

What sources are mapped to, and the tables of the schema `core` once typed, keyed and pseudonymised. A column
marked *restricted* is read but never enters the published database. A required column must be filled in every
row.
"""

_OUTPUT = """
## Output tables
"""


_MACROS = """
## Table macros

Questions that are asked daily, in the schema `main`: `from reach(school_year := 2025)`. A parameter that is
left out or null means all; an unknown value gives no rows. They give rows in no order. In a file that is
attached under a name, `use name` comes first ([decision 35](../decisions/0035-the-database-as-a-product.md)).
"""


def data_dictionary() -> str:
    """Markdown of every entity, output table and macro: grain, key, columns, types, values and units."""
    parts = [_HEAD, _schemas(), _INPUT]
    parts += [_section(table, is_input=True) for table in ENTITIES.values()]
    parts.append(_OUTPUT)
    parts += [_section(table, is_input=False) for table in OUTPUTS.values()]
    parts.append(_MACROS)
    parts += [_macro(macro) for macro in macros()]
    return "".join(parts)


def _schemas() -> str:
    rows = [f"| `{name}` | {text} |" for name, text in SCHEMAS.items()]
    return "\n".join(["\n| schema | holds |", "|---|---|", *rows]) + "\n"


def _macro(macro: Macro) -> str:
    return (
        f"\n### {macro.signature}\n\n{sentence(macro.grain)}. {sentence(macro.question)}  \n"
        f"Columns: {', '.join(macro.columns)}.\n"
    )


def _section(table: Table, *, is_input: bool) -> str:
    name = table.name if is_input else table.qualified_name
    lines = [f"\n### {name}\n", f"{table.grain}. {table.description}  ", f"Key: {', '.join(table.key)}.\n"]
    lines += ["| column | type | | meaning |", "|---|---|---|---|"]
    lines += [_row(column, is_input=is_input) for column in table.columns]
    rules = [rule for rule in ROW_RULES if rule.entity == table.name] if is_input else []
    if rules:
        lines.append(
            "\nA record is also turned away as " + "; ".join(f"`{r.rule}`: {r.reason}" for r in rules) + "."
        )
    return "\n".join(lines) + "\n"


def _row(column: Column, *, is_input: bool) -> str:
    marks = ["required" if is_input else "never null"] if column.is_required else []
    if column.is_direct_identifier:
        marks.append("restricted")
    text = column.comment
    if is_input and column.references:
        text += f" Declared by {_declarers(DECLARED_BY[column.references])}."
    return f"| {column.name} | {column.kind.value} | {', '.join(marks)} | {text} |"


def _declarers(tiers: Iterable[tuple[str, ...]]) -> str:
    return ", else ".join(" and ".join(tier) for tier in tiers)


if __name__ == "__main__":
    print(data_dictionary(), end="")
