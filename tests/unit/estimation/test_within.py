from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.unit.estimation.frames import frame
from transforms.estimation.errors import EstimationError
from transforms.estimation.linear import within
from transforms.estimation.linear.least_squares import ExactFitError, TooFewObservationsError
from transforms.estimation.linear.within import (
    TooManyLevelsError,
    WithinRankError,
    absorbed,
    fit_within,
    level_effects,
    with_factor,
)
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Column, Design, Terms
from transforms.estimation.sums.summation import cross_products

COLUMNS = "school text, teacher text, year integer, weight double, x double, z double, y double"
# t1 teaches in both schools; t3 has one row
ROWS = [
    ("a", "t1", 2020, 1.0, 1.0, 5.0, 2.0),
    ("a", "t1", 2021, 0.5, 2.0, 5.0, 3.0),
    ("a", "t2", 2020, 1.0, 4.0, 7.0, 5.0),
    ("a", "t2", 2022, 2.0, 5.0, 7.0, 9.0),
    ("b", "t1", 2021, 1.0, 6.0, 5.0, 3.0),
    ("b", "t3", 2022, 1.0, 9.0, 8.0, 1.0),
]


def sums_of(
    rows: Sequence[tuple[object, ...]],
    columns: list[str],
    groups: tuple[str, ...] = ("teacher", "school"),
    weight: str | None = None,
) -> CrossProducts:
    design = Design.of_columns("y", columns, groups, weight=weight)
    return cross_products(frame(COLUMNS, rows), "frame", design)


def test_teacher_in_two_schools_is_one_level() -> None:
    fit = fit_within(sums_of(ROWS, ["x"]), "teacher")
    # t1: x 1 2 6 about 3: -2 -1 3, y 2 3 3 about 8/3; t2: x -.5 .5, y -2 2; t3 nothing
    # xy = (-2 x 2 - 3 + 9) + 2 = 4; xx = 14 + .5
    np.testing.assert_allclose(fit.params, [4 / 14.5], rtol=1e-14)
    assert (fit.names, fit.n_absorbed, fit.df_resid) == (("x",), 3, 2.0)  # 6 - 1 - 3
    # yy = 2/3 + 8
    squares = 26 / 3 - 16 / 14.5
    assert fit.sigma2 == pytest.approx(squares / 2, rel=1e-13)
    assert fit.r_squared == pytest.approx(16 / 14.5 / (26 / 3), rel=1e-13)
    np.testing.assert_allclose(fit.cov_params, [[squares / 2 / 14.5]], rtol=1e-13)
    assert fit.method == "Within teacher"


@pytest.mark.parametrize("weight", [None, "weight"])
def test_absorbed_products_by_school_are_those_of_deviations_from_the_teachers_means(
    weight: str | None,
) -> None:
    products = absorbed(sums_of(ROWS, ["x"], weight=weight), "teacher")
    rows = np.array([(w if weight else 1.0, x, y) for _, _, _, w, x, _, y in ROWS])
    w, values = rows[:, 0], rows[:, 1:].copy()
    teachers, schools = (np.array([row[k] for row in ROWS]) for k in (1, 0))
    for teacher in np.unique(teachers):
        at = teachers == teacher
        values[at] -= np.average(values[at], axis=0, weights=w[at])
    for g, school in enumerate("ab"):
        at = schools == school
        expected = values[at].T @ (w[at, None] * values[at])
        np.testing.assert_allclose(products[g, 1:, 1:], expected, atol=1e-13)  # products near 1
    assert not products[:, 0].any()


def test_precisions_are_the_absorbed_products() -> None:
    sums = sums_of(ROWS, ["x"])
    np.testing.assert_array_equal(fit_within(sums, "teacher").precisions(sums), absorbed(sums, "teacher"))


def test_level_of_one_row_changes_no_coefficient_and_is_counted() -> None:
    fit, without = (
        fit_within(sums_of(ROWS, ["x"]), "teacher"),
        fit_within(sums_of(ROWS[:-1], ["x"]), "teacher"),
    )
    np.testing.assert_allclose(fit.params, without.params, rtol=1e-14)
    assert fit.sigma2 == pytest.approx(without.sigma2, rel=1e-13)
    assert fit.details()["Levels of teacher of one row"] == 1
    assert without.details()["Levels of teacher of one row"] == 0


def test_column_without_variation_within_the_factor_is_named() -> None:
    with pytest.raises(WithinRankError, match="z does not vary within teacher") as caught:
        fit_within(sums_of(ROWS, ["x", "z"]), "teacher")
    assert caught.value.columns == ("z",)


def test_column_that_repeats_another_within_the_factor_is_named() -> None:
    rows = [(s, t, year, w, x, 2 * x + 100 * int(t[1]), y) for s, t, year, w, x, _, y in ROWS]
    with pytest.raises(WithinRankError, match="z is determined by x within teacher"):
        fit_within(sums_of(rows, ["x", "z"]), "teacher")


def test_column_that_varies_little_within_the_factor_is_estimated() -> None:
    # 1e-4 of a spread of about 3 between the teachers
    rows = [(s, t, year, w, 1e-4 * x + 3.0 * int(t[1]), z, y) for s, t, year, w, x, z, y in ROWS]
    fit = fit_within(sums_of(rows, ["x"]), "teacher")
    # the level's means take 4 of the 16 digits of each value, and twice as many of its square
    np.testing.assert_allclose(fit.params, [4 / 14.5 * 1e4], rtol=1e-7)


def test_response_without_variation_within_the_factor_is_an_error() -> None:
    rows = [(s, t, year, w, x, z, 0.3 * int(t[1])) for s, t, year, w, x, z, _ in ROWS]
    with pytest.raises(ExactFitError, match="residual of y is lost in rounding"):
        fit_within(sums_of(rows, ["x"]), "teacher")


def test_levels_that_use_up_the_observations_are_an_error() -> None:
    message = "4 observations are too few for 1 coefficients and 3 absorbed fixed effects"
    with pytest.raises(TooFewObservationsError, match=message):
        fit_within(sums_of([ROWS[0], ROWS[4], ROWS[2], ROWS[5]], ["x"]), "teacher")


def test_model_without_columns_is_an_error() -> None:
    with pytest.raises(EstimationError, match="no columns besides teacher"):
        fit_within(sums_of(ROWS, []), "teacher")


def test_factor_that_the_sums_are_not_by_is_named() -> None:
    with pytest.raises(EstimationError, match="not by year, only by teacher, school"):
        fit_within(sums_of(ROWS, ["x"]), "year")


def test_fixed_effect_is_the_mean_less_what_the_columns_explain() -> None:
    sums = sums_of(ROWS, ["x"])
    effects = level_effects(sums, fit_within(sums, "teacher"))
    slope = 4 / 14.5
    # means of (x, y): t1 (3, 8/3), t2 (4.5, 7), t3 (9, 1)
    np.testing.assert_allclose(effects.estimates, [8 / 3 - 3 * slope, 7 - 4.5 * slope, 1 - 9 * slope])
    assert effects.ids.tolist() == ["t1", "t2", "t3"]
    assert effects.n_rows.tolist() == [3, 2, 1]
    weighted = sums_of(ROWS, ["x"], weight="weight")
    assert level_effects(weighted, fit_within(weighted, "teacher")).weights.tolist() == [2.5, 3.0, 1.0]


def test_factor_of_one_level_adds_no_column() -> None:
    sums = sums_of(ROWS[:2], ["x"])
    made = with_factor(sums, "teacher")
    assert made.names == sums.names
    np.testing.assert_array_equal(made.products, sums.products)


@pytest.mark.parametrize("cluster", ["school", "teacher"])
def test_dummies_from_sums_equal_dummies_from_rows(cluster: str) -> None:
    groups = ("year", "teacher", "school")
    design = Design.of_columns("y", ["x"], groups, weight="weight", cluster=cluster)
    connection = frame(COLUMNS, ROWS)
    made = with_factor(with_factor(cross_products(connection, "frame", design), "year"), "teacher")
    dummies = [(f"year[{year}]", f"year = {year}") for year in (2021, 2022)]
    dummies += [(f"teacher[{teacher}]", f"teacher = '{teacher}'") for teacher in ("t2", "t3")]
    columns = tuple(Column(name, f"CAST({test} AS INTEGER)") for name, test in dummies)
    terms = Terms(design.terms.response, (*design.terms.columns, *columns))
    rows = cross_products(connection, "frame", replace(design, terms=terms)).about(made.shifts)
    assert made.names == rows.names == ("intercept", "x", *(name for name, _ in dummies), "y")
    np.testing.assert_allclose(made.sums, rows.sums, atol=1e-13)  # sums of a few numbers below 10
    np.testing.assert_allclose(made.products, rows.products, atol=1e-13)
    made.verify()


def test_factor_absorbed_or_as_columns_gives_the_same_fit() -> None:
    sums = sums_of(ROWS, ["x"])
    by_teacher = fit_within(with_factor(sums, "school"), "teacher")
    by_school = fit_within(with_factor(sums, "teacher"), "school")
    assert by_teacher.names == ("x", "school[b]")
    assert by_school.names == ("x", "teacher[t2]", "teacher[t3]")
    assert by_teacher.df_resid == by_school.df_resid == 1.0  # 6 - 1 - (3 + 2 - 1)
    assert by_teacher.params[0] == pytest.approx(by_school.params[0], rel=1e-12)
    assert by_teacher.std_errors[0] == pytest.approx(by_school.std_errors[0], rel=1e-12)


def test_levels_that_do_not_fit_into_memory_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    sums = sums_of(ROWS, ["x"], ("year", "school"))
    # 2 levels: 4 cells x 2 x 8 = 64 bytes; 2 clusters x (3 + 2)^2 x 8 = 400
    monkeypatch.setattr(within, "_LARGEST_BYTES", 400)
    with_factor(sums, "year")
    monkeypatch.setattr(within, "_LARGEST_BYTES", 399)
    with pytest.raises(TooManyLevelsError, match="2 levels of year as columns"):
        with_factor(sums, "year")


def test_dummies_of_sums_that_know_other_levels_do_not_add() -> None:
    groups = ("year", "school")
    first = with_factor(sums_of([ROWS[0], ROWS[5]], ["x"], groups), "year")
    second = with_factor(sums_of([ROWS[1], ROWS[5]], ["x"], groups), "year")
    assert first.names == second.names  # year[2022], above 2020 in the one and 2021 in the other
    with pytest.raises(EstimationError, match=r"year\[2022\]"):
        first + second
