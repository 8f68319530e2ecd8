"""The event study against diff-diff, the published numbers of mpdta, and simulations with a known truth."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import stdtrit

from tests.unit.designs.staggered import StaggeredPlan, staggered_panel
from tests.unit.designs.teacher_panels import panel_of
from transforms.designs.event_study import _frame, event_study_estimate, fit_event_study
from transforms.designs.group_time import average_of_groups, by_school, group_time_effects, read_starts
from transforms.designs.panel import DesignEstimate


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_group_time_effects_are_those_of_diff_diff(missing: float) -> None:
    from diff_diff import CallawaySantAnna

    panel, _ = staggered_panel(StaggeredPlan(missing=missing, seed=21))
    starts = read_starts(panel, 0)
    found = group_time_effects(starts, 5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = CallawaySantAnna(control_group="not_yet_treated", cluster="school").fit(
            _frame(starts), "growth", "unit", "time", "first", aggregate="group"
        )
    for k, cell in enumerate(found.cells):
        expected = theirs.group_time_effects[tuple(starts.position(year) + 1 for year in cell)]
        assert found.effects[k] == pytest.approx(expected["effect"], abs=1e-12)
        schools = by_school(found.influence[k], starts.school, len(panel.school_ids))
        assert (schools**2).sum() ** 0.5 == pytest.approx(expected["se"], rel=1e-9)
    # their effect of a cohort is the mean over its years
    for group, expected in theirs.group_effects.items():
        year = starts.years[group - 1]
        mean = found.effects[[k for k, (g, _) in enumerate(found.cells) if g == year]].mean()
        assert mean == pytest.approx(expected["effect"], abs=1e-12)


def test_average_over_starts_counts_that_the_sizes_of_cohorts_are_drawn() -> None:
    from diff_diff import CallawaySantAnna

    # one cell a cohort: then the average of groups is the simple average, whose error diff-diff gives
    panel, _ = staggered_panel(StaggeredPlan(years=3, seed=22))
    starts = read_starts(panel, 0)
    last = starts.years[-1]
    starts.cohort[starts.cohort == last - 1] = last
    value, influence = average_of_groups(group_time_effects(starts, 5), starts.cohort)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = CallawaySantAnna(control_group="not_yet_treated", cluster="school").fit(
            _frame(starts), "growth", "unit", "time", "first"
        )
    error = (by_school(influence, starts.school, len(panel.school_ids)) ** 2).sum() ** 0.5
    assert value == pytest.approx(theirs.overall_att, abs=1e-12)
    assert error == pytest.approx(theirs.overall_se, rel=1e-9)


# Callaway and Sant'Anna's minimum wage data (mpdta): counties by first year, ATT(g, t) of R's did.
MPDTA_SIZES = {2004: 20, 2006: 40, 2007: 131}
MPDTA = {
    (2004, 2004): -0.0105, (2004, 2005): -0.0704, (2004, 2006): -0.1373, (2004, 2007): -0.1008,
    (2006, 2006): -0.0046, (2006, 2007): -0.0412, (2007, 2007): -0.0261,
}  # fmt: skip


def test_average_of_the_published_group_time_effects_of_mpdta_is_the_published_one() -> None:
    rows = []
    unit = 0
    for group, size in {**MPDTA_SIZES, 9999: 309}.items():
        for _ in range(size):
            for year in range(2003, 2008):
                growth = MPDTA.get((group, year), 0.0)
                rows.append((unit, unit % 25, year, growth, 9.0 * (year >= group)))
            unit += 1
    starts = read_starts(panel_of(*map(list, zip(*rows, strict=True))), 0)
    found = group_time_effects(starts, 5)
    assert dict(zip(found.cells, found.effects, strict=True)) == pytest.approx(MPDTA)
    value, _ = average_of_groups(found, starts.cohort)
    # (20 × -.0798 + 40 × -.0229 + 131 × -.0261) / 191 = -.0310
    assert value == pytest.approx(-0.0310, abs=5e-5)


def holds(found: DesignEstimate, truth: float) -> bool:
    half = float(stdtrit(found.df, 0.975)) * found.std_error
    return abs(found.estimate_sd - truth) < half


def test_growing_effects_are_right_where_two_way_fixed_effects_are_not() -> None:
    errors, two_way = [], []
    for seed in range(30):
        panel, truth = staggered_panel(StaggeredPlan(growing=0.08, share_never=0.15, seed=seed))
        found = fit_event_study(panel, 0)
        errors.append(found.estimate.estimate_sd - truth)
        assert found.two_way is not None
        two_way.append(found.two_way[0] - truth)
    assert abs(np.mean(errors)) < 3 * np.std(errors) / 30**0.5
    assert np.mean(two_way) < -0.05


def test_selection_of_lasting_quality_does_not_move_the_estimate() -> None:
    found = [staggered_panel(StaggeredPlan(selection=1.0, seed=400 + seed)) for seed in range(30)]
    errors = [event_study_estimate(panel, 0).estimate_sd - truth for panel, truth in found]
    assert abs(np.mean(errors)) < 3 * np.std(errors) / 30**0.5


@pytest.mark.slow
@pytest.mark.parametrize(
    "plan",
    [
        StaggeredPlan(growing=0.05),
        StaggeredPlan(selection=1.0),
        StaggeredPlan(missing=0.2, selection=0.5, growing=0.03),
        StaggeredPlan(schools=12, teachers=10),
    ],
)
def test_interval_covers_the_truth(plan: StaggeredPlan) -> None:
    covered = sum(
        holds(event_study_estimate(panel, 0), truth)
        for panel, truth in (staggered_panel(replace(plan, seed=seed)) for seed in range(1000))
    )
    # 95 % of 1,000 less four errors of sqrt(1,000 × .95 × .05) = 6.9; few schools cost a point
    assert covered >= (922 if plan.schools > 12 else 912), covered
