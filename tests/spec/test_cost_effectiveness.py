"""What .01 SD costs: whose effect, whose cost, and when there is no number."""

from __future__ import annotations

import pytest

from tests.spec.conftest import Core
from tests.spec.cost_study import CostStudy
from transforms.improvement.settings import CostSettings

EXACT = CostSettings(uncertainty=0.0)
EFFECT = {"estimate_sd": 0.05, "std_error": 0.01, "df": 30.0, "ci_low": 0.03, "ci_high": 0.07}


@pytest.fixture
def study(core: Core) -> CostStudy:
    """Coaching for 60 of two teachers with three students in mathematics, 10 and 30 hours."""
    made = CostStudy(core)
    made.teach({"t1": ["a"], "t2": ["b", "c"]})
    made.activities("A coaching all")
    made.attend("t1 A 2025-02-03 10\nt2 A 2025-02-03 30")
    made.cost("A", "teacher time", 60)
    return made


def test_a_hundredth_costs_what_a_student_costs_over_growth_in_hundredths(study: CostStudy) -> None:
    study.compute(EXACT, [EFFECT])
    # 60 / 3 students = 20; .05 SD are 5 hundredths → 4; 1,000 buy 1,000 × .05 / 20 = 2.5 SD
    assert study.row(
        "cost_effectiveness", "cost_per_student cost_per_001_sd sd_per_1000 design contrast"
    ) == (
        20,
        pytest.approx(4),
        pytest.approx(2.5),
        "adjusted",
        "participated",
    )


def test_an_effect_per_ten_hours_is_taken_at_the_mean_dose_of_students(study: CostStudy) -> None:
    study.compute(EXACT, [{**EFFECT, "contrast": "per_10_hours"}])
    # hours by student: 10, 30, 30 → 70 / 3 = 23.33; .05 × 2.333 = .11667; 20 / 11.667 = 1.714
    columns = "mean_dose_hours effect_sd std_error effect_ci_high cost_per_001_sd"
    found = study.row("cost_effectiveness", columns)
    assert found == pytest.approx((70 / 3, 0.05 * 7 / 3, 0.01 * 7 / 3, 0.07 * 7 / 3, 12 / 7))
    assert "straight line" in study.row("cost_effectiveness", "note")[0]


def test_a_student_of_two_teachers_counts_for_each_by_the_share_taught(study: CostStudy) -> None:
    study.teach({"t3": ["c"]})
    study.compute(EXACT, [{**EFFECT, "contrast": "per_10_hours"}])
    # c has t2 for half: students 1 + 1 + ½; hours (10 + 30 + 15) / 2.5 = 22; 60 / 2.5 = 24
    columns = "n_student_equivalents mean_dose_hours cost_per_student"
    assert study.row("cost_effectiveness", columns) == pytest.approx((2.5, 22, 24))


def test_taking_part_comes_before_ten_hours_and_a_number_before_a_refusal(study: CostStudy) -> None:
    per_ten = {**EFFECT, "contrast": "per_10_hours"}
    refused = {"contrast": "participated", "note": "refused: nobody took part"}
    study.compute(EXACT, [per_ten, EFFECT])
    assert study.row("cost_effectiveness", "contrast") == ("participated",)
    for table in ("estimates", "meta"):
        study.connection.execute(f"drop schema {table} cascade")
    study.compute(EXACT, [per_ten, refused])
    assert study.row("cost_effectiveness", "contrast") == ("per_10_hours",)


def test_only_activities_that_serve_the_subject_are_charged_to_it(study: CostStudy) -> None:
    study.activities("B coaching ela\nC coaching mathematics\nD coaching .")
    study.attend("t1 B 2025-03-03 5\nt1 C 2025-03-03 5\nt1 D 2025-03-03 5")
    for activity, amount in (("B", 1000), ("C", 30), ("D", 30)):
        study.cost(activity, "coach", amount)
    study.compute(EXACT, [EFFECT])
    # A for all, C for mathematics, D without a subject: 120 / 3
    assert study.row("cost_effectiveness", "cost_per_student") == (40,)


def test_the_cost_is_of_all_years_as_the_estimate_is(study: CostStudy) -> None:
    study.teach({"t1": ["a", "x"]}, year=2024)
    study.attend("t1 A 2024-02-05 10")
    study.cost("A", "coach", 140, year=2024)
    study.compute(EXACT, [EFFECT])
    # (60 + 140) / (3 + 2)
    assert study.row("cost_effectiveness", "cost_per_student") == (40,)


def test_hours_without_costs_bring_neither_cost_nor_students(study: CostStudy) -> None:
    study.teach({"t3": ["d", "e"]})
    study.activities("B coaching all")
    study.attend("t3 B 2025-02-03 40")
    study.compute(EXACT, [EFFECT])
    assert study.row("cost_effectiveness", "cost_per_student note") == (
        20,
        "caution: costs are known for 50 % of the hours only",
    )


def test_where_growth_may_be_zero_there_is_a_least_cost_and_no_upper_end(study: CostStudy) -> None:
    study.compute(EXACT, [{**EFFECT, "std_error": 0.05}])
    # q.95 of t(30) is 1.6973: .05 + .0849 = .1349 → at least 20 / 13.49 = 1.483
    low, high, point, note = study.row("cost_effectiveness", "ci_low ci_high cost_per_001_sd note")
    assert low == pytest.approx(20 / (100 * (0.05 + 1.6973 * 0.05)), rel=1e-3)
    assert high is None
    assert point == pytest.approx(4)
    assert note == "growth may be 0: at least ci_low, no finite upper bound"


def test_where_growth_is_below_zero_no_amount_buys_any(study: CostStudy) -> None:
    study.compute(EXACT, [{**EFFECT, "estimate_sd": -0.05}])
    columns = "cost_per_001_sd ci_low ci_high probability_positive note"
    found = study.row("cost_effectiveness", columns)
    assert found[:3] == (None, None, None)
    assert found[3] < 0.001
    assert found[4] == "growth is not above 0, so no amount buys .01 SD"
    assert study.row("cost_effectiveness", "sd_per_1000") == (pytest.approx(-2.5),)


REFUSALS = {
    "no estimate": (
        [{"note": "refused: fewer than 10 teachers with hours"}],
        "not computed: no estimate: fewer than 10 teachers with hours",
    ),
    "struck out": (
        [{**EFFECT, "is_struck_out": True}],
        "not computed: the design is struck out: its intervals missed effects planted into these data",
    ),
    "no students in the subject": (
        [{**EFFECT, "academic_subject": "science"}],
        "not computed: no costs of activities whose teachers have students in the subject",
    ),
    "another type leads": (
        [{**EFFECT, "pd_type": "coaching", "design": "adjusted"}, {**EFFECT, "pd_type": "conference"}],
        "not computed: no costs of activities whose teachers have students in the subject",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_without_a_number_the_row_says_why(study: CostStudy, name: str) -> None:
    effects, reason = REFUSALS[name]
    study.compute(EXACT, effects)
    found = study.rows("cost_effectiveness", "cost_per_001_sd ci_low sd_per_1000 note", "sd_per_1000 is null")
    assert found == [(None, None, None, reason)]


def test_an_activity_that_cost_nothing_has_no_ratio(study: CostStudy) -> None:
    study.connection.execute("update core.pd_cost set amount = 0")
    study.compute(EXACT, [EFFECT])
    note = "not computed: the activities cost nothing, by what the source lists"
    assert study.row("cost_effectiveness", "cost_per_001_sd note") == (None, note)


def test_the_leading_design_is_that_of_the_report(study: CostStudy) -> None:
    matched = {**EFFECT, "design": "matched", "estimate_sd": 0.1}
    study.compute(EXACT, [EFFECT, matched])
    assert study.row("cost_effectiveness", "design effect_sd") == ("matched", 0.1)


def test_few_degrees_of_freedom_are_a_caution(study: CostStudy) -> None:
    study.compute(EXACT, [{**EFFECT, "df": 3.0, "std_error": 0.001}])
    assert study.row("cost_effectiveness", "note") == (
        "caution: fewer than 4 degrees of freedom, the interval is unreliable",
    )


def test_subgroups_are_no_questions_of_their_own(study: CostStudy) -> None:
    study.compute(EXACT, [EFFECT, {**EFFECT, "subgroup": "is_swd=true", "estimate_sd": 0.5}])
    assert study.rows("cost_effectiveness", "effect_sd") == [(0.05,)]


def test_the_same_input_gives_the_same_interval_in_any_order(study: CostStudy) -> None:
    other = {**EFFECT, "academic_subject": "ela"}
    intervals = []
    for effects in ([EFFECT, other], [other, EFFECT]):
        study.compute(CostSettings(), effects)
        intervals.append(
            study.row("cost_effectiveness", "ci_low ci_high", "academic_subject = 'mathematics'")
        )
        for schema in ("estimates", "meta"):
            study.connection.execute(f"drop schema {schema} cascade")
    assert intervals[0] == intervals[1]
