"""Cluster-robust errors from sums equal those of n x n matrices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.reference.dense_mixed import (
    connection_with,
    covariance,
    design,
    indicators,
    nested_frame,
    robust_dense,
)
from transforms.estimation.design import Design
from transforms.estimation.mixed import fit_mixed
from transforms.estimation.robust import Correction, cluster_robust
from transforms.estimation.summation import cross_products

LEVELS = {1: ["school"], 2: ["teacher", "school"], 3: ["teacher_year", "teacher", "school"]}


@pytest.mark.parametrize("correction", ["CR0", "CR1", "CR2"])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_covariance_and_df_equal_dense_algebra(depth: int, correction: Correction) -> None:
    frame, groups = nested_frame(seed=20 + depth), LEVELS[depth]
    sums = cross_products(connection_with(frame), "frame", Design.of_columns("y", ["x1", "x2"], groups))
    fit = fit_mixed(sums)
    robust = cluster_robust(sums, fit, correction)
    x, y = design(frame, ["x1", "x2"]), frame["y"].to_numpy()
    v = covariance(fit.theta, indicators(frame, groups))
    expected, df = robust_dense(x, y, v, frame["school"].to_numpy(), correction)
    np.testing.assert_allclose(robust.cov_params, expected, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(robust.params, fit.params, rtol=1e-9)
    if correction == "CR2":
        np.testing.assert_allclose(robust.df, df, rtol=1e-8)
    else:
        assert robust.df.tolist() == [7.0, 7.0, 7.0]  # 8 schools - 1


def test_ratio_of_zero_is_ordinary_least_squares_with_clusters() -> None:
    frame = nested_frame(seed=30)
    sums = cross_products(connection_with(frame), "frame", Design.of_columns("y", ["x1", "x2"], ["school"]))
    robust = cluster_robust(sums, replace(fit_mixed(sums), theta=np.zeros(1)), "CR2")
    x, y = design(frame, ["x1", "x2"]), frame["y"].to_numpy()
    expected, df = robust_dense(x, y, np.eye(len(y)), frame["school"].to_numpy(), "CR2")
    np.testing.assert_allclose(robust.params, np.linalg.lstsq(x, y, rcond=None)[0], rtol=1e-10)
    np.testing.assert_allclose(robust.cov_params, expected, rtol=1e-8)
    np.testing.assert_allclose(robust.df, df, rtol=1e-8)


def test_column_that_one_school_alone_determines_uses_the_pseudo_inverse() -> None:
    frame = nested_frame(seed=31)
    frame["is_first"] = (frame["school"] == "s0").astype(float)
    sums = cross_products(
        connection_with(frame), "frame", Design.of_columns("y", ["x1", "is_first"], ["teacher", "school"])
    )
    fit = fit_mixed(sums)
    robust = cluster_robust(sums, fit, "CR2")
    x, y = design(frame, ["x1", "is_first"]), frame["y"].to_numpy()
    v = covariance(fit.theta, indicators(frame, ["teacher", "school"]))
    expected, df = robust_dense(x, y, v, frame["school"].to_numpy(), "CR2")
    np.testing.assert_allclose(robust.cov_params, expected, rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(robust.df, df, rtol=1e-7)
