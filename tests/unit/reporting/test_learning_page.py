"""The page of a system that learns: what it names, what it keeps to itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, empty_build, insert
from tests.unit.reporting.made_up_district import district_build
from tests.unit.reporting.page_reader import elements, text
from transforms.reporting.learning_page import learning_page
from transforms.reporting.rows import Build
from transforms.reporting.sections import SectionPage
from transforms.reporting.site import render_report

HOSTILE = "<script>alert(1)</script>"
DRIVERS = ("trust", "leadership", "capacity_building", "collaboration")


def score(driver: str, role: str, mean: float, year: int = 2025, **more: object) -> dict[str, object]:
    return {
        "driver": driver,
        "school_year": year,
        "role": role,
        "mean_score": mean,
        "ci_low": mean - 0.1,
        "ci_high": mean + 0.1,
        "n_persons": 40,
        "n_schools": 8,
        "is_suppressed": False,
        **more,
    }


def hidden(driver: str, role: str, **more: object) -> dict[str, object]:
    row = score(driver, role, 4.99, **more)
    return row | {
        "mean_score": None,
        "ci_low": None,
        "ci_high": None,
        "n_persons": None,
        "is_suppressed": True,
    }


def gap(driver: str, value: float, half_width: float = 0.1, **more: object) -> dict[str, object]:
    return {
        "driver": driver,
        "school_year": 2025,
        "role": "principal",
        "gap": value,
        "ci_low": value - half_width,
        "ci_high": value + half_width,
        "n_schools": 8,
        "n_role": 12,
        "n_teachers": 90,
        "is_suppressed": False,
        **more,
    }


def change(driver: str, value: float, half_width: float, p: float, **more: object) -> dict[str, object]:
    return {
        "driver": driver,
        "role": "all",
        "change_per_year": value,
        "ci_low": value - half_width,
        "ci_high": value + half_width,
        "p_value_bh": p,
        "first_year": 2020,
        "last_year": 2025,
        "n_years": 6,
        "n_schools": 8,
        "is_suppressed": False,
        **more,
    }


def association(driver: str, value: float, half_width: float, p: float) -> dict[str, object]:
    return {
        "driver": driver,
        "academic_subject": "ela",
        "slope_sd": value,
        "ci_low": value - half_width,
        "ci_high": value + half_width,
        "p_value_bh": p,
        "correlation": 0.2,
        "slope_disattenuated_sd": value * 1.2,
        "icc1": 0.12,
        "icc2": 0.61,
        "n_schools": 40,
        "n_school_years": 190,
    }


def spread(pd_type: str, n_adopted: int, status: str = "reached", **more: object) -> dict[str, object]:
    return {
        "pd_type": pd_type,
        "is_connected": pd_type == "coaching",
        "median_hours": 12.0,
        "half_status": status,
        "half_year": 2021.4 if status == "reached" else None,
        "n_schools": 40,
        "n_adopted": n_adopted,
        "n_left_censored": 3,
        **more,
    }


def adoption(pd_type: str, year: int, n_adopted: int, n_practising: int) -> dict[str, object]:
    return {
        "pd_type": pd_type,
        "school_year": year,
        "n_schools": 40,
        "n_adopted": n_adopted,
        "share": n_adopted / 40,
        "n_new": 1,
        "n_practising": n_practising,
    }


def concern(driver: str, school: str, status: str = "concern", **more: object) -> dict[str, object]:
    return {
        "idea": "learning_system",
        "indicator": f"driver_{driver}",
        "label": driver,
        "unit": "points from 1 to 5",
        "school_id": school,
        "school_name": school,
        "school_year": 2025,
        "category": "teacher",
        "value": 2.9,
        "ci_low": 2.6,
        "ci_high": 3.2,
        "comparison_value": 3.6,
        "status": status,
        "n_persons": 12,
        "is_suppressed": False,
        **more,
    }


def page_of(connection: duckdb.DuckDBPyConnection, **tables: list[dict[str, object]]) -> SectionPage:
    for table, rows in tables.items():
        insert(connection, f"report.{table}", rows)
    return learning_page(
        connection, Build(BUILD_ID, "Riverbend", 2025, datetime(2026, 1, 1), "0", "1", "0", "{}")
    )


@pytest.fixture
def build() -> duckdb.DuckDBPyConnection:
    return empty_build()


def whole_tables() -> dict[str, list[dict[str, object]]]:
    """Rows for every table of the page, by their name in the schema report."""
    means = {"trust": 3.6, "leadership": 3.5, "capacity_building": 3.2, "collaboration": 3.9}
    scores = [
        *(
            score(driver, "teacher", mean - 0.05 * (2025 - y), y)
            for driver, mean in means.items()
            for y in (2024, 2025)
        ),
        *(score(driver, "principal", mean + 0.4, y) for driver, mean in means.items() for y in (2024, 2025)),
        hidden("trust", "central_office"),
        score("trust", "teacher", 2.5, school_id="S9", school_name=HOSTILE),
    ]
    return {
        "driver_score": scores,
        "driver_gap": [
            gap("trust", 0.4),
            gap("leadership", 0.2),
            gap("capacity_building", 0.5),
            gap("collaboration", 0.05),
        ],
        "driver_change": [
            change("trust", 0.01, 0.03, 0.4),
            change("leadership", -0.04, 0.02, 0.01),
            change("capacity_building", 0.0, 0.02, 0.9),
            change("collaboration", 0.05, 0.02, 0.001),
        ],
        "climate_growth": [
            association("trust", 0.06, 0.03, 0.01),
            association("leadership", 0.03, 0.02, 0.08),
        ],
        "adoption": [
            adoption("coaching", 2024, 5, 5),
            adoption("coaching", 2025, 6, 4),
            adoption("online_course", 2024, 28, 20),
            adoption("online_course", 2025, 30, 8),
        ],
        "adoption_spread": [
            spread("coaching", 6, "not_reached", note="refused: 3 times a school took it up"),
            spread(
                "online_course",
                30,
                n_events=20,
                odds_ratio=1.3,
                ci_low=1.1,
                ci_high=1.55,
                p_value=0.004,
                p_value_bh=0.01,
            ),
            spread(
                "feedback_cycle", 0, "not_reached", is_connected=True, median_hours=4.0, note="refused: few"
            ),
        ],
        "school_adoption": [
            {"pd_type": "online_course", "school_id": "S9", "school_name": HOSTILE, "is_suppressed": False},
            {"pd_type": "online_course", "school_id": "S8", "school_name": "Tiny", "is_suppressed": True},
        ],
        "indicator": [
            *(concern(driver, "Dogwood") for driver in DRIVERS[:3]),
            *(concern(driver, "Elm Street") for driver in DRIVERS[:2]),
            concern("trust", "Fairview", "strength"),
            concern("trust", "Gone Hidden", "concern", value=None, is_suppressed=True),
        ],
    }


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    connection = district_build(["Alder Creek", "Birch Hill"])
    page_of(connection, **whole_tables())
    return render_report(connection, tmp_path_factory.mktemp("learning"), BUILD_ID).with_name("learning.html")


def test_the_first_sentences_name_the_highest_and_lowest_driver_the_gap_the_change_and_the_spread(page):
    said = text(page)
    assert (
        "teachers answer highest on collaboration (3.9 of 5) and lowest on capacity building (3.2 of 5)"
        in said
    )
    assert (
        "Principals and assistant principals answer higher than the teachers of their own schools on trust,"
        " leadership and capacity building, most on capacity building (by 0.50 points)." in said
    )
    assert (
        "Answers on leadership have fallen by 0.04 points a year since 2019–20, those on collaboration have"
        " risen by"
        " 0.05 points a year since 2019–20; on trust and capacity building no change can be told from chance."
        in said
    )
    assert "1 of 3 kinds of PD has been taken up by at least half of the schools." in said


def standouts(page: Path) -> str:
    html = page.read_text(encoding="utf-8")
    return html[
        html.index('<ul class="standout">') : html.index("</ul>", html.index('<ul class="standout">'))
    ]


def test_large_gaps_stand_out_and_small_or_unclear_ones_do_not(page):
    said = standouts(page)
    # largest first; .20 is below a quarter point, .05 ± .1 holds zero
    assert (
        "they rate capacity building 0.50 points (0.40 to 0.60) and trust 0.40 points (0.30 to 0.50) higher"
        in said
    )
    assert "0.20 points" not in said


def test_clear_changes_stand_out_in_their_direction(page):
    said = standouts(page)
    assert "Collaboration has grown by 0.05 points a year (0.03 to 0.07) from 2019–20 to 2024–25" in said
    assert "Leadership has fallen by 0.04 points a year (0.02 to 0.06)" in said
    assert "Trust has" not in said


def test_a_change_whose_questions_changed_says_so(build):
    note = "the questions of this scale differ between years"
    page = page_of(build, driver_change=[change("trust", 0.2, 0.1, 0.001, note=note)])
    assert f"within the same schools and roles; but {note}." in page.stands_out[0]


def test_schools_low_on_three_drivers_stand_out_by_name(page):
    said = standouts(page)
    assert "At Dogwood teachers answer lower" in said
    assert "in the other schools of the level on trust, leadership and capacity building." in said
    assert "Elm Street" not in said
    assert "Trust: lower at Dogwood and Elm Street; higher at Fairview." in text(page)


def test_hidden_rows_are_nowhere(page):
    said = text(page)
    assert "Gone Hidden" not in said
    assert "Tiny" not in said
    assert "4.99" not in said
    assert "Central office too few people" in said


def test_what_goes_with_growth_is_never_called_an_effect(page):
    said = text(page)
    # .08 is not below .05 after eight questions, though its interval leaves zero out
    assert "In 1 of 2 comparisons growth goes with teachers' answers" in said
    assert "teachers answer higher on trust, students grow more in reading" in said
    assert "which leads to which, this does not say" in said
    body = said[said.index("Do students grow more where") :]
    assert "effect" not in body
    assert "0.61" in body  # ICC(2)


def test_sustained_kinds_that_spread_little_stand_out_but_not_those_that_the_rule_cannot_see(page):
    said = standouts(page)
    assert "Coaching: 6 of 40 schools have taken it up so far" in said
    assert "Feedback cycles" not in said
    assert "Feedback cycles: half of those who take part have 4 hours or fewer in a year" in text(page)


def test_kinds_that_schools_gave_up_stand_out(page):
    # 8 of 30 is under half; coaching's 4 of 6 is not
    assert "Online courses: of 30 schools that ever took it up, 8 still reach a quarter" in standouts(page)
    assert "Coaching: of" not in standouts(page)


def test_neighbours_are_an_association(page):
    said = text(page)
    assert "the odds of taking it up were 1.30 times as large (1.10 to 1.55)" in said
    assert "this is no proof that it spread from one to another" in said
    assert "For 2 kinds too few schools took it up" in said


def test_neighbours_that_cannot_be_told_from_chance_are_said_so(build):
    row = spread("coaching", 30, odds_ratio=1.3, ci_low=1.01, ci_high=1.6, p_value=0.03, p_value_bh=0.2)
    page = page_of(build, adoption_spread=[row])
    section = next(section for section in page.sections if section.id == "neighbours")
    assert "for none can that be told from chance" in section.paragraphs[0]
    assert (section.points, page.stands_out) == ((), ())


def test_a_clear_gap_the_other_way_is_lower(build):
    page = page_of(build, driver_gap=[gap("trust", -0.4), gap("leadership", 0.01)])
    expected = (
        "Principals and assistant principals answer lower than the teachers of their own schools on trust (by"
        " 0.40 points)."
    )
    assert page.sentences[1] == expected
    assert page.stands_out == ()


def test_gaps_both_ways_are_said_apart(build):
    page = page_of(build, driver_gap=[gap("trust", -0.4), gap("leadership", 0.3)])
    expected = (
        "Principals and assistant principals answer higher than the teachers of their own schools on"
        " leadership (by 0.30 points) and lower on trust (by 0.40 points)."
    )
    assert page.sentences[1] == expected


def test_a_gap_that_is_not_clear_is_not_called_one(build):
    page = page_of(build, driver_gap=[gap("trust", 0.4, 0.5)])
    expected = (
        "No gap between principals and the teachers of their own schools can be told from chance on trust."
    )
    assert page.sentences[1] == expected
    assert page.stands_out == ()


def test_missing_sources_are_said(build):
    row = concern("trust", "x", "not_available", school_id=None, school_name=None, value=None, label="Trust")
    row |= {"note": "not available: no survey source", "category": "all"}
    page = page_of(build, indicator=[row])
    assert "cannot be shown for 2024–25" in page.sentences[0]
    assert (page.missing, page.sections) == (("Trust: not available: no survey source",), ())


def test_every_picture_has_alternative_text(page):
    pictures = [element for element in elements(page) if element.name == "svg"]
    # roles, gaps, years, growth, spread; each wide and narrow
    assert len(pictures) == 10
    assert all(len(picture.attributes["aria-label"]) > 40 for picture in pictures)


def test_one_year_has_no_picture_of_years(build):
    page = page_of(
        build,
        driver_score=[score("trust", "teacher", 3.5)],
        driver_change=[change("trust", 0.0, 0.1, 1.0)],
        adoption=[adoption("coaching", 2025, 4, 4)],
        adoption_spread=[spread("coaching", 4, "not_reached")],
    )
    drawn = {picture.id for section in page.sections for picture in section.pictures if picture.svg}
    assert drawn == {"roles"}


def test_a_hostile_name_never_becomes_markup(page):
    assert {element.name for element in elements(page)}.isdisjoint({"script", "img", "iframe"})
    assert HOSTILE in text(page)


def test_links_and_ids_hold(page):
    ids = [element.attributes["id"] for element in elements(page) if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for link in (element.attributes["href"] for element in elements(page) if element.name == "a"):
        name, _, fragment = link.partition("#")
        assert not name or (page.parent / name).is_file()
        assert name or fragment in ids
