"""The page of connected professional learning: sentences by rule, names, hidden values, missing sources."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, insert
from tests.unit.reporting.made_up_district import district_build
from tests.unit.reporting.page_reader import elements, text
from transforms.improvement.connected_indicators import INDICATORS
from transforms.improvement.next_steps import RULES
from transforms.reporting.branding import Branding
from transforms.reporting.connected_page import connected_page
from transforms.reporting.pages import menu
from transforms.reporting.site import _chrome, _section_page
from transforms.reporting.view import read_report

HOSTILE = "<script>alert(1)</script>"
BY_NAME = {indicator.name: indicator for indicator in INDICATORS}


def indicator(name: str, value: float | None, school: str | None = None, **more: object) -> dict[str, object]:
    definition = BY_NAME[name]
    return {
        "idea": "connected_learning",
        "indicator": name,
        "label": definition.label,
        "unit": definition.unit,
        "school_id": school,
        "school_name": school,
        "school_year": 2025,
        "category": "all",
        "value": value,
        "denominator": 100.0,
        "status": "described",
        "is_suppressed": False,
        **more,
    }


def check(school: str, rating: float, value: float | None, verdict: str, **more: object) -> dict[str, object]:
    return {
        "school_id": school,
        "school_name": school,
        "school_year": 2025,
        "practice": "Time to collaborate",
        "indicator": "collaborative_planning_hours",
        "label": "Collaborative planning per teacher",
        "unit": "hours per teacher",
        "rating": rating,
        "value": value,
        "floor_value": 9.0,
        "n_schools": 0,
        "verdict": verdict,
        "is_little": verdict == "rated_above_records",
        "note": f"rated {rating:g}; on record {value} hours, below 9 (why)",
        "is_suppressed": False,
        **more,
    }


def rating(school: str, value: float) -> dict[str, object]:
    return {
        "school_id": school,
        "school_name": school,
        "school_year": 2025,
        "practice": "Time to collaborate",
        "rating": value,
        "n_peers": 3,
        "peer_median": 2.0,
    }


def step(school: str, rule: str, priority: int = 1) -> dict[str, object]:
    return {
        "school_id": school,
        "school_name": school,
        "school_year": 2025,
        "priority": priority,
        "rule": rule,
        "step": next(row.step for row in RULES if row.name == rule),
        "reason": "61% of hours",
    }


def rendered(tmp_path: Path, tables: dict[str, list[dict[str, object]]]) -> Path:
    connection = district_build(["Alder Creek", "Birch Hill"])
    fill(connection, tables)
    report = read_report(connection, BUILD_ID)
    page = tmp_path / "connected.html"
    made = _section_page(connected_page(connection, report.build), page.name, _chrome(report, Branding()))
    page.write_text(made, encoding="utf-8")
    return page


def fill(connection: duckdb.DuckDBPyConnection, tables: dict[str, list[dict[str, object]]]) -> None:
    for table, rows in tables.items():
        insert(connection, table, rows)


DISTRICT = [
    indicator("one_off_hours_share", 0.5, school_year=2024),
    indicator("one_off_hours_share", 0.45, numerator=45.0, comparison_value=0.5),
    indicator("one_off_money_share", 0.4),
    indicator("connected_hours", 14.04),
    indicator("feedback_hours", 6.0),
    indicator("feedback_cycles", 1.25),
    indicator("feedback_in_time", 0.65),
    indicator("feedback_in_time", 0.6, category="evaluation"),
    indicator("feedback_never", 0.2),
    indicator("feedback_never", 0.3, category="evaluation"),
    indicator("days_to_feedback", 11.0),
]
SCHOOLS = [
    indicator("one_off_hours_share", 0.61, "Cedar", status="concern"),
    indicator("one_off_hours_share", 0.503, HOSTILE, status="concern"),
    indicator(
        "one_off_hours_share", None, "Dogwood", is_suppressed=True, note="of too few people to be shown"
    ),
    indicator("feedback_in_time", 0.3, "Cedar", status="concern"),
]
PRACTICE = {
    "school_year": 2025,
    "practice": "Time to collaborate",
    "n_schools": 4,
    "n_level_1": 1,
    "n_level_2": 0,
    "n_level_3": 1,
    "n_level_4": 2,
    "median_rating": 3.5,
}
FULL = {
    "report.indicator": DISTRICT + SCHOOLS,
    "report.self_assessment_practice": [PRACTICE],
    "report.self_assessment": [rating("Cedar", 4), rating("Birch", 3), rating("Elm", 4), rating(HOSTILE, 1)],
    "report.self_assessment_check": [
        check("Cedar", 4, 3.0, "rated_above_records"),
        check("Birch", 3, 8.0, "rated_above_records"),
        check("Elm", 4, None, "not_comparable", is_suppressed=True, note="of too few people to be shown"),
        check(HOSTILE, 1, 12.0, "rated_below_records"),
    ],
    "report.next_step": [step("Cedar", "one_off_hours"), step(HOSTILE, "hours_not_felt")],
    "meta.reconciliation": [
        {
            "source_number": 1, "entity": "self_assessment", "source_file": "forms/cedar.xlsx",
            "rows_read": 10, "rows_loaded": 7, "rows_duplicate": 0, "rows_skipped": 3, "rows_quarantined": 0,
        }
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rendered(tmp_path_factory.mktemp("connected"), FULL)


def test_the_answer_says_hours_money_and_the_year_before(page: Path) -> None:
    said = text(page)
    assert "Connected professional learning" in said
    assert "In 2024–25, 45% of PD hours and 40% of the money for PD went into one-off events" in said
    assert "One-off hours are less than in the year before (50%)." in said


def test_hours_per_teacher_and_feedback_are_said_with_their_numbers(page: Path) -> None:
    said = text(page)
    assert "A teacher had 14.0 hours of connected learning on average" in said
    assert "Counted on their own, and overlapping: 6.0 hours of coaching and feedback." in said
    assert "65% of classroom observations had feedback within 14 days, 20% have none on record" in said
    assert "1.2 such feedback cycles a teacher" in said
    assert "Half of all observations had feedback within 11 days." in said


def test_what_stands_out_names_schools_and_a_value_beyond_its_threshold(page: Path) -> None:
    # 50.3 % is more than half: written as 50 % it would contradict the sentence
    expected = f"More than half of PD hours went into one-off events at Cedar (61%) and {HOSTILE} (50.3%)."
    assert expected in text(page)
    assert "Fewer than half of observations had feedback within 14 days at Cedar (30%)." in text(page)


def test_contradictions_name_school_and_numbers_the_furthest_apart_first(page: Path) -> None:
    said = text(page)
    cedar = said.index("Cedar, time to collaborate: rated 4; on record 3.0 hours, below 9 (why).")
    birch = said.index("Birch, time to collaborate: rated 3; on record 8.0 hours, below 9 (why).")
    assert cedar < birch
    assert "2 of 4 schools that rated themselves call a practice regular" in said
    assert "Of these, 2 are 3 or 4 where little is on record, and 1 is 1 or 2 where much is." in said


def test_where_most_schools_contradict_the_records_are_doubted_first(tmp_path: Path) -> None:
    checks = [check(f"S{i}", 3, 2.0, "rated_above_records") for i in range(4)]
    checks.append(check("S5", 3, 20.0, "in_line"))
    page = rendered(tmp_path, {**FULL, "report.self_assessment_check": checks})
    assert "Time to collaborate: 4 of 5 schools that rate it 3 or 4 have little on record." in text(page)
    assert "look first at whether the hours are recorded at all" in text(page)


def test_values_of_few_people_are_not_shown(page: Path) -> None:
    (row,) = re.findall(r"<th[^>]*>Dogwood</th>(.*?)</tr>", page.read_text(encoding="utf-8"), re.DOTALL)
    assert set(re.findall(r"<td[^>]*>(.*?)</td>", row)) == {"n/a"}
    assert "Elm, time to collaborate" not in text(page)


def test_practices_left_unrated_are_named_by_file(page: Path) -> None:
    assert "forms/cedar.xlsx: 3 practices left without a rating" in text(page)


def test_next_steps_name_the_schools_and_every_rule_is_printed(page: Path) -> None:
    said = text(page)
    for rule in RULES:
        assert rule.step in said
        assert rule.condition in said


def test_pictures_have_alternative_text_and_a_table(page: Path) -> None:
    pictures = [element for element in elements(page) if element.name == "svg"]
    assert len(pictures) == 6  # one-off, feedback, ratings; each twice
    labels = {picture.attributes["aria-label"] for picture in pictures}
    assert any("2024–25 45% of hours, 40% of money" in label for label in labels)
    assert any("2024–25: evaluation: 60% in time, 10% later, 30% none on record" in label for label in labels)
    assert any("1 at level 1, 0 at level 2, 1 at level 3, 2 at level 4" in label for label in labels)


def test_a_hostile_name_never_becomes_markup(page: Path) -> None:
    assert {element.name for element in elements(page)}.isdisjoint({"script", "img", "iframe"})


def test_links_and_ids_hold(page: Path) -> None:
    ids = [element.attributes["id"] for element in elements(page) if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for link in (element.attributes["href"] for element in elements(page) if element.name == "a"):
        name, _, fragment = link.partition("#")
        assert name in ("", *(place.path for _, places in menu() for place in places))
        assert name or fragment in ids


def test_without_anything_the_page_says_so_and_names_the_sources(tmp_path: Path) -> None:
    reason = "not available: no observation source"
    rows = [indicator("feedback_cycles", None, status="not_available", note=reason)]
    page = rendered(tmp_path, {"report.indicator": rows})
    said = text(page)
    assert "For 2024–25 there is nothing to tell one-off events from connected learning by." in said
    assert f"Feedback cycles per teacher: {reason}" in said
    assert "<svg" not in page.read_text(encoding="utf-8")


def test_the_same_share_as_last_year_is_neither_more_nor_less(tmp_path: Path) -> None:
    rows = [indicator("one_off_hours_share", 0.451, comparison_value=0.449)]
    page = rendered(tmp_path, {"report.indicator": rows})
    assert "The share of hours in one-off events is as in the year before." in text(page)


def test_ratings_without_contradiction_are_said_to_have_none(tmp_path: Path) -> None:
    tables = {"report.self_assessment": [rating("Cedar", 4)], "report.self_assessment_practice": [PRACTICE]}
    said = text(rendered(tmp_path, tables))
    assert "1 school rated itself; no rating of 3 or 4 stands against little on record." in said


def test_where_every_hour_was_one_off_no_rest_is_spoken_of(tmp_path: Path) -> None:
    rows = [indicator("one_off_hours_share", 1.0)]
    said = text(rendered(tmp_path, {"report.indicator": rows}))
    assert "conferences; no hour was connected to teachers' own classrooms." in said
