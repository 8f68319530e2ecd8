"""Self-assessments beside peers, the year before and the records, and the steps that rules choose."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.spec.improvement_core import SETTINGS, prepare
from transforms.improvement.connected_learning import compute_connected_learning
from transforms.improvement.next_steps import RULES, RatedPractice, SchoolFacts, When, step_records
from transforms.improvement.observables import OBSERVABLES, Verdict, compare_with_schools
from transforms.improvement.self_assessment import Rating, median_interval, named, result_records
from transforms.selfassessment.instrument import BY_ID

BY_PRACTICE = {row.practice: row for row in OBSERVABLES}
PLANNING = BY_PRACTICE["time_to_collaborate"]  # floor 9 hours
FEEDBACK = BY_PRACTICE["feedback_to_teachers"]  # floor 1 cycle
# quartiles (type 7) at positions 1.75 and 5.25 of 0..7: 11.75 and 15.25
EIGHT = [10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0]


def ratings(text: str) -> list[Rating]:
    """Lines of school, level, year, practice id, rating."""
    rows = [line.split() for line in text.strip().splitlines()]
    return named(Rating(row[0], row[1], int(row[2]), row[3], float(row[4])) for row in rows)


def result_of(records, school: str, year: int = 2025) -> dict[str, object]:
    return next(row for row in records if row["school_id"] == school and row["school_year"] == year)


def test_peers_are_the_other_schools_of_the_level_and_year():
    records = result_records(
        ratings(
            """a elementary 2025 follow_up 4
               b elementary 2025 follow_up 1
               c elementary 2025 follow_up 2
               d elementary 2025 follow_up 3
               e middle 2025 follow_up 4
               a elementary 2024 follow_up 2"""
        )
    )
    own = result_of(records, "a")
    # peers 1, 2, 3: median 2; 4 - 2 = 2; 4 - 2 = 2 since last year; three peers have no interval
    assert (own["n_peers"], own["peer_median"], own["difference"]) == (3, 2.0, 2.0)
    assert (own["rating_before"], own["change"]) == (2.0, 2.0)
    assert own["peer_ci_low"] is None
    assert result_of(records, "e")["peer_median"] is None
    assert result_of(records, "a", 2024)["change"] is None


@pytest.mark.parametrize(
    ("n", "k"),
    # P(B < k) for B(n, 1/2): 1/64 = .0156 at 6, 10/512 = .0195 at 9, 11/1024 = .0107 at 10, .0176 at 15,
    # .0207 at 20, .0192 at 40; with one more it is above .025
    [(6, 1), (8, 1), (9, 2), (10, 2), (15, 4), (20, 6), (40, 14)],
)
def test_the_interval_of_a_median_is_from_the_kth_smallest_to_the_kth_largest(n, k):
    interval = median_interval([float(value) for value in range(1, n + 1)])
    assert interval is not None
    assert (interval.low, interval.high) == (k, n + 1 - k)


def test_five_values_have_no_interval():
    # even from the smallest to the largest: 1 - 2/32 = 93.75 %
    assert median_interval([1.0, 2.0, 3.0, 4.0, 5.0]) is None


def test_the_interval_covers_as_often_as_it_says():
    rng = np.random.default_rng(11)
    values = rng.standard_normal((4000, 12))
    covered = 0
    for row in values:
        interval = median_interval(list(row))
        assert interval is not None
        covered += interval.low <= 0.0 <= interval.high
    # k = 3: 1 - 2 (1 + 12 + 66) / 4096 = .9614; binomial standard error .003, four of them
    assert covered / 4000 == pytest.approx(1 - 2 * 79 / 4096, abs=4 * math.sqrt(0.9614 * 0.0386 / 4000))


def test_an_id_and_another_case_of_a_title_are_the_same_practice_and_others_keep_their_name():
    rows = named(
        [
            Rating("a", None, 2025, "coherent_curriculum", 3.0),
            Rating("b", None, 2025, "COHERENT  Curriculum", 2.0),
            Rating("a", None, 2025, "Morning circle", 1.0),
        ]
    )
    assert sorted((row.school_id, row.practice) for row in rows) == [
        ("a", "Coherent curriculum"),
        ("a", "Morning circle"),
        ("b", "Coherent curriculum"),
    ]


@pytest.mark.parametrize(
    ("rating", "value", "verdict", "is_little"),
    [
        (3, 8.9, Verdict.ABOVE, True),  # below the floor of 9
        (4, 11.7, Verdict.ABOVE, True),  # below the lower quartile of 11.75
        (4, 11.75, Verdict.IN_LINE, False),  # at it
        (2.5, 3.0, Verdict.IN_LINE, True),  # no claim
        (2, 15.3, Verdict.BELOW, False),  # above the upper quartile of 15.25
        (2, 15.25, Verdict.IN_LINE, False),
        (1, 3.0, Verdict.IN_LINE, True),
    ],
)
def test_a_rating_beside_a_record(rating, value, verdict, is_little):
    compared = compare_with_schools(rating, value, 20, EIGHT, [], PLANNING)
    assert (compared.verdict, compared.is_little) == (verdict, is_little)
    assert (compared.lower_quartile, compared.upper_quartile, compared.n_schools) == (11.75, 15.25, 8)


def test_quartiles_are_numpys():
    values = [3.0, 1.0, 4.0, 1.5, 9.0, 2.6, 5.3, 5.8, 9.7]
    compared = compare_with_schools(2, 5.0, 20, values, [], PLANNING)
    expected = np.quantile(values, [0.25, 0.75])
    assert (compared.lower_quartile, compared.upper_quartile) == pytest.approx(tuple(expected))


def test_much_is_never_below_the_floor():
    # in the top quarter of schools that all plan little: a low rating is right
    few = [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 5.0]
    assert compare_with_schools(1, 5.0, 20, few, [], PLANNING).verdict is Verdict.IN_LINE


def test_with_fewer_than_8_schools_of_a_level_all_schools_are_compared_and_then_the_floor_alone():
    seven = EIGHT[:7]
    assert compare_with_schools(4, 11.0, 20, seven, EIGHT, PLANNING).n_schools == 8
    alone = compare_with_schools(4, 11.0, 20, seven, seven, PLANNING)
    assert (alone.verdict, alone.n_schools, alone.lower_quartile) == (Verdict.IN_LINE, 0, None)
    assert compare_with_schools(4, 8.0, 20, seven, seven, PLANNING).verdict is Verdict.ABOVE


def test_nothing_on_record_and_few_people_are_not_compared():
    assert compare_with_schools(4, None, None, EIGHT, EIGHT, PLANNING).verdict is Verdict.NOT_COMPARABLE
    few = compare_with_schools(4, 1.0, 4, EIGHT, EIGHT, PLANNING)
    assert few.verdict is Verdict.NOT_COMPARABLE
    assert "1" not in few.note


def test_the_note_tells_value_and_limit_apart():
    compared = compare_with_schools(3, 10.02, 20, [10.04] * 8, [], PLANNING)
    assert compared.note == (
        "rated 3; on record 10.02 collaborative planning hours a teacher, in the bottom quarter of schools"
        " (below 10.04)"
    )
    below = compare_with_schools(4, 3.0, 20, EIGHT, [], PLANNING)
    assert below.note.startswith("rated 4; on record 3 collaborative planning hours a teacher, below 9 (")


# --- steps ---------------------------------------------------------------------------------------------


def facts(*practices: RatedPractice, **more) -> SchoolFacts:
    return SchoolFacts("north", practices, **{"concerns": {}, "is_expected_to_rate": True, **more})


def rules_of(records) -> list[str]:
    return [str(row["rule"]) for row in records]


def test_a_school_that_did_not_rate_itself_is_asked_to_where_others_did():
    assert rules_of(step_records(facts(), 2025)) == ["not_rated"]
    assert step_records(facts(is_expected_to_rate=False), 2025) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_is_chosen_where_its_condition_alone_holds(rule):
    about = rule.about or "follow_up"
    school = {
        When.NOT_RATED: facts(),
        When.CONCERN: facts(concerns={about: "61% of hours"}, is_expected_to_rate=False),
        When.RATED_ABOVE: facts(RatedPractice(about, 3, ("rated_above_records",), True, ("why",))),
        When.LOW_AND_LITTLE: facts(RatedPractice(about, 2, ("in_line",), True, ("why",))),
        When.RATED_BELOW: facts(RatedPractice(about, 2, ("rated_below_records",), False, ("why",))),
        When.LOW: facts(RatedPractice(about, 2)),
        When.FELL: facts(RatedPractice(about, 3, change=-1.0, rating_before=4.0)),
        When.BEHIND_PEERS: facts(RatedPractice(about, 3, difference=-1.0, peer_median=4.0)),
    }[rule.when]
    (record,) = step_records(school, 2025)
    assert (record["rule"], record["step"], record["priority"]) == (rule.name, rule.step, 1)
    assert record["reason"]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.about in BY_ID], ids=lambda rule: rule.name)
def test_no_rule_of_a_practice_is_chosen_where_all_is_well(rule):
    well = RatedPractice(rule.about, 3, ("in_line",), False, ("why",), 0.0, 3.0, 0.0, 3.0)
    assert step_records(facts(well), 2025) == []


def test_three_steps_at_most_by_priority_one_a_practice():
    records = step_records(
        facts(
            RatedPractice("use_of_evidence", 1),
            RatedPractice("time_to_collaborate", 4, ("rated_above_records",), True, ("3 hours",), -1.0, 5.0),
            RatedPractice("shared_leadership", 2),
            RatedPractice("partnership_with_families", 2),
            concerns={"one_off_hours_share": "61% of hours"},
        ),
        2025,
    )
    # 1 a concern, 2 a claim (not again for having fallen), 5 low: evidence stands first in the table
    assert rules_of(records) == ["one_off_hours", "collaboration_claimed", "evidence_start"]
    assert [row["priority"] for row in records] == [1, 2, 3]
    assert records[1]["reason"] == "3 hours"


def test_a_rule_of_any_practice_takes_the_lowest_rating_and_only_that():
    records = step_records(
        facts(
            RatedPractice("follow_up", 3, difference=-1.0, peer_median=4.0),
            RatedPractice("time_for_learning", 2.5, difference=-1.5, peer_median=4.0),
        ),
        2025,
    )
    assert [(row["rule"], row["practice"]) for row in records] == [
        ("behind_peers", "Time for professional learning")
    ]
    assert records[0]["reason"] == "rated 2.5; median of schools of the same level 4"


# --- the whole part ------------------------------------------------------------------------------------


def test_a_rating_meets_its_record_and_becomes_a_step(core):
    teachers = [f"t{number}" for number in range(5)]
    core.add("school", "school_id school_name school_level\nnorth North elementary")
    core.add(
        "staff_assignment",
        "staff_id school_id school_year role\n"
        + "\n".join(f"{name} north 2025 teacher" for name in teachers),
    )
    core.add("pd_activity", "pd_activity_id title pd_type\nA Circle collaborative_planning")
    core.add(
        "pd_participation",
        "staff_id pd_activity_id participation_date hours attendance_status\n"
        + "\n".join(f"{name} A 2024-10-01 3 attended" for name in teachers),
    )
    core.connection.execute(
        "insert into core.self_assessment (school_id, school_year, practice, rating) values"
        " ('north', 2025, 'Time to collaborate', 4), ('north', 2025, 'Use of evidence', 2)"
    )
    prepare(core, absent=["survey"])
    compute_connected_learning(core.connection, SETTINGS)
    # 5 x 3 hours by 5 teachers: 3 hours, below the floor of 9
    assert core.rows("estimates.self_assessment_check", "practice indicator value verdict") == [
        ("Time to collaborate", "collaborative_planning_hours", 3.0, "rated_above_records")
    ]
    assert core.rows("estimates.next_step", "priority rule practice") == [
        (1, "collaboration_claimed", "Time to collaborate"),
        (2, "evidence_start", "Use of evidence"),
    ]


def test_a_school_of_few_teachers_is_not_held_against_its_records(core):
    core.add("staff_assignment", "staff_id school_id school_year role\nann north 2025 teacher")
    core.add("pd_activity", "pd_activity_id title pd_type\nA Circle collaborative_planning")
    core.add(
        "pd_participation",
        "staff_id pd_activity_id participation_date hours attendance_status\nann A 2024-10-01 3 attended",
    )
    core.connection.execute(
        "insert into core.self_assessment (school_id, school_year, practice, rating)"
        " values ('north', 2025, 'Time to collaborate', 4)"
    )
    prepare(core)
    compute_connected_learning(core.connection, SETTINGS)
    core.build("report.self_assessment_check")
    assert core.rows("report.self_assessment_check", "verdict value note is_suppressed") == [
        ("not_comparable", None, "of too few people to be shown", True)
    ]
    assert core.rows("estimates.next_step", "rule") == []


def test_without_self_assessments_there_is_nothing_and_no_error(core):
    prepare(core, absent=["self_assessment"])
    compute_connected_learning(core.connection, SETTINGS)
    for table in ("self_assessment_result", "self_assessment_check", "next_step"):
        assert core.connection.table(f"estimates.{table}").fetchall() == []


def test_levels_of_a_practice_are_counted_by_the_nearest_whole_rating(core):
    core.connection.execute(
        "insert into core.self_assessment (school_id, school_year, practice, rating) values"
        " ('a', 2025, 'follow_up', 1), ('b', 2025, 'follow_up', 2.5), ('c', 2025, 'follow_up', 4)"
    )
    prepare(core)
    compute_connected_learning(core.connection, SETTINGS)
    core.build("report.self_assessment_practice")
    columns = "practice n_schools n_level_1 n_level_2 n_level_3 n_level_4 median_rating"
    assert core.rows("report.self_assessment_practice", columns) == [
        ("Follow-up and evaluation", 3, 1, 0, 1, 1, 2.5)
    ]
