"""Rules of student growth percentiles, given the curves."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.growth.percentiles import (
    QUANTILES,
    growth_percentiles,
    percentile_curves,
    percentile_moments,
    score_at,
)

# curve j, from 0, stands at j + .5 scale points
LADDER = np.arange(100)[np.newaxis, :] + 0.5


def test_quantiles_run_from_half_a_percent_in_steps_of_one():
    assert QUANTILES.tolist() == pytest.approx([0.005 + 0.01 * j for j in range(100)])


@pytest.mark.parametrize(
    ("score", "percentile"),
    [(-5.0, 1), (0.5, 1), (0.6, 1), (1.6, 2), (50.0, 50), (50.5, 50), (50.51, 51), (99.4, 99), (500.0, 99)],
    ids=["below all", "on the first", "above the first", "two below", "fifty below",
         "on a curve counts as below it", "just above", "above all but the last", "above all"],
)  # fmt: skip
def test_percentile_is_the_number_of_curves_below_from_1_to_99(score, percentile):
    assert growth_percentiles(LADDER, np.array([score])).tolist() == [percentile]


def test_crossing_curves_are_sorted():
    design = np.array([[1.0, 10.0]])
    coefficients = np.zeros((2, 100))
    coefficients[0] = np.arange(100)
    coefficients[:, 7] = (0.0, 9.05)  # 90.5, though the 8th quantile
    curves = percentile_curves(design, coefficients)
    assert curves[0].tolist() == [*range(7), *range(8, 91), 90.5, *range(91, 100)]


def test_score_at_a_percentile_is_the_highest_that_stands_there():
    assert score_at(LADDER, 50).tolist() == [50.5]
    assert growth_percentiles(LADDER, score_at(LADDER, 50)).tolist() == [50]
    assert growth_percentiles(LADDER, score_at(LADDER, 50) + 0.01).tolist() == [51]


def test_moments_of_the_percentile_equal_those_of_drawn_scores():
    scores, errors = np.array([3.0, 50.0, 98.0]), np.array([8.0, 8.0, 8.0])
    mean, square = percentile_moments(np.repeat(LADDER, 3, axis=0), scores, errors)
    drawn = scores + errors * np.random.default_rng(4).normal(size=(100_000, 3))
    placed = np.stack([growth_percentiles(LADDER, drawn[:, i]) for i in range(3)], axis=1)
    assert mean == pytest.approx(placed.mean(axis=0), abs=0.1)
    assert np.sqrt(square - mean**2) == pytest.approx(placed.std(axis=0), abs=0.06)
