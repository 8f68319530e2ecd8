"""Design ``event_study``: its rules, each on a panel that fits a screen, and its refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.designs.staggered import StaggeredPlan, staggered_panel
from tests.unit.designs.teacher_panels import panel_of
from transforms.designs.event_study import event_study_estimate, fit_event_study
from transforms.designs.group_time import NEVER, group_time_effects, read_starts
from transforms.designs.panel import DesignRefusedError


def test_group_time_effect_is_a_difference_of_changes() -> None:
    # teacher 0 starts in 2021: .1 → .4, so + .3; teachers 1 and 2 never: + .1 and - .1, mean 0; .3 - 0 = .3
    panel = panel_of(
        [0, 0, 1, 1, 2, 2],
        [0, 0, 1, 1, 2, 2],
        [2020, 2021] * 3,
        [0.1, 0.4, 0.0, 0.1, 0.3, 0.2],
        [0, 9, 0, 0, 0, 0],
    )
    found = group_time_effects(read_starts(panel, 0), 1)
    assert found.cells == ((2021, 2021),)
    assert found.effects == pytest.approx([0.3])
    # a mean of one has no error; of two: (.1 - 0) / 2 with the comparison's sign
    assert found.influence[0] == pytest.approx([0.0, -0.05, 0.05])


def test_teacher_who_takes_part_in_the_first_year_seen_is_left_out_and_counted() -> None:
    panel, _ = staggered_panel(StaggeredPlan(seed=2))
    early = replace(panel, hours=panel.hours.copy())
    early.hours[(panel.teacher < 7) & (panel.school_year == 2018)] = 5.0
    starts = read_starts(early, 0)
    assert starts.n_started_before == 7
    found = event_study_estimate(early, 0)
    assert "7 teachers who took part in the first year seen left out" in found.notes
    assert not found.used[panel.teacher < 7].any()


def test_started_is_started_also_in_years_without_hours() -> None:
    panel, _ = staggered_panel(StaggeredPlan(seed=3))
    paused = replace(panel, hours=panel.hours.copy())
    cohort = read_starts(panel, 0).cohort
    last = (panel.school_year == 2023) & (cohort[panel.teacher] < 2023)
    paused.hours[last] = 0.0
    assert event_study_estimate(paused, 0).estimate_sd == event_study_estimate(panel, 0).estimate_sd
    assert event_study_estimate(paused, 0).treated[last].all()


def test_not_yet_treated_teachers_are_compared_only_before_they_start() -> None:
    panel, _ = staggered_panel(StaggeredPlan(share_never=0.0, seed=4))
    starts = read_starts(panel, 0)
    assert (starts.cohort < NEVER).all()
    # nobody is left to compare with in the last year, in which the last start is
    assert max(t for _, t in group_time_effects(starts, 10).cells) == 2022


def test_teacher_of_two_schools_in_a_year_is_one_with_the_mean_by_students() -> None:
    panel = panel_of(
        [0, 0, 0, 1, 1], [0, 1, 0, 1, 1], [2020, 2020, 2021, 2020, 2021], [0.2, 0.8, 0.5, 0.0, 0.0],
        [0, 0, 6, 0, 0], weight=[20, 10, 30, 5, 5],
    )  # fmt: skip
    starts = read_starts(panel, 0)
    # (20 × .2 + 10 × .8) / 30 = .4
    assert starts.growth[0] == pytest.approx([0.4, 0.5])


def test_missing_years_do_not_move_the_estimate_of_a_constant_effect() -> None:
    panel, truth = staggered_panel(StaggeredPlan(schools=80, missing=0.25, seed=5))
    found = event_study_estimate(panel, 0)
    assert abs(found.estimate_sd - truth) < 3 * found.std_error
    assert found.std_error < 0.03


def test_influence_is_by_school_and_squares_to_the_standard_error() -> None:
    panel, _ = staggered_panel(StaggeredPlan(seed=6))
    found = event_study_estimate(panel, 0)
    assert found.influence.shape == (30,)
    assert (found.influence**2).sum() == pytest.approx(found.std_error**2)
    assert found.influence.sum() == pytest.approx(0.0, abs=1e-9)
    assert (found.df, found.n_clusters) == (29.0, 30)


def test_order_of_rows_and_a_common_change_are_irrelevant() -> None:
    panel, _ = staggered_panel(StaggeredPlan(seed=7))
    plain = event_study_estimate(panel, 0)
    order = np.random.default_rng(1).permutation(len(panel.teacher))
    columns = (
        "teacher",
        "school",
        "school_year",
        "weight",
        "n_students",
        "growth_sd",
        "prior_mean_sd",
        "hours",
    )
    shuffled = replace(
        panel,
        **{name: getattr(panel, name)[order] for name in (*columns, "years_experience")},
    )
    assert event_study_estimate(shuffled, 0).estimate_sd == pytest.approx(plain.estimate_sd, rel=1e-12)
    lifted = replace(panel, growth_sd=panel.growth_sd + 0.3 * (panel.school_year - 2018))
    assert event_study_estimate(lifted, 0).estimate_sd == pytest.approx(plain.estimate_sd, rel=1e-9)


def test_full_fit_has_leads_lags_test_and_bounds() -> None:
    panel, _ = staggered_panel(StaggeredPlan(schools=40, seed=8))
    found = fit_event_study(panel, 0)
    assert [period.event_time for period in found.periods] == [-5, -4, -3, -2, 0, 1, 2, 3, 4]
    assert found.estimate.estimate_sd == event_study_estimate(panel, 0).estimate_sd
    assert found.pre_trend is not None
    assert found.pre_trend.df_numerator == 4
    assert found.pre_trend.p_value > 0.01
    assert [bound.mbar for bound in found.bounds] == [0.5, 1.0, 2.0]
    widths = [bound.ci_high - bound.ci_low for bound in found.bounds]
    assert widths == sorted(widths)
    assert found.sun_abraham is not None
    assert found.two_way is not None
    assert set(found.baseline) == {"growth of the year before", "class mean prior score"}


def test_trend_of_those_who_start_is_found_by_the_joint_test() -> None:
    panel, _ = staggered_panel(StaggeredPlan(schools=60, trend=0.06, seed=9))
    found = fit_event_study(panel, 0)
    assert found.pre_trend is not None
    assert found.pre_trend.p_value < 0.01


def test_two_years_have_no_lead_and_say_so() -> None:
    panel, _ = staggered_panel(StaggeredPlan(years=2, seed=10))
    found = fit_event_study(panel, 0)
    assert found.pre_trend is None
    assert found.bounds == ()
    assert "two school years: no lead to check trends by" in found.estimate.notes


def only(panel, keep):
    return replace(
        panel,
        **{
            name: getattr(panel, name)[keep]
            for name in (
                "teacher", "school", "school_year", "weight", "n_students", "growth_sd", "prior_mean_sd",
                "hours", "years_experience",
            )
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda p: only(p, p.school_year == 2020), "one school year"),
        (
            lambda p: replace(p, hours=np.zeros_like(p.hours)),
            "0 teachers start with a year before it, fewer than 10",
        ),
        (
            lambda p: replace(p, hours=np.where(p.teacher[:, None] < 9, p.hours, 0.0)),
            "teachers start with a year before it, fewer than 10",
        ),
        (lambda p: only(p, p.school < 4), "4 schools; standard errors by school need at least 5"),
        (
            lambda p: replace(
                p, hours=np.where(p.school[:, None] == 0, 9.0 * (p.school_year[:, None] > 2019), 0.0)
            ),
            "all who start are in one school",
        ),
        (
            lambda p: replace(p, hours=np.where(p.school_year[:, None] >= 2020, 9.0, 0.0)),
            "0 teachers have not started when others do, fewer than 10",
        ),
    ],
)
def test_refusals_are_named(change, reason) -> None:
    panel, _ = staggered_panel(StaggeredPlan(seed=11))
    with pytest.raises(DesignRefusedError, match=reason):
        event_study_estimate(change(panel), 0)


def test_year_without_growth_is_passed_over() -> None:
    panel, truth = staggered_panel(StaggeredPlan(schools=60, seed=12))
    gap = only(panel, panel.school_year != 2020)
    found = fit_event_study(gap, 0)
    assert "years without growth are not counted" in found.estimate.notes
    assert abs(found.estimate.estimate_sd - truth) < 3 * found.estimate.std_error
    assert {period.event_time for period in found.periods} == {-4, -3, -2, 0, 1, 2, 3}
    assert found.bounds


def test_those_who_start_must_be_seen_in_the_year_before() -> None:
    panel, _ = staggered_panel(StaggeredPlan(seed=13))
    cohort = read_starts(panel, 0).cohort
    starts = cohort[panel.teacher] < NEVER
    before = panel.school_year == cohort[panel.teacher] - 1
    unseen = only(panel, ~(starts & before & (panel.teacher >= 12)))
    with pytest.raises(DesignRefusedError, match="teachers who start are seen in the year before and later"):
        event_study_estimate(unseen, 0)


def test_cells_with_few_teachers_to_compare_with_are_left_out_and_counted() -> None:
    panel, truth = staggered_panel(StaggeredPlan(schools=60, share_never=0.0, seed=14))
    keep = (read_starts(panel, 0).cohort[panel.teacher] < 2023) | (panel.teacher < 40)
    found = event_study_estimate(only(panel, keep), 0)
    assert any("without enough teachers to compare with left out" in note for note in found.notes)
    assert abs(found.estimate_sd - truth) < 3 * found.std_error


def test_joint_test_of_the_leads_holds_its_level_with_few_schools() -> None:
    rejected = 0
    for seed in range(60):
        found = fit_event_study(staggered_panel(StaggeredPlan(schools=9, teachers=10, seed=300 + seed))[0], 0)
        assert found.pre_trend is not None
        rejected += found.pre_trend.p_value < 0.05
    # 3 of 60 expected; more than 9 has a probability of .001 (without Hotelling's factor: 13)
    assert rejected <= 9


def test_school_of_a_teacher_of_two_is_the_larger_one_in_any_order_of_rows() -> None:
    rows = {"teacher": [0, 0, 0], "school": [0, 1, 1], "year": [2020, 2020, 2021]}
    for order in ([0, 1, 2], [1, 0, 2]):
        columns = [np.array(values)[order] for values in rows.values()]
        panel = panel_of(*columns, [0.0] * 3, [0, 0, 5], weight=np.array([10, 20, 20])[order])
        assert read_starts(panel, 0).school.tolist() == [1]
