"""Rules of balance: quadrants, the line between, visits, first looks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from transforms.improvement.balance_rules import (
    BalanceRules,
    SchoolFacts,
    judged,
    look_at_first,
    points,
    quadrant_of,
    sources_disagree,
)

# clearly above both cuts of .5 (20 activities: a margin of .05), small gap, coherent, good climate and growth
GOOD = SchoolFacts(
    school_id="north",
    school_year=2025,
    n_staff=20,
    n_teachers=18,
    n_activities=20,
    hours=400.0,
    alignment=0.6,
    differentiation=0.6,
    coherence=0.5,
    own_priority_share=0.1,
    other_school_share=0.0,
    hours_per_teacher=20.0,
    school_level="elementary",
    mean_need=3.0,
    mean_fit=3.0,
    mean_gap=0.0,
    n_ratings=3,
    sources="visit",
    climate=0.7,
    n_responses=12,
    climate_low=0.6,
    climate_high=0.8,
    n_growth_subjects=2,
    n_peers=8,
    alignment_median=0.5,
    differentiation_median=0.5,
    coherence_median=0.4,
    climate_median=0.65,
    hours_top_quarter=25.0,
    hours_bottom_quarter=15.0,
)
NONE_ABSENT: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("alignment", "differentiation", "quadrant"),
    [
        (0.56, 0.56, "aligned and differentiated"),
        (0.56, 0.44, "aligned"),
        (0.44, 0.56, "differentiated"),
        (0.44, 0.44, "neither"),
        # 1 / 20 activities = .05: nearer to either cut than an average activity is on the line
        (0.54, 0.9, "on the line"),
        (0.9, 0.46, "on the line"),
        (None, 0.9, "not available"),
        (0.9, None, "not available"),
    ],
)
def test_quadrants_leave_out_a_line_as_wide_as_an_average_activity(alignment, differentiation, quadrant):
    school = replace(GOOD, alignment=alignment, differentiation=differentiation)
    assert judged(school, NONE_ABSENT).quadrant == quadrant


def test_the_fewer_activities_the_wider_the_line():
    school = replace(GOOD, n_activities=5)  # margin .2; .6 is .1 from the cut
    verdict = judged(school, NONE_ABSENT)
    assert (verdict.margin, verdict.quadrant) == (0.2, "on the line")


def test_a_school_without_activities_has_no_quadrant():
    assert quadrant_of(replace(GOOD, n_activities=0), 0.5, 0.5, None) == "not available"


@pytest.mark.parametrize(
    ("median", "n_peers", "cut"),
    [
        (0.5, 8, 0.5),
        # never below the fixed threshold: half of the schools of a poor lot are not aligned
        (0.3, 8, 0.4),
        # four schools have no median worth the name
        (0.5, 4, 0.4),
        (None, 8, 0.4),
    ],
)
def test_a_cut_is_the_median_of_five_schools_or_more_and_never_below_the_threshold(median, n_peers, cut):
    assert BalanceRules().cut(0.4, median, n_peers) == cut


def test_a_school_that_meets_all_five_rules_is_worth_a_visit_with_a_reason_each():
    verdict = judged(GOOD, NONE_ABSENT)
    assert verdict.is_worth_a_visit
    assert [criterion.text for criterion in verdict.criteria] == [
        "aligned and differentiated: 60% of hours on district priorities (cut 50%), 60% chosen by the school"
        " or its teachers (cut 50%)",
        "need less fit 0.0 (at most +0.5)",
        "50% of hours on its top two priorities (median of its level: 40%)",
        "staff climate 0.70 of 1 (not clearly below its level)",
        "student growth nowhere clearly below typical",
    ]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"differentiation": 0.4}, "aligned: 60% of hours on district priorities"),
        ({"mean_gap": 0.51}, "need less fit +0.5 (at most +0.5)"),
        ({"mean_gap": None}, "need and fit not rated"),
        ({"coherence": 0.39}, "39% of hours on its top two priorities (median of its level: 40%)"),
        ({"coherence": None}, "priorities of hours not on record"),
        ({"climate": 0.49, "climate_high": 0.7}, "staff climate 0.49 of 1"),
        # well above the middle of the scale, but clearly below its level
        ({"climate": 0.6, "climate_high": 0.64}, "staff climate 0.60 of 1 (clearly below its level)"),
        ({"n_responses": 4}, "staff climate: fewer than 5 answers"),
        ({"growth_below": "ela"}, "student growth clearly below typical in ela"),
        ({"n_growth_subjects": None}, "student growth: no value-added of this school"),
    ],
)
def test_one_rule_that_is_not_met_is_enough_against_a_visit(change, text):
    verdict = judged(replace(GOOD, **change), NONE_ABSENT)
    assert not verdict.is_worth_a_visit
    ((unmet),) = [criterion for criterion in verdict.criteria if not criterion.is_met]
    assert unmet.text.startswith(text)


@pytest.mark.parametrize(
    ("absent", "change"),
    [
        ("ratings", {"mean_gap": None}),
        ("survey", {"climate": None, "n_responses": None}),
        ("growth", {"n_growth_subjects": None}),
    ],
)
def test_what_the_district_has_no_source_for_is_not_held_against_a_school(absent, change):
    verdict = judged(replace(GOOD, **change), frozenset({absent}))
    assert verdict.is_worth_a_visit
    assert [criterion.is_met for criterion in verdict.criteria].count(None) == 1


def test_without_priorities_on_record_no_school_is_worth_a_visit():
    verdict = judged(
        replace(GOOD, alignment=None, coherence=None), frozenset({"ratings", "survey", "growth"})
    )
    assert not verdict.is_worth_a_visit


def test_coherence_of_a_school_without_peers_is_held_against_the_fixed_step():
    few = replace(GOOD, n_peers=4, coherence=0.36)
    assert judged(few, NONE_ABSENT).criteria[2].is_met
    assert not judged(replace(few, coherence=0.34), NONE_ABSENT).criteria[2].is_met


def test_many_hours_high_need_and_low_fit_are_named_with_their_numbers():
    school = replace(GOOD, hours_per_teacher=31.0, mean_need=5.0, mean_fit=1.0, mean_gap=4.0)
    assert look_at_first(school) == (
        "many hours without fit: 31.0 hours per teacher, top quarter of its level (from 25.0);"
        " need 5.0, fit 1.0 of 5 (by visit)",
    )


def test_high_need_and_few_hours_are_named():
    school = replace(GOOD, hours_per_teacher=15.0, mean_need=4.0, mean_fit=3.5)
    assert look_at_first(school) == (
        "high need, few hours: 15.0 hours per teacher, bottom quarter of its level (to 15.0);"
        " need 4.0, fit 3.5 of 5 (by visit)",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"hours_per_teacher": 24.9},  # below the top quarter
        {"mean_need": 3.9},
        {"mean_fit": 2.1},
        {"mean_need": None, "mean_fit": None},
        {"n_peers": 4},  # no quarters
    ],
)
def test_no_first_look_without_all_three_of_many_hours_high_need_and_low_fit(change):
    school = replace(GOOD, hours_per_teacher=31.0, mean_need=5.0, mean_fit=1.0)
    assert look_at_first(school)
    assert look_at_first(replace(school, **change)) == ()


def test_sources_disagree_from_two_points_apart():
    school = replace(GOOD, source_high="visit", gap_high=1.5, source_low="plan", gap_low=-0.5)
    assert sources_disagree(school) == "ratings from visit put need less fit at +1.5, those from plan at −0.5"
    assert sources_disagree(replace(school, gap_low=-0.4)) is None
    assert sources_disagree(GOOD) is None


@pytest.mark.parametrize(("value", "text"), [(1.26, "+1.3"), (-0.4, "−0.4"), (0.0, "0.0"), (-0.04, "0.0")])
def test_a_gap_is_written_with_its_sign_but_for_zero(value, text):
    assert points(value) == text
