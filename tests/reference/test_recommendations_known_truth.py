"""How often the default rules say what, where the truth is known."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy.special import stdtr

from transforms.improvement.default_rules import Thresholds, default_rules
from transforms.improvement.measures import Value
from transforms.improvement.rules import recommend

_DRAWS, _DF = 2_000, 38.0
_RULES = default_rules(Thresholds())


def actions(truth_sd: float, std_error: float, seed: int = 20_250) -> dict[str, float]:
    """Shares of actions over drawn estimates of one PD type in two subjects with independent errors.

    ``std_error`` is that of the mean. The evidence tier is 2 where the better subject is significant, and no
    other design is at hand.
    """
    rng = np.random.default_rng(seed)
    each = std_error * np.sqrt(2.0)
    # estimates over estimated errors follow t: chi-square draws of the squared errors
    errors = each * np.sqrt(rng.chisquare(_DF, (_DRAWS, 2)) / _DF)
    estimates = rng.normal(truth_sd, each, (_DRAWS, 2))
    mean, error = estimates.mean(axis=1), np.sqrt((errors**2).sum(axis=1)) / 2.0
    positive, enough = stdtr(_DF, mean / error), stdtr(_DF, (mean - 0.02) / error)
    by_subject = stdtr(_DF, estimates / errors)
    tier = np.where(by_subject.max(axis=1) > 0.975, 2.0, 5.0)
    found: Counter[str] = Counter()
    for row in zip(positive, enough, by_subject.min(axis=1), tier, strict=True):
        names = (
            "probability_positive",
            "probability_above_threshold",
            "worst_subject_probability",
            "evidence_tier",
        )
        values = {name: Value(float(value)) for name, value in zip(names, row, strict=True)}
        known = {
            "struck_out": Value(0.0),
            "reach_share": Value(0.2),
            "any_design_tier": values["evidence_tier"],
        }
        found[recommend(_RULES, values | known).rule.action] += 1
    return {action: count / _DRAWS for action, count in found.items()}


@pytest.mark.parametrize("std_error", [0.01, 0.02, 0.04])
def test_what_does_nothing_is_seldom_scaled(std_error: float) -> None:
    # wants 95 in 100 of being above 0, 80 in 100 above .02 and a significant subject: at most one in 20
    assert actions(0.0, std_error).get("scale", 0.0) < 0.05


@pytest.mark.parametrize("std_error", [0.01, 0.02, 0.04])
def test_what_does_much_is_seldom_stopped(std_error: float) -> None:
    # P(above .02) <= .10 at a truth of .10: the estimate would have to be at least 1.3 errors below .02
    assert actions(0.10, std_error).get("stop", 0.0) < 0.01


def test_a_sharp_study_tells_something_from_nothing() -> None:
    nothing, much = actions(0.0, 0.01), actions(0.10, 0.01)
    assert nothing["stop"] > 0.5
    assert much["scale"] > 0.95


def test_a_blunt_study_mostly_asks_for_more() -> None:
    found = actions(0.0, 0.04)
    assert max(found, key=lambda action: found[action]) == "study"
    assert found.get("scale", 0.0) + found.get("sustain", 0.0) < 0.15


@pytest.mark.parametrize("std_error", [0.01, 0.04])
def test_what_is_just_worth_having_is_stopped_as_often_as_the_threshold_says(std_error: float) -> None:
    # at a truth of effect_sd the probability of being above it is uniform: <= .10 in 10 % of studies;
    # four standard errors of 2,000 draws are 2.7 points, estimated errors add a little
    assert actions(0.02, std_error)["stop"] == pytest.approx(0.10, abs=0.03)
