from __future__ import annotations

import numpy as np
import pytest

from tests.reference.dense_mixed import connection_with, nested_frame
from tests.unit.estimation.frames import frame
from transforms.estimation.errors import EstimationError
from transforms.estimation.mixed.fit import fit_mixed
from transforms.estimation.mixed.random_effects import random_effects, value_added
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Design
from transforms.estimation.sums.summation import cross_products

# three schools of two rows: means 2, 5, 11 about 6, pairs 2 apart, so that the variances are 20 and 2
PAIRS = [("a", 1.0), ("a", 3.0), ("b", 4.0), ("b", 6.0), ("c", 10.0), ("c", 12.0)]
LEVELS = ["teacher_year", "teacher", "school"]


def pair_sums() -> CrossProducts:
    connection = frame("school text, y double", PAIRS)
    return cross_products(connection, "frame", Design.of_columns("y", [], ["school"]))


def nested_sums(seed: int, groups: list[str] | None = None) -> CrossProducts:
    data = nested_frame(seed=seed)
    return cross_products(
        connection_with(data), "frame", Design.of_columns("y", ["x1", "x2"], groups or LEVELS)
    )


def test_means_of_balanced_groups_shrink_by_the_share_of_their_variance() -> None:
    sums = pair_sums()
    found = random_effects(sums, fit_mixed(sums), "school")
    # a mean of two rows has the variance 20 + 2 / 2, of which 20 / 21 is the school's
    shrinkage = 20 / 21
    assert found.ids[0].tolist() == ["a", "b", "c"]
    assert found.counts.tolist() == [2, 2, 2]
    assert found.own.estimates == pytest.approx(shrinkage * np.array([-4.0, -1.0, 5.0]), rel=1e-7)
    assert found.own.conditional_variances == pytest.approx([20 * (1 - shrinkage)] * 3, rel=1e-7)
    # the mean of all is itself off by 21 / 3, of which 20 / 21 reaches each prediction
    errors = 20 * (1 - shrinkage) + shrinkage**2 * 21 / 3
    assert found.own.prediction_errors == pytest.approx([errors] * 3, rel=1e-7)
    assert found.own.reliability == pytest.approx([1 - errors / 20] * 3, rel=1e-7)


@pytest.mark.parametrize("seed", [41, 42, 43])
def test_effects_of_each_level_add_up_to_zero_and_to_the_totals(seed: int) -> None:
    sums = nested_sums(seed)
    fit = fit_mixed(sums)
    around: dict[tuple[object, ...], float] = {(): 0.0}
    for name in reversed(LEVELS):
        found = random_effects(sums, fit, name)
        # 1'V^-1(y - X beta) is 0 by the intercept's equation, and a level's groups hold every row
        assert found.own.estimates.sum() == pytest.approx(0.0, abs=1e-10)
        keys = list(zip(*found.ids, strict=True))
        outer = [around[key[1:]] for key in keys]
        np.testing.assert_allclose(found.total.estimates, found.own.estimates + outer, atol=1e-12)
        around = dict(zip(keys, found.total.estimates.tolist(), strict=True))


@pytest.mark.parametrize("seed", [41, 42, 43])
def test_errors_lie_between_nothing_known_and_beta_known(seed: int) -> None:
    sums = nested_sums(seed)
    fit = fit_mixed(sums)
    for name in LEVELS:
        found = random_effects(sums, fit, name)
        for effects in (found.own, found.total):
            assert (effects.conditional_variances <= effects.prediction_errors).all()
            assert (effects.prediction_errors <= effects.variance * (1 + 1e-12)).all()
            assert ((effects.reliability >= -1e-12) & (effects.reliability < 1)).all()


def test_groups_stand_with_their_outer_ids_rows_and_weights() -> None:
    rows = [("s", "t1", 1.0, 2.0), ("s", "t1", 2.0, 1.0), ("s", "t2", 4.0, 0.5), ("s", "t2", 3.0, 0.5)]
    rows += [("r", "t1", 7.0, 1.0), ("r", "t1", 5.0, 1.0), ("r", "t3", 9.0, 1.0)]
    connection = frame("school text, teacher text, y double, w double", rows)
    design = Design.of_columns("y", [], ["teacher", "school"], weight="w", weight_kind="precision")
    sums = cross_products(connection, "frame", design)
    found = random_effects(sums, fit_mixed(sums), "teacher")
    assert found.group_names == ("teacher", "school")
    assert list(zip(*found.ids, strict=True)) == [("t1", "r"), ("t3", "r"), ("t1", "s"), ("t2", "s")]
    assert found.counts.tolist() == [2, 1, 2, 2]
    assert found.weights.tolist() == [2.0, 1.0, 3.0, 1.0]


def test_level_without_variance_has_effects_and_reliability_of_zero_and_says_so() -> None:
    sums = nested_sums(1, ["teacher", "school"])
    fit = fit_mixed(sums)
    assert fit.theta[1] == 0.0
    school, teacher = (random_effects(sums, fit, name) for name in ("school", "teacher"))
    assert school.note == "variance of school estimated as zero: all effects are 0"
    for values in (
        school.own.estimates,
        school.own.prediction_errors,
        school.own.reliability,
        school.total.estimates,
        school.total.reliability,
    ):
        assert (values == 0.0).all()
    assert teacher.note == ""
    assert teacher.own.reliability.max() > 0.1


def test_level_without_variance_inside_one_that_has_it_takes_the_outer_effect() -> None:
    rows = [("a", "t", 1.0), ("a", "t", 3.0), ("a", "u", 1.5), ("a", "u", 2.5), ("b", "t", 7.0)]
    rows += [("b", "t", 9.0), ("b", "u", 7.5), ("b", "u", 8.5), ("c", "t", 5.0), ("c", "u", 6.0)]
    connection = frame("school text, teacher text, y double", rows)
    sums = cross_products(connection, "frame", Design.of_columns("y", [], ["teacher", "school"]))
    fit = fit_mixed(sums)
    assert fit.theta[0] == 0.0
    teacher, school = (random_effects(sums, fit, name) for name in ("teacher", "school"))
    assert teacher.note == "variance of teacher estimated as zero: only school tells groups of teacher apart"
    assert (teacher.own.estimates == 0.0).all()
    np.testing.assert_allclose(teacher.total.estimates, np.repeat(school.own.estimates, 2), rtol=1e-12)


def test_value_added_is_the_total_effect_with_its_error() -> None:
    sums = nested_sums(41)
    fit = fit_mixed(sums)
    found = value_added(sums, fit, "teacher")
    effects = random_effects(sums, fit, "teacher")
    table = found.to_frame()
    assert list(table.columns[:4]) == ["teacher", "school", "n_rows", "weight"]
    np.testing.assert_array_equal(table["value_added"], effects.total.estimates)
    np.testing.assert_array_equal(table["std_error"], np.sqrt(effects.total.prediction_errors))
    np.testing.assert_array_equal(table["own_value_added"], effects.own.estimates)
    np.testing.assert_array_equal(table["reliability"], found.reliability)
    assert table["n_rows"].sum() == sums.n_rows
    assert table.attrs["note"] == effects.note


def test_level_that_the_model_has_not_is_named() -> None:
    sums = pair_sums()
    with pytest.raises(EstimationError, match="district is not a level of the model: school"):
        random_effects(sums, fit_mixed(sums), "district")
