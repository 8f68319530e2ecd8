"""The indicators of balance: rows in, the value with its arithmetic."""

from __future__ import annotations

import duckdb
import pytest

from expectations.outputs import OUTPUTS
from tests.spec.balance_core import balance, indicator, new_core, prepare_balance
from tests.spec.improvement_core import SETTINGS
from transforms.improvement.balance import compute_balance
from transforms.improvement.balance_indicators import BANDS, INDICATORS, set_statuses
from transforms.warehouse import create_table, insert_records

VALUE = "school_id category value numerator denominator"


def add_district(core):
    """Ann, Bob and Eve teach at North, Dee at South; Pat leads North; Cyd works nowhere on record.

    Ann: 6 h coaching by the district on D1, 2 h circle by a teacher on no priority.
    Bob: 4 h coaching by the school on N1, North's own; Dee: 3 h of North's N1; Pat: 1 h of nobody.
    """
    core.add(
        "priority",
        """priority_id level title school_id school_year
           D1 district Reading . 2024
           N1 school Planning north 2024
           S1 school Writing south 2026""",
    )
    core.add(
        "pd_activity",
        """pd_activity_id title pd_type initiated_by priority_id is_mandatory
           A Coaching coaching district D1 true
           B Circle other teacher . false
           C Cycle coaching school N1 .
           X Talk conference . . .""",
    )
    core.add("school", "school_id school_name school_level\nnorth North elementary\nsouth South elementary")
    core.add(
        "staff_assignment",
        """staff_id school_id school_year role
           ann north 2025 teacher
           bob north 2025 teacher
           eve north 2025 teacher
           pat north 2025 principal
           dee south 2025 teacher""",
    )
    core.add(
        "pd_participation",
        """staff_id pd_activity_id participation_date hours attendance_status
           ann A 2024-10-01 6 attended
           ann B 2024-10-02 2 attended
           bob C 2024-10-03 4 attended
           dee C 2024-10-04 3 attended
           pat X 2024-10-05 1 attended""",
    )


@pytest.fixture
def district(core):
    """The district's rows, for tests that change them."""
    add_district(core)
    return core


@pytest.fixture(scope="module")
def computed():
    """The district as it is, with balance computed once."""
    with new_core() as core:
        add_district(core)
        add_ratings(core)
        balance(core)
        yield core


@pytest.fixture(scope="module")
def extended():
    """The district with 4 hours of Cyd on N1, one more hour of A for Ann, and 2 hours in 2024."""
    with new_core() as core:
        add_district(core)
        core.add("staff_assignment", "staff_id school_id school_year role\nann north 2024 teacher")
        core.add(
            "pd_participation",
            """staff_id pd_activity_id participation_date hours attendance_status
               cyd C 2024-10-06 4 attended
               ann A 2024-11-01 1 attended
               ann B 2023-10-02 2 attended""",
        )
        balance(core)
        yield core


@pytest.fixture(scope="module")
def empty():
    """Every source is there, none has a row."""
    with new_core() as core:
        balance(core)
        yield core


def test_hours_by_initiator_are_shares_of_all_hours_with_unknown_as_one_of_them(computed):
    rows = indicator(computed, "hours_by_initiator", VALUE)
    # North: 6 district, 4 school, 2 teacher, 1 unknown of 13; the district has Dee's 3 school hours too: 16
    assert [row for row in rows if row[0] == "north"] == [
        ("north", "district", pytest.approx(6 / 13), 6.0, 13.0),
        ("north", "school", pytest.approx(4 / 13), 4.0, 13.0),
        ("north", "teacher", pytest.approx(2 / 13), 2.0, 13.0),
        ("north", "unknown", pytest.approx(1 / 13), 1.0, 13.0),
    ]
    assert [row for row in rows if row[0] is None] == [
        (None, "district", 0.375, 6.0, 16.0),
        (None, "school", 0.4375, 7.0, 16.0),
        (None, "teacher", 0.125, 2.0, 16.0),
        (None, "unknown", 0.0625, 1.0, 16.0),
    ]


def test_shares_of_initiators_sum_to_one_in_every_place(computed):
    sums = computed.connection.execute(
        "select sum(value) from estimates.indicator where indicator in"
        " ('hours_by_initiator', 'hours_by_priority_level') group by indicator, school_id, school_year"
    ).fetchall()
    assert len(sums) == 6
    assert all(total == pytest.approx(1.0) for (total,) in sums)


def test_where_no_initiator_is_on_record_no_share_is_made_up(core):
    core.add("pd_activity", "pd_activity_id title pd_type\nA Coaching coaching")
    core.add("staff_assignment", "staff_id school_id school_year role\nann north 2025 teacher")
    core.add(
        "pd_participation",
        "staff_id pd_activity_id participation_date hours attendance_status\nann A 2024-10-01 6 attended",
    )
    balance(core)
    rows = indicator(core, "hours_by_initiator", "school_id category value status note")
    note = "no activity has an initiator on record"
    assert [row[1:] for row in rows if row[0] is None] == [
        ("district", None, "not_available", note),
        ("school", None, "not_available", note),
        ("teacher", None, "not_available", note),
        ("unknown", 1.0, "described", None),
    ]
    # nor is there an average of hours by initiator but all and unknown
    assert indicator(core, "teacher_hours_by_initiator", "school_id category value") == [
        ("north", "all", 6.0),
        ("north", "unknown", 6.0),
        (None, "all", 6.0),
        (None, "unknown", 6.0),
    ]


def test_hours_chosen_locally_are_of_hours_with_an_initiator(computed):
    # North: 4 + 2 of 12; South: 3 of 3, so that one side decides everything; district 9 of 15
    assert indicator(computed, "hours_chosen_locally", "school_id value status") == [
        ("north", 0.5, "typical"),
        ("south", 1.0, "concern"),
        (None, 0.6, "typical"),
    ]


def test_hours_without_initiator_are_a_share_of_all_hours(computed):
    # North: 1 of 13 = 7.7 %; district 1 of 16 = 6.3 %
    assert indicator(computed, "hours_without_initiator", "school_id value status") == [
        ("north", pytest.approx(1 / 13), "typical"),
        ("south", 0.0, "typical"),
        (None, 0.0625, "typical"),
    ]


@pytest.mark.parametrize(
    ("name", "value", "low", "high", "status"),
    [
        ("hours_without_initiator", 0.0999, None, None, "typical"),
        ("hours_without_initiator", 0.1, None, None, "concern"),
        ("hours_chosen_locally", 0.0999, None, None, "concern"),
        ("hours_chosen_locally", 0.9, None, None, "concern"),
        ("need_fit_gap", 1.0, None, None, "concern"),
        ("need_fit_gap", -0.1, None, None, "strength"),
        # an interval with zero in it is no strength, one that reaches below 1 no concern
        ("need_fit_gap", -0.1, -0.3, 0.1, "typical"),
        ("need_fit_gap", 1.2, 0.9, 1.5, "typical"),
        ("need_fit_gap", 1.2, 1.1, 1.3, "concern"),
        ("hours_meet_need", 0.4, 0.01, 0.7, "strength"),
        ("hours_meet_need", 0.4, 0.0, 0.7, "typical"),
        ("hours_meet_need", -0.4, -0.7, -0.1, "concern"),
        ("coherence_reported", 0.4, 0.3, 0.49, "concern"),
        ("coherence_reported", 0.8, 0.71, 0.9, "strength"),
        # without an interval nothing is said of a mean of answers
        ("coherence_reported", 0.9, None, None, "described"),
    ],
)
def test_status_follows_the_printed_rule(name, value, low, high, status):
    connection = duckdb.connect()
    create_table(connection, OUTPUTS["estimates.indicator"])
    record = {
        "indicator": name,
        "school_year": 2025,
        "category": "all",
        "value": value,
        "status": "described",
    }
    record |= {"ci_low": low, "ci_high": high}
    insert_records(connection, OUTPUTS["estimates.indicator"], [record])
    set_statuses(connection)
    assert connection.execute("select status from estimates.indicator").fetchall() == [(status,)]


def test_mandatory_hours_are_of_those_for_which_it_is_on_record(computed):
    # A is mandatory (6 h), B is not (2 h); C and X say nothing
    assert indicator(computed, "hours_mandatory", VALUE) == [
        ("north", "all", 0.75, 6.0, 8.0),
        (None, "all", 0.75, 6.0, 8.0),
    ]


def test_hours_per_teacher_count_teachers_without_hours_and_leave_out_others(computed):
    rows = indicator(computed, "teacher_hours_by_initiator", "school_id category value n_persons")
    # Ann 8, Bob 4, Eve 0: three teachers; Pat leads and does not count
    assert [row[1:] for row in rows if row[0] == "north"] == [
        ("all", 4.0, 3),
        ("district", 2.0, 3),
        ("school", pytest.approx(4 / 3), 3),
        ("teacher", pytest.approx(2 / 3), 3),
        ("unknown", 0.0, 3),
    ]


def test_hours_on_another_schools_priority_are_told_apart_and_a_concern(computed):
    rows = indicator(computed, "hours_by_priority_level", "school_id category value status")
    # district: 6 on D1, Bob's 4 on his own school's N1, Dee's 3 on a stranger's, 2 + 1 on none; of 16
    assert [row[1:] for row in rows if row[0] is None] == [
        ("district", 0.375, "described"),
        ("none", 0.1875, "described"),
        ("other_school", 0.1875, "concern"),
        ("own_school", 0.25, "described"),
        ("unplaced", 0.0, "described"),
    ]
    assert ("south", "other_school", 1.0, "concern") in rows


def test_a_school_priority_of_someone_without_a_school_cannot_be_placed(extended):
    # 4 of 16 + 4 + 1 hours
    rows = indicator(extended, "hours_by_priority_level", "school_id category value")
    assert (None, "unplaced", pytest.approx(4 / 21)) in rows


def test_hours_on_priorities_leave_out_those_of_another_school(computed):
    # North: 6 + 4 of 13; South: 0 of 3; district 10 of 16
    assert indicator(computed, "hours_on_priorities", VALUE + " status") == [
        ("north", "all", pytest.approx(10 / 13), 10.0, 13.0, "strength"),
        ("south", "all", 0.0, 0.0, 3.0, "concern"),
        (None, "all", 0.625, 10.0, 16.0, "strength"),
    ]


def test_a_year_in_which_no_activity_names_a_priority_has_no_share_on_priorities(extended):
    for name in ("hours_on_priorities", "hours_by_priority_level", "hours_on_top_two_priorities"):
        assert {year for (year,) in indicator(extended, name, "school_year")} == {2025}
    assert (2024,) in indicator(extended, "hours_by_initiator", "school_year")


def test_own_priorities_served_count_schools_whose_priority_got_hours_since_it_was_set(computed):
    # North set N1 in 2024 and served it; South's S1 is of 2026 and does not count yet
    assert indicator(computed, "own_priorities_served", VALUE + " status") == [
        (None, "all", 1.0, 1.0, 1.0, "typical")
    ]


def test_own_priorities_without_any_hour_are_a_concern(district):
    district.connection.execute("update core.priority set school_year = null where priority_id = 'S1'")
    district.connection.execute("update core.pd_activity set priority_id = 'D1' where pd_activity_id = 'C'")
    balance(district)
    # a priority without a year always holds: 0 of 2 schools
    assert indicator(district, "own_priorities_served", VALUE + " status") == [
        (None, "all", 0.0, 0.0, 2.0, "concern")
    ]


def test_top_two_priorities_have_all_hours_in_the_denominator(core):
    core.add(
        "priority",
        """priority_id level title
           D1 district One
           D2 district Two
           D3 district Three""",
    )
    core.add(
        "pd_activity",
        """pd_activity_id title pd_type priority_id
           A One coaching D1
           B Two coaching D2
           C Three coaching D3
           E None coaching .""",
    )
    core.add("staff_assignment", "staff_id school_id school_year role\nann north 2025 teacher")
    core.add(
        "pd_participation",
        """staff_id pd_activity_id participation_date hours attendance_status
           ann A 2024-10-01 5 attended
           ann B 2024-10-02 1 attended
           ann C 2024-10-03 2 attended
           ann E 2024-10-04 12 attended""",
    )
    balance(core)
    # the two largest priorities have 5 + 2 of 20 hours; the 12 without one are none of them
    assert indicator(core, "hours_on_top_two_priorities", VALUE + " status") == [
        ("north", "all", 0.35, 7.0, 20.0, "typical"),
        (None, "all", 0.35, 7.0, 20.0, "typical"),
    ]


def test_concentration_is_the_sum_of_squared_shares_by_kind_of_pd(computed):
    # North: coaching 6 + 4, other 2, conference 1 of 13: (100 + 4 + 1) / 169; South: coaching alone
    assert indicator(computed, "pd_type_concentration", "school_id value n_persons") == [
        ("north", pytest.approx(105 / 169), 3),
        ("south", 1.0, 1),
        # 13 coaching, 2, 1 of 16: (169 + 4 + 1) / 256
        (None, pytest.approx(174 / 256), 4),
    ]


def test_activities_per_teacher_count_each_once_and_teachers_without_any(extended):
    rows = indicator(extended, "activities_per_teacher", "school_year school_id value")
    # Ann two activities (A twice), Bob one, Eve none: 3 / 3; Dee one
    assert [row[1:] for row in rows if row[0] == 2025] == [("north", 1.0), ("south", 1.0), (None, 1.0)]


def add_ratings(core):
    """North: need 4, fit 2 by a visit, need 1, fit 5 by a plan; South: need 3, fit 3, source unknown."""
    core.add(
        "school_priority_rating",
        """school_id priority_id school_year need fit source
           north D1 2025 4 2 visit
           north N1 2025 1 5 plan
           south D1 2025 3 3 .""",
    )


def test_need_fit_gap_of_a_school_is_weighted_by_need(computed):
    rows = indicator(computed, "need_fit_gap", "school_id category value status n_persons")
    # North: (4 x 2 + 1 x -4) / 5 = .8; by source 2 and -4; staff of North: 4
    assert [row for row in rows if row[0] == "north"] == [
        ("north", "all", pytest.approx(0.8), "typical", 4),
        ("north", "plan", -4.0, "strength", 4),
        ("north", "visit", 2.0, "concern", 4),
    ]


def test_need_fit_gap_of_the_district_is_the_mean_over_schools_with_a_t_interval(computed):
    rows = indicator(computed, "need_fit_gap", "school_id category value ci_low ci_high status")
    ((value, low, high, status),) = [row[2:] for row in rows if row[:2] == (None, "all")]
    # .8 and 0: mean .4, SE .8 / √2 / √2 = .4, t(1) = 12.706: ± 5.08; an interval over two bands is typical
    assert value == pytest.approx(0.4)
    assert (low, high) == (pytest.approx(0.4 - 5.0825, abs=1e-3), pytest.approx(0.4 + 5.0825, abs=1e-3))
    assert status == "typical"


def test_ratings_in_conflict_are_counted_by_record_and_rule(district):
    prepare_balance(district)
    for line, rule, column in (
        (2, "disagreement", "need"),
        (2, "disagreement", "fit"),
        (3, "disagreement", "fit"),
        (4, "missing", "fit"),
    ):
        district.connection.execute(
            "insert into quarantine.rejected_row by name select 'school_priority_rating' as entity,"
            " 'r.csv' as source_file, ? as source_line, ? as rule, ? as column_name, '' as reason,"
            " 'b' as build_id",
            [line, rule, column],
        )
    compute_balance(district.connection, SETTINGS)
    # two columns of line 2 are one record; a missing value is no conflict
    assert indicator(district, "rating_conflicts", "category value") == [
        ("conflicting_key", 0.0),
        ("disagreement", 2.0),
    ]


def test_coherence_that_staff_report_has_errors_by_survey(core):
    core.add("survey", "survey_id title administered_date\nF1 One 2024-10-05\nF2 Two 2024-11-05")
    core.add(
        "survey_item",
        """survey_id item_id wording response_type scale_min scale_max construct
           F1 C Fits likert 1 5 coherence
           F2 C Fits likert 1 5 coherence
           F1 T Trust likert 1 5 trust""",
    )
    core.add("survey_response", "response_id survey_id\nr1 F1\nr2 F1\nr3 F2")
    core.add("survey_answer", "response_id item_id value\nr1 C 5\nr2 C 4\nr3 C 2\nr1 T 1")
    balance(core)
    # shares of the scale 1, .75, .25: mean 2/3; SE .27778 with t(1) 12.706 is cut at 0 and 1
    assert indicator(core, "coherence_reported", "value ci_low ci_high n_persons status") == [
        (pytest.approx(2 / 3), 0.0, 1.0, 3, "typical")
    ]


def test_without_an_item_on_coherence_the_reason_says_so(empty):
    assert indicator(empty, "coherence_reported", "value status note") == [
        (None, "not_available", "not available: no survey item on coherence")
    ]


def test_schools_are_compared_with_the_median_of_their_level_and_the_district_with_the_year_before(core):
    names = [f"s{i}" for i in range(6)]
    core.add(
        "school",
        "school_id school_name school_level\n"
        + "\n".join(f"{name} {name} {'middle' if name == 's5' else 'elementary'}" for name in names),
    )
    core.add(
        "pd_activity", "pd_activity_id title pd_type initiated_by\nA A coaching district\nB B coaching school"
    )
    core.add(
        "staff_assignment",
        "staff_id school_id school_year role\n"
        + "\n".join(f"t{i} s{i} {year} teacher" for i in range(6) for year in (2024, 2025)),
    )
    core.add(
        "pd_participation",
        "staff_id pd_activity_id participation_date hours attendance_status\n"
        + "\n".join(
            f"t{i} A 2024-10-01 {10 - i} attended\nt{i} B 2024-10-02 {i or 0.0001} attended" for i in range(6)
        )
        + "\nt0 A 2023-10-01 5 attended\nt0 B 2023-10-01 5 attended",
    )
    balance(core)
    rows = indicator(core, "hours_chosen_locally", "school_id school_year comparison_value")
    # shares 0, .1, .2, .3, .4 of the five elementary schools: median .2; one middle school has no peers
    assert rows[0] == ("s0", 2024, None)
    assert rows[1] == ("s0", 2025, pytest.approx(0.2))
    assert rows[-3] == ("s5", 2025, None)
    # the district: half of the hours were local the year before
    assert rows[-2:] == [(None, 2024, None), (None, 2025, 0.5)]


def test_missing_sources_are_named_by_every_indicator_that_needs_them(core):
    absent = ["priority", "school_priority_rating", "survey"]
    balance(core, absent)
    needing = [one for one in INDICATORS if set(one.sources) & set(absent)]
    assert len(needing) == 7
    for one in needing:
        missing = " and no ".join(name for name in one.sources if name in absent)
        assert indicator(core, one.name, "value status note") == [
            (None, "not_available", f"not available: no {missing} source")
        ]


def test_tables_without_a_row_leave_every_indicator_with_a_reason(empty):
    for one in INDICATORS:
        rows = indicator(empty, one.name, "value note")
        assert rows
        assert one.name == "rating_conflicts" or all(value is None and note for value, note in rows)


def test_every_rule_prints_the_thresholds_of_its_bands():
    rules = {one.name: one.rule for one in INDICATORS}
    for band in BANDS:
        assert band.text in rules[band.indicator]
    assert (
        rules["hours_on_priorities"] == "concern below 20%, typical from 20% to below 60%, strength from 60%"
    )
    assert rules["hours_by_priority_level"] == "concern from 5% (category other_school)"
