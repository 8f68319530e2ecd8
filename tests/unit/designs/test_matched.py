from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import stdtrit

from tests.unit.designs.teacher_panels import PanelPlan, made_up_panel, panel_of
from transforms.designs.matched import MatchedFit, fit_matched
from transforms.designs.matched_sample import balanced_columns, build_matched_sample
from transforms.designs.panel import DesignRefusedError, TeacherPanel

PLAN = PanelPlan(seen=0.7)
COLUMNS = (
    "teacher", "school", "school_year", "weight", "n_students", "growth_sd", "prior_mean_sd", "hours",
    "years_experience",
)  # fmt: skip


def picked(panel: TeacherPanel, rows: np.ndarray) -> TeacherPanel:
    """The panel's rows at ``rows``, a mask or places."""
    return replace(panel, **{name: getattr(panel, name)[rows] for name in COLUMNS})


def small_panel(hours: list[list[float]], growth: list[list[float]] | None = None) -> TeacherPanel:
    """Teachers (rows) by years from 2021 (columns), each in a school of their own."""
    n, years = len(hours), len(hours[0])
    flat = np.zeros(n * years) if growth is None else np.ravel(growth)
    return panel_of(
        np.repeat(np.arange(n), years),
        np.repeat(np.arange(n), years),
        np.tile(2021 + np.arange(years), n),
        flat,
        np.ravel(hours),
    )


def compared(panel: TeacherPanel) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Teacher and year of treated and of comparison rows."""
    sample = build_matched_sample(panel, 0)
    pairs = list(zip(panel.teacher[sample.rows].tolist(), sample.school_year.tolist(), strict=True))
    flags = sample.is_treated.tolist()
    return (
        [pair for pair, flag in zip(pairs, flags, strict=True) if flag],
        [pair for pair, flag in zip(pairs, flags, strict=True) if not flag],
    )


def test_treated_is_the_first_year_of_taking_part_and_comparison_who_has_not_up_to_then() -> None:
    panel = small_panel([[0, 9, 9], [0, 0, 9], [0, 0, 0]])
    # 0 begins in 2022, 1 in 2023 (not yet in 2022), 2 never; nobody has a year before 2021
    assert compared(panel) == ([(0, 2022), (1, 2023)], [(1, 2022), (2, 2022), (2, 2023)])


def test_who_began_before_there_is_a_year_before_is_in_neither_group() -> None:
    panel = small_panel([[9, 0, 9], [0, 9, 0], [0, 0, 0]])
    assert compared(panel) == ([(1, 2022)], [(2, 2022)])


def test_teacher_without_the_school_year_before_is_in_neither_group_that_year() -> None:
    panel = small_panel([[0, 0, 9], [0, 9, 0], [0, 0, 0]])
    gap = (panel.teacher == 0) & (panel.school_year == 2022)
    assert compared(picked(panel, ~gap)) == ([(1, 2022)], [(2, 2022)])


def test_beginners_of_a_year_in_which_all_begin_are_left_out_and_counted() -> None:
    panel = small_panel([[0, 9, 0], [0, 0, 9]])
    sample = build_matched_sample(panel, 0)
    assert compared(panel) == ([(0, 2022)], [(1, 2022)])
    assert sample.n_treated_alone == 1  # teacher 1 begins in 2023, when nobody is left


def test_growth_of_the_year_before_is_the_mean_over_the_teachers_schools() -> None:
    # teacher 0 had 10 students at .1 and 30 at .3 in 2021: (10 x .1 + 30 x .3) / 40 = .25
    panel = panel_of(
        [0, 0, 0, 1, 1], [0, 1, 0, 1, 1], [2021, 2021, 2022, 2021, 2022],
        [0.1, 0.3, 0.0, 0.2, 0.0], [0, 0, 9, 0, 0], weight=[10, 30, 10, 10, 10],
    )  # fmt: skip
    sample = build_matched_sample(panel, 0)
    assert sample.characteristics["growth of the year before"] == pytest.approx([0.25, 0.2])
    # school 1 in 2021: (30 x .3 + 10 x .2) / 40 = .275; school 0: .1
    assert sample.characteristics["school mean growth of the year before"] == pytest.approx([0.1, 0.275])


@pytest.fixture(scope="module")
def fit() -> MatchedFit:
    return fit_matched(made_up_panel(PLAN), 0)


def test_weights_of_either_group_sum_to_one_and_balance_every_column(fit: MatchedFit) -> None:
    panel = made_up_panel(PLAN)
    sample = build_matched_sample(panel, 0)
    columns = balanced_columns(sample, panel.weight[sample.rows], has_context=True)
    signed = np.where(sample.is_treated, 1.0, -1.0) * fit.weights[sample.rows]
    assert fit.weights.sum() == pytest.approx(2.0)
    # The balancing stops at 1e-7 of a standard deviation; experience has one of 7 years
    assert signed @ columns == pytest.approx(np.zeros(columns.shape[1]), abs=1e-5)


def test_estimate_is_the_weighted_difference_where_balance_is_exact(fit: MatchedFit) -> None:
    panel, treated = made_up_panel(PLAN), fit.estimate.treated
    difference = np.where(treated, 1.0, -1.0) * fit.weights @ panel.growth_sd
    assert fit.estimate.estimate_sd == pytest.approx(difference, abs=1e-6)


def test_weighting_removes_the_differences_that_selection_made(fit: MatchedFit) -> None:
    prior = next(row for row in fit.baseline if row.characteristic == "growth of the year before")
    assert prior.g_before > 0.25
    assert abs(prior.g_after) < 1e-5
    assert fit.estimate.baseline_g_max == pytest.approx(max(abs(row.g_after) for row in fit.baseline))


def test_squared_influences_of_schools_sum_to_the_squared_standard_error(fit: MatchedFit) -> None:
    assert (fit.estimate.influence**2).sum() == pytest.approx(fit.estimate.std_error**2)
    assert len(fit.estimate.influence) == 20
    assert fit.estimate.df <= 19


def test_order_of_rows_is_irrelevant(fit: MatchedFit) -> None:
    panel = made_up_panel(PLAN)
    order = np.random.default_rng(2).permutation(len(panel.weight))
    again = fit_matched(picked(panel, order), 0).estimate
    assert again.estimate_sd == pytest.approx(fit.estimate.estimate_sd, abs=1e-9)
    assert again.std_error == pytest.approx(fit.estimate.std_error, rel=1e-6)


def test_growth_raised_by_a_constant_in_those_who_begin_raises_the_estimate_by_it(fit: MatchedFit) -> None:
    panel = made_up_panel(PanelPlan(seen=0.7, years=2))
    first = fit_matched(panel, 0).estimate
    raised = replace(panel, growth_sd=panel.growth_sd + 0.3 * first.treated)
    # with two years nobody's growth is the growth of the year before of another row
    assert fit_matched(raised, 0).estimate.estimate_sd == pytest.approx(first.estimate_sd + 0.3)


def test_missing_experience_is_balanced_by_an_indicator() -> None:
    panel = made_up_panel(PLAN)
    is_missing = np.random.default_rng(3).random(len(panel.weight)) < 0.3
    fit = fit_matched(
        replace(panel, years_experience=np.where(is_missing, np.nan, panel.years_experience)), 0
    )
    treated, used = fit.estimate.treated, fit.estimate.used
    share = fit.weights[treated & is_missing].sum()
    assert fit.weights[used & ~treated & is_missing].sum() == pytest.approx(share, abs=1e-6)


def test_experience_that_nobody_has_is_left_out() -> None:
    panel = made_up_panel(PLAN)
    fit = fit_matched(replace(panel, years_experience=np.full(len(panel.weight), np.nan)), 0)
    assert "years of experience" not in [row.characteristic for row in fit.baseline]


def panel_of_two_kinds_of_schools(shift: float) -> TeacherPanel:
    """12 schools of 8; 6 teachers begin in 2022 in the even schools, none in the odd.

    The other 2 of each school took part before, so that they are in neither group; their classes' priors
    are ``shift`` in even schools and -``shift`` in odd ones.
    """
    rng = np.random.default_rng(4)
    teacher = np.arange(96)
    is_even, is_early = (teacher // 8) % 2 == 0, teacher % 8 >= 6
    prior = rng.normal(0, 0.3, 192) + np.tile(np.where(is_early, np.where(is_even, shift, -shift), 0.0), 2)
    hours = np.concatenate([9.0 * is_early, 9.0 * (is_early | is_even)])
    return panel_of(
        np.tile(teacher, 2), np.tile(teacher // 8, 2), np.repeat([2021, 2022], 96),
        rng.normal(0, 0.2, 192), hours, prior=prior, experience=rng.integers(1, 20, 192),
    )  # fmt: skip


def test_context_that_cannot_be_balanced_is_adjusted_for_and_said() -> None:
    # School means of the prior are about 2 x 4 / 8 = 1 in even schools and -1 in odd ones
    fit = fit_matched(panel_of_two_kinds_of_schools(4.0), 0)
    assert not fit.has_context_balanced
    assert fit.estimate.notes[0] == "school context could not be balanced, only adjusted for"
    assert fit.estimate.baseline_g_max > 1.0
    assert fit.support_share == 0.0


def test_without_weights_for_the_class_mean_prior_there_is_no_estimate() -> None:
    panel = panel_of_two_kinds_of_schools(0.0)
    apart = replace(panel, prior_mean_sd=np.where(panel.school % 2 == 0, 3.0, -3.0) + panel.prior_mean_sd)
    with pytest.raises(DesignRefusedError, match="no weights balance those who begin and the others"):
        fit_matched(apart, 0)


@pytest.mark.parametrize(
    ("panel", "clause"),
    [
        (small_panel([[9], [0]]), "no teacher has a school year before it"),
        (small_panel([[9, 9], [0, 0]]), "nobody takes part for the first time with a school year before it"),
        (small_panel([[0, 9], [0, 9]]), "in no school year are there both"),
        (small_panel([[0, 9], [0, 0]]), "1 teachers who begin with a school year before it, fewer than 10"),
        (small_panel([[0, 9]] * 12 + [[0, 0]] * 3), "3 teachers to compare with, fewer than 10"),
    ],
)
def test_refusal_says_why_with_its_number(panel: TeacherPanel, clause: str) -> None:
    with pytest.raises(DesignRefusedError, match=clause):
        fit_matched(panel, 0)


def test_fewer_than_five_schools_are_refused() -> None:
    with pytest.raises(DesignRefusedError, match="4 schools; standard errors by school need at least 5"):
        fit_matched(made_up_panel(PanelPlan(schools=4, teachers=30)), 0)


def test_beginners_of_one_school_are_refused() -> None:
    panel = made_up_panel(PanelPlan(teachers=40, schools=6))
    hours = np.where((panel.school == 0)[:, None], panel.hours, 0.0)
    with pytest.raises(DesignRefusedError, match="all who begin are in one school"):
        fit_matched(replace(panel, hours=hours), 0)


def test_interval_covers_the_effect_under_selection_on_the_year_before() -> None:
    covered = 0
    for seed in range(20):
        found = fit_matched(made_up_panel(replace(PLAN, seed=seed)), 0).estimate
        covered += abs(found.estimate_sd - 0.1) <= stdtrit(found.df, 0.975) * found.std_error
    assert covered >= 17  # 19 are expected; 16 or fewer have a probability of 1.6 % at 95 %
