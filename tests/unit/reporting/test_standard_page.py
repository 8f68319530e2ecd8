"""The page of the standard, and what the first page says of the pages of the improvement loop."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, insert
from tests.unit.reporting.made_up_district import district_build
from tests.unit.reporting.page_reader import elements, text
from transforms.improvement.standard_rules import PRINCIPLES
from transforms.reporting.site import render_report

HOSTILE = "<script>alert(1)</script>"


def score(
    principle: str, value: float | None, school: str | None = None, **more: object
) -> dict[str, object]:
    return {
        "school_id": school,
        "school_name": school,
        "school_year": 2025,
        "principle": principle,
        "score": value,
        "score_low": value,
        "score_high": value,
        "n_measures_shown": 0 if value is None else 1,
        "n_measures": 2,
        "is_suppressed": False,
        **more,
    }


def rendered(tmp_path: Path, rows: list[dict[str, object]], measures: list[dict[str, object]]) -> Path:
    connection = district_build(["Alder Creek", "Birch Hill"])
    insert(connection, "report.standard_score", rows)
    insert(connection, "estimates.standard_measure", measures)
    return render_report(connection, tmp_path, BUILD_ID).with_name("standard.html")


MEASURE = {"school_year": 2025, "indicator": "x", "category": "all", "steps": "1 from 0.2, 2 from 0.4"}
WHOLE = {
    "report.standard_score": [
        score("coherence", 3.5),
        score("research_base", 1.0),
        score("alignment", None, missing="hours_on_priorities: not available: no priority source"),
        score("educator_growth", 2.0, score_low=1.0, score_high=3.5),
        score("student_growth", None, is_suppressed=True, missing="of too few people to be shown"),
        score("coherence", 2.5, HOSTILE),
        score("research_base", None, HOSTILE, is_suppressed=True),
    ],
    "estimates.standard_measure": [
        {"principle": "research_base", "value": 0.05, "points": 0, **MEASURE},
        {"principle": "coherence", "value": 0.7, "points": 3, "n_persons": 3, **MEASURE},
    ],
}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return rendered(tmp_path, *WHOLE.values())


def test_the_answer_counts_what_can_be_scored_and_names_strong_and_weak(page: Path) -> None:
    said = text(page)
    assert "3 of seven principles can be scored." in said
    assert "Strong (3 points of 4 or more): coherence." in said
    assert "Weak (1.5 points or fewer): research base." in said
    assert "are not shown, for want of evidence; that is not a zero." in said


def test_a_wide_range_is_neither_strong_nor_weak(tmp_path: Path) -> None:
    page = rendered(tmp_path, [score("educator_growth", 2.0, score_low=1.0, score_high=3.5)], [])
    assert "None is clearly strong and none clearly weak." in text(page)


def test_a_measure_without_a_point_stands_out_with_its_value_and_rule(page: Path) -> None:
    assert "stands at 0.05 and earns no point (1 from 0.2, 2 from 0.4)." in text(page)


def test_a_measure_of_few_people_is_not_in_the_table(page: Path) -> None:
    assert "0.70" not in text(page)


def test_missing_evidence_names_the_source(page: Path) -> None:
    assert "Alignment with goals: hours_on_priorities: not available: no priority source." in text(page)


def test_a_hidden_score_of_a_school_says_so_and_names_are_escaped(page: Path) -> None:
    assert "too few" in text(page)
    assert not [element for element in elements(page) if element.name == "script"]


def test_the_picture_names_every_score(page: Path) -> None:
    labels = [e.attributes["aria-label"] for e in elements(page) if "aria-label" in e.attributes]
    assert any(
        "Coherence 3.5 of 4; Research base 1.0 of 4; Alignment with goals not shown" in x for x in labels
    )


def test_without_any_score_the_page_says_why_it_is_empty(tmp_path: Path) -> None:
    said = text(rendered(tmp_path, [], []))
    assert "None of the seven principles can be scored: the sources for it are missing." in said


def test_the_first_page_leads_to_the_page_with_its_answer(page: Path) -> None:
    index = page.with_name("index.html")
    assert 'href="standard.html"' in index.read_text(encoding="utf-8")
    assert "3 of seven principles can be scored." in text(index)


def test_every_principle_has_a_label_of_its_own() -> None:
    assert len({principle.label for principle in PRINCIPLES}) == len(PRINCIPLES)
