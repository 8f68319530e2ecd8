"""Knots and B-splines as R's SGP package sets them."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.growth.errors import GrowthError
from transforms.growth.splines import TERMS_OF_A_PRIOR, design_matrix, knots_of, spline_terms


def test_knots_are_type_7_quantiles_and_boundaries_the_range_stretched_by_a_tenth():
    knots = knots_of(np.array([400.0, 410, 420, 430, 440, 450, 460, 470, 480, 500]))
    # R: quantile(x, c(.2, .4, .6, .8)): position 1 + .2 * 9 = 2.8, so 410 + .8 * 10, and so on
    assert knots.inner == (418.0, 436.0, 454.0, 472.0)
    # the range is 100: 400 - 10 and 500 + 10
    assert knots.boundaries == (390.0, 510.0)
    assert (knots.lowest, knots.highest, knots.n_scores) == (400.0, 500.0, 10)


def test_knots_are_rounded_to_three_digits_as_r_keeps_them():
    knots = knots_of(np.array([0.0, 1, 2, 3, 4, 5, 6, 7.0001]))
    # .2 * 7 = 1.4; the range is 7.0001, a tenth of it .70001
    assert knots.inner[0] == 1.4
    assert knots.boundaries == (-0.7, 7.7)


def test_scores_of_five_values_are_too_few():
    with pytest.raises(GrowthError, match="5 different scores are too few"):
        knots_of(np.array([1.0, 2, 3, 4, 5] * 100))


def test_terms_equal_those_of_an_independent_implementation():
    from formulaic.transforms.basis_spline import basis_spline

    scores = np.random.default_rng(1).normal(500, 40, 300)
    knots = knots_of(scores)
    low, high = knots.boundaries
    other = basis_spline(
        scores,
        knots=list(knots.inner),
        degree=3,
        include_intercept=False,
        lower_bound=low,
        upper_bound=high,
        _state={},
    )
    assert spline_terms(scores, knots) == pytest.approx(np.column_stack(list(other.values())), abs=1e-12)


def test_score_beyond_the_boundaries_continues_the_last_polynomial():
    knots = knots_of(np.arange(100.0))
    inside = np.linspace(knots.inner[3], knots.boundaries[1], 9)
    beyond = knots.boundaries[1] + 7.0
    for term, value in zip(
        spline_terms(inside, knots).T, spline_terms(np.array([beyond]), knots)[0], strict=True
    ):
        cubic = np.polynomial.Polynomial.fit(inside, term, 3)
        assert value == pytest.approx(cubic(beyond), abs=1e-9)


def test_design_has_an_intercept_and_seven_terms_for_each_prior():
    scores = np.random.default_rng(2).normal(size=(50, 2))
    design = design_matrix(scores, [knots_of(scores[:, 0]), knots_of(scores[:, 1])])
    assert design.shape == (50, 1 + 2 * TERMS_OF_A_PRIOR)
    assert (design[:, 0] == 1.0).all()
    assert design[:, 8:] == pytest.approx(spline_terms(scores[:, 1], knots_of(scores[:, 1])))
