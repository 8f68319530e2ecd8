"""Simulated panels and lotteries whose effect is known: how often the 95 % interval holds it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import stdtrit

from tests.unit.designs.lotteries import LotteryPlan, made_up_lottery
from tests.unit.designs.teacher_panels import PanelPlan, made_up_panel
from transforms.designs.lottery import fit_lottery
from transforms.designs.matched import fit_matched
from transforms.designs.panel import DesignEstimate

pytestmark = pytest.mark.slow
_RUNS = 200


def holds(found: DesignEstimate, truth: float) -> bool:
    return abs(found.estimate_sd - truth) <= stdtrit(found.df, 0.975) * found.std_error


def matched_runs(**plan: float) -> tuple[np.ndarray, float]:
    """Errors of the estimates (runs), and the share of intervals that hold the effect of .1."""
    found = [
        fit_matched(made_up_panel(PanelPlan(seed=seed, **plan)), 0).estimate  # type: ignore[arg-type]
        for seed in range(_RUNS)
    ]
    return np.array([run.estimate_sd - 0.1 for run in found]), float(
        np.mean([holds(run, 0.1) for run in found])
    )


@pytest.mark.parametrize("seen", [0.0, 0.7, 1.2])
def test_matched_covers_under_selection_on_the_growth_of_the_year_before(seen: float) -> None:
    errors, share = matched_runs(seen=seen)
    assert share >= 0.90
    assert abs(errors.mean()) < 3 * errors.std() / _RUNS**0.5


def test_matched_covers_with_few_beginners_of_few_schools() -> None:
    _, share = matched_runs(schools=10, teachers=12, base=-2.5, seen=0.5)
    assert share >= 0.90


def test_matched_is_biased_under_selection_on_what_is_not_seen() -> None:
    errors, share = matched_runs(unseen=0.7)
    assert errors.mean() > 0.05
    assert share < 0.5


@pytest.mark.parametrize(
    "plan",
    [
        {},
        {"lost": 0.2},
        {"schools": 6, "teachers": 6},
        {"is_by_school": True, "schools": 30, "always": 0.0},
    ],
)
def test_lottery_covers_the_intent_to_treat_and_the_complier_effect(plan: dict[str, float]) -> None:
    covered = []
    for seed in range(_RUNS):
        made = LotteryPlan(seed=seed, **plan)  # type: ignore[arg-type]
        panel, offers = made_up_lottery(made)
        fit = fit_lottery(panel, 0, offers)
        assert isinstance(fit.participated, DesignEstimate)
        assert fit.anderson_rubin is not None
        low, high = fit.anderson_rubin
        intent = made.effect * (made.take_up - made.always)
        covered.append(
            (holds(fit.offered, intent), holds(fit.participated, made.effect), low <= made.effect <= high)
        )
    assert np.mean(covered, axis=0).min() >= 0.92
