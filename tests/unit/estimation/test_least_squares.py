from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tests.unit.estimation.frames import frame
from transforms.estimation.errors import EstimationError, RankDeficientError
from transforms.estimation.linear.least_squares import (
    ExactFitError,
    TooFewObservationsError,
    fit_least_squares,
)
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Design, Terms, WeightKind
from transforms.estimation.sums.summation import cross_products

COLUMNS = "school text, weight double, x double, z double, y double"
# school, weight, x, z, y
ROWS = [("a", 1.0, 1.0, 0.0, 1.0), ("a", 2.0, 2.0, 1.0, 2.0), ("b", 1.0, 3.0, 0.0, 4.0)]


def sums_of(
    rows: Sequence[tuple[object, ...]],
    columns: list[str],
    *,
    weight: str | None = None,
    weight_kind: WeightKind = "frequency",
    has_intercept: bool = True,
) -> CrossProducts:
    terms = Terms.of_columns("y", columns)
    terms = Terms(terms.response, terms.columns, has_intercept)
    design = Design(terms, ("school",), weight, weight_kind=weight_kind)
    return cross_products(frame(COLUMNS, rows), "frame", design)


def test_line_through_three_points() -> None:
    fit = fit_least_squares(sums_of(ROWS, ["x"]))
    # x about 2: -1 0 1; slope = (-1 + 4) / 2 = 1.5; intercept = 7/3 - 1.5 x 2 = -2/3
    np.testing.assert_allclose(fit.params, [-2 / 3, 1.5], rtol=1e-14)
    # residuals 1/6 -2/6 1/6: squares 6/36; df 3 - 2
    assert fit.sigma2 == pytest.approx(1 / 6, rel=1e-13)
    assert fit.df_resid == 1.0
    assert fit.cov_params[1, 1] == pytest.approx((1 / 6) / 2, rel=1e-13)
    # squares of y about 7/3: 14/3
    assert fit.r_squared == pytest.approx(1 - (1 / 6) / (14 / 3), rel=1e-14)
    # -n/2 (log(2 pi rss / n) + 1)
    assert fit.log_likelihood == pytest.approx(-1.5 * (np.log(2 * np.pi / 18) + 1), rel=1e-13)
    assert (fit.method, fit.response, fit.names) == ("OLS", "y", ("intercept", "x"))


def test_frequency_weight_of_two_equals_the_row_twice() -> None:
    weighted = fit_least_squares(sums_of(ROWS, ["x"], weight="weight"))
    repeated = fit_least_squares(sums_of([*ROWS, ROWS[1]], ["x"]))
    np.testing.assert_allclose(weighted.params, repeated.params, rtol=1e-13)
    np.testing.assert_allclose(weighted.cov_params, repeated.cov_params, rtol=1e-13)
    assert weighted.log_likelihood == pytest.approx(repeated.log_likelihood, rel=1e-13)
    assert (weighted.n_observations, weighted.n_rows, weighted.df_resid) == (4.0, 3, 2.0)
    assert (weighted.method, weighted.details()["Weights"]) == ("WLS", "weight (frequency)")


def test_precision_weight_keeps_a_row_one_observation() -> None:
    frequency = fit_least_squares(sums_of(ROWS, ["x"], weight="weight"))
    precision = fit_least_squares(sums_of(ROWS, ["x"], weight="weight", weight_kind="precision"))
    np.testing.assert_array_equal(precision.params, frequency.params)
    assert precision.df_resid == 1.0  # 3 rows - 2
    assert precision.sigma2 == pytest.approx(2 * frequency.sigma2, rel=1e-14)  # over 1, not over 4 - 2


def test_precision_weights_leave_the_likelihood_unknown_and_say_so() -> None:
    fit = fit_least_squares(sums_of(ROWS, ["x"], weight="weight", weight_kind="precision"))
    assert fit.log_likelihood is None
    assert fit.details()["Log-Likelihood"] == "unknown with precision weights"


def test_without_a_constant_r_squared_is_about_zero() -> None:
    fit = fit_least_squares(sums_of(ROWS, ["x"], has_intercept=False))
    # slope = (1 + 4 + 12) / 14; squares of y 21, of the residual 21 - 17^2 / 14
    assert fit.names == ("x",)
    np.testing.assert_allclose(fit.params, [17 / 14], rtol=1e-14)
    assert fit.r_squared == pytest.approx(17**2 / 14 / 21, rel=1e-13)


def test_dummies_that_add_up_to_one_are_a_constant() -> None:
    rows = [("a", 1.0, 1.0, 0.0, 1.0), ("a", 1.0, 1.0, 0.0, 3.0), ("b", 1.0, 0.0, 1.0, 5.0)]
    fit = fit_least_squares(sums_of(rows, ["x", "z"], has_intercept=False))
    np.testing.assert_allclose(fit.params, [2.0, 5.0], rtol=1e-14)
    # residuals -1 1 0; y about 3: -2 0 2
    assert fit.r_squared == pytest.approx(1 - 2 / 8, rel=1e-14)


def test_large_means_lose_no_digits() -> None:
    rng = np.random.default_rng(1)
    rows = [("a", 1.0, x, z, x - z + e) for x, z, e in np.round(rng.normal(size=(40, 3)), 6).tolist()]
    moved = [(school, w, x + 2.0**20, z, y + 2.0**20) for school, w, x, z, y in rows]
    plain, far = (fit_least_squares(sums_of(data, ["x", "z"])) for data in (rows, moved))
    # 2^20 costs 6 of the 16 digits of each value, before any sum
    np.testing.assert_allclose(far.params[1:], plain.params[1:], rtol=1e-9)
    np.testing.assert_allclose(far.std_errors[1:], plain.std_errors[1:], rtol=1e-9)


def test_every_contrast_has_the_residual_degrees_of_freedom() -> None:
    fit = fit_least_squares(sums_of(ROWS, ["x"]))
    assert fit.df_for(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]])).tolist() == [1.0, 1.0, 1.0]


def test_precisions_are_the_products_by_cluster() -> None:
    sums = sums_of(ROWS, ["x"], weight="weight")
    assert fit_least_squares(sums).precisions(sums) is sums.products


def test_column_that_repeats_another_is_named() -> None:
    rows = [(school, w, x, 3 * x + 650, y) for school, w, x, _, y in ROWS]
    with pytest.raises(RankDeficientError, match=r"z \(determined by x\)"):
        fit_least_squares(sums_of(rows, ["x", "z"]))


def test_as_many_coefficients_as_observations_is_an_error() -> None:
    with pytest.raises(TooFewObservationsError, match="3 observations are too few for 3 coefficients"):
        fit_least_squares(sums_of(ROWS, ["x", "z"]))


@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_exact_fit_is_an_error(offset: float) -> None:
    rows = [("a", 1.0, float(i), 0.0, offset + 0.1 * i) for i in range(9)]
    with pytest.raises(ExactFitError, match="residual of y is lost in rounding"):
        fit_least_squares(sums_of(rows, ["x"]))


def test_small_residual_variance_is_not_an_exact_fit() -> None:
    rows = [("a", 1.0, float(i), 0.0, 0.1 * i + (-1) ** i * 1e-5) for i in range(9)]
    fit = fit_least_squares(sums_of(rows, ["x"]))
    # alternating signs are all but orthogonal to the line: 9 squares of 1e-5 less their mean's, over 7
    assert fit.sigma2 == pytest.approx((9 - 1 / 9) * 1e-10 / 7, rel=1e-3)


def test_model_without_columns_is_an_error() -> None:
    with pytest.raises(EstimationError, match="the model has no columns"):
        fit_least_squares(sums_of(ROWS, [], has_intercept=False))
