"""Rules of Guskey's chain: the number of each level, when it holds, where the chain breaks."""

from __future__ import annotations

import math

import pytest

from tests.spec.voice_tables import SMALL, SOURCES, add_effects, build_chain, chain_of, prepare
from transforms.surveys.chain_rules import (
    LEVELS,
    Break,
    ChainRules,
    Figure,
    combined,
    find_break,
    judge_change,
    judge_share,
)

ALL_YEARS = "school_year is null"


def ask(core, *lines: str, level: str = "reaction", anonymous: str = "false", kind: str = "coaching") -> None:
    """Surveys A of 2025 and B of 2024 about two activities; lines: response, survey, answer, staff."""
    core.add("pd_activity", f"pd_activity_id title pd_type\nPA One {kind}\nPB Two {kind}")
    core.add(
        "survey",
        f"""survey_id title administered_date pd_activity_id is_anonymous
            A one 2025-03-01 PA {anonymous}
            B two 2024-03-01 PB {anonymous}""",
    )
    core.add(
        "survey_item",
        f"""survey_id item_id wording response_type scale_min scale_max evaluation_level
            A q1 w likert 1 5 {level}
            B q1 w likert 1 5 {level}""",
    )
    answers = [line.split() for line in lines]
    core.add(
        "survey_response",
        "\n".join(["response_id survey_id staff_id", *(f"{r} {s} {who}" for r, s, _, who in answers)]),
    )
    core.add(
        "survey_answer",
        "\n".join(["response_id item_id value", *(f"{r} q1 {value}" for r, _, value, _ in answers)]),
    )


def climate(core, *lines: str) -> None:
    """An anonymous climate survey of 2024-25; lines: response, school, answer."""
    core.add("survey", "survey_id title administered_date is_anonymous\nCL climate 2025-02-01 true")
    core.add(
        "survey_item",
        """survey_id item_id wording response_type scale_min scale_max evaluation_level
           CL q1 w likert 1 5 organization_support""",
    )
    answers = [line.split() for line in lines]
    core.add(
        "survey_response",
        "\n".join(["response_id survey_id school_id", *(f"{r} CL {school}" for r, school, _ in answers)]),
    )
    core.add(
        "survey_answer",
        "\n".join(["response_id item_id value", *(f"{r} q1 {value}" for r, _, value in answers)]),
    )


def attend(core, *lines: str) -> None:
    """Attended days; lines: staff, activity, day."""
    names = "staff_id pd_activity_id participation_date hours attendance_status"
    core.add("pd_participation", "\n".join([names, *(f"{line} 2 attended" for line in lines)]))


def rate(core, *lines: str, rating_max: str = "5") -> None:
    """Observations in one domain; lines: staff, day, rating."""
    names = "observation_id staff_id observation_date rubric domain rating rating_max"
    rows = [line.split() for line in lines]
    core.add(
        "observation",
        "\n".join([names, *(f"o{who}{day} {who} {day} R d {n} {rating_max}" for who, day, n in rows)]),
    )


# what participants say


def test_reaction_is_the_mean_share_of_the_scale_with_errors_by_activity(core):
    ask(core, "r1 A 5 .", "r2 A 4 .", "r3 B 3 .", "r4 B 3 .")
    # shares 1, .75, .5, .5; mean .6875; sums of deviations .3125 + .0625 = .375 and -.375;
    # standard error = sqrt(2/1 × (.375² + .375²)) / 4 = sqrt(.5625) / 4 = .1875
    found = chain_of(core, "value std_error n_persons n_surveys", where=f"level = 'reaction' and {ALL_YEARS}")
    assert found == [(0.6875, pytest.approx(0.1875, abs=1e-12), 4, 2)]


def test_the_interval_has_one_degree_of_freedom_less_than_activities_and_stays_on_the_scale(core):
    ask(core, "r1 A 5 .", "r2 A 4 .", "r3 B 3 .", "r4 B 3 .")
    # t(1) at .975 = 12.7062: .6875 ± 12.7062 × .1875 = ± 2.38 → 0 and 1
    found = chain_of(core, "ci_low ci_high holds", where=f"level = 'reaction' and {ALL_YEARS}")
    assert found == [(0.0, 1.0, "unclear")]


def test_a_level_whose_whole_interval_is_above_the_line_holds(core):
    ask(
        core,
        *(f"a{i} A {n} ." for i, n in enumerate("5454")),
        *(f"b{i} B {n} ." for i, n in enumerate("54544")),
    )
    # shares 1 .75 1 .75 and 1 .75 1 .75 .75: mean 7.75 / 9 = .8611; sums of deviations ± .0556;
    # standard error = sqrt(2/1 × 2 × .0556²) / 9 = .01235; .8611 - 12.7062 × .01235 = .7042
    rows = chain_of(core, "value ci_low holds", where=f"level = 'reaction' and {ALL_YEARS}")
    assert rows == [(pytest.approx(7.75 / 9), pytest.approx(0.7042, abs=1e-4), "yes")]


def test_answers_that_do_not_differ_between_activities_have_no_interval(core):
    # A: shares 1, .75; B: .75, 1: sums of deviations 0 and 0
    ask(core, "r1 A 5 .", "r2 A 4 .", "r3 B 4 .", "r4 B 5 .")
    rows = chain_of(core, "value ci_low holds note", where=f"level = 'reaction' and {ALL_YEARS}")
    assert rows == [(0.875, None, "not shown", "no differences between clusters: no interval")]


def test_each_school_year_has_its_row_beside_all_years(core):
    ask(core, "r1 A 5 .", "r2 B 3 .")
    rows = chain_of(core, "school_year value holds", where="level = 'reaction'")
    # one activity a year gives no interval; .5 and 1 average .75
    assert rows == [(2024, 0.5, "not shown"), (2025, 1.0, "not shown"), (None, 0.75, "unclear")]


def test_answers_about_use_are_reported_use(core):
    ask(core, "r1 A 5 .", "r2 B 3 .", level="use")
    assert chain_of(core, "level value", where=f"value is not null and {ALL_YEARS}") == [
        ("use_reported", 0.75)
    ]


def test_an_answer_of_a_known_person_counts_that_person_once(core):
    ask(core, "r1 A 5 t1", "r2 B 3 t1", "r3 B 3 .")
    assert chain_of(core, "n_persons", where=f"level = 'reaction' and {ALL_YEARS}") == [(2,)]


def test_an_anonymous_response_is_joined_to_nobody_even_where_the_file_names_staff(core):
    ask(core, "r1 A 5 t1", "r2 B 3 t1", anonymous="true")
    assert chain_of(core, "n_persons", where=f"level = 'reaction' and {ALL_YEARS}") == [(2,)]


def test_fewer_people_than_the_minimum_are_not_judged(core):
    ask(core, "r1 A 5 .", "r2 A 4 .", "r3 B 3 .", "r4 B 3 .")
    rows = chain_of(core, "holds note", rules=ChainRules(), where=f"level = 'reaction' and {ALL_YEARS}")
    assert rows == [("not shown", "fewer than 5 people: not judged")]


# what the climate of their schools says


def two_schools(core, n_north: int = 1) -> None:
    """Climate .75 in north and .5 in south; two teachers of north and one of south in coaching."""
    climate(core, *(f"n{i} north 4" for i in range(n_north)), "s1 south 3")
    core.add("pd_activity", "pd_activity_id title pd_type\nC Coach coaching")
    core.add(
        "staff_assignment",
        """staff_id school_id school_year role
           t1 north 2025 teacher
           t2 north 2025 teacher
           t3 south 2025 teacher
           p1 south 2025 principal""",
    )
    attend(core, *(f"{who} C 2024-10-01" for who in ("t1", "t2", "t3", "p1")))


def test_without_a_survey_of_the_type_support_is_the_climate_of_the_teachers_schools(core):
    two_schools(core)
    # (.75 + .75 + .5) / 3 = 2/3; sums of deviations 2 × .0833 = .1667 and -.1667;
    # standard error = sqrt(2/1 × 2 × .1667²) / 3 = .3333 / 3 = .1111; the principal is no teacher
    rows = chain_of(
        core,
        "value std_error n_persons n_surveys",
        where=f"level = 'organization_support' and {ALL_YEARS}",
    )
    assert rows == [(pytest.approx(2 / 3), pytest.approx(1 / 9), 3, 1)]


def test_a_school_with_too_few_answers_lends_no_climate(core):
    two_schools(core, n_north=3)
    rules = ChainRules(least_persons=2)
    # south has one answer, north three: t1 and t2 alone, .75
    rows = chain_of(
        core, "value n_persons", rules=rules, where=f"level = 'organization_support' and {ALL_YEARS}"
    )
    assert rows == [(0.75, 2)]


def test_a_survey_of_the_type_goes_before_the_climate(core):
    ask(core, "r1 A 5 .", "r2 B 4 .", level="organization_support")
    climate(core, "n1 north 1")
    core.add("staff_assignment", "staff_id school_id school_year role\nt1 north 2025 teacher")
    attend(core, "t1 PA 2024-10-01")
    rows = chain_of(core, "value basis", where=f"level = 'organization_support' and {ALL_YEARS}")
    assert rows == [(0.875, "surveys about the type")]


# what observers see


def began(core, *more: str) -> None:
    """p1 and p2 begin coaching in October 2024; z attended a talk in 2022-23, the first year seen."""
    core.add("pd_activity", "pd_activity_id title pd_type\nC Coach coaching\nT Talk conference")
    attend(core, "z T 2022-10-01", "p1 C 2024-10-01", "p2 C 2024-10-15", *more)


def rated(core, *more: str, rating_max: str = "5") -> None:
    """Shares before and after: p1 .25 .75, p2 .5 .75; c1 .25 .25, c2 .25 .5."""
    rate(
        core,
        "p1 2024-05-01 2", "p1 2025-03-01 4",
        "p2 2024-05-01 3", "p2 2025-03-01 4",
        "c1 2024-05-01 2", "c1 2025-03-01 2",
        "c2 2024-05-01 2", "c2 2025-03-01 3",
        *more,
        rating_max=rating_max,
    )  # fmt: skip


OBSERVED = "difference std_error df n_participants n_comparison participants_before participants_after"


def observed(
    core, columns: str = OBSERVED, pd_type: str = "coaching", rules: ChainRules = SMALL
) -> list[tuple]:
    build_chain(core, rules=rules)
    query = f"select {', '.join(columns.split())} from estimates.guskey_observation where pd_type = ?"
    return core.connection.execute(query, [pd_type]).fetchall()


def test_observed_use_is_the_change_less_that_of_teachers_not_in_it(core):
    began(core)
    rated(core)
    # changes .5 and .25 of participants, 0 and .25 of the others, mean .125;
    # differences .375 and .125, mean .25. What each adds to the error: (.375 - .25) / 2 = .0625, -.0625,
    # of the others -(0 - .125) / 2 = .0625, -.0625; sqrt(4/3 × 4 × .0625²) = .144338; df = 2 - 1
    assert observed(core) == [(0.25, pytest.approx(0.144338, abs=1e-6), 1.0, 2, 2, 0.375, 0.75)]


@pytest.mark.parametrize(
    "line",
    [
        "p1 2024-10-01 1",  # the first day is neither before nor after
        "p1 2023-09-30 1",  # 367 days before
        "p1 2025-10-02 1",  # 366 days after
        "z 2024-05-01 5",  # rated once
    ],
)
def test_ratings_outside_the_two_years_around_the_first_day_do_not_count(core, line):
    began(core)
    rated(core, line)
    assert [row[0] for row in observed(core)] == [pytest.approx(0.25)]


def test_who_took_part_in_the_first_year_seen_is_in_neither_group(core):
    began(core, "old C 2022-11-01")
    rated(core, "old 2024-05-01 1", "old 2025-03-01 5")
    assert observed(core, "difference n_participants n_comparison") == [(0.25, 2, 2)]


def test_who_begins_within_the_year_after_is_no_comparison(core):
    began(core, "soon C 2025-05-01")
    rated(core, "soon 2024-05-01 1", "soon 2025-03-01 5")
    # soon begins later than p1 and p2 and is rated before it only: no participant, no comparison
    assert observed(core, "difference n_participants n_comparison") == [(0.25, 2, 2)]


def test_who_begins_later_than_that_is_a_comparison(core):
    began(core, "later C 2025-10-20")
    rated(core, "later 2024-05-01 2", "later 2025-03-01 3")
    # changes of the others 0, .25, .25: mean 1/6; .375 - 1/6 = .208333
    assert observed(core, "difference n_comparison") == [(pytest.approx(0.375 - 1 / 6), 3)]


def test_the_domains_that_were_rated_do_not_matter(core):
    began(core)
    rated(core)
    names = "observation_id staff_id observation_date rubric domain rating rating_max"
    # In a lenient domain everybody has 5; p1 is rated in it after, c1 before. Each is the domain's mean.
    core.add("observation", f"{names}\nx1 p1 2025-03-01 R easy 5 5\nx2 c1 2024-05-01 R easy 5 5")
    # Deviations from the mean of domain d (.4375): p1 after = (.3125 + 0) / 2 = .15625, before -.1875;
    # change .34375; p2 .25; c1 after -.1875, before -.09375: -.09375; c2 .25; mean .078125
    # ((.34375 + .25) / 2) - .078125 = .21875: as if nothing had been added to the mean of all
    assert [row[0] for row in observed(core)] == [pytest.approx(0.21875)]


def test_ratings_without_a_highest_one_are_in_standard_deviations(core):
    began(core)
    rated(core, rating_max=".")
    # ratings 2 4 3 4 2 2 2 3: mean 2.75, sd sqrt(.6875) = .829156; difference 1 rating
    found = observed(core, "difference unit")
    assert found == [(pytest.approx(1 / math.sqrt(0.6875)), "standard deviations of ratings")]


def test_ratings_off_their_scale_are_left_out(core):
    began(core)
    rated(core, "p1 2024-06-01 0", "p2 2024-06-01 6")
    assert [row[0] for row in observed(core)] == [0.25]


def test_too_few_teachers_give_no_number_and_the_reason(core):
    began(core)
    rated(core)
    found = observed(core, "difference n_participants note", rules=ChainRules())
    # two comparison teachers are fewer than the five that a month needs
    assert found == [(None, 0, "fewer than 10 teachers rated both before and after they began")]


# how students grow


def test_both_subjects_come_from_the_design_of_the_first_page(core):
    core.add("pd_activity", "pd_activity_id title pd_type\nC Coach coaching")
    prepare(core)
    figures = {"estimate_sd": 0.1, "std_error": 0.02, "ci_low": 0.06, "ci_high": 0.14, "p_value_bh": 0.01}
    matched = {**figures, "design": "matched", "estimate_sd": 0.12}
    add_effects(
        core,
        figures,
        {**figures, "academic_subject": "mathematics"},
        matched,
        {**matched, "academic_subject": "mathematics", "p_value_bh": 0.2},
        {**matched, "subgroup": "novice", "estimate_sd": 9.0},
    )
    rows = chain_of(core, "academic_subject basis value holds n_persons", where="level = 'student_outcomes'")
    assert rows == [
        ("ela", "matched, participated", 0.12, "yes", 40),
        ("mathematics", "matched, participated", 0.12, "unclear", 40),  # .2 among all types
    ]


@pytest.mark.parametrize(
    ("effect", "note"),
    [
        ({"note": "refused: nobody takes part"}, "nobody takes part"),
        ({"estimate_sd": 0.1, "ci_low": 0.0, "ci_high": 0.2, "is_struck_out": True}, "calibration"),
        ({"estimate_sd": 0.1, "ci_low": 0.0, "ci_high": 0.2, "df": 3.0}, "too few schools to judge"),
    ],
)
def test_growth_that_cannot_be_judged_says_why(core, effect, note):
    core.add("pd_activity", "pd_activity_id title pd_type\nC Coach coaching")
    prepare(core)
    add_effects(core, effect)
    ((value, holds, told),) = chain_of(core, "value holds note", where="level = 'student_outcomes'")
    assert (value, holds) == (None, "not shown")
    assert note in told


# when a level holds


@pytest.mark.parametrize(
    ("low", "high", "n", "outcome"),
    [
        (0.61, 0.70, 5, "yes"),
        (0.60, 0.70, 5, "unclear"),  # the line itself is not above it
        (0.50, 0.60, 5, "unclear"),
        (0.50, 0.59, 5, "no"),
        (0.61, 0.70, 4, "not shown"),
        (None, None, 50, "not shown"),
    ],
)
def test_answers_hold_above_the_line(low, high, n, outcome):
    assert judge_share(Figure(0.6, low, high), n, ChainRules()) == outcome


@pytest.mark.parametrize(
    ("low", "high", "p", "outcome"),
    [
        (0.01, 0.09, 0.04, "yes"),
        (0.01, 0.04, 0.04, "yes"),  # small, but clear of 0
        (0.01, 0.09, 0.05, "unclear"),  # not among all types
        (0.01, 0.04, 0.05, "no"),  # not among all types, and too small to matter
        (0.01, 0.09, None, "yes"),
        (0.00, 0.09, 0.05, "unclear"),
        (-0.02, 0.05, 0.60, "unclear"),
        (-0.02, 0.049, 0.60, "no"),
        (-0.09, -0.01, 0.01, "no"),
        (None, None, None, "not shown"),
    ],
)
def test_a_change_holds_clear_of_zero_and_fails_below_what_matters(low, high, p, outcome):
    assert judge_change(Figure(0.02, low, high, p), 0.05, ChainRules()) == outcome


@pytest.mark.parametrize(
    ("outcomes", "one"),
    [
        (["yes", "no"], "yes"),
        (["no", "no"], "no"),
        (["no", "unclear"], "unclear"),
        (["no", "not shown"], "no"),
        (["not shown"], "not shown"),
        ([], "not shown"),
    ],
)
def test_growth_holds_where_it_does_in_one_subject(outcomes, one):
    assert combined(outcomes) == one


def chain_with(**outcomes: str) -> dict[str, str]:
    return {**dict.fromkeys(LEVELS, "yes"), **outcomes}


@pytest.mark.parametrize(
    ("holds", "broken"),
    [
        (chain_with(), Break(None, "whole", 6, ())),
        (
            chain_with(reaction="no"),
            Break("reaction", "no", 0, LEVELS[1:]),
        ),
        (
            chain_with(use_observed="unclear", student_outcomes="no"),
            Break("use_observed", "unclear", 4, ()),
        ),
        (
            chain_with(learning="unclear", use_reported="no"),
            Break("learning", "unclear", 1, (LEVELS[2], *LEVELS[4:])),
        ),
        ({}, Break("reaction", "not shown", 0, ())),
    ],
)
def test_the_chain_breaks_at_the_first_level_that_does_not_hold(holds, broken):
    assert find_break(holds) == broken


def test_the_break_is_of_all_years_together(core):
    # 2025 alone is not shown (one activity); all years are unclear
    ask(core, "r1 A 5 .", "r2 B 3 .")
    build_chain(core)
    rows = core.connection.execute(
        "select pd_type, level, outcome, n_levels_held from estimates.guskey_break"
    )
    assert rows.fetchall() == [("coaching", "reaction", "unclear", 0)]


# missing sources


def test_every_type_has_every_level_and_each_says_which_source_is_missing(core):
    core.add("pd_activity", "pd_activity_id title pd_type\nC Coach coaching")
    rows = chain_of(core, "level holds note", sources=["pd_activity"])
    no_survey = (
        "not available: no survey and no survey_item and no survey_response and no survey_answer source"
    )
    assert rows == sorted(
        [
            *((level, "not shown", no_survey) for level in LEVELS[:4]),
            ("use_observed", "not shown", "not available: no observation source"),
            ("student_outcomes", "not shown", "no comparison of its participants with growth was made"),
        ]
    )


def test_sources_without_rows_give_reasons_too(core):
    core.add("pd_activity", "pd_activity_id title pd_type\nC Coach coaching")
    rows = dict(chain_of(core, "level note", sources=SOURCES))
    assert rows["reaction"] == "no survey about the type asks for it"
    assert rows["use_observed"] == "fewer than 10 teachers rated both before and after they began".replace(
        "10", str(SMALL.least_teachers)
    )


def test_without_activities_the_tables_are_empty(core):
    assert chain_of(core, "level") == []
