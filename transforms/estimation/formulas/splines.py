"""B-splines as piecewise polynomials: what formulaic's recursion gives, as one CASE a column."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.polynomial import Polynomial

from transforms.estimation.formulas.errors import FormulaError
from transforms.estimation.formulas.expression import Expression, combine
from transforms.estimation.formulas.rows import MAX_LEVELS, Rows
from transforms.estimation.formulas.stateful import MAX_DEGREE, horner, real, whole


def bs(
    rows: Rows,
    part: str,
    x: Expression,
    df: int | None = None,
    knots: list[float] | None = None,
    degree: int = 3,
    include_intercept: bool = False,
    lower_bound: float | None = None,
    upper_bound: float | None = None,
) -> dict[int, Expression]:
    """The B-splines of x, the first of them only with ``include_intercept``.

    With ``df`` the inner knots are quantiles of x. Raises FormulaError where x is constant, a knot or a
    value of x lies outside the bounds, or both ``df`` and ``knots`` are given.
    """
    degree = whole(part, "degree", degree, 1, MAX_DEGREE)
    low, high = _bounds(rows, part, x, lower_bound, upper_bound)
    if df is not None and knots is not None:
        raise FormulaError(f"`{part}`: give df or knots, not both")
    if df is not None:
        least = degree + (1 if include_intercept else 0)
        inner = _quantiles(rows, part, x, whole(part, "df", df, least, MAX_LEVELS) - least)
    else:
        inner = _inner_knots(part, knots)
    edges = [low, *inner, high]
    if any(left > right for left, right in pairwise(edges)):
        raise FormulaError(f"`{part}`: knots have to ascend between {low:g} and {high:g}")
    padded = [low] * degree + edges + [high] * degree
    return _columns(rows, x, padded, degree, first=0 if include_intercept else 1)


def _inner_knots(part: str, knots: list[float] | None) -> list[float]:
    if knots is None:
        return []
    if not isinstance(knots, list | tuple):
        raise FormulaError(f"`{part}`: knots has to be a list of numbers, it is {knots!r}")
    return [real(part, "a knot", knot) for knot in knots]


def _bounds(
    rows: Rows, part: str, x: Expression, lower: float | None, upper: float | None
) -> tuple[float, float]:
    least, most = rows.statistics(part, "min({0}), max({0})", x)
    low = least if lower is None else real(part, "lower_bound", lower)
    high = most if upper is None else real(part, "upper_bound", upper)
    if least < low or most > high:
        raise FormulaError(
            f"`{part}`: values from {least:g} to {most:g} go beyond the bounds {low:g} and {high:g}"
        )
    if low == high:
        raise FormulaError(f"`{part}`: the column is constant")
    return low, high


def _quantiles(rows: Rows, part: str, x: Expression, n: int) -> list[float]:
    """The n quantiles that cut the rows into n + 1 equal parts, interpolated linearly as numpy does."""
    if n == 0:
        return []
    shares = rows.bind(np.linspace(0.0, 1.0, n + 2)[1:-1].tolist())
    return rows.statistics(part, "quantile_cont({0}, {1})", x, shares)


def _columns(rows: Rows, x: Expression, knots: list[float], degree: int, first: int) -> dict[int, Expression]:
    """The basis functions from ``first`` on: polynomials of (x - left knot) between each two knots."""
    last = len(knots) - degree - 2
    # Between equal knots lies no x, but the last piece holds the upper bound itself.
    at = [j for j in range(degree, last + 1) if knots[j] < knots[j + 1] or j == last]
    pieces = [_basis_between(knots, degree, j) for j in at]
    steps = [combine("({0} - {1})", x, rows.bind(knots[j])) for j in at]
    uppers = [rows.bind(knots[j + 1]) for j in at[:-1]]
    whens = [f"WHEN {{0}} < {{{i}}} THEN {{{i + len(uppers)}}}" for i in range(1, len(at))]
    # Other rows may lie outside of the bounds, where the spline is not defined: null there.
    bounds = [rows.bind(knots[0]), rows.bind(knots[-1])]
    inside = f"WHEN {{0}} BETWEEN {{{2 * len(at)}}} AND {{{2 * len(at) + 1}}} THEN {{{2 * len(at) - 1}}} END)"
    below = f"WHEN {{0}} < {{{2 * len(at)}}} THEN NULL"
    template = " ".join(("(CASE", below, *whens, inside))
    columns = {}
    for i in range(first, last + 1):
        values = [
            horner(rows, step, piece[i].coef.tolist()) for step, piece in zip(steps, pieces, strict=True)
        ]
        columns[i] = combine(template, x, *uppers, *values, *bounds)
    return columns


def _basis_between(knots: list[float], degree: int, j: int) -> list[Polynomial]:
    """All basis functions between knot j and the next, of (x - knot j): de Boor's recursion."""

    def ramp(i: int, d: int) -> Polynomial:
        width = knots[i + d] - knots[i]
        return Polynomial([(knots[j] - knots[i]) / width, 1 / width]) if width else Polynomial([0.0])

    basis = [Polynomial([1.0 if i == j else 0.0]) for i in range(len(knots) - 1)]
    for d in range(1, degree + 1):
        basis = [ramp(i, d) * basis[i] + (1 - ramp(i + 1, d)) * basis[i + 1] for i in range(len(basis) - 1)]
    return basis
