"""The indicators of connected professional learning: rows in, the value with its arithmetic."""

from __future__ import annotations

import pytest

from tests.spec.improvement_core import SETTINGS, prepare
from transforms.improvement.connected_indicators import INDICATORS, RULES, fill_connected_indicators

PLACE = "school_id value numerator denominator n_persons"


@pytest.fixture
def hours(core):
    """Ann, Bob and Eve teach at North, Pat leads it, Cyd has no school."""
    core.add("school", "school_id school_name school_level\nnorth North elementary")
    core.add(
        "pd_activity",
        """pd_activity_id title pd_type is_curriculum_linked
           A Coaching coaching true
           B Talk conference false
           C Circle collaborative_planning .
           D Day workshop_single .""",
    )
    core.add(
        "staff_assignment",
        """staff_id school_id school_year role
           ann north 2025 teacher
           bob north 2025 teacher
           eve north 2025 teacher
           pat north 2025 principal""",
    )
    core.add(
        "pd_participation",
        """staff_id pd_activity_id participation_date hours attendance_status
           ann A 2024-10-01 2 attended
           ann A 2024-11-15 4 attended
           ann B 2024-10-02 3 attended
           bob C 2024-10-03 1 attended
           pat C 2024-10-03 2 attended
           bob D 2024-10-04 9 absent
           cyd D 2024-10-04 8 attended""",
    )
    return core


def filled(core, name: str, columns: str) -> list[tuple]:
    """Fill all indicators anew; the rows of one."""
    for table in ("indicator", "indicator_definition"):
        core.connection.execute(f"delete from estimates.{table}")
    fill_connected_indicators(core.connection, SETTINGS)
    relation = core.connection.execute(
        f"select {', '.join(columns.split())} from estimates.indicator where indicator = ?"
        " order by school_year, school_id nulls last, category",
        [name],
    )
    return relation.fetchall()


def test_one_off_hours_are_those_in_types_that_are_not_connected(hours):
    prepare(hours)
    # North: conference 3 of 6 + 3 + 1 + 2 hours; district: 3 + 8 of 20. Absence carries no hours.
    assert filled(hours, "one_off_hours_share", PLACE) == [
        ("north", 0.25, 3.0, 12.0, 3),
        (None, 0.55, 11.0, 20.0, 4),
    ]


def test_connected_hours_are_the_rest(hours):
    prepare(hours)
    assert filled(hours, "connected_hours_share", PLACE) == [
        ("north", 0.75, 9.0, 12.0, 3),
        (None, 0.45, 9.0, 20.0, 4),
    ]


def test_status_follows_the_printed_rule(hours):
    prepare(hours)
    # strength: 25% or less; concern: more than 50%
    rows = filled(hours, "one_off_hours_share", "school_id status")
    assert rows == [("north", "strength"), (None, "concern")]


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("one_off_hours_share", 0.25, "strength"),
        ("one_off_hours_share", 0.5, "typical"),
        ("one_off_hours_share", 0.51, "concern"),
        ("feedback_cycles", 2.0, "strength"),
        ("feedback_cycles", 1.0, "typical"),
        ("feedback_cycles", 0.99, "concern"),
        ("feedback_in_time", 0.5, "typical"),
        ("feedback_in_time", 0.49, "concern"),
    ],
)
def test_ends_of_a_rule(name, value, status):
    assert RULES[name].status(value) == status


def test_definitions_print_the_rule_word_for_word():
    rules = {indicator.name: indicator.rule for indicator in INDICATORS if indicator.rule}
    assert rules["one_off_hours_share"] == "strength: 25% or less; concern: more than 50%; typical between"
    assert rules["feedback_cycles"] == "strength: 2 or more; concern: less than 1; typical between"
    assert rules.keys() == RULES.keys()


def test_hours_per_teacher_count_teachers_with_none_and_nobody_but_teachers(hours):
    prepare(hours)
    # Ann 6 hours of coaching; Bob 1 of planning; Eve none; the principal's 2 hours do not count: 7 / 3
    assert filled(hours, "connected_hours", PLACE) == [
        ("north", pytest.approx(7 / 3), 7.0, 3.0, 3),
        (None, pytest.approx(7 / 3), 7.0, 3.0, 3),
    ]
    # Bob's hour by three teachers
    assert filled(hours, "collaborative_planning_hours", "value")[0] == (pytest.approx(1 / 3),)
    # Ann's 6 hours by three teachers
    assert filled(hours, "feedback_hours", "value")[0] == (2.0,)


def test_curriculum_linked_is_what_the_catalogue_marks_or_the_type_says(hours):
    hours.add("pd_activity", "pd_activity_id title pd_type\nE Units curriculum_based")
    hours.add(
        "pd_participation",
        "staff_id pd_activity_id participation_date hours attendance_status\neve E 2024-12-01 3 attended",
    )
    prepare(hours)
    # 6 marked + 3 of the type, by three teachers
    assert filled(hours, "curriculum_linked_hours", "value numerator")[0] == (3.0, 9.0)


def test_a_year_without_any_hours_on_record_has_no_hours_per_teacher(hours):
    hours.add("staff_assignment", "staff_id school_id school_year role\nann north 2024 teacher")
    prepare(hours)
    assert {year for (year,) in filled(hours, "connected_hours", "school_year")} == {2025}


def test_money_of_a_school_is_its_part_of_the_hours_of_each_activity(hours):
    hours.add(
        "pd_cost",
        """pd_activity_id ingredient school_year amount
           A coach 2025 600
           B fees 2025 300
           D room 2025 100
           C none 2024 5""",
    )
    prepare(hours)
    rows = filled(hours, "one_off_money_share", "school_id school_year value numerator denominator")
    # North: all of A and B, none of D (Cyd has no school): 300 of 900. District 2025: 400 of 1,000;
    # 2024: 5 for planning that nobody attended that year, none of it one-off
    assert rows == [
        (None, 2024, 0.0, 0.0, 5.0),
        ("north", 2025, pytest.approx(1 / 3), 300.0, 900.0),
        (None, 2025, 0.4, 400.0, 1000.0),
    ]


def test_an_activity_of_two_schools_is_shared_by_hours(hours):
    hours.add("staff_assignment", "staff_id school_id school_year role\ncyd south 2025 teacher")
    hours.add(
        "pd_participation",
        "staff_id pd_activity_id participation_date hours attendance_status\nann D 2024-12-01 2 attended",
    )
    hours.add("pd_cost", "pd_activity_id ingredient school_year amount\nD room 2025 100\nA coach 2025 80")
    prepare(hours)
    rows = filled(hours, "one_off_money_share", "school_id numerator denominator")
    # 2 of 10 hours of D at North: 20 of 20 + 80; 8 of 10 at South: 80 of 80
    assert rows == [("north", 20.0, 100.0), ("south", 80.0, 80.0), (None, 100.0, 180.0)]


def test_sustained_is_from_first_to_last_attended_day_and_by_hours_of_the_year(hours):
    hours.add(
        "pd_participation",
        """staff_id pd_activity_id participation_date hours attendance_status
           eve A 2024-09-01 7 attended
           eve A 2024-10-01 7 attended""",
    )
    prepare(hours)
    # 2024-10-01 to 11-15 is 45 days, 09-01 to 10-01 is 30; the others have one day: 2 of 6, 2 of 5 at North
    assert filled(hours, "sustained_days", "school_id value numerator denominator") == [
        ("north", 0.4, 2.0, 5.0),
        (None, pytest.approx(1 / 3), 2.0, 6.0),
    ]
    # Eve's 14 hours alone
    assert filled(hours, "sustained_hours", "school_id numerator denominator") == [
        ("north", 1.0, 5.0),
        (None, 1.0, 6.0),
    ]


OBSERVATIONS = """observation_id staff_id observation_date rubric domain rating feedback_date purpose
    o1 ann 2024-10-01 R plan 2 2024-10-15 growth
    o1 ann 2024-10-01 R teach 2 2024-10-20 growth
    o2 ann 2025-02-01 R plan 2 2025-02-16 evaluation
    o3 bob 2024-10-01 R plan 3 . growth
    o4 bob 2025-02-01 R plan 3 2025-01-01 growth
    o5 pat 2025-02-01 R plan 3 2025-02-02 growth
    o6 bob 2025-05-25 R plan 3 2025-05-26 .
    o7 ann 2025-06-01 R plan 3 . growth"""


@pytest.fixture
def observed(hours):
    """Ann: fed back on day 14 (first domain), day 15, never yet; Bob: never, before it was seen, day 1."""
    hours.add("observation", OBSERVATIONS)
    prepare(hours)
    return hours


def test_feedback_cycles_are_observations_with_feedback_on_day_14_at_latest_by_all_teachers(observed):
    rows = filled(observed, "feedback_cycles", "school_id category value numerator denominator")
    # o1 (day 14) and o6 (day 1), by Ann, Bob and Eve; o5 is of a principal; o4's feedback is before the day
    assert rows == [
        ("north", "all", pytest.approx(2 / 3), 2.0, 3.0),
        (None, "all", pytest.approx(2 / 3), 2.0, 3.0),
        (None, "evaluation", 0.0, 0.0, 3.0),
        (None, "growth", pytest.approx(1 / 3), 1.0, 3.0),
        (None, "not recorded", pytest.approx(1 / 3), 1.0, 3.0),
    ]


def test_teachers_with_a_cycle_have_a_wilson_interval(observed):
    ((_, value, low, high), *_rest) = filled(
        observed, "teachers_with_feedback_cycle", "school_id value ci_low ci_high"
    )
    # 2 of 3; Wilson 95 %: (2/3 + z²/6 ± z √(2/27 + z²/36)) / (1 + z²/3) = .2077, .9385
    assert value == pytest.approx(2 / 3)
    assert (low, high) == (pytest.approx(0.2077, abs=1e-4), pytest.approx(0.9385, abs=1e-4))


def test_what_is_not_due_yet_does_not_count_as_late(observed):
    # the last day on record is 2025-06-01: o6 (7 days before) and o7 are left out; o1 of o1..o4 in time
    rows = filled(observed, "feedback_in_time", "school_id category value numerator denominator n_persons")
    assert rows[0] == ("north", "all", 0.25, 1.0, 4.0, 2)
    assert rows[1][1:4] == ("all", 0.25, 1.0)
    # growth: o1 of o1, o3, o4
    assert rows[3][1:5] == ("growth", pytest.approx(1 / 3), 1.0, 3.0)


def test_feedback_never_counts_none_and_feedback_before_the_observation(observed):
    # o3 and o4 of four
    assert filled(observed, "feedback_never", "value numerator")[0] == (0.5, 2.0)


def test_median_days_is_not_reached_where_half_have_none_after_it(observed):
    rows = filled(observed, "days_to_feedback", "category value numerator denominator note")
    # days 14, 15, never, never: the second of four is 15
    assert rows[0] == ("all", 15.0, 2.0, 4.0, None)
    # growth: 14, never, never: the second of three is never
    growth = next(row for row in rows if row[0] == "growth")
    assert growth[1] is None
    assert growth[4] == "not reached: half or more of the observations have no feedback on record"


def test_schools_self_assessed_by_schools_with_teachers(hours):
    hours.add("staff_assignment", "staff_id school_id school_year role\ndan south 2025 teacher")
    hours.add("self_assessment", "school_id school_year practice rating\nnorth 2025 Any 2\nnorth 2024 Any 2")
    prepare(hours)
    rows = filled(hours, "schools_self_assessed", "school_year value numerator denominator")
    assert rows == [(2025, 0.5, 1.0, 2.0)]


def test_a_school_is_compared_with_the_median_of_its_level_and_the_district_with_last_year(core):
    schools = [*(f"e{i}" for i in range(4)), "m0"]
    core.add(
        "school",
        "school_id school_name school_level\n"
        + "\n".join(f"{name} S {'elementary' if name[0] == 'e' else 'middle'}" for name in schools),
    )
    core.add("pd_activity", "pd_activity_id title pd_type\nA Coaching coaching\nB Talk conference")
    staff = [f"{school}-{i}" for school in schools for i in range(5)]
    core.add(
        "staff_assignment",
        "staff_id school_id school_year role\n"
        + "\n".join(f"{name} {name.split('-')[0]} 2025 teacher" for name in staff),
    )
    core.add(
        "pd_participation",
        "staff_id pd_activity_id participation_date hours attendance_status\n"
        + "\n".join(
            f"{name} A 2024-10-01 1 attended\n{name} B 2024-10-01 {1 + int(name[1])} attended"
            for name in staff
        )
        + "\ne0-0 A 2023-10-01 1 attended\ne0-0 B 2023-10-01 3 attended",
    )
    prepare(core)
    rows = filled(core, "one_off_hours_share", "school_id school_year comparison_value")
    found = {(school, year): value for school, year, value in rows}
    # shares of e0..e3: 1/2, 2/3, 3/4, 4/5; peers of e0: the median of the last three; m0 has none
    assert found["e0", 2025] == pytest.approx(3 / 4)
    assert found["e3", 2025] == pytest.approx(2 / 3)
    assert found["m0", 2025] is None
    # 3 of 4 hours in 2024
    assert found[None, 2025] == pytest.approx(3 / 4)


def test_a_school_of_few_people_is_no_peer_whose_value_could_be_told(hours):
    hours.add(
        "school",
        "school_id school_name school_level\nb B elementary\nc C elementary\nd D elementary",
    )
    hours.add(
        "staff_assignment",
        "staff_id school_id school_year role\nb1 b 2025 teacher\nc1 c 2025 teacher\nd1 d 2025 teacher",
    )
    hours.add(
        "pd_participation",
        """staff_id pd_activity_id participation_date hours attendance_status
           b1 A 2024-10-01 2 attended
           c1 A 2024-10-01 2 attended
           d1 B 2024-10-01 2 attended""",
    )
    prepare(hours)
    rows = filled(hours, "one_off_hours_share", "school_id comparison_value")
    # one to three people a school: none has three peers of 5 or more
    assert [value for school, value in rows if school] == [None] * 4


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("one_off_hours_share", "pd_participation"),
        ("one_off_money_share", "pd_cost"),
        ("feedback_cycles", "observation"),
        ("schools_self_assessed", "self_assessment"),
    ],
)
def test_a_missing_source_is_named(core, name, source):
    prepare(core, absent=[source])
    rows = filled(core, name, "school_year value status note")
    assert rows == [(2025, None, "not_available", f"not available: no {source} source")]


def test_with_empty_tables_every_indicator_says_that_there_is_nothing(core):
    prepare(core)
    fill_connected_indicators(core.connection, SETTINGS)
    rows = core.rows("estimates.indicator", "indicator value status")
    assert [row[0] for row in rows] == sorted(indicator.name for indicator in INDICATORS)
    assert all(value is None and status == "not_available" for _, value, status in rows)
