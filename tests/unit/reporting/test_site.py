"""What every page keeps: self-contained, escaped, accessible tables, nothing about single persons."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, EFFECT, effects, empty_build, insert
from tests.unit.reporting.made_up_district import HOSTILE
from tests.unit.reporting.page_reader import elements, text, texts_in
from transforms.reporting.pages import menu
from transforms.reporting.rows import ValidationRow
from transforms.reporting.site import render_report, render_validation_page


def pages(index: Path) -> list[Path]:
    """Every page of the site."""
    return sorted(index.parent.rglob("*.html"))


def test_a_page_asks_nothing_of_the_network_and_runs_no_script_but_its_own(district_page: Path) -> None:
    for page in pages(district_page):
        assert {element.name for element in elements(page)}.isdisjoint(
            {"script", "iframe", "img", "link", "object", "image"}
        )
        for element in elements(page):
            assert "src" not in element.attributes
            assert not [name for name in element.attributes if name.startswith("on")]
        outside = re.findall(r"(?:https?:)?//[\w.-]+", page.read_text(encoding="utf-8"))
        assert set(outside) <= {"http://www.w3.org"}  # the name space of SVG, which nothing fetches


def test_every_link_of_every_page_leads_to_a_place_that_is_there(district_page: Path) -> None:
    ids = {
        page: {element.attributes["id"] for element in elements(page) if "id" in element.attributes}
        for page in pages(district_page)
    }
    for page in ids:
        for link in (element.attributes["href"] for element in elements(page) if element.name == "a"):
            name, _, fragment = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            assert target.is_file(), (page.name, link)
            assert not fragment or target.suffix != ".html" or fragment in ids[target], (page.name, link)


def test_english_on_the_spanish_brief_is_marked_as_english(district_page: Path) -> None:
    page = district_page.parent / "index.es.html"
    labels = {place.label for _, places in menu() for place in places}
    assert labels <= texts_in(page, "en")
    assert labels.isdisjoint(texts_in(page, "es"))
    assert any(" tables " in said for said in texts_in(page, "en"))
    assert "Todas las páginas" in texts_in(page, "es")


def test_no_id_stands_twice_on_a_page(district_page: Path) -> None:
    for page in pages(district_page):
        ids = [element.attributes["id"] for element in elements(page) if "id" in element.attributes]
        assert len(ids) == len(set(ids)), page.name


def test_text_from_the_data_never_becomes_markup(hostile_page: Path) -> None:
    known = {"script", "img", "iframe", "object", "image", "foreignobject", "use"}
    root = hostile_page.parent.resolve()
    for page in pages(hostile_page):
        for element in elements(page):
            assert element.name not in known
            assert not [name for name in element.attributes if name.startswith("on")]
            target = element.attributes.get("href", "#").partition("#")[0]
            assert (page.parent / target).resolve().is_relative_to(root)
    said = text(hostile_page.with_name("comparisons.html"))
    for attack in HOSTILE[:6]:
        assert attack in said


def test_the_page_of_an_attacked_build_has_the_elements_of_an_ordinary_one(
    district_page: Path, hostile_page: Path
) -> None:
    for name in ("index.html", "comparisons.html", "quality.html"):
        ordinary = {element.name for element in elements(district_page.with_name(name))}
        assert {element.name for element in elements(hostile_page.with_name(name))} == ordinary


def test_every_table_has_a_caption_and_scoped_headers(district_page: Path) -> None:
    n_tables = 0
    for page in pages(district_page):
        found = elements(page)
        n_tables += sum(element.name == "table" for element in found)
        assert sum(element.name == "caption" for element in found) == sum(
            element.name == "table" for element in found
        )
        assert all(
            element.attributes.get("scope") in ("row", "col") for element in found if element.name == "th"
        )
    assert n_tables > 20


def test_every_picture_has_alternative_text_that_its_caption_does_not_repeat(district_page: Path) -> None:
    n_pictures = 0
    for page in pages(district_page):
        said = text(page)
        for picture in (element for element in elements(page) if element.name == "svg"):
            n_pictures += 1
            assert picture.attributes["role"] == "img"
            assert len(picture.attributes["aria-label"]) > 20
            assert picture.attributes["aria-label"] not in said
    assert n_pictures > 20


def test_headings_leave_no_level_out(district_page: Path) -> None:
    for page in pages(district_page):
        levels = [int(element.name[1]) for element in elements(page) if re.fullmatch("h[1-6]", element.name)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), page.name


def test_withheld_cells_are_words(district_page: Path) -> None:
    assert "too few" in text(district_page.with_name("reach.html"))


def test_the_first_page_has_the_answer_what_carries_it_and_no_p_value(star_page: Path) -> None:
    said = text(star_page)
    assert "54 teachers in 13 schools" in said or "cannot be told apart from no difference" in said
    assert "no evidence of an effect" in said
    assert "p-value" not in said


def test_the_star_report_gives_points_of_the_test(star_page: Path) -> None:
    said = text(star_page.with_name("comparisons.html"))
    assert "In points of the test: 1.2 (standard error 3.3;" in said
    assert "1.2 (3.3; 3.9)" in said  # of the model: 0.084 × 3.3 / 0.072 = 3.85 points
    assert "3.5 (4.0)" in said


def test_what_is_not_there_is_said_with_the_missing_source(district_page: Path) -> None:
    assert "Cost: not available: no pd_cost source" in text(district_page.with_name("quality.html"))


def test_warnings_of_the_gate_stand_out(district_page: Path, star_page: Path) -> None:
    said = "Published with warnings: 1 data check gave one. Not held: No teacher has more than"
    assert said in text(district_page.with_name("comparisons.html"))
    assert "Published with warnings" not in text(star_page.with_name("comparisons.html"))


def test_the_page_of_methods_names_the_settings_and_the_way_to_make_it_again(district_page: Path) -> None:
    said = text(district_page.with_name("methods.html"))
    assert "This study's model allows for the earlier score up to its cube, English learners" in said
    assert "pdeval explain STUDY EFFECT_ID" in said
    assert BUILD_ID in said


def test_a_build_without_any_estimate_still_gets_a_report(tmp_path: Path) -> None:
    connection = empty_build()
    effects(connection, [{**EFFECT, "note": "refused: 3 schools; standard errors by school need at least 5"}])
    index = render_report(connection, tmp_path, BUILD_ID)
    assert "No kind of professional development (PD) could be compared with student growth." in text(index)
    reason = "not available: 3 schools; standard errors by school need at least 5."
    assert reason in text(index.with_name("comparisons.html"))


def test_schools_with_one_name_are_told_apart_by_their_id(tmp_path: Path) -> None:
    connection = empty_build()
    growth = {"academic_subject": "ela", "school_year": 2025, "n_students": 40, "mean_growth_sd": 0.1}
    rows = [{"school_id": school, "school_name": "Lincoln", **growth} for school in ("S1", "S2")]
    insert(connection, "report.growth_by_school", rows)
    page = text(render_report(connection, tmp_path, BUILD_ID).with_name("growth.html"))
    assert "Lincoln (S1)" in page
    assert "Lincoln (S2)" in page


def test_a_report_of_another_build_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="holds no build"):
        render_report(empty_build(), tmp_path, "another")


def check(**changes: object) -> ValidationRow:
    usual = {
        "table_schema": "core", "table_name": "assessment_result", "column_name": "scale_score",
        "rule": "not_null", "meaning": "Every score is there.", "severity": "critical", "status": "passed",
        "n_rows": 10, "n_offending": 0, "detail": None,
    }  # fmt: skip
    return ValidationRow(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("results", "answer", "consequence"),
    [
        ([check()], "All 1 data check passed.", "Nothing stands against publishing"),
        (
            [check(status="failed", n_offending=2)],
            "1 of 1 data check did not pass.",
            "this build is not published",
        ),
        (
            [check(), check(status="failed", severity="warning")],
            "1 of 2 data checks did not pass.",
            "the page of comparisons says so",
        ),
        (
            [check(status="error", detail="no such table")],
            "1 of 1 data check did not pass.",
            "a fault of the program",
        ),
        ([], "No data check was run.", ""),
    ],
)
def test_the_page_of_checks_says_what_follows(
    tmp_path: Path, results: list[ValidationRow], answer: str, consequence: str
) -> None:
    page = text(
        render_validation_page("Riverbend", BUILD_ID, results, tmp_path / "refused" / "validation.html")
    )
    assert answer in page
    assert consequence in page


def test_tables_that_no_source_fills_are_named_in_one_line_on_the_page_of_checks(tmp_path: Path) -> None:
    results = [check(), check(table_name="survey", n_rows=0)]
    page = text(render_validation_page("Riverbend", BUILD_ID, results, tmp_path / "validation.html"))
    assert "Nothing to check, as no source fills them: core.survey." in page
    assert "Survey (core.survey)" not in page


def test_an_empty_table_that_should_not_be_stays_on_the_page_of_checks(tmp_path: Path) -> None:
    results = [check(table_name="student", n_rows=0, status="failed", meaning="There are students.")]
    page = text(render_validation_page("Riverbend", BUILD_ID, results, tmp_path / "validation.html"))
    assert "Student (core.student)" in page


def test_the_page_of_checks_of_a_refused_build_links_to_no_report(tmp_path: Path) -> None:
    page = render_validation_page("Riverbend", BUILD_ID, [check()], tmp_path / "validation.html")
    assert not [element for element in elements(page) if element.attributes.get("href") == "index.html"]
