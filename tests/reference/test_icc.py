"""ICC(1) and ICC(2) against a published example, statsmodels' ANOVA and a known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from transforms.surveys.icc import group_sums, intraclass_correlation


def test_shrout_and_fleiss_1979():
    ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    groups = [row for row in range(6) for _ in range(4)]
    found = intraclass_correlation(group_sums(np.array(ratings, dtype=float).ravel(), groups, [0] * 24))
    # their table 4: ICC(1,1) .17, ICC(1,4) .44; MSB 11.24, MSW 6.26
    assert (round(found.icc1, 2), round(found.icc2, 2)) == (0.17, 0.44)
    assert (round(found.mean_square_between, 2), round(found.mean_square_within, 2)) == (11.24, 6.26)
    # the interval that R's psych prints for these data
    assert (round(found.icc1_ci_low, 2), round(found.icc1_ci_high, 2)) == (-0.13, 0.72)


@pytest.mark.parametrize("seed", range(3))
def test_mean_squares_are_those_of_an_anova_with_years(seed):
    import statsmodels.formula.api as smf
    from statsmodels.stats.anova import anova_lm

    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        [
            (year, f"{year}-{school}", rng.normal(year + 0.3 * school))
            for year in range(3)
            for school in range(5)
            for _ in range(rng.integers(2, 7))
        ],
        columns=["year", "place", "score"],
    )
    found = intraclass_correlation(group_sums(frame.score.to_numpy(), list(frame.place), list(frame.year)))
    table = anova_lm(smf.ols("score ~ C(year)", frame).fit(), smf.ols("score ~ C(place)", frame).fit())
    within = table.ssr.iloc[1] / table.df_resid.iloc[1]
    between = table.ss_diff.iloc[1] / table.df_diff.iloc[1]
    assert found.mean_square_within == pytest.approx(within)
    assert found.mean_square_between == pytest.approx(between)
    assert (found.df_between, found.df_within) == (table.df_diff.iloc[1], table.df_resid.iloc[1])


def test_known_shares_are_found():
    rng = np.random.default_rng(3)
    school = np.repeat(np.arange(2_000), 8)
    scores = rng.normal(0, 0.4, 2_000)[school] + rng.normal(0, 0.8, len(school))
    found = intraclass_correlation(group_sums(scores, list(school), [0] * len(school)))
    # .16/(.16 + .64) = .2; a mean of 8: 8 × .2 / (1 + 7 × .2) = .6667. Error of ICC(1) about .008
    assert found.icc1 == pytest.approx(0.2, abs=0.025)
    assert found.icc2 == pytest.approx(2 / 3, abs=0.04)
    assert found.icc1_ci_low < 0.2 < found.icc1_ci_high
