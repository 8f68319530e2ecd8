"""What rules ask: probabilities, the mean over subjects, the main design, reach, reaction, equity, cost."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from tests.spec.loop_tables import Loop
from transforms.improvement.default_rules import Recommendation, Thresholds
from transforms.improvement.measures import Value
from transforms.improvement.posterior import Posterior, mean_over_subjects
from transforms.improvement.type_access import SchoolAccess, reach_ratio
from transforms.improvement.type_evidence import SubjectEffect, evidence_on, evidence_values
from transforms.improvement.type_measures import TypeFacts, read_types


def effect(
    design: str,
    subject: str,
    sd: float | None,
    se: float | None = 0.01,
    df: float | None = 30.0,
    **more: object,
) -> SubjectEffect:
    row: dict[str, object] = {
        "essa_tier": None,
        "is_struck_out": False,
        "placebo_p_value": None,
        "n_participants": None,
        "note": None,
    }
    return SubjectEffect(design, "coaching", subject, sd, se, df, **(row | more))  # type: ignore[arg-type]


# --- probabilities


@pytest.mark.parametrize(
    ("estimate", "threshold", "df", "expected"),
    [
        (0.0, 0.0, 10.0, 0.5),
        # (0.04 - 0.02) / 0.01 = 2 standard errors; t with 10 df: F(2) = 0.963306
        (0.04, 0.02, 10.0, 0.963306),
        (0.00, 0.02, 10.0, 1 - 0.963306),
        # Cauchy: 1/2 + atan(1) / pi = 0.75
        (0.03, 0.02, 1.0, 0.75),
    ],
)
def test_probability_is_that_of_t_about_the_estimate(
    estimate: float, threshold: float, df: float, expected: float
) -> None:
    assert Posterior(estimate, 0.01, df).probability_above(threshold) == pytest.approx(expected, abs=1e-6)


def test_interval_is_the_confidence_interval() -> None:
    low, high = Posterior(0.1, 0.02, 12.0).interval
    assert (low, high) == pytest.approx(stats.t.interval(0.95, 12.0, 0.1, 0.02))


# --- the mean over subjects


def test_mean_of_two_subjects_has_the_joint_error() -> None:
    # s1 = .03, s2 = .04, covariance .0006 → d² = .0009 + .0016 - .0012 = .0013
    # mean: (.0009 + .0016 + .0012) / 4 = .000925
    two = [Posterior(0.10, 0.03, 20.0), Posterior(0.04, 0.04, 12.0)]
    mean, is_joint = mean_over_subjects(two, math.sqrt(0.0013))
    assert is_joint
    assert mean.estimate_sd == pytest.approx(0.07)
    assert mean.std_error == pytest.approx(math.sqrt(0.000925))
    assert mean.df == 12.0


def test_without_the_error_of_the_difference_the_error_is_the_largest_that_can_be() -> None:
    two = [Posterior(0.10, 0.03, 20.0), Posterior(0.04, 0.04, 12.0)]
    mean, is_joint = mean_over_subjects(two)
    assert not is_joint
    assert mean.std_error == pytest.approx(0.035)  # correlation 1: (.03 + .04) / 2


@pytest.mark.parametrize("impossible", [0.009, 0.071])
def test_an_error_of_the_difference_that_no_correlation_gives_is_not_used(impossible: float) -> None:
    # |.03 - .04| = .01 and .03 + .04 = .07 are the ends of what it can be
    two = [Posterior(0.10, 0.03, 20.0), Posterior(0.04, 0.04, 12.0)]
    mean, is_joint = mean_over_subjects(two, impossible)
    assert not is_joint
    assert mean.std_error == pytest.approx(0.035)


def test_one_subject_is_its_own_mean() -> None:
    assert mean_over_subjects([Posterior(0.1, 0.03, 20.0)]) == (Posterior(0.1, 0.03, 20.0), True)


# --- the main design


@pytest.mark.parametrize(
    ("effects", "design"),
    [
        (["lottery m", "lottery e", "adjusted m", "adjusted e"], "lottery"),
        # one of two subjects is 50 %, fewer than 80 % of the questions
        (["lottery m", "matched m", "matched e"], "matched"),
        (["event_study m", "within_teacher m", "within_teacher e", "adjusted m"], "within_teacher"),
        (["lottery m"], "lottery"),
        # nobody answers 80 %: the one that answers most, the stronger where equal
        (["lottery m", "adjusted e"], "lottery"),
    ],
)
def test_main_design_is_the_strongest_that_answers_most_subjects(effects: list[str], design: str) -> None:
    rows = [effect(name, subject, 0.1) for name, subject in (text.split() for text in effects)]
    assert evidence_on("coaching", rows, {}, []).design == design


def test_struck_out_designs_count_only_where_there_are_no_others() -> None:
    struck = effect("lottery", "m", 0.3, is_struck_out=True)
    both = evidence_on("coaching", [struck, effect("adjusted", "m", 0.1)], {}, [])
    assert (both.design, both.is_struck_out) == ("adjusted", False)
    alone = evidence_on("coaching", [struck], {}, [])
    assert (alone.design, alone.is_struck_out) == ("lottery", True)
    assert evidence_values(alone, 0.02)["struck_out"] == Value(1.0)


def test_too_few_degrees_of_freedom_are_no_estimate() -> None:
    found = evidence_on("coaching", [effect("adjusted", "m", 0.1, df=3.9)], {}, [])
    assert found.mean is None
    assert found.reason == "every estimate has fewer than 4 degrees of freedom"
    assert evidence_on("coaching", [effect("adjusted", "m", 0.1, df=4.0)], {}, []).mean is not None


def test_refused_estimates_leave_every_probability_not_known_with_the_reason() -> None:
    refused = effect("adjusted", "m", None, None, None, note="refused: 4 schools")
    found = evidence_values(evidence_on("coaching", [refused], {}, []), 0.02)
    assert all(value.value is None for value in found.values())
    assert found["probability_positive"].note == "no estimate: 4 schools"


def test_placebo_is_the_smallest_of_the_subjects_times_their_number() -> None:
    rows = [
        effect("adjusted", "e", 0.1, placebo_p_value=0.03),
        effect("adjusted", "m", 0.1, placebo_p_value=0.60),
    ]
    found = evidence_values(evidence_on("coaching", rows, {}, []), 0.02)
    assert found["placebo_p"].value == pytest.approx(0.06)
    rows = [effect("lottery", "m", 0.1)]
    assert evidence_values(evidence_on("coaching", rows, {}, []), 0.02)["placebo_p"].value is None


def test_tier_is_the_best_of_the_main_design_and_of_any_design() -> None:
    rows = [
        effect("event_study", "e", 0.1, essa_tier=3),
        effect("event_study", "m", 0.1, essa_tier=None),
        effect("matched", "m", 0.1, essa_tier=2),
        effect("adjusted", "m", 0.1, essa_tier=1, is_struck_out=True),
    ]
    found = evidence_values(evidence_on("coaching", rows, {}, []), 0.02)
    assert (found["evidence_tier"].value, found["any_design_tier"].value) == (3.0, 2.0)
    none = evidence_values(evidence_on("coaching", [effect("matched", "m", 0.1)], {}, []), 0.02)
    assert none["evidence_tier"].value == 5.0  # none reached is known, and weaker than the fourth


# --- equity


def school(name: str, members: int, reached: int, others: int, others_reached: int) -> SchoolAccess:
    return SchoolAccess("coaching", "novice", name, members, reached, others, others_reached)


def test_ratio_of_reach_and_its_interval_by_school() -> None:
    schools = [school("a", 10, 2, 20, 10), school("b", 10, 4, 20, 6), school("c", 20, 6, 40, 24)]
    # 12 of 40 = .30, 40 of 80 = .50: ratio .60
    # influences: a (2 - 3)/12 - (10 - 10)/40 = -.08333; b (4 - 3)/12 - (6 - 10)/40 = .18333;
    # c (6 - 6)/12 - (24 - 20)/40 = -.1; squares .006944 + .033611 + .01 = .050556; x 3/2 = .075833
    found = reach_ratio(schools)
    half = stats.t.ppf(0.975, 1) * math.sqrt(0.0758333)
    assert found.value == pytest.approx(0.60)
    assert found.ci_low == pytest.approx(0.60 * math.exp(-half), rel=1e-5)
    assert found.ci_high == pytest.approx(0.60 * math.exp(half), rel=1e-5)


def test_a_group_that_nobody_reached_has_an_upper_end() -> None:
    schools = [school(name, 10, 0, 10, 5) for name in "abc"]
    # Wilson, 0 of 30: 3.8415 / (30 + 3.8415) = .11351; over .5 = .22703
    found = reach_ratio(schools)
    assert (found.value, found.ci_low) == (0.0, 0.0)
    assert found.ci_high == pytest.approx(0.22703, abs=1e-5)


@pytest.mark.parametrize(
    ("schools", "why"),
    [
        ([school("a", 4, 1, 20, 10)], "fewer than 5 novice teachers, or others"),
        ([school("a", 20, 10, 20, 0)], "nobody other than novice teachers was reached"),
        ([school("a", 20, 10, 20, 5), school("b", 5, 1, 5, 1)], "fewer than 3 schools"),
    ],
)
def test_a_ratio_that_cannot_be_told_says_why(schools: list[SchoolAccess], why: str) -> None:
    assert reach_ratio(schools) == Value(note=why)


# --- from the tables


def facts(loop: Loop, limits: Thresholds | None = None) -> dict[str, TypeFacts]:
    return {one.pd_type: one for one in read_types(loop.connection, 2025, limits or Thresholds())[0]}


def test_reach_is_the_share_of_the_teachers_of_the_report_year() -> None:
    loop = Loop()
    loop.teachers(20, "coaching", 6)
    loop.teachers(20, "conference", 4)
    loop.teachers(20, "coaching", 20, school_year=2024)
    found = facts(loop)
    assert found["coaching"].values["reach_share"] == Value(0.3)  # 6 of 20
    assert found["conference"].values["reach_share"].note == "fewer than 5 teachers were reached"


def test_a_type_that_nobody_attended_this_year_reaches_nobody() -> None:
    loop = Loop()
    loop.teachers(20, "coaching", 6)
    loop.add("core.decision", {"decision_id": "D", "school_year": 2024, "pd_type": "conference"})
    assert facts(loop)["conference"].values["reach_share"] == Value(0.0)


def test_without_teachers_reach_is_not_known() -> None:
    loop = Loop()
    loop.effect("coaching", "ela", 0.1, 0.02)
    assert facts(loop)["coaching"].values["reach_share"].value is None


def test_reaction_is_a_mean_with_its_t_interval() -> None:
    loop = Loop()
    loop.teachers(5, "coaching", 5)
    scores = (0.4, 0.5, 0.6, 0.7, 0.8)
    base = {"scale_kind": "evaluation_level", "scale": "reaction", "pd_type": "coaching", "school_year": 2025}
    loop.add("frames.survey_score", *({**base, "score_share": share} for share in scores))
    loop.add("frames.survey_score", {**base, "score_share": 0.0, "school_year": 2024})
    loop.add("frames.survey_score", {**base, "score_share": 0.0, "scale": "learning"})
    found = facts(loop)["coaching"].values
    # mean .6, sd sqrt(.1 / 4) = .158114, t(4) 2.776445: .6 -+ 2.776445 x .158114 / sqrt 5 = .6 -+ .196324
    assert found["reaction_share"].value == pytest.approx(0.6)
    assert found["reaction_low"].value == pytest.approx(0.403676, abs=1e-6)
    assert found["reaction_high"].value == pytest.approx(0.796324, abs=1e-6)


def test_four_answers_or_no_survey_are_not_known_and_say_why() -> None:
    loop = Loop()
    loop.teachers(5, "coaching", 5)
    assert facts(loop)["coaching"].values["reaction_low"].note.startswith("not available: no survey")
    loop.sources("survey", "survey_item", "survey_answer")
    base = {"scale_kind": "evaluation_level", "scale": "reaction", "pd_type": "coaching", "school_year": 2025}
    loop.add("frames.survey_score", *({**base, "score_share": 0.5} for _ in range(4)))
    assert facts(loop)["coaching"].values["reaction_low"].note == (
        "fewer than 5 answers about it in the report year"
    )


def test_high_poverty_schools_are_the_top_quarter_of_the_schools() -> None:
    loop = Loop()
    loop.teachers(24, "coaching", 12)  # 3 of 6 in each of S0 .. S3: all alike
    for number in range(4):
        loop.add(
            "core.student_enrollment",
            *(
                {"school_id": f"S{number}", "school_year": 2025, "is_economically_disadvantaged": i <= number}
                for i in range(4)
            ),
        )
    found = facts(loop)["coaching"]
    assert found.less_reached_group == "high_poverty_school"
    assert found.values["equity_ratio"].value == pytest.approx(1.0)


def test_cost_is_not_known_without_a_source_of_it() -> None:
    loop = Loop()
    loop.effect("coaching", "ela", 0.1, 0.02)
    assert facts(loop)["coaching"].values["cost_per_student"].note == "not available: no pd_cost source"


def costs(loop: Loop, **per_student: float) -> None:
    loop.sources("pd_cost")
    loop.connection.execute("delete from estimates.cost")
    for pd_type, cost in per_student.items():
        loop.add(
            "estimates.cost",
            {
                "period": "report_year",
                "pd_type": pd_type,
                "cost_per_student": cost,
                "total_cost": 1000 * cost,
            },
            {"period": "all_years", "pd_type": pd_type, "cost_per_student": 99.0},
        )


def test_worth_over_cost_by_the_median_price_of_a_hundredth() -> None:
    loop = Loop()
    for pd_type, sd in (("coaching", 0.10), ("conference", 0.02), ("online_course", 0.05), ("other", -0.01)):
        loop.effect(pd_type, "ela", sd, 0.01)
    costs(loop, coaching=50.0, conference=30.0, online_course=10.0, other=7.0)
    found, price = read_types(loop.connection, 2025, Thresholds())
    values = {one.pd_type: one.values for one in found}
    # per .01 SD: 50 / 10 = 5, 30 / 2 = 15, 10 / 5 = 2; other has no estimate above 0. Median of 2, 5, 15: 5
    assert price.value_per_001_sd == pytest.approx(5.0)
    assert values["conference"]["cost_per_001_sd"].value == pytest.approx(15.0)
    assert values["conference"]["value_ratio"].value == pytest.approx(2 * 5 / 30)
    assert values["other"]["cost_per_001_sd"].note == "the estimate is not above 0"
    assert values["other"]["value_ratio"].value == pytest.approx(-1 * 5 / 7)


def test_cost_of_too_few_people_is_not_known() -> None:
    loop = Loop()
    loop.teachers(20, "coaching", 4)
    loop.effect("coaching", "ela", 0.10, 0.01)
    costs(loop, coaching=50.0)
    found = facts(loop)["coaching"]
    assert found.values["cost_per_student"].note == "fewer than 5 people took part in the report year"
    assert found.total_cost is None


def test_what_a_hundredth_is_worth_may_be_set_and_two_prices_are_too_few_for_a_median() -> None:
    loop = Loop()
    loop.effect("coaching", "ela", 0.10, 0.01)
    loop.effect("conference", "ela", 0.02, 0.01)
    costs(loop, coaching=50.0, conference=30.0)
    assert read_types(loop.connection, 2025, Thresholds())[1].value_per_001_sd is None
    found, price = read_types(loop.connection, 2025, Thresholds(value_per_001_sd=8.0))
    assert price.origin == "set in study.toml"
    assert {one.pd_type: one.values["value_ratio"].value for one in found} == {
        "coaching": pytest.approx(10 * 8 / 50),
        "conference": pytest.approx(2 * 8 / 30),
    }


# --- the table


def test_the_recommendation_carries_its_measures_and_reasons() -> None:
    loop = Loop()
    loop.teachers(20, "coaching", 6)
    loop.effect("coaching", "ela", 0.10, 0.01, essa_tier=2, n_participants=40)
    loop.effect("coaching", "mathematics", 0.06, 0.01, n_participants=30)
    loop.add(
        "estimates.subgroup_difference",
        {
            "design": "adjusted",
            "pd_type": "coaching",
            "academic_subject": "all",
            "contrast": "participated",
            "dimension": "academic_subject",
            "n_subgroups": 2,
            "std_error": 0.012,
        },
    )
    costs(loop, coaching=16.0)
    loop.compute()
    [row] = loop.rows(
        "estimates.recommendation",
        "action expected_effect_sd std_error is_joint_error cost_per_student_sd n_participants n_subjects"
        " evidence_tier reach_share total_cost",
    )
    # (2 x .0001 + 2 x .0001 - .000144) / 4 = .000064; 16 / .08 = 200
    numbers = [pytest.approx(value) for value in (0.08, 0.008)]
    assert row == ("scale", *numbers, True, pytest.approx(200), 30, 2, 2, 0.3, 16_000)
    [(reasons, evidence)] = loop.rows("estimates.recommendation", "reasons evidence")
    assert "share of teachers reached: 30% (rule: at most 60%)" in reasons
    assert evidence.startswith("adjusted: ela +0.100 SD (0.080 to 0.120); mathematics +0.060 SD")
    assert ("coaching", "reach_share", 0.3, "met") in loop.rows(
        "estimates.recommendation_condition", "pd_type measure value outcome"
    )


def test_own_rules_replace_the_table_and_unreachable_ones_are_marked() -> None:
    from tests.spec.test_recommendation_rules import table

    loop = Loop()
    loop.teachers(20, "coaching", 6)
    own = tuple(table("reach_share < 0.5", "reach_share < 0.4"))
    loop.compute(recommendation=Recommendation(own_rules=own))
    rules = loop.rows("estimates.recommendation_rule", "rule_number rule is_default warning")
    assert [row[:3] for row in rules] == [(1, "r1", False), (2, "r2", False), (3, "no rule applies", False)]
    assert [bool(row[3]) for row in rules] == [False, True, False]
    assert loop.rows("estimates.recommendation", "pd_type rule action") == [("coaching", "r1", "study")]


def test_with_nothing_at_all_there_is_no_recommendation_and_no_error() -> None:
    loop = Loop()
    loop.compute()
    assert loop.rows("estimates.recommendation", "pd_type") == []
    assert loop.rows("estimates.decision_review", "decision_id") == []
    assert loop.rows("estimates.next_question", "pd_type") == []
    assert len(loop.rows("estimates.recommendation_rule", "rule_number")) > 10


def test_reach_of_few_teachers_is_hidden_in_what_is_shown() -> None:
    from flows.report import REPORT_PARAMETERS
    from transforms.warehouse import build_tables, sql_files

    loop = Loop()
    loop.teachers(20, "coaching", 5)
    loop.teachers(20, "conference", 4)
    loop.compute()
    files = [file for file in sql_files("report") if file.table == "recommendation"]
    loop.connection.execute("create schema report")
    build_tables(loop.connection, files, REPORT_PARAMETERS)
    assert loop.rows("report.recommendation", "pd_type n_teachers_reached reach_share hours n_teachers") == [
        ("coaching", 5, 0.25, 50.0, 20),
        ("conference", None, None, None, 20),
    ]
