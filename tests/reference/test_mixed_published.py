"""Fits that are in print: lme4's own examples and the Exam data of multilevel analysis."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.reference.dense_mixed import connection_with
from transforms.estimation.mixed.fit import MixedFit, fit_mixed
from transforms.estimation.mixed.intervals import variance_intervals
from transforms.estimation.sums.design import Design
from transforms.estimation.sums.summation import cross_products

# Davies and Goldsmith (1972), yield of dyestuff in 5 preparations of each of 6 batches.
DYESTUFF = {
    "A": (1545, 1440, 1440, 1520, 1580),
    "B": (1540, 1555, 1490, 1560, 1495),
    "C": (1595, 1550, 1605, 1510, 1560),
    "D": (1445, 1440, 1595, 1465, 1545),
    "E": (1595, 1630, 1515, 1635, 1625),
    "F": (1520, 1455, 1450, 1480, 1445),
}
# Davies and Goldsmith (1972), strength of paste: 2 assays of each of 3 casks of each of 10 batches.
PASTES = {
    "A": ((62.8, 62.6), (60.1, 62.3), (62.7, 63.1)),
    "B": ((60.0, 61.4), (57.5, 56.9), (61.1, 58.9)),
    "C": ((58.7, 57.5), (63.9, 63.1), (65.4, 63.7)),
    "D": ((57.1, 56.4), (56.9, 58.6), (64.7, 64.5)),
    "E": ((55.1, 55.1), (54.7, 54.2), (58.8, 57.5)),
    "F": ((63.4, 64.9), (59.3, 58.1), (60.5, 60.0)),
    "G": ((62.5, 62.6), (61.0, 58.7), (56.9, 57.7)),
    "H": ((59.2, 59.4), (65.2, 66.0), (64.8, 64.1)),
    "I": ((54.8, 54.8), (64.0, 64.0), (57.7, 56.8)),
    "J": ((58.3, 59.3), (59.2, 59.2), (58.9, 56.6)),
}


def variances(fit: MixedFit) -> dict[str, float]:
    return {component.group_name: component.variance for component in fit.components}


def test_dyestuff_reml_as_printed_by_lme4() -> None:
    rows = [(batch, grams) for batch, yields in DYESTUFF.items() for grams in yields]
    connection = connection_with(pd.DataFrame(rows, columns=["batch", "yield"]))
    fit = fit_mixed(cross_products(connection, "frame", Design.of_columns("yield", [], ["batch"])))
    # lmer(Yield ~ 1 + (1 | Batch), Dyestuff): each number to the digits in print
    assert fit.deviance == pytest.approx(319.6543, abs=5e-5)
    assert variances(fit)["batch"] == pytest.approx(1764.05, abs=5e-3)
    assert variances(fit)["residual"] == pytest.approx(2451.25, abs=5e-3)
    assert fit.params[0] == pytest.approx(1527.5)
    assert fit.std_errors[0] == pytest.approx(19.3834, abs=5e-5)


def test_dyestuff_ml_as_printed_by_lme4() -> None:
    rows = [(batch, grams) for batch, yields in DYESTUFF.items() for grams in yields]
    connection = connection_with(pd.DataFrame(rows, columns=["batch", "yield"]))
    fit = fit_mixed(
        cross_products(connection, "frame", Design.of_columns("yield", [], ["batch"])), is_reml=False
    )
    # lmer(Yield ~ 1 + (1 | Batch), Dyestuff, REML = FALSE)
    assert fit.log_likelihood == pytest.approx(-163.6635, abs=5e-5)
    assert variances(fit)["batch"] == pytest.approx(1388.3333, abs=5e-4)
    assert fit.std_errors[0] == pytest.approx(17.6946, abs=5e-5)


def test_dyestuff_profile_intervals_as_printed_by_lme4() -> None:
    rows = [(batch, grams) for batch, yields in DYESTUFF.items() for grams in yields]
    connection = connection_with(pd.DataFrame(rows, columns=["batch", "yield"]))
    sums = cross_products(connection, "frame", Design.of_columns("yield", [], ["batch"]))
    batch, residual = variance_intervals(sums, fit_mixed(sums, is_reml=False))
    # confint(profile(lmer(Yield ~ 1 + (1 | Batch), Dyestuff, REML = FALSE))): 12.20 to 84.06, 38.23 to 67.66,
    # interpolated by lme4 between points of the profile
    assert (batch.low, batch.high) == pytest.approx((12.20, 84.06), abs=0.01)
    assert (residual.low, residual.high) == pytest.approx((38.23, 67.66), abs=0.01)


def test_pastes_cask_in_batch_as_printed_by_lme4() -> None:
    rows = [
        (batch, str(cask), strength)
        for batch, casks in PASTES.items()
        for cask, assays in enumerate(casks)
        for strength in assays
    ]
    connection = connection_with(pd.DataFrame(rows, columns=["batch", "cask", "strength"]))
    fit = fit_mixed(cross_products(connection, "frame", Design.of_columns("strength", [], ["cask", "batch"])))
    # lmer(strength ~ 1 + (1 | batch/cask), Pastes)
    assert fit.deviance == pytest.approx(246.9907, abs=5e-5)
    assert variances(fit)["cask"] == pytest.approx(8.434, abs=5e-4)
    assert variances(fit)["batch"] == pytest.approx(1.657, abs=5e-4)
    assert variances(fit)["residual"] == pytest.approx(0.678, abs=5e-4)
    assert fit.params[0] == pytest.approx(60.0533, abs=5e-5)
    assert fit.std_errors[0] == pytest.approx(0.6769, abs=5e-5)


def test_exam_ml_slope_and_variances_as_in_print() -> None:
    folder = Path(os.environ.get("PDEVAL_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
    exam = folder / "multilevel" / "Exam.csv"
    if not exam.exists():
        pytest.skip(
            "Exam.csv is not here: set PDEVAL_SHARED_DATA to the folder that holds multilevel/Exam.csv"
        )
    connection = duckdb.connect()
    connection.read_csv(str(exam)).create("exam")
    sums = cross_products(connection, "exam", Design.of_columns("normexam", ["standLRT"], ["school"]))
    fit = fit_mixed(sums, is_reml=False)
    assert fit.n_rows == 4059
    assert fit.params[1] == pytest.approx(0.563, abs=5e-4)
    assert fit.std_errors[1] == pytest.approx(0.012, abs=5e-4)
    assert variances(fit)["school"] == pytest.approx(0.092, abs=5e-4)
    assert variances(fit)["residual"] == pytest.approx(0.566, abs=5e-4)
