"""How teachers' answers go with growth of schools: which rows meet, and what is refused."""

from __future__ import annotations

import pytest

from tests.spec.learning_core import add_growth, prepare
from transforms.improvement.climate_growth import Gain, climate_growth, read_gains
from transforms.improvement.driver_cells import Cell


def cell(school: str, mean: float, n: int = 6, year: int = 2025, role: str = "teacher") -> Cell:
    """``n`` people, half of them a point above and half below ``mean``."""
    return Cell("trust", school, year, role, n, n * mean, n * (mean**2 + 1), n)


def gain(school: str, value: float, year: int = 2025) -> Gain:
    return Gain("ela", "STATE", "spring_to_spring", school, year, value, 0.03)


def schools(n: int) -> tuple[list[Cell], list[Gain]]:
    """Growth rises by .1 SD a point, with something left over."""
    cells = [cell(f"s{i}", 3 + 0.2 * (i % 5)) for i in range(n)]
    gains = [gain(f"s{i}", 0.02 * (i % 5) + (0.01 if i % 2 else -0.01)) for i in range(n)]
    return cells, gains


def test_growth_is_told_from_the_years_window_and_the_assessment_with_most_students(core):
    prepare(core)
    add_growth(
        core,
        """ela STATE spring_to_spring north 2025 .1 .02 200
           ela INTERIM fall_to_spring north 2025 .3 .02 900
           ela OTHER spring_to_spring north 2025 .5 .02 100
           ela STATE spring_to_spring south 2025 . . 8
           mathematics INTERIM fall_to_spring north 2025 .2 .02 50""",
    )
    found = read_gains(core.connection)
    # a year's window goes first, then most students; without a gain there is no row
    assert [(g.academic_subject, g.assessment_id, g.school_id, g.gain_sd) for g in found] == [
        ("ela", "STATE", "north", 0.1),
        ("mathematics", "INTERIM", "north", 0.2),
    ]


def test_nine_schools_are_refused_and_ten_are_not():
    (refused,) = climate_growth(*schools(9))
    assert refused["note"] == "refused: 9 schools with 5 teachers' answers and growth; 10 are needed"
    assert "slope_sd" not in refused
    (estimated,) = climate_growth(*schools(10))
    assert estimated["slope_points"] == pytest.approx(0.1)
    assert (estimated["n_schools"], estimated["n_school_years"], estimated["n_teachers"]) == (10, 10, 60)


def test_only_teachers_count_and_only_where_five_answered():
    cells, gains = schools(12)
    cells[0] = cell("s0", 3.0, n=4)
    cells.append(cell("s1", 5.0, role="principal"))
    (row,) = climate_growth(cells, gains)
    assert row["n_school_years"] == 11


def test_a_school_without_growth_in_the_year_does_not_count():
    cells, gains = schools(12)
    gains[3] = gain("s3", 0.5, year=2024)
    (row,) = climate_growth(cells, gains)
    assert row["n_school_years"] == 11


def test_slope_is_also_given_for_one_sd_of_schools_and_without_error_of_the_means():
    cells, gains = schools(10)
    (row,) = climate_growth(cells, gains)
    # means 3, 3.2 … 3.8, each twice: Σ(x - 3.4)² = .8, SD √(.8/9)
    assert row["sd_of_means"] == pytest.approx((0.8 / 9) ** 0.5)
    assert row["slope_sd"] == pytest.approx(0.1 * (0.8 / 9) ** 0.5)
    # MSB 6 × .8/9 = .5333, MSW 10 × 6/50 = 1.2: ICC(2) 1 - 1.2/.5333 = -1.25, too little to divide by
    assert row["icc2"] == pytest.approx(-1.25)
    assert row["note"] == "not corrected for error of the means: ICC(2) is -1.25, below 0.50"
    assert "slope_disattenuated_sd" not in row


def test_reliable_means_are_corrected_by_the_root_of_icc2():
    cells = [
        Cell("trust", f"s{i}", 2025, "teacher", 6, 6 * m, 6 * (m * m + 0.01), 6)
        for i in range(10)
        if (m := 3 + 0.2 * (i % 5))
    ]
    (row,) = climate_growth(cells, schools(10)[1])
    # MSB .5333, MSW .01 × 60/50 = .012: ICC(2) = .9775
    assert row["icc2"] == pytest.approx(1 - 0.012 / (6 * 0.8 / 9))
    assert row["slope_disattenuated_sd"] == pytest.approx(row["slope_sd"] / row["icc2"] ** 0.5)
    assert row["disattenuated_ci_low"] == pytest.approx(row["ci_low"] / row["icc2"] ** 0.5)


def test_equal_answers_are_refused():
    cells, gains = schools(10)
    (row,) = climate_growth([cell(c.school_id, 3.0) for c in cells], gains)
    assert row["note"] == "refused: answers or gains of the schools do not differ within years"


def test_without_growth_there_is_no_row():
    assert climate_growth(schools(10)[0], []) == []
