"""The wild cluster bootstrap from sums equals one that makes each response row by row and fits it again."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest

from tests.reference.dense_mixed import connection_with, covariance, design, indicators
from tests.reference.dense_robust import bootstrap_dense, school_years, with_dummies
from transforms.estimation.linear.least_squares import fit_least_squares
from transforms.estimation.linear.within import fit_within
from transforms.estimation.mixed.fit import fit_mixed
from transforms.estimation.robust.scores import ClusteredFit
from transforms.estimation.robust.wild_bootstrap import wild_cluster_bootstrap
from transforms.estimation.robust.wild_draws import DrawWeights
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Design, WeightKind
from transforms.estimation.sums.summation import cross_products

COLUMNS = ["x1", "x2"]
CONTRAST = np.array([0.0, 1.0, 0.5])
SIGNS = (-1.0, 1.0)
SIX_POINTS = tuple(sign * size**0.5 for sign in SIGNS for size in (0.5, 1.0, 1.5))


def sums_of(
    frame: pd.DataFrame, groups: list[str], weight: str | None = None, kind: WeightKind = "frequency"
) -> CrossProducts:
    made = Design.of_columns("y", COLUMNS, groups, weight=weight, weight_kind=kind)
    return cross_products(connection_with(frame), "frame", made)


def assert_same_draws(
    frame: pd.DataFrame,
    sums: CrossProducts,
    fit: ClusteredFit,
    x: np.ndarray,
    v: np.ndarray,
    contrast: np.ndarray,
    weights: DrawWeights = "rademacher",
) -> None:
    points = SIGNS if weights == "rademacher" else SIX_POINTS
    found = wild_cluster_bootstrap(sums, fit, contrast[: len(fit.names)], seed=1, null=0.3, weights=weights)
    draws = np.array(list(product(points, repeat=found.n_clusters))).T
    expected = bootstrap_dense(x, frame["y"].to_numpy(), v, frame["school"].to_numpy(), contrast, 0.3, draws)
    assert found.is_enumerated
    # The residuals of both are of the rounding of y, 1e-13 of 650, times the spread of the columns.
    np.testing.assert_allclose(np.sort(found.draws), np.sort(expected), rtol=1e-8, atol=1e-8)
    own = bootstrap_dense(
        x, frame["y"].to_numpy(), v, frame["school"].to_numpy(), contrast, 0.3, np.ones((found.n_clusters, 1))
    )
    assert found.statistic == pytest.approx(own[0], rel=1e-8)
    share = np.mean(np.abs(expected) >= abs(own[0]) * (1 - 1e-8))
    assert found.p_value == share


def test_ordinary_least_squares() -> None:
    frame = school_years(1)
    sums = sums_of(frame, ["school"])
    assert_same_draws(
        frame, sums, fit_least_squares(sums), design(frame, COLUMNS), np.eye(len(frame)), CONTRAST
    )


def test_webb_points() -> None:
    frame = school_years(2, schools=5)
    sums = sums_of(frame, ["school"])
    fit, x = fit_least_squares(sums), design(frame, COLUMNS)
    assert_same_draws(frame, sums, fit, x, np.eye(len(frame)), CONTRAST, "webb")


def test_precision_weights() -> None:
    frame = school_years(3)
    sums = sums_of(frame, ["school"], "weight", "precision")
    v = np.diag(1.0 / frame["weight"].to_numpy())
    assert_same_draws(frame, sums, fit_least_squares(sums), design(frame, COLUMNS), v, CONTRAST)


def test_absorbed_factor_nested_in_the_clusters() -> None:
    frame = school_years(4)
    sums = sums_of(frame, ["teacher", "school"])
    x = with_dummies(frame, COLUMNS, ["teacher"])
    contrast = np.zeros(x.shape[1])
    contrast[:2] = 1.0, 0.5
    assert_same_draws(frame, sums, fit_within(sums, "teacher"), x, np.eye(len(frame)), contrast)


def test_mixed_model_at_its_fitted_ratios() -> None:
    frame = school_years(5)
    sums = sums_of(frame, ["teacher", "school"])
    fit = fit_mixed(sums)
    v = covariance(fit.theta, indicators(frame, ["teacher", "school"]))
    assert_same_draws(frame, sums, fit, design(frame, COLUMNS), v, CONTRAST)


def test_limits_are_the_hypotheses_at_which_p_crosses_the_level() -> None:
    frame = school_years(6, schools=9)
    sums = sums_of(frame, ["school"])
    fit = fit_least_squares(sums)
    found = wild_cluster_bootstrap(sums, fit, "x1", seed=1, level=0.9)
    for limit, outwards in ((found.conf_low, -1.0), (found.conf_high, 1.0)):
        inside, outside = (
            wild_cluster_bootstrap(sums, fit, "x1", seed=1, null=limit + side * outwards * 1e-6).p_value
            for side in (-1.0, 1.0)
        )
        assert outside <= 0.1 < inside
    assert found.conf_low < found.estimate < found.conf_high


def test_size_is_near_nominal_where_the_normal_distribution_rejects_too_often() -> None:
    # 10 schools of which 4 have the programme; the effect is 0, so 5 % of the tests are to reject.
    sums = sums_of(school_years(7, schools=10).assign(x2=lambda data: data["school"] < "s4"), ["school"])
    rng = np.random.default_rng(8)
    rejections = []
    for _ in range(400):
        drawn = _with_response(sums, rng)
        found = wild_cluster_bootstrap(
            drawn, fit_least_squares(drawn), "x2", seed=int(rng.integers(2**31)), n_draws=199
        )
        rejections.append((found.p_value <= 0.05, abs(found.statistic) > 1.96))
    wild, normal = np.mean(rejections, axis=0)
    # 4 standard errors of a share of .05 in 400 are .044
    assert 0.006 < wild < 0.094
    assert normal > 0.094


def _with_response(sums: CrossProducts, rng: np.random.Generator) -> CrossProducts:
    """The same X with a response of school effects and noise, both normal with variance 1."""
    products = sums.products.copy()
    for product_ in products:
        values, vectors = np.linalg.eigh(product_[:-1, :-1])
        root = vectors * np.sqrt(values.clip(0.0))
        product_[:-1, -1] = product_[-1, :-1] = (
            root @ rng.normal(size=len(root)) + product_[:-1, 0] * rng.normal()
        )
        # Enough that the products are those of rows; t statistics do not use it.
        product_[-1, -1] = 1e3 * product_[0, 0]
    totals = sums.sums.copy()
    totals[:, -1] = products[:, 0, -1]
    return replace(sums, products=products, sums=totals)
