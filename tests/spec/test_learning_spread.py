"""How practices spread over schools, and who is whose neighbour: rows in, the rule's result."""

from __future__ import annotations

import numpy as np
import pytest

from tests.spec.learning_core import attend, compute, prepare
from transforms.improvement.adoption import Half, SchoolYear, half_reached
from transforms.improvement.adoption_spread import adoption_spread
from transforms.improvement.neighbours import Tie, risk_years, score_statistics, shuffles

ADOPTION = "estimates.school_adoption"
NETWORK = "estimates.school_network"


def staff(core, *lines: str) -> None:
    """Add assignments: staff, school, year, role."""
    core.add("staff_assignment", "\n".join(["staff_id school_id school_year role", *lines]))


def activities(core) -> None:
    core.add(
        "pd_activity",
        "pd_activity_id title pd_type\nC Coaching coaching\nD Coaching coaching\nT Talk conference",
    )


@pytest.fixture
def four_teachers(core):
    """Four teachers at North in 2024 and 2025; nobody has hours yet."""
    staff(core, *(f"{name} north {year} teacher" for name in ("a", "b", "c", "d") for year in (2024, 2025)))
    activities(core)
    return core


def test_a_school_takes_a_type_up_when_a_quarter_of_its_teachers_have_six_hours(four_teachers):
    attend(four_teachers, "a C . 2023-10-01 5.5", "a C . 2024-10-01 4", "a D . 2024-11-01 2")
    prepare(four_teachers)
    compute(four_teachers)
    names = "school_year n_teachers n_reached share_reached is_practising adoption_year is_left_censored"
    # 5.5 hours are too few; 4 + 2 in two activities of the type are enough: 1 of 4 teachers
    assert four_teachers.rows(ADOPTION, names) == [
        (2024, 4, 0, 0.0, False, 2025, False),
        (2025, 4, 1, 0.25, True, 2025, False),
    ]
    assert four_teachers.rows("estimates.adoption", "school_year n_schools n_adopted share n_new") == [
        (2024, 1, 0, 0.0, 0),
        (2025, 1, 1, 1.0, 1),
    ]


def test_a_type_taken_up_in_the_first_year_on_record_may_be_older(four_teachers):
    attend(four_teachers, "a C . 2023-10-01 6", "b T . 2024-10-01 1")
    prepare(four_teachers)
    compute(four_teachers)
    rows = four_teachers.rows(ADOPTION, "pd_type school_year is_practising adoption_year is_left_censored")
    # taken up in 2024, not lived in 2025, still taken up
    assert [row for row in rows if row[0] == "coaching"] == [
        ("coaching", 2024, True, 2024, True),
        ("coaching", 2025, False, 2024, True),
    ]
    ((status, n_adopted, n_left_censored),) = [
        row[1:]
        for row in four_teachers.rows(
            "estimates.adoption_spread", "pd_type half_status n_adopted n_left_censored"
        )
        if row[0] == "coaching"
    ]
    assert (status, n_adopted, n_left_censored) == ("before_first_year", 1, 1)


def test_years_without_any_pd_on_record_are_no_years_without_adoption(four_teachers):
    attend(four_teachers, "a C . 2024-10-01 6")
    prepare(four_teachers)
    compute(four_teachers)
    # hours begin in 2025: what happened in 2024 nobody knows
    assert four_teachers.rows(ADOPTION, "school_year is_left_censored") == [(2025, True)]


def test_hours_of_those_who_do_not_teach_reach_no_teacher(core):
    staff(core, "a north 2025 teacher", "p north 2025 principal")
    activities(core)
    attend(core, "p C . 2024-10-01 20", "a C . 2024-10-01 1")
    prepare(core)
    compute(core)
    assert core.rows(ADOPTION, "n_teachers n_reached is_practising") == [(1, 0, False)]
    assert core.rows("estimates.adoption_spread", "is_connected median_hours") == [(True, 1.0)]


@pytest.mark.parametrize(
    ("shares", "half"),
    [
        # from .25 to .75 half is reached midway
        ([(2020, 0.25), (2021, 0.75)], Half("reached", 2020.5)),
        ([(2020, 0.25), (2021, 0.5)], Half("reached", 2021.0)),
        # two years from .2 to .6: .3/.4 of two years
        ([(2020, 0.2), (2022, 0.6)], Half("reached", 2021.5)),
        ([(2020, 0.5), (2021, 0.6)], Half("before_first_year")),
        ([(2020, 0.1), (2021, 0.49)], Half("not_reached")),
        ([], Half("not_reached")),
    ],
)
def test_half_of_the_schools_is_reached_between_years(shares, half):
    found = half_reached(shares)
    assert found.status == half.status
    assert found.year == (None if half.year is None else pytest.approx(half.year))


def leaders(core, n: int) -> list[str]:
    """``n`` principals of as many schools in 2025."""
    staff(core, *(f"p{i} s{i} 2025 principal" for i in range(n)))
    activities(core)
    core.add("pd_session", "pd_session_id pd_activity_id session_date\nS1 C 2024-10-01\nS2 C 2024-11-01")
    return [f"p{i}" for i in range(n)]


def test_leaders_in_a_small_session_tie_their_schools_both_ways(core):
    for person in leaders(core, 2):
        attend(core, f"{person} C S1 . 2", f"{person} C S2 . 2")
    prepare(core)
    compute(core)
    names = "school_id neighbour_school_id school_year kind pd_type n_ties"
    assert core.rows(NETWORK, names) == [
        ("s0", "s1", 2025, "joint_pd", "coaching", 2),
        ("s1", "s0", 2025, "joint_pd", "coaching", 2),
    ]


@pytest.mark.parametrize(("n", "n_ties"), [(8, 8 * 7), (9, 0)])
def test_a_session_of_more_than_eight_leaders_ties_nobody(core, n, n_ties):
    for person in leaders(core, n):
        attend(core, f"{person} C S1 . 2")
    prepare(core)
    compute(core)
    assert len(core.rows(NETWORK, "school_id")) == n_ties


def test_teachers_who_lead_nothing_tie_no_schools(core):
    staff(core, "a s0 2025 teacher", "b s1 2025 teacher")
    activities(core)
    attend(core, "a C . 2024-10-01 2", "b C . 2024-10-01 2")
    prepare(core)
    compute(core)
    assert core.rows(NETWORK, "school_id") == []


def test_a_cohort_in_training_ties_its_schools(core):
    staff(core, "a s0 2025 teacher", "b s1 2025 teacher", "c s2 2025 teacher")
    core.add(
        "leadership_event",
        """staff_id pathway_level stage event_date
           a school in_training 2024-09-01
           b school in_training 2025-03-01
           c classroom in_training 2024-09-01""",
    )
    prepare(core)
    compute(core)
    rows = core.rows(NETWORK, "school_id neighbour_school_id kind pd_type")
    # c is on another level
    assert rows == [("s0", "s1", "cohort", None), ("s1", "s0", "cohort", None)]


def test_a_leader_of_two_schools_at_once_or_one_after_the_other_ties_them(core):
    staff(
        core,
        "a s0 2023 principal",
        "a s1 2025 principal",
        "b s2 2025 instructional_coach",
        "b s3 2025 instructional_coach",
        "t s0 2024 teacher",
        "t s3 2025 principal",
    )
    prepare(core)
    compute(core)
    rows = core.rows(NETWORK, "school_id neighbour_school_id school_year kind")
    # a led s0 last before s1, b both at once; t led nothing before s3
    assert rows == [
        ("s0", "s1", 2025, "shared_leader"),
        ("s1", "s0", 2025, "shared_leader"),
        ("s2", "s3", 2025, "shared_leader"),
        ("s3", "s2", 2025, "shared_leader"),
    ]


def years_of(adoption: dict[str, int | None], years: range) -> list[SchoolYear]:
    return [
        SchoolYear(school, year, when, None if when is None else when == years[0])
        for school, when in sorted(adoption.items())
        for year in years
    ]


def test_exposure_is_the_share_of_last_years_neighbours_that_had_it_then():
    rows = years_of({"a": 2020, "b": 2021, "c": None, "d": 2021}, range(2020, 2023))
    ties = [Tie("b", "a", 2020), Tie("b", "c", 2020), Tie("c", "b", 2021), Tie("c", "d", 2020)]
    first, second = risk_years("coaching", rows, ties, ["a", "b", "c", "d"])
    # 2021: b has a (yes) and c (no), c has d (no), d nobody; a is out, it had it from the start
    assert first.at_risk.tolist() == [1, 2, 3]
    assert first.exposure.tolist() == [0.5, 0.0, 0.0]
    assert first.is_event.tolist() == [1.0, 0.0, 1.0]
    # 2022: only c is left, tied to b, which has it since 2021
    assert (second.at_risk.tolist(), second.exposure.tolist()) == ([2], [1.0])


def test_meetings_of_the_type_itself_are_no_ties():
    rows = years_of({"a": 2020, "b": 2021, "c": None}, range(2020, 2022))
    ties = [Tie("b", "a", 2020, "coaching"), Tie("c", "a", 2020, "conference")]
    (year,) = risk_years("coaching", rows, ties, ["a", "b", "c"])
    assert year.exposure.tolist() == [0.0, 1.0]


def test_a_school_is_at_risk_only_after_its_first_year_on_record():
    rows = [
        SchoolYear("a", 2020, None, None),
        SchoolYear("a", 2021, None, None),
        SchoolYear("new", 2021, 2021, True),
    ]
    (year,) = risk_years("coaching", rows, [], ["a", "new"])
    assert year.at_risk.tolist() == [0]


def test_shuffles_stay_within_school_levels():
    shuffled = shuffles(np.random.default_rng(1), np.array([0, 1, 0, 1, 1]), 50)
    assert shuffled.shape == (5, 50)
    assert set(shuffled[[0, 2]].ravel()) == {0, 2}
    assert (np.sort(shuffled, axis=0) == np.arange(5)[:, None]).all()
    assert len({tuple(column) for column in shuffled.T}) > 5


def test_a_shuffled_network_is_the_network_with_names_exchanged():
    rows = years_of({"a": 2020, "b": 2021, "c": None, "d": None}, range(2020, 2022))
    ties = [Tie("b", "a", 2020), Tie("c", "d", 2020)]
    exchange = {"a": "d", "b": "c", "c": "b", "d": "a"}
    # a stands where d stood and so on: i takes the ties of exchange[i]
    renamed = [Tie(exchange[tie.school_id], exchange[tie.neighbour_school_id], 2020) for tie in ties]
    shuffled = score_statistics(
        risk_years("coaching", rows, ties, list("abcd")), np.array([[3], [2], [1], [0]])
    )
    direct = score_statistics(risk_years("coaching", rows, renamed, list("abcd")), np.arange(4)[:, None])
    assert shuffled == pytest.approx(direct)


@pytest.mark.parametrize(
    ("n_adopting", "n_never", "reason"),
    [
        (9, 20, "refused: 9 times a school took it up and 20 times one did not, in years with both"),
        (20, 9, "refused: 20 times a school took it up and 9 times one did not, in years with both"),
    ],
)
def test_too_few_adoptions_are_refused_by_name(n_adopting, n_never, reason):
    adoption = {"first": 2020}
    adoption |= {f"y{i}": 2021 for i in range(n_adopting)} | {f"n{i}": None for i in range(n_never)}
    (row,) = adoption_spread(
        {"coaching": years_of(adoption, range(2020, 2022))}, [Tie("y0", "first", 2020)], {}, 1
    )
    assert str(row["note"]).startswith(reason)
    assert "p_value" not in row


def test_schools_without_ties_are_refused_by_name():
    rows = years_of({"a": 2020, "b": 2021, "c": None}, range(2020, 2022))
    (row,) = adoption_spread({"coaching": rows}, [], {}, 1)
    assert row["note"] == "refused: no ties between schools on record"


def test_equal_neighbours_are_refused_by_name():
    adoption = {f"y{i}": 2021 for i in range(12)} | {f"n{i}": None for i in range(12)}
    rows = years_of(adoption, range(2020, 2022))
    (row,) = adoption_spread({"coaching": rows}, [Tie("y0", "n0", 2020)], {}, 1)
    # nobody had it in 2020
    assert row["note"] == "refused: all schools at risk have the same share of neighbours with it"


def test_without_assignments_the_network_names_what_is_missing(core):
    activities(core)
    core.add("section", "section_id school_id school_year academic_subject\ne1 north 2025 ela")
    core.add("section_staff", "section_id staff_id begin_date\ne1 tom 2024-08-15")
    core.add("section_student", "section_id student_id begin_date\ne1 ann 2024-08-15")
    attend(core, "tom C . 2024-10-01 8")
    prepare(core, absent=["staff_assignment"])
    compute(core)
    rows = core.rows("estimates.adoption_spread", "pd_type n_adopted note")
    assert rows == [("coaching", 1, "not available: no staff_assignment source")]


def test_schools_of_few_teachers_are_hidden(core):
    staff(
        core, *(f"t{i} north 2025 teacher" for i in range(5)), *(f"u{i} south 2025 teacher" for i in range(4))
    )
    activities(core)
    attend(core, *(f"{name}{i} C . 2024-10-01 8" for name in "tu" for i in range(3)))
    prepare(core)
    compute(core)
    rows = core.frame("report.school_adoption", "school_id adoption_year is_suppressed")
    assert rows == [("north", 2025, False), ("south", None, True)]


def test_share_of_schools_is_an_indicator_with_the_year_before(four_teachers):
    attend(four_teachers, "a T . 2023-10-01 6", "a C . 2024-10-01 6")
    prepare(four_teachers)
    compute(four_teachers)
    rows = four_teachers.rows(
        "estimates.indicator", "indicator category school_year value numerator denominator comparison_value"
    )
    assert [row[1:] for row in rows if row[0] == "schools_reached"] == [
        ("coaching", 2024, 0.0, 0.0, 1.0, None),
        ("coaching", 2025, 1.0, 1.0, 1.0, 0.0),
        ("conference", 2024, 1.0, 1.0, 1.0, None),
        ("conference", 2025, 1.0, 1.0, 1.0, 1.0),
    ]
