"""Functions of a column that need statistics of all rows: center, scale, standardize, poly.

The statistics are of the rows with weight above 0; the weights do not enter them, as in formulaic.
"""

from __future__ import annotations

import ast
import math
import sys
from collections.abc import Callable, Sequence
from inspect import signature
from typing import TypeVar

from numpy.polynomial import Polynomial

from transforms.estimation.formulas.errors import FormulaError
from transforms.estimation.formulas.expression import Expression, combine
from transforms.estimation.formulas.rows import Rows

# Twelve digits are right up to here; powers of a higher degree cancel each other.
MAX_DEGREE = 10
Result = TypeVar("Result")


def with_literals(
    function: Callable[..., Result], rows: Rows, part: str, x: Expression, call: ast.Call
) -> Result:
    """``function`` of a compiled column ``x`` and of the values that stand behind it in the call.

    Raises FormulaError unless these are numbers, texts, True, False, None or lists of such that the
    function takes.
    """
    try:
        others = [ast.literal_eval(argument) for argument in call.args[1:]]
        named = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}
    except (ValueError, TypeError) as error:
        raise FormulaError(
            f"`{part}`: behind the column stand numbers, True, False or lists of numbers"
        ) from error
    try:
        signature(function).bind(rows, part, x, *others, **named)
    except TypeError as error:
        raise FormulaError(f"`{part}`: {error}") from error
    return function(rows, part, x, *others, **named)


def real(part: str, name: str, value: object) -> float:
    """An argument that has to be a number."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max:
        return float(value)
    raise FormulaError(f"`{part}`: {name} has to be a number, it is {value!r}")


def whole(part: str, name: str, value: object, least: int, most: int) -> int:
    """An argument that has to be a whole number from ``least`` to ``most``."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise FormulaError(
            f"`{part}`: {name} has to be a whole number from {least} to {most}, it is {value!r}"
        )
    return value


def horner(rows: Rows, x: Expression, coefficients: Sequence[float]) -> Expression:
    """The polynomial of ``x`` with the given coefficients, the constant first."""
    *lower, highest = coefficients
    result = rows.bind(float(highest))
    for coefficient in reversed(lower):
        result = combine("({0} * {1} + {2})", result, x, rows.bind(float(coefficient)))
    return result


def center(rows: Rows, part: str, x: Expression) -> Expression:
    """x less its mean."""
    return scale(rows, part, x, scale=False)


def standardize(
    rows: Rows,
    part: str,
    x: Expression,
    center: bool | float = True,
    rescale: bool | float = True,
    ddof: int = 0,
) -> Expression:
    """patsy's name for ``scale`` with the number of rows as divisor."""
    return scale(rows, part, x, center, rescale, ddof)


def scale(
    rows: Rows,
    part: str,
    x: Expression,
    center: bool | float = True,
    scale: bool | float = True,
    ddof: int = 1,
) -> Expression:
    """(x - center) / scale: the mean and the standard deviation, or the numbers given in their place."""
    if center is not False:
        middle = _mean(rows, part, x) if center is True else real(part, "center", center)
        x = combine("({0} - {1})", x, rows.bind(middle))
    if scale is False:
        return x
    if scale is not True:
        return combine("({0} / nullif({1}, 0))", x, rows.bind(real(part, "scale", scale)))
    squares, n, low, high = rows.statistics(part, "fsum({0} * {0}), count({0}), min({0}), max({0})", x)
    if low == high:
        raise FormulaError(f"`{part}`: the column is constant, so it has no standard deviation to divide by")
    divisor = n - whole(part, "ddof", ddof, 0, int(n) - 1)
    return combine("({0} / {1})", x, rows.bind(math.sqrt(squares / divisor)))


def poly(rows: Rows, part: str, x: Expression, degree: int = 1, raw: bool = False) -> dict[str, Expression]:
    """Polynomials of x, orthonormal over the rows; with ``raw`` the powers of x.

    P_k+1 = (x - a_k) P_k - b_k P_k-1 with a_k = sum(x P_k²) / sum(P_k²) and b_k = sum(P_k²) / sum(P_k-1²),
    which is formulaic's recurrence. Here it is one of u = (x - mean) / sd, where no digits are lost.
    """
    degree = whole(part, "degree", degree, 1, MAX_DEGREE)
    if raw:
        return {str(k): combine("pow({0}, {1})", x, rows.bind(float(k + 1))) for k in range(degree)}
    (distinct,) = rows.statistics(part, "count(DISTINCT {0})", x)
    if distinct <= degree:
        raise FormulaError(
            f"`{part}`: {distinct:g} distinct values give polynomials below degree {distinct:g}"
        )
    u = scale(rows, part, x)
    before, norm_before = Polynomial([0.0]), 1.0
    current, norm, middle = Polynomial([1.0]), *_norm_and_middle(rows, part, u, Polynomial([1.0]))
    columns = {}
    for k in range(1, degree + 1):
        following = Polynomial([-middle, 1.0]) * current - (norm / norm_before) * before
        before, norm_before, current = current, norm, following
        norm, middle = _norm_and_middle(rows, part, u, current)
        columns[str(k)] = horner(rows, u, (current / math.sqrt(norm)).coef.tolist())
    return columns


def _norm_and_middle(rows: Rows, part: str, u: Expression, p: Polynomial) -> tuple[float, float]:
    """sum(P²) and sum(u P²) / sum(P²) of a polynomial P of u."""
    values = horner(rows, u, p.coef.tolist())
    # P of degree 0 has no u in it, and would count the rows where u is null.
    norm, first = rows.statistics(part, "fsum({0} * {0} + 0 * {1}), fsum({1} * {0} * {0})", values, u)
    return norm, first / norm


def _mean(rows: Rows, part: str, x: Expression) -> float:
    """In two steps, so that it has all digits also where it is large against the spread."""
    (near,) = rows.statistics(part, "favg({0})", x)
    (rest,) = rows.statistics(part, "favg({0} - {1})", x, rows.bind(near))
    return near + rest


STATISTICAL = {"center": center, "scale": scale, "standardize": standardize}
