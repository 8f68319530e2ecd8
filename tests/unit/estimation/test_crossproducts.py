from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import duckdb
import numpy as np
import pytest

from tests.unit.estimation.frames import frame
from transforms.estimation.errors import CorruptSumsError, EstimationError
from transforms.estimation.sums.consistency import check_mixture
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import ALL_ROWS, Design, Terms
from transforms.estimation.sums.summation import cross_products

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


def test_rows_beyond_the_sampled_ones_add_up() -> None:
    rows = 100_003  # the shifts are told from the first 50,000
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


def about_zero(sums: CrossProducts) -> np.ndarray:
    """Products of all rows about 0."""
    return sums.about(np.zeros(len(sums.names))).products.sum(axis=0)


def test_recoding_equals_summing_the_recoded_columns() -> None:
    connection = frame(COLUMNS, ROWS)
    coding = {"half": {"x": 0.5, "intercept": 3.0}, "difference": {"x": 1.0, "weight": -2.0}}
    recoded = cross_products(
        connection, "frame", Design.of_columns("y", ["x", "weight"], ["teacher", "school"])
    ).recode(coding)
    connection.execute("create view made as select *, 0.5*x+3 as half, x-2*weight as difference from frame")
    made = cross_products(
        connection, "made", Design.of_columns("y", ["half", "difference"], ["teacher", "school"])
    )
    assert recoded.names == made.names
    np.testing.assert_allclose(about_zero(recoded), about_zero(made), rtol=1e-14)
    np.testing.assert_allclose(recoded.about(made.shifts).sums, made.sums, atol=1e-13)
    recoded.verify()


def test_centred_columns_have_mean_0_and_scaled_ones_deviation_1() -> None:
    sums = cross_products(frame(COLUMNS, ROWS), "frame", Design.of_columns("y", ["x", "weight"], ["school"]))
    coded = sums.centred(["x"]).scaled(["x"])
    total = about_zero(coded)
    assert total[0, 1] == pytest.approx(0.0, abs=1e-13)
    assert total[1, 1] / 5 == pytest.approx(1.0, rel=1e-14)
    assert coded.means()[2] == sums.means()[2]  # the other column stays


def test_without_an_intercept_nothing_is_shifted() -> None:
    terms = replace(Terms.of_columns("y", ["x"]), has_intercept=False)
    sums = cross_products(frame(COLUMNS, ROWS), "frame", Design(terms, ("school",)))
    assert sums.shifts.tolist() == [0.0, 0.0, 0.0]
    assert sums.names[sums.regressors] == ("x",)
    assert sums.products.sum(axis=0)[1].tolist() == [21.0, 121.0, 36.0]  # 2 + 6 + 20 + 8 + 0
    with_constant = sums.recode({"x": {"x": 1.0, "intercept": -4.0}})
    assert with_constant.shifts.tolist() == [0.0, 0.0, 0.0]
    assert with_constant.products.sum(axis=0)[0, 1] == 21.0 - 4.0 * 5


def test_without_groups_all_rows_are_one_cell() -> None:
    sums = cross_products(frame(COLUMNS, ROWS), "frame", Design.of_columns("y", ["x"], []))
    assert (sums.n_groups, sums.group_names) == ((1,), ("all rows",))


def test_products_may_be_kept_by_an_inner_level() -> None:
    design = Design.of_columns("y", ["x"], ["teacher", "school"], cluster="teacher")
    inner = cross_products(frame(COLUMNS, ROWS), "frame", design)
    outer = cross_products(frame(COLUMNS, ROWS), "frame", replace(design, cluster=None))
    assert (len(inner.products), len(outer.products)) == (3, 2)
    merged = inner.grouped_by(["teacher", "school"])
    np.testing.assert_allclose(merged.products, outer.products, rtol=1e-14)
    with pytest.raises(EstimationError, match="summed by school, not by teacher"):
        outer.grouped_by(["teacher", "school"], "teacher")


def test_products_may_be_of_all_rows_in_one() -> None:
    design = Design.of_columns("y", ["x"], ["teacher", "school"])
    by_school = cross_products(frame(COLUMNS, ROWS), "frame", design)
    one = cross_products(frame(COLUMNS, ROWS), "frame", replace(design, cluster=ALL_ROWS))
    assert (one.n_groups, len(one.products)) == ((3, 2), 1)
    np.testing.assert_allclose(one.products[0], by_school.products.sum(axis=0), rtol=1e-14)
    np.testing.assert_allclose(
        by_school.grouped_by(["teacher", "school"], ALL_ROWS).products, one.products, rtol=1e-14
    )
    np.testing.assert_allclose((one + one).products, 2.0 * one.products, rtol=1e-14)
    with pytest.raises(EstimationError, match="summed by all rows, not by school"):
        one.grouped_by(["teacher", "school"])


def test_dropping_a_level_merges_its_groups() -> None:
    sums = cross_products(frame(COLUMNS, ROWS), "frame", Design.of_columns("y", ["x"], ["teacher", "school"]))
    schools = sums.grouped_by(["school"])
    assert schools.ids[0].tolist() == ["a", "b"]
    assert schools.counts.tolist() == [3, 2]


def test_mean_outside_of_the_sample_moves_the_shift() -> None:
    connection = duckdb.connect()
    connection.execute(
        "create table far as select 1 as school, case when i < 60000 then 0 else 1e9 end + i % 7 as y,"
        " (i % 5)::double as x from range(200000) t(i)"
    )
    sums = cross_products(connection, "far", Design.of_columns("y", ["x"], ["school"]))
    # mean .7 x 1e9 + 3; what is left of it must be small beside the spread
    assert sums.shifts[2] == pytest.approx(7e8, rel=1e-6)
    assert abs(sums.products[0, 0, 2]) / sums.n_rows < 1.0


CORRUPTIONS: list[tuple[str, Callable[[CrossProducts], dict[str, object]], str]] = [
    ("a row too many", lambda s: {"n_rows": s.n_rows + 1}, "5 rows, not 6"),
    ("a count", lambda s: {"counts": np.add(s.counts, [1, 0, -1])}, "contradicts its number of rows"),
    (
        "a weight",
        lambda s: {"sums": np.add(s.sums, [[0.5, 0, 0], [0, 0, 0], [0, 0, 0]])},
        "contradicts its number",
    ),
    ("a sum", lambda s: {"sums": np.add(s.sums, [[0, 0, 0], [0, 0.01, 0], [0, 0, 0]])}, "sums of x by cell"),
    (
        "two sums",
        lambda s: {"sums": np.add(s.sums, [[0, 9, 0], [0, -9, 0], [0, 0, 0]])},
        "larger than the sums of",
    ),
    ("a square", lambda s: {"products": s.products * [[1, 1, 1], [1, 0.2, 1], [1, 1, 1]]}, "larger|positive"),
    (
        "a product",
        lambda s: {"products": np.add(s.products, [[0, 0, 0], [0, 0, 1], [0, 0, 0]])},
        "not symmetric",
    ),
    ("not a number", lambda s: {"sums": s.sums * np.nan}, "not finite"),
]


@pytest.mark.parametrize(
    ("change", "message"), [case[1:] for case in CORRUPTIONS], ids=[case[0] for case in CORRUPTIONS]
)
def test_mistake_in_a_sum_is_caught(
    change: Callable[[CrossProducts], dict[str, object]], message: str
) -> None:
    sums = cross_products(frame(COLUMNS, ROWS), "frame", Design.of_columns("y", ["x"], ["teacher", "school"]))
    sums.verify()
    with pytest.raises(CorruptSumsError, match=message):
        replace(sums, **change(sums)).verify()


def test_wrong_product_shows_in_the_squares_of_a_mixture() -> None:
    sums = cross_products(frame(COLUMNS, ROWS), "frame", Design.of_columns("y", ["x", "weight"], ["school"]))
    mixture = np.array([0.0, 0.3, 1.7, -0.4])
    squares = np.einsum("j,cjk,k->c", mixture, sums.products, mixture)
    check_mixture(sums.products, mixture, squares)
    wrong = sums.products.copy()
    wrong[1, 1, 2] = wrong[1, 2, 1] = wrong[1, 1, 2] + 0.01  # in both triangles, as one wrong sum would stand
    with pytest.raises(CorruptSumsError, match="a mixture of all"):
        check_mixture(wrong, mixture, squares)


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
        (("a", "t1", 1.0, 1.0, float("nan")), "not finite in y"),
        (("a", "t1", None, 1.0, 1.0), "1 rows have a weight that is missing"),
        (("a", "t1", -1.0, 1.0, 1.0), "1 rows have a weight that is missing, negative"),
    ],
)
def test_value_that_cannot_be_summed_is_named(row: tuple[object, ...], message: str) -> None:
    with pytest.raises(EstimationError, match=message):
        cross_products(
            frame(COLUMNS, [*ROWS, row]),
            "frame",
            Design.of_columns("y", ["x"], ["teacher", "school"], weight="weight"),
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
