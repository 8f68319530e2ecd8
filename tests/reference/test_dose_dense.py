"""Dose and subgroups against matrices written out over the rows."""

from __future__ import annotations

from itertools import product

import formulaic
import numpy as np
import pandas as pd
import pytest
from scipy.linalg import sqrtm

from tests.unit.designs.growth_frames import Plan, exposure, made_up_growth, study
from transforms.designs.contrasts import fit_exposure
from transforms.designs.dose_spline import spline_columns
from transforms.designs.heterogeneity import SubgroupEstimate, subgroup_covariance, subgroup_difference
from transforms.designs.sample import DesignSample, make_design_rows, read_sample
from transforms.designs.settings import DesignSettings
from transforms.estimation.robust.joint import joint_test, wishart_df

PLAIN = DesignSettings(prior_degree=1, covariates=(), has_context_means=False)


def sample_of(growth: pd.DataFrame) -> DesignSample:
    connection = study(growth, exposure(growth))
    make_design_rows(connection, "mathematics")
    return read_sample(connection, "mathematics", PLAIN)


def with_teachers(growth: pd.DataFrame, *columns: object) -> np.ndarray:
    """``columns``, prior, years and a dummy for each teacher."""
    years = pd.get_dummies(growth["school_year"]).iloc[:, 1:]
    teachers = pd.get_dummies(growth["staff_id"])
    return np.column_stack([*columns, growth["prior_score_sd"], years, teachers]).astype(float)


def roots(x: np.ndarray, school: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Rows and (I - H_gg)^-1/2 of each cluster."""
    bread = np.linalg.pinv(x.T @ x)
    found = []
    for name in np.unique(school):
        at = np.flatnonzero(school == name)
        values, vectors = np.linalg.eigh(np.eye(len(at)) - x[at] @ bread @ x[at].T)
        power = np.where(values > 1e-8, np.abs(values), np.inf) ** -0.5
        found.append((at, vectors @ np.diag(power) @ vectors.T))
    return found


@pytest.fixture(scope="module")
def growth() -> pd.DataFrame:
    return made_up_growth(Plan(schools=7, teachers=6, students=4, years=3, seed=11))


def test_knot_at_14_hours_equals_least_squares_over_the_rows(growth: pd.DataFrame) -> None:
    sample = sample_of(growth)
    hours = sample.exposure.aligned_hours[:, 0]
    columns = {"hours:c": hours / 10, "above:c": np.maximum(hours - 14, 0) / 10}
    model = fit_exposure(sample, "within_teacher", columns, PLAIN)
    h = growth["coaching"].to_numpy()
    x = with_teachers(growth, h / 10, np.maximum(h - 14, 0) / 10)
    y = growth["score_sd"].to_numpy()
    params = np.linalg.lstsq(x, y, rcond=None)[0]
    bread = np.linalg.pinv(x.T @ x)
    scores = [bread @ x[at].T @ root @ (y - x @ params)[at] for at, root in roots(x, growth["school_id"])]
    covariance = sum(np.outer(score, score) for score in scores)
    above = np.zeros(x.shape[1])
    above[:2] = 1.0
    found = model.number({"hours:c": 1.0, "above:c": 1.0})
    assert found is not None
    assert found.estimate_sd == pytest.approx(above @ params, rel=1e-7)
    assert found.std_error == pytest.approx((above @ covariance @ above) ** 0.5, rel=1e-6)


def test_degrees_of_freedom_of_the_joint_test_equal_their_definition(growth: pd.DataFrame) -> None:
    """eta = q (q + 1) / sum of the variances of the entries of D, from (I - H) over all rows."""
    sample = sample_of(growth)
    knots = np.array([6.0, 11.0, 17.0, 22.0])
    basis = spline_columns(sample.exposure.aligned_hours[:, 0], knots)
    names = ["a:c", "b:c", "d:c"]
    model = fit_exposure(sample, "within_teacher", dict(zip(names, basis.T, strict=True)), PLAIN)
    contrasts = np.array([model.contrast({name: 1.0}) for name in names[1:]])
    robust = model.model.robust
    assert robust.leverages is not None
    x = with_teachers(growth, *spline_columns(growth["coaching"].to_numpy(), knots).T)
    bread = np.linalg.pinv(x.T @ x)
    pick = np.eye(x.shape[1])[1:3]
    turn = np.linalg.inv(np.real(sqrtm(pick @ bread @ pick.T))) @ pick @ bread
    residual = np.eye(len(x)) - x @ bread @ x.T
    # u_gs = a_gs' e
    maps = np.zeros((2, 7, len(x)))
    for g, (at, root) in enumerate(roots(x, growth["school_id"])):
        maps[:, g, at] = turn @ x[at].T @ root
    p = np.einsum("sgi,ij,thj->stgh", maps, residual, maps)
    total = sum((p[s, s] * p[t, t] + p[s, t] * p[t, s]).sum() for s, t in product(range(2), repeat=2))
    mean = np.mean([np.trace(p[s, s]) for s in range(2)])
    assert wishart_df(robust.leverages, contrasts) == pytest.approx(6 * mean**2 / total, rel=1e-6)
    test = joint_test(robust, contrasts)
    assert test is not None
    assert test.df_denominator == pytest.approx(6 * mean**2 / total - 1, rel=1e-6)


def test_joint_test_of_one_contrast_is_the_t_test(growth: pd.DataFrame) -> None:
    sample = sample_of(growth)
    model = fit_exposure(sample, "adjusted", {"hours:c": sample.exposure.aligned_hours[:, 0]}, PLAIN)
    one = model.number({"hours:c": 1.0})
    test = joint_test(model.model.robust, model.contrast({"hours:c": 1.0})[None])
    assert one is not None
    assert test is not None
    assert test.statistic == pytest.approx((one.estimate_sd / one.std_error) ** 2)
    assert test.df_denominator == pytest.approx(one.df)
    assert test.p_value == pytest.approx(one.p_value)


def test_spline_spans_formulaics_natural_cubic_splines() -> None:
    x = np.linspace(0.0, 30.0, 61)
    knots = [3.0, 8.0, 14.0, 22.0]
    bounds = f"lower_bound={knots[0]}, upper_bound={knots[-1]}"
    theirs = formulaic.model_matrix(
        f"cr(x, knots={knots[1:-1]}, {bounds}, extrapolation='extend')",
        pd.DataFrame({"x": x}),
    ).to_numpy()
    ours = np.column_stack([np.ones(len(x)), spline_columns(x, np.array(knots))])
    inside = (x >= knots[0]) & (x <= knots[-1])
    fitted = theirs[inside] @ np.linalg.lstsq(theirs[inside], ours[inside], rcond=None)[0]
    assert fitted == pytest.approx(ours[inside], abs=1e-9)


def test_spline_is_harrells_formula() -> None:
    """x = 12, knots 2, 6, 10: (10^3 - 6^3 x 8/4 + 2^3 x 4/4) / 8^2, in tens."""
    assert spline_columns(np.array([12.0]), np.array([2.0, 6.0, 10.0]))[0] == pytest.approx(
        [1.2, (1000 - 216 * 2 + 8) / 64 / 10]
    )


def test_difference_equals_that_of_a_regression_with_every_column_interacted(growth: pd.DataFrame) -> None:
    """Two groups in the same schools. Their fits apart are one fit with all columns by group, whose
    cluster-robust covariance (CR0) has the covariance between the groups in it."""
    rng = np.random.default_rng(3)
    group = rng.random(len(growth)) < 0.4
    school = growth["school_id"].to_numpy()
    y = (growth["score_sd"] + 0.2 * group * growth["coaching"] / 10).to_numpy()
    base = np.column_stack([growth["coaching"] / 10, growth["prior_score_sd"], np.ones(len(growth))])
    both = np.column_stack([base * ~group[:, None], base * group[:, None]])

    def fit(x: np.ndarray, y: np.ndarray, schools: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        bread = np.linalg.inv(x.T @ x)
        params = bread @ x.T @ y
        scores = x * (y - x @ params)[:, None]
        return params, np.array([bread @ scores[schools == name].sum(axis=0) for name in np.unique(school)])

    params, influence = fit(both, y, school)
    covariance = influence.T @ influence
    estimates = []
    for is_member in (False, True):
        rows = group == is_member
        own, parts = fit(base[rows], y[rows], school[rows])
        error = float((parts[:, 0] ** 2).sum() ** 0.5)
        estimates.append(
            SubgroupEstimate(str(is_member), float(own[0]), error, 20.0, parts[:, 0], np.unique(school))
        )
    assert subgroup_covariance(estimates) == pytest.approx(covariance[np.ix_([0, 3], [0, 3])], rel=1e-8)
    found = subgroup_difference(estimates)
    variance = covariance[3, 3] + covariance[0, 0] - 2 * covariance[0, 3]
    assert found.std_error == pytest.approx(variance**0.5)
    assert found.test is not None
    assert found.test.statistic == pytest.approx((params[3] - params[0]) ** 2 / variance)
