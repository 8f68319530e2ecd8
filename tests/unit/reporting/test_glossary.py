"""Words are explained where they stand, once, in words that need no others."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import Markup

from tests.unit.reporting.made_up_pages import PAGE, made_up_site
from tests.unit.reporting.page_reader import elements
from transforms.reporting.catalogue import catalogue
from transforms.reporting.certainty import CERTAINTY_WORDS, certainty_word
from transforms.reporting.glossary import WordsUsed, certainty_scale, explained
from transforms.reporting.glossary_terms import TERMS

# Words that a reader of schools does not know: each must be a term of its own where a definition has it.
TECHNICAL = (
    "coefficient", "confidence", "correlation", "covariate", "deviation", "estimate", "heterogeneity",
    "hypothesis", "interval", "likelihood", "median", "null", "parameter", "percentile", "p-value",
    "regression", "residual", "significant", "standard error", "statistic", "variance",
)  # fmt: skip


class _Links(HTMLParser):
    """Where the links to words stand: the elements around each."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.around: list[tuple[str, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ("class", "term") in attrs:
            self.around.append(tuple(self.open))
        if tag not in ("meta", "br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as monkeypatch:
        folder = tmp_path_factory.mktemp("made-up")
        made_up_site(monkeypatch, folder, {"made.html": PAGE})
    return folder / "made.html"


def test_the_first_of_a_word_is_a_link_and_the_next_is_not() -> None:
    words = WordsUsed()
    assert (
        words("0.10 SD, then 0.20 SD")
        == '0.10 <a class="term" id="at-sd" href="#word-sd">SD</a>, then 0.20 SD'
    )
    assert words("another SD") == "another SD"
    assert [term.id for term in words.found] == ["sd"]


def test_text_around_a_word_is_escaped_and_markup_is_left_alone() -> None:
    assert WordsUsed()("<img src=x> & SD") == (
        '&lt;img src=x&gt; &amp; <a class="term" id="at-sd" href="#word-sd">SD</a>'
    )
    linked = Markup('<a href="sd.html">SD</a>')
    assert WordsUsed()(linked) is linked


@pytest.mark.parametrize("text", ["SDX", "pre-SD", "medians’", "the dosed", "omega3"])
def test_a_part_of_another_word_is_no_word_of_the_glossary(text: str) -> None:
    assert ("<a" in WordsUsed()(text)) == (text == "medians’")


def test_the_longer_word_is_taken_and_a_large_first_letter_is_the_same_word() -> None:
    words = WordsUsed()
    words("Growth percentiles; an adjusted p-value.")
    assert {term.id for term in words.found} == {"growth-percentile", "adjusted-p"}


def test_every_marked_word_leads_to_its_meaning_and_back(page: Path) -> None:
    found = elements(page)
    ids = Counter(element.attributes["id"] for element in found if "id" in element.attributes)
    marked = [element.attributes for element in found if element.attributes.get("class") == "term"]
    assert {attributes["id"] for attributes in marked} == {
        "at-sd", "at-interval", "at-median", "at-association", "at-rank-correlation",
    }  # fmt: skip
    hrefs = {element.attributes.get("href") for element in found}
    for attributes in marked:
        assert ids[attributes["href"].removeprefix("#")] == 1
        assert f"#{attributes['id']}" in hrefs
        assert f"glossary.html#{attributes['id'].removeprefix('at-')}" in hrefs
    assert max(ids.values()) == 1


def test_no_word_is_marked_in_a_heading_a_table_a_title_or_a_link(page: Path) -> None:
    reader = _Links()
    reader.feed(page.read_text(encoding="utf-8"))
    assert reader.around
    for around in reader.around:
        assert not set(around) & {"h1", "h2", "h3", "table", "a", "title", "summary"}


def test_all_words_stand_on_their_page_and_its_links_lead_to_them(page: Path) -> None:
    found = elements(page.with_name("glossary.html"))
    ids = [element.attributes["id"] for element in found if "id" in element.attributes]
    assert {term.id for term in TERMS} <= set(ids)
    assert len(ids) == len(set(ids))
    anchors = {href[1:] for element in found if (href := element.attributes.get("href", "")).startswith("#")}
    assert anchors <= set(ids)


def test_the_words_for_chances_leave_no_chance_out_and_say_what_the_rule_uses() -> None:
    scale = certainty_scale()
    assert [row[2] for row in scale] == [
        "99 in 100 or more", "90 to 99 in 100", "66 to 90 in 100", "33 to 66 in 100", "10 to 33 in 100",
        "1 to 10 in 100", "1 in 100 or less",
    ]  # fmt: skip
    for (name, low, high), row in zip(CERTAINTY_WORDS, scale, strict=True):
        assert certainty_word((low + high) / 2) == name
        assert row[:2] == tuple(catalogue(language).text(f"words.{name}") for language in ("en", "es"))


def test_no_two_terms_share_an_id_a_name_or_a_form() -> None:
    for of_term in ([t.id for t in TERMS], [t.name for t in TERMS], [f for t in TERMS for f in t.forms]):
        assert len({text.lower() for text in of_term}) == len(of_term)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.id)
def test_a_definition_needs_no_word_that_is_not_defined(term) -> None:  # type: ignore[no-untyped-def]
    defined = {form.lower() for other in TERMS for form in (other.name, *other.forms)}
    for initials in re.findall(r"\b[A-Z]{2,}\b", term.definition):
        assert initials.lower() in defined or initials == "US", initials
    for word in TECHNICAL:
        if re.search(rf"\b{word}s?\b", term.definition.lower()):
            covered = [form for form in defined if word in form and form in term.definition.lower()]
            assert covered or word in term.name.lower(), word


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.id)
def test_a_definition_is_short_and_plain(term) -> None:  # type: ignore[no-untyped-def]
    words = re.findall(r"[\w'-]+", term.definition)
    sentences = re.findall(r"[.;:](?= |$)", term.definition)
    assert term.definition.endswith(".")
    assert len(words) <= 60
    assert len(words) / len(sentences) <= 25
    assert sum(map(len, words)) / len(words) <= 5.5


def test_a_definition_leads_to_the_words_in_it_and_not_to_itself() -> None:
    by_id = {term.id: term for term in TERMS}
    assert '<a href="#p-value">p-value</a>' in explained(by_id["adjusted-p"])
    assert "#sd" not in explained(by_id["sd"])
