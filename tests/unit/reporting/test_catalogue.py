"""The catalogue: its files are those of the code, nothing is said past it, and another language is heard."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import duckdb
import pytest
from babel.messages.pofile import read_po

from tests.unit.reporting.made_up_build import BUILD_ID
from tests.unit.reporting.made_up_whole import SCHOOLS, whole_build
from transforms.reporting import catalogue as package
from transforms.reporting.catalogue import (
    LANGUAGES,
    SOURCE,
    Catalogue,
    catalogue,
    forms_of,
    is_translated,
    noted,
    say,
    say_each,
    say_noun,
    speaking,
    spoken,
)
from transforms.reporting.catalogue.template import FOLDER, TEMPLATE, entries, template, updated, written
from transforms.reporting.pages import menu, site_pages
from transforms.reporting.view import read_report

TRANSLATED = [language for language in LANGUAGES if language != SOURCE]
FIELD = re.compile(r"(\{\{[^{}]*\}\}|\{[^{}]*\})")


def foreign(text: str) -> str:
    """``text`` in a language whose letters are the full-width ones; fields stay as they are."""
    return "".join(part if FIELD.fullmatch(part) else "".join(map(_wide, part)) for part in FIELD.split(text))


def _wide(letter: str) -> str:
    return chr(ord(letter) + 0xFEE0) if letter.isascii() and letter.isalpha() else letter


def made_up_language() -> Catalogue:
    english = catalogue(SOURCE)
    messages = [message for name, message, _ in entries() if name is None]
    return Catalogue(
        SOURCE,
        {name: foreign(text) for name, text in english.messages.items()},
        {name: tuple(map(foreign, forms)) for name, forms in english.forms.items()},
        {message: foreign(message) for message in messages if isinstance(message, str)},
        {message[0]: tuple(map(foreign, message)) for message in messages if not isinstance(message, str)},
        lambda n: int(n != 1),
    )


def field_names(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def test_the_files_have_the_messages_of_the_code() -> None:
    how = "run: python -m transforms.reporting.catalogue.template"
    assert (FOLDER / TEMPLATE).read_bytes() == written(template()), how
    for language in TRANSLATED:
        assert (FOLDER / f"{language}.po").read_bytes() == written(updated(language)), how


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_fields_of_its_message(language: str) -> None:
    with (FOLDER / f"{language}.po").open("rb") as file:
        for entry in read_po(file):
            if not is_translated(entry):
                continue
            english = (entry.id,) if isinstance(entry.id, str) else entry.id
            for form, text in zip(forms_of(entry), english, strict=True):
                assert field_names(form) == field_names(text), entry.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_has_a_name_is_there_in_every_language(language: str) -> None:
    assert set(catalogue(language).messages) == set(catalogue(SOURCE).messages)
    assert set(catalogue(language).forms) == set(catalogue(SOURCE).forms)


def test_messages_are_filled_in_and_said_in_the_language_that_is_spoken() -> None:
    spanish = catalogue("es")
    assert say("{low} to {high}", low=1, high=2) == "1 to 2"
    with speaking(spanish):
        assert say("{low} to {high}", low=1, high=2) == "1 a 2"
        assert say("no such message, {n}", n=3) == "no such message, 3"
        with speaking(catalogue(SOURCE)):
            assert spoken().language == SOURCE
        assert spoken() is spanish
    assert spoken().language == SOURCE
    assert say("braces {stay} without values") == noted("braces {stay} without values")
    with pytest.raises(KeyError):
        say("{missing}", other=1)


def test_values_are_text_and_never_messages() -> None:
    assert say("{name} grows", name="{low} to {high}") == "{low} to {high} grows"


def test_nouns_have_the_forms_of_the_language() -> None:
    three = Catalogue(
        "pl",
        {},
        {},
        {},
        {"school": ("szkoła", "szkoły", "szkół")},
        lambda n: 0 if n == 1 else 1 if n < 5 else 2,
    )
    with speaking(three):
        assert [say_noun(n, "school", "schools") for n in (1, 2, 5)] == ["szkoła", "szkoły", "szkół"]
        assert [say_noun(n, "teacher", "teachers") for n in (1, 2)] == ["teacher", "teachers"]


def test_each_text_of_a_value_is_said() -> None:
    with speaking(made_up_language()):
        assert say_each({"a": (noted("no estimate"), 1, None)}) == {"a": (foreign("no estimate"), 1, None)}


# ------------------------------------------------------------------------------------ nothing past it

# Not text of the report: SQL, expressions of Vega, paths, names of fields.
CODE = re.compile(
    r"\bselect |order by|is not null|not is_|\$\w|datum|^ from report\.|\w_\w+ desc|=|^<|</"
    r"|^[a-z_]+( desc)?( nulls \w+)?(, [a-z_]+( desc)?( nulls \w+)?)+$"
)
TWO_WORDS = re.compile(r"[A-Za-z]{2,}[,:;]? [A-Za-z]{2,}")
SAID_BY = {"say", "noted", "counted", "make_table", "text", "startswith", "removeprefix", "sub"}
# Made for whom the database is for, in its language; or a code of the data.
EXEMPT_FILES = {"dictionary_page.py", "data_package.py"}
EXEMPT = {"kinds of PD", "high need", "middle third", "highest third", "not available"}


def unsaid(tree: ast.AST) -> Iterator[str]:
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        if not TWO_WORDS.search(node.value) or CODE.search(node.value) or node.value in EXEMPT:
            continue
        above = list(_above(node, parents))
        calls = {_called(call) for call in above if isinstance(call, ast.Call)}
        in_function = any(isinstance(one, ast.FunctionDef) for one in above)
        is_left_out = isinstance(above[0], ast.Expr | ast.Compare) or any(
            isinstance(one, ast.Raise) for one in above
        )
        if in_function and not is_left_out and not calls & SAID_BY:
            yield node.value


def _above(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while node in parents:
        node = parents[node]
        yield node


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))


@pytest.mark.parametrize("code", ['f"{n} of all schools"', '"of all schools"'])
def test_a_sentence_past_the_catalogue_is_found(code: str) -> None:
    assert list(unsaid(ast.parse(f"def sentence(n):\n    return {code}\n"))) != []


def test_no_function_has_a_sentence_past_the_catalogue() -> None:
    found = {
        file.name: texts
        for file in sorted(Path(package.__file__).parents[1].glob("*.py"))
        if file.name not in EXEMPT_FILES
        if (texts := list(unsaid(ast.parse(file.read_text(encoding="utf-8")))))
    }
    assert found == {}


# ----------------------------------------------------------------------------- another language heard


def texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from texts_of(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts_of(getattr(value, field.name))


def texts_of_the_database(connection: duckdb.DuckDBPyConnection) -> str:
    """Labels, reasons and notes are data, in the language of the database."""
    columns = connection.execute(
        "select distinct schema_name, table_name, column_name from duckdb_columns()"
        " where data_type = 'VARCHAR' and not internal"
    ).fetchall()
    return "\n".join(
        str(row[0])
        for schema, table, column in columns
        for row in connection.execute(f'select distinct "{column}" from "{schema}"."{table}"').fetchall()
    )


def texts_of_rules() -> str:
    """What rules and steps say stands in the database as well, which a made-up one may lack."""
    root = Path(package.__file__).parents[2]
    return "\n".join(
        str(node.value)
        for folder in ("improvement", "selfassessment")
        for file in (root / folder).glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    )


def test_in_another_language_no_page_says_a_message_in_english() -> None:
    connection = whole_build(SCHOOLS[:4])
    report = read_report(connection, BUILD_ID)
    with speaking(made_up_language()):
        pages = [replace(page, sources=()) for page in site_pages(connection, report).values()]
        said = "\n".join([*texts_of(pages), *texts_of(menu())])
    in_data = texts_of_the_database(connection) + texts_of_rules()
    pieces = {
        piece.strip(" .,;:()")
        for name, message, _ in entries()
        if name is None and isinstance(message, str)
        for piece in FIELD.split(message)
        if TWO_WORDS.search(piece) and len(piece) > 20
    }
    assert len(pieces) > 1000
    left = [piece for piece in sorted(pieces) if piece in said and piece not in in_data]
    assert left == [], left
