"""How many digits the sums keep: exact fractions, and the certified values of NIST's reference data sets."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from tests.reference.dense_mixed import connection_with
from transforms.estimation.errors import RankDeficientError
from transforms.estimation.linear.least_squares import ExactFitError, fit_least_squares
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Design
from transforms.estimation.sums.summation import cross_products

# NIST StRD, Filip.dat (A. Filippelli): y and x of 82 rows, for a polynomial of degree 10.
FILIP = """
0.8116 -6.860120914, 0.9072 -4.324130045, 0.9052 -4.358625055, 0.9039 -4.358426747,
0.8053 -6.955852379, 0.8377 -6.661145254, 0.8667 -6.355462942, 0.8809 -6.118102026,
0.7975 -7.115148017, 0.8162 -6.815308569, 0.8515 -6.519993057, 0.8766 -6.204119983,
0.8885 -5.853871964, 0.8859 -6.109523091, 0.8959 -5.79832982, 0.8913 -5.482672118,
0.8959 -5.171791386, 0.8971 -4.851705903, 0.9021 -4.517126416, 0.909 -4.143573228,
0.9139 -3.709075441, 0.9199 -3.499489089, 0.8692 -6.300769497, 0.8872 -5.953504836,
0.89 -5.642065153, 0.891 -5.031376979, 0.8977 -4.680685696, 0.9035 -4.329846955, 0.9078 -3.928486195,
0.7675 -8.56735134, 0.7705 -8.363211311, 0.7713 -8.107682739, 0.7736 -7.823908741,
0.7775 -7.522878745, 0.7841 -7.218819279, 0.7971 -6.920818754, 0.8329 -6.628932138,
0.8641 -6.323946875, 0.8804 -5.991399828, 0.7668 -8.781464495, 0.7633 -8.663140179,
0.7678 -8.473531488, 0.7697 -8.247337057, 0.77 -7.971428747, 0.7749 -7.676129393,
0.7796 -7.352812702, 0.7897 -7.072065318, 0.8131 -6.774174009, 0.8498 -6.478861916,
0.8741 -6.159517513, 0.8061 -6.835647144, 0.846 -6.53165267, 0.8751 -6.224098421,
0.8856 -5.910094889, 0.8919 -5.598599459, 0.8934 -5.290645224, 0.894 -4.974284616,
0.8957 -4.64454848, 0.9047 -4.290560426, 0.9129 -3.885055584, 0.9209 -3.408378962,
0.9219 -3.13200249, 0.7739 -8.726767166, 0.7681 -8.66695597, 0.7665 -8.511026475,
0.7703 -8.165388579, 0.7702 -7.886056648, 0.7761 -7.588043762, 0.7809 -7.283412422,
0.7961 -6.995678626, 0.8253 -6.691862621, 0.8602 -6.392544977, 0.8809 -6.067374056,
0.8301 -6.684029655, 0.8664 -6.378719832, 0.8834 -6.065855188, 0.8898 -5.752272167,
0.8964 -5.132414673, 0.8963 -4.811352704, 0.9074 -4.098269308, 0.9119 -3.66174277, 0.9228 -3.2644011
"""
FILIP_RESIDUAL_SD = 0.334801051324544e-2
FILIP_PARAMS = (
    -1467.48961422980,
    -2772.17959193342,
    -2316.37108160893,
    -1127.97394098372,
    -354.478233703349,
    -75.1242017393757,
    -10.8753180355343,
    -1.06221498588947,
    -0.670191154593408e-01,
    -0.246781078275479e-02,
    -0.402962525080404e-04,
)
# NIST StRD, Longley.dat: employment on a constant, deflator, gross national product, unemployed, armed
# forces, population and year.
LONGLEY_PARAMS = (
    -3482258.63459582,
    15.0618722713733,
    -0.358191792925910e-01,
    -2.02022980381683,
    -1.03322686717359,
    -0.511041056535807e-01,
    1829.15146461355,
)
LONGLEY_ERRORS = (
    890420.383607373,
    84.9149257747669,
    0.334910077722432e-01,
    0.488399681651699,
    0.214274163161675,
    0.226073200069370,
    455.478499142212,
)
LONGLEY_RESIDUAL_SD = 304.854073561965


def digits(found: float, expected: float) -> float:
    """Number of digits that agree: -log10 of the relative error."""
    error = abs(found - expected) / abs(expected)
    return -math.log10(error) if error else math.inf


def scores(mean: float, spread: float, rows: int = 2000) -> pd.DataFrame:
    """Three columns about ``mean``, rounded to doubles there, in 7 schools of different levels."""
    rng = np.random.default_rng(11)
    school = rng.integers(7, size=rows)
    level = mean + spread * 0.3 * school
    x1 = level + rng.normal(0, spread, rows)
    x2 = 0.9 * (x1 - level) + level + rng.normal(0, 0.2 * spread, rows)
    y = level + rng.normal(0, spread, rows)
    weight = rng.integers(1, 9, rows) / 8.0
    return pd.DataFrame({"school": school, "weight": weight, "x1": x1, "x2": x2, "y": y})


def exact_moments(rows: pd.DataFrame, weight: str | None) -> np.ndarray:
    """Weighted products about the exact means of the doubles as they are (3, 3), rounded once at the end."""
    w = [Fraction(value) for value in (rows[weight] if weight else np.ones(len(rows)))]
    columns = []
    for name in ("x1", "x2", "y"):
        values = [Fraction(value) for value in rows[name]]
        mean = sum(a * v for a, v in zip(w, values, strict=True)) / sum(w)
        columns.append([v - mean for v in values])
    return np.array(
        [
            [float(sum(a * u * v for a, u, v in zip(w, left, right, strict=True))) for right in columns]
            for left in columns
        ]
    )


def moments(products: np.ndarray) -> np.ndarray:
    """Products about the means, from those about the shifts."""
    return products[1:, 1:] - np.outer(products[0, 1:], products[0, 1:]) / products[0, 0]


def largest_error(found: np.ndarray, exact: np.ndarray) -> float:
    """Largest error over the root of the two squares that belong to a product."""
    size = np.sqrt(np.diag(exact))
    return float(np.abs((found - exact) / np.outer(size, size)).max())


@pytest.mark.parametrize("weight", [None, "weight"])
@pytest.mark.parametrize(("mean", "spread"), [(1e3, 1.0), (1e3, 1e-3), (1e8, 1.0), (1e8, 1e-2), (-1e8, 30.0)])
def test_moments_of_scores_far_from_0_equal_exact_fractions(
    mean: float, spread: float, weight: str | None
) -> None:
    rows = scores(mean, spread)
    design = Design.of_columns("y", ["x1", "x2"], ["school"], weight=weight)
    sums = cross_products(connection_with(rows), "frame", design)
    # some 40 roundings of 1e-16 on the way through 2,000 rows
    assert largest_error(moments(sums.products.sum(axis=0)), exact_moments(rows, weight)) <= 1e-13
    for school, products in enumerate(sums.products):
        of_school = exact_moments(rows[rows["school"] == school], weight)
        assert largest_error(moments(products), of_school) <= 1e-13


@pytest.mark.parametrize("mean", [1e3, 1e8])
def test_adding_shards_of_different_levels_costs_no_digits(mean: float) -> None:
    rows = pd.concat([scores(mean + 40.0 * shard, 1.0, 400) for shard in range(5)])
    design = Design.of_columns("y", ["x1", "x2"], ["school"])
    shards = [
        cross_products(connection_with(rows.iloc[start : start + 400]), "frame", design)
        for start in range(0, 2000, 400)
    ]
    assert len({tuple(shard.shifts) for shard in shards}) == 5
    exact = exact_moments(rows, None)
    for order in ([0, 1, 2, 3, 4], [4, 0, 3, 1, 2]):
        added = shards[order[0]]
        for at in order[1:]:
            added = added + shards[at]
        assert largest_error(moments(added.products.sum(axis=0)), exact) <= 1e-13


def test_small_shard_far_off_does_not_set_the_level_of_the_sum() -> None:
    rows = pd.concat([scores(1e8, 1.0, 5), scores(0.0, 1.0, 2000)])
    rows["school"] += np.where(rows["x1"] > 1e7, 100, 0)
    design = Design.of_columns("y", ["x1", "x2"], ["school"])
    far, near = (
        cross_products(connection_with(part), "frame", design) for part in (rows.iloc[:5], rows.iloc[5:])
    )
    for added in (far + near, near + far):
        # The mean is 5 / 2,005 x 1e8 = 2.5e5, and squares of the near rows about it are 6e10 times those
        # about their own: 11 of 16 digits go. About the far mean it would be 1e16 times, and all.
        for school, products in zip(added.ids[0], added.products, strict=True):
            exact = exact_moments(rows[rows["school"] == school], None)
            assert school >= 100 or largest_error(moments(products), exact) <= 1e-4


def longley() -> CrossProducts:
    from statsmodels.datasets import longley as module

    data = module.load_pandas().data.astype(float)
    connection = connection_with(data.rename(columns=str.lower))
    columns = ["gnpdefl", "gnp", "unemp", "armed", "pop", "year"]
    return cross_products(connection, "frame", Design.of_columns("totemp", columns, []))


def test_longley_agrees_with_the_certified_values_to_9_digits() -> None:
    sums = longley()
    fit = fit_least_squares(sums)
    found = [
        *(digits(a, b) for a, b in zip(fit.params, LONGLEY_PARAMS, strict=True)),
        *(digits(a, b) for a, b in zip(np.sqrt(np.diag(fit.cov_params)), LONGLEY_ERRORS, strict=True)),
        digits(math.sqrt(fit.sigma2), LONGLEY_RESIDUAL_SD),
    ]
    assert min(found) >= 9.0, f"condition number {sums.condition_number():.3g}, digits {np.round(found, 1)}"


def filip() -> tuple[list[Fraction], list[Fraction]]:
    pairs = [pair.split() for pair in FILIP.replace("\n", " ").split(",")]
    return [Fraction(y) for y, _ in pairs], [Fraction(x) for _, x in pairs]


def orthogonal_polynomials(
    x: list[Fraction], degree: int
) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
    """Values at x of polynomials that are orthogonal over x, and their coefficients, without rounding.

    The three-term recurrence: p_k+1 = (x - a_k) p_k - b_k p_k-1.
    """
    values, coefficients, squares = [[Fraction(1)] * len(x)], [[Fraction(1)]], [Fraction(len(x))]
    for k in range(degree):
        p, c = values[-1], coefficients[-1]
        a = sum(t * v * v for t, v in zip(x, p, strict=True)) / squares[-1]
        b = squares[-1] / squares[-2] if k else Fraction(0)
        before, before_c = (values[-2], coefficients[-2]) if k else ([Fraction(0)] * len(x), [])
        values.append([(t - a) * v - b * u for t, v, u in zip(x, p, before, strict=True)])
        longer, older = [*c, Fraction(0)], [*before_c, *[Fraction(0)] * (k + 2 - len(before_c))]
        coefficients.append(
            [s - a * t - b * u for s, t, u in zip([Fraction(0), *c], longer, older, strict=True)]
        )
        squares.append(sum((v * v for v in values[-1]), Fraction(0)))
    return values, coefficients


def exact_coefficients(y: list[Fraction], x: list[Fraction], degree: int) -> list[float]:
    """Least squares in the powers of x, rounded once at the end."""
    values, coefficients = orthogonal_polynomials(x, degree)
    along = [sum(v * t for v, t in zip(p, y, strict=True)) / sum(v * v for v in p) for p in values]
    return [
        float(sum(along[k] * coefficients[k][j] for k in range(j, degree + 1))) for j in range(degree + 1)
    ]


def test_filip_data_are_those_of_the_certified_values() -> None:
    # the certified values have 15 digits
    assert exact_coefficients(*filip(), 10) == pytest.approx(FILIP_PARAMS, rel=1e-14)


def in_raw_powers(degree: int) -> CrossProducts:
    y, x = filip()
    powers = {f"x{k}": [float(t) ** k for t in x] for k in range(1, degree + 1)}
    connection = connection_with(pd.DataFrame({**powers, "y": [float(t) for t in y]}))
    return cross_products(connection, "frame", Design.of_columns("y", list(powers), []))


@pytest.mark.parametrize("degree", [7, 8, 9, 10])
def test_filip_in_raw_powers_is_refused_by_name(degree: int) -> None:
    sums = in_raw_powers(degree)
    with pytest.raises(RankDeficientError, match=r"x7 \(determined by x1, x2") as caught:
        fit_least_squares(sums)
    assert set(caught.value.columns) <= {f"x{k}" for k in range(2, 11)}
    assert sums.condition_number() > 1e6


def test_filip_of_degree_6_keeps_too_few_digits_of_its_residual() -> None:
    with pytest.raises(ExactFitError, match="nearly dependent"):
        fit_least_squares(in_raw_powers(6))


@pytest.mark.parametrize("degree", range(1, 6))
def test_digits_lost_are_twice_the_logarithm_of_the_condition_number(degree: int) -> None:
    sums = in_raw_powers(degree)
    condition = sums.condition_number()
    y, x = filip()
    expected = exact_coefficients(y, x, degree)
    fit = fit_least_squares(sums)
    found = min(digits(a, b) for a, b in zip(fit.params, expected, strict=True))
    assert found >= 15.0 - 2.0 * math.log10(condition), f"condition {condition:.3g}: {found:.1f} digits"


def test_filip_in_orthogonal_polynomials_agrees_with_the_certified_values() -> None:
    y, x = filip()
    values, coefficients = orthogonal_polynomials(x, 10)
    columns = {f"p{k}": [float(v) for v in values[k]] for k in range(1, 11)}
    connection = connection_with(pd.DataFrame({**columns, "y": [float(t) for t in y]}))
    sums = cross_products(connection, "frame", Design.of_columns("y", list(columns), []))
    fit = fit_least_squares(sums)
    condition = f"condition number {sums.condition_number():.3g}"
    assert digits(math.sqrt(fit.sigma2), FILIP_RESIDUAL_SD) >= 10.0, condition
    along = [Fraction(float(value)) for value in fit.params]
    params = [float(sum(along[k] * coefficients[k][j] for k in range(j, 11))) for j in range(11)]
    # x = 0 lies far from -9 to -3: p10(0) is 1e5 times what it is among the data
    assert min(digits(a, b) for a, b in zip(params, FILIP_PARAMS, strict=True)) >= 7.0, condition
