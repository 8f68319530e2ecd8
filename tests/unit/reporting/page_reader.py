"""A page as a list of elements, read as a browser's tokeniser would.

The one script of the site is left out, known by its whole text, so that any other is found;
test_script_policy.py holds that it is there once.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

SITE_SCRIPT = (files("transforms.reporting") / "templates" / "site.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Element:
    """One start tag."""

    name: str
    attributes: dict[str, str]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.text: list[str] = []
        self._is_joined = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        self._is_joined = ("class", "term") in attrs

    def handle_endtag(self, tag: str) -> None:
        # a word of the glossary is a link within its sentence: nothing stands between it and what follows
        self._is_joined = tag == "a" and self.elements[-1].attributes.get("class") == "term"

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1].name == "script" and data == SITE_SCRIPT:
            self.elements.pop()
        elif self._is_joined and self.text:
            self.text[-1] += data
        else:
            self.text.append(data)


def elements(page: Path) -> list[Element]:
    """All start tags of a page."""
    return _read(page).elements


def text(page: Path) -> str:
    """The text of a page, spaces and line ends as one space; styles included."""
    return " ".join(" ".join(_read(page).text).split())


class _Languages(HTMLParser):
    """The texts of a page by the language that the nearest element around them names."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, set[str]] = {}
        self._open: list[tuple[str, str]] = [("", "")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append((tag, dict(attrs).get("lang") or self._open[-1][1]))

    def handle_endtag(self, tag: str) -> None:
        while self._open.pop()[0] != tag:  # elements without an end
            pass

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self._open[-1][1], set()).add(" ".join(data.split()))


def texts_in(page: Path, language: str) -> set[str]:
    """The texts of a page that are marked as ``language``."""
    reader = _Languages()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader.texts.get(language, set())


def _read(page: Path) -> _Reader:
    reader = _Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader
