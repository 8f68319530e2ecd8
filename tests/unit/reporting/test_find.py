"""Everything is found on one page, without a script."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.reporting.made_up_pages import PAGE, made_up_site
from tests.unit.reporting.page_reader import elements
from transforms.reporting.alphabet import by_letter
from transforms.reporting.find import Entry, find_letters
from transforms.reporting.glossary_terms import TERMS
from transforms.reporting.pages import menu

PAGES = {
    "balance.html": PAGE,
    "schools/s1.html": replace(PAGE, title="Éclair <b>School</b>"),
    "pd/coaching.html": replace(PAGE, title="Coaching"),
}


def test_pages_schools_kinds_of_pd_sections_and_words_are_all_there() -> None:
    entries = [entry for _, of_letter in find_letters(menu(), PAGES) for entry in of_letter]
    assert len(entries) == len(set(entries))
    assert {place.path for _, places in menu() for place in places} <= {entry.href for entry in entries}
    assert {f"glossary.html#{term.id}" for term in TERMS} <= {entry.href for entry in entries}
    assert Entry("Éclair <b>School</b>", "school", "schools/s1.html") in entries
    assert Entry("Coaching", "kind of PD", "pd/coaching.html") in entries
    assert Entry("An association of numbers", "in “Made up”", "balance.html#numbers") in entries
    assert not [
        entry for entry in entries if entry.href.startswith(("schools/s1.html#", "pd/coaching.html#"))
    ]


def test_accents_and_case_do_not_count_in_the_order() -> None:
    names = ["Zoe", "éclair", "East", "Échelle", "élan", "2nd Street", "“Quoted”"]
    assert [(letter, *found) for letter, found in by_letter(names, str)] == [
        ("0–9", "2nd Street"),
        ("E", "East", "Échelle", "éclair", "élan"),
        ("Q", "“Quoted”"),
        ("Z", "Zoe"),
    ]


def test_a_search_link_stands_on_every_page_and_every_found_link_leads_somewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made_up_site(monkeypatch, tmp_path, PAGES)
    monkeypatch.undo()
    made = set(tmp_path.rglob("*.html"))
    for page in made:
        root = "../" if page.parent != tmp_path else ""
        hrefs = [element.attributes.get("href") for element in elements(page) if element.name == "a"]
        assert hrefs[1] == f"{root}find.html"  # the first after the way to the content
    ids = {
        page: {element.attributes["id"] for element in elements(page) if "id" in element.attributes}
        for page in made
    }
    in_menu = {place.path for _, places in menu() for place in places}
    for link in (e.attributes["href"] for e in elements(tmp_path / "find.html") if e.name == "a"):
        path, _, anchor = link.partition("#")
        target = tmp_path / (path or "find.html")
        if target in made:
            assert not anchor or anchor in ids[target], link
        else:
            assert path in in_menu  # pages of the build, which this site does without
