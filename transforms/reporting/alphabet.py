"""The order of the alphabet as a reader looks for words: case and accents do not count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TypeVar
from unicodedata import combining, normalize

_Thing = TypeVar("_Thing")
DIGITS = "0–9"


def sort_key(text: str) -> str:
    """``text`` without case and accents: "Éa" and "eA" are alike."""
    return "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))


def first_letter(text: str) -> str:
    """The letter that ``text`` is looked up under; digits and signs share one."""
    first = next((sign for sign in sort_key(text) if sign.isalnum()), "0")
    return first.upper() if first.isalpha() else DIGITS


def by_letter(
    things: Iterable[_Thing], name: Callable[[_Thing], str]
) -> list[tuple[str, tuple[_Thing, ...]]]:
    """``things`` in the order of their names under the letters that these begin with, digits first."""

    def place(thing: _Thing) -> tuple[bool, str, str]:
        letter = first_letter(name(thing))
        return letter != DIGITS, letter, sort_key(name(thing))

    ordered = sorted(things, key=place)
    return [(letter, tuple(of)) for letter, of in groupby(ordered, lambda thing: first_letter(name(thing)))]
