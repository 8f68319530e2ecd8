"""Lottery and teacher regressions against other software and against n x n algebra."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.unit.designs.lotteries import LotteryPlan, made_up_lottery
from transforms.designs.lottery import LotteryFit, fit_lottery
from transforms.designs.panel import DesignEstimate
from transforms.designs.teacher_regression import by_cluster, by_row


@pytest.fixture(scope="module")
def teachers() -> tuple[pd.DataFrame, LotteryFit]:
    """One row per teacher of a lottery with blocks, and its fit."""
    panel, offers = made_up_lottery(LotteryPlan())
    frame = pd.DataFrame(
        {
            "growth": panel.growth_sd,
            "offered": offers.is_offered.astype(float),
            "part": (panel.hours[:, 0] > 0).astype(float),
            "dose": panel.hours[:, 0] / 10.0,
            "prior": panel.prior_mean_sd,
            "block": offers.stratum,
            "weight": panel.weight,
        }
    )
    return frame, fit_lottery(panel, 0, offers)


def dummies(frame: pd.DataFrame) -> np.ndarray:
    return pd.get_dummies(frame["block"], dtype=float).to_numpy()


def test_intent_to_treat_has_the_hc2_error_of_statsmodels(teachers) -> None:
    import statsmodels.api as sm

    frame, fit = teachers
    design = np.column_stack([frame["offered"], frame["prior"], dummies(frame)])
    wanted = sm.WLS(frame["growth"], design, weights=frame["weight"]).fit(cov_type="HC2")
    assert fit.offered.estimate_sd == pytest.approx(wanted.params.iloc[0], rel=1e-10)
    assert fit.offered.std_error == pytest.approx(wanted.bse.iloc[0], rel=1e-8)


@pytest.mark.parametrize("treatment", ["part", "dose"])
def test_complier_effect_is_that_of_pyfixest(teachers, treatment: str) -> None:
    import pyfixest

    frame, fit = teachers
    wanted = pyfixest.feols(
        f"growth ~ prior | block | {treatment} ~ offered", frame, weights="weight", vcov="HC1"
    )
    found = fit.participated if treatment == "part" else fit.per_10_hours
    assert isinstance(found, DesignEstimate)
    assert found.estimate_sd == pytest.approx(wanted.coef()[treatment], rel=1e-8)
    # HC1 and HC2 are two corrections of the same sandwich
    assert found.std_error == pytest.approx(wanted.se()[treatment], rel=0.05)


@pytest.mark.parametrize("treatment", ["part", "dose"])
def test_complier_effect_and_error_are_those_of_two_stages_written_out(teachers, treatment: str) -> None:
    frame, fit = teachers
    root = np.sqrt(frame["weight"].to_numpy())[:, None]
    exogenous = np.column_stack([frame["prior"], dummies(frame)])
    instruments = root * np.column_stack([frame["offered"], exogenous])
    regressors = root * np.column_stack([frame[treatment], exogenous])
    growth = root[:, 0] * frame["growth"].to_numpy()
    projection = instruments @ np.linalg.pinv(instruments)
    fitted = projection @ regressors
    bread = np.linalg.inv(fitted.T @ fitted)
    coefficients = bread @ fitted.T @ growth
    residuals = growth - regressors @ coefficients
    scores = fitted * (residuals / np.sqrt(1.0 - np.diag(projection)))[:, None]
    variance = (bread @ (scores.T @ scores) @ bread)[0, 0]
    found = fit.participated if treatment == "part" else fit.per_10_hours
    assert isinstance(found, DesignEstimate)
    assert found.estimate_sd == pytest.approx(coefficients[0], rel=1e-9)
    assert found.std_error == pytest.approx(variance**0.5, rel=1e-8)


def test_first_stage_f_is_the_squared_t_of_the_offer(teachers) -> None:
    import statsmodels.api as sm

    frame, fit = teachers
    design = np.column_stack([frame["offered"], frame["prior"], dummies(frame)])
    stage = sm.WLS(frame["part"], design, weights=frame["weight"]).fit(cov_type="HC2")
    assert fit.first_stage_f == pytest.approx(stage.tvalues.iloc[0] ** 2, rel=1e-8)


def dense_cr2(
    design: np.ndarray, y: np.ndarray, weights: np.ndarray, clusters: np.ndarray
) -> tuple[float, float, float]:
    """Coefficient, standard error and Satterthwaite degrees of freedom of the first column, n x n."""
    root = np.sqrt(weights)
    x, z = root[:, None] * design, root * y
    bread = np.linalg.inv(x.T @ x)
    off = np.eye(len(z)) - x @ bread @ x.T
    residuals = off @ z
    rows, parts = [], []
    for cluster in np.unique(clusters):
        at = np.flatnonzero(clusters == cluster)
        values, vectors = np.linalg.eigh(off[np.ix_(at, at)])
        adjust = vectors @ np.diag(np.where(values > 1e-10, values.clip(1e-10) ** -0.5, 0.0)) @ vectors.T
        along = bread[0] @ x[at].T @ adjust
        parts.append(along @ residuals[at])
        rows.append(along @ off[at])
    covariance = np.array(rows) @ np.array(rows).T
    df = np.trace(covariance) ** 2 / (covariance**2).sum()
    return float((bread @ x.T @ z)[0]), float(np.sqrt((np.array(parts) ** 2).sum())), float(df)


@pytest.mark.parametrize("seed", range(5))
def test_cr2_by_cluster_and_by_row_are_those_of_dense_algebra(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, clusters = 60, rng.permutation(np.arange(60) % 9)
    design = np.column_stack([rng.random(n) < 0.4, np.ones(n), rng.normal(size=(n, 3))])
    y, weights = rng.normal(size=n), rng.uniform(0.2, 3.0, n)
    for found, groups in [
        (by_cluster(design, y[:, None], weights, clusters), clusters),
        (by_row(design, y[:, None], weights), np.arange(n)),
        (by_cluster(design, y[:, None], weights, np.arange(n)), np.arange(n)),
    ]:
        estimate, std_error, df = dense_cr2(design, y, weights, groups)
        assert found.estimates[0] == pytest.approx(estimate, abs=1e-12)
        assert np.sqrt((found.influence**2).sum()) == pytest.approx(std_error, rel=1e-9)
        assert found.df == pytest.approx(df, rel=1e-8)
