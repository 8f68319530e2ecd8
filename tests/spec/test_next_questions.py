"""What to find out next: the order of questions, the unit of their worth, and how to answer them."""

from __future__ import annotations

import pytest

from tests.spec.loop_tables import Loop
from transforms.designs.power import Plan, teachers_needed
from transforms.improvement.measures import Value
from transforms.improvement.next_questions import MONEY_UNIT, SD_UNIT, next_questions
from transforms.improvement.posterior import Posterior, perfect_information, sample_information
from transforms.improvement.type_evidence import TypeEvidence
from transforms.improvement.type_measures import Price, TypeFacts

NO_PRICE = Price(None, "not known: no costs")


def facts(pd_type: str, sd: float | None, se: float = 0.01, cost: float | None = None) -> TypeFacts:
    mean = None if sd is None else Posterior(sd, se, 30.0)
    evidence = TypeEvidence(pd_type, "" if mean else "4 schools", design="adjusted", mean=mean)
    return TypeFacts(pd_type, evidence, {}, {"cost_per_student": Value(cost, "" if cost else "no cost")})


def test_the_question_whose_uncertainty_costs_most_comes_first() -> None:
    found = next_questions(
        [facts("sure", 0.20), facts("unsure", 0.02), facts("unsure_few", 0.02)],
        NO_PRICE,
        {"sure": 1_000, "unsure": 1_000, "unsure_few": 100},
        [],
        0.02,
    )
    assert [(row["rank"], row["pd_type"]) for row in found] == [(1, "unsure"), (2, "unsure_few"), (3, "sure")]


def test_worth_in_sd_times_students_without_costs() -> None:
    [row] = next_questions([facts("coaching", 0.03)], NO_PRICE, {"coaching": 500}, [], 0.02)
    # worth it above .02 SD: net benefit .01 with an error of .01
    each = perfect_information(Posterior(0.01, 0.01, 30.0))
    assert row["unit"] == SD_UNIT
    assert row["value_per_student"] == pytest.approx(each)
    assert row["value_of_information"] == pytest.approx(500 * (each or 0))
    assert row["note"] == "in SD, for what .01 SD is worth is not known: no costs"


def test_worth_in_money_where_every_type_has_a_cost() -> None:
    price = Price(8.0, "set in study.toml")
    [row] = next_questions([facts("coaching", 0.03, cost=16.0)], price, {"coaching": 500}, [], 0.02)
    # an SD is worth 800; 16 a student: worth it above 16 / 800 = .02 SD; net benefit 24 - 16 = 8, error 8
    assert row["unit"] == MONEY_UNIT
    assert row["break_even_sd"] == pytest.approx(0.02)
    each = perfect_information(Posterior(8.0, 8.0, 30.0)) or 0
    assert row["value_of_information"] == pytest.approx(500 * each)


def test_one_type_without_a_cost_puts_all_in_sd_so_that_they_can_be_compared() -> None:
    price = Price(8.0, "set in study.toml")
    found = next_questions([facts("a", 0.03, cost=16.0), facts("b", 0.03)], price, {"a": 5, "b": 5}, [], 0.02)
    assert {row["unit"] for row in found} == {SD_UNIT}
    assert found[0]["note"] == "in SD, for the cost of b is not known"


def test_a_type_without_an_estimate_has_no_rank_and_says_why() -> None:
    found = next_questions([facts("a", None), facts("b", 0.03)], NO_PRICE, {"a": 9_999, "b": 5}, [], 0.02)
    assert [(row["pd_type"], row["rank"]) for row in found] == [("b", 1), ("a", None)]
    assert found[1]["note"] == "no estimate: 4 schools"
    assert found[1]["value_of_information"] is None


def test_without_links_worth_is_of_one_student() -> None:
    [row] = next_questions([facts("a", 0.03)], NO_PRICE, {}, [], 0.02)
    assert (row["rank"], row["value_of_information"]) == (1, None)
    assert str(row["note"]).startswith("for one student only")


def plan(subject: str, smallest: float, error: float) -> Plan:
    return Plan("a", subject, 0.02, n_teachers=400, smallest_sd=smallest, next_std_error=error)


def test_teachers_needed_are_those_of_the_subject_that_needs_most() -> None:
    plans = [plan("ela", 0.05, 0.02), plan("mathematics", 0.06, 0.03)]
    [row] = next_questions([facts("a", 0.10)], NO_PRICE, {"a": 100}, plans, 0.02)
    # half of 400 find .06: f tau m² = .06² x 400 / 4; for .10 n (400 - n) / 400 >= .36 x 100 = 36
    # n = (400 - sqrt(160000 - 57600)) / 2 = 40
    assert row["teachers_needed"] == teachers_needed(400, 36.0) == 40
    assert row["effect_to_find_sd"] == pytest.approx(0.10)
    # next year's error: the mean of .02 and .03
    expected = sample_information(Posterior(0.08, 0.01, 30.0), 0.025)
    assert row["value_of_next_year"] == pytest.approx(100 * (expected or 0))


def test_a_difference_that_no_single_year_finds_is_said() -> None:
    [row] = next_questions([facts("a", 0.02)], NO_PRICE, {"a": 100}, [plan("ela", 0.05, 0.02)], 0.02)
    assert row["teachers_needed"] is None
    assert "even half of the teachers show no difference below 0.050 SD" in str(row["best_design"])


def test_students_at_stake_are_those_none_of_whose_teachers_took_part() -> None:
    loop = Loop()
    loop.teachers(4, "coaching", 2)
    loop.effect("coaching", "ela", 0.03, 0.01)
    loop.effect("conference", "ela", 0.03, 0.01)
    links = {"s1": ("t0",), "s2": ("t0", "t3"), "s3": ("t3",), "s4": ("t2", "t3"), "s5": ("t1",)}
    loop.add(
        "frames.student_teacher_link",
        *(
            {"student_id": student, "staff_id": teacher, "school_year": 2025}
            for student, teachers in links.items()
            for teacher in teachers
        ),
    )
    loop.compute()
    # t0 and t1 took part: s3 and s4 have neither; nobody went to a conference: all five
    assert loop.rows("estimates.next_question", "pd_type n_students") == [("coaching", 2), ("conference", 5)]
