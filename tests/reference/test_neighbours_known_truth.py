"""Whether schools follow their neighbours: the score against statsmodels, and planted truths."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.improvement.adoption import SchoolYear
from transforms.improvement.neighbours import (
    RiskYear,
    Tie,
    contagion,
    permutation_p,
    risk_years,
    score_statistics,
)

YEARS = range(2016, 2022)


def district(
    seed: int, follows: float, n: int = 40, base: float = -1.8, by_level: float = 0.0
) -> tuple[list[SchoolYear], list[Tie], dict[str, str]]:
    """Schools that take a type up with log odds ``base`` + ``follows`` × share of last year's neighbours.

    With ``by_level`` ties stay within two levels, and the second takes up by so much more.
    """
    rng = np.random.default_rng(seed)
    level = np.arange(n) % 2 if by_level else np.zeros(n, dtype=int)
    when = np.where(rng.random(n) < 0.15, YEARS[0], 9999)
    ties: list[Tie] = []
    for year in YEARS[1:]:
        linked = np.triu((rng.random((n, n)) < 0.1) & (level[:, None] == level), 1)
        linked |= linked.T
        ties += [Tie(f"s{i}", f"s{j}", year - 1) for i, j in np.argwhere(linked)]
        share = (linked @ (when < year).astype(float)) / np.maximum(linked.sum(axis=1), 1)
        chance = 1 / (1 + np.exp(-(base + follows * share + by_level * level)))
        when = np.where((when == 9999) & (rng.random(n) < chance), year, when)
    rows = [
        SchoolYear(f"s{i}", year, None if when[i] == 9999 else int(when[i]), bool(when[i] == YEARS[0]))
        for i in range(n)
        for year in YEARS
    ]
    return rows, ties, {f"s{i}": str(level[i]) for i in range(n)}


def p_of(seed: int, follows: float, n_permutations: int = 99, is_stratified: bool = True, **more) -> float:
    rows, ties, levels = district(seed, follows, **more)
    schools = sorted({row.school_id for row in rows})
    years = [year for year in risk_years("coaching", rows, ties, schools) if year.is_informative]
    strata = np.array([int(levels[school]) if is_stratified else 0 for school in schools])
    return permutation_p(years, strata, np.random.default_rng(seed), n_permutations)


def stacked(years: list[RiskYear]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    code = np.repeat(np.arange(len(years)), [len(year.at_risk) for year in years])
    return (
        np.concatenate([year.is_event for year in years]),
        np.concatenate([year.exposure for year in years]),
        np.eye(len(years))[code],
    )


def test_statistic_is_the_score_test_of_a_logit_with_year_effects():
    import statsmodels.api as sm

    rows, ties, _ = district(3, 2.0)
    years = [
        year
        for year in risk_years("coaching", rows, ties, sorted({row.school_id for row in rows}))
        if year.is_informative
    ]
    response, exposure, design = stacked(years)
    null = sm.GLM(response, design, family=sm.families.Binomial()).fit()
    chi_squared = np.squeeze(null.score_test(exog_extra=exposure[:, None])[0])
    found = score_statistics(years, np.arange(40)[:, None])[0]
    assert found**2 == pytest.approx(float(chi_squared), rel=1e-6)


def test_planted_contagion_is_found_with_its_size():
    rows, ties, levels = district(11, 4.0, n=150)
    found = contagion("coaching", rows, ties, levels, seed=1)
    assert found.p_value <= 0.01
    # the interval of the model holds the planted 4
    assert abs(found.log_odds - 4.0) < 1.96 * found.std_error
    assert found.n_permutations == 999


def test_planted_contagion_is_found_in_most_districts_of_forty_schools():
    found = sum(p_of(seed, 4.0) < 0.05 for seed in range(60))
    assert found >= 42  # 70 %


@pytest.mark.slow
def test_without_contagion_no_more_than_chance_is_found():
    p_values = np.array([p_of(10_000 + seed, 0.0) for seed in range(200)])
    # 5 % of 200 and 1.3 binomial errors: 7 %; the middle of an even spread is .5 ± .1
    assert (p_values < 0.05).mean() <= 0.07
    assert np.median(p_values) == pytest.approx(0.5, abs=0.1)


def test_without_contagion_few_of_sixty_districts_are_taken_for_it():
    # 5 % of 60 are 3; four binomial errors more would be 10
    assert sum(p_of(30_000 + seed, 0.0) < 0.05 for seed in range(60)) <= 8


def test_levels_that_meet_and_choose_alike_are_not_taken_for_contagion():
    stratified = sum(p_of(20_000 + s, 0.0, base=-2.5, by_level=2.5) < 0.05 for s in range(40))
    mixed = sum(
        p_of(20_000 + s, 0.0, base=-2.5, by_level=2.5, is_stratified=False) < 0.05 for s in range(100)
    )
    assert stratified <= 5
    # shuffled over both levels the likeness within levels looks like following
    assert mixed >= stratified + 5


def test_the_same_seed_gives_the_same_p_value():
    rows, ties, levels = district(4, 1.0)
    first = contagion("coaching", rows, ties, levels, seed=9, n_permutations=99)
    assert contagion("coaching", rows[::-1], ties[::-1], levels, seed=9, n_permutations=99) == first
