"""A school's page: described by rule, beside schools of its level, nothing of few people, no ranking."""

from __future__ import annotations

import re

import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, empty_build
from tests.unit.reporting.made_up_school import school_build
from transforms.reporting.paths import school_path, slug
from transforms.reporting.school_page import INDEX, school_pages
from transforms.reporting.sections import SectionPage
from transforms.reporting.view import read_report


def pages_of(**school: object) -> dict[str, SectionPage]:
    connection = school_build(**school)  # type: ignore[arg-type]
    return school_pages(connection, read_report(connection, BUILD_ID))


def section(page: SectionPage, section_id: str):  # type: ignore[no-untyped-def]
    return next(one for one in page.sections if one.id == section_id)


def said(page: SectionPage) -> str:
    """All text of a page, its tables included."""
    return repr(page)


@pytest.fixture(scope="module")
def pages() -> dict[str, SectionPage]:
    return pages_of()


@pytest.fixture(scope="module")
def alder(pages: dict[str, SectionPage]) -> SectionPage:
    return pages[school_path("S1")]


def test_the_first_sentence_has_hours_and_what_reached_most(alder: SectionPage) -> None:
    assert alder.sentences[0] == (
        "In 2024–25 its teachers had 17.5 hours of PD on average; what reached most of them: coaching (42%)."
    )


def test_growth_is_higher_than_usual_only_where_the_interval_leaves_50_out(alder: SectionPage) -> None:
    assert alder.sentences[1] == (
        "In reading growth was higher than usual (median growth percentile 58, 95% interval 53 to 63)."
        " In mathematics growth was not told apart from the usual (median growth percentile 47, 95% interval"
        " 41 to 52)."
    )


def test_an_interval_that_ends_at_50_holds_it() -> None:
    page = pages_of(median_sgp=55.0, median_sgp_ci_low=50.0, median_sgp_ci_high=60.0)[school_path("S1")]
    assert "In reading growth was not told apart from the usual" in page.sentences[1]


def test_a_driver_stands_apart_only_where_the_schools_interval_leaves_the_district_out(
    alder: SectionPage,
) -> None:
    # trust 3.1 to 3.7 leaves 3.9 out; leadership 3.4 to 4.2 holds it
    assert section(alder, "voice").pictures[0].title == "Against the district's teachers: trust below"


def test_hours_are_described_beside_comparable_schools(alder: SectionPage) -> None:
    assert section(alder, "fit").paragraphs == (
        "43% of hours were on priorities of the district (comparable schools: 48%), 60% were chosen locally"
        " (comparable schools: 49%): differentiated.",
    )
    assert alder.stands_out == ("Worth a visit: need 5.0, fit 1.0.",)


def test_shares_of_one_to_four_teachers_are_neither_drawn_nor_written(alder: SectionPage) -> None:
    of_reach = section(alder, "pd")
    rows = {row[0]: row for row in of_reach.tables[0].rows}
    assert rows["Online courses"] == ("Online courses", "too few", "20%", "n/a", "too few")
    assert rows["Conferences"] == ("Conferences", "0%", "10%", "n/a", "n/a")
    assert "Online courses" not in of_reach.pictures[0].svg


def test_a_school_of_which_all_is_hidden_has_a_page_that_says_so(pages: dict[str, SectionPage]) -> None:
    tiny = pages[school_path("S2")]
    assert tiny.sentences[:2] == (
        "For 2024–25 nothing can be shown about professional development (PD) here.",
        "How its students grew in 2024–25 cannot be shown.",
    )
    assert not any(picture.svg for one in tiny.sections for picture in one.pictures)
    assert "Teachers' answers: nothing is on record, or there are too few people to show it." in tiny.missing


def test_no_school_is_ranked_and_none_is_named_on_the_page_of_another(pages: dict[str, SectionPage]) -> None:
    alder, tiny = pages[school_path("S1")], pages[school_path("S2")]
    assert "Tiny School" not in said(alder)
    assert "Alder Creek" not in said(tiny)
    for page in pages.values():
        assert not re.search(
            r"\b(rank(ed|s)?|best|worst|top|bottom)\b", said(page).replace("does not rank", "")
        )


def test_the_list_is_in_the_order_of_names_and_leads_to_every_page(pages: dict[str, SectionPage]) -> None:
    cards = [card for one in pages[INDEX].sections for card in one.cards]
    assert [card.title for card in cards] == ["Alder Creek", "Tiny School"]
    assert {card.href for card in cards} == set(pages) - {INDEX}
    assert cards[0].sentences[0] == "Reading: higher than usual (58; 53 to 63)"


def test_every_picture_has_a_title_a_caption_and_a_table(alder: SectionPage) -> None:
    for one in alder.sections:
        for picture in one.pictures:
            assert picture.svg
            assert picture.title
            assert picture.svg.alternative_text not in picture.caption
            assert any(table.rows for table in (*one.tables, *one.open_tables))


def test_one_school_alone_can_be_made() -> None:
    connection = school_build()
    report = read_report(connection, BUILD_ID)
    assert set(school_pages(connection, report, ["S1"])) == {"schools/s1-" + slug("S1")[-8:] + ".html"}
    with pytest.raises(KeyError):
        school_pages(connection, report, ["S9"])


def test_without_schools_the_list_says_so() -> None:
    connection = empty_build()
    pages = school_pages(connection, read_report(connection, BUILD_ID))
    assert set(pages) == {INDEX}
    assert pages[INDEX].sentences[0] == "0 schools, each with a page of its own."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("S1", "s1"),
        ("a/../b", "a-b"),
        ("../../etc/passwd", "etc-passwd"),
        ("é", "e"),
        ("", " "),
        ("a_b", "a-b"),
    ],
)
def test_schools_whose_ids_differ_have_files_that_differ_on_every_system(one: str, other: str) -> None:
    files = {school_path(one).lower(), school_path(other).lower()}
    assert len(files) == 2
    assert all(re.fullmatch(r"schools/[a-z0-9_-]+\.html", file) for file in files)
