"""The ``classroom`` data of West, Welch and Galecki (Linear Mixed Models), of which only sums are kept here.

tests/data/classroom_sums.csv holds the number of pupils and the sum of their gain in mathematics by
classroom, facts derived from the data set. A model without columns needs no more than these and the total
of the squared gains.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from transforms.estimation.mixed.fit import MixedFit, fit_mixed
from transforms.estimation.mixed.random_effects import random_effects
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import INTERCEPT

SUMS = Path(__file__).parents[1] / "data" / "classroom_sums.csv"
TOTAL_SQUARE = 5_368_088.0


def classroom_sums() -> CrossProducts:
    """Squares by school are not known: those within classrooms are shared out by their degrees of freedom,
    which is what some pupils could have, and the fit depends on the total alone."""
    school, classroom, n, total = np.loadtxt(SUMS, delimiter=",", skiprows=1, dtype=np.int64, unpack=True)
    between = total**2 / n
    square = between + (TOTAL_SQUARE - between.sum()) * (n - 1) / (n - 1).sum()
    first = np.flatnonzero(np.diff(school, prepend=-1))
    pupils, gain, squares = (np.add.reduceat(values, first) for values in (n, total, square))
    return CrossProducts(
        names=(INTERCEPT, "mathgain"),
        group_names=("classroom", "school"),
        cluster_name="school",
        weight_name=None,
        n_rows=int(n.sum()),
        ids=(classroom, school),
        counts=n,
        shifts=np.zeros(2),
        sums=np.column_stack([n, total]).astype(float),
        products=np.array([[pupils, gain], [gain, squares]]).transpose(2, 0, 1).astype(float),
    )


def variances(fit: MixedFit) -> list[float]:
    return [component.variance for component in fit.components]


def test_sums_are_those_of_the_data_set() -> None:
    sums = classroom_sums()
    sums.verify()
    assert sums.n_groups == (312, 107)
    assert sums.n_rows == 1190
    assert sums.products[:, 1, 1].sum() == pytest.approx(TOTAL_SQUARE, rel=1e-14)


def test_reml_as_lme4_at_tight_tolerance() -> None:
    fit = fit_mixed(classroom_sums())
    # lmer(mathgain ~ 1 + (1 | schoolid / classid)) with bobyqa to rhoend 1e-12, to the digits it repeats;
    # at its default tolerance lme4 stops at 77.502 for school, 5e-8 lower in log likelihood
    assert fit.params[0] == pytest.approx(57.4270266695, rel=1e-10)
    assert fit.std_errors[0] == pytest.approx(1.4432879637, rel=1e-9)
    assert variances(fit) == pytest.approx([99.227500900, 77.492048749, 1028.23395569], rel=1e-8)
    assert fit.log_likelihood == pytest.approx(-5884.382466961, rel=1e-12)


def test_ml_as_lme4_at_tight_tolerance() -> None:
    fit = fit_mixed(classroom_sums(), is_reml=False)
    assert fit.params[0] == pytest.approx(57.4289784406, rel=1e-10)
    assert variances(fit) == pytest.approx([99.144890373, 75.373503032, 1028.30433515], rel=1e-8)
    assert fit.log_likelihood == pytest.approx(-5885.665672287, rel=1e-12)


def test_predicted_schools_as_lme4() -> None:
    sums = classroom_sums()
    found = random_effects(sums, fit_mixed(sums), "school")
    assert found.ids[0][:2].tolist() == [1, 2]
    assert found.own.estimates[:2] == pytest.approx([0.94154134, 2.54801911], rel=1e-7)
