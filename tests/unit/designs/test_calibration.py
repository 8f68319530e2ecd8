"""What known effects come back as: the calibrated designs are the published ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit

from expectations.outputs import OUTPUTS
from tests.unit.designs.growth_frames import Plan, exposure, made_up_growth, study
from tests.unit.designs.test_permutation import panel_of
from transforms.designs.adjusted_model import fit_adjusted
from transforms.designs.calibrated_regression import CalibratedRegression
from transforms.designs.calibration import calibrate_regressions, regression_draws
from transforms.designs.calibration_panels import Offers, calibrate_lottery, calibrate_panel
from transforms.designs.calibration_rows import is_struck_out
from transforms.designs.panel import BoolArray, DesignEstimate, DesignRefusedError, TeacherPanel
from transforms.designs.permutation import exchange_of_units
from transforms.designs.regressions import CONTRASTS, REGRESSIONS, Regression, estimate_regression
from transforms.designs.sample import DesignSample, make_design_rows, read_sample
from transforms.designs.settings import DesignSettings

SETTINGS = DesignSettings()
TYPES = ("coaching", "workshop_series")
EVERY = [(design, contrast) for design in REGRESSIONS for contrast in CONTRASTS]


def sample_of(growth: pd.DataFrame, *columns: str) -> DesignSample:
    connection = study(growth, *(exposure(growth, column) for column in columns or ("coaching",)))
    make_design_rows(connection, "mathematics")
    return read_sample(connection, "mathematics", SETTINGS)


@pytest.fixture(scope="module")
def growth() -> pd.DataFrame:
    found = made_up_growth(Plan(schools=16, teachers=8, students=8, years=3, seed=4))
    rng = np.random.default_rng(5)
    keys = found.groupby(["staff_id", "school_year"], sort=True).ngroup()
    hours = rng.choice([0.0, 6.0, 14.0], size=keys.max() + 1)
    return found.assign(workshop_series=hours[keys])


@pytest.fixture(scope="module")
def sample(growth: pd.DataFrame) -> DesignSample:
    return sample_of(growth, *TYPES)


def published(sample: DesignSample, design: str, contrast: str) -> Regression:
    return estimate_regression(sample, design, contrast, SETTINGS, "b1")


def calibrated(sample: DesignSample, design: str, contrast: str) -> CalibratedRegression:
    found = CalibratedRegression.of(sample, published(sample, design, contrast), SETTINGS)
    assert found is not None
    return found


def with_other_hours(sample: DesignSample, seed: int) -> DesignSample:
    students = np.asarray(sample.exposure.mixture.T @ sample.sums.sums[:, 0])
    donor = exchange_of_units(sample.exposure, students).drawn(np.random.default_rng(seed))
    hours = sample.exposure.aligned_hours[donor]
    return replace(sample, exposure=replace(sample.exposure, aligned_hours=hours))


@pytest.mark.parametrize(("design", "contrast"), EVERY)
def test_refit_with_the_own_hours_is_the_published_fit_less_its_effects(
    sample: DesignSample, design: str, contrast: str
) -> None:
    estimates, errors, df = calibrated(sample, design, contrast).refitted(sample.exposure)
    rows = published(sample, design, contrast).effects
    assert estimates == pytest.approx(0.0, abs=1e-9)
    assert errors == pytest.approx([row.std_error for row in rows], rel=1e-8)
    assert df == pytest.approx([row.df for row in rows], rel=1e-8)


@pytest.mark.parametrize("contrast", CONTRASTS)
@pytest.mark.parametrize("planted", [0.0, 0.2])
def test_planted_effect_moves_the_estimate_of_a_real_fit_by_as_much_and_leaves_its_error(
    growth: pd.DataFrame, sample: DesignSample, contrast: str, planted: float
) -> None:
    other = with_other_hours(sample, seed=3)
    model = calibrated(sample, "within_teacher", contrast)
    estimates, errors, df = model.refitted(other.exposure)

    def dose(hours: pd.DataFrame) -> pd.DataFrame:
        return hours / 10.0 if contrast == "per_10_hours" else (hours > 0.0).astype(float)

    # The same copy made of rows: the fitted effects out of the scores, the planted one in, and read anew.
    types = list(sample.exposure.types)
    fitted = [row.estimate_sd for row in published(sample, "within_teacher", contrast).effects]
    units = pd.DataFrame(other.exposure.aligned_hours, columns=types).assign(
        staff_id=sample.staff_ids[sample.exposure.staff], school_year=sample.exposure.school_year
    )
    copy = growth.drop(columns=types).merge(units, on=["staff_id", "school_year"])
    removed = growth.assign(removed=dose(growth[types]).to_numpy() @ np.array(fitted))
    copy = copy.merge(removed[["student_id", "removed"]], on="student_id")
    copy["score_sd"] += planted * dose(copy[types])["coaching"] - copy["removed"]
    rows = {
        row.pd_type: row for row in published(sample_of(copy, *types), "within_teacher", contrast).effects
    }
    assert rows["coaching"].estimate_sd == pytest.approx(estimates[0] + planted, abs=1e-8)
    assert rows["workshop_series"].estimate_sd == pytest.approx(estimates[1], abs=1e-8)
    assert [rows[name].std_error for name in types] == pytest.approx(errors, rel=1e-8)
    assert [rows[name].df for name in types] == pytest.approx(df, rel=1e-8)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_variance_ratios_of_the_published_fit_serve_for_other_hours(sample: DesignSample, seed: int) -> None:
    model = calibrated(sample, "adjusted", "per_10_hours")
    other = with_other_hours(sample, seed)
    estimates, errors, _ = model.refitted(other.exposure)
    columns = {
        f"hours:{name}": other.exposure.aligned_hours[:, at] / 10.0
        for at, name in enumerate(sample.exposure.types)
    }
    real = fit_adjusted(replace(other, sums=model.sums), columns, has_school_split=True)
    at = [real.fit.names.index(f"hours:{name}:within") for name in sample.exposure.types]
    assert np.abs((estimates - real.robust.params[at]) / errors).max() < 0.05
    assert errors == pytest.approx(real.robust.std_errors[at], rel=0.02)


@pytest.mark.parametrize("design", REGRESSIONS)
def test_effect_planted_into_rows_moves_the_published_estimate_by_as_much(
    growth: pd.DataFrame, sample: DesignSample, design: str
) -> None:
    # also where the variance ratios are estimated anew
    planted = growth.assign(score_sd=growth["score_sd"] + 0.2 * growth["coaching"] / 10.0)
    found = [published(s, design, "per_10_hours").effects for s in (sample, sample_of(planted, *TYPES))]
    for before, after in zip(*found, strict=True):
        moved = 0.2 if before.pd_type == "coaching" else 0.0
        assert after.estimate_sd == pytest.approx(before.estimate_sd + moved, abs=1e-6)
        assert after.std_error == pytest.approx(before.std_error, rel=1e-5)


def test_rows_have_the_columns_of_the_contract_and_are_the_same_for_the_same_seed(
    sample: DesignSample,
) -> None:
    regressions = [published(sample, "within_teacher", "participated")]
    rows = calibrate_regressions(sample, regressions, SETTINGS, n_draws=12, seed=8)
    assert rows == calibrate_regressions(sample, regressions, SETTINGS, n_draws=12, seed=8)
    assert {name for row in rows for name in row} == {
        column.name for column in OUTPUTS["estimates.calibration"].columns
    }
    # two types and all of them, four planted effects
    assert len(rows) == 3 * 4


def test_good_regressions_cover_and_find_what_they_say(sample: DesignSample) -> None:
    regressions = [published(sample, design, "per_10_hours") for design in REGRESSIONS]
    for row in calibrate_regressions(sample, regressions, SETTINGS, n_draws=150, seed=2):
        assert 0.90 < row["coverage"] < 0.99
        assert not row["is_struck_out"]
        if row["planted_sd"] == 0.0:
            assert row["rejection_rate"] == pytest.approx(1.0 - row["coverage"])
            # power 80 % at t(.975) + t(.80) standard errors, 2.8 and somewhat more with few schools
            assert 2.5 < row["minimum_detectable_sd"] / row["mean_std_error"] < 3.5


def test_draws_of_a_null_effect_are_around_zero_whatever_the_effect_was(growth: pd.DataFrame) -> None:
    strong = growth.assign(score_sd=growth["score_sd"] + growth["coaching"] / 10.0)
    found = []
    for scores in (growth, strong):
        sample = sample_of(scores)
        model = calibrated(sample, "within_teacher", "per_10_hours")
        found.append(regression_draws(sample, [model], 10, seed=1)[0].estimates)
    assert found[1] == pytest.approx(found[0], abs=1e-8)


def test_without_a_number_there_is_nothing_to_calibrate(growth: pd.DataFrame) -> None:
    sample = sample_of(growth[growth["school_year"] == 2025])
    regressions = [published(sample, "within_teacher", "participated")]
    (row,) = calibrate_regressions(sample, regressions, SETTINGS, n_draws=5)
    assert (row["pd_type"], row["n_draws"], row["coverage"]) == ("all", 0, None)
    assert row["note"] == "not calibrated: no PD type has a number"


def test_coverage_below_90_percent_strikes_out_unless_it_may_be_chance() -> None:
    assert is_struck_out(0.895, 200)
    assert not is_struck_out(0.90, 200)
    # 17 of 20: P(X <= 17) = .075 under .95; 15 of 20: .003
    assert not is_struck_out(0.85, 20)
    assert is_struck_out(0.75, 20)


def noise_panel(seed: int, effect: float = 0.0) -> TeacherPanel:
    """30 schools of 8 teachers for 2 years, half of whom take part in the second for 10 hours."""
    rng = np.random.default_rng(seed)
    rows = [(t, t // 8, y) for t in range(240) for y in (2024, 2025)]
    panel = panel_of(*(list(column) for column in zip(*rows, strict=True)))
    hours = np.where((panel.school_year == 2025) & (panel.teacher % 2 == 0), 10.0, 0.0)[:, None]
    level = rng.normal(0, 0.2, 30)[panel.school] + rng.normal(0, 0.2, 240)[panel.teacher]
    growth = level + rng.normal(0, 0.1, len(level)) + effect * (hours[:, 0] > 0)
    return replace(panel, hours=hours, growth_sd=growth)


def difference(panel: TeacherPanel, at: int, shrink: float = 1.0) -> DesignEstimate:
    """Change of those who took part less that of the others, with an error by school."""
    treated = panel.hours[:, at] > 0.0
    if not treated.any():
        raise DesignRefusedError("nobody took part")
    now = panel.school_year == 2025
    change = panel.growth_sd[now] - panel.growth_sd[~now]
    by_school = np.array(
        [
            change[(panel.school[now] == school) & treated[now]].mean()
            - change[(panel.school[now] == school) & ~treated[now]].mean()
            for school in range(30)
        ]
    )
    error = shrink * by_school.std(ddof=1) / 30**0.5
    used = np.ones(len(treated), dtype=bool)
    return DesignEstimate(float(by_school.mean()), float(error), 29.0, 30, used, treated, by_school)


def test_correct_design_on_panels_covers_about_95_percent_and_its_own_effect_is_no_noise() -> None:
    row = calibrate_panel(noise_panel(1, effect=2.0), "event_study", "participated", difference, 400)[0]
    assert (row["design"], row["pd_type"], row["n_draws"]) == ("event_study", "all", 400)
    # three binomial standard errors: 3 sqrt(.95 x .05 / 400) = .033
    assert row["coverage"] == pytest.approx(0.95, abs=0.033)
    # sd of a change .1 sqrt(2), of 4 and 4 teachers compared sqrt(1/4 + 1/4), of 30 schools 1 / sqrt(30)
    assert row["mean_std_error"] == pytest.approx(0.1 * 2**0.5 * 0.5**0.5 / 30**0.5, rel=0.1)
    assert row["minimum_detectable_sd"] == pytest.approx(
        (stdtrit(29, 0.975) + stdtrit(29, 0.80)) * row["mean_std_error"], rel=0.12
    )


def test_design_with_intervals_of_half_the_width_is_struck_out_with_the_reason() -> None:
    rows = calibrate_panel(
        noise_panel(2), "matched", "participated", lambda panel, at: difference(panel, at, 0.5), 200
    )
    # P(|t29| < 2.045 / 2) = .68
    assert rows[0]["coverage"] == pytest.approx(0.68, abs=0.12)
    assert all(row["is_struck_out"] for row in rows)
    assert "is below 90 %" in rows[0]["note"]


def test_refused_draws_give_no_numbers_and_a_refused_design_a_row_that_says_so() -> None:
    def choosy(panel: TeacherPanel, at: int) -> DesignEstimate:
        if panel.hours[1, 0] == 0.0:
            raise DesignRefusedError("the first teacher took no part")
        return difference(panel, at)

    rows = calibrate_panel(noise_panel(3), "matched", "participated", choosy, 100)
    assert 20 < rows[0]["n_draws"] < 80  # the first of eight teachers is one of the four in half of the draws
    nobody = replace(noise_panel(3), hours=np.zeros((480, 1)))
    (row,) = calibrate_panel(nobody, "matched", "participated", difference, 100)
    assert row["note"] == "not calibrated: no PD type has a number"


def test_lottery_draws_its_places_again_within_strata() -> None:
    rng = np.random.default_rng(6)
    stratum = np.repeat(np.arange(20), 10)
    growth = rng.normal(0, 0.3, 20)[stratum] + rng.normal(0, 0.2, 200)
    offers = Offers(np.tile([True] * 3 + [False] * 7, 20), stratum)

    def intent_to_treat(lottery: int, assigned: BoolArray) -> DesignEstimate:
        assert np.array_equal(np.bincount(stratum, assigned), np.full(20, 3))
        means = [
            growth[(stratum == s) & assigned].mean() - growth[(stratum == s) & ~assigned].mean()
            for s in range(20)
        ]
        error = float(np.std(means, ddof=1)) / 20**0.5
        return DesignEstimate(
            float(np.mean(means)), error, 19.0, 20, assigned | True, assigned, np.array(means)
        )

    keys = {"design": "lottery", "academic_subject": "mathematics", "contrast": "offered"}
    row = calibrate_lottery(keys, [offers], intent_to_treat, 300)[0]
    assert row["coverage"] == pytest.approx(0.95, abs=0.04)
    assert row["bias_sd"] == pytest.approx(0.0, abs=0.01)
