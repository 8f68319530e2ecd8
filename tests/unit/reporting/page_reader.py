"""A page as a list of elements, read as a browser's tokeniser would."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path


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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def elements(page: Path) -> list[Element]:
    """All start tags of a page."""
    reader = _Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader.elements


def text(page: Path) -> str:
    """The text of a page, spaces and line ends as one space; style and script included."""
    reader = _Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    return " ".join(" ".join(reader.text).split())
