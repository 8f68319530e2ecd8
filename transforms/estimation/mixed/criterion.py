"""The likelihood of a nested mixed model with its gradient and Hessian, from sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.estimation.errors import NotConvergedError
from transforms.estimation.linear.solve import SingularProductsError, inverse
from transforms.estimation.mixed.derivatives import Derivatives, derivatives
from transforms.estimation.mixed.nested import Tree, reduce_levels, tree
from transforms.estimation.mixed.newton import Point
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray

# Residual sum of squares over total: below it, rounding leaves the residual fewer than 6 of 16 digits.
_EXACT_FIT = 1e-10
# Of the deviance, and of the squares that the residual sum is the difference of: some roundings.
_ROUNDING = 1e-15


@dataclass(frozen=True, eq=False)
class Surface:
    """What the likelihood needs at one set of ratios ``theta`` (K), and its derivatives by them.

    ``params`` (p) about the shifts, ``inverse`` (p, p) is (X'V^-1X)^-1 and ``grams`` (K, p, p) the
    derivatives of X'V^-1X, negated. ``rss`` is the generalised residual sum of squares, a difference of
    ``squares``; ``penalty`` is log|V|, plus log|X'V^-1X| for REML; each with gradient (K) and Hessian (K, K).
    ``freedom`` is n - p for REML, n for ML. ``trace`` (K) is tr(Z'V^-1Z), ``free_trace`` (K) what the columns
    leave of it. At ``unit`` (K) a group varies as much as its mean does by all that is inside it.
    """

    theta: FloatArray
    unit: FloatArray
    freedom: float
    params: FloatArray
    inverse: FloatArray
    grams: FloatArray
    rss: float
    squares: float
    rss_gradient: FloatArray
    rss_hessian: FloatArray
    penalty: float
    penalty_gradient: FloatArray
    penalty_hessian: FloatArray
    trace: FloatArray
    free_trace: FloatArray

    @property
    def sigma2(self) -> float:
        """The residual variance of the highest likelihood, given the ratios."""
        return self.rss / self.freedom

    def profile(self) -> Point:
        """-2 log likelihood by theta, with beta and sigma2 profiled out."""
        slope = self.rss_gradient / self.rss
        deviance = self.freedom * (1.0 + float(np.log(2.0 * np.pi * self.sigma2))) + self.penalty
        hessian = self.freedom * (self.rss_hessian / self.rss - np.outer(slope, slope))
        gradient = self.freedom * slope + self.penalty_gradient
        hessian += self.penalty_hessian
        return Point(
            self.theta, deviance, gradient, hessian, self.unit, self._rounding(deviance, self.sigma2)
        )

    def by_variances(self, sigma2: float) -> Point:
        """-2 log likelihood by the K variances theta sigma2 and, last, sigma2, with beta profiled out."""
        k = len(self.theta)
        deviance = self.freedom * float(np.log(2.0 * np.pi * sigma2)) + self.rss / sigma2 + self.penalty
        # first by (theta, log sigma2), then by what these are functions of
        by_theta = self.rss_gradient / sigma2 + self.penalty_gradient
        by_log = self.freedom - self.rss / sigma2
        hessian = np.empty((k + 1, k + 1))
        hessian[:k, :k] = self.rss_hessian / sigma2 + self.penalty_hessian
        hessian[:k, k] = hessian[k, :k] = -self.rss_gradient / sigma2
        hessian[k, k] = self.rss / sigma2
        jacobian = np.eye(k + 1) / sigma2
        jacobian[:k, k] = -self.theta / sigma2
        hessian = jacobian.T @ hessian @ jacobian
        hessian[:k, k] -= by_theta / sigma2**2
        hessian[k, :k] -= by_theta / sigma2**2
        hessian[k, k] += (2.0 * float(by_theta @ self.theta) - by_log) / sigma2**2
        gradient = jacobian.T @ np.append(by_theta, by_log)
        at, unit = np.append(self.theta * sigma2, sigma2), np.append(self.unit * sigma2, 0.0)
        return Point(at, deviance, gradient, hessian, unit, self._rounding(deviance, sigma2))

    def _rounding(self, deviance: float, sigma2: float) -> float:
        return _ROUNDING * (1e3 * max(abs(deviance), self.freedom) + self.squares / sigma2)


@dataclass(frozen=True, eq=False)
class Likelihood:
    """REML or ML of one set of sums, taken apart for it.

    ``lengths`` (q) are the roots of the columns' squares about the shifts; ``freedom`` is as in ``Surface``.
    """

    nested: Tree
    regressors: slice
    lengths: FloatArray
    freedom: float
    is_reml: bool

    @classmethod
    def of(cls, sums: CrossProducts, *, is_reml: bool) -> Likelihood:
        """Raises NotConvergedError where there are no more observations than columns."""
        p = len(sums.names[sums.regressors])
        if sums.n_observations <= p:
            raise NotConvergedError(f"{sums.n_observations:g} observations are too few for {p} coefficients")
        freedom = sums.n_observations - p if is_reml else sums.n_observations
        lengths = np.sqrt(np.diag(sums.products.sum(axis=0)))
        return cls(tree(sums), sums.regressors, lengths, freedom, is_reml)

    def profile(self, theta: FloatArray) -> Point:
        """-2 log likelihood by theta (K) with beta and sigma2 profiled out."""
        return self.surface(theta).profile()

    def by_variances(self, variances: FloatArray) -> Point:
        """-2 log likelihood by the K variances and, last, that of the residual, with beta profiled out."""
        return self.surface(variances[:-1] / variances[-1]).by_variances(float(variances[-1]))

    def surface(self, theta: FloatArray) -> Surface:
        """Everything at ``theta``. Raises NotConvergedError where no residual variance is left."""
        reduction = reduce_levels(self.nested, theta)
        slopes, x = derivatives(reduction), self.regressors
        params, inverted, log_determinant = self._solved(reduction.precision)
        residual = np.zeros(len(reduction.precision))
        residual[x], residual[-1] = -params, 1.0
        rss = float(residual @ reduction.precision @ residual)
        if rss <= _EXACT_FIT * float(np.abs(residual) @ self.lengths) ** 2:
            raise NotConvergedError(
                "the residual is lost in rounding: columns and groups fit the response exactly, or nearly so"
            )
        rss_gradient, rss_hessian = _rss_derivatives(slopes, residual, inverted, x)
        gradient, hessian = _log_determinant_derivatives(slopes, inverted, x)
        penalty, free_trace = reduction.log_determinant, slopes.trace + gradient
        return Surface(
            theta=theta,
            unit=np.array([len(level.inflation) / level.before for level in reduction.levels]),
            freedom=self.freedom,
            params=params,
            inverse=inverted,
            grams=slopes.grams[:, x, x],
            rss=rss,
            squares=float(np.abs(residual) @ np.sqrt(np.diag(reduction.precision))) ** 2,
            rss_gradient=rss_gradient,
            rss_hessian=rss_hessian,
            penalty=penalty + log_determinant if self.is_reml else penalty,
            penalty_gradient=free_trace if self.is_reml else slopes.trace,
            penalty_hessian=hessian - slopes.trace_products if self.is_reml else -slopes.trace_products,
            trace=slopes.trace,
            free_trace=free_trace,
        )

    def _solved(self, precision: FloatArray) -> tuple[FloatArray, FloatArray, float]:
        """beta, (X'V^-1X)^-1 and log|X'V^-1X|."""
        x = self.regressors
        try:
            inverted, log_determinant = inverse(precision[x, x])
        except SingularProductsError as error:
            raise NotConvergedError("the columns cannot be told apart within the groups") from error
        return inverted @ precision[x, -1], inverted, log_determinant


def _rss_derivatives(
    slopes: Derivatives, residual: FloatArray, inverted: FloatArray, x: slice
) -> tuple[FloatArray, FloatArray]:
    """-r'G_k r and r'B_kl r - 2 r'G_k M G_l r, where r (q) are the residual's weights, G_k the negated first
    derivatives of the products, B_kl the second, and M = (X'V^-1X)^-1."""
    scores = slopes.grams @ residual
    hessian = slopes.gram_products @ residual @ residual
    return -(scores @ residual), hessian - 2.0 * scores[:, x] @ inverted @ scores[:, x].T


def _log_determinant_derivatives(
    slopes: Derivatives, inverted: FloatArray, x: slice
) -> tuple[FloatArray, FloatArray]:
    """Of log|X'V^-1X|: -tr(M G_k) and tr(M B_kl) - tr(M G_k M G_l)."""
    turned = inverted @ slopes.grams[:, x, x]
    hessian = np.einsum("ij,klji->kl", inverted, slopes.gram_products[:, :, x, x])
    return -np.trace(turned, axis1=1, axis2=2), hessian - np.einsum("kij,lji->kl", turned, turned)
