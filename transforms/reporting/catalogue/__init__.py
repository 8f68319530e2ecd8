"""The text of the report in one catalogue and several languages.

English is what the code says. A sentence stands where it is made: ``say("{n} of them", n=…)``. What a code in
the data chooses has a name and stands in ``en.toml``. ``messages.pot`` has both, for translators; a language
is one file ``<language>.po`` beside it. ``template.py`` keeps these files in line with the code.
Numbers are written alike in all of them: Spanish in the United States has the decimal point, too.
"""

from __future__ import annotations

import gettext
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, TypeVar, cast

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

SOURCE = "en"
LANGUAGES = (SOURCE, "es")
Messages = Mapping[str, Any]
Texts = TypeVar("Texts")


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The text of one language.

    ``messages`` are those with a dotted name; ``forms`` have several, chosen by a number. ``sentences`` and
    ``nouns`` (singular to all forms) are by their English; what is not among them is said in English.
    ``form`` gives the place of the form for a number.
    """

    language: str
    messages: Mapping[str, str]
    forms: Mapping[str, Sequence[str]]
    sentences: Mapping[str, str]
    nouns: Mapping[str, Sequence[str]]
    form: Callable[[int], int]

    def text(self, message: str, **values: object) -> str:
        """``message`` with ``values`` filled in; KeyError where it, or a field of it, is missing.

        Where the message has several forms, ``n`` chooses.
        """
        if message in self.forms:
            return self.forms[message][self.form(int(str(values["n"])))].format_map(values)
        return self.messages[message].format_map(values)

    def name(self, kind: str, code: str) -> str:
        """Name of ``code`` among ``kind`` ("pd_type", "level" …); a code of the study's own as words."""
        words = code.replace("_", " ").strip()
        return self.messages.get(f"{kind}.{code}") or words[:1].upper() + words[1:]

    def in_sentence(self, kind: str, code: str) -> str:
        """The same within a sentence."""
        name = self.name(kind, code)
        return name if name[1:2].isupper() else name[:1].lower() + name[1:]

    def listed(self, parts: Sequence[str]) -> str:
        """Words joined as a sentence does."""
        if len(parts) == 1:
            return parts[0]
        return f"{', '.join(parts[:-1])} {self.messages['words.and']} {parts[-1]}"


def say(message: str, **values: object) -> str:
    """``message`` in the language that is spoken, its ``{fields}`` filled in; KeyError where one is missing.

    Without ``values`` nothing is filled in, so that braces may stand in it.
    """
    text = spoken().sentences.get(message, message)
    return text.format_map(values) if values else text


def say_each(texts: Texts) -> Texts:
    """``texts``, tuples and mappings of text and of values that hold text, with each text said."""
    return cast(Texts, _each(texts))


def _each(value: object) -> object:
    if isinstance(value, str):
        return say(value)
    if isinstance(value, tuple | list):
        return type(value)(_each(part) for part in value)
    if isinstance(value, Mapping):
        return {key: _each(part) for key, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _each(getattr(value, field.name)) for field in fields(value)})
    return value


def say_noun(n: int | None, singular: str, plural: str) -> str:
    """The noun for ``n`` things in the language that is spoken."""
    forms = spoken().nouns.get(singular)
    if forms is None:
        return singular if n == 1 else plural
    return forms[spoken().form(n or 0)]


def noted(message: str, plural: str = "") -> str:
    """``message`` as it is: it belongs to the catalogue, and who shows it calls ``say``.

    With ``plural`` it is a noun, for ``say_noun``.
    """
    return message


def spoken() -> Catalogue:
    """The catalogue of the language that is spoken, English unless ``speaking``."""
    return _spoken.get() or catalogue(SOURCE)


@contextmanager
def speaking(language: Catalogue) -> Iterator[None]:
    """Within, everything is said in ``language``."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of ``language``; FileNotFoundError where there is none."""
    named = english_by_name()
    single = {name: text for name, text in named.items() if isinstance(text, str)}
    several = {name: text for name, text in named.items() if not isinstance(text, str)}
    if language == SOURCE:
        return Catalogue(SOURCE, single, several, {}, {}, lambda n: int(n != 1))
    with _file(f"{language}.po").open("rb") as file:
        found = read_po(file)
    translated = {(entry.context, entry.id): forms_of(entry) for entry in found if is_translated(entry)}
    return Catalogue(
        language,
        {name: translated[name, text][0] if text else text for name, text in single.items()},
        {name: translated[name, text] for name, text in several.items()},
        {
            key: text
            for (name, key), (text, *_) in translated.items()
            if name is None and isinstance(key, str)
        },
        {
            key[0]: forms
            for (name, key), forms in translated.items()
            if name is None and not isinstance(key, str)
        },
        gettext.c2py(found.plural_expr),
    )


def is_translated(entry: Message) -> bool:
    """Whether an entry of a language says something in every form, and not only as a guess (fuzzy)."""
    return bool(entry.id) and all(forms_of(entry)) and not entry.fuzzy


def forms_of(entry: Message) -> tuple[str, ...]:
    """The translation of an entry, in each form of the language."""
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ("",))


def english_by_name() -> dict[str, str | tuple[str, str]]:
    """The messages of ``en.toml`` by dotted name; those for one and for others as a pair."""
    return dict(_flat(tomllib.loads(_file(f"{SOURCE}.toml").read_text(encoding="utf-8")), ""))


def _file(name: str) -> Any:
    return resources.files(__package__).joinpath(name)


def _flat(messages: Messages, prefix: str) -> Iterator[tuple[str, str | tuple[str, str]]]:
    for name, value in messages.items():
        path = f"{prefix}{name}"
        if isinstance(value, str):
            yield path, value
        elif set(value) == {"one", "other"}:
            yield path, (value["one"], value["other"])
        else:
            yield from _flat(value, f"{path}.")


_spoken: ContextVar[Catalogue | None] = ContextVar("spoken", default=None)
