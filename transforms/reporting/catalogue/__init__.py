"""The text of the report in one place and several languages.

A language is one TOML file beside this module, with the same messages and the same {fields} as ``en.toml``.
Numbers are written alike in all of them: Spanish in the United States has the decimal point, too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("en", "es")
Messages = Mapping[str, Any]


@dataclass(frozen=True)
class Catalogue:
    """The messages of one language by their dotted names."""

    language: str
    messages: Mapping[str, str]

    def text(self, message: str, **values: object) -> str:
        """``message`` with ``values`` filled in; KeyError where it, or a field of it, is missing.

        Where the message has two forms, ``n`` = 1 chooses the first.
        """
        if f"{message}.one" in self.messages:
            message = f"{message}.{'one' if values['n'] == 1 else 'other'}"
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


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of ``language``; FileNotFoundError where there is none."""
    file = resources.files(__package__).joinpath(f"{language}.toml")
    return Catalogue(language, dict(_flat(tomllib.loads(file.read_text(encoding="utf-8")), "")))


def _flat(messages: Messages, prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in messages.items():
        path = f"{prefix}{name}"
        found += [(path, value)] if isinstance(value, str) else _flat(value, f"{path}.")
    return found
