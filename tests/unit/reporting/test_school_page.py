"""A school's page: described by rule, beside schools of its level, nothing of few people, no ranking."""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb
import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, empty_build, insert
from tests.unit.reporting.made_up_school import add_peers, add_whole_school, school_build
from transforms.reporting.paths import school_path
from transforms.reporting.school_page import school_pages
from transforms.reporting.school_page_rows import SchoolGrowthRow, read_schools
from transforms.reporting.school_page_words import ABOUT, ABOVE, BELOW, NOT_SHOWN, growth_verdict
from transforms.reporting.sections import Section, SectionPage
from transforms.reporting.view import read_report

ALDER = school_path("S1")
RANKING = re.compile(r"\b(rank(ed|s|ing)?|best|worst|top|bottom|leading|lagging|failing)\b", re.IGNORECASE)


def pages_from(connection: duckdb.DuckDBPyConnection) -> dict[str, SectionPage]:
    return school_pages(connection, read_report(connection, BUILD_ID))


def alder_of(connection: duckdb.DuckDBPyConnection) -> SectionPage:
    return school_pages(connection, read_report(connection, BUILD_ID), ["S1"])[ALDER]


def section(page: SectionPage, section_id: str) -> Section:
    return next(one for one in page.sections if one.id == section_id)


def rows_of(page: SectionPage, section_id: str, place: int = 0) -> dict[str, tuple[str, ...]]:
    one = section(page, section_id)
    return {row[0]: row for row in (*one.open_tables, *one.tables)[place].rows}


def said(page: SectionPage) -> str:
    """All text of a page: its tables, pictures and their alternative texts included."""
    drawn = [picture.svg.alternative_text for one in page.sections for picture in one.pictures]
    return repr(page) + " ".join(drawn)


@pytest.fixture(scope="module")
def whole_build() -> duckdb.DuckDBPyConnection:
    """Alder Creek with all that a page can show, five schools of its level, one of which all is hidden."""
    connection = school_build()
    add_peers(connection)
    add_whole_school(connection)
    return connection


@pytest.fixture(scope="module")
def whole(whole_build: duckdb.DuckDBPyConnection) -> dict[str, SectionPage]:
    return pages_from(whole_build)


@pytest.fixture(scope="module")
def alder(whole: dict[str, SectionPage]) -> SectionPage:
    return whole[ALDER]


@pytest.fixture(scope="module")
def alone() -> dict[str, SectionPage]:
    """Alder Creek without schools to set beside it and without optional sources."""
    return pages_from(school_build())


def test_the_answer_has_hours_growth_and_what_does_not_fit(alder: SectionPage) -> None:
    # of 17.5 and five times 20 hours the median is 20
    assert alder.sentences[:3] == (
        "In 2024–25 the teachers of this elementary school had 17.5 hours of professional development (PD) on"
        " average (median of elementary schools: 20.0); the largest shares of them were reached by coaching"
        " (42%).",
        "Growth of its students was about typical in mathematics and above typical in reading"
        " (mathematics median growth percentile 47, 95% interval 41 to 52; reading 58, 53 to 63); 50 is"
        " what is expected from their earlier scores.",
        "Need is high but hours are few for “Reading widely” (need 5 of 5; 1.5 hours a teacher, usual 4.0).",
    )


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (50.1, 60.0, ABOVE),
        (50.0, 60.0, ABOUT),
        (40.0, 50.0, ABOUT),
        (40.0, 49.9, BELOW),
        (None, None, NOT_SHOWN),
    ],
)
def test_growth_is_told_from_typical_only_where_the_interval_leaves_50_out(
    low: float | None, high: float | None, verdict: str
) -> None:
    row = SchoolGrowthRow("S1", "ela", 2025, 200, 50.0, low, high, None, None, is_suppressed=False)
    assert growth_verdict(row) == verdict


def test_teachers_answers_stand_apart_only_where_the_schools_interval_leaves_the_median_out(
    alder: SectionPage,
) -> None:
    # the median is 4.0 of both: trust 3.1 to 3.7 leaves it out, leadership 3.4 to 4.2 holds it
    title = "Beside the median of elementary schools, teachers' answers: trust below"
    assert section(alder, "voice").pictures[0].title == title


def test_what_stands_out_comes_from_rules_that_say_why(alder: SectionPage) -> None:
    assert alder.stands_out == (
        "Worth a visit by others: need 5.0, fit 1.0.",
        "Teachers' answers beside the median of elementary schools: trust below.",
        "Feedback to teachers: rated 3; on record 0.4 feedback cycles a teacher.",
    )


def test_a_next_step_stands_with_its_reason_and_its_rule(alder: SectionPage) -> None:
    (card,) = section(alder, "practice").cards
    assert (card.title, card.sentences) == (
        "List teachers without feedback.",
        ("Why: rated 3; on record 0.4.",),
    )
    assert card.note.startswith("Rule: Feedback to teachers: rated 3 or 4, but little on record")


def test_shares_of_one_to_four_teachers_are_neither_drawn_nor_written(alder: SectionPage) -> None:
    rows = rows_of(alder, "pd")
    assert rows["Online courses"] == ("Online courses", "too few", "n/a", "20%", "15% to 30%", "too few")
    assert rows["Conferences"] == ("Conferences", "0%", "n/a", "10%", "5% to 20%", "n/a")
    hidden = section(alder, "pd").pictures[0].svg.alternative_text
    assert "Online courses too few" in hidden


def test_where_hidden_shares_could_move_the_median_it_is_a_range_and_not_drawn(
    whole_build: duckdb.DuckDBPyConnection, alder: SectionPage
) -> None:
    before = section(alder, "pd").pictures[0].svg.wide.count('stroke-width="9"')
    whole_build.execute("begin")
    whole_build.execute("update report.school_reach set peer_middle_high = 0.4 where pd_type = 'coaching'")
    page = alder_of(whole_build)
    whole_build.execute("rollback")
    assert before > 1
    assert rows_of(page, "pd")["Coaching"][3] == "25% to 40%"
    assert section(page, "pd").pictures[0].svg.wide.count('stroke-width="9"') == before - 1


def test_numbers_of_a_hidden_rating_are_too_few(alder: SectionPage) -> None:
    assert rows_of(alder, "fit")["Talk in class"][2:5] == ("too few", "too few", "too few")


def test_a_school_of_9_students_and_4_teachers_has_a_page_that_says_so(alone: dict[str, SectionPage]) -> None:
    tiny = alone[school_path("S2")]
    assert tiny.sentences[0] == (
        "How many hours of professional development (PD) the teachers of this elementary school had in"
        " 2024–25 cannot be shown."
    )
    assert tiny.sentences[1] == "How its students grew in 2024–25 cannot be shown."
    assert not any(picture.svg for one in tiny.sections for picture in one.pictures)
    for what in ("Professional development", "Student growth"):
        assert f"{what}: too few people to show it." in tiny.missing


def test_no_number_of_a_hidden_row_reaches_a_page(whole_build: duckdb.DuckDBPyConnection) -> None:
    whole_build.execute("begin")
    # numbers that a hidden row never has; were they written, the mark would not be heeded
    whole_build.execute(
        "update report.school_reach set hours_per_participant = 987.6, share_of_teachers = 0.87 where"
        " is_suppressed"
    )
    written = "".join(said(page) for page in pages_from(whole_build).values())
    whole_build.execute("rollback")
    assert "987.6" not in written
    assert "87%" not in written


def test_no_school_is_ranked_and_none_is_named_on_the_page_of_another(whole: dict[str, SectionPage]) -> None:
    names = {school_path("S1"): "Alder Creek", school_path("S2"): "Tiny School"}
    names |= {school_path(f"P{number}"): f"Peer School P{number}" for number in range(5)}
    for path, page in whole.items():
        text = said(page).replace("does not rank", "")
        assert not RANKING.search(text), path
        if path in names:
            assert page.title == names[path]
            assert not [name for other, name in names.items() if other != path and name in text]


def test_every_picture_has_a_title_a_caption_and_a_table_of_its_numbers(alder: SectionPage) -> None:
    drawn = {picture.id: (one, picture) for one in alder.sections for picture in one.pictures if picture.svg}
    assert set(drawn) == {"school-reach", "school-growth", "school-drivers", "school-fit"}
    for one, picture in drawn.values():
        assert picture.title
        assert picture.svg.wide
        assert picture.svg.narrow
        assert picture.svg.alternative_text not in picture.caption
        assert any(table.rows for table in (*one.tables, *one.open_tables))


def test_too_few_schools_of_the_level_are_not_set_beside_it(alone: dict[str, SectionPage]) -> None:
    page = alone[ALDER]
    assert "median of" not in page.sentences[0]
    assert "too few elementary schools" in section(page, "voice").pictures[0].title
    assert "none are set beside it" in section(page, "voice").pictures[0].caption


def test_what_has_no_source_is_not_available(alone: dict[str, SectionPage]) -> None:
    missing = alone[ALDER].missing
    for what, entity in (
        ("Need and fit of priorities", "school_priority_rating"),
        ("Its own view of its practice", "self_assessment"),
        ("Leadership bench", "leadership_event"),
        ("Cost", "pd_cost"),
    ):
        assert f"{what}: not available: no {entity} source." in missing


@pytest.mark.parametrize(
    ("table", "section_id"),
    [
        ("school_reach", ""),
        ("growth_quadrant", "growth"),
        ("school_balance", ""),
        ("school_need_fit", ""),
        ("driver_score", "voice"),
        ("self_assessment", ""),
        ("next_step", ""),
        ("school_successor", "leadership"),
        ("cost_equity", "cost"),
    ],
)
def test_a_page_stands_without_any_one_table(
    whole_build: duckdb.DuckDBPyConnection, table: str, section_id: str
) -> None:
    whole_build.execute("begin")
    whole_build.execute(f"delete from report.{table}")
    page = alder_of(whole_build)
    whole_build.execute("rollback")
    assert page.title == "Alder Creek"
    assert section_id not in {one.id for one in page.sections}


def test_drivers_of_all_staff_are_not_shown_beside_those_of_teachers() -> None:
    connection = school_build()
    scale = {
        "questionnaire_id": "Q",
        "questionnaire_title": "Climate",
        "school_year": 2025,
        "school_id": "S1",
        "school_name": "Alder Creek",
        "respondent_role": "all",
        "mean": 3.21,
        "ci_low": 3.0,
        "ci_high": 3.4,
        "n_responses": 13,
        "may_be_shown": True,
        "is_suppressed": False,
    }
    insert(
        connection,
        "report.survey_school_scale",
        [{**scale, "construct": "trust"}, {**scale, "construct": "relevance", "mean": 4.32}],
    )
    text = said(alder_of(connection))
    assert "4.32" in text
    assert "3.21" not in text


def test_one_school_alone_is_drawn_as_among_all(
    whole_build: duckdb.DuckDBPyConnection, whole: dict[str, SectionPage]
) -> None:
    report = read_report(whole_build, BUILD_ID)
    (page,) = school_pages(whole_build, report, ["S1"]).values()
    assert page == whole[ALDER]
    with pytest.raises(KeyError, match="S9"):
        school_pages(whole_build, report, ["S9"])


def _names(*rows: tuple[str, str | None]) -> Iterator[tuple[str, str]]:
    connection = empty_build()
    insert(connection, "core.school", [{"school_id": school, "school_name": name} for school, name in rows])
    for name in read_schools(connection, read_report(connection, BUILD_ID)).names:
        yield name.school_id, name.school_name


def test_equal_names_are_told_apart_by_the_id_and_blank_ones_replaced_by_it() -> None:
    found = dict(_names(("1", "Lincoln"), ("2", "LINCOLN"), ("3", "  "), ("s4", "Oak"), ("S4", "Elm")))
    assert found == {"1": "Lincoln (1)", "2": "LINCOLN (2)", "3": "School 3", "s4": "Oak", "S4": "Elm"}
    assert len({school_path(school) for school in found}) == 5


def test_hostile_names_are_text_and_leave_the_folder_of_schools_to_nobody() -> None:
    name = '"><script>alert(1)</script>'
    connection = school_build(school_id="../../etc/passwd", school_name=name)
    connection.execute(
        "update report.school_reach set pd_type = $name where pd_type = 'coaching'", {"name": name}
    )
    (page,) = school_pages(connection, read_report(connection, BUILD_ID), ["../../etc/passwd"]).values()
    assert page.title == name
    for one in page.sections:
        assert not any("<script" in picture.svg for picture in one.pictures)


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
