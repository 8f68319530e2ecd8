"""SQL templates of sql/staging and sql/core, filled with identifiers of the contract.

The 25 entities are loaded by one rule, so each step is one template rather than 25 copies.
Only identifiers that the project generates are filled in; values travel as bound parameters.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template


@cache
def _template(name: str) -> Template:
    text = files("sql").joinpath(name).read_text(encoding="utf-8")
    environment = Environment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - SQL, not HTML
    )
    return environment.from_string(text)


def render_sql(name: str, **identifiers: object) -> str:
    """Return the SQL of template ``name`` (a path below sql/) with ``identifiers`` filled in."""
    return _template(name).render(**identifiers)


class Parameters:
    """Collects bound values of one statement and hands out their placeholders."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def add(self, value: object) -> str:
        """Bind ``value``; return its placeholder, such as ``$p3``."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"${name}"
