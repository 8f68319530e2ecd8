"""A fit on added sums is the fit on all rows; what does not add is refused by name."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.reference.dense_mixed import connection_with, nested_frame
from tests.unit.estimation.frames import frame
from transforms.estimation.errors import CorruptSumsError, EstimationError
from transforms.estimation.linear.least_squares import fit_least_squares
from transforms.estimation.mixed.fit import fit_mixed
from transforms.estimation.robust.one_way import cluster_robust
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Column, Design, Terms, WeightKind
from transforms.estimation.sums.summation import cross_products

IDS: dict[str, Callable[[int], object]] = {
    "text": lambda i: f"s{i}",
    "integer": lambda i: 9007199254740993 + i,  # above 2^53: a double would merge neighbours
    "date": lambda i: datetime.date(2023, 12, 28) + datetime.timedelta(days=i),
    "uuid": lambda i: uuid.UUID(int=i),
}


def rows_of(seed: int, ids: str) -> pd.DataFrame:
    """Three levels, columns of different means, ``rare`` 0 in most schools; weights in eighths."""
    rows = nested_frame(seed=seed, schools=10)
    rng = np.random.default_rng(seed)
    school = rows["school"].str[1:].astype(int)
    rows["school"] = pd.Series([IDS[ids](i) for i in school], dtype=object).infer_objects()
    rows["x1"] += 650.0
    rows["y"] += 1000.0
    rows["rare"] = np.where(school < 3, rng.normal(size=len(rows)), 0.0)
    rows["weight"] = rng.integers(1, 9, len(rows)) / 8.0
    return rows


def summed(rows: pd.DataFrame, weight: WeightKind | None = None) -> CrossProducts:
    design = Design.of_columns(
        "y",
        ["x1", "x2", "rare"],
        ["teacher_year", "teacher", "school"],
        weight=weight and "weight",
        weight_kind=weight or "frequency",
    )
    connection = connection_with(rows)
    if isinstance(rows["school"].iloc[0], uuid.UUID):
        connection.execute("alter table frame alter school type uuid")
    elif isinstance(rows["school"].iloc[0], datetime.date):
        connection.execute("alter table frame alter school type date")
    return cross_products(connection, "frame", design)


def split(rows: pd.DataFrame, n_shards: int, seed: int, *, is_across_schools: bool) -> list[pd.DataFrame]:
    """Each school whole in one shard, or each row in any."""
    rng = np.random.default_rng(seed)
    schools, codes = np.unique(rows["school"].astype(str), return_inverse=True)
    if is_across_schools:
        shard = rng.integers(n_shards, size=len(rows))
    else:
        shard = rng.permutation(np.arange(len(schools)) % n_shards)[codes]
    return [rows[shard == k] for k in range(n_shards)]


def total(parts: Sequence[CrossProducts]) -> CrossProducts:
    added = parts[0]
    for part in parts[1:]:
        added = added + part
    return added


def numbers(sums: CrossProducts) -> dict[str, Any]:
    """Every number of the least squares fit, the mixed fit, and CR2 of both."""
    plain, mixed = fit_least_squares(sums), fit_mixed(sums)
    found: dict[str, Any] = {
        "plain": plain.params,
        "plain covariance": plain.cov_params,
        "plain fit": [plain.sigma2, plain.df_resid, plain.r_squared, plain.n_observations],
        "mixed": mixed.params,
        "mixed covariance": mixed.cov_params,
        "ratios": mixed.theta,
        "mixed fit": [mixed.sigma2, mixed.deviance, mixed.n_rows],
    }
    for name, robust in {
        "plain": cluster_robust(sums, plain, "CR2"),
        "mixed": cluster_robust(sums, mixed, "CR2"),
    }.items():
        found |= {f"{name} CR2": robust.cov_params, f"{name} df": robust.df}
    return found


def assert_same_fits(added: CrossProducts, whole: CrossProducts) -> None:
    first, second = numbers(added), numbers(whole)
    for name, value in first.items():
        expected = np.asarray(second[name])
        # relative to the largest of its kind: a covariance near 0 has the rounding of the variances
        scale = np.abs(expected).max()
        np.testing.assert_allclose(value, expected, rtol=1e-9, atol=1e-9 * scale, err_msg=name)


def assert_same_sums(first: CrossProducts, second: CrossProducts) -> None:
    for mine, other in zip(first.ids, second.ids, strict=True):
        np.testing.assert_array_equal(mine, other)
    moved = second.about(first.shifts)
    assert first.n_rows == second.n_rows
    np.testing.assert_array_equal(first.counts, second.counts)
    size = np.sqrt(np.diag(first.products.sum(axis=0)))
    # some rounding of each of the few additions, relative to the sum of the squares
    np.testing.assert_allclose(first.sums, moved.sums, rtol=1e-12, atol=1e-12 * size[0] * size.max())
    error = np.abs(first.products - moved.products) / np.outer(size, size)
    assert error.max() <= 1e-13


@pytest.mark.parametrize("is_across_schools", [False, True], ids=["by school", "across schools"])
@pytest.mark.parametrize("weight", [None, "frequency", "precision"])
@pytest.mark.parametrize(
    ("n_shards", "ids"), [(2, "text"), (3, "integer"), (4, "date"), (5, "uuid")], ids=lambda value: str(value)
)
def test_fit_on_added_sums_equals_the_fit_on_all_rows(
    n_shards: int, ids: str, weight: WeightKind | None, is_across_schools: bool
) -> None:
    rows = rows_of(n_shards, ids)
    shards = split(rows, n_shards, 10 * n_shards, is_across_schools=is_across_schools)
    parts = [summed(shard, weight) for shard in shards]
    added, whole = total(parts), summed(rows, weight)
    added.verify()
    assert len({tuple(part.shifts) for part in parts}) > 1
    assert_same_sums(added, whole)
    assert_same_fits(added, whole)


def test_shards_of_different_levels_add() -> None:
    rows = rows_of(7, "text")
    shards = split(rows, 3, 7, is_across_schools=True)
    for k, shard in enumerate(shards):
        shards[k] = shard.assign(x1=shard["x1"] + 100.0 * k, y=shard["y"] - 300.0 * k)
    added = total([summed(shard) for shard in shards])
    assert_same_fits(added, summed(pd.concat(shards)))


def test_column_that_is_constant_in_a_shard_adds() -> None:
    rows = rows_of(8, "text")
    rows["rare"] = np.where(rows["school"] < "s5", 650.25, rows["x1"] + rows["x2"] ** 2)
    shards = [rows[rows["school"] < "s5"], rows[rows["school"] >= "s5"]]
    first, second = (summed(shard) for shard in shards)
    assert not first.products[:, 3].any()
    assert_same_fits(first + second, summed(rows))
    assert_same_fits(second + first, summed(rows))


def test_column_that_is_constant_in_all_shards_stays_without_spread() -> None:
    rows = rows_of(9, "text").assign(rare=0.1)
    added = total([summed(shard) for shard in split(rows, 3, 9, is_across_schools=True)])
    assert not added.products[:, 3].any()
    assert added.shifts[3] == 0.1


def test_order_and_grouping_of_additions_are_irrelevant() -> None:
    parts = [summed(shard) for shard in split(rows_of(10, "text"), 3, 10, is_across_schools=True)]
    first = total(parts)
    for order in permutations(parts):
        a, b, c = order
        assert_same_sums(first, (a + b) + c)
        assert_same_sums(first, a + (b + c))


def test_sums_added_to_themselves_are_those_of_rows_twice() -> None:
    rows = rows_of(11, "text")
    sums = summed(rows)
    assert_same_sums(sums + sums, summed(pd.concat([rows, rows])))


def test_teacher_of_two_shards_is_one_group() -> None:
    columns = "school text, teacher text, x double, y double"
    rows = [("a", "t1", 1.0, 2.0), ("a", "t2", 2.0, 2.5), ("b", "t1", 3.0, 1.0), ("a", "t1", 5.0, 2.0)]
    design = Design.of_columns("y", ["x"], ["teacher", "school"])
    first, second = (cross_products(frame(columns, part), "frame", design) for part in (rows[:3], rows[3:]))
    added = first + second
    assert [ids.tolist() for ids in added.ids] == [["t1", "t2", "t1"], ["a", "a", "b"]]
    assert added.counts.tolist() == [2, 1, 1]
    assert (added.n_rows, added.n_groups) == (4, (3, 2))


def small(school: str = "'a'", **options: Any) -> CrossProducts:
    connection = frame("x double, y double", [(1.0, 2.0), (2.0, 3.0), (4.0, 4.0), (8.0, 1.0)])
    connection.execute(f"create view rows as select *, {school} as school, x > 1 as teacher from frame")
    return cross_products(connection, "rows", Design.of_columns("y", ["x"], ["teacher", "school"], **options))


@pytest.mark.parametrize(
    ("first", "second", "dtype"),
    [
        ("1::tinyint", "300::integer", np.int32),
        ("1::integer", "1::bigint", np.int64),
        ("1::bigint", "9223372036854775807::ubigint", np.int64),
        ("timestamp_s '2024-01-01 00:00:00'", "timestamp '2024-01-01 00:00:00.5'", "datetime64[us]"),
        ("'a'::enum('b', 'a')", "'b'", object),
    ],
)
def test_ids_of_one_kind_and_different_width_add(first: str, second: str, dtype: Any) -> None:
    left, right = small(first), small(second)
    added = left + right
    assert added.ids[1].dtype == dtype
    expected = sorted({left.ids[1].tolist()[0], right.ids[1].tolist()[0]})
    assert sorted(set(added.ids[1].tolist())) == expected
    assert added.n_groups == (2 * len(expected), len(expected))


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("'1'", "1", "school is text in one of the sums and integer in the other"),
        ("1", "1.0::double", "school is integer in one of the sums and number in the other"),
        ("1", "true", "school is integer in one of the sums and boolean in the other"),
        ("1", "date '2024-01-01'", "school is integer in one of the sums and date or time in the other"),
        ("-1", "18446744073709551615::ubigint", "school has ids above 2.63 in one of the sums"),
    ],
)
def test_ids_of_two_kinds_do_not_add(first: str, second: str, message: str) -> None:
    with pytest.raises(EstimationError, match=message):
        small(first) + small(second)


def test_ids_of_one_value_that_numpy_would_merge_stay_apart() -> None:
    # 2^63 - 1 and 2^63 - 2 are one double
    added = small("9223372036854775807::ubigint") + small("9223372036854775806::bigint")
    assert len(added.products) == 2


def weighted(kind: WeightKind) -> CrossProducts:
    return small(weight="y", weight_kind=kind)


def other_spline() -> CrossProducts:
    def made(knot: float) -> CrossProducts:
        column = Column("x", "greatest(x - $f_1, 0)", {"f_1": knot})
        terms = Terms(Terms.of_columns("y", []).response, (column,))
        return cross_products(
            frame("x double, y double", [(1.0, 2.0), (2.0, 3.0), (4.0, 4.0)]), "frame", Design(terms, ())
        )

    return made(1.0) + made(1.5)


@pytest.mark.parametrize(
    ("add", "message"),
    [
        (lambda: small() + small().select([]), "sums of different names do not add"),
        (lambda: small() + small().grouped_by(["school"]), "sums of different group names"),
        (lambda: small() + small(cluster="teacher"), "sums of different cluster name"),
        (lambda: small() + weighted("frequency"), "sums of different weight name"),
        (lambda: weighted("precision") + weighted("frequency"), "sums of different weight kind"),
        (lambda: small() + replace(small(), has_intercept=False), "sums of different has intercept"),
        (lambda: small().split_by_cluster(["x"]) + small().split_by_cluster(["x"]), "add first, then split"),
        (other_spline, "x was made in another way in the other sums"),
        (lambda: small() + small().scaled(["x"]), "x was made in another way"),
        (
            lambda: small().recode({"x": {"x": 2.0}}) + small().recode({"x": {"x": 3.0}}),
            "x was made in another way",
        ),
    ],
)
def test_sums_that_were_not_made_alike_do_not_add(add: Callable[[], object], message: str) -> None:
    with pytest.raises(EstimationError, match=message):
        add()


def test_columns_centred_at_different_means_do_not_add() -> None:
    rows = rows_of(12, "text")
    first, second = (summed(shard).centred(["x1"]) for shard in split(rows, 2, 12, is_across_schools=False))
    with pytest.raises(EstimationError, match=r"x1 was made in another way.*centre or scale after adding"):
        first + second


def test_columns_recoded_alike_add() -> None:
    rows = rows_of(13, "text")
    coding = {"x": {"x1": 0.1, "intercept": -65.0}, "x2": {"x2": 1.0}}
    parts = [summed(shard).recode(coding) for shard in split(rows, 2, 13, is_across_schools=True)]
    assert_same_sums(total(parts), summed(rows).recode(coding))


def test_recoding_that_changes_nothing_adds_to_what_was_not_recoded() -> None:
    sums = small()
    for part in (sums, replace(sums, definitions={})):
        assert_same_sums(part + part.recode({"x": {"x": 1.0}}), part + part)


@pytest.mark.parametrize(
    ("levels", "cluster", "message"),
    [
        (["teacher", "district"], None, "no level district among teacher_year, teacher, school of the sums"),
        (["teacher_year", "teacher"], "teacher_year", "products were summed by school, not by teacher_year"),
        (["school", "teacher"], "school", "products were summed by school, not by teacher"),
    ],
)
def test_clusters_that_the_products_do_not_have_are_refused(
    levels: list[str], cluster: str | None, message: str
) -> None:
    with pytest.raises(EstimationError, match=message):
        summed(rows_of(14, "text")).grouped_by(levels, cluster)


def test_column_that_is_not_there_is_named() -> None:
    for change in (
        lambda: small().select(["hours"]),
        lambda: small().recode({"x": {"hours": 1.0}}),
        lambda: small().centred(["hours"]),
        lambda: small().scaled(["hours"]),
        lambda: small().split_by_cluster(["hours"]),
    ):
        with pytest.raises(EstimationError, match="no column hours among the sums of intercept, x, y"):
            change()


def test_constant_column_has_no_scale_and_no_condition_number() -> None:
    sums = summed(rows_of(15, "text").assign(rare=0.1))
    with pytest.raises(EstimationError, match="constant columns have no scale: rare"):
        sums.scaled(["x1", "rare"])
    assert sums.condition_number() == np.inf
    moved = sums.about(sums.shifts - [0.0, 0.0, 0.0, 0.3, 0.0])
    with pytest.raises(EstimationError, match="constant columns have no scale: rare"):
        moved.scaled(["rare"])


def test_split_of_a_column_without_spread_in_a_cluster_contradicts_nothing() -> None:
    rows = rows_of(16, "text")
    rows["x1"] = np.where(rows["school"] < "s5", 649.1, rows["x1"])
    sums = summed(rows).split_by_cluster(["x1", "x2"])
    sums.verify()
    sums.centred(["x2:within", "rare"]).scaled(["rare"]).verify()


CORRUPTIONS: list[tuple[str, Callable[[CrossProducts], dict[str, Any]], str]] = [
    ("a shape", lambda s: {"products": s.products[:, :2]}, r"products has the shape \(1, 2, 3\), not"),
    ("another shape", lambda s: {"shifts": s.shifts[1:]}, r"shifts has the shape \(2,\), not \(3,\)"),
    ("ids of one level", lambda s: {"ids": s.ids[:1]}, "levels of the groups and their ids"),
    ("too few ids", lambda s: {"ids": (s.ids[0][1:], s.ids[1])}, "not one id per cell"),
    ("an unknown cluster", lambda s: {"cluster_name": "district"}, "levels of the groups and their ids"),
    ("a cell twice", lambda s: {"ids": (np.array([True, True]), s.ids[1])}, "a teacher stands twice"),
    ("a cluster too many", lambda s: {"ids": (s.ids[0], np.array(["a", "b"]))}, "products are of 1 clusters"),
    ("a shift", lambda s: {"shifts": s.shifts * np.nan}, "not finite"),
    ("a shift of the constant", lambda s: {"shifts": s.shifts + 1.0}, "a shift that no intercept takes up"),
    ("a shift without intercept", lambda s: {"has_intercept": False}, "a shift that no intercept takes up"),
    (
        "a negative matrix",
        lambda s: {"products": s.products - [[[0, 0, 0], [0, 0, 999.0], [0, 999.0, 0]]]},
        "not positive",
    ),
]


@pytest.mark.parametrize(
    ("change", "message"), [case[1:] for case in CORRUPTIONS], ids=[case[0] for case in CORRUPTIONS]
)
def test_contradiction_is_named(change: Callable[[CrossProducts], dict[str, Any]], message: str) -> None:
    sums = small()
    sums.verify()
    with pytest.raises(CorruptSumsError, match=message):
        replace(sums, **change(sums)).verify()


def test_units_do_not_decide_what_is_a_contradiction() -> None:
    sums = small().recode({"x": {"x": 1e-9}})
    sums.verify()
    wrong = sums.sums.copy()
    wrong[:, 1] += [1e-8, -1e-8]  # the squares are 1e-17 at most
    with pytest.raises(CorruptSumsError, match="larger than the sums of squares allow"):
        replace(sums, sums=wrong).verify()
