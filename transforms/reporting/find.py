"""The page on which everything is found: all pages, schools, kinds of PD, sections and words, by letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from transforms.reporting.alphabet import by_letter
from transforms.reporting.catalogue import noted, say
from transforms.reporting.glossary_terms import spoken_terms
from transforms.reporting.pages import Place
from transforms.reporting.paths import GLOSSARY
from transforms.reporting.sections import SectionPage

_KINDS = {"pd": noted("kind of PD"), "schools": noted("school")}


@dataclass(frozen=True)
class Entry:
    """A line of the list: what it is called, of what kind it is, where it is from the root of the site."""

    name: str
    kind: str
    href: str


def find_letters(
    menu: Sequence[tuple[str, Sequence[Place]]], pages: Mapping[str, SectionPage]
) -> list[tuple[str, tuple[Entry, ...]]]:
    """All entries by letter; sections of pages beside the menu, alike on each, are left to the page."""
    places = [place for _, of_group in menu for place in of_group]
    in_menu = {place.path: pages[place.path] for place in places if place.path in pages}
    beside = {path: page for path, page in pages.items() if path not in in_menu}
    entries = dict.fromkeys([*_places(places), *_families(beside), *_sections(in_menu), *_words()])
    return by_letter(entries, lambda entry: entry.name)


def _places(places: Sequence[Place]) -> Iterator[Entry]:
    yield from (Entry(place.label, say("page"), place.path) for place in places)


def _families(pages: Mapping[str, SectionPage]) -> Iterator[Entry]:
    for path, page in pages.items():
        yield Entry(page.title, say(_KINDS.get(path.rpartition("/")[0], noted("page"))), path)


def _sections(pages: Mapping[str, SectionPage]) -> Iterator[Entry]:
    for path, page in pages.items():
        for section in page.sections:
            yield Entry(section.title, say("in “{title}”", title=page.title), f"{path}#{section.id}")


def _words() -> Iterator[Entry]:
    yield from (Entry(term.name, say("word"), f"{GLOSSARY}#{term.id}") for term in spoken_terms())
