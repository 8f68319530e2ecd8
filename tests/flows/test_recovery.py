"""The truth of simulated districts, planted in their files, comes back from the estimates."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.pipeline import estimated
from transforms.designs.settings import DesignSettings
from transforms.simulate import DistrictPlan, simulate_district

PLANTED = 0.10
SEEDS = range(1, 21)


@pytest.mark.slow
def test_planted_effect_is_covered_where_participation_has_nothing_to_do_with_teachers(
    tmp_path: Path,
) -> None:
    covered: dict[str, int] = {"mathematics": 0, "ela": 0}
    estimates: dict[str, list[float]] = {"mathematics": [], "ela": []}
    for seed in SEEDS:
        folder = tmp_path / str(seed)
        plan = DistrictPlan(
            n_students=4000, n_years=4, seed=seed, effects={"coaching": PLANTED}, selection=0.0
        )
        simulate_district(plan, folder)
        effects = estimated(folder, DesignSettings())
        for subject in covered:
            effect = effects["coaching", subject, "per_10_hours"]
            assert effect.estimate_sd is not None, effect.note
            covered[subject] += effect.ci_low <= PLANTED <= effect.ci_high
            estimates[subject].append(effect.estimate_sd)
    # a 95 % interval covers at least 18 of 20 with probability .92
    assert min(covered.values()) >= 18, (covered, estimates)
