"""Fixed effects of factors whose levels do not fit as columns: pyfixest on the rows."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import numpy as np

from transforms.estimation.errors import EstimationError, NotConvergedError
from transforms.estimation.linear.least_squares import (
    EXACT_FIT,
    ExactFitError,
    LeastSquaresFit,
    gaussian_log_likelihood,
    lost_residual,
    residual_freedom,
    weight_notes,
)
from transforms.estimation.linear.rank import RANK_TOLERANCE
from transforms.estimation.linear.solve import inverse
from transforms.estimation.linear.within import WithinRankError
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray
from transforms.estimation.sums.design import Design
from transforms.estimation.sums.relation import column_types, model_rows

# Of the solver; its default of 1e-8 leaves fewer digits than sums give.
_TOLERANCE = 1e-12
# Largest sum of the residuals of a level, over their length in all: 0 where the factors are taken out.
_LARGEST_LEFT_OVER = 1e-9


class RowsReadError(EstimationError):
    """The fit was made from rows, so that no sums hold its deviations."""


@dataclass(frozen=True, eq=False)
class RowsFit(LeastSquaresFit):
    """A fit by pyfixest from the rows; its covariance by cluster stands beside it."""

    def precisions(self, sums: CrossProducts) -> FloatArray:
        """Raises RowsReadError."""
        raise RowsReadError(f"{self.method}: its robust errors are those that came with the fit")


@dataclass(frozen=True, eq=False)
class RowsCovariance:
    """Covariance (p, p) of the coefficients by cluster, with ``df`` = clusters - 1.

    It is CRV1 of pyfixest: clusters / (clusters - 1) x (n - 1) / (n - k), where k counts the columns and
    the levels of factors that are not nested in the clusters, as if no part of the data stood alone.
    """

    name: str
    cov_params: FloatArray
    df: float

    def df_for(self, contrasts: FloatArray) -> FloatArray:
        """Degrees of freedom (k) of the contrasts (k, p)."""
        return np.full(len(contrasts), self.df)


def fit_rows(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    design: Design,
    sums: CrossProducts,
    n_absorbed: int,
) -> tuple[RowsFit, RowsCovariance | None]:
    """Fit ``design`` with its absorbed factors by pyfixest, levels of one row kept.

    ``sums`` are those of the same design, ``n_absorbed`` the fixed effects that can be told apart. The
    covariance is None with fewer than 2 clusters. Raises WithinRankError, TooFewObservationsError,
    ExactFitError, and NotConvergedError where the factors were not taken out of the residuals.
    """
    columns = sums.names[1:-1]
    df_resid = residual_freedom(sums, len(columns), n_absorbed)
    lengths = np.sqrt(np.diag(sums.products.sum(axis=0))[1:] / sums.total_weight)
    lengths[lengths == 0.0] = 1.0
    frame = _frame(connection, relation, design, sums)
    frame[[f"v{j}" for j in range(len(lengths))]] /= lengths
    fitted = _fitted(frame, design, columns)
    squares = _residual_squares(fitted, frame, design, sums)
    units = lengths[-1] / lengths[:-1]
    cov_params = fitted._vcov * np.outer(units, units) * (fitted._df_t / df_resid)
    fit = RowsFit(
        method=f"Within {', '.join(design.terms.absorbed)} (pyfixest, rows read)",
        response=sums.names[-1],
        names=columns,
        params=fitted.coef().to_numpy() * units,
        cov_params=cov_params,
        sigma2=squares * lengths[-1] ** 2 / df_resid,
        n_rows=sums.n_rows,
        n_observations=sums.n_observations,
        df_resid=df_resid,
        n_absorbed=n_absorbed,
        r_squared=float(fitted._r2_within),
        log_likelihood=gaussian_log_likelihood(sums, squares * lengths[-1] ** 2),
        condition_number=_condition_number(sums, cov_params),
        notes=weight_notes(sums),
    )
    return fit, _covariance(fitted, sums, units)


def _frame(connection: duckdb.DuckDBPyConnection, relation: str, design: Design, sums: CrossProducts) -> Any:
    """The rows as a pandas frame: f0.. (factors), cluster, w, v0.. about the shifts of ``sums``."""
    clusters = sums.group_names[sums.level(sums.cluster_name) :]
    ids = (*design.terms.absorbed, *clusters)
    types = column_types(connection, relation)
    text, parameters = model_rows(relation, design, ids, types, sums.shifts[1:])
    frame = connection.execute(text, parameters).df()
    n_factors = len(design.terms.absorbed)
    for k in range(n_factors):
        frame[f"f{k}"] = frame[f"g{k}"].factorize()[0]
    if clusters:
        frame["cluster"] = frame.groupby([f"g{k}" for k in range(n_factors, len(ids))]).ngroup()
    return frame


def _fitted(frame: Any, design: Design, columns: Sequence[str]) -> Any:
    """The pyfixest results of the frame. A column that pyfixest would drop is an error here."""
    import pyfixest
    from pyfixest.demeaners import LsmrDemeaner

    x = [f"v{j}" for j in range(len(columns))]
    factors = [f"f{k}" for k in range(len(design.terms.absorbed))]
    with warnings.catch_warnings():
        # of pandas about pyfixest's own calls: nothing that a user can do anything about
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        warnings.filterwarnings("ignore", message=".*inplace keyword.*")
        warnings.filterwarnings(
            "ignore", message=r"\s*\d+ variables dropped due to multicollinearity", category=UserWarning
        )
        try:
            fitted = pyfixest.feols(
                f"v{len(x)} ~ {' + '.join(x)} | {' + '.join(factors)}",
                frame,
                vcov="iid",
                weights=None if design.weight is None else "w",
                weights_type="fweights" if design.weight_kind == "frequency" else "aweights",
                fixef_rm="none",
                collin_tol=RANK_TOLERANCE * len(frame),
                demeaner=LsmrDemeaner(fixef_atol=_TOLERANCE, fixef_btol=_TOLERANCE),
            )
            dropped = list(fitted._collin_vars)
        except ValueError as error:
            if "All variables are collinear" not in str(error):
                raise
            dropped = x
    if dropped:
        at = [x.index(name) for name in dropped]
        determined = {columns[j]: tuple(columns[i] for i in range(j) if i not in at) for j in at}
        raise WithinRankError(determined, *design.terms.absorbed)
    return fitted


def _residual_squares(fitted: Any, frame: Any, design: Design, sums: CrossProducts) -> float:
    """Sum of the weighted squares of the residuals, once their sums by level are seen to be 0."""
    weights = np.ones(len(frame)) if design.weight is None else frame["w"].to_numpy()
    residuals = fitted.resid()
    squares = float(weights @ residuals**2)
    if squares <= EXACT_FIT * sums.total_weight:
        raise ExactFitError(lost_residual(sums.names[-1]))
    for k, factor in enumerate(design.terms.absorbed):
        left_over = np.abs(np.bincount(frame[f"f{k}"], weights=weights * residuals)).max()
        if left_over > _LARGEST_LEFT_OVER * float(np.linalg.norm(weights * residuals)):
            raise NotConvergedError(f"the means of {factor} were not taken out: its levels hardly connect")
    return squares


def _covariance(fitted: Any, sums: CrossProducts, units: FloatArray) -> RowsCovariance | None:
    if len(sums.products) < 2:
        return None
    by_cluster = fitted.vcov({"CRV1": "cluster"})
    return RowsCovariance(
        f"CR1S by {sums.cluster_name} (pyfixest)",
        by_cluster._vcov * np.outer(units, units),
        float(by_cluster._df_t),
    )


def _condition_number(sums: CrossProducts, cov_params: FloatArray) -> float:
    products = np.zeros((1, len(sums.names), len(sums.names)))
    products[0, 1:-1, 1:-1] = inverse(cov_params)[0]
    return replace(sums, products=products, has_intercept=False).condition_number()
