"""Step 1 of value-added: what comes from sums is what matrices written out give, and finds the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.reference.value_added_frames import COVARIATES, LINEAR, SQUARE, Plan, made_up, study
from transforms.growth.error_moments import unbiased_power
from transforms.growth.value_added import compute_value_added
from transforms.growth.value_added_prior import fit_priors
from transforms.growth.value_added_sample import Cell, build_value_added_sample

CELL = Cell("STATE", "mathematics", "spring_to_spring")


def powers(x: np.ndarray, error_variance: np.ndarray, degree: int) -> list[np.ndarray]:
    """t_0 … t_degree by the recursion of Cheng and Schneeweiss."""
    found = [np.ones_like(x), x]
    for k in range(1, degree):
        found.append(x * found[k] - k * error_variance * found[k - 1])
    return found


def untidy() -> pd.DataFrame:
    """Shared students, missing covariates and other priors, teachers of two grades."""
    frame = made_up(Plan(schools=4, teachers=3, students=15, seed=5))
    rng = np.random.default_rng(6)
    shared = rng.random(len(frame)) < 0.2
    frame["roster_weight"] = np.where(shared, 0.5, 1.0)
    second = frame[shared].assign(staff_id=lambda rows: rows["staff_id"].map(lambda name: f"{name}b"))
    frame = pd.concat([frame, second], ignore_index=True)
    frame["grade_level"] += rng.random(len(frame)) < 0.3
    frame["is_swd"] = pd.array(rng.random(len(frame)) < 0.2, dtype="boolean")
    frame.loc[rng.random(len(frame)) < 0.1, "is_swd"] = pd.NA
    frame.loc[rng.random(len(frame)) < 0.2, ["other_prior_sd", "other_prior_sem_sd"]] = np.nan
    return frame


def dense_coefficients(frame: pd.DataFrame, degree: int, is_corrected: bool) -> np.ndarray:
    """Coefficients (degree + 1) of the priors, from products of all pairs of rows of a teacher's year."""
    n = len(frame)
    x, w = frame["prior_score_sd"].to_numpy(), frame["roster_weight"].to_numpy()
    s2 = frame["prior_sem_sd"].to_numpy() ** 2 * is_corrected
    t = powers(x, s2, 2 * degree)
    other = frame["other_prior_sd"].fillna(0.0).to_numpy()
    other_s2 = frame["other_prior_sem_sd"].fillna(0.0).to_numpy() ** 2 * is_corrected
    swd = frame["is_swd"]
    exact = [frame["other_prior_sd"].isna(), frame["is_english_learner"], swd.fillna(False), swd.isna()]
    exact += [frame["is_female"]]
    exact += [
        column for _, column in pd.get_dummies(frame["grade_level"] * 10_000 + frame["school_year"]).items()
    ]
    columns = np.column_stack([*t[1 : degree + 1], other, *(np.asarray(c, dtype=float) for c in exact)])
    # what x_ij x_ik has as expectation given the truth: t_(j+k), not t_j t_k
    unbiased = columns[:, :, None] * columns[:, None, :]
    for j in range(degree):
        for k in range(degree):
            unbiased[:, j, k] = t[j + k + 2]
    unbiased[:, degree, degree] -= other_s2
    y = frame["score_sd"].to_numpy()
    products, with_y = np.zeros((columns.shape[1],) * 2), np.zeros(columns.shape[1])
    for at in frame.groupby(["staff_id", "school_year"]).indices.values():
        share = w[at] / w[at].sum()
        for i in range(len(at)):
            products += w[at[i]] * unbiased[at[i]]
            with_y += w[at[i]] * columns[at[i]] * y[at[i]]
            for j in range(len(at)):
                pair = unbiased[at[i]] if i == j else np.outer(columns[at[i]], columns[at[j]])
                products -= w[at[i]] * share[j] * (pair + pair.T) / 2
                with_y -= w[at[i]] * share[j] * columns[at[i]] * y[at[j]]
    assert n == len(y)
    # dummies that teacher-years determine have no coefficient of their own; those of the priors are the same
    return np.linalg.lstsq(products, with_y, rcond=1e-12)[0][: degree + 1]


@pytest.mark.parametrize("degree", [1, 2, 3])
@pytest.mark.parametrize("is_corrected", [True, False])
def test_coefficients_from_sums_are_those_of_products_written_out(degree: int, is_corrected: bool) -> None:
    frame = untidy()
    if not is_corrected:
        frame["prior_sem_sd"] = np.nan
    connection = study(frame)
    sample = build_value_added_sample(connection, CELL, prior_degree=degree, covariates=COVARIATES)
    fit = fit_priors(connection, sample)
    expected = dense_coefficients(frame.fillna({"prior_sem_sd": 0.0}), degree, is_corrected)
    found = [fit.coefficients[name] for name in (*sample.priors, "other_prior")]
    # a few hundred rows, condition below 100
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("k", range(7))
def test_unbiased_power_is_the_recursion_and_averages_to_the_power_of_the_truth(k: int) -> None:
    x, s2 = np.array([-1.3, 0.0, 0.4, 2.5]), np.array([0.1, 0.2, 0.0, 0.5])
    connection = study()
    connection.register("given", pd.DataFrame({"x": x, "s2": s2}))
    found = connection.execute(f"SELECT {unbiased_power(k, 'x', 's2')} FROM given").fetchnumpy()
    np.testing.assert_allclose(next(iter(found.values())), powers(x, s2, 7)[k], rtol=1e-12, atol=1e-12)
    # Gauss-Hermite nodes integrate polynomials of the error exactly
    nodes, weights = np.polynomial.hermite_e.hermegauss(10)
    averages = [
        weights @ powers(xi + np.sqrt(v) * nodes, v + 0 * nodes, 7)[k] for xi, v in zip(x, s2, strict=True)
    ]
    np.testing.assert_allclose(np.array(averages) / np.sqrt(2 * np.pi), x**k, rtol=1e-9, atol=1e-9)


def simulated(seed: int) -> dict[str, float]:
    """Slopes less the truth, and the slope of teachers' error on their students' true mean prior."""
    frame = made_up(Plan(schools=20, teachers=5, students=25, seed=seed))
    truth = LINEAR + 2 * SQUARE * frame["prior_score_sd"].mean()
    found: dict[str, float] = {}
    classes = frame.groupby(["staff_id", "school_year"])[["truth", "xi"]].mean()
    for name, given in (("corrected", frame), ("raw", frame.assign(prior_sem_sd=np.nan))):
        connection = study(given)
        compute_value_added(connection, prior_degree=3, covariates=COVARIATES)
        model = connection.table("estimates.value_added_model").df().iloc[0]
        gains = connection.table("value_added_teacher").df().set_index(["staff_id", "school_year"])["gain_sd"]
        error = (gains - classes["truth"]).reindex(classes.index)
        found[f"{name} slope"] = model["prior_coefficient"] - truth
        found[f"{name} sorting"] = np.polyfit(classes["xi"], error, 1)[0]
        found[f"{name} without correction"] = model["prior_coefficient_uncorrected"] - truth
    return found


def test_correction_removes_the_bias_of_noisy_priors_and_of_sorting() -> None:
    runs = pd.DataFrame([simulated(seed) for seed in range(12)])
    mean, error = runs.mean(), runs.std() / np.sqrt(len(runs))
    assert abs(mean["corrected slope"]) < 3 * error["corrected slope"]
    assert mean["raw slope"] < -10 * error["raw slope"]
    np.testing.assert_allclose(runs["corrected without correction"], runs["raw slope"], atol=1e-9)
    # students of higher priors look as if taught better, unless the error of their priors is taken out
    assert abs(mean["corrected sorting"]) < 3 * error["corrected sorting"]
    assert mean["raw sorting"] > 10 * error["raw sorting"]


def model_of(frame: pd.DataFrame, degree: int = 3) -> pd.Series:
    connection = study(frame)
    compute_value_added(connection, prior_degree=degree, covariates=COVARIATES)
    return connection.table("estimates.value_added_model").df().iloc[0]


def test_reliability_is_one_less_error_variance_over_variance() -> None:
    frame = made_up(Plan(schools=6, seed=2))
    x, s2 = frame["prior_score_sd"], frame["prior_sem_sd"] ** 2
    assert model_of(frame)["prior_reliability"] == pytest.approx(1 - s2.mean() / x.var(ddof=0))


def test_many_missing_errors_of_measurement_leave_priors_uncorrected_and_the_note_says_so() -> None:
    frame = made_up(Plan(schools=6, seed=2))
    frame.loc[frame.index % 10 == 0, "prior_sem_sd"] = np.nan
    model = model_of(frame)
    assert not model["is_error_corrected"]
    assert np.isnan(model["prior_reliability"])
    assert model["prior_coefficient"] == model["prior_coefficient_uncorrected"]
    assert (
        "not corrected for errors of measurement: 10% of the priors have no standard error" in model["note"]
    )


def test_a_few_rows_without_error_of_measurement_are_left_out_and_counted() -> None:
    frame = made_up(Plan(schools=6, seed=2))
    frame.loc[frame.index % 50 == 0, "prior_sem_sd"] = np.nan
    model = model_of(frame)
    few = len(frame[frame.index % 50 == 0])
    assert model["is_error_corrected"]
    assert model["n_students"] == len(frame) - few
    assert f"{few} rows without a standard error of measurement left out" in model["note"]


def test_other_prior_that_most_lack_is_left_out() -> None:
    frame = made_up(Plan(schools=6, seed=2))
    frame.loc[frame.index % 3 > 0, ["other_prior_sd", "other_prior_sem_sd"]] = np.nan
    assert "no prior in another subject for most students: left out" in model_of(frame)["note"]


def test_errors_that_leave_nothing_of_the_prior_are_refused_without_a_number() -> None:
    frame = made_up(Plan(schools=6, seed=2)).assign(prior_sem_sd=1.2)
    model = model_of(frame)
    assert model["note"].startswith("refused: errors of measurement leave too little of the priors")
    assert np.isnan(model["prior_coefficient"])
    assert np.isnan(model["variance_residual_sd2"])
    assert not model["is_error_corrected"]


def test_unknown_errors_of_the_other_prior_leave_it_uncorrected_and_the_note_says_so() -> None:
    frame = made_up(Plan(schools=6, seed=2))
    frame.loc[frame.index % 5 == 0, "other_prior_sem_sd"] = np.nan
    model = model_of(frame)
    assert model["is_error_corrected"]
    assert "errors of the other prior not corrected for: unknown for 20%" in model["note"]


def test_covariates_without_use_are_named() -> None:
    frame = made_up(Plan(schools=6, seed=2))
    frame["is_gifted"] = frame["staff_id"].isin(["t1", "t2", "t3"])
    note = model_of(frame)["note"]
    assert "is_gifted (does not vary within teachers)" in note
    assert "is_swd (not in the data), is_economically_disadvantaged (not in the data)" in note


def test_prior_of_two_values_has_no_cubic() -> None:
    frame = made_up(Plan(schools=6, seed=2))
    frame["prior_score_sd"] = np.sign(frame["prior_score_sd"])
    note = model_of(frame.assign(prior_sem_sd=np.nan))["note"]
    # x² is constant and x³ is x
    assert note.startswith("refused: prior_2, prior_3 cannot be told apart within teacher-years")
