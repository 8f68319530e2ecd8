"""The list of schools: by level and name, each with its page, nothing of few people, no ranking."""

from __future__ import annotations

import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, empty_build
from tests.unit.reporting.made_up_school import add_peers, school_build
from transforms.reporting.school_index import INDEX
from transforms.reporting.school_page import school_pages
from transforms.reporting.sections import SectionPage
from transforms.reporting.site import _section_page
from transforms.reporting.view import read_report

CHROME = {"menu": [], "branding": None, "colophon": ""}


@pytest.fixture(scope="module")
def pages() -> dict[str, SectionPage]:
    connection = school_build()
    add_peers(connection)
    connection.execute("update core.school set school_level = 'high' where school_id = 'P0'")
    connection.execute("update core.school set school_level = null where school_id = 'P1'")
    connection.execute("update report.school_balance set school_level = null where school_id in ('P0', 'P1')")
    return school_pages(connection, read_report(connection, BUILD_ID))


def test_schools_stand_by_level_from_the_youngest_on_in_the_order_of_their_names(
    pages: dict[str, SectionPage],
) -> None:
    listed = {one.title: [row[0] for row in one.open_tables[0].rows] for one in pages[INDEX].sections}
    assert list(listed) == ["Elementary schools", "High schools", "Schools without a level on record"]
    assert listed["Elementary schools"] == [
        "Alder Creek", "Peer School P2", "Peer School P3", "Peer School P4", "Tiny School",
    ]  # fmt: skip


def test_each_row_leads_to_the_page_of_its_school(pages: dict[str, SectionPage]) -> None:
    for one in pages[INDEX].sections:
        (table,) = one.open_tables
        assert [pages[link].title for link in table.links] == [row[0] for row in table.rows]
    linked = [link for one in pages[INDEX].sections for link in one.open_tables[0].links]
    assert sorted([*linked, INDEX]) == sorted(pages)


def test_a_row_has_hours_reach_growth_with_its_interval_and_where_hours_stand(
    pages: dict[str, SectionPage],
) -> None:
    rows = {row[0]: row[1:] for row in pages[INDEX].sections[0].open_tables[0].rows}
    assert rows["Alder Creek"] == (
        "17.5", "Coaching, 42%", "47 (41 to 52)", "58 (53 to 63)", "differentiated",
    )  # fmt: skip
    assert rows["Tiny School"] == ("too few", "too few", "n/a", "too few", "too few")


def test_the_answer_counts_schools_by_what_their_interval_says(pages: dict[str, SectionPage]) -> None:
    assert (
        "Growth in reading was above typical in 1, about typical in 5 and below typical in 0 of 6 schools"
        " that can be shown."
    ) in pages[INDEX].sentences


def test_shares_of_the_heat_table_are_those_that_may_be_shown(pages: dict[str, SectionPage]) -> None:
    heat = pages[INDEX].sections[0].heat
    assert heat is not None
    assert heat.columns == ("Coaching",)
    assert {school: cells[0].text for school, cells in heat.rows} == {
        "Alder Creek": "42%",
        "Tiny School": "too few",
    }


def test_links_start_from_the_folder_of_the_list(pages: dict[str, SectionPage]) -> None:
    from transforms.reporting.branding import Branding

    markup = _section_page(pages[INDEX], INDEX, {**CHROME, "branding": Branding(name="District")})
    for path in set(pages) - {INDEX}:
        assert f'<a href="../{path}">{pages[path].title}</a>' in markup


def test_without_schools_the_list_says_so() -> None:
    connection = empty_build()
    pages = school_pages(connection, read_report(connection, BUILD_ID))
    assert set(pages) == {INDEX}
    assert pages[INDEX].sentences[0] == "0 schools, each with a page of its own."
