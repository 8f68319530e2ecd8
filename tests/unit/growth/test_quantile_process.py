"""Quantile processes: optimal at every quantile, whatever the band, and quiet."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from scipy.optimize import linprog

from transforms.growth import quantile_process as module
from transforms.growth.errors import GrowthError
from transforms.growth.quantile_process import quantile_process
from transforms.growth.splines import design_matrix, knots_of

QUANTILES = (np.arange(100) + 0.5) / 100


def problem(seed: int, n: int, *, step: int = 1, weight: float = 1.0, ceiling: float = np.inf):
    """Distinct patterns of two noisy priors and a score, and how many students have each."""
    generator = np.random.default_rng(seed)
    ability = generator.normal(size=n)
    measured = 500 + 50 * (ability[:, np.newaxis] + 0.5 * generator.normal(size=(n, 3)))
    scores = np.minimum(np.round(measured / step) * step, ceiling)
    patterns, counts = np.unique(scores, axis=0, return_counts=True)
    knots = [knots_of(scores[:, 0]), knots_of(scores[:, 1])]
    return design_matrix(patterns[:, :2], knots), patterns[:, 2], counts * weight


def check_loss(design, response, weights, coefficients, quantile):
    residuals = response - design @ coefficients
    return weights @ np.where(residuals > 0, quantile * residuals, (quantile - 1) * residuals)


def least_loss(design, response, weights, quantile):
    """By scipy's own linear programme: the loss equals the dual objective, max y'a - (1 - tau) w'y."""
    bounds = np.column_stack([np.zeros(len(weights)), weights])
    target = (1 - quantile) * (design.T @ weights)
    found = linprog(-response, A_eq=design.T, b_eq=target, bounds=bounds, method="highs")
    return -found.fun - (1 - quantile) * weights @ response


@pytest.mark.parametrize(
    ("seed", "n", "step", "weight", "ceiling"),
    [
        (1, 400, 1, 1.0, np.inf),
        (2, 3000, 1, 1.0, np.inf),
        (3, 3000, 10, 1.0, np.inf),
        (4, 3000, 20, 50.0, np.inf),
        (5, 3000, 5, 1.0, 540.0),
    ],
    ids=["few", "many", "ties", "heavy ties", "ceiling"],
)
def test_every_quantile_has_the_least_loss(seed, n, step, weight, ceiling):
    design, response, weights = problem(seed, n, step=step, weight=weight, ceiling=ceiling)
    used = (design != 0).any(axis=0)
    found = quantile_process(design[:, used], response, weights, QUANTILES)
    for j in (0, 1, 24, 50, 77, 98, 99):
        least = least_loss(design[:, used], response, weights, QUANTILES[j])
        loss = check_loss(design[:, used], response, weights, found[:, j], QUANTILES[j])
        assert loss == pytest.approx(least, rel=1e-9)


def test_band_decides_on_the_time_and_never_on_the_result(monkeypatch):
    design, response, weights = problem(6, 3000)
    of_all_rows = [quantile_process(design, response, weights, [quantile])[:, 0] for quantile in QUANTILES]
    for reaches in ((1e-4, 1.0), (0.001, 0.01, 0.1, 1.0)):
        monkeypatch.setattr(module, "_BAND_REACHES", reaches)
        banded = quantile_process(design, response, weights, QUANTILES)
        for j, alone in enumerate(of_all_rows):
            loss = check_loss(design, response, weights, banded[:, j], QUANTILES[j])
            assert loss == pytest.approx(
                check_loss(design, response, weights, alone, QUANTILES[j]), rel=1e-10
            )


def test_weight_counts_students():
    design, response, _ = problem(7, 500)
    twice = np.where(np.arange(len(response)) % 3 == 0, 2.0, 1.0)
    repeated = np.repeat(np.arange(len(response)), twice.astype(int))
    by_weight = quantile_process(design, response, twice, [0.305])
    by_rows = quantile_process(design[repeated], response[repeated], np.ones(len(repeated)), [0.305])
    assert design @ by_weight[:, 0] == pytest.approx(design @ by_rows[:, 0], abs=1e-8)


def test_intercept_alone_is_the_sample_quantile():
    response = np.array([1.0, 2.0, 3.0, 10.0, 50.0])
    found = quantile_process(np.ones((5, 1)), response, np.ones(5), [0.1, 0.5, 0.9])
    assert found.tolist() == [[1.0, 3.0, 50.0]]


def test_order_of_the_quantiles_does_not_matter():
    design, response, weights = problem(8, 1000)
    up = quantile_process(design, response, weights, [0.11, 0.53, 0.91])
    down = quantile_process(design, response, weights, [0.91, 0.53, 0.11])
    assert up == pytest.approx(down[:, ::-1], abs=1e-7)


def test_priors_that_say_the_same_are_refused():
    design, response, weights = problem(9, 500)
    with pytest.raises(GrowthError, match="say the same"):
        quantile_process(np.hstack([design, design[:, 3:4]]), response, weights, [0.5])


def test_too_few_patterns_are_refused():
    with pytest.raises(GrowthError, match="too few different score patterns"):
        quantile_process(np.ones((1, 2)), np.ones(1), np.ones(1), [0.5])


def test_solver_writes_nothing_to_the_standard_output():
    code = (
        "import numpy as np\n"
        "from transforms.growth.quantile_process import quantile_process\n"
        "quantile_process(np.ones((9, 1)), np.arange(9.0), np.ones(9), [.1, .5, .9])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
