"""Pictures of growth percentiles: what is drawn, what is left out, what the words beside them say."""

from __future__ import annotations

import pytest

from transforms.reporting import growth_words
from transforms.reporting.growth_charts import LARGEST_GROUPS, distribution_picture, quadrant_picture
from transforms.reporting.growth_curves import curves_picture, curves_title
from transforms.reporting.growth_labels import Mark, placed_labels, spread
from transforms.reporting.growth_rows import CurveRow, DistributionRow, GrowthReport, QuadrantRow, main_growth
from transforms.reporting.growth_tables import curves_table, distribution_table, value_added_table

KEY = ("STATE", "mathematics", "spring_to_spring")


def school_spread(name: str, median: float | None, low: float = 50, high: float = 50) -> DistributionRow:
    """A school of 120 students whose percentiles spread around the median; None: suppressed."""
    if median is None:
        return DistributionRow("school", name, name, *KEY, None, *[None] * 7, is_suppressed=True)
    percentiles = (median - 30, median - 20, median, median + 20, median + 30)
    return DistributionRow("school", name, name, *KEY, 120, *percentiles, low, high, is_suppressed=False)


def school(
    name: str, score: float | None, median: float | None, low: float = 45, high: float = 55
) -> QuadrantRow:
    """A school between status and growth; without a score it is suppressed."""
    if score is None or median is None:
        return QuadrantRow(name, *KEY, *[None] * 9, is_suppressed=True)
    growth = "higher" if low > 50 else "lower" if high < 50 else ""
    quadrant = f"{'higher' if score >= 0 else 'lower'} status, {growth} growth" if growth else "unclear"
    return QuadrantRow(
        name, *KEY, 120, score, score, median, low, high, 0.10, 0.05, quadrant, is_suppressed=False
    )


def curve(grade: int, percentile: int, prior: float, score: float) -> CurveRow:
    return CurveRow(*KEY, grade, prior, percentile, score, 900)


def test_a_spread_is_drawn_with_its_median_and_interval_and_suppressed_groups_are_not():
    drawn = distribution_picture([school_spread("Alder", 61, 58, 64), school_spread("Birch", None)], "p")
    assert drawn.count("61 (58 to 64) · 120 students") == 1  # the wide drawing
    assert drawn.count("61 (58 to 64) · 120<") == 1  # the narrow one has no room for the word
    assert "Birch" not in drawn
    assert 'aria-label="Growth percentiles in mathematics, 1 group' in drawn


def test_the_alternative_text_names_the_groups_at_both_ends():
    rows = [school_spread("Alder", 40, 35, 45), school_spread("Birch", 60, 55, 65)]
    said = "highest Birch 60 (55 to 65); lowest Alder 40 (35 to 45)."
    assert said in distribution_picture(rows, "p")


@pytest.mark.parametrize("picture", [distribution_picture, quadrant_picture, curves_picture])
def test_no_rows_are_no_picture(picture):
    assert picture([], "p") == ""


def test_only_suppressed_groups_are_no_picture():
    assert distribution_picture([school_spread("Birch", None)], "p") == ""
    assert quadrant_picture([school("Birch", None, None)], "p") == ""


def test_of_many_groups_those_with_most_students_are_drawn():
    rows = [school_spread(f"School {number:03}", 50) for number in range(200)]
    assert distribution_picture(rows, "p").count("<svg") == 2
    assert f"{LARGEST_GROUPS} group" in distribution_picture(rows, "p")


@pytest.mark.parametrize("n_schools", [1, 200])
def test_status_and_growth_are_drawn_for_one_school_and_for_many(n_schools):
    rows = [
        school(f"School {number:03}", number / 100 - 1, 40 + number % 20, 38, 60)
        for number in range(n_schools)
    ]
    drawn = quadrant_picture([*rows, school("Hidden", None, None)], "p")
    assert f"Mathematics, {n_schools} school" in drawn
    assert "Hidden" not in drawn
    assert drawn.count("<svg") == 2


def test_status_and_growth_say_how_many_schools_stand_in_which_quadrant():
    rows = [school("A", 0.4, 40, 35, 45), school("B", -0.4, 60, 55, 65), school("C", 0.1, 52)]
    said = (
        "Mathematics, 3 schools: 1 higher status, lower growth, 1 lower status, higher growth and 1 unclear."
    )
    assert said in quadrant_picture(rows, "p")


def test_a_direction_is_a_shape_and_an_unclear_school_is_hollow():
    clear = quadrant_picture([school("A", 0.4, 60, 55, 65)], "p")
    unclear = quadrant_picture([school("A", 0.4, 52, 45, 59)], "p")
    assert clear.count("A") < unclear.count("A")  # a circle is drawn with arcs, a triangle without
    assert 'fill="#ffffff" stroke="#5b6871"' in unclear
    assert 'fill="#ffffff" stroke="#5b6871"' not in clear


def test_curves_are_drawn_grade_by_grade_with_the_percentile_at_their_end():
    rows = [
        curve(grade, percentile, prior, prior + percentile)
        for grade in (4, 5)
        for percentile in (10, 25, 50, 75, 90)
        for prior in (400.0, 450.0, 500.0)
    ]
    drawn = curves_picture(rows, "p")
    assert drawn.count("Grade 4 · 900 students") == 2  # wide and narrow
    # 450 is the middle of the priors, 450 + 10 = 460 the score at the 10th percentile
    assert "Grade 4: after a score of 450, 460 at the 10th percentile" in drawn
    assert drawn.count(">90<") == 4


def test_a_constant_curve_can_be_drawn():
    assert "Grade 4" in curves_picture([curve(4, 50, prior, 500.0) for prior in (400.0, 500.0)], "p")


def test_names_cover_neither_points_nor_one_another():
    marks = [Mark(f"School number {i}", 20.0 * i + 10, 100.0 + 7 * i, (90.0, 110.0)) for i in range(15)]
    boxes = [label.box for label in placed_labels(marks, 392, 340)]
    assert boxes
    for i, (left, right, top, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= 392
        assert all(
            right < other[0] or left > other[1] or bottom < other[2] or top > other[3] for other in boxes[:i]
        )
        assert not [mark for mark in marks if left < mark.left < right and top < mark.top < bottom]


def test_a_hostile_or_endless_name_is_cut_to_two_lines():
    label = placed_labels([Mark("x" * 500, 30, 170, (160, 180))], 392, 340)[0]
    assert len(label.lines) <= 2
    assert all(len(line) <= 21 for line in label.lines)


def test_labels_at_one_height_are_moved_apart_around_their_mean():
    # 10, 10, 10 with 4 between → 6, 10, 14
    assert spread([10, 10, 10], 4) == [6, 10, 14]
    assert spread([1, 10, 20], 4) == [1, 10, 20]


@pytest.mark.parametrize(
    ("low", "high", "direction"),
    [(51, 60, "higher growth"), (40, 49, "lower growth"), (50, 60, "not told apart")],
)
def test_a_direction_is_told_where_the_interval_leaves_one(low, high, direction):
    assert growth_words.direction(school_spread("A", 55, low, high)).value == direction


def test_the_sentence_counts_schools_by_direction():
    rows = [school("A", 0, 60, 55, 65), school("B", 0, 60, 55, 65), school("C", 0, 40, 35, 45)]
    first = (
        "Against students with the same earlier scores,"
        " in mathematics 2 of 3 schools had higher growth, 1 lower"
    )
    assert growth_words.growth_sentence(rows) == f"{first}."
    unclear = [*rows, school("D", 0, 50), school("E", None, None)]
    assert growth_words.growth_sentence(unclear).startswith(first.replace("of 3", "of 4"))
    assert growth_words.growth_sentence(unclear).endswith("; for the rest it cannot be told.")


def test_tables_say_too_few_and_give_value_added_with_its_interval():
    table = distribution_table([school_spread("Birch", None)], "school", 2025)
    assert table.rows == (("Birch", "Mathematics", *["too few"] * 6, ""),)
    added = value_added_table([school("A", 0, 60), school("B", None, None)], 2025)
    # 0.10 ± 1.96 × 0.05
    assert added.rows == (("A", "+0.10 (0.00 to 0.20)"), ("B", "too few"))


def test_the_title_of_curves_says_how_far_apart_students_end_who_began_alike():
    rows = [curve(4, level, 400.0, 400.0 + level) for level in (10, 50, 90)]
    said = "Reading, grade 4: of students who began at 400, four of five end within 80 points of each other"
    assert curves_title(rows).partition(", ")[2] == said.partition(", ")[2]
    assert curves_title(rows[:2]).endswith("what score stands at which growth percentile")


def test_the_table_of_curves_has_five_of_the_prior_scores():
    rows = [curve(4, 50, float(prior), prior + 7.0) for prior in range(400, 441)]
    found = curves_table(rows, 2025).rows
    assert [row[2:] for row in found] == [
        ("400", "407"), ("410", "417"), ("420", "427"), ("430", "437"), ("440", "447"),
    ]  # fmt: skip


def test_pages_show_the_assessment_and_window_with_most_students():
    large, small = school("A", 0, 60), school("B", 0, 40)
    other = QuadrantRow(**{**vars(small), "growth_window": "fall_to_spring", "n_students": 119})
    shown = main_growth(GrowthReport((), (other, large), (), (), ()))
    assert [row.school for row in shown.quadrants] == ["A"]


def test_a_window_of_a_year_goes_before_one_inside_a_year_with_more_students():
    year = school("A", 0, 60)
    inside = QuadrantRow(
        **{**vars(school("B", 0, 40)), "growth_window": "winter_to_spring", "n_students": 999}
    )
    shown = main_growth(GrowthReport((), (inside, year), (), (), ()))
    assert [row.school for row in shown.quadrants] == ["A"]
