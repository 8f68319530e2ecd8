"""The page of balance: sentences by rule, hidden cells, hostile names, missing sources."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, empty_build, insert
from tests.unit.reporting.made_up_district import district_build
from tests.unit.reporting.page_reader import elements, text
from transforms.reporting.balance_page import balance_page
from transforms.reporting.balance_rows import read_balance
from transforms.reporting.balance_sections import gap_sentence
from transforms.reporting.balance_words import source_difference_sentence, standing_out
from transforms.reporting.sections import SectionPage
from transforms.reporting.site import render_report
from transforms.reporting.view import read_report

HOSTILE = "<script>alert(1)</script>"


def add_indicators(connection: duckdb.DuckDBPyConnection, *rows: tuple, **more: object) -> None:
    """District rows of the report year: indicator, category, value."""
    insert(
        connection,
        "report.indicator",
        [
            {
                "idea": "balance",
                "indicator": name,
                "label": name,
                "unit": "share",
                "school_year": 2025,
                "category": category,
                "value": value,
                "status": "described",
                "is_suppressed": False,
                **more,
            }
            for name, category, value in rows
        ],
    )


def school(name: str, **more: object) -> dict[str, object]:
    """A row of report.school_balance: above both cuts unless told otherwise."""
    return {
        "school_id": name,
        "school_name": name,
        "school_year": 2025,
        "school_level": "elementary",
        "n_teachers": 20,
        "n_activities": 30,
        "hours": 500.0,
        "alignment": 0.5,
        "alignment_cut": 0.4,
        "differentiation": 0.6,
        "differentiation_cut": 0.4,
        "margin": 0.03,
        "coherence": 0.4,
        "coherence_median": 0.35,
        "hours_per_teacher": 20.0,
        "mean_need": 3.0,
        "mean_fit": 3.2,
        "mean_gap": -0.2,
        "n_ratings": 3,
        "sources": "visit",
        "quadrant": "aligned and differentiated",
        "is_worth_a_visit": False,
        "is_to_look_at_first": False,
        "is_suppressed": False,
        **more,
    }


HIDDEN = dict.fromkeys(
    (
        "n_teachers", "n_activities", "hours", "alignment", "alignment_cut", "differentiation",
        "differentiation_cut", "margin", "coherence", "coherence_median", "hours_per_teacher", "mean_need",
        "mean_fit", "mean_gap", "n_ratings", "sources",
    )
)  # fmt: skip
NEED = {"mean_need": 5.0, "mean_fit": 1.0, "mean_gap": 4.0}
LOOK = {
    "quadrant": "on the line",
    "is_to_look_at_first": True,
    "look_at_first_reasons": "many hours without fit: 31.0 hours per teacher",
}


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """A district with five schools, one of them hidden and one with a hostile name."""
    add_indicators(
        connection,
        ("hours_by_initiator", "district", 0.6),
        ("hours_by_initiator", "school", 0.25),
        ("hours_by_initiator", "teacher", 0.15),
        ("hours_by_initiator", "unknown", 0.0),
        ("hours_by_priority_level", "district", 0.45),
        ("hours_by_priority_level", "own_school", 0.05),
        ("hours_by_priority_level", "other_school", 0.06),
        ("pd_type_concentration", "all", 0.125),
        ("activities_per_teacher", "all", 2.7),
    )
    add_indicators(connection, ("hours_by_initiator", "district", 0.7), school_year=2024)
    add_indicators(
        connection,
        ("hours_meet_need", "all", -0.1),
        ("hours_meet_need", "D1", -0.2),
        ci_low=-0.4,
        ci_high=0.2,
        status="typical",
        denominator=40.0,
    )
    rows = [
        school(
            "Alder Creek",
            is_worth_a_visit=True,
            reasons="aligned and differentiated: 50% of hours; need less fit −0.2",
        ),
        school("Birch Hill", **NEED, **LOOK),
        school(
            HOSTILE,
            quadrant="neither",
            reasons="a; b",
            reasons_against="student growth clearly below typical",
        ),
        school(
            "Cedar Grove", other_school_share=0.3, quadrant="aligned", source_disagreement="ratings differ"
        ),
        school("Dogwood", **HIDDEN | {"quadrant": "not available", "is_suppressed": True}),
    ]
    insert(connection, "report.school_balance", rows)
    rating = {"school_year": 2025, "school_level": "elementary", "priority_id": "D1", "source": "visit"}
    insert(
        connection,
        "report.school_need_fit",
        [
            {
                "school_id": "Birch Hill",
                "school_name": "Birch Hill",
                "priority_title": HOSTILE,
                "need": 5.0,
                "fit": 1.0,
                "gap": 4.0,
                "hours_per_teacher": 1.0,
                "peer_hours_per_teacher": 2.0,
                "need_and_hours": "high need, few hours",
                "is_suppressed": False,
                **rating,
            },
            {
                "school_id": "Dogwood",
                "school_name": "Dogwood",
                "priority_title": "Reading",
                "is_suppressed": True,
                **rating,
            },
        ],
    )


def page_of(connection: duckdb.DuckDBPyConnection) -> SectionPage:
    return balance_page(connection, read_report(connection, BUILD_ID).build)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    made = district_build(["Alder Creek", "Birch Hill"])
    fill(made)
    return made


@pytest.fixture(scope="module")
def page(connection: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render_report(connection, tmp_path_factory.mktemp("balance"), BUILD_ID).with_name("balance.html")


@pytest.fixture
def bare() -> duckdb.DuckDBPyConnection:
    return empty_build()


def test_the_answer_stands_in_two_sentences(connection: duckdb.DuckDBPyConnection) -> None:
    assert page_of(connection).sentences == (
        "In 2024–25 the district initiated 60% of PD hours, schools 25% and teachers 15%; 45% of hours"
        " served a priority of the district, 5% one of the participant's own school.",
        # of four schools that may be shown Alder Creek alone is both; Birch Hill is on the line
        "1 of 4 schools combines hours on the district's priorities with hours of their own choice more"
        " than comparable schools do, 1 lies too close to the line to say; in 1 of 4 rated schools rated"
        " need exceeds the rated fit of PD by 1 point or more (ratings from 1 to 5).",
    )


def test_without_anything_the_answer_says_what_cannot_be_told(bare: duckdb.DuckDBPyConnection) -> None:
    page = page_of(bare)
    assert page.sentences == (
        "For 2024–25 it is not on record who initiated PD hours; which priorities the hours served is not on"
        " record.",
        "Which schools combine the district's priorities with their own choice cannot be told; no school has"
        " ratings of need and fit that can be shown.",
    )
    assert page.stands_out == ()
    assert not any(picture.svg for section in page.sections for picture in section.pictures)


def test_a_school_with_many_hours_and_no_fit_stands_out_by_name_first(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    assert page_of(connection).stands_out[0] == "Birch Hill: many hours without fit: 31.0 hours per teacher."


def test_of_many_schools_the_widest_gaps_are_named_and_the_rest_counted(
    bare: duckdb.DuckDBPyConnection,
) -> None:
    rows = [school(f"S{i}", **LOOK | {"mean_gap": float(i)}) for i in range(7)]
    insert(bare, "report.school_balance", rows)
    found = page_of(bare).stands_out
    assert [sentence.split(":")[0] for sentence in found[:5]] == ["S6", "S5", "S4", "S3", "S2"]
    assert found[5] == "2 more schools in the table of schools below."


def test_hours_on_another_schools_priority_are_asked_about(connection: duckdb.DuckDBPyConnection) -> None:
    assert page_of(connection).stands_out[1] == (
        "6% of hours served a priority that another school set, most in Cedar Grove (30%): is that meant,"
        " or a wrong entry?"
    )


@pytest.mark.parametrize(
    ("served", "status", "sentence"),
    [
        (0.0, "concern", "40 schools set a priority of their own, but no hour is recorded as serving one"),
        (8.0, "concern", "Of 40 schools with a priority of their own, 8 had any hours that served it."),
        (30.0, "typical", None),
    ],
)
def test_own_priorities_without_hours_stand_out(bare, served, status, sentence):
    add_indicators(
        bare, ("own_priorities_served", "all", served / 40), numerator=served, denominator=40.0, status=status
    )
    found = standing_out(read_balance(bare, 2025))
    assert [one.startswith(sentence or "") for one in found] == ([True] if sentence else [])


@pytest.mark.parametrize(
    ("value", "low", "high", "status", "start"),
    [
        (
            0.1,
            -0.2,
            0.4,
            "typical",
            "It cannot be told that hours go where the need is: rank correlation 0.10",
        ),
        (-0.5, -0.7, -0.2, "concern", "Hours go where the need is lower: rank correlation −0.50"),
        (0.5, 0.2, 0.7, "strength", None),
    ],
)
def test_hours_follow_need_only_where_the_interval_says_so(bare, value, low, high, status, start):
    add_indicators(bare, ("hours_meet_need", "all", value), ci_low=low, ci_high=high, status=status)
    found = standing_out(read_balance(bare, 2025))
    assert [one.startswith(start or "") for one in found] == ([True] if start else [])


def test_sources_of_ratings_that_cannot_be_told_apart_do_not_stand_out(bare):
    add_indicators(bare, ("rating_source_difference", "visit_less_plan", 0.5), ci_low=-0.1, ci_high=1.1)
    add_indicators(bare, ("rating_source_difference", "visit_less_survey", 0.8), ci_low=0.2, ci_high=1.4)
    report = read_balance(bare, 2025)
    assert standing_out(report) == (
        "Ratings from visits show more unmet need than those from surveys for the same priorities (+0.8"
        " points, 95% interval 0.20 to 1.40); it may be the schools that were rated, not the source.",
    )
    (unclear,) = [row for row in report.indicators if row.category == "visit_less_plan"]
    assert source_difference_sentence(unclear) == (
        "Ratings from visits and from plans cannot be told apart (+0.5 points, 95% interval −0.10 to 1.10)."
    )


def test_gaps_in_the_records_stand_out(bare):
    add_indicators(
        bare,
        ("hours_without_initiator", "all", 0.1),
        ("rating_conflicts", "disagreement", 1.0),
        ("rating_conflicts", "conflicting_key", 0.0),
    )
    found = standing_out(read_balance(bare, 2025))
    assert found[0].startswith("For 10% of hours nobody recorded who initiated them")
    assert found[1].startswith("1 record of ratings: two sources rate the same school")
    assert len(found) == 2


@pytest.mark.parametrize(
    ("low", "high", "sentence"),
    [
        (-0.1, 0.5, "Over all rated schools need and fit cannot be told apart: +0.2 points, 95% interval"),
        (0.0, 0.5, "Over all rated schools need and fit cannot be told apart: +0.2 points, 95% interval"),
        (0.1, 0.3, "Over all rated schools need exceeds fit: +0.2 points"),
        (None, None, "Mean gap over schools: +0.2 points, of too few schools for an interval."),
    ],
)
def test_an_interval_with_zero_in_it_says_nothing_of_need_and_fit(bare, low, high, sentence):
    add_indicators(bare, ("need_fit_gap", "all", 0.2), ci_low=low, ci_high=high)
    row = read_balance(bare, 2025).district("need_fit_gap")
    assert row is not None
    assert gap_sentence(row).startswith(sentence)


def test_schools_worth_a_visit_stand_with_their_reasons(connection: duckdb.DuckDBPyConnection) -> None:
    (section,) = [one for one in page_of(connection).sections if one.id == "visits"]
    (table,) = section.open_tables
    assert table.rows == (("Alder Creek", "aligned and differentiated: 50% of hours; need less fit −0.2"),)
    assert section.paragraphs[0].startswith("Worth a visit because they balance well: Alder Creek.")
    assert "does not say that one brings about the other" in section.paragraphs[0]
    # the one rule that is missed stands in a table of its own
    assert section.tables[0].rows == ((HOSTILE, "student growth clearly below typical", "a; b"),)


def test_without_a_school_worth_a_visit_the_page_says_so(bare: duckdb.DuckDBPyConnection) -> None:
    (section,) = [one for one in page_of(bare).sections if one.id == "visits"]
    assert section.paragraphs[0].startswith("No school meets all rules for a visit this year.")


def test_pictures_have_takeaway_titles(connection: duckdb.DuckDBPyConnection) -> None:
    titles = {picture.id: picture.title for one in page_of(connection).sections for picture in one.pictures}
    assert titles == {
        "quadrants": "Aligned and differentiated: Alder Creek",
        "need-and-fit": "Need exceeds fit most in Birch Hill: +4.0 points",
        "initiators": "The district initiated 60% of PD hours in 2024–25, 70% the year before",
        "hours-and-need": "It cannot be told that hours follow need",
        "coherence": "40% of hours went to the two largest priorities",
    }


def test_every_drawn_picture_has_alternative_text_and_its_numbers_in_a_table(page: Path) -> None:
    pictures = [element for element in elements(page) if element.name == "svg"]
    assert len(pictures) == 10  # five, each wide and narrow
    assert all(len(picture.attributes["aria-label"]) > 40 for picture in pictures)
    names = [element.name for element in elements(page)]
    assert names.count("table") == names.count("caption")
    # schools, near visits, gaps, ratings, initiators, priorities, correlations, rules; none of coherence
    assert names.count("details") >= 8


def test_a_hidden_school_is_counted_and_never_named(page: Path) -> None:
    assert "Dogwood" not in text(page)
    assert "1 school with too few people not shown." in text(page)


def test_hostile_names_never_become_markup(page: Path) -> None:
    assert {element.name for element in elements(page)}.isdisjoint({"script", "img", "iframe"})
    assert HOSTILE in text(page)


def test_links_and_ids_hold(page: Path) -> None:
    ids = [element.attributes["id"] for element in elements(page) if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for link in (element.attributes["href"] for element in elements(page) if element.name == "a"):
        name, _, fragment = link.partition("#")
        assert not name or (page.parent / name).is_file()
        assert name or fragment in ids


def test_missing_sources_are_said_once(bare: duckdb.DuckDBPyConnection) -> None:
    note = "not available: no school_priority_rating source"
    add_indicators(bare, ("need_fit_gap", "all", None), status="not_available", note=note)
    unjudged = "need and fit not judged: no school_priority_rating source"
    insert(bare, "report.school_balance", [school(name, not_judged=unjudged) for name in ("A", "B")])
    assert page_of(bare).missing == (
        f"need_fit_gap: {note}.",
        f"Schools worth a visit: {unjudged}.",
    )


def test_schools_of_one_name_are_told_apart_by_their_id(bare: duckdb.DuckDBPyConnection) -> None:
    rows = [school("Twin", school_id=key, **NEED, **LOOK) for key in ("1", "2")]
    insert(bare, "report.school_balance", rows)
    assert [sentence.split(":")[0] for sentence in page_of(bare).stands_out] == ["Twin (1)", "Twin (2)"]
