from __future__ import annotations

import numpy as np
import pytest

from tests.reference.dense_mixed import connection_with, nested_frame
from tests.unit.estimation.frames import frame
from transforms.estimation.criterion import profile
from transforms.estimation.design import Design
from transforms.estimation.errors import (
    EstimationError,
    NotConvergedError,
    NotIdentifiedError,
    RankDeficientError,
)
from transforms.estimation.mixed import fit_mixed
from transforms.estimation.robust import cluster_robust
from transforms.estimation.summation import cross_products

LEVELS = ["teacher_year", "teacher", "school"]


@pytest.mark.parametrize("is_reml", [True, False], ids=["reml", "ml"])
@pytest.mark.parametrize("theta", [(0.3, 0.2, 0.5), (0.0, 0.7, 0.1), (4.0, 0.0, 0.02)])
def test_gradient_equals_finite_differences(theta: tuple[float, ...], is_reml: bool) -> None:
    sums = cross_products(
        connection_with(nested_frame(seed=1)), "frame", Design.of_columns("y", ["x1", "x2"], LEVELS)
    )
    at = np.array(theta)
    gradient = profile(sums, at, is_reml=is_reml).gradient
    for k in range(3):
        step = np.zeros(3)
        step[k] = 1e-5
        ahead, behind = (profile(sums, at + s, is_reml=is_reml).deviance for s in (step, -step))
        # the error of a central difference: about step^2 and rounding / step
        assert gradient[k] == pytest.approx((ahead - behind) / 2e-5, rel=1e-6, abs=1e-6)


def test_order_of_rows_is_irrelevant() -> None:
    data = nested_frame(seed=2)
    given = fit_mixed(cross_products(connection_with(data), "frame", Design.of_columns("y", ["x1"], LEVELS)))
    shuffled = data.sample(frac=1.0, random_state=3)
    other = fit_mixed(
        cross_products(connection_with(shuffled), "frame", Design.of_columns("y", ["x1"], LEVELS))
    )
    np.testing.assert_allclose(other.params, given.params, rtol=1e-9)
    np.testing.assert_allclose(other.theta, given.theta, rtol=1e-6, atol=1e-12)


def test_split_by_cluster_equals_columns_made_from_the_rows() -> None:
    data = nested_frame(seed=3)
    groups = ["teacher", "school"]
    split = cross_products(
        connection_with(data), "frame", Design.of_columns("y", ["x2", "x1"], groups)
    ).split_by_cluster(["x1"])
    data["between"] = data.groupby("school")["x1"].transform("mean")
    data["within"] = data["x1"] - data["between"]
    made = cross_products(
        connection_with(data), "frame", Design.of_columns("y", ["x2", "within", "between"], groups)
    )
    first, second = fit_mixed(split), fit_mixed(made)
    assert first.names == ("intercept", "x2", "x1:within", "x1:between")
    np.testing.assert_allclose(first.params, second.params, rtol=1e-9)
    np.testing.assert_allclose(first.cov_params, second.cov_params, rtol=1e-7, atol=1e-12)
    robust, made_robust = cluster_robust(split, first), cluster_robust(made, second)
    np.testing.assert_allclose(robust.std_errors, made_robust.std_errors, rtol=1e-7)
    np.testing.assert_allclose(robust.df, made_robust.df, rtol=1e-7)


def test_redundant_column_is_named_with_what_determines_it() -> None:
    data = nested_frame(seed=4)
    data["twice"] = 2 * data["x1"] - data["x2"] + 3
    data["one"] = 7.0
    sums = cross_products(
        connection_with(data), "frame", Design.of_columns("y", ["x1", "one", "x2", "twice"], ["school"])
    )
    with pytest.raises(
        RankDeficientError, match=r"one \(constant\); twice \(determined by x1, x2\)"
    ) as caught:
        fit_mixed(sums)
    assert caught.value.columns == ("one", "twice")


def test_levels_with_the_same_groups_are_named() -> None:
    data = nested_frame(seed=5, years=1)
    sums = cross_products(connection_with(data), "frame", Design.of_columns("y", ["x1"], LEVELS))
    with pytest.raises(NotIdentifiedError, match="teacher_year and teacher have the same"):
        fit_mixed(sums)


def test_level_of_single_rows_is_named() -> None:
    data = nested_frame(seed=6)
    data["row"] = [f"r{i}" for i in range(len(data))]
    sums = cross_products(connection_with(data), "frame", Design.of_columns("y", ["x1"], ["row", "school"]))
    with pytest.raises(NotIdentifiedError, match="each row has one row"):
        fit_mixed(sums)


def test_response_that_the_columns_fit_exactly_has_no_estimate() -> None:
    data = nested_frame(seed=7)
    data["y"] = 2 + 3 * data["x1"]
    sums = cross_products(connection_with(data), "frame", Design.of_columns("y", ["x1"], ["school"]))
    with pytest.raises(NotConvergedError, match="fit the response exactly"):
        fit_mixed(sums)


def test_balanced_one_way_layout_has_the_analysis_of_variance_estimates() -> None:
    rows = [("a", 1.0), ("a", 3.0), ("b", 4.0), ("b", 6.0), ("c", 10.0), ("c", 12.0)]
    fit = fit_mixed(
        cross_products(frame("school text, y double", rows), "frame", Design.of_columns("y", [], ["school"]))
    )
    # within: each pair is 2 apart, SS = 3 x 2, MS = 6 / 3 = 2
    # between: means 2, 5, 11 about 6, SS = 2 (16 + 1 + 25) = 84, MS = 42; variance (42 - 2) / 2 = 20
    assert fit.sigma2 == pytest.approx(2.0, rel=1e-9)
    assert fit.components[0].variance == pytest.approx(20.0, rel=1e-7)
    assert fit.std_errors[0] == pytest.approx((42 / 6) ** 0.5, rel=1e-7)


def test_one_cluster_has_no_robust_standard_error() -> None:
    data = nested_frame(seed=8)
    data["district"] = "d"
    sums = cross_products(
        connection_with(data), "frame", Design.of_columns("y", ["x1"], ["school", "district"])
    )
    one = cross_products(connection_with(data), "frame", Design.of_columns("y", ["x1"], ["school"]))
    with pytest.raises(EstimationError, match="at least 2 clusters"):
        cluster_robust(sums, fit_mixed(one))
