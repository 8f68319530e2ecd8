"""The tables of the leadership pipeline: rows in, each number with its arithmetic."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.spec.leadership_core import assign, compute, compute_with_growth, indicator, log
from transforms.improvement.survival import wilson

STEP = "estimates.leadership_step"


def year_rows(core, table: str, columns: str, where: str = "school_year = 2025") -> list[tuple]:
    """Named columns of the rows of a table in a year, sorted."""
    found = core.connection.execute(
        f"select {', '.join(columns.split())} from {table} where {where}"
    ).fetchall()
    return sorted(found, key=lambda row: tuple((value is None, value) for value in row))


# Steps


def test_a_step_counts_who_went_on_who_left_and_who_still_waits(core):
    log(
        core,
        "ann school identified 2022-10-01",
        "ann school in_training 2023-03-01",
        "bob school identified 2022-10-01",  # not on the staff of 2025
        "cyd school identified 2024-10-01",
        "dan school identified 2025-06-30",
    )
    assign(core, "ann N 2025 teacher", "bob N 2024 teacher", "cyd N 2025 teacher", "dan N 2025 teacher")
    compute(core)
    rows = year_rows(core, STEP, "step n_reached n_converted n_left n_waiting conversion ci_low ci_high")
    # 1 of 4; Wilson: (1 + 1.9207 ± 1.96 sqrt(1×3/4 + 0.9604)) / (4 + 3.8415) = 0.0456 to 0.6994
    step, *numbers = rows[0]
    assert (step, numbers[:4]) == ("identified_to_in_training", [4, 1, 1, 2])
    assert numbers[4:] == [0.25, pytest.approx(0.0456, abs=1e-4), pytest.approx(0.6994, abs=1e-4)]


def test_a_step_of_an_earlier_year_knows_nothing_of_later_events(core):
    log(
        core,
        "ann school identified 2022-10-01",
        "ann school in_training 2023-09-01",
        "bob school identified 2023-07-01",
        "bob school in_training 2025-05-01",
    )
    compute(core)
    rows = year_rows(
        core, STEP, "school_year as_of n_reached n_converted", "step = 'identified_to_in_training'"
    )
    assert rows == [
        (2023, date(2023, 6, 30), 1, 0),
        (2024, date(2024, 6, 30), 2, 1),
        (2025, date(2025, 5, 1), 2, 2),  # the last event on record
    ]


def test_a_skipped_stage_counts_as_passed_and_has_no_time(core):
    log(
        core,
        "ann school identified 2020-10-01",
        "bob school in_training 2020-10-01",
        "zoe school identified 2025-06-30",
    )
    compute(core)
    rows = year_rows(core, STEP, "step n_reached n_converted note")
    short = "fewer than 5 people reached the step 2 years ago or earlier"
    assert rows[0] == (
        "identified_to_in_training",
        3,
        1,
        f"1 without a record of the first stage: counted, not timed; {short}",
    )


def on_the_way(core, level: str, n: int, n_placed: int) -> None:
    """n people who completed on 1 September 2021; the first n_placed have a role 100, 101 … days later."""
    day = date(2021, 9, 1) + timedelta(days=100)
    log(
        core,
        *(f"{level}{i} {level} completed 2021-09-01" for i in range(n)),
        *(f"{level}{i} {level} placed {day + timedelta(days=i)}" for i in range(n_placed)),
    )


def test_a_pathway_breaks_where_fewer_go_on_than_on_the_others_and_below_a_quarter(core):
    on_the_way(core, "classroom", 30, 20)
    on_the_way(core, "school", 30, 2)
    log(core, "zoe district identified 2025-06-01")
    compute(core)
    rows = year_rows(
        core,
        STEP,
        "pathway_level conversion_2y others_conversion_2y is_broken reason",
        "school_year = 2025 and step = 'completed_to_placed'",
    )
    # nobody is cut off within two years: 20 of 30 and 2 of 30 go on
    assert rows[0] == ("classroom", pytest.approx(2 / 3), pytest.approx(2 / 30), False, None)
    assert rows[1] == (
        "school",
        pytest.approx(2 / 30),
        pytest.approx(2 / 3),
        True,
        "below the other pathways; below the floor",
    )
    assert ("school: completed_to_placed", "concern") in indicator(
        core, "leadership_conversion", "category status"
    )
    found = indicator(core, "leadership_conversion_in_time", "school_year category value")
    assert (2025, "school: completed_to_placed", pytest.approx(2 / 30)) in found


def test_a_low_step_of_nine_people_is_not_called_broken(core):
    on_the_way(core, "classroom", 30, 25)
    on_the_way(core, "school", 9, 0)
    log(core, "zoe district identified 2025-06-01")
    compute(core)
    assert not any(broken for (broken,) in year_rows(core, STEP, "is_broken"))


def test_recent_entrants_do_not_count_as_failures_within_two_years(core):
    on_the_way(core, "school", 10, 5)
    log(core, *(f"new{i} school completed 2025-06-01" for i in range(10)))
    compute(core)
    rows = year_rows(
        core, STEP, "conversion conversion_2y", "school_year = 2025 and step = 'completed_to_placed'"
    )
    # counted: 5 of 20. Within two years: the ten of June 2025 are followed for 0 days: 5 of 10
    assert rows == [(0.25, pytest.approx(0.5))]


# Survival


def test_kaplan_meier_by_hand(core):
    for name, placed in (("a", "2021-09-11"), ("b", "2021-09-21"), ("c", ""), ("d", ""), ("e", "")):
        log(
            core,
            f"{name} school completed 2021-09-01",
            *([f"{name} school placed {placed}"] if placed else []),
        )
    log(core, "f school completed 2025-06-20", "g school identified 2025-06-30")
    compute(core)
    rows = year_rows(
        core,
        "estimates.survival_curve",
        "time_days survival n_at_risk n_events",
        "process = 'completed_to_placed' and n_events > 0",
    )
    # day 10: 6 at risk (f is followed for exactly 10 days), 5/6; day 20: 4 at risk, 5/6 × 3/4 = 0.625
    assert rows == [(10, pytest.approx(5 / 6), 6, 1), (20, pytest.approx(0.625), 4, 1)]


def test_a_median_that_half_do_not_reach_is_said_so(core):
    on_the_way(core, "school", 10, 3)
    log(core, "z school identified 2025-06-30")
    compute(core)
    rows = year_rows(
        core,
        "estimates.survival_median",
        "median_days n_people n_events note",
        "school_year = 2025 and process = 'completed_to_placed'",
    )
    assert rows == [(None, 10, 3, "not reached: fewer than half had the event within the time seen")]


def test_the_median_is_the_day_on_which_the_curve_falls_below_a_half(core):
    on_the_way(core, "school", 10, 8)
    log(core, "z school identified 2025-06-30")
    compute(core)
    rows = year_rows(
        core,
        "estimates.survival_median",
        "median_days",
        "school_year = 2025 and process = 'completed_to_placed'",
    )
    assert rows == [(105.0,)]  # placed on days 100 to 107; the sixth leaves 4 of 10
    assert indicator(core, "leadership_days_to_placement", "school_year category value")[-1] == (
        2025,
        "school",
        105.0,
    )


def test_a_share_after_some_years_needs_five_people_followed_so_long(core):
    on_the_way(core, "school", 4, 2)
    log(core, *(f"new{i} school completed 2025-06-01" for i in range(10)))
    compute(core)
    rows = year_rows(
        core,
        "estimates.survival_horizon",
        "horizon_years survival n_people n_followed note",
        "school_year = 2025 and process = 'completed_to_placed' and horizon_years = 1",
    )
    assert rows == [(1, None, 14, 4, "fewer than 5 people followed for a year")]


def test_who_left_the_district_left_the_role_and_who_left_before_being_placed_is_still_followed(core):
    log(
        core,
        "ann school placed 2022-09-01",  # on the staff until 2023: left on 1 July 2023
        "bob school placed 2022-09-01",
        "bob school left_role 2022-12-10",  # 100 days
        "cyd school placed 2024-09-01",  # on the staff until 2023, which contradicts it
        "zoe school identified 2025-06-30",
    )
    assign(core, "ann N 2023 principal", "bob N 2025 teacher", "cyd N 2023 teacher", "zoe N 2025 teacher")
    compute(core)
    rows = year_rows(
        core,
        "estimates.survival_curve",
        "time_days n_events",
        "process = 'placed_to_left_role' and n_events > 0",
    )
    assert rows == [(100, 1), (303, 1)]  # 1 September 2022 to 1 July 2023: 303 days


def spells(core, *lines: str) -> None:
    """Principals of a school: person, school, first and last year."""
    years = []
    for person, school, first, last in (line.split() for line in lines):
        years += [f"{person} {school} {year} principal" for year in range(int(first), int(last) + 1)]
    assign(core, *years)


def test_principals_still_in_role_by_hand(core):
    spells(
        core,
        "a A 2020 2025",
        "b B 2020 2021",
        "c B 2022 2025",
        "d C 2020 2025",
        "e D 2020 2022",
        "f D 2023 2025",
        "g E 2020 2025",
    )
    compute(core)
    rows = year_rows(
        core,
        "estimates.survival_horizon",
        "horizon_years survival n_people n_followed note",
        "process = 'in_role_at_school' and category = 'principal' and school_year = 2025",
    )
    # 7 spells. Year 1: nobody ends. Year 2: b ends among 7 (f is followed for 2 years): 6/7.
    # Year 3: e ends; at risk a, c, d, e, g: 6/7 × 4/5. Year 5: nobody more ends; 5 are followed for 5 years
    assert [(years, share, n) for years, share, _, n, _ in rows] == [
        (1, 1.0, 7),
        (2, pytest.approx(6 / 7), 7),
        (3, pytest.approx(6 / 7 * 4 / 5), 6),
        (5, pytest.approx(6 / 7 * 4 / 5), 5),
    ]
    found = indicator(core, "leaders_in_role_after_three_years", "school_year category value")
    assert (2025, "principal", pytest.approx(6 / 7 * 4 / 5)) in found


def test_a_principal_who_goes_to_another_school_left_the_role_at_the_first(core):
    spells(core, "a A 2023 2024", "a B 2025 2025", "b B 2023 2024", "b A 2025 2025")
    compute(core)
    # of two principals of 2024 none is at the same school in 2025
    assert indicator(core, "leaders_returning", "school_year category value numerator denominator") == [
        (2024, "principal", 1.0, 2.0, 2.0),
        (2025, "principal", 0.0, 0.0, 2.0),
    ]


def test_new_in_role_are_spells_whose_first_year_was_seen(core):
    spells(core, "a A 2023 2025", "b B 2023 2023", "c B 2024 2025")
    compute(core)
    rows = year_rows(
        core,
        "estimates.survival_median",
        "category n_people n_events",
        "process = 'in_role_at_school' and school_year = 2025",
    )
    assert rows == [("principal", 3, 1), ("principal: new in role", 1, 0)]


def test_a_year_without_any_assignment_ends_no_spell(core):
    assign(core, "a A 2023 principal", "a A 2025 principal")
    compute(core)
    rows = year_rows(
        core,
        "estimates.survival_median",
        "n_people n_events",
        "process = 'in_role_at_school' and school_year = 2025",
    )
    assert rows == [(1, 0)]


# Placement model


def test_a_model_with_fewer_than_ten_placements_a_term_is_refused_by_name(core):
    on_the_way(core, "classroom", 10, 5)
    on_the_way(core, "school", 10, 4)
    log(core, "z school identified 2025-06-30")
    compute(core)
    rows = year_rows(
        core, "estimates.survival_model", "model term hazard_ratio n_events note", "model = 'level'"
    )
    assert rows == [("level", "all", None, 9, "refused: 9 events for 1 term, fewer than 10 a term")]


def test_terms_that_nobody_knows_are_left_out_by_name(core):
    on_the_way(core, "classroom", 20, 15)
    on_the_way(core, "school", 20, 5)
    log(core, "z school identified 2025-06-30")
    compute(core)
    rows = year_rows(core, "estimates.survival_model", "term compared_with note", "model = 'full'")
    assert [row[:2] for row in rows] == [("all", None), ("school pathway", "classroom pathway")]
    assert rows[0][2].startswith("experience left out: known of nobody; novice left out")


# Successors


def test_a_successor_has_completed_is_not_placed_is_on_the_staff_and_is_no_principal(core):
    log(
        core,
        "ann school completed 2024-06-30",  # ready at North
        "bob school completed 2024-06-30",
        "bob school placed 2025-01-10",  # placed
        "cyd school completed 2025-07-01",  # after the year
        "dan school completed 2024-06-30",  # is a principal
        "eve school in_training 2024-06-30",  # not completed
        "fay classroom completed 2024-06-30",  # another pathway
        "gus school completed 2023-06-30",  # not on the staff any more
    )
    assign(
        core,
        "ann N 2025 teacher",
        "bob S 2025 teacher",
        "cyd S 2025 teacher",
        "dan S 2025 principal",
        "eve S 2025 teacher",
        "fay S 2025 teacher",
        "gus S 2024 teacher",
    )
    compute(core)
    rows = year_rows(
        core, "estimates.school_successor", "school_id has_principal n_ready n_ready_district has_successor"
    )
    assert rows == [("N", False, 1, 1, True), ("S", True, 0, 1, False)]
    # 1 of 2 schools
    found = indicator(core, "schools_with_successor", "school_year school_id value status")
    assert found[-3:] == [
        (2025, "N", 1.0, "described"),
        (2025, "S", 0.0, "described"),
        (2025, None, 0.5, "typical"),
    ]


def test_schools_with_a_successor_are_judged_by_the_ends_of_the_interval(core):
    # Wilson: 5 of 20 ends at 0.469, 6 at 0.519; 19 of 20 begins at 0.764, 20 at 0.839
    expected = {2022: (5, "concern"), 2023: (6, "typical"), 2024: (19, "typical"), 2025: (20, "strength")}
    assign(core, *(f"t{i} S{i} {year} teacher" for i in range(20) for year in expected))
    log(
        core,
        *(
            f"t{i} school completed {next(year for year, (n, _) in expected.items() if i < n) - 1}-09-01"
            for i in range(20)
        ),
    )
    compute(core)
    found = indicator(core, "schools_with_successor", "school_id school_year numerator ci_low ci_high status")
    assert found[-4:] == [
        (
            None,
            year,
            n,
            pytest.approx(wilson(n, 20).low),
            pytest.approx(wilson(n, 20).high),
            status,
        )
        for year, (n, status) in expected.items()
    ]


# Access


def access(core, columns: str, where: str) -> list[tuple]:
    return year_rows(core, "estimates.leadership_access", columns, f"school_year = 2025 and {where}")


def test_access_is_a_rate_of_staff_who_had_not_reached_the_stage_before_the_year(core):
    core.add(
        "staff",
        "staff_id years_experience\n"
        + "\n".join([*(f"n{i} 1" for i in range(10)), *(f"e{i} 9" for i in range(20))]),
    )
    assign(core, *(f"n{i} N 2025 teacher" for i in range(10)), *(f"e{i} N 2025 teacher" for i in range(20)))
    log(
        core,
        *(f"n{i} school identified 2024-10-01" for i in range(4)),
        "e0 school identified 2024-06-30",  # the year before: not counted as one who could have been
        "e1 classroom in_training 2024-10-01",  # implies identified
    )
    compute(core)
    rows = access(core, "stage group_name n_staff_years n_reached rate ratio", "group_kind = 'experience'")
    # identified: novices 4 of 10, experienced 1 of 19; in training: 0 of 10, 1 of 20
    assert rows == [
        ("identified", "experienced", 19, 1, pytest.approx(1 / 19), None),
        ("identified", "novice", 10, 4, 0.4, pytest.approx(0.4 * 19)),
        ("in_training", "experienced", 20, 1, 0.05, None),
        ("in_training", "novice", 10, 0, 0.0, None),
    ]


def test_experience_is_that_of_the_year_not_of_the_last_one_on_the_staff(core):
    core.add("staff", "staff_id years_experience is_novice\nann 4 false")
    assign(core, "ann N 2023 teacher", "ann N 2024 teacher", "ann N 2025 teacher")
    log(core, "bob school identified 2022-10-01", "bob school placed 2025-01-10")
    compute(core)
    # 4 years in 2025, so 2 in 2023: a novice then, experienced in 2024 (3) and 2025 (4)
    rows = access(core, "group_name n_staff_years", "group_kind = 'experience' and stage = 'identified'")
    assert rows == [("experienced", 2), ("novice", 1)]


def test_schools_are_in_thirds_by_the_share_of_disadvantaged_students(core):
    for school, poor in (("A", 1), ("B", 2), ("C", 3)):
        assign(core, f"t{school} {school} 2025 teacher")
        for i in range(4):
            core.add(
                "student_enrollment",
                "student_id school_id school_year grade_level is_economically_disadvantaged\n"
                f"{school}{i} {school} 2025 4 {i < poor}",
            )
    log(core, "tC school identified 2024-10-01")
    compute(core)
    rows = access(
        core, "group_name n_staff_years n_reached", "group_kind = 'school_poverty' and stage = 'identified'"
    )
    assert rows == [("highest third", 1, 1), ("lowest third", 1, 0), ("middle third", 1, 0)]


def test_degrees_are_read_by_their_usual_names_and_others_left_out(core):
    higher = ("Master's", "M.Ed.", "MA+30", "Ed.D", "Ed.S.", "Doctorate", "PhD", "Specialist")
    lower = ("Bachelor's", "B.S.", "BA+15", "Associate's degree")
    unknown = ("Level 4", "Emeritus", "")
    for i, degree in enumerate((*higher, *lower, *unknown)):
        core.connection.execute(
            "insert into core.staff (staff_id, highest_degree) values (?, ?)", [f"t{i}", degree]
        )
    assign(core, *(f"t{i} N 2025 teacher" for i in range(15)))
    log(core, "bob school identified 2024-10-01")
    compute(core)
    rows = access(core, "group_name n_staff_years", "group_kind = 'highest_degree' and stage = 'identified'")
    assert rows == [("below master's", len(lower)), ("master's or higher", len(higher))]


def test_a_clear_difference_beyond_four_fifths_is_a_concern(core):
    people = [f"n{i} 1" for i in range(60)] + [f"e{i} 9" for i in range(60)]
    core.add("staff", "staff_id years_experience\n" + "\n".join(people))
    assign(core, *(f"{person.split()[0]} N 2025 teacher" for person in people))
    log(core, *(f"n{i} school identified 2024-10-01" for i in range(20)), "e0 school identified 2024-10-01")
    compute(core)
    # 20 of 60 against 1 of 60: ratio 20
    rows = indicator(core, "leadership_access", "category value numerator denominator status note")
    assert rows[0] == (
        "identified: experience novice",
        pytest.approx(20.0),
        pytest.approx(1 / 3),
        pytest.approx(1 / 60),
        "concern",
        "against experienced",
    )


def test_staff_entering_a_pathway_by_school_against_other_schools_of_the_level(core):
    core.add(
        "school", "school_id school_name school_level\nN North elementary\nS South elementary\nW West middle"
    )
    assign(
        core,
        *(f"n{i} N 2025 teacher" for i in range(4)),
        *(f"s{i} S 2025 teacher" for i in range(2)),
        "w W 2025 teacher",
    )
    log(core, "n0 school identified 2024-10-01", "s0 school identified 2024-10-01")
    compute(core)
    rows = indicator(core, "staff_entering_pathway", "school_id value comparison_value n_persons")
    # North 1 of 4 against South 1 of 2; West has no other school of its level; district 2 of 7
    assert rows == [
        ("N", 0.25, 0.5, 4),
        ("S", 0.5, 0.25, 2),
        ("W", 0.0, None, 1),
        (None, pytest.approx(2 / 7), None, 7),
    ]


# Change of principal


def test_too_few_schools_that_change_are_refused_by_name(core):
    school_years = [(i, year) for i in range(20) for year in (2022, 2023, 2024, 2025)]
    assign(
        core,
        *(
            f"{'new' if i < 3 and year >= 2024 else 'old'}{i} S{i} {year} principal"
            for i, year in school_years
        ),
    )
    growth = [(f"S{i}", year, 0.01 * i) for i, year in school_years]
    compute_with_growth(core, growth)
    assert core.rows("estimates.leader_change", "academic_subject period estimate_sd note") == [
        ("ela", "refused", None, "refused: 3 schools change with a year before it, fewer than 10")
    ]


def test_who_comes_in_the_middle_of_a_year_leads_from_the_next_year_on(core):
    core.add(
        "staff_assignment",
        """staff_id school_id school_year role entry_date
           old N 2023 principal 2022-08-01
           old N 2024 principal 2023-08-01
           new N 2024 principal 2024-02-01
           new N 2025 principal 2024-08-01""",
    )
    compute(core)
    found = core.connection.execute("select change_school_year from principal_change").fetchall()
    assert found == [(2025,)]


def test_a_vacant_year_is_no_change(core):
    assign(core, "pat N 2023 principal", "pat N 2025 principal", "kim S 2024 principal")
    compute(core)
    found = core.connection.execute("select school_id, change_school_year from principal_change").fetchall()
    assert sorted(found) == [("N", None), ("S", None)]


# What is missing


def test_without_sources_every_indicator_says_which(core):
    compute(core, absent=["leadership_event", "staff_assignment"])
    rows = core.connection.execute(
        "select indicator, status, note from estimates.indicator where indicator in"
        " (select indicator from estimates.indicator_definition where idea = 'leadership_pipeline')"
    ).fetchall()
    assert len(rows) == 8
    assert {status for _, status, _ in rows} == {"not_available"}
    assert {note for _, _, note in rows} == {
        "not available: no leadership_event source",
        "not available: no staff_assignment source",
        "not available: no leadership_event and no staff_assignment source",
    }


def test_events_alone_give_steps_and_no_successors(core):
    on_the_way(core, "school", 10, 5)
    compute(core, absent=["staff_assignment", "staff", "school"])
    rows = year_rows(core, STEP, "n_left n_waiting", "school_year = 2025 and step = 'completed_to_placed'")
    assert rows == [(None, 5)]
    assert core.rows("estimates.school_successor", "school_id") == []


# What may be shown


def test_numbers_of_four_people_are_hidden(core):
    on_the_way(core, "school", 4, 2)
    on_the_way(core, "classroom", 5, 2)
    compute(core)
    core.build("report.leadership_step", "report.survival_median")
    where = "school_year = 2025 and step = 'completed_to_placed'"
    assert year_rows(
        core, "report.leadership_step", "pathway_level n_reached conversion is_suppressed", where
    ) == [
        ("classroom", 5, 0.4, False),
        ("school", None, None, True),
    ]
    where = "school_year = 2025 and process = 'completed_to_placed'"
    assert year_rows(core, "report.survival_median", "category n_people note", where)[1] == (
        "school",
        None,
        "of too few people to be shown",
    )


def test_a_curve_is_shown_while_five_people_are_followed(core):
    on_the_way(core, "school", 7, 7)
    log(core, "z school identified 2025-06-30")
    compute(core)
    core.build("report.survival_curve")
    rows = year_rows(core, "report.survival_curve", "time_days n_at_risk", "process = 'completed_to_placed'")
    assert rows == [(100, 7), (101, 6), (102, 5)]


def test_one_small_group_hides_the_next_smallest_too(core):
    core.add("school", "school_id school_name school_level\nN North elementary\nS South middle\nW West high")
    for school, n in (("N", 20), ("S", 8), ("W", 3)):
        assign(core, *(f"{school}{i} {school} 2025 teacher" for i in range(n)))
    log(core, "N0 school identified 2024-10-01")
    compute(core)
    core.build("report.leadership_access")
    where = "group_kind = 'school_level' and stage = 'identified'"
    assert year_rows(core, "report.leadership_access", "group_name n_staff_years is_suppressed", where) == [
        ("elementary", 20, False),
        ("high", None, True),
        ("middle", None, True),
    ]


def test_how_many_are_ready_in_a_school_is_not_in_the_report(core):
    assign(core, "ann N 2025 teacher")
    log(core, "ann school completed 2024-10-01")
    compute(core)
    core.build("report.school_successor")
    names = [column[0] for column in core.connection.execute("from report.school_successor").description]
    assert names == [
        "school_id",
        "school_name",
        "school_level",
        "school_year",
        "has_principal",
        "has_successor",
    ]
