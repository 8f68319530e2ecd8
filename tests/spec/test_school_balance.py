"""Tables of balance by school: need, fit and hours by priority; facts behind each quadrant."""

from __future__ import annotations

import pytest

from expectations.outputs import OUTPUTS
from tests.spec.balance_core import balance, new_core, prepare_balance
from tests.spec.improvement_core import SETTINGS
from transforms.improvement.balance import compute_balance
from transforms.improvement.balance_schools import school_facts

SCHOOLS = [f"s{i}" for i in range(6)]
NEED_FIT = "estimates.school_need_fit"
BALANCE = "estimates.school_balance"


def participations(core, *lines: str) -> None:
    names = "staff_id pd_activity_id participation_date hours attendance_status"
    core.add("pd_participation", "\n".join([names, *(f"{line} attended" for line in lines)]))


def add_schools(core):
    """Six elementary schools of two teachers; one attends i + 1 district hours on D1 and 1 hour of a teacher.

    All rate D1 with need i (at least 1) and fit 3, by visits.
    """
    core.add("priority", "priority_id level title school_id\nD1 district Reading .\nP0 school Own s0")
    core.add(
        "school",
        "school_id school_name school_level\n" + "\n".join(f"{name} {name} elementary" for name in SCHOOLS),
    )
    core.add(
        "pd_activity",
        """pd_activity_id title pd_type initiated_by priority_id
           A Coaching coaching district D1
           B Circle other teacher .""",
    )
    core.add(
        "staff_assignment",
        "staff_id school_id school_year role\n"
        + "\n".join(f"{who}{i} s{i} 2025 teacher" for i in range(6) for who in "tu"),
    )
    participations(
        core,
        *(f"t{i} A 2024-10-01 {i + 1}" for i in range(6)),
        *(f"t{i} B 2024-10-02 1" for i in range(6)),
    )
    core.add(
        "school_priority_rating",
        "school_id priority_id school_year need fit source\n"
        + "\n".join(f"s{i} D1 2025 {max(i, 1)} 3 visit" for i in range(6)),
    )


@pytest.fixture
def schools(core):
    """The six schools, for tests that change them."""
    add_schools(core)
    return core


@pytest.fixture(scope="module")
def computed():
    """The six schools as they are, with balance computed once."""
    with new_core() as core:
        add_schools(core)
        balance(core)
        yield core


@pytest.fixture(scope="module")
def enriched():
    """The six schools with more ratings, growth, climate, an office, and a school without any hours."""
    with new_core() as core:
        add_schools(core)
        core.add(
            "school_priority_rating",
            """school_id priority_id school_year need fit source
               s0 P0 2025 5 1 plan
               s0 D1 2024 5 1 plan""",
        )
        core.add(
            "staff_assignment",
            """staff_id school_id school_year role
               cora office 2025 central_office
               t0 s0 2023 teacher
               zoe s9 2025 teacher""",
        )
        add_climate(core)
        prepare_balance(core)
        add_growth(core)
        compute_balance(core.connection, SETTINGS)
        yield core


def add_climate(core):
    """Two responses of s0 on trust and leadership, and on relevance."""
    core.add("survey", "survey_id title administered_date\nCL Climate 2025-02-01")
    core.add(
        "survey_item",
        """survey_id item_id wording response_type scale_min scale_max construct
           CL T Trust likert 1 5 trust
           CL L Lead likert 1 5 leadership
           CL R Useful likert 1 5 relevance""",
    )
    core.add("survey_response", "response_id survey_id school_id\nr1 CL s0\nr2 CL s0")
    core.add(
        "survey_answer",
        "response_id item_id value\nr1 T 5\nr1 L 3\nr2 T 3\nr2 L 3\nr1 R 1\nr2 R 1",
    )


def add_growth(core):
    """Value-added of s0 and s1, by subject and window, with the upper end of its interval."""
    core.connection.executemany(
        "insert into estimates.school_growth by name select ? as school_id, 'T' as assessment_id,"
        " ? as academic_subject, 2025 as school_year, ? as growth_window, 30 as n_students,"
        " 30.0 as n_students_weighted, -0.1 as value_added_sd, 0.05 as std_error, -0.2 as ci_low,"
        " ? as ci_high",
        [
            ["s0", "ela", "spring_to_spring", -0.01],
            ["s0", "mathematics", "spring_to_spring", 0.0],  # touches zero: not below
            ["s1", "ela", "spring_to_spring", 0.1],
            ["s1", "ela", "fall_to_spring", -0.05],  # a window inside the year does not count beside a year's
        ],
    )


def test_hours_on_a_priority_stand_beside_its_need_and_the_median_of_the_level(computed):
    rows = computed.rows(NEED_FIT, "school_id need fit gap hours_per_teacher hours_share need_and_hours")
    # s4: need 4, 5 of 6 hours on D1, two teachers; median of .5, 1, ..., 3 hours per teacher: 1.75
    assert rows[4] == ("s4", 4.0, 3.0, 1.0, 2.5, pytest.approx(5 / 6), "high need, many hours")
    assert rows[0] == ("s0", 1.0, 3.0, -2.0, 0.5, 0.5, "lower need, few hours")
    assert computed.rows(NEED_FIT, "peer_hours_per_teacher") == [(1.75,)] * 6


def test_a_priority_without_hours_in_a_school_has_zero_hours_there_not_none(enriched):
    rows = enriched.rows(NEED_FIT, "school_id priority_id priority_level hours_per_teacher need_and_hours")
    # one school alone rates it: no median of peers, so no word for the hours
    assert ("s0", "P0", "school", 0.0, None) in rows


def test_in_a_year_without_priorities_on_record_hours_on_them_are_empty(enriched):
    rows = enriched.rows(NEED_FIT, "school_year hours_per_teacher hours_share need_and_hours")
    assert rows[0] == (2024, None, None, None)


def test_a_rating_without_source_title_or_staff_stays_with_what_is_known(core):
    core.add("school_priority_rating", "school_id priority_id school_year need fit\nnorth D1 2025 4 2")
    balance(core)
    assert core.rows(NEED_FIT, "priority_title source school_level n_staff hours_per_teacher") == [
        ("D1", "unknown", "unknown", 0, None)
    ]


def test_alignment_differentiation_and_coherence_are_shares_of_the_hours_of_a_school(schools):
    participations(schools, "u5 C 2024-10-03 3")
    schools.add(
        "pd_activity",
        "pd_activity_id title pd_type initiated_by priority_id\nC Own coaching district P5",
    )
    schools.add("priority", "priority_id level title school_id\nP5 school Own5 s5")
    balance(schools)
    columns = "school_id hours alignment differentiation coherence own_priority_share hours_per_teacher"
    rows = schools.rows(BALANCE, columns)
    # s5: 6 h on D1, 1 h by a teacher, 3 h by the district on its own P5: 10; local is 1 + 3; two priorities 9
    assert rows[5] == ("s5", 10.0, 0.6, 0.4, 0.9, 0.3, 5.0)
    # s0: 1 h on D1 and 1 h by a teacher
    assert rows[0] == ("s0", 2.0, 0.5, 0.5, 0.5, 0.0, 1.0)


def test_differentiation_leaves_out_hours_of_which_neither_is_known(schools):
    schools.connection.execute("update core.pd_activity set initiated_by = null where pd_activity_id = 'A'")
    balance(schools)
    # only B's hours are told, and a teacher initiated them
    assert {share for (share,) in schools.rows(BALANCE, "differentiation")} == {1.0}


def test_cuts_are_medians_of_the_level_and_stand_in_the_table(computed):
    # alignment (i + 1) / (i + 2): .5, .667, .75, .8, .833, .857; median .775; differentiation the rest: .225
    rows = computed.rows(BALANCE, "alignment_cut differentiation_cut margin n_peers")
    assert rows == [(pytest.approx(0.775), pytest.approx(0.225), 0.5, 6)] * 6


def test_need_fit_and_gap_of_a_school_are_weighted_by_need_so_that_the_gap_is_their_difference(schools):
    schools.add(
        "school_priority_rating", "school_id priority_id school_year need fit source\ns5 P0 2025 1 5 plan"
    )
    balance(schools)
    row = schools.rows(BALANCE, "school_id mean_need mean_fit mean_gap n_ratings sources")[5]
    # need (25 + 1) / 6, fit (15 + 5) / 6; visit puts the gap at 2, plan at -4
    assert row == ("s5", pytest.approx(26 / 6), pytest.approx(20 / 6), pytest.approx(1.0), 2, "plan, visit")
    ((text,),) = [row for row in schools.rows(BALANCE, "source_disagreement") if row[0] is not None]
    assert text == "ratings from visit put need less fit at +2.0, those from plan at −4.0"


def test_the_school_with_many_hours_and_no_fit_is_named_and_no_other(schools):
    schools.connection.execute(
        "update core.school_priority_rating set need = 5, fit = 1 where school_id = 's5'"
    )
    balance(schools)
    rows = schools.rows(BALANCE, "school_id look_at_first_reasons")
    # s5: 7 hours of 2 teachers; quarters of 1, 1.5, ..., 3.5 hours per teacher by interpolation: 1.625, 2.875
    assert [row for row in rows if row[1]] == [
        (
            "s5",
            "many hours without fit: 3.5 hours per teacher, top quarter of its level (from 2.9);"
            " need 5.0, fit 1.0 of 5 (by visit)",
        )
    ]


def test_growth_below_is_of_the_years_window_and_an_interval_wholly_below_zero(enriched):
    assert enriched.rows(BALANCE, "school_id growth_below")[:2] == [("s0", "ela"), ("s1", None)]


def test_climate_is_the_mean_over_responses_of_the_four_drivers_with_a_t_interval(enriched):
    (facts,) = [school for school in school_facts(enriched.connection) if school.school_id == "s0"]
    # responses (1 + .5) / 2 = .75 and .5: mean .625, SE .125; t(1) = 12.706: cut at 0 and 1;
    # relevance is none of the four
    assert (facts.climate, facts.n_responses) == (0.625, 2)
    assert (facts.climate_low, facts.climate_high) == (0.0, 1.0)


def test_places_without_teachers_and_years_without_attendance_have_no_balance(enriched):
    assert {school for (school,) in enriched.rows(BALANCE, "school_id")} == {*SCHOOLS, "s9"}
    assert {year for (year,) in enriched.rows(BALANCE, "school_year")} == {2025}


def test_a_school_whose_staff_attended_nothing_has_zero_hours_and_no_quadrant(enriched):
    rows = enriched.rows(BALANCE, "school_id hours alignment hours_per_teacher quadrant is_worth_a_visit")
    assert rows[-1] == ("s9", 0.0, None, 0.0, "not available", False)


def test_without_ratings_survey_and_growth_the_rules_say_what_was_not_judged(schools):
    balance(schools, absent=["school_priority_rating", "survey"])
    assert schools.rows(BALANCE, "not_judged")[0] == (
        "need and fit not judged: no school_priority_rating source; staff climate not judged: no survey"
        " of it; student growth not judged: no value-added",
    )


def test_without_schools_and_levels_all_schools_are_compared_with_each_other(schools):
    schools.connection.execute("delete from core.school")
    balance(schools)
    assert schools.rows(BALANCE, "school_level n_peers") == [("unknown", 6)] * 6


def test_a_school_of_fewer_than_five_staff_is_hidden_with_all_its_words(schools):
    schools.add(
        "staff_assignment",
        "staff_id school_id school_year role\n" + "\n".join(f"v{i} s5 2025 teacher" for i in range(3)),
    )
    balance(schools)
    schools.build("report.school_balance", "report.school_need_fit")
    shown = schools.connection.execute(
        "select * from report.school_balance where not is_suppressed"
    ).fetchall()
    assert [row[0] for row in shown] == ["s5"]  # five staff; the others have two
    hidden = {
        name
        for name, *_ in schools.connection.execute("describe report.school_balance").fetchall()
        if schools.connection.execute(
            f"select count({name}) from report.school_balance where is_suppressed"
        ).fetchall()[0][0]
    }
    assert hidden == {
        "school_id", "school_year", "school_name", "school_level", "quadrant", "is_worth_a_visit",
        "is_to_look_at_first", "is_suppressed",
    }  # fmt: skip
    flags = schools.connection.execute(
        "select distinct quadrant, is_worth_a_visit, is_to_look_at_first from report.school_balance"
        " where is_suppressed"
    ).fetchall()
    assert flags == [("not available", False, False)]
    ratings = schools.connection.execute(
        "select count(need), count(fit), count(gap), count(hours_per_teacher), count(need_and_hours)"
        " from report.school_need_fit where is_suppressed"
    ).fetchall()
    assert ratings == [(0, 0, 0, 0, 0)]


@pytest.mark.parametrize("table", [NEED_FIT, BALANCE])
def test_keys_are_unique_and_required_columns_filled(computed, table):
    declared = OUTPUTS[table]
    keys = ", ".join(declared.key)
    rows = computed.connection.execute(f"select count(*), count(distinct ({keys})) from {table}").fetchall()
    assert rows == [(6, 6)]


def test_hours_meet_need_by_priority_and_over_all_leaves_out_few_schools(computed):
    rows = computed.connection.execute(
        "select category, value, status, note from estimates.indicator where indicator = 'hours_meet_need'"
        " order by category"
    ).fetchall()
    assert rows == [
        ("D1", None, "not_available", "not computed: fewer than 8 schools"),
        ("all", None, "not_available", "not computed: no priority has a rank correlation"),
    ]


def test_hours_that_follow_need_are_a_strength(schools):
    extra = [f"s{i}" for i in range(6, 12)]
    schools.add(
        "school",
        "school_id school_name school_level\n" + "\n".join(f"{name} {name} elementary" for name in extra),
    )
    schools.add(
        "staff_assignment",
        "staff_id school_id school_year role\n" + "\n".join(f"t{i} s{i} 2025 teacher" for i in range(6, 12)),
    )
    participations(schools, *(f"t{i} A 2024-10-01 {i + 1}" for i in range(6, 12)))
    schools.add(
        "school_priority_rating",
        "school_id priority_id school_year need fit source\n"
        + "\n".join(f"s{i} D1 2025 5 3 visit" for i in range(6, 12)),
    )
    balance(schools)
    rows = schools.connection.execute(
        "select category, value > 0.8, ci_low > 0, status, denominator from estimates.indicator"
        " where indicator = 'hours_meet_need' order by category"
    ).fetchall()
    assert rows == [("D1", True, True, "strength", 12.0), ("all", True, True, "strength", 12.0)]


def test_one_source_of_ratings_has_nothing_to_be_compared_with(computed):
    rows = computed.connection.execute(
        "select value, note from estimates.indicator where indicator = 'rating_source_difference'"
    ).fetchall()
    assert rows == [(None, "not computed: all ratings of a year come from one source")]
