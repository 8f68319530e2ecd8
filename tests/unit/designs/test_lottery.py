from __future__ import annotations

from dataclasses import replace

import duckdb
import numpy as np
import pytest
from scipy.special import stdtrit

from tests.unit.designs.lotteries import LotteryPlan, made_up_lottery
from tests.unit.designs.teacher_panels import panel_of
from transforms.designs.lottery import LotteryFit, LotteryOffers, fit_lottery, read_offers
from transforms.designs.lottery_sample import build_lottery_sample
from transforms.designs.panel import DesignEstimate, DesignRefusedError, TeacherPanel

# Four teachers with offers, four without, one block, weights 1: growth .3 less .1 is an intent to treat of .2
GROWTH = [0.2, 0.4, 0.3, 0.3, 0.0, 0.2, 0.1, 0.1]
OFFERED = np.array([True] * 4 + [False] * 4)


def eight_teachers(hours: list[float], prior: list[float] | None = None) -> TeacherPanel:
    return panel_of(np.arange(8), [0, 1] * 4, [2025] * 8, GROWTH, hours, prior=prior)


def offers_to(teacher, is_offered, stratum=None, year=2025) -> LotteryOffers:
    n = len(teacher)
    return LotteryOffers(
        np.asarray(teacher, dtype=np.int64),
        np.asarray(is_offered, dtype=bool),
        np.zeros(n, dtype=np.int64) if stratum is None else np.asarray(stratum, dtype=np.int64),
        np.full(n, year, dtype=np.int64),
        np.zeros(n, dtype=bool),
    )


def fit_eight(hours: list[float]) -> LotteryFit:
    return fit_lottery(eight_teachers(hours), 0, offers_to(range(8), OFFERED), minimum_teachers=2)


def test_intent_to_treat_is_the_difference_of_means_where_priors_are_equal() -> None:
    found = fit_eight([10.0] * 4 + [0.0] * 4).offered
    assert found.estimate_sd == pytest.approx(0.2)
    # HC2 of two means is the sum of s^2 / n: offered .02 / 3 / 4, others the same
    assert found.std_error**2 == pytest.approx(2 * 0.02 / 3 / 4)
    assert found.df == pytest.approx(6.0)  # Welch with equal variances and sizes: 4 + 4 - 2


def test_with_full_compliance_the_complier_effect_is_the_intent_to_treat() -> None:
    fit = fit_eight([10.0] * 4 + [0.0] * 4)
    assert isinstance(fit.participated, DesignEstimate)
    assert fit.participated.estimate_sd == pytest.approx(0.2)
    assert fit.participated.std_error == pytest.approx(fit.offered.std_error)
    assert fit.first_stage_f == float("inf")
    assert (fit.never_takers, fit.always_takers) == (0.0, 0.0)


def test_half_of_the_offered_taking_part_doubles_the_effect_on_compliers() -> None:
    fit = fit_eight([10.0, 0.0, 10.0, 0.0] + [0.0] * 4)
    assert isinstance(fit.participated, DesignEstimate)
    assert fit.participated.estimate_sd == pytest.approx(0.2 / 0.5)
    assert fit.never_takers == 0.5


def test_dose_is_the_intent_to_treat_by_ten_hours_that_the_offer_added() -> None:
    fit = fit_eight([10.0, 30.0, 20.0, 20.0] + [0.0] * 4)
    assert isinstance(fit.per_10_hours, DesignEstimate)
    assert fit.per_10_hours.estimate_sd == pytest.approx(0.2 / 2.0)  # 20 hours on average: 2 times 10


def test_equal_hours_have_no_dose() -> None:
    fit = fit_eight([10.0] * 4 + [0.0] * 4)
    assert isinstance(fit.per_10_hours, DesignRefusedError)
    assert "a dose cannot be told from taking part" in str(fit.per_10_hours)


@pytest.mark.parametrize(
    ("hours", "clause"),
    [
        ([0.0] * 8, "nobody drawn for took part"),
        ([9.0, 0.0, 0.0, 0.0, 9.0, 9.0, 0.0, 0.0], "did not raise the share that took part \\(-25 points\\)"),
    ],
)
def test_offer_that_moved_nobody_leaves_the_intent_to_treat_alone(hours: list[float], clause: str) -> None:
    fit = fit_eight(hours)
    assert fit.offered.estimate_sd == pytest.approx(0.2)
    with pytest.raises(DesignRefusedError, match=clause):
        raise fit.participated  # type: ignore[misc]
    assert fit.anderson_rubin is None


def test_weak_offer_is_said_with_the_anderson_rubin_interval() -> None:
    panel, offers = made_up_lottery(LotteryPlan(take_up=0.25, always=0.1))
    fit = fit_lottery(panel, 0, offers)
    assert fit.first_stage_f < 10.0
    assert isinstance(fit.participated, DesignEstimate)
    assert any(note.startswith("weak instrument: first-stage F") for note in fit.participated.notes)


def test_anderson_rubin_is_the_intervals_of_the_ratio_where_the_offer_is_always_taken() -> None:
    fit = fit_eight([10.0] * 4 + [0.0] * 4)
    half = stdtrit(6.0, 0.975) * fit.offered.std_error
    assert fit.anderson_rubin == pytest.approx((0.2 - half, 0.2 + half))


def test_teachers_are_compared_within_blocks() -> None:
    # Block 0 grows 1 more and has 3 of 4 offers; within blocks the offered grow .2 more
    offered = [True, True, True, False, True, False, False, False]
    growth = [1.2, 1.2, 1.2, 1.0, 0.2, 0.0, 0.0, 0.0]
    noise = [0.05, -0.05, 0.0, 0.0, 0.0, 0.05, -0.05, 0.0]
    panel = panel_of(np.arange(8), [0, 1] * 4, [2025] * 8, np.add(growth, noise), [9.0 * o for o in offered])
    fit = fit_lottery(panel, 0, offers_to(range(8), offered, [0] * 4 + [1] * 4), minimum_teachers=2)
    assert fit.offered.estimate_sd == pytest.approx(0.2)


def test_block_of_one_arm_is_left_out_and_said() -> None:
    offered = np.append(OFFERED, True)
    panel = panel_of(np.arange(9), [0, 1] * 4 + [0], [2025] * 9, [*GROWTH, 5.0], [0.0] * 9)
    fit = fit_lottery(panel, 0, offers_to(range(9), offered, [0] * 8 + [1]), minimum_teachers=2)
    assert fit.offered.estimate_sd == pytest.approx(0.2)
    assert "1 block(s) with one arm only left out" in fit.offered.notes


def test_attrition_counts_offers_without_growth_in_the_outcome_year() -> None:
    # 1 of 5 offered and 2 of 6 others have no growth, and the panel knows none of the 3
    panel = eight_teachers([0.0] * 8)
    teacher = [0, 1, 2, 3, -1, 4, 5, 6, 7, -1, -1]
    offered = [True] * 5 + [False] * 6
    lost = build_lottery_sample(panel, 0, offers_to(teacher, offered)).attrition
    assert lost.overall == pytest.approx(3 / 11)
    assert lost.differential == pytest.approx(1 / 5 - 2 / 6)
    assert lost.n_never_in_panel == 3


def test_staff_of_other_subjects_are_no_part_of_the_lottery_and_counted_apart() -> None:
    panel = eight_teachers([0.0] * 8)
    offers = offers_to([*range(8), -1, -1, -1], [*OFFERED, True, True, False])
    elsewhere = replace(offers, is_of_other_subject=np.arange(11) >= 9)
    lost = build_lottery_sample(panel, 0, elsewhere).attrition
    # 5 offered of whom 1 is lost, 4 others of whom none is; the last 2 teach something else
    assert (lost.n_drawn, lost.n_of_other_subject, lost.n_never_in_panel) == (9, 2, 1)
    assert lost.overall == pytest.approx(1 / 9)
    assert lost.differential == pytest.approx(1 / 5)


def test_growth_of_another_year_is_no_outcome() -> None:
    panel = panel_of([0, 0, 1], [0, 0, 0], [2024, 2025, 2024], [9.0, 0.1, 9.0], [0.0, 0.0, 0.0])
    offers = offers_to([0, 1, 0, 1], [True, False, True, False])
    with pytest.raises(DesignRefusedError, match="in no block are there both"):
        fit_lottery(panel, 0, offers, minimum_teachers=1)


def test_teacher_of_two_schools_is_one_unit_with_the_mean_of_both() -> None:
    # 10 students at .1 and 30 at .3: .25; the school is that of the 30
    panel = panel_of([0, 0, 1], [0, 1, 0], [2025] * 3, [0.1, 0.3, 0.0], [9, 9, 0], weight=[10, 30, 10])
    sample = build_lottery_sample(panel, 0, offers_to([0, 1], [True, False]))
    assert sample.growth_sd == pytest.approx([0.25, 0.0])
    assert sample.school.tolist() == [1, 0]
    assert sample.weight.tolist() == [40.0, 10.0]


def test_baseline_is_the_difference_in_the_class_mean_prior_score() -> None:
    panel = eight_teachers([0.0] * 8, prior=[0.1, 0.2, 0.3, 0.2, 0.0, 0.1, 0.2, 0.1])
    fit = fit_lottery(panel, 0, offers_to(range(8), OFFERED), minimum_teachers=2)
    assert fit.offered.baseline_g_max == pytest.approx(0.1)  # .2 less .1


def test_where_schools_were_drawn_errors_are_by_school() -> None:
    panel, offers = made_up_lottery(LotteryPlan(is_by_school=True, schools=20))
    found = fit_lottery(panel, 0, offers).offered
    assert found.n_clusters == 20
    assert found.notes[0] == "standard errors by school, which was drawn"
    assert (found.influence**2).sum() == pytest.approx(found.std_error**2)


def test_influence_is_by_school_and_sums_to_the_squared_standard_error_of_teachers() -> None:
    panel, offers = made_up_lottery(LotteryPlan())
    fit = fit_lottery(panel, 0, offers)
    for found in (fit.offered, fit.participated):
        assert isinstance(found, DesignEstimate)
        assert found.n_clusters == 120
        assert len(found.influence) == 15
        assert (found.influence**2).sum() == pytest.approx(found.std_error**2)


def test_treated_are_those_with_the_offer_or_those_who_took_part() -> None:
    panel, offers = made_up_lottery(LotteryPlan())
    fit = fit_lottery(panel, 0, offers)
    assert isinstance(fit.participated, DesignEstimate)
    assert fit.offered.treated.sum() == 60
    assert (fit.participated.treated == (panel.hours[:, 0] > 0)).all()


@pytest.mark.parametrize(
    ("offers", "clause"),
    [
        (offers_to([], []), "no places of it were drawn by lot"),
        (offers_to(range(8), OFFERED, year=-1), "of any of 8 places, or its day is not known"),
        (offers_to(range(8), [True] * 8), "all or none of those drawn for have an offer"),
        (offers_to(range(8), OFFERED, OFFERED.astype(int)), "in no block are there both"),
        (offers_to(range(8), OFFERED), "4 teachers with an offer have growth, fewer than 10"),
    ],
)
def test_refusal_says_why_with_its_number(offers: LotteryOffers, clause: str) -> None:
    with pytest.raises(DesignRefusedError, match=clause):
        fit_lottery(eight_teachers([0.0] * 8), 0, offers)


def test_offers_are_read_for_one_type_with_strata_of_cohort_and_block() -> None:
    connection = duckdb.connect()
    connection.execute("create schema frames")
    connection.execute(
        """create table frames.pd_offer as select * from (values
            ('t1', 'coaching', 'a', 'north', true, 2025), ('t0', 'coaching', 'a', 'north', false, 2025),
            ('new', 'coaching', 'a', 'south', true, 2025), ('t0', 'coaching', 'b', null, true, null),
            ('t0', 'mentoring', 'a', null, true, 2025)
        ) as offers (staff_id, pd_type, cohort, block, is_offered, outcome_school_year)"""
    )
    connection.execute(
        """create table frames.growth_analysis as select * from (values
            ('t0', 'mathematics'), ('t0', 'ela'), ('t1', 'mathematics'), ('new', 'ela')
        ) as taught (staff_id, academic_subject)"""
    )
    offers = read_offers(connection, "coaching", eight_teachers([0.0] * 8))
    assert offers.teacher.tolist() == [0, 1, -1, 0]
    assert offers.is_offered.tolist() == [False, True, True, True]
    assert offers.stratum.tolist() == [0, 0, 1, 2]
    assert offers.outcome_year.tolist() == [2025, 2025, 2025, -1]
    assert offers.is_of_other_subject.tolist() == [False, False, True, False]
    assert not len(read_offers(connection, "conference", eight_teachers([0.0] * 8)).teacher)


def test_interval_covers_the_planted_effect_by_lot() -> None:
    covered = np.zeros(2)
    for seed in range(20):
        panel, offers = made_up_lottery(LotteryPlan(seed=seed))
        fit = fit_lottery(panel, 0, offers)
        assert isinstance(fit.participated, DesignEstimate)
        # .15 among compliers; the offer moves .7 - .1 of the teachers
        for place, (found, truth) in enumerate([(fit.offered, 0.15 * 0.6), (fit.participated, 0.15)]):
            covered[place] += abs(found.estimate_sd - truth) <= stdtrit(found.df, 0.975) * found.std_error
    assert covered.min() >= 17  # 19 are expected; 16 or fewer have a probability of 1.6 % at 95 %
