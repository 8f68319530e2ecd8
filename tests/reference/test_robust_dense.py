"""Cluster-robust errors from sums equal those of n x n matrices."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.reference.dense_mixed import (
    connection_with,
    covariance,
    design,
    indicators,
    nested_frame,
    robust_dense,
)
from tests.reference.dense_robust import school_years, with_dummies
from transforms.estimation.linear.least_squares import fit_least_squares
from transforms.estimation.linear.within import fit_within, with_factor
from transforms.estimation.mixed.fit import fit_mixed
from transforms.estimation.robust.one_way import Correction, cluster_robust
from transforms.estimation.robust.scores import ClusteredFit
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Design, WeightKind
from transforms.estimation.sums.summation import cross_products

LEVELS = {1: ["school"], 2: ["teacher", "school"], 3: ["teacher_year", "teacher", "school"]}
COLUMNS = ["x1", "x2"]
CORRECTIONS: tuple[Correction, ...] = ("CR0", "CR1", "CR2")
# Both sides lose the digits of a Cholesky factor and an eigen-decomposition, some 1e-12 of the largest entry.
RELATIVE = 1e-8


def sums_of(
    frame: pd.DataFrame, groups: list[str], weight: str | None = None, kind: WeightKind = "frequency"
) -> CrossProducts:
    made = Design.of_columns("y", COLUMNS, groups, weight=weight, weight_kind=kind)
    return cross_products(connection_with(frame), "frame", made)


def assert_equals_dense(
    sums: CrossProducts,
    fit: ClusteredFit,
    correction: Correction,
    dense: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    """``dense`` are X, y, V and the clusters; X may have columns after those of the fit."""
    robust = cluster_robust(sums, fit, correction)
    expected, df = robust_dense(*dense, correction)
    p, scale = len(fit.names), np.sqrt(np.diag(expected))[: len(fit.names)]
    off = (robust.cov_params - expected[:p, :p]) / np.outer(scale, scale)
    np.testing.assert_allclose(off, 0.0, atol=RELATIVE)
    np.testing.assert_allclose(robust.params, fit.params, rtol=1e-8)
    if correction == "CR2":
        np.testing.assert_allclose(robust.df, df[:p], rtol=RELATIVE)
    else:
        assert robust.df.tolist() == [robust.n_clusters - 1.0] * p


@pytest.mark.parametrize("correction", CORRECTIONS)
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_mixed_model(depth: int, correction: Correction) -> None:
    frame, groups = nested_frame(seed=20 + depth), LEVELS[depth]
    sums = sums_of(frame, groups)
    fit = fit_mixed(sums)
    v = covariance(fit.theta, indicators(frame, groups))
    dense = design(frame, COLUMNS), frame["y"].to_numpy(), v, frame["school"].to_numpy()
    assert_equals_dense(sums, fit, correction, dense)


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_ordinary_least_squares(correction: Correction) -> None:
    frame = nested_frame(seed=30)
    sums = sums_of(frame, ["school"])
    dense = design(frame, COLUMNS), frame["y"].to_numpy(), np.eye(len(frame)), frame["school"].to_numpy()
    assert_equals_dense(sums, fit_least_squares(sums), correction, dense)


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_precision_weights_are_a_working_variance_of_one_over_the_weight(correction: Correction) -> None:
    frame = school_years(seed=31)
    sums = sums_of(frame, ["teacher", "school"], "weight", "precision")
    v = np.diag(1.0 / frame["weight"].to_numpy())
    dense = design(frame, COLUMNS), frame["y"].to_numpy(), v, frame["school"].to_numpy()
    assert_equals_dense(sums, fit_least_squares(sums), correction, dense)


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_frequency_weights_are_that_many_rows(correction: Correction) -> None:
    frame = school_years(seed=32)
    sums = sums_of(frame, ["school"], "copies")
    rows = frame.loc[frame.index.repeat(frame["copies"])]
    dense = design(rows, COLUMNS), rows["y"].to_numpy(), np.eye(len(rows)), rows["school"].to_numpy()
    assert_equals_dense(sums, fit_least_squares(sums), correction, dense)


@pytest.mark.parametrize("correction", CORRECTIONS)
@pytest.mark.parametrize("weight", [None, "weight"])
def test_absorbed_factor_nested_in_clusters_equals_a_column_for_each_level(
    weight: str | None, correction: Correction
) -> None:
    frame = school_years(seed=33)
    sums = sums_of(frame, ["teacher", "school"], weight, "precision" if weight else "frequency")
    v = np.diag(1.0 / frame[weight].to_numpy()) if weight else np.eye(len(frame))
    x = with_dummies(frame, COLUMNS, ["teacher"])
    dense = x, frame["y"].to_numpy(), v, frame["school"].to_numpy()
    assert_equals_dense(sums, fit_within(sums, "teacher"), correction, dense)


@pytest.mark.parametrize("correction", ["CR0", "CR1"])
def test_absorbed_factor_that_crosses_clusters(correction: Correction) -> None:
    frame = school_years(seed=34)
    sums = sums_of(frame, ["school_year", "school"])
    x = with_dummies(frame, COLUMNS, ["school_year"])
    dense = x, frame["y"].to_numpy(), np.eye(len(frame)), frame["school"].to_numpy()
    assert_equals_dense(sums, fit_within(sums, "school_year"), correction, dense)


def test_factor_that_crosses_clusters_has_cr2_as_columns() -> None:
    frame = school_years(seed=35)
    sums = with_factor(sums_of(frame, ["school_year", "school"]), "school_year")
    fit = fit_least_squares(sums)
    years = pd.get_dummies(frame["school_year"], drop_first=True, dtype=float).to_numpy()
    x = np.column_stack([design(frame, COLUMNS), years])
    dense = x, frame["y"].to_numpy(), np.eye(len(frame)), frame["school"].to_numpy()
    assert_equals_dense(sums, fit, "CR2", dense)


def test_contrast_has_the_df_of_the_coefficient_that_it_is_in_other_columns() -> None:
    frame = school_years(seed=36)
    sums = sums_of(frame, ["teacher", "school"], "weight", "precision")
    robust = cluster_robust(sums, fit_least_squares(sums), "CR2")
    contrasts = np.array([[1.0, 50.0, 10.0], [0.0, 1.0, -1.0], [0.0, 0.3, 2.0]])
    x, v = design(frame, COLUMNS), np.diag(1.0 / frame["weight"].to_numpy())
    # With X = Z C and gamma = C beta, coefficient k of Z is contrast k of beta.
    z = x @ np.linalg.inv(contrasts)
    expected, df = robust_dense(z, frame["y"].to_numpy(), v, frame["school"].to_numpy(), "CR2")
    np.testing.assert_allclose(robust.df_for(contrasts), df, rtol=RELATIVE)
    np.testing.assert_allclose(contrasts @ robust.cov_params @ contrasts.T, expected, rtol=1e-7)
    np.testing.assert_array_equal(robust.df_for(np.eye(3)), robust.df)


def test_column_that_one_school_alone_determines_uses_the_pseudo_inverse() -> None:
    frame = nested_frame(seed=31)
    frame["x2"] = (frame["school"] == "s0").astype(float)
    sums = sums_of(frame, ["teacher", "school"])
    fit = fit_mixed(sums)
    v = covariance(fit.theta, indicators(frame, ["teacher", "school"]))
    dense = design(frame, COLUMNS), frame["y"].to_numpy(), v, frame["school"].to_numpy()
    assert_equals_dense(sums, fit, "CR2", dense)


def test_without_an_intercept() -> None:
    frame = school_years(seed=37)
    terms = Design.of_columns("y", COLUMNS, ["school"]).terms
    made = Design(type(terms)(terms.response, terms.columns, has_intercept=False), ("school",))
    sums = cross_products(connection_with(frame), "frame", made)
    x = frame[COLUMNS].to_numpy()
    dense = x, frame["y"].to_numpy(), np.eye(len(frame)), frame["school"].to_numpy()
    assert_equals_dense(sums, fit_least_squares(sums), "CR2", dense)
