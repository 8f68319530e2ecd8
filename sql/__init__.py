"""The SQL of the project, and how identifiers get into it.

Only identifiers that the project generates or quotes are filled in; values travel as bound parameters.
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


def quoted_identifier(name: str) -> str:
    """Quote one name; a header such as ``g1.score`` is one name, not a qualified one."""
    return '"' + name.replace('"', '""') + '"'
