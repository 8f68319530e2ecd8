"""Specifications, leave-one-out and benchmarks against regressions on the rows themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.unit.designs.growth_frames import Plan, exposure, made_up_growth, study
from transforms.designs.regressions import estimate_regression
from transforms.designs.sample import make_design_rows, read_sample
from transforms.designs.sensitivity import leave_one_out, sensitivity_records, strongest_control
from transforms.designs.settings import DesignSettings
from transforms.designs.specifications import COMPARISONS, DOSES, specification_records
from transforms.standards.sensitivity import benchmark_bounds, omitted_variable

SETTINGS = DesignSettings()


@pytest.fixture(scope="module")
def district():
    growth = made_up_growth(Plan(schools=9, teachers=5, students=5, years=3, seed=31))
    growth["grade_level"] = 4 + (growth["staff_id"].str[-1].astype(int) + growth["school_year"]) % 2
    growth["is_swd"] = growth["is_swd"].fillna(False)
    rng = np.random.default_rng(2)
    other = growth.groupby(["staff_id", "school_year"]).ngroup()
    growth["workshop_series"] = np.where(
        rng.random(other.max() + 1) < 0.4, rng.uniform(3, 30, other.max() + 1), 0
    )[other]
    connection = study(growth, exposure(growth), exposure(growth, "workshop_series"))
    make_design_rows(connection, "mathematics")
    sample = read_sample(connection, "mathematics", SETTINGS)
    return growth, sample, pd.DataFrame(specification_records(sample, SETTINGS))


def dose(hours: pd.Series, by_unit: pd.Series, form: str) -> np.ndarray:
    if form == "any hours":
        return (hours > 0).to_numpy(float)
    if form == "at least 14 hours":
        return (hours >= 14).to_numpy(float)
    if form == "hours":
        return hours.to_numpy() / 10
    mean = by_unit[by_unit > 0].mean()
    return np.log1p(hours.to_numpy()) / np.log((11 + mean) / (1 + mean))


def dense(growth: pd.DataFrame, row: pd.Series) -> tuple[float, float]:
    """Coefficient and CR1 standard error by school, with a dummy for each absorbed level."""
    types = ["coaching", "workshop_series"] if row["companions"] == "all types jointly" else [row["pd_type"]]
    by_unit = growth.groupby(["staff_id", "school_year"])[["coaching", "workshop_series"]].first()
    columns = [dose(growth[name], by_unit[name], row["dose"]) for name in types]
    prior = growth["prior_score_sd"]
    sets = {
        "prior score": [prior],
        "prior score to the cube": [prior, prior**2, prior**3],
        "and student covariates": [prior, prior**2, prior**3, growth["is_swd"], growth["is_female"]],
        "and class and school means": [
            prior, prior**2, prior**3, growth["is_swd"], growth["is_female"],
            growth["class_mean_prior_sd"], growth["school_mean_prior_sd"],
        ],
    }  # fmt: skip
    absorbed = {
        COMPARISONS[0]: pd.Series(0, growth.index),
        COMPARISONS[1]: growth["school_id"],
        COMPARISONS[2]: growth["school_id"] + growth["school_year"].astype(str),
        COMPARISONS[3]: growth["staff_id"],
    }[row["comparison"]]
    cells = growth["grade_level"].astype(str) + "." + growth["school_year"].astype(str)
    left = np.column_stack(
        [
            *(np.asarray(column, dtype=float) for column in sets[row["covariates"]]),
            pd.get_dummies(cells).to_numpy(float),
            pd.get_dummies(absorbed).to_numpy(float),
        ]
    )
    y = growth["score_sd"].to_numpy()
    x = np.column_stack(columns)
    x_left = x - left @ np.linalg.lstsq(left, x, rcond=None)[0]
    y_left = y - left @ np.linalg.lstsq(left, y, rcond=None)[0]
    bread = np.linalg.inv(x_left.T @ x_left)
    params = bread @ x_left.T @ y_left
    scores = x_left * (y_left - x_left @ params)[:, None]
    by_school = pd.DataFrame(scores).groupby(growth["school_id"].to_numpy()).sum().to_numpy()
    n = len(by_school)
    covariance = n / (n - 1) * bread @ by_school.T @ by_school @ bread
    at = types.index(row["pd_type"])
    return params[at], covariance[at, at] ** 0.5


def test_every_specification_is_the_regression_on_the_rows(district) -> None:
    growth, _, found = district
    # 4 comparisons × 4 covariate sets × 4 doses × 2 companions = 128, half of them a contrast
    assert len(found) == 2 * 128
    assert (found.groupby(["pd_type", "contrast"]).size() == 64).all()
    assert found["estimate_sd"].notna().all()
    for _, row in found.iloc[::3].iterrows():
        estimate, error = dense(growth, row)
        assert row["estimate_sd"] == pytest.approx(estimate, rel=1e-7, abs=1e-10), row
        assert row["std_error"] == pytest.approx(error, rel=1e-7), row
        # t with schools - 1 degrees of freedom
        assert row["p_value"] == pytest.approx(2 * stats.t.sf(abs(estimate / error), 8), rel=1e-6)


def test_type_that_does_not_vary_in_a_comparison_says_so() -> None:
    growth = made_up_growth(Plan(schools=9, teachers=4, students=3, years=2, seed=32))
    of_school = growth["school_id"].isin([f"s{i}" for i in range(5)])
    growth["conference"] = np.where(of_school, 9.0, 0.0)
    connection = study(growth, exposure(growth), exposure(growth, "conference"))
    make_design_rows(connection, "mathematics")
    found = pd.DataFrame(specification_records(read_sample(connection, "mathematics", SETTINGS), SETTINGS))
    rows = found[(found["pd_type"] == "conference") & (found["dose"] == "hours")]
    within = rows[rows["comparison"] != COMPARISONS[0]]
    assert within["estimate_sd"].isna().all()
    assert (within["note"] == "nothing of it varies in this comparison").all()
    assert rows[rows["comparison"] == COMPARISONS[0]]["estimate_sd"].notna().all()
    few = found[(found["pd_type"] == "conference") & (found["dose"] == "at least 14 hours")]
    assert (few["note"] == "0 teachers with 14 hours or more, fewer than 10").all()


def test_types_that_are_multiples_of_each_other_have_numbers_alone_only() -> None:
    growth = made_up_growth(Plan(schools=8, teachers=4, students=3, years=2, seed=33))
    growth["micro_credential"] = 2 * growth["coaching"]
    connection = study(growth, exposure(growth), exposure(growth, "micro_credential"))
    make_design_rows(connection, "mathematics")
    found = pd.DataFrame(specification_records(read_sample(connection, "mathematics", SETTINGS), SETTINGS))
    hours = found[found["dose"] == "hours"]
    assert hours[hours["companions"] == "all types jointly"]["estimate_sd"].isna().all()
    assert hours[hours["companions"] == "this type alone"]["estimate_sd"].notna().all()


def test_without_an_effect_one_specification_in_twenty_is_significant() -> None:
    p_values = []
    for seed in range(25):
        growth = made_up_growth(
            Plan(schools=24, teachers=4, students=4, years=2, effect=0.0, seed=100 + seed)
        )
        connection = study(growth, exposure(growth))
        make_design_rows(connection, "mathematics")
        rows = specification_records(read_sample(connection, "mathematics", SETTINGS), SETTINGS)
        p_values += [row["p_value"] for row in rows if row["dose"] == "hours"]
    assert 0.01 < np.mean(np.array(p_values) < 0.05) < 0.12
    assert set(DOSES.values()) == {"participated", "per_10_hours"}


@pytest.mark.parametrize("design", ["adjusted", "within_teacher"])
def test_leaving_a_school_out_is_the_fit_without_it(design: str) -> None:
    growth = made_up_growth(Plan(schools=20, teachers=5, students=5, years=2, seed=34))
    connection = study(growth, exposure(growth))
    make_design_rows(connection, "mathematics")
    sample = read_sample(connection, "mathematics", SETTINGS)
    model = estimate_regression(sample, design, "participated", SETTINGS, "b1").model
    precisions = model.fit.precisions(model.sums)
    names = model.fit.names
    column = next(name for name in names if "coaching" in name)
    found = leave_one_out(model.sums.names, precisions, names, column)
    estimates = []
    x = [model.sums.names.index(name) for name in names]
    for school in range(len(precisions)):
        rest = np.delete(precisions, school, axis=0).sum(axis=0)
        estimates.append(np.linalg.solve(rest[np.ix_(x, x)], rest[x, -1]))
    at = names.index(column)
    values = [estimate[at] for estimate in estimates]
    assert (found.low, found.high) == pytest.approx((min(values), max(values)), rel=1e-6)


def test_benchmark_is_the_control_that_biases_most(district) -> None:
    growth, sample, _ = district
    model = estimate_regression(sample, "within_teacher", "participated", SETTINGS, "b1").model
    products = model.fit.precisions(model.sums).sum(axis=0)
    column = "participated:coaching"
    at = model.fit.names.index(column)
    estimate, error = model.fit.params[at], model.fit.std_errors[at]
    found = strongest_control(
        model.sums.names, products, column, sample.controls, estimate, error, model.fit.df_resid
    )
    # partial R2 of one control by two regressions on the rows: with the hours, and with growth
    dummies = pd.get_dummies(growth["staff_id"]).to_numpy(float)
    cells = pd.get_dummies(growth["grade_level"].astype(str) + growth["school_year"].astype(str)).to_numpy(
        float
    )
    prior = growth["prior_score_sd"]
    controls = {
        "prior": prior, "prior_2": prior**2, "prior_3": prior**3, "is_swd": growth["is_swd"],
        "is_female": growth["is_female"], "class_mean_prior_sd": growth["class_mean_prior_sd"],
        "school_mean_prior_sd": growth["school_mean_prior_sd"],
    }  # fmt: skip
    controls = {name: np.asarray(values, dtype=float) for name, values in controls.items()}
    hours = (growth["coaching"] > 0).to_numpy(float)
    other = (growth["workshop_series"] > 0).to_numpy(float)

    def residual(values, columns):
        x = np.column_stack([dummies, cells, *columns])
        return values - x @ np.linalg.lstsq(x, values, rcond=None)[0]

    rest = [values for name, values in controls.items() if name != found.name]
    z = residual(controls[found.name], [*rest, other])
    d = residual(hours, [*rest, other])
    assert found.r2_treatment == pytest.approx(np.corrcoef(z, d)[0, 1] ** 2, rel=1e-5)
    z = residual(controls[found.name], [*rest, other, hours])
    y = residual(growth["score_sd"].to_numpy(), [*rest, other, hours])
    assert found.r2_outcome == pytest.approx(np.corrcoef(z, y)[0, 1] ** 2, rel=1e-5)
    bounds = benchmark_bounds(found.r2_treatment, found.r2_outcome)
    moved = omitted_variable(estimate, error, model.fit.df_resid, *bounds)
    assert found.estimate_sd == pytest.approx(moved.estimate)


def test_row_of_sensitivity_counts_specifications_by_sign_and_significance(district) -> None:
    _, sample, curve = district
    regressions = [estimate_regression(sample, "within_teacher", "participated", SETTINGS, "b1")]
    effects = regressions[0].effects
    rows = sensitivity_records(sample, regressions, effects, curve.to_dict("records"), SETTINGS)
    row = next(row for row in rows if row["pd_type"] == "coaching")
    same = curve[(curve["pd_type"] == "coaching") & (curve["contrast"] == "participated")]
    sign = np.sign(next(effect.estimate_sd for effect in effects if effect.pd_type == "coaching"))
    agree = same[np.sign(same["estimate_sd"]) == sign]
    assert row["n_specifications"] == 64
    assert row["share_same_sign"] == pytest.approx(len(agree) / 64)
    assert row["share_significant"] == pytest.approx((agree["p_value"] < 0.05).sum() / 64)
    assert row["robustness_value_alpha"] <= row["robustness_value"]
