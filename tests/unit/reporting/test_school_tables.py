"""Reach and growth by school, with cells that may not be shown."""

from __future__ import annotations

from transforms.reporting.rows import DistrictReachRow, GrowthRow, ReachRow
from transforms.reporting.school_tables import (
    TOO_FEW,
    district_reach_table,
    growth_table,
    left_out_of_heat,
    reach_heat,
)
from transforms.reporting.titles import growth_title, school_reach_title


def reach(school: str, pd_type: str, share: float | None, n_teachers: int = 30) -> ReachRow:
    reached = None if share is None else round(share * n_teachers)
    return ReachRow(school, 2025, pd_type, reached, n_teachers, share, 10.0, share is None)


ROWS = [
    reach("Alder Creek", "coaching", 0.5),
    reach("Birch Hill", "coaching", 0.8, n_teachers=40),
    reach("Birch Hill", "workshop_single", None, n_teachers=40),
    reach("Birch Hill", "online_course", 0.3, n_teachers=40),
    reach("Cedar Grove", "coaching", None, n_teachers=12),
]


def test_the_heat_table_has_large_schools_and_far_reaching_types_first() -> None:
    table = reach_heat(ROWS, 2025)
    assert table.columns == ("Coaching", "Online courses")
    assert [school for school, _ in table.rows] == ["Birch Hill", "Alder Creek"]
    assert [[cell.text for cell in cells] for _, cells in table.rows] == [["80%", "30%"], ["50%", "0%"]]


def test_types_and_schools_without_a_cell_to_show_are_named_and_counted() -> None:
    assert left_out_of_heat(ROWS) == (
        "Single workshops: too few teachers in every school to show."
        " 1 school with too few teachers in every kind of PD not shown."
    )
    assert left_out_of_heat([reach("Alder Creek", "coaching", 0.5)]) == ""


def test_a_study_of_small_schools_has_no_heat_table_but_says_why() -> None:
    rows = [reach("Cedar Grove", "coaching", None)]
    assert reach_heat(rows, 2025).rows == ()
    assert left_out_of_heat(rows) == "Coaching: too few teachers in every school to show."


def test_a_withheld_cell_in_a_shown_school_says_too_few() -> None:
    rows = [*ROWS, reach("Alder Creek", "online_course", None)]
    cells = dict(reach_heat(rows, 2025).rows)["Alder Creek"]
    assert [cell.text for cell in cells] == ["50%", TOO_FEW]
    assert cells[1].css_class == "few"


def test_the_title_of_reach_by_school_is_the_type_that_differs_most() -> None:
    assert school_reach_title(ROWS) == "Coaching reached from 50% to 80% of a school's teachers"


def test_district_reach_has_a_column_a_year_and_words_for_withheld_cells() -> None:
    rows = [
        DistrictReachRow(2024, "coaching", None, 100, None, None, None, True),
        DistrictReachRow(2025, "coaching", 40, 100, 0.4, 600.0, 15.0, False),
    ]
    table = district_reach_table(rows)
    assert [column.title for column in table.columns] == [
        "PD",
        "2023–24",
        "2024–25",
        "Hours, last year",
        "Hours each",
    ]
    assert table.rows == (("Coaching", TOO_FEW, "40% (40)", "600", "15.0"),)


def test_growth_has_a_column_a_subject_and_words_for_withheld_cells() -> None:
    rows = [
        GrowthRow("Alder Creek", "ela", 2025, 120, -0.04, False),
        GrowthRow("Alder Creek", "mathematics", 2025, None, None, True),
        GrowthRow("Birch Hill", "ela", 2025, 90, 0.10, False),
    ]
    assert growth_table(rows, 2025).rows == (
        ("Alder Creek", "−0.04 (120)", TOO_FEW),
        ("Birch Hill", "+0.10 (90)", "n/a"),
    )


def test_the_title_of_growth_is_about_the_schools_that_are_drawn() -> None:
    drawn = [GrowthRow("A", "ela", 2025, 90, -0.1, False), GrowthRow("B", "ela", 2025, 80, 0.2, False)]
    assert growth_title(drawn, "ela", 2) == "Reading: mean gains of 2 schools ran from −0.10 to +0.20 SD"
    assert (
        growth_title(drawn, "ela", 9)
        == "Reading: mean gains of the 2 largest schools ran from −0.10 to +0.20 SD"
    )
    assert growth_title(drawn[:1], "ela", 1) == "Reading: too few schools to compare"
