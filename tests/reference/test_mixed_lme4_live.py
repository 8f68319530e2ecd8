"""The same models fitted by lme4 in R, where it is installed.

lme4 has no gradient: near its optimum the deviance changes by less than rounding, so that its ratios are
good to about 1e-6 however tight the tolerance. Its own optimum is compared to that; the coefficients, their
covariance, predictors and conditional variances are compared closely with lme4 held at the ratios found here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.reference.dense_mixed import connection_with, nested_frame
from transforms.estimation.mixed.fit import MixedFit, fit_mixed
from transforms.estimation.mixed.intervals import variance_intervals
from transforms.estimation.mixed.random_effects import random_effects
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Design, Terms
from transforms.estimation.sums.summation import cross_products

SCRIPT = Path(__file__).with_name("mixed_lme4.R")
LEVELS = {1: ("school",), 2: ("teacher", "school")}


@dataclass(frozen=True)
class Model:
    seed: int
    depth: int
    is_reml: bool
    is_weighted: bool = False
    has_intercept: bool = True
    has_profile: bool = False

    def rows(self) -> pd.DataFrame:
        frame = nested_frame(seed=self.seed, schools=12, years=1, rows=6)
        frame["weight"] = np.random.default_rng(self.seed).uniform(0.2, 3.0, len(frame))
        return frame

    def sums(self) -> CrossProducts:
        sides = Terms.of_columns("y", ["x1", "x2"])
        terms = Terms(sides.response, sides.columns, self.has_intercept)
        weight = "weight" if self.is_weighted else None
        design = Design(terms, LEVELS[self.depth], weight, weight_kind="precision")
        return cross_products(connection_with(self.rows()), "frame", design)


MODELS = {
    "one level, REML": Model(51, 1, True),
    "one level, ML": Model(51, 1, False, has_profile=True),
    "two levels, REML": Model(52, 2, True),
    "two levels, ML": Model(52, 2, False, has_profile=True),
    "weights, REML": Model(53, 2, True, is_weighted=True),
    "weights, ML": Model(53, 2, False, is_weighted=True),
    "no intercept, REML": Model(54, 2, True, has_intercept=False),
    "boundary, REML": Model(56, 2, True),
}
EACH_MODEL = pytest.mark.parametrize("name", MODELS)


@dataclass(frozen=True)
class Pair:
    """One model's sums and fit, and lme4's numbers by what they are and by group."""

    sums: CrossProducts
    fit: MixedFit
    lme4: dict[str, dict[str, float]]

    def number(self, what: str) -> float:
        return self.lme4[what][""]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pair]:
    folder = tmp_path_factory.mktemp("lme4")
    fits, rows = {}, []
    for name, model in MODELS.items():
        model.rows().to_csv(folder / f"{name}.csv", index=False)
        sums = model.sums()
        fits[name] = sums, fit_mixed(sums, is_reml=model.is_reml)
        rows.append(_line(name, model, fits[name][1]))
    pd.DataFrame(rows).to_csv(folder / "models.csv", index=False)
    numbers: dict[str, dict[str, dict[str, float]]] = {name: {} for name in MODELS}
    for line in _lme4(folder).splitlines():
        name, what, group, value = line.split(";")
        numbers[name].setdefault(what, {})[group] = float(value)
    return {name: Pair(*fits[name], numbers[name]) for name in MODELS}


def _line(name: str, model: Model, fit: MixedFit) -> dict[str, object]:
    """A row of models.csv; lme4's ratios are of standard deviations."""
    inner, outer = (*np.sqrt(fit.theta), 0.0)[:2]
    return {
        "name": name,
        "rows": f"{name}.csv",
        "columns": "x1 + x2" if model.has_intercept else "0 + x1 + x2",
        "depth": model.depth,
        "is_reml": model.is_reml,
        "is_weighted": model.is_weighted,
        "has_profile": model.has_profile,
        "inner": inner,
        "outer": outer,
    }


def _lme4(folder: Path) -> str:
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed")
    # several R processes with threads of their own would take the cores from other tests
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    probe = [rscript, "-e", "quit(status = !requireNamespace('lme4', quietly = TRUE))"]
    if subprocess.run(probe, capture_output=True, env=environment, check=False).returncode:
        pytest.skip("the R package lme4 is not installed")
    command = [rscript, str(SCRIPT), str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


@EACH_MODEL
def test_lme4_ends_at_the_same_maximum(pairs: dict[str, Pair], name: str) -> None:
    pair = pairs[name]
    assert pair.fit.deviance == pytest.approx(pair.number("best deviance"), rel=1e-9)
    # neither is higher but for rounding
    assert pair.fit.deviance <= pair.number("best deviance") + 1e-9
    for component in pair.fit.components:
        expected = pair.lme4["best variance"][component.group_name]
        assert component.variance == pytest.approx(expected, rel=1e-6, abs=1e-9)


@EACH_MODEL
def test_fixed_part_is_that_of_lme4_at_the_same_ratios(pairs: dict[str, Pair], name: str) -> None:
    fit, lme4 = pairs[name].fit, pairs[name].lme4
    assert fit.deviance == pytest.approx(pairs[name].number("deviance"), rel=1e-12)
    assert fit.sigma2 == pytest.approx(pairs[name].number("sigma2"), rel=1e-11)
    np.testing.assert_allclose(fit.params, list(lme4["params"].values()), rtol=1e-10)
    np.testing.assert_allclose(fit.cov_params.ravel(), list(lme4["covariance"].values()), rtol=1e-9)


@EACH_MODEL
def test_predictors_are_those_of_lme4_at_the_same_ratios(pairs: dict[str, Pair], name: str) -> None:
    pair = pairs[name]
    for group_name in pair.sums.group_names:
        found = random_effects(pair.sums, pair.fit, group_name)
        # lme4 names a teacher t0:s0
        groups = [":".join(map(str, ids)) for ids in zip(*found.ids, strict=True)]
        modes = [pair.lme4[f"mode of {group_name}"][group] for group in groups]
        spreads = [pair.lme4[f"spread of {group_name}"][group] for group in groups]
        np.testing.assert_allclose(found.own.estimates, modes, rtol=1e-8, atol=1e-11)
        np.testing.assert_allclose(np.sqrt(found.own.conditional_variances), spreads, rtol=1e-9, atol=1e-12)


def test_boundary_is_where_lme4_is_singular(pairs: dict[str, Pair]) -> None:
    pair = pairs["boundary, REML"]
    zero = [component.group_name for component in pair.fit.components if component.is_boundary]
    assert zero == [name for name, value in pair.lme4["best variance"].items() if value < 1e-9]
    assert zero == ["school"]


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if model.has_profile])
def test_profile_intervals_are_those_of_lme4(pairs: dict[str, Pair], name: str) -> None:
    pair = pairs[name]
    for interval in variance_intervals(pair.sums, pair.fit):
        low, high = (pair.lme4[side][interval.group_name] for side in ("low", "high"))
        # lme4 interpolates between some points of the profile
        assert interval.low == pytest.approx(low, rel=1e-3, abs=1e-3)
        assert interval.high == pytest.approx(high, rel=1e-3)
