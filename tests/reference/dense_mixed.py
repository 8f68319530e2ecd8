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
