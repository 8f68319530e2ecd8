"""The mixed model and its robust errors by n x n matrices: slow, literal, independent of the sums."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
from scipy.optimize import minimize


@dataclass(frozen=True)
class DenseFit:
    theta: np.ndarray
    sigma2: float
    params: np.ndarray
    covariance: np.ndarray
    log_likelihood: float


def design(frame: pd.DataFrame, columns: list[str]) -> np.ndarray:
    return np.column_stack([np.ones(len(frame)), frame[columns].to_numpy(float)])


def indicators(frame: pd.DataFrame, groups: list[str]) -> list[np.ndarray]:
    """Z of each level, innermost first; a group is its own id with all outer ids."""
    found = []
    for level in range(len(groups)):
        keys = frame[groups[level:]].astype(str).agg("|".join, axis=1)
        found.append((keys.to_numpy()[:, None] == np.unique(keys)[None, :]).astype(float))
    return found


def covariance(theta: np.ndarray, z: list[np.ndarray]) -> np.ndarray:
    return np.eye(len(z[0])) + sum(t * zk @ zk.T for t, zk in zip(theta, z, strict=True))


def at_theta(
    theta: np.ndarray, x: np.ndarray, y: np.ndarray, z: list[np.ndarray], is_reml: bool
) -> tuple[float, DenseFit]:
    n, p = x.shape
    v = covariance(theta, z)
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    params = np.linalg.solve(information, x.T @ inverse @ y)
    residual = y - x @ params
    freedom = n - p if is_reml else n
    sigma2 = float(residual @ inverse @ residual) / freedom
    deviance = freedom * (1 + np.log(2 * np.pi * sigma2)) + np.linalg.slogdet(v)[1]
    if is_reml:
        deviance += np.linalg.slogdet(information)[1]
    return deviance, DenseFit(theta, sigma2, params, sigma2 * np.linalg.inv(information), -deviance / 2)


def fit_dense(x: np.ndarray, y: np.ndarray, z: list[np.ndarray], *, is_reml: bool = True) -> DenseFit:
    """Nelder-Mead on the square roots of the ratios, without any gradient, to 1e-12."""

    def deviance(root: np.ndarray) -> float:
        return at_theta(root**2, x, y, z, is_reml)[0]

    best = min(
        (
            minimize(
                deviance,
                start,
                method="Nelder-Mead",
                options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 4000, "maxfev": 4000},
            )
            for start in itertools.product((0.2, 1.0), repeat=len(z))
        ),
        key=lambda found: found.fun,
    )
    return at_theta(best.x**2, x, y, z, is_reml)[1]


def deviance_by_variances(
    variances: np.ndarray, x: np.ndarray, y: np.ndarray, z: list[np.ndarray], is_reml: bool
) -> tuple[float, np.ndarray]:
    """-2 log likelihood at the levels' variances and, last, the residual's, written out from the density
    of y (of its residual contrasts for REML); and the covariance of the coefficients (p, p)."""
    v = variances[-1] * np.eye(len(y)) + sum(s * zk @ zk.T for s, zk in zip(variances[:-1], z, strict=True))
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    residual = y - x @ np.linalg.solve(information, x.T @ inverse @ y)
    deviance = len(y) * np.log(2 * np.pi) + np.linalg.slogdet(v)[1] + residual @ inverse @ residual
    if is_reml:
        deviance += np.linalg.slogdet(information)[1] - x.shape[1] * np.log(2 * np.pi)
    return float(deviance), np.linalg.inv(information)


def satterthwaite_dense(
    contrasts: np.ndarray,
    variances: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    z: list[np.ndarray],
    is_reml: bool,
) -> np.ndarray:
    """Satterthwaite's df as lmerTest has them, the derivatives by central differences of fourth order.

    Variances of 0 are held there. The differences are good to about 1e-7.
    """
    free = np.flatnonzero(variances > 0.0)
    size = 0.01 * variances[free]

    def moved(by: np.ndarray) -> np.ndarray:
        at = variances.copy()
        at[free] += by * size
        return at

    weights = {-2: 1 / 12, -1: -8 / 12, 1: 8 / 12, 2: -1 / 12}
    unit = np.eye(len(free))
    hessian = np.empty((len(free), len(free)))
    slopes = []
    for i in range(len(free)):
        slopes.append(
            sum(
                w * deviance_by_variances(moved(a * unit[i]), x, y, z, is_reml)[1] for a, w in weights.items()
            )
        )
        for j in range(len(free)):
            hessian[i, j] = sum(
                w * u * deviance_by_variances(moved(a * unit[i] + b * unit[j]), x, y, z, is_reml)[0]
                for a, w in weights.items()
                for b, u in weights.items()
            )
    covariance = deviance_by_variances(variances, x, y, z, is_reml)[1]
    found = []
    for c in contrasts:
        slope = np.array([c @ s @ c for s in slopes])
        found.append(2 * (c @ covariance @ c) ** 2 / (slope @ (2 * np.linalg.inv(hessian)) @ slope))
    return np.array(found)


@dataclass(frozen=True)
class DensePredictions:
    """Predictors by level (own intercepts, innermost first) with both of their variances, and of totals."""

    own: list[np.ndarray]
    own_conditional: list[np.ndarray]
    own_errors: list[np.ndarray]
    total: list[np.ndarray]
    total_conditional: list[np.ndarray]
    total_errors: list[np.ndarray]


def predictions_dense(
    x: np.ndarray, y: np.ndarray, z: list[np.ndarray], weights: np.ndarray, theta: np.ndarray, sigma2: float
) -> DensePredictions:
    """Henderson's mixed model equations, solved by the inverse of their whole matrix. Every theta > 0."""
    zs, p = np.column_stack(z), x.shape[1]
    both = np.column_stack([x, zs])
    ridge = np.concatenate([np.full(zk.shape[1], 1 / t) for zk, t in zip(z, theta, strict=True)])
    equations = both.T @ (weights[:, None] * both) + np.diag(np.concatenate([np.zeros(p), ridge]))
    inverse = np.linalg.inv(equations)
    effects = (inverse @ (both.T @ (weights * y)))[p:]
    errors = sigma2 * inverse[p:, p:]
    conditional = sigma2 * np.linalg.inv(equations[p:, p:])
    ends = np.cumsum([0, *(zk.shape[1] for zk in z)])
    columns: list[list[np.ndarray]] = [[] for _ in range(6)]
    for k, zk in enumerate(z):
        first = np.argmax(zk, axis=0)
        own = np.eye(len(effects))[ends[k] : ends[k + 1]]
        # a row of each group picks the group and those around it
        total = np.column_stack([np.zeros((len(first), ends[k])), *(zl[first] for zl in z[k:])])
        for place, pick in ((0, own), (3, total)):
            columns[place].append(pick @ effects)
            columns[place + 1].append(np.einsum("gi,ij,gj->g", pick, conditional, pick))
            columns[place + 2].append(np.einsum("gi,ij,gj->g", pick, errors, pick))
    return DensePredictions(*columns)


def symmetric_power(matrix: np.ndarray, power: float) -> np.ndarray:
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    raised = np.where(values > 1e-8, np.maximum(values, 1e-8) ** power, 0.0)
    return vectors @ np.diag(raised) @ vectors.T


def robust_dense(
    x: np.ndarray, y: np.ndarray, v: np.ndarray, clusters: np.ndarray, correction: str
) -> tuple[np.ndarray, np.ndarray]:
    """Covariance (p, p) and Satterthwaite df (p), with every n x n matrix written out."""
    whiten = symmetric_power(v, -0.5)
    xs, ys = whiten @ x, whiten @ y
    bread = np.linalg.inv(xs.T @ xs)
    hat = xs @ bread @ xs.T
    residual = ys - hat @ ys
    ids = np.unique(clusters)
    meat = np.zeros_like(bread)
    columns = []
    for g in ids:
        rows = clusters == g
        block = np.eye(rows.sum()) - hat[np.ix_(rows, rows)]
        adjust = symmetric_power(block, -0.5) if correction == "CR2" else np.eye(rows.sum())
        score = xs[rows].T @ adjust @ residual[rows]
        meat += np.outer(score, score)
        columns.append((np.eye(len(x)) - hat)[:, rows] @ adjust @ xs[rows] @ bread)
    if correction == "CR1":
        meat *= len(ids) / (len(ids) - 1)
    df = []
    for j in range(x.shape[1]):
        p_matrix = np.column_stack([column[:, j] for column in columns])
        gram = p_matrix.T @ p_matrix
        df.append(np.trace(gram) ** 2 / (gram**2).sum())
    return bread @ meat @ bread, np.array(df)


def nested_frame(
    seed: int, schools: int = 8, teachers: int = 3, years: int = 2, rows: int = 5
) -> pd.DataFrame:
    """An unbalanced three-level frame of fewer than schools x teachers x years x rows rows."""
    rng = np.random.default_rng(seed)
    records = []
    for school in range(schools):
        school_effect = rng.normal(0, 0.6)
        for teacher in range(1 + rng.integers(teachers)):
            teacher_effect = rng.normal(0, 0.7)
            for year in range(1 + rng.integers(years)):
                year_effect = rng.normal(0, 0.5)
                for _ in range(2 + rng.integers(rows)):
                    x1, x2 = rng.normal(), rng.normal() + 0.3 * school
                    effects = school_effect + teacher_effect + year_effect
                    y = 1 + 0.5 * x1 - 0.2 * x2 + effects + rng.normal()
                    records.append((f"s{school}", f"t{teacher}", f"y{year}", x1, x2, y))
    return pd.DataFrame(records, columns=["school", "teacher", "teacher_year", "x1", "x2", "y"])


def connection_with(frame: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.register("given", frame)
    connection.execute("create table frame as select * from given")
    connection.unregister("given")
    return connection
