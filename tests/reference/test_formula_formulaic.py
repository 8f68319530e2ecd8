"""Compiled formulas have the columns of formulaic.model_matrix: names, order and values."""

from __future__ import annotations

import warnings
from functools import cache

import duckdb
import numpy as np
import pandas as pd
import pytest
from formulaic import Formula, model_matrix
from formulaic.errors import FormulaicError
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.estimation.formulas.compiler import FormulaError, compile_formula
from transforms.estimation.sums.crossproducts import FloatArray
from transforms.estimation.sums.design import Terms

SCHOOLS = ["b", "a", "x'; DROP TABLE frame; --", 'the "old" {0} $f_1 % \\ é', "10", "9"]


@cache
def table() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    n = 200
    scores = np.minimum(rng.normal(500.0, 40.0, n).round(), 520.0)  # three in ten pupils at the ceiling
    return pd.DataFrame(
        {
            "y": rng.gamma(3.0, 10.0, n),
            "x": rng.normal(-1.0, 3.0, n),
            "z": rng.normal(1e6, 5.0, n),
            "score": scores,
            "hours": rng.integers(0, 40, n),
            "hours:coaching": rng.gamma(2.0, 5.0, n),
            "school": rng.choice(SCHOOLS, n),
            "band": pd.Categorical(rng.choice(["low", "mid", "high"], n), ["low", "mid", "high"]),
            "grade": rng.choice([3, 4, 10], n),
            "novice": rng.random(n) < 0.3,
        }
    )


@cache
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.register("pandas_frame", table())
    connection.execute("create table frame as select * from pandas_frame")
    return connection


def matrix(terms: Terms) -> FloatArray:
    """Response and columns (rows, columns), all in one query."""
    columns = [terms.response, *terms.columns]
    parameters = {name: value for column in columns for name, value in column.parameters.items()}
    selected = ", ".join(f"{column.sql} as c{i}" for i, column in enumerate(columns))
    found = database().execute(f"select {selected} from frame", parameters).fetchnumpy()
    return np.column_stack([np.ma.filled(found[f"c{i}"], np.nan) for i in range(len(columns))])


def assert_equals_formulaic(formula: str, tolerance: float) -> None:
    terms = compile_formula(database(), "frame", formula)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        expected = model_matrix(formula, table())
    columns = [name for name in expected.rhs.columns if name != "Intercept"]
    assert [column.name for column in terms.columns] == columns
    assert terms.response.name == expected.lhs.columns[0]
    assert terms.has_intercept == ("Intercept" in expected.rhs.columns)
    values = np.column_stack([expected.lhs, expected.rhs[columns]]).astype(np.float64)
    scale = np.maximum(1.0, np.abs(values).max(axis=0))
    np.testing.assert_array_less(np.abs(matrix(terms) - values) / scale, tolerance)


FORMULAS = [
    "y ~ 1",
    "y ~ x + z + hours + novice",
    "y ~ x*z - x",
    "y ~ school",
    "y ~ 0 + school",
    "y ~ band + school - 1",
    "y ~ school*grade",
    "y ~ school:x",
    "y ~ 0 + x + school:C(grade)",
    "y ~ (x + school + band)**2",
    "y ~ school/x + band/novice",
    "y ~ x %in% school",
    "y ~ school*novice + C(novice):school",
    "y ~ school:band + band",
    "y ~ x:z:hours + 3:x + 0.5:school",
    "y ~ `hours:coaching` + log(`hours:coaching`) + `hours:coaching`:school",
    "y ~ C(school)",
    'y ~ C(school, contr.treatment("x\'; DROP TABLE frame; --"))',
    "y ~ C(school, contr.treatment(base='b')) + C(grade, contr.treatment(10))",
    'y ~ C(school, Treatment("b")) + C(grade, Sum) + C(band, contr.SAS)',
    "y ~ C(school, contr.sum)*x + C(grade, contr.helmert)",
    "y ~ 0 + C(school, contr.sum) + C(band, contr.helmert(reverse=False, scale=True))",
    "y ~ C(band, contr.poly) + C(school, contr.diff):x + C(grade, contr.poly(scores=[3, 4, 10]))",
    "y ~ C(novice) + C(x > 0)*novice",
    "log(y) ~ I(x**2) + {x + 1} + {x} + np.exp(x) + np.sqrt(hours) + np.abs(x) + abs(x)",
    "np.log1p(y) ~ log10(y) + log2(y) + np.log1p(hours) + np.power(x, 3) + I(-x / 3)",
    "y ~ I((x - 1) / (z + 2) * hours ** 0.5 - +x) + I(2 ** x) + I(x ** -1)",
    "y ~ np.maximum(hours - 14, 0) + np.minimum(x, hours) + np.where(x > 1, x, -hours)",
    "y ~ I(hours > 14) + I((x > 0) & (hours <= 3)) + I(~(x >= 0)) + I((x < 0) | novice)",
    'y ~ I(school == "a") + I("b" != school):x + I(novice * x) + I(novice * (x > 0)) + I(hours == 3)',
    "y ~ center(x) + scale(hours) + standardize(x) + center(novice) + center(log(y)):school",
    "y ~ scale(x, center=False) + scale(hours, ddof=2) + scale(x, 2, 3) + scale(x, scale=False)",
    "y ~ I(center(x)**2) + standardize(x, rescale=False) + np.maximum(scale(x), 0)",
    "y ~ bs(x, df=5)",
    "y ~ bs(hours, df=6, degree=2) + bs(x, df=6, include_intercept=True)",
    "y ~ 0 + bs(x, df=6, include_intercept=True)",
    "y ~ bs(x, knots=[-1, 0.5], degree=1):school + bs(log(y), df=4)",
    "y ~ bs(x, knots=[-1, 0.5], lower_bound=-20, upper_bound=20) + bs(hours) + bs(hours, knots=[5, 5, 9])",
    "y ~ bs(score, df=8) + bs(score, df=9, include_intercept=True):novice",
    "y ~ poly(x, 3) + poly(hours, 2)*school + poly(x) + poly(novice, 1)",
    "y ~ poly(x, 3, raw=True) + poly(log(y), degree=4)",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_columns_are_those_of_formulaic(formula: str) -> None:
    assert_equals_formulaic(formula, tolerance=1e-12)


@pytest.mark.parametrize(
    "formula", ["y ~ center(z) + scale(z)", "y ~ bs(z, df=7)", "y ~ poly(z, 3)", "y ~ scale(z):school"]
)
def test_columns_of_a_large_mean_are_those_of_formulaic(formula: str) -> None:
    # The mean is 2e5 standard deviations: formulaic's own sums have lost 5 digits of 16.
    assert_equals_formulaic(formula, tolerance=1e-12 * 2e5)


def test_absorbed_factors_leave_the_columns_as_with_an_intercept() -> None:
    terms = compile_formula(database(), "frame", "y ~ 0 + school*x + C(grade) | band + novice")
    expected = model_matrix("y ~ school*x + C(grade)", table()).rhs.drop(columns="Intercept")
    assert [column.name for column in terms.columns] == list(expected.columns)
    np.testing.assert_array_equal(matrix(terms)[:, 1:], expected.to_numpy(np.float64))


def test_ceiling_of_scores_is_a_knot_at_the_upper_bound() -> None:
    quantiles = np.quantile(table()["score"], np.linspace(0, 1, 7))
    assert quantiles[-2] == quantiles[-1]  # what makes bs(score, df=8) a case of its own


NUMBERS = ["x", "hours", "novice", "`hours:coaching`", "I(x ** 2)", "np.maximum(hours - 14, 0)", "center(x)"]
SEVERAL = ["bs(x, df=4)", "bs(x, df=5, include_intercept=True)", "poly(hours, 2)"]
FACTORS = ["school", "band", "C(grade)", "C(novice)", "C(band, contr.sum)", "C(school, contr.helmert)"]


def joined(terms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from([" + ", ":", "*", "/", " - ", " + 0 + ", " - 1 + "])
    pair = st.tuples(terms, operators, terms).map(lambda drawn: f"({drawn[0]}{drawn[1]}{drawn[2]})")
    return pair | terms.map(lambda term: f"({term})**2")


@settings(max_examples=200, deadline=None)
@given(st.recursive(st.sampled_from([*NUMBERS, *FACTORS, *SEVERAL]), joined, max_leaves=3))
def test_any_composed_formula_has_the_columns_of_formulaic(terms: str) -> None:
    formula = f"y ~ {terms}"
    try:
        Formula(formula)
    except (FormulaicError, TypeError):  # it has no error of its own for (x - x)/z
        with pytest.raises(FormulaError):
            compile_formula(database(), "frame", formula)
    else:
        assert_equals_formulaic(formula, tolerance=1e-12)
