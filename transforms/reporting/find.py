"""The page on which everything is found: all pages, schools, kinds of PD, sections and words, by letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from transforms.reporting.alphabet import by_letter
from transforms.reporting.glossary_terms import TERMS
from transforms.reporting.pages import Place
from transforms.reporting.paths import GLOSSARY
from transforms.reporting.sections import SectionPage

_KINDS = {"pd": "kind of PD", "schools": "school"}


@dataclass(frozen=True)
class Entry:
    """A line of the list: what it is called, of what kind it is, where it is from the root of the site."""

    name: str
    kind: str
    href: str


def find_letters(
    menu: Sequence[tuple[str, Sequence[Place]]], pages: Mapping[str, SectionPage]
) -> list[tuple[str, tuple[Entry, ...]]]:
    """All entries by letter; sections of pages of a family, alike on each, are left to the page."""
    entries = dict.fromkeys([*_places(menu), *_families(pages), *_sections(pages), *_words()])
    return by_letter(entries, lambda entry: entry.name)


def _places(menu: Sequence[tuple[str, Sequence[Place]]]) -> Iterator[Entry]:
    yield from (Entry(place.label, "page", place.path) for _, places in menu for place in places)


def _families(pages: Mapping[str, SectionPage]) -> Iterator[Entry]:
    for path, page in pages.items():
        folder, _, _ = path.rpartition("/")
        if folder:
            yield Entry(page.title, _KINDS.get(folder, "page"), path)


def _sections(pages: Mapping[str, SectionPage]) -> Iterator[Entry]:
    for path, page in pages.items():
        if "/" not in path:
            for section in page.sections:
                yield Entry(section.title, f"in “{page.title}”", f"{path}#{section.id}")


def _words() -> Iterator[Entry]:
    yield from (Entry(term.name, "word", f"{GLOSSARY}#{term.id}") for term in TERMS)
