"""The catalogue's files: ``python -m transforms.reporting.catalogue.template`` brings them in line.

It writes ``messages.pot`` and updates each ``<language>.po``: new and changed messages come in untranslated,
those that are no longer said go.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from transforms.reporting.catalogue import LANGUAGES, SOURCE, english_by_name, is_translated

FOLDER = Path(str(resources.files(__package__)))
TEMPLATE = "messages.pot"
Entry = tuple[str | None, str | tuple[str, str], str]
_SAY, _NOUN, _TABLE = ("say", "noted"), "counted", "make_table"


def entries() -> Iterator[Entry]:
    """Every message: its name or None, its English (singular and plural of a noun), the file it is from."""
    for name, text in english_by_name().items():
        if text:
            yield name, text, f"catalogue/{SOURCE}.toml"
    pages = FOLDER.parent
    for file in sorted(pages.glob("*.py")):
        for call in _calls(ast.parse(file.read_text(encoding="utf-8"))):
            for message in _messages_of(call):
                yield None, message, file.name
    for file in sorted((pages / "templates").glob("*.html.j2")):
        for message in _messages_of_template(file):
            yield None, message, f"templates/{file.name}"


def template() -> Catalog:
    """The catalogue without a translation."""
    catalog = _empty(None)
    for name, message, file in entries():
        catalog.add(message, context=name, locations=[(file, None)])  # type: ignore[list-item]
    return catalog


def updated(language: str) -> Catalog:
    """The catalogue of ``language`` with the messages of the code; one without a file is empty."""
    file = FOLDER / f"{language}.po"
    catalog = _empty(language)
    if file.exists():
        with file.open("rb") as content:
            catalog = read_po(content, locale=language)
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def written(catalog: Catalog) -> bytes:
    """The file of ``catalog``."""
    for entry in catalog:
        entry.flags.discard("python-format")  # a percent sign in a sentence is none
    file = io.BytesIO()
    write_po(file, catalog, width=110, omit_header=False, sort_by_file=False, include_lineno=False)
    return file.getvalue()


def _empty(language: str | None) -> Catalog:
    # A date would make every run a change.
    return Catalog(
        language,
        header_comment="# The text of the report of pdeval, as docs/translating.md says.",
        project="pdeval",
        msgid_bugs_address="none",
        last_translator="the pdeval project",
        language_team="none",
        creation_date=datetime(2026, 1, 1, tzinfo=UTC),
        revision_date=datetime(2026, 1, 1, tzinfo=UTC),
        fuzzy=False,
    )


def _calls(tree: ast.AST) -> Iterator[tuple[str, list[ast.expr]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            yield name, node.args


def _messages_of(call: tuple[str, list[ast.expr]]) -> Iterator[str | tuple[str, str]]:
    name, arguments = call
    if name in _SAY:
        texts = [_constant(argument) for argument in arguments]
        if len(texts) == 2 and texts[0] and texts[1]:
            yield texts[0], texts[1]
        elif texts and texts[0]:
            yield from _titles(texts[0]) if "|" in texts[0] and "#" in texts[0] else [texts[0]]
    elif name == _NOUN:
        singular, *plural = [_constant(argument) for argument in arguments[1:]]
        if singular:
            yield singular, (plural[0] if plural and plural[0] else f"{singular}s")
    elif name == _TABLE:
        for node in ast.walk(arguments[1]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "|" in node.value:
                yield from _titles(node.value)


def _titles(text: str) -> Iterator[str]:
    """The titles of columns, ``Title|Title #``, one by one."""
    for title in text.split("|"):
        stripped = title.removesuffix("#").strip()
        if stripped:
            yield stripped


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _messages_of_template(file: Path) -> Iterator[str]:
    for call in Environment(autoescape=True).parse(file.read_text(encoding="utf-8")).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "say":
            (message,) = call.args
            if isinstance(message, nodes.Const):
                yield str(message.value)


def main() -> None:
    """Write the template and update every language."""
    (FOLDER / TEMPLATE).write_bytes(written(template()))
    for language in LANGUAGES:
        if language != SOURCE:
            catalog = updated(language)
            (FOLDER / f"{language}.po").write_bytes(written(catalog))
            done = sum(is_translated(entry) for entry in catalog)
            print(f"{language}: {done} of {len(catalog)} messages translated")


if __name__ == "__main__":
    main()
