"""The one call against statsmodels' own formulas on the same rows."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from transforms.estimation.errors import EstimationError
from transforms.estimation.estimate import estimate
from transforms.estimation.linear import within


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    n = 600
    teacher = rng.integers(0, 40, n)
    frame = pd.DataFrame(
        {
            "school": [f"s{t % 12}" for t in teacher],
            "teacher": [f"t{t}" for t in teacher],
            "year": rng.integers(2021, 2024, n),
            "grade": rng.choice(["3", "4", "5"], n),
            "prior": rng.normal(650, 40, n),
            "hours": rng.gamma(2, 5, n),
            "weight": rng.integers(1, 4, n).astype(float),
        }
    )
    noise = rng.normal(0, 8, n) + rng.normal(0, 3, 40)[teacher]
    return frame.assign(score=20 + 0.9 * frame["prior"] + 0.2 * frame["hours"] + noise)


@pytest.fixture
def connection(rows: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect()
    opened.register("given", rows)
    opened.execute("create table frame as select * from given")
    return opened


FORMULA = "score ~ hours + I((prior - 650) ** 2) + prior * C(grade)"


def test_ordinary_least_squares_is_that_of_statsmodels(
    connection: duckdb.DuckDBPyConnection, rows: pd.DataFrame
) -> None:
    ours = estimate(connection, "frame", FORMULA)
    theirs = smf.ols(FORMULA, rows).fit()
    names = ["Intercept" if name == "intercept" else name for name in ours.params.index]
    # solving the normal equations loses twice the digits that the columns' near dependence costs
    np.testing.assert_allclose(ours.params, theirs.params[names], rtol=1e-7)
    np.testing.assert_allclose(ours.bse, theirs.bse[names], rtol=1e-7)
    test = ours.t_test("C(grade)[T.4] - C(grade)[T.5] = 0")
    other = theirs.t_test("C(grade)[T.4] - C(grade)[T.5] = 0")
    np.testing.assert_allclose(test.tvalue, other.tvalue, rtol=1e-7)
    np.testing.assert_allclose(test.pvalue, other.pvalue, rtol=1e-6)


def test_weights_and_clusters_are_those_of_statsmodels(
    connection: duckdb.DuckDBPyConnection, rows: pd.DataFrame
) -> None:
    ours = estimate(
        connection,
        "frame",
        "score ~ prior + hours",
        clusters=["school"],
        correction="CR1S",
        weight="weight",
        weight_kind="precision",
    )
    model = smf.wls("score ~ prior + hours", rows, weights=rows["weight"])
    theirs = model.fit(cov_type="cluster", cov_kwds={"groups": rows["school"]}, use_t=True)
    np.testing.assert_allclose(ours.params, theirs.params, rtol=1e-9)
    np.testing.assert_allclose(ours.bse, theirs.bse, rtol=1e-9)
    np.testing.assert_allclose(ours.conf_int(), theirs.conf_int(), rtol=1e-9)


def test_fixed_effects_are_the_dummies_of_statsmodels(
    connection: duckdb.DuckDBPyConnection, rows: pd.DataFrame
) -> None:
    ours = estimate(connection, "frame", "score ~ prior + hours | teacher + year")
    theirs = smf.ols("score ~ prior + hours + C(teacher) + C(year)", rows).fit()
    np.testing.assert_allclose(ours.params[["prior", "hours"]], theirs.params[["prior", "hours"]], rtol=1e-8)
    np.testing.assert_allclose(ours.bse[["prior", "hours"]], theirs.bse[["prior", "hours"]], rtol=1e-8)


def test_random_intercepts_by_school_and_teacher(connection: duckdb.DuckDBPyConnection) -> None:
    ours = estimate(
        connection, "frame", "score ~ prior + hours", random=["teacher", "school"], clusters=["school"]
    )
    assert "CR2 by school" in str(ours.summary())
    low, high = ours.conf_int().loc["prior"]
    assert low < 0.9 < high  # the planted slope
    assert ours.to_frame()["df"].between(1, 12).all()


def test_clusters_may_be_wider_than_the_random_levels(connection: duckdb.DuckDBPyConnection) -> None:
    by_teacher = estimate(connection, "frame", "score ~ prior", random=["teacher"], clusters=["teacher"])
    by_school = estimate(connection, "frame", "score ~ prior", random=["teacher"], clusters=["school"])
    # the same model, other standard errors
    np.testing.assert_allclose(by_school.params, by_teacher.params, rtol=1e-9)
    assert "CR2 by school" in str(by_school.summary())
    assert by_school.to_frame()["df"].max() < 12 < by_teacher.to_frame()["df"].max()


def test_clusters_of_two_columns(connection: duckdb.DuckDBPyConnection) -> None:
    ours = estimate(connection, "frame", "score ~ prior + hours", clusters=["school", "year"])
    assert "CR1S by school and year" in str(ours.summary())


@pytest.mark.parametrize(
    ("formula", "options", "message"),
    [
        ("score ~ prior | teacher", {"random": ["school"]}, "two models"),
        (
            "score ~ prior",
            {"random": ["teacher", "school"], "clusters": ["teacher"]},
            "outermost groups, school, or one column",
        ),
        ("score ~ prior", {"clusters": ["school", "year"], "correction": "CR2"}, "CR0, CR1 or CR1S"),
        ("score ~ priors", {}, "prior"),
    ],
)
def test_what_is_not_to_be_had_is_said(
    connection: duckdb.DuckDBPyConnection, formula: str, options: dict[str, object], message: str
) -> None:
    with pytest.raises(EstimationError, match=message):
        estimate(connection, "frame", formula, **options)


def test_levels_beyond_memory_leave_one_kind_of_robust_errors(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(within, "_LARGEST_BYTES", 100)
    formula = "score ~ prior + hours | teacher + year"
    with pytest.raises(EstimationError, match="CR1S by one column then, not CR2 by school"):
        estimate(connection, "frame", formula, clusters=["school"])
    read = estimate(connection, "frame", formula, clusters=["school"], correction="CR1S")
    assert "pyfixest, rows read" in str(read.summary())
