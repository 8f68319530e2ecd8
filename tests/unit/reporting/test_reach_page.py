"""The page of reach: by kind, by year, by school."""

from __future__ import annotations

from pathlib import Path

from tests.unit.reporting.made_up_build import BUILD_ID, empty_build
from tests.unit.reporting.page_reader import text
from transforms.reporting.reach_page import reach_page
from transforms.reporting.reach_years_chart import by_type, reach_years_picture, reach_years_title
from transforms.reporting.rows import DistrictReachRow
from transforms.reporting.view import read_report


def reach(year: int, pd_type: str, share: float | None) -> DistrictReachRow:
    n = None if share is None else round(100 * share)
    return DistrictReachRow(year, pd_type, n, 100, share, 10.0, 2.0, share is None)


GROWING = [reach(2023, "coaching", 0.2), reach(2024, "coaching", None), reach(2025, "coaching", 0.35)]
STEADY = [reach(2024, "conference", 0.5), reach(2025, "conference", 0.501)]


def test_the_title_names_the_kind_that_changed_most_from_its_first_year_to_its_last() -> None:
    said = "Coaching went from 20% of teachers in 2022–23 to 35% in 2024–25"
    assert reach_years_title([*GROWING, *STEADY]) == f"{said}, the largest change"
    assert reach_years_title(GROWING) == said
    assert reach_years_title(STEADY).startswith("No kind of PD reached a share of teachers that changed by")
    assert reach_years_title(STEADY[:1]) == "No kind of PD can be followed over two years"


def test_a_year_too_few_to_show_has_no_point_and_a_single_year_no_panel() -> None:
    rows = [*GROWING, reach(2025, "other", 0.1)]
    assert {pd_type: [row.school_year for row in found] for pd_type, found in by_type(rows).items()} == {
        "coaching": [2023, 2025]
    }
    drawn = reach_years_picture(rows, "p")
    assert drawn.alternative_text == (
        "Share of teachers by year: Coaching 20% in 2022–23 and 35% in 2024–25."
    )
    assert reach_years_picture(rows[-1:], "p") == ""


def test_the_page_leads_to_kinds_and_schools_and_says_that_reach_is_no_result(district_page: Path) -> None:
    said = text(district_page.with_name("reach.html"))
    assert "it says nothing about what they made of it" in said
    assert "Share of each school's teachers reached, 2024–25" in said
    assert "All teachers are counted, so there is no interval to draw" in said


def test_without_attended_hours_the_page_says_so() -> None:
    connection = empty_build()
    page = reach_page(connection, read_report(connection, BUILD_ID))
    assert page.missing == ("No attended hours of PD are on record.",)
    assert page.sections == ()
