"""One thing that is wrong in study.toml, and the line that says so: file, key, what, nearest known."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KeyPath = tuple[str | int, ...]

_NEAR_ENOUGH = 60  # of 100; below it a suggestion misleads more often than it helps
_SOURCE_HEAD = re.compile(r"\s*\[\[\s*source\s*\]\]")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong and the key path at which it stands; sources count from 0 here."""

    key_path: KeyPath
    text: str

    @property
    def place(self) -> str:
        """The key path as study.toml writes it; sources count from 1, as in meta.source_file."""
        place = ""
        for part in self.key_path:
            if isinstance(part, int):
                place += f"[{part + 1}]"
            else:
                place += ("." if place else "") + _written_key(part)
        return place


def first_line(file: Path, text: str, problems: Sequence[Problem]) -> str:
    """The one line for the user: the first problem with its place, and how many more there are."""
    problem = problems[0]
    line = _line_of_source(text, problem.key_path)
    place = f"{file}:{line}" if line else f"{file}"
    more = len(problems) - 1
    rest = f" (and {more} more problem{'s' if more > 1 else ''})" if more else ""
    return f"{place}: {problem.place}: {problem.text}{rest}"


def nearest(word: str, known: Iterable[str]) -> str:
    """Suggest, never accept: ``; nearest known: x``, or all known words where none is near."""
    from rapidfuzz import fuzz, process  # only a mistake needs it

    words = sorted(known)
    found = process.extractOne(
        word, words, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=_NEAR_ENOUGH
    )
    return f"; nearest known: {found[0]}" if found else f"; known: {', '.join(map(_written_key, words))}"


def shown(value: Any) -> str:
    """A value of study.toml as text for a message: on one line, at most 60 characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _written_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)


def _line_of_source(text: str, key_path: KeyPath) -> int | None:
    """The line of the ``[[source]]`` that a problem is in; None for other tables."""
    if len(key_path) < 2 or not isinstance(key_path[1], int):
        return None
    heads = [number for number, line in enumerate(text.splitlines(), 1) if _SOURCE_HEAD.match(line)]
    return heads[key_path[1]] if key_path[1] < len(heads) else None
