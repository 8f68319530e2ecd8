"""The page of a kind of PD: its verdicts by rule, its own rows alone, what is missing said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, empty_build, insert
from tests.unit.reporting.made_up_kinds import kinds_build
from transforms.reporting.kind_index import kinds_index
from transforms.reporting.kind_page import INDEX, kind_page, kind_pages
from transforms.reporting.kind_rows import kind_of, read_kinds
from transforms.reporting.paths import pd_type_path
from transforms.reporting.sections import Section, SectionPage
from transforms.reporting.view import read_report

HOSTILE_TYPE = "<b>own type</b>"
ORDER = ["what", "reach", "growth", "hours", "starting", "for-whom", "against", "chain", "cost", "next"]


@pytest.fixture(scope="module")
def pages() -> dict[str, SectionPage]:
    """The list and the pages of some kinds, by the code of the kind."""
    connection = kinds_build()
    report = read_report(connection, BUILD_ID)
    kinds = read_kinds(connection, report)
    drawn = ("coaching", "workshop_single", "conference", HOSTILE_TYPE)
    return {INDEX: kinds_index(kinds), **{name: kind_page(kind_of(kinds, name), report) for name in drawn}}


def section(page: SectionPage, section_id: str) -> Section:
    return next(one for one in page.sections if one.id == section_id)


def column(table_section: Section, title: str, table: int = 0) -> list[str]:
    found = table_section.tables[table]
    place = [one.title for one in found.columns].index(title)
    return [row[place] for row in found.rows]


def test_every_page_answers_the_questions_in_the_same_order(pages: dict[str, SectionPage]) -> None:
    for name, page in pages.items():
        if name != INDEX:
            assert [one.id for one in page.sections] == ORDER


def test_the_answer_says_how_sure_it_is_and_what_it_rests_on(pages: dict[str, SectionPage]) -> None:
    verdict, rests_on, trust = pages["coaching"].sentences
    assert "Coaching in reading goes with higher growth." in verdict
    assert "Reading +" in rests_on
    assert "SD (95% interval" in rests_on
    assert "Tier 2, moderate" in rests_on
    assert "60 coached teachers in 22 schools" in rests_on
    assert trust.startswith("These are associations:")
    assert trust.endswith(
        "The rules of this report say: scale, do more of it (chance that growth is higher: 97 in 100)."
    )


def test_an_unclear_answer_is_neither_an_effect_nor_its_absence(pages: dict[str, SectionPage]) -> None:
    verdict, _, trust = pages["workshop_single"].sentences
    assert "Single workshops in mathematics cannot be told apart from no difference." in verdict
    assert trust == "This is no evidence of an effect, and no proof that there is none."
    title = section(pages["workshop_single"], "growth").title
    assert title == "Student growth: no clear difference in reading and mathematics"


def test_a_refused_answer_gives_its_reason_and_no_number(pages: dict[str, SectionPage]) -> None:
    page = pages["conference"]
    assert page.sentences == (
        "Whether students grow differently with conferences is not known: no estimate: fewer than 10 teachers"
        " with hours.",
    )
    assert section(page, "growth").title == "Student growth: no estimate"
    assert not [picture for picture in section(page, "growth").pictures if picture.svg]


def test_a_section_without_numbers_says_why(pages: dict[str, SectionPage]) -> None:
    page = pages["conference"]
    said = {one.id: " ".join((*one.paragraphs, *(value for _, value in one.facts))) for one in page.sections}
    assert said["what"].startswith("No attended hours are on record in 2024–25.")
    for missing in ("hours", "starting", "for-whom", "against"):
        assert said[missing].startswith("No estimate: ")
    assert "fewer than 10 teachers with hours" in said["starting"]
    assert said["chain"] == "Nothing is on record about this kind of PD."
    assert said["cost"] == "No costs are on record for it."
    assert said["next"] == "No recommendation: nobody has attended it on record."


def test_what_no_source_feeds_is_said_with_the_source() -> None:
    connection = empty_build()
    insert(
        connection,
        "meta.unavailable",
        [{"topic": name, "reason": f"not available: no {name} source"} for name in ("survey", "pd_cost")],
    )
    insert(
        connection,
        "report.pd_reach_district",
        [{"school_year": 2025, "pd_type": "coaching", "is_suppressed": True}],
    )
    page = kind_pages(connection, read_report(connection, BUILD_ID))[pd_type_path("coaching")]
    assert section(page, "chain").paragraphs == ("Not available: no survey source.",)
    assert section(page, "cost").paragraphs == ("Not available: no pd_cost source.",)
    assert section(page, "reach").title == "Whom it reached: too few to show"
    assert page.sentences[0].endswith("no estimate: it was not compared with student growth.")


def test_a_page_holds_rows_of_its_own_type_alone(pages: dict[str, SectionPage]) -> None:
    for title in ("Single workshops", "Curriculum-based learning"):
        assert title not in repr(pages["coaching"])


def test_tables_do_not_repeat_the_kind_in_each_row(pages: dict[str, SectionPage]) -> None:
    for one in pages["coaching"].sections:
        for table in (*one.tables, *one.open_tables):
            assert not {"PD", "Kind of PD"} & {found.title for found in table.columns}
            assert all(len(row) == len(table.columns) for row in table.rows)


def test_every_design_is_drawn_with_tier_rating_and_why_it_is_struck_out(
    pages: dict[str, SectionPage],
) -> None:
    growth = section(pages["coaching"], "growth")
    for text in (
        "Drawn by lot: offered",
        "Before and after starting",
        "Years of the same teacher",
        "· Tier 2",
    ):
        assert text in growth.pictures[0].svg.wide
    assert "· Tier 2" in growth.pictures[0].svg.narrow
    struck = "struck out: only 82% of its 95% intervals held a known effect"
    assert column(growth, "Reads as").count(struck) == 1
    assert "struck out" in growth.pictures[0].svg
    assert set(column(growth, "What Works Clearinghouse")) == {"meets WWC standards with reservations"}


def test_a_refused_way_to_compare_stands_in_the_table_with_its_reason(pages: dict[str, SectionPage]) -> None:
    growth = section(pages["workshop_single"], "growth")
    assert "no estimate: no offers by lot of workshop_single" in column(growth, "Reads as")
    assert "No estimate: Places drawn by lot in reading; places drawn by lot in mathematics:" in growth.note


def test_hours_starting_balance_and_other_ways_to_fit_stand_on_the_page(
    pages: dict[str, SectionPage],
) -> None:
    page = pages["coaching"]
    hours = section(page, "hours")
    assert "14 h" in hours.pictures[0].svg
    # effect 0.1 at 14 hours, ± 0.002 × 14
    assert "+0.10 SD (0.07 to 0.13) at 14 hours in reading" in hours.pictures[0].title
    assert column(section(page, "starting"), "Years since the start")[0] == "−3"
    assert section(page, "starting").points[0].startswith("Reading: the years before the start show no diff")
    ids = [picture.id for picture in section(page, "against").pictures]
    assert ids[0] == "kind-findable"
    assert ids[1:] == [f"kind-{what}-{n}" for what in ("balance", "specifications") for n in (0, 1)]
    assert "0.06 SD in reading" in section(page, "against").pictures[0].title


def test_groups_are_told_apart_by_a_test_of_their_difference(pages: dict[str, SectionPage]) -> None:
    found = section(pages["coaching"], "for-whom")
    assert found.title == "For whom: 1 of 2 tested differences told apart"
    assert found.paragraphs[2].startswith("The clearest: students with disabilities less others in reading")
    # the novices are the smaller group: less others −0.04 ± 2.09 × 0.05
    assert "−0.04 (−0.14 to 0.06)" in found.pictures[0].svg.alternative_text


def test_what_it_is_comes_from_hours_and_says_what_is_not_on_record(pages: dict[str, SectionPage]) -> None:
    found = section(pages["coaching"], "what")
    facts = dict(found.facts)
    assert facts["Hours"] == "2,496 of all people together, 13.7 each; an activity plans 16.0"  # 2,496 / 182
    assert facts["Started"] == "60% by the district and 40% by schools (shares of hours)"
    assert facts["Linked to the curriculum"] == "not on record"
    assert facts["Mandatory"] == "0% of hours"
    assert facts["Connected learning"].startswith("yes:")
    assert found.pictures[0].title == "The district started 60% of its hours in 2024–25"


def test_small_cells_are_words_in_facts_and_tables(pages: dict[str, SectionPage]) -> None:
    hidden = section(pages["workshop_single"], "what")
    assert dict(hidden.facts)["Hours"] == "too few people took part to show them"
    assert set(hidden.tables[0].rows[0][1:]) == {"too few"}
    assert column(section(pages["coaching"], "what"), "By the district") == [
        "too few or not on record",
        "60%",
    ]
    assert "Hidden words" not in repr(pages["coaching"])


def test_a_group_reached_less_is_named_with_its_interval(pages: dict[str, SectionPage]) -> None:
    (point,) = section(pages["coaching"], "reach").points
    assert point == "Novice teachers were reached 0.60 times as often as others (95% interval 0.40 to 0.90)."


def test_chain_cost_and_next_steps_are_those_of_the_kind(pages: dict[str, SectionPage]) -> None:
    page = pages["coaching"]
    assert section(page, "chain").title == "From reaction to growth: is whole"
    assert section(page, "chain").cards[0].title == "“More of this.”"
    assert section(page, "cost").title == "What it cost: $300 a participant"  # 30,000 of 100 people
    assert dict(section(page, "cost").facts)["A student whose teacher took part"] == "$15.00"
    first, settle = section(page, "next").cards
    assert (first.title, first.note) == ("Scale: do more of it", "Rule 11: sure, and room to grow.")
    assert "60 of 400 teachers taking part would show a difference of 0.080 SD" in settle.sentences[0]
    assert section(page, "next").open_tables[0].rows[0][0] == "2023–24: sustain"
    assert "decided: sustain" in section(page, "next").pictures[0].svg


def test_what_must_not_be_missed_stands_out(pages: dict[str, SectionPage]) -> None:
    said = " ".join(pages["coaching"].stands_out)
    assert "Where places were drawn by lot, the strongest evidence there is" in said
    assert "Struck out, because they failed on this study's own data: matched teachers." in said
    assert "the review was due by 2023–24" in said
    assert "the rules now say scale" in said
    assert "of all hours" not in said  # a share of one kind's own hours says nothing


def test_a_type_of_the_studys_own_has_a_page_whatever_its_name(pages: dict[str, SectionPage]) -> None:
    assert "<" not in pd_type_path(HOSTILE_TYPE)
    drawn = "".join(picture.svg for one in pages[HOSTILE_TYPE].sections for picture in one.pictures)
    assert drawn
    assert "<b>" not in drawn


def test_every_picture_has_a_title_and_a_table_in_its_section(pages: dict[str, SectionPage]) -> None:
    n_pictures = 0
    for page in pages.values():
        for one in page.sections:
            drawn = [picture for picture in one.pictures if picture.svg]
            n_pictures += len(drawn)
            assert all(picture.title and picture.caption for picture in drawn), one.id
            assert not drawn or any(table.rows for table in (*one.tables, *one.open_tables)), one.id
    assert n_pictures > 30


def test_the_list_names_every_kind_in_order_and_leads_to_its_page(pages: dict[str, SectionPage]) -> None:
    index = pages[INDEX]
    cards = section(index, "pages").cards
    assert {pd_type_path(name) for name in pages if name != INDEX} <= {card.href for card in cards}
    assert all(Path(card.href).parent == Path(INDEX).parent for card in cards)
    rows = {row[0]: row for row in section(index, "all").open_tables[0].rows}
    assert list(rows) == sorted(rows, key=str) == [card.title for card in cards]
    assert "higher growth, tier 2" in rows["Coaching"]
    assert rows["Coaching"][-2:] == ("$15.00", "scale")
    assert rows["Conferences"].count("no estimate") == 2
    assert section(index, "all").pictures[0].svg


def test_the_list_says_with_which_kinds_growth_is_clear(pages: dict[str, SectionPage]) -> None:
    assert "growth is clearly higher with " in pages[INDEX].sentences[0]
    assert "coaching (reading)" in pages[INDEX].sentences[0]


def test_without_any_kind_the_list_says_so() -> None:
    connection = empty_build()
    found = kind_pages(connection, read_report(connection, BUILD_ID))
    assert set(found) == {INDEX}
    assert found[INDEX].sentences[0].startswith("0 kinds of professional development (PD) are on record")
    assert found[INDEX].missing
