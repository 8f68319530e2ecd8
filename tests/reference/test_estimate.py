"""The one call against statsmodels' own formulas on the same rows."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from transforms.estimation.errors import EstimationError
from transforms.estimation.estimate import estimate
from transforms.estimation.formulas.compiler import compile_formula
from transforms.estimation.linear import within
from transforms.estimation.sums.design import Design
from transforms.estimation.sums.summation import cross_products


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


def test_interaction_after_the_bar_is_one_factor(
    connection: duckdb.DuckDBPyConnection, rows: pd.DataFrame
) -> None:
    ours = estimate(connection, "frame", "score ~ prior + hours | teacher + grade^year")
    theirs = smf.ols("score ~ prior + hours + C(teacher) + C(grade):C(year)", rows).fit()
    np.testing.assert_allclose(ours.params, theirs.params[["prior", "hours"]], rtol=1e-8)
    np.testing.assert_allclose(ours.bse, theirs.bse[["prior", "hours"]], rtol=1e-8)
    assert "Levels of grade^year:" in str(ours.summary())


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
        (
            "score ~ prior",
            {"clusters": ["school", "year"], "correction": "CR2"},
            "take one of CR0, CR1, CR1S",
        ),
        ("score ~ priors", {}, "no column `priors`; did you mean `prior`"),
        ("score ~ prior | grade^yaer", {}, "no column `yaer`; did you mean `year`"),
        ("score ~ prior", {"clusters": ["shcool"]}, "no column `shcool`; did you mean `school`"),
        ("score ~ prior", {"random": ["teachr"]}, "no column `teachr`; did you mean `teacher`"),
        ("score ~ prior", {"clusters": "school"}, r'write clusters=\["school"\]'),
        (
            "score ~ prior",
            {"clusters": ["school"], "correction": "HC3"},
            "CR1S, CR2, not HC3",
        ),
        ("score ~ prior", {"correction": "CR1"}, "CR1 needs clusters"),
        ("score ~ prior", {"is_reml": False}, "is for random intercepts"),
        (
            "score ~ prior",
            {"weight": "weight", "weight_kind": "analytic"},
            "precision, not analytic",
        ),
        ("score ~ prior", {"weight": "wieght"}, "no column `wieght`; did you mean `weight`"),
        ("score ~ prior", {"random": ["school"], "clusters": ["year"]}, "a school lies in several year"),
    ],
)
def test_what_is_not_to_be_had_is_said(
    connection: duckdb.DuckDBPyConnection, formula: str, options: dict[str, object], message: str
) -> None:
    with pytest.raises(EstimationError, match=message):
        estimate(connection, "frame", formula, **options)


@pytest.mark.parametrize(
    ("relation", "message"),
    [("frames", "frames: Catalog Error"), ("(select nothing from frame)", "Binder Error: .*nothing")],
)
def test_relation_that_cannot_be_read_is_one_line(
    connection: duckdb.DuckDBPyConnection, relation: str, message: str
) -> None:
    with pytest.raises(EstimationError, match=message) as caught:
        estimate(connection, relation, "score ~ prior")
    assert "\n" not in str(caught.value)


def test_contrast_of_a_coefficient_that_is_not_there_is_one_line(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    fitted = estimate(connection, "frame", "score ~ prior + hours")
    with pytest.raises(EstimationError, match="the coefficients are intercept, prior, hours") as caught:
        fitted.t_test("hour = 0")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["hugeint", "decimal(30, 0)", "enum", "timestamp", "uuid"])
def test_ids_of_any_type_tell_groups_apart(connection: duckdb.DuckDBPyConnection, kind: str) -> None:
    make = {
        "hugeint": "1000000000000000000000000000000::hugeint + substr(teacher, 2)::int",
        "decimal(30, 0)": "10000000000000000000000000::decimal(30, 0) + substr(teacher, 2)::int",
        "enum": "teacher::teacher_id",
        "timestamp": "timestamp '2020-01-01' + to_seconds(substr(teacher, 2)::int)",
        "uuid": "md5(teacher)::uuid",
    }[kind]
    connection.execute("create type teacher_id as enum (select distinct teacher from frame)")
    connection.execute(f"create view other as select *, {make} as id from frame")
    by_text = estimate(connection, "other", "score ~ prior | teacher", clusters=["teacher"])
    by_id = estimate(connection, "other", "score ~ prior | id", clusters=["id"])
    np.testing.assert_allclose(by_id.bse, by_text.bse, rtol=1e-10)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("year::decimal(10, 1)", "year::decimal(10, 2)"),
        (
            "make_timestamp(year, 1, 1, 0, 0, 0)::timestamptz",
            "make_timestamp(year, 1, 1, 0, 0, 0)::timestamptz",
        ),
    ],
)
def test_ids_of_one_value_are_one_group_over_shards(
    connection: duckdb.DuckDBPyConnection, first: str, second: str
) -> None:
    design = Design.of_columns("score", ["prior"], ["year"])
    shards = []
    for expression, half in ((first, "hours < 10"), (second, "hours >= 10")):
        source = f"(select * replace ({expression} as year) from frame where {half})"
        shards.append(cross_products(connection, source, design))
    assert (shards[0] + shards[1]).n_groups == (3,)


def test_id_that_is_not_a_number_is_no_group(connection: duckdb.DuckDBPyConnection) -> None:
    source = "(select * replace (if(year = 2021, 'nan'::double, year::double) as year) from frame)"
    with pytest.raises(EstimationError, match="nulls in year"):
        estimate(connection, source, "score ~ prior", clusters=["year"])


def test_level_that_the_formula_does_not_know_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    known = compile_formula(connection, "(from frame where grade <> '5')", "score ~ prior + grade")
    with pytest.raises(EstimationError, match="nulls in grade"):
        cross_products(connection, "frame", Design(known, ()))


def test_value_outside_of_a_spline_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    inside = compile_formula(connection, "(from frame where prior < 700)", "score ~ bs(prior, df=5)")
    with pytest.raises(EstimationError, match="nulls in bs"):
        cross_products(connection, "frame", Design(inside, ()))


def test_name_with_a_space_has_to_be_quoted(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute('create table "frame data" as from frame limit 100')
    with pytest.raises(EstimationError, match="is not one name"):
        estimate(connection, "frame data", "score ~ prior")
    assert estimate(connection, '"frame data"', "score ~ prior").n_rows == 100


def test_levels_in_the_wrong_order_show_in_the_summary(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create view crossed as select * replace ('s' || year % 5 || school as school) from frame"
    )
    turned = estimate(connection, "crossed", "score ~ prior", random=["school", "teacher"])
    assert "Different ids of school:" in str(turned.summary())


def test_one_cluster_with_nearly_all_the_information_has_no_degrees_of_freedom(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    source = "(select *, if(school = 's0', 1e10, 1.0) as heavy from frame)"
    fitted = estimate(
        connection, source, "score ~ prior", clusters=["school"], weight="heavy", weight_kind="precision"
    )
    assert fitted.to_frame()["df"].max() < 1.1


def test_column_called_intercept_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create view named as select *, hours as intercept from frame")
    with pytest.raises(EstimationError, match="two columns of one name: intercept"):
        estimate(connection, "named", "score ~ intercept")


def test_levels_of_fixed_effects_are_not_shown(connection: duckdb.DuckDBPyConnection) -> None:
    fitted = estimate(connection, "frame", "score ~ prior + hours | teacher + year", clusters=["school"])
    assert list(fitted.params.index) == ["prior", "hours"]
    assert fitted.cov_params().shape == (2, 2)
    assert fitted.t_test("prior - hours = 0").df_denom > 1


def test_levels_beyond_memory_leave_one_kind_of_robust_errors(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(within, "_LARGEST_BYTES", 100)
    formula = "score ~ prior + hours | teacher + year"
    with pytest.raises(EstimationError, match="with one column of clusters CR1S can be had"):
        estimate(connection, "frame", formula, clusters=["school"])
    read = estimate(connection, "frame", formula, clusters=["school"], correction="CR1S")
    assert "pyfixest, rows read" in str(read.summary())
