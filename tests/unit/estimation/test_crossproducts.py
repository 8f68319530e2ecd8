from __future__ import annotations

import random

import numpy as np
import pytest

from tests.unit.estimation.frames import frame
from transforms.estimation.design import Design
from transforms.estimation.errors import EstimationError
from transforms.estimation.summation import cross_products

COLUMNS = "school text, teacher text, weight double, x double, y double"
ROWS = [
    ("a", "t1", 1.0, 1.0, 2.0),
    ("a", "t1", 0.5, 2.0, 3.0),
    ("a", "t2", 1.0, 4.0, 5.0),
    ("b", "t1", 1.0, 8.0, 1.0),
    ("b", "t1", 1.0, 6.0, 0.0),
]


def test_sums_by_group_are_weighted_and_about_the_shifts() -> None:
    sums = cross_products(
        frame(COLUMNS, ROWS), "frame", Design.of_columns("y", ["x"], ["teacher", "school"], weight="weight")
    )
    assert sums.names == ("intercept", "x", "y")
    assert sums.sums[:, 0].tolist() == [1.5, 1.0, 2.0]  # 1 + .5; 1; 1 + 1
    about_zero = sums.sums + sums.sums[:, :1] * sums.shifts
    assert about_zero[:, 1].tolist() == [2.0, 4.0, 14.0]  # 1 + .5 x 2; 4; 8 + 6
    assert about_zero[:, 2].tolist() == [3.5, 5.0, 1.0]  # 2 + .5 x 3; 5; 1 + 0


def test_teacher_in_two_schools_is_two_groups() -> None:
    sums = cross_products(frame(COLUMNS, ROWS), "frame", Design.of_columns("y", ["x"], ["teacher", "school"]))
    assert sums.n_groups == (3, 2)  # t1 in a, t2 in a, t1 in b
    assert sums.parents[0].tolist() == [0, 0, 1]


def test_products_by_cluster_hold_the_response() -> None:
    sums = cross_products(frame(COLUMNS, ROWS), "frame", Design.of_columns("y", ["x"], ["school"]))
    undo = np.eye(3)
    undo[0] = [1.0, *sums.shifts[1:]]
    school_b = undo.T @ sums.products[1] @ undo
    # rows (1, 8, 1) and (1, 6, 0): sum of x^2 = 100, of x y = 8, of y^2 = 1
    assert school_b.tolist() == [[2.0, 14.0, 1.0], [14.0, 100.0, 8.0], [1.0, 8.0, 1.0]]


def test_order_of_rows_is_irrelevant() -> None:
    shuffled = ROWS.copy()
    random.Random(1).shuffle(shuffled)
    given = cross_products(
        frame(COLUMNS, ROWS), "frame", Design.of_columns("y", ["x"], ["teacher", "school"], weight="weight")
    )
    other = cross_products(
        frame(COLUMNS, shuffled),
        "frame",
        Design.of_columns("y", ["x"], ["teacher", "school"], weight="weight"),
    )
    np.testing.assert_allclose(other.sums, given.sums, rtol=1e-14)
    np.testing.assert_allclose(other.products, given.products, rtol=1e-14)


def test_rows_in_many_batches_add_up() -> None:
    rows = 100_003  # four batches, the last one short
    connection = frame(COLUMNS, ROWS)
    connection.execute(
        "create table long as select (i % 7)::varchar as school, (i % 11)::varchar as teacher,"
        f" (i % 5)::double as x, (i % 3)::double as y from range({rows}) as t(i)"
    )
    sums = cross_products(connection, "long", Design.of_columns("y", ["x"], ["teacher", "school"]))
    assert sums.n_groups == (77, 7)
    assert sums.total_weight == rows
    assert sums.sums[:, 0].sum() == rows
    expected = sum((i % 5 - sums.shifts[1]) * (i % 3 - sums.shifts[2]) for i in range(rows))
    assert sums.products[:, 1, 2].sum() == pytest.approx(expected, rel=1e-12)


def test_row_of_weight_zero_is_left_out() -> None:
    rows = [*ROWS, ("c", "t9", 0.0, 100.0, 100.0)]
    with_it = cross_products(
        frame(COLUMNS, rows), "frame", Design.of_columns("y", ["x"], ["school"], weight="weight")
    )
    assert (with_it.n_rows, with_it.n_groups) == (5, (2,))


def test_split_gives_deviation_from_the_weighted_cluster_mean_and_the_mean() -> None:
    sums = cross_products(
        frame(COLUMNS, ROWS), "frame", Design.of_columns("y", ["x"], ["teacher", "school"], weight="weight")
    )
    split = sums.split_by_cluster(["x"])
    assert split.names == ("intercept", "x:within", "x:between", "y")
    # mean of school a = (1 + .5 x 2 + 4) / 2.5 = 2.4, of school b = (8 + 6) / 2 = 7
    within = (1 - 2.4) + 0.5 * (2 - 2.4)
    np.testing.assert_allclose(split.sums[:, 1], [within, 4 - 2.4, 0.0], atol=1e-14)
    between = split.sums[:, 2] + split.shifts[2] * split.sums[:, 0]
    np.testing.assert_allclose(between, [1.5 * 2.4, 2.4, 2 * 7.0], rtol=1e-14)
    squares = (1 - 2.4) ** 2 + 0.5 * (2 - 2.4) ** 2 + (4 - 2.4) ** 2
    np.testing.assert_allclose(split.products[:, 1, 1], [squares, 1.0 + 1.0], rtol=1e-13)


def test_select_keeps_intercept_and_response() -> None:
    sums = cross_products(frame(COLUMNS, ROWS), "frame", Design.of_columns("y", ["x", "weight"], ["school"]))
    fewer = sums.select(["weight"])
    assert fewer.names == ("intercept", "weight", "y")
    np.testing.assert_array_equal(fewer.products, sums.products[:, [0, 2, 3]][:, :, [0, 2, 3]])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("a", "t1", 1.0, None, 1.0), "nulls in x"),
        (("a", None, 1.0, 1.0, 1.0), "nulls in teacher"),
        (("a", "t1", 1.0, float("inf"), 1.0), "not finite in x"),
    ],
)
def test_value_that_cannot_be_summed_is_named(row: tuple[object, ...], message: str) -> None:
    with pytest.raises(EstimationError, match=message):
        cross_products(
            frame(COLUMNS, [*ROWS, row]), "frame", Design.of_columns("y", ["x"], ["teacher", "school"])
        )


def test_no_rows_is_an_error() -> None:
    connection = frame(COLUMNS, ROWS)
    connection.execute("delete from frame")
    with pytest.raises(EstimationError, match="no rows"):
        cross_products(connection, "frame", Design.of_columns("y", ["x"], ["school"]))


def test_no_temporary_table_is_left_behind() -> None:
    connection = frame(COLUMNS, ROWS)
    cross_products(connection, "frame", Design.of_columns("y", ["x"], ["school"]))
    assert connection.execute("from duckdb_tables() select table_name").fetchall() == [("frame",)]
