"""The page of a kind of PD: its verdicts by rule, its own rows alone, what is missing said."""

from __future__ import annotations

import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, empty_build, insert
from tests.unit.reporting.made_up_district import district_build
from tests.unit.reporting.made_up_evidence import add_evidence
from transforms.reporting.kind_page import INDEX, kind_pages
from transforms.reporting.paths import pd_type_path
from transforms.reporting.sections import Section, SectionPage
from transforms.reporting.view import read_report

HOSTILE_TYPE = "<b>own type</b>"


PROFILES: list[dict[str, object]] = [
    {
        "pd_type": "coaching",
        "school_year": 2025,
        "n_activities": 5,
        "n_people": 182,
        "hours": 2496.0,
        "district_share": 0.6,
        "school_share": 0.4,
        "teacher_share": 0.0,
        "mandatory_share": 0.0,
        "is_suppressed": False,
    },
    {"pd_type": "workshop_single", "school_year": 2025, "is_suppressed": True},
]


@pytest.fixture(scope="module")
def pages() -> dict[str, SectionPage]:
    connection = district_build(["Alder Creek", "Birch Hill"])
    add_evidence(connection)
    insert(connection, "report.pd_type_profile", PROFILES)
    return kind_pages(connection, read_report(connection, BUILD_ID))


def section(page: SectionPage, section_id: str) -> Section:
    return next(one for one in page.sections if one.id == section_id)


def test_the_answer_is_the_verdict_of_the_design_that_answers_first(pages: dict[str, SectionPage]) -> None:
    assert "Coaching in reading goes with higher growth." in pages[pd_type_path("coaching")].sentences[0]
    single = pages[pd_type_path("workshop_single")].sentences[0]
    assert "Single workshops in mathematics cannot be told apart from no difference." in single


def test_a_page_holds_rows_of_its_own_type_alone(pages: dict[str, SectionPage]) -> None:
    for title in ("Single workshops", "Curriculum-based learning"):
        assert title not in repr(pages[pd_type_path("coaching")])


def test_every_design_and_subject_is_drawn_with_its_table(pages: dict[str, SectionPage]) -> None:
    growth = section(pages[pd_type_path("coaching")], "growth")
    (picture,) = growth.pictures
    for name in ("Drawn by lot: offered", "Before and after starting", "Years of the same teacher"):
        assert name in picture.svg
    assert {row[1] for row in growth.tables[0].rows} == {"Mathematics", "Reading"}
    assert "struck out" in picture.svg


def test_dose_starting_balance_and_other_ways_to_fit_stand_on_the_page(
    pages: dict[str, SectionPage],
) -> None:
    page = pages[pd_type_path("coaching")]
    assert "14 h" in section(page, "hours").pictures[0].svg
    assert section(page, "starting").tables[0].rows[0][2] == "−3"
    ids = [picture.id for picture in section(page, "against").pictures]
    assert ids == ["kind-balance-0", "kind-balance-1", "kind-specifications-0", "kind-specifications-1"]


def test_what_it_is_comes_from_hours_and_says_what_is_not_on_record(pages: dict[str, SectionPage]) -> None:
    facts = dict(section(pages[pd_type_path("coaching")], "what").facts)
    assert facts["Started"] == "60% by the district and 40% by schools (shares of hours)"
    assert facts["Linked to the curriculum"] == "not on record"
    assert facts["Mandatory"] == "0% of hours"
    hidden = dict(section(pages[pd_type_path("workshop_single")], "what").facts)
    assert hidden["Hours"] == "too few people took part to show them"


def test_refused_ways_to_compare_are_listed_with_their_reason(pages: dict[str, SectionPage]) -> None:
    note = section(pages[pd_type_path("workshop_single")], "growth").note
    assert "drawn by lot in mathematics" in note.lower()
    assert "no offers by lot of workshop_single" in note


def test_what_is_missing_is_said(pages: dict[str, SectionPage]) -> None:
    missing = pages[pd_type_path("coaching")].missing
    assert "From reaction to growth: nothing is on record about this kind of PD." in missing
    assert any(text.startswith("What it cost: ") for text in missing)


def test_a_type_of_the_studys_own_has_a_page_whatever_its_name(pages: dict[str, SectionPage]) -> None:
    path = pd_type_path(HOSTILE_TYPE)
    assert path in pages
    assert "<" not in path
    assert "<b>" not in "".join(picture.svg for one in pages[path].sections for picture in one.pictures)


def test_the_list_names_every_kind_and_leads_to_its_page(pages: dict[str, SectionPage]) -> None:
    cards = section(pages[INDEX], "pages").cards
    assert {card.href for card in cards} == set(pages) - {INDEX}
    coaching = next(row for row in section(pages[INDEX], "all").open_tables[0].rows if row[0] == "Coaching")
    assert "higher growth" in coaching


def test_every_picture_has_a_table_in_its_section(pages: dict[str, SectionPage]) -> None:
    for page in pages.values():
        for one in page.sections:
            if any(picture.svg for picture in one.pictures):
                assert any(table.rows for table in (*one.tables, *one.open_tables)), one.id


def test_without_any_kind_the_list_says_so() -> None:
    connection = empty_build()
    found = kind_pages(connection, read_report(connection, BUILD_ID))
    assert set(found) == {INDEX}
    assert found[INDEX].sentences[0].startswith("0 kinds of professional development (PD) are on record")
