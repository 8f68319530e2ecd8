from __future__ import annotations

import numpy as np
import pytest

from tests.reference.dense_mixed import connection_with, nested_frame
from tests.unit.estimation.frames import frame
from transforms.estimation.errors import EstimationError
from transforms.estimation.mixed.fit import fit_mixed
from transforms.estimation.mixed.intervals import variance_intervals
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Design
from transforms.estimation.sums.summation import cross_products

# three schools of two rows: means 2, 5, 11, pairs 2 apart, so that the variances are 20 and 2
PAIRS = [
    ("a", -1.0, 1.0),
    ("a", 1.0, 3.0),
    ("b", 1.0, 4.0),
    ("b", -1.0, 6.0),
    ("c", -1.0, 10.0),
    ("c", 1.0, 12.0),
]


def sums_of(rows: list[tuple[str, float, float]], columns: list[str]) -> CrossProducts:
    connection = frame("school text, x double, y double", rows)
    return cross_products(connection, "frame", Design.of_columns("y", columns, ["school"]))


def test_intercept_of_balanced_groups_has_the_groups_less_one_degrees_of_freedom() -> None:
    fit = fit_mixed(sums_of(PAIRS, []))
    # its variance is the mean square between, of 3 - 1 degrees of freedom, over 6
    assert fit.df_for(np.array([[1.0]])) == pytest.approx([2.0], rel=1e-6)


def test_column_within_balanced_groups_has_the_degrees_of_freedom_within() -> None:
    fit = fit_mixed(sums_of(PAIRS, ["x"]))
    # its variance is the mean square within over 6: 6 rows - 3 means - 1 slope
    assert fit.df_for(np.eye(2)) == pytest.approx([2.0, 2.0], rel=1e-6)


def test_degrees_of_freedom_depend_on_neither_the_units_nor_the_origin_of_a_column() -> None:
    rows = [(school, 1000.0 + 0.01 * x, y) for school, x, y in PAIRS[:-1]] + [("c", 1000.02, 11.0)]
    other = [(school, (x - 1000.0) * 100.0, y) for school, x, y in rows]
    first, second = fit_mixed(sums_of(rows, ["x"])), fit_mixed(sums_of(other, ["x"]))
    at_1000 = first.df_for(np.array([[1.0, 1000.0], [0.0, 1.0]]))
    # 1000.01 has lost 3 of the 16 digits of .01, and 5 more go into the variance of the intercept at 1000
    assert at_1000 == pytest.approx(second.df_for(np.eye(2)), rel=1e-5)


def test_contrast_of_nothing_has_no_degrees_of_freedom() -> None:
    fit = fit_mixed(sums_of(PAIRS, ["x"]))
    assert fit.df_for(np.zeros((1, 2))).tolist() == [0.0]


def test_interval_of_a_variance_of_zero_begins_at_zero() -> None:
    rows = [
        ("a", 0.0, 1.0),
        ("a", 0.0, 3.0),
        ("b", 0.0, 1.5),
        ("b", 0.0, 2.5),
        ("c", 0.0, 1.0),
        ("c", 0.0, 3.1),
    ]
    sums = sums_of(rows, [])
    school, residual = variance_intervals(sums, fit_mixed(sums))
    assert (school.group_name, school.std_dev, school.low) == ("school", 0.0, 0.0)
    assert 0.0 < school.high < np.inf
    assert 0.0 < residual.low < residual.std_dev < residual.high


def test_wider_level_gives_a_wider_interval() -> None:
    data = nested_frame(seed=1)
    sums = cross_products(
        connection_with(data), "frame", Design.of_columns("y", ["x1"], ["teacher", "school"])
    )
    fit = fit_mixed(sums)
    for narrow, wide in zip(
        variance_intervals(sums, fit, 0.5), variance_intervals(sums, fit, 0.99), strict=True
    ):
        assert wide.low <= narrow.low <= narrow.std_dev < narrow.high < wide.high


def test_likelihood_that_falls_too_slowly_gives_no_upper_limit() -> None:
    rows = [("a", 0.0, 1.0), ("a", 0.0, 3.0), ("b", 0.0, 9.0), ("b", 0.0, 8.0)]
    sums = sums_of(rows, [])
    school, residual = variance_intervals(sums, fit_mixed(sums), level=1.0 - 1e-13)
    # two schools: the restricted deviance rises as log variance, 7.4^2 = 55 being out of reach
    assert school.high == np.inf
    assert residual.high < np.inf


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, -0.95, np.nan])
def test_level_outside_0_and_1_is_refused(level: float) -> None:
    sums = sums_of(PAIRS, ["x"])
    with pytest.raises(EstimationError, match=f"level is above 0 and below 1, not {level:g}"):
        variance_intervals(sums, fit_mixed(sums), level)


def test_intervals_of_other_sums_are_refused() -> None:
    sums = sums_of(PAIRS, ["x"])
    with pytest.raises(EstimationError, match="not those that the model was fitted to"):
        variance_intervals(sums.select([]), fit_mixed(sums))
