"""The page of growth."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, insert
from tests.unit.reporting.made_up_district import district_build
from tests.unit.reporting.made_up_growth import WINDOW, add_growth
from tests.unit.reporting.page_reader import elements, text
from transforms.reporting.site import render_report

NAMES = ["Alder Creek", "Birch Hill", "Cedar Grove", "Dogwood", "<script>alert(1)</script>"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    connection = district_build(NAMES)
    add_growth(connection, NAMES)
    return render_report(connection, tmp_path_factory.mktemp("growth"), BUILD_ID)


@pytest.fixture(scope="module")
def page(index: Path) -> Path:
    return index.with_name("growth.html")


def test_without_percentiles_plain_gains_stay_and_the_reason_is_said(tmp_path: Path) -> None:
    connection = district_build(NAMES[:4])
    note = "230 students; percentile curves need 500"
    group = {"reference": "cohort", "is_estimated": False, "n_students": 230, "n_priors": 1, "note": note}
    insert(connection, "estimates.norm_group", [{"academic_subject": "ela", **WINDOW, **group}])
    insert(connection, "meta.unavailable", [{"topic": "growth from A to B in ela", "reason": "not linked"}])
    said = text(render_report(connection, tmp_path, BUILD_ID).with_name("growth.html"))
    assert "No growth percentile can be shown for 2024–25." in said
    assert f"ela: {note}" in said
    assert "not linked" in said
    assert "These are plain gains, not adjusted for anything" in said
    assert "1 school with too few students not shown." in said


def test_reasons_never_count_few_students(tmp_path: Path) -> None:
    connection = district_build(NAMES[:4])
    group = {
        "reference": "cohort",
        "is_estimated": False,
        "n_students": 7,
        "n_priors": 1,
        "note": "7 students",
    }
    insert(connection, "estimates.norm_group", [{"academic_subject": "ela", **WINDOW, **group}])
    said = text(render_report(connection, tmp_path, BUILD_ID).with_name("growth.html"))
    assert "7 students" not in said
    assert "no student has an earlier score on the same test" in said


def test_the_page_says_what_a_percentile_is_and_that_nothing_is_adjusted(page: Path) -> None:
    said = text(page)
    assert "did better this year than 60 of 100 of them" in said
    assert "this is not adjusted for any of them" in said
    assert "Half of all students are below 50 in every year" in said


def test_every_picture_has_alternative_text_and_a_table(page: Path) -> None:
    pictures = [element for element in elements(page) if element.name == "svg"]
    assert (
        len(pictures) == 14
    )  # status; spread in schools, in PD types, and curves in two subjects; each twice
    assert all(len(picture.attributes["aria-label"]) > 40 for picture in pictures)
    names = [element.name for element in elements(page)]
    # cautions, status, schools, PD types, groups, value-added, curves
    assert names.count("table") == names.count("caption") == 7
    assert names.count("details") == 8  # and the menu


def test_suppressed_schools_are_counted_and_not_drawn(page: Path) -> None:
    drawn = "".join(re.findall("<svg.*?</svg>", page.read_text(encoding="utf-8"), re.DOTALL))
    assert "Dogwood" not in drawn
    assert "1 school with too few students not shown." in text(page)


def test_a_hostile_name_never_becomes_markup(page: Path) -> None:
    assert {element.name for element in elements(page)}.isdisjoint({"script", "img", "iframe"})
    assert "<script>alert(1)</script>" in text(page)


def test_links_and_ids_of_the_page_of_growth_hold(page: Path) -> None:
    ids = [element.attributes["id"] for element in elements(page) if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for link in (element.attributes["href"] for element in elements(page) if element.name == "a"):
        name, _, fragment = link.partition("#")
        assert not name or (page.parent / name).is_file()
        assert name or fragment in ids


def test_no_table_of_the_page_is_about_teachers(page: Path) -> None:
    captions = re.findall("<caption>(.*?)</caption>", page.read_text(encoding="utf-8"))
    assert "Value-added by school in SD (95% interval), 2024–25" in captions
    assert not [caption for caption in captions if "teacher" in caption]
