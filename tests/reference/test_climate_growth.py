"""The association of answers with growth against statsmodels, and against planted truths."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from transforms.improvement.climate_growth import Gain, SchoolYears, climate_growth, slope_on_score
from transforms.improvement.driver_cells import Cell


def made_up(seed: int, slope: float, n_schools: int = 30, n_years: int = 3) -> tuple[list[Cell], list[Gain]]:
    """Schools that differ in what teachers think; growth follows it by ``slope`` SD a point."""
    rng = np.random.default_rng(seed)
    cells, gains = [], []
    for school in range(n_schools):
        truth, lasting = rng.normal(3.5, 0.4), rng.normal(0, 0.05)
        for year in range(n_years):
            answers = rng.normal(truth + 0.1 * year, 0.6, rng.integers(8, 20))
            n = len(answers)
            squares = float((answers**2).sum())
            cells.append(Cell("trust", f"s{school}", 2020 + year, "teacher", n, answers.sum(), squares, n))
            error = rng.uniform(0.02, 0.06)
            value = slope * (truth - 3.5) + lasting + 0.03 * year + rng.normal(0, error)
            gains.append(Gain("ela", "STATE", "spring_to_spring", f"s{school}", 2020 + year, value, error))
    return cells, gains


def test_slope_is_that_of_weighted_least_squares_with_years():
    import statsmodels.formula.api as smf

    cells, gains = made_up(1, 0.1)
    rows = SchoolYears(
        tuple(gain.school_id for gain in gains),
        np.array([gain.school_year for gain in gains]),
        np.array([cell.mean for cell in cells]),
        np.array([gain.gain_sd for gain in gains]),
        np.array([gain.gain_std_error for gain in gains]),
    )
    frame = pd.DataFrame(
        {"school": rows.school, "year": rows.year, "score": rows.score, "gain": rows.gain, "w": rows.weight}
    )
    fit = smf.wls("gain ~ score + C(year)", frame, weights=frame.w).fit()
    found = slope_on_score(rows)
    assert found.estimate == pytest.approx(fit.params["score"], rel=1e-9)
    # CR2 lies a little above statsmodels' CR1 here, as 30 clusters are few
    clustered = fit.get_robustcov_results("cluster", groups=pd.factorize(frame.school)[0])
    assert found.std_error == pytest.approx(clustered.bse[list(fit.params.index).index("score")], rel=0.08)


def test_planted_slope_is_recovered_once_error_of_the_means_is_taken_out():
    found = [climate_growth(*made_up(seed, 0.2))[0] for seed in range(12)]
    # .2 SD a point × .4 points = .08 SD for one SD of true means; the mean of 12 has an error of about .005
    observed = np.mean([row["slope_sd"] for row in found])
    corrected = np.mean([row["slope_disattenuated_sd"] for row in found])
    assert corrected == pytest.approx(0.08, abs=0.013)
    # the means as observed tell of it by the root of their reliability
    assert observed == pytest.approx(0.08 * np.mean([row["icc2"] ** 0.5 for row in found]), abs=0.013)


@pytest.mark.slow
def test_without_a_slope_intervals_hold_zero_as_often_as_they_say():
    held = sum(
        row["ci_low"] <= 0 <= row["ci_high"]
        for seed in range(150)
        for row in climate_growth(*made_up(1_000 + seed, 0.0, n_schools=20))
    )
    # 95 % of 150 ± 2.6 binomial errors
    assert 135 <= held <= 149
