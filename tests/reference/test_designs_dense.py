"""1,200 generated designs: what comes from sums is what comes from the rows, with every matrix written out.

The dense side takes the columns about constants near their means, so that its own rounding stays small, and
never uses normal equations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from transforms.estimation.errors import RankDeficientError
from transforms.estimation.linear.least_squares import LeastSquaresFit, fit_least_squares
from transforms.estimation.linear.solve import inverse
from transforms.estimation.linear.within import fit_within
from transforms.estimation.mixed.nested import cluster_precisions, reduce_levels, tree
from transforms.estimation.robust.one_way import Correction, cluster_robust
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Design, WeightKind
from transforms.estimation.sums.summation import cross_products

# Sums over fewer than 100 rows, and the solution of fewer than 10 equations: some 100 roundings.
_ROUNDING = 1e-14
# Below it the leverage of a cluster is 1 or nearly so, and its correction divides rounding by a small number.
_FREE_SHARE = 1e-3


@dataclass(frozen=True)
class Rows:
    """A design row by row: ``x`` (n, p) about ``centres`` (p), ``y`` (n), teachers who may cross schools."""

    x: np.ndarray
    centres: np.ndarray
    y: np.ndarray
    weights: np.ndarray
    school: np.ndarray
    teacher: np.ndarray
    weight_kind: WeightKind | None
    has_intercept: bool

    @property
    def names(self) -> list[str]:
        return [f"x{j}" for j in range(self.x.shape[1])]

    @property
    def matrix(self) -> np.ndarray:
        """The columns of the model about ``centres``."""
        return np.column_stack([np.ones(len(self.x)), self.x]) if self.has_intercept else self.x

    @property
    def n_observations(self) -> float:
        return float(self.weights.sum()) if self.weight_kind == "frequency" else float(len(self.y))

    @cached_property
    def undo(self) -> np.ndarray:
        """Coefficients of the columns about 0 from those about ``centres`` (p, p)."""
        undo = np.eye(self.matrix.shape[1])
        if self.has_intercept:
            undo[0, 1:] = -self.centres
        return undo


def made(
    seed: int,
    n_schools: int,
    n_teachers: int,
    n_columns: int,
    mean_power: int,
    collinearity: int,
    weight_kind: WeightKind | None,
    has_intercept: bool,
) -> Rows:
    """9 to 95 rows. Columns have means of up to 10^``mean_power`` of their spread; where ``collinearity`` is
    above 0, the last column is the sum of the others but for 10^-collinearity of its spread."""
    rng: Any = np.random.default_rng(seed)
    n = int(rng.integers(3 * n_schools, 13 * n_schools))
    school, teacher = rng.integers(n_schools, size=n), rng.integers(n_teachers, size=n)
    x = rng.normal(size=(n, n_columns)) + 0.5 * rng.normal(size=(n_schools, n_columns))[school]
    if collinearity and n_columns > 1:
        x[:, -1] = x[:, :-1].sum(axis=1) + 10.0**-collinearity * rng.normal(size=n)
    scale = 10.0 ** rng.integers(-2, 3, size=n_columns)
    centres = np.round(10.0**mean_power * rng.uniform(-1, 1, size=n_columns) * scale)
    x = (centres + x * scale) - centres  # as the doubles about the mean have it
    y = x @ (rng.normal(size=n_columns) / scale) + rng.normal(size=n) + rng.normal(size=n_schools)[school]
    weights = np.ones(n)
    if weight_kind == "frequency":
        weights = rng.integers(1, 4, size=n).astype(float)
    elif weight_kind == "precision":
        weights = rng.uniform(0.1, 5.0, size=n)
    if not has_intercept:
        x, centres = x + centres, np.zeros(n_columns)
    return Rows(x, centres, y, weights, school, teacher, weight_kind, has_intercept)


def designs(max_columns: int = 5, n_schools: tuple[int, int] = (3, 7)) -> st.SearchStrategy[Rows]:
    common: dict[str, Any] = {
        "seed": st.integers(0, 2**32 - 1),
        "n_schools": st.integers(*n_schools),
        "n_teachers": st.integers(1, 5),
        "n_columns": st.integers(1, max_columns),
        "collinearity": st.sampled_from([0, 0, 1, 2, 3]),
        "weight_kind": st.sampled_from([None, "frequency", "precision"]),
    }
    # Without an intercept no shift takes a mean up: it stays in the condition number.
    return st.one_of(
        st.builds(made, mean_power=st.integers(0, 6), has_intercept=st.just(True), **common),
        st.builds(made, mean_power=st.integers(0, 1), has_intercept=st.just(False), **common),
    )


def examples(number: int) -> settings:
    return settings(max_examples=number, derandomize=True, deadline=None, database=None)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("set threads = 1")
        yield opened


def summed(connection: duckdb.DuckDBPyConnection, rows: Rows, groups: list[str]) -> CrossProducts:
    columns = {name: rows.x[:, j] + rows.centres[j] for j, name in enumerate(rows.names)}
    ids = {"school": rows.school, "teacher": rows.teacher, "pair": rows.school * 2 + rows.teacher % 2}
    table = pa.table({**columns, **ids, "y": rows.y, "w": rows.weights})
    design = Design.of_columns(
        "y",
        rows.names,
        groups,
        weight=rows.weight_kind and "w",
        weight_kind=rows.weight_kind or "frequency",
    )
    design = replace(design, terms=replace(design.terms, has_intercept=rows.has_intercept))
    connection.register("given", table)
    try:
        return cross_products(connection, "given", design)
    finally:
        connection.unregister("given")


def allowance(sums: CrossProducts) -> float:
    """Share that normal equations lose: rounding times the squared condition number (Golub and Van Loan)."""
    return _ROUNDING * max(sums.condition_number() ** 2, 1e3)


def assert_close(found: np.ndarray, expected: np.ndarray, size: np.ndarray, share: float) -> None:
    assert np.all(np.abs(found - expected) <= share * size), (found, expected, share)


def assert_same_covariance(found: np.ndarray, expected: np.ndarray, share: float) -> None:
    deviation = np.sqrt(np.diag(expected))
    assert_close(found, expected, np.outer(deviation, deviation), share)


def fitted(sums: CrossProducts, rows: Rows) -> LeastSquaresFit:
    """The fit, or an example that is left out because it has no fit, for a reason seen in the rows."""
    n, p = rows.matrix.shape
    assume(n > p + 2)
    try:
        return fit_least_squares(sums)
    except RankDeficientError:
        scaled = rows.matrix / np.linalg.norm(rows.matrix, axis=0)
        assert np.linalg.cond(scaled) > 1e4
        assume(False)
        raise


@given(rows=designs())
@examples(400)
def test_least_squares(connection: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    sums = summed(connection, rows, ["school"])
    fit = fitted(sums, rows)
    root = np.sqrt(rows.weights)
    q, r = np.linalg.qr(root[:, None] * rows.matrix)
    params = np.linalg.solve(r, q.T @ (root * rows.y))
    residual = root * rows.y - q @ (q.T @ (root * rows.y))
    df = rows.n_observations - rows.matrix.shape[1]
    sigma2 = residual @ residual / df
    inverse_r = np.linalg.inv(r)
    covariance = sigma2 * rows.undo @ inverse_r @ inverse_r.T @ rows.undo.T
    share = allowance(sums)
    assert fit.df_resid == df
    assert abs(fit.sigma2 - sigma2) <= share * sigma2
    assert_same_covariance(fit.cov_params, covariance, share)
    expected = rows.undo @ params
    size = np.abs(rows.undo) @ np.abs(params) + np.sqrt(np.diag(covariance))
    assert_close(fit.params, expected, size, share)


def robust_dense(rows: Rows, correction: Correction) -> tuple[np.ndarray, np.ndarray, float]:
    """Covariance (p, p), Satterthwaite df (p), and the smallest 1 - leverage of a cluster."""
    root = np.sqrt(rows.weights)
    q, r = np.linalg.qr(root[:, None] * rows.matrix)
    # Row j of ``along`` times q' is the estimate of coefficient j from whitened responses.
    along = rows.undo @ np.linalg.inv(r)
    annihilator = np.eye(len(q)) - q @ q.T
    residual = annihilator @ (root * rows.y)
    smallest, scores, columns = 1.0, [], []
    for g in np.unique(rows.school):
        members = rows.school == g
        values, vectors = np.linalg.eigh(annihilator[np.ix_(members, members)])
        smallest = min(smallest, float(values.min()))
        power = np.maximum(values, 1e-12) ** -0.5 if correction == "CR2" else np.ones(len(values))
        adjusted = (vectors * power) @ vectors.T @ q[members]
        scores.append(along @ adjusted.T @ residual[members])
        columns.append(annihilator[:, members] @ adjusted @ along.T)
    n_clusters = len(scores)
    factor = n_clusters / (n_clusters - 1) if correction == "CR1" else 1.0
    df = np.full(len(along), n_clusters - 1.0)
    if correction == "CR2":
        grams = [gram.T @ gram for gram in np.array(columns).transpose(2, 1, 0)]
        df = np.array([np.trace(gram) ** 2 / (gram**2).sum() for gram in grams])
    return factor * np.array(scores).T @ np.array(scores), df, smallest


@given(
    rows=designs(max_columns=3, n_schools=(4, 8)), correction=st.sampled_from(["CR0", "CR1", "CR2", "CR2"])
)
@examples(250)
def test_cluster_robust(connection: duckdb.DuckDBPyConnection, rows: Rows, correction: Correction) -> None:
    sums = summed(connection, rows, ["school"])
    fit = fitted(sums, rows)
    assume(len(sums.products) >= 2)
    robust = cluster_robust(sums, fit, correction)
    covariance, df, smallest = robust_dense(rows, correction)
    assume(smallest > _FREE_SHARE)
    share = allowance(sums) / smallest
    deviation = np.sqrt(np.maximum(np.diag(covariance), np.diag(fit.cov_params)))
    assert_close(robust.cov_params, covariance, np.outer(deviation, deviation), share)
    assert_close(robust.df, df, df, share)


RATIOS = st.sampled_from([0.0, 1e-4, 0.03, 0.5, 2.0, 40.0, 1e4])


@given(rows=designs(), ratios=st.lists(RATIOS, min_size=1, max_size=3))
@examples(250)
def test_mixed_model_at_given_ratios(
    connection: duckdb.DuckDBPyConnection, rows: Rows, ratios: list[float]
) -> None:
    theta = np.array(ratios)
    levels = ["teacher", "pair", "school"][-len(theta) :]
    sums = summed(connection, rows, levels)
    # pair is school x 2 + teacher % 2: an id with all its outer ids
    keys = [rows.school * 100 + rows.teacher, rows.school * 2 + rows.teacher % 2, rows.school][-len(theta) :]
    v = np.diag(1.0 / rows.weights)
    for ratio, key in zip(theta, keys, strict=True):
        v += ratio * (key[:, None] == key[None, :])
    columns = np.column_stack([np.ones(len(rows.y)), rows.x, rows.y])
    columns[:, 1:-1] += rows.centres - sums.shifts[1:-1]
    columns[:, -1] -= sums.shifts[-1]
    lower = np.linalg.cholesky(v)
    whitened = np.linalg.solve(lower, columns)
    expected = whitened.T @ whitened
    # V has the condition number of its largest ratio times a group's weight: at most 1e4 x 90 x 5
    size = np.sqrt(np.diag(sums.products.sum(axis=0)))
    reduction = reduce_levels(tree(sums), theta)
    assert_close(reduction.precision, expected, np.outer(size, size), 1e-11)
    by_school = cluster_precisions(sums, theta)
    for g, school in enumerate(np.unique(rows.school)):
        part = whitened[rows.school == school]
        assert_close(by_school[g], part.T @ part, np.outer(size, size), 1e-11)
    log_determinant = 2.0 * np.log(np.diag(lower)).sum() + np.log(rows.weights).sum()
    assert reduction.log_determinant == pytest.approx(log_determinant, rel=1e-10, abs=1e-9)


@given(rows=designs(max_columns=3), ratio=RATIOS)
@examples(100)
def test_generalised_least_squares_at_a_given_ratio(
    connection: duckdb.DuckDBPyConnection, rows: Rows, ratio: float
) -> None:
    sums = summed(connection, rows, ["school"])
    fitted(sums, rows)
    v = np.diag(1.0 / rows.weights) + ratio * (rows.school[:, None] == rows.school[None, :])
    lower = np.linalg.cholesky(v)
    q, r = np.linalg.qr(np.linalg.solve(lower, rows.matrix))
    scaled = r / np.linalg.norm(r, axis=0)
    condition = np.linalg.cond(scaled)
    inverse_r = np.linalg.inv(r)
    precision = cluster_precisions(sums, np.array([ratio])).sum(axis=0)
    x = sums.regressors
    bread, _ = inverse(precision[x, x])
    params, covariance = sums.unshifted(bread @ precision[x, -1], bread)
    expected = rows.undo @ inverse_r @ q.T @ np.linalg.solve(lower, rows.y)
    spread = rows.undo @ inverse_r @ inverse_r.T @ rows.undo.T
    # what is left of a column within schools, in the precision, was part of its whole in the sums
    kept = np.min(np.diag(precision)[x] / np.diag(sums.products.sum(axis=0))[x])
    share = _ROUNDING * max(condition**2, sums.condition_number() ** 2, 1e3) / min(kept, 1.0)
    assert_same_covariance(covariance, spread, share)
    size = np.abs(rows.undo) @ np.abs(inverse_r @ q.T @ np.linalg.solve(lower, rows.y))
    assert_close(params, expected, size + np.sqrt(np.diag(spread)), share)


@given(rows=designs(max_columns=4))
@examples(200)
def test_within_estimator(connection: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    sums = summed(connection, rows, ["teacher", "school"])
    levels = np.unique(rows.teacher)
    p = rows.x.shape[1]
    assume(len(rows.y) > len(levels) + p + 2)
    root = np.sqrt(rows.weights)
    dummies = root[:, None] * (rows.teacher[:, None] == levels[None, :])
    base, _ = np.linalg.qr(dummies)
    left = root[:, None] * np.column_stack([rows.x, rows.y])
    left -= base @ (base.T @ left)
    q, r = np.linalg.qr(left[:, :-1])
    condition = np.linalg.cond(r / np.linalg.norm(r, axis=0))
    assume(condition < 1e4)
    fit = fit_within(sums, "teacher")
    residual = left[:, -1] - q @ (q.T @ left[:, -1])
    df = rows.n_observations - len(levels) - p
    sigma2 = residual @ residual / df
    inverse_r = np.linalg.inv(r)
    params, covariance = inverse_r @ q.T @ left[:, -1], sigma2 * inverse_r @ inverse_r.T
    kept = np.min(np.linalg.norm(left[:, :-1], axis=0) ** 2 / np.diag(sums.products.sum(axis=0))[1:-1])
    share = _ROUNDING * max(condition**2, 1e3) / min(kept, 1.0)
    assert fit.df_resid == df
    assert abs(fit.sigma2 - sigma2) <= share * sigma2
    assert_same_covariance(fit.cov_params, covariance, share)
    assert_close(fit.params, params, np.abs(params) + np.sqrt(np.diag(covariance)), share)
