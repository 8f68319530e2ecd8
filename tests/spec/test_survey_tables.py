"""Rules of estimates.survey_* and report.survey_*."""

from __future__ import annotations

import pytest

from tests.spec.survey_bench import SURVEY_TABLES, Bench
from transforms.surveys.rules import ITEM_RULE, SCHOOL_RULE

TWO = {"q1": "trust", "q2": "trust"}
THREE = {**TWO, "q3": "trust"}


@pytest.fixture
def bench(core) -> Bench:
    return Bench(core)


# scales


def test_scale_has_mean_error_and_shares_of_its_answers(bench):
    bench.survey("s", TWO, invited=8)
    bench.answers("s", [(1, 1), (3, 3), (5, 5), (5, 3), (2, None), (None, None)])
    bench.compute()
    ((n, complete, rate, mean, error),) = bench.rows(
        "estimates.survey_scale", "n_responses n_complete response_rate mean std_error"
    )
    # scores 1, 3, 5, 4, 2: mean 3, s² = 2.5, SE √(2.5/5); six of eight responded
    assert (n, complete, rate, mean, error) == (5, 4, 0.75, 3, pytest.approx(0.5**0.5))
    shares = "floor_share negative_share neutral_share positive_share ceiling_share"
    # answers 1 1 3 3 5 5 5 3 2: 2/9 lowest, 3/9 below 3, 3/9 at it, 3/9 above and highest
    assert bench.rows("estimates.survey_scale", shares) == [
        tuple(pytest.approx(k / 9) for k in (2, 3, 3, 3, 3))
    ]


def test_surveys_with_the_same_items_are_read_together_and_one_by_one(bench):
    for survey, rows in (("a", [(1, 1), (3, 3)]), ("b", [(5, 5)])):
        bench.survey(survey, TWO, title=f"Feedback: {survey}")
        bench.answers(survey, rows)
    bench.compute()
    rows = bench.rows("estimates.survey_scale", "survey_id title n_surveys n_responses mean std_error")
    assert rows == [
        ("a", "Feedback: a", 1, 2, 2.0, pytest.approx(1.0)),  # s/√n = √2/√2
        ("b", "Feedback: b", 1, 1, 5.0, None),
        # clusters: deviations from 3 sum to -2 and 2; √(2/1 · 8/9)
        (None, "Feedback", 2, 3, 3.0, pytest.approx(4 / 3)),
    ]


def test_the_same_items_in_another_year_are_another_row(bench):
    bench.survey("a", TWO, day="2024-02-10")
    bench.survey("b", TWO, day="2025-02-10")
    bench.answers("a", [(1, 1)])
    bench.answers("b", [(5, 5)])
    bench.compute()
    rows = bench.rows("estimates.survey_scale", "school_year survey_id n_surveys mean")
    assert rows == [(2024, "a", 1, 1.0), (2025, "b", 1, 5.0)]


def spread(n: int, turned: bool = False) -> list[tuple[int, int, int]]:
    """Answers to three items that go together, the third against the others where ``turned``."""
    return [(a := 1 + i % 5, min(5, max(1, a + (i % 3) - 1)), 6 - a if turned else a) for i in range(n)]


def test_alpha_of_a_survey_rests_on_complete_answers(bench):
    bench.survey("s", TWO)
    # the gap pair is left out: items equal → alpha 1
    bench.answers("s", [*[(1 + i % 5, 1 + i % 5) for i in range(10)], (5, None)])
    bench.compute()
    rows = bench.rows("estimates.survey_scale", "n_complete alpha spearman_brown omega omega_note rating")
    assert rows == [
        (10, pytest.approx(1), pytest.approx(1), None, "two items: omega needs three or more", "excellent")
    ]


def test_a_scale_of_one_item_is_reported_with_its_reliability_unknown(bench):
    bench.survey("s", {"q1": "trust"})
    bench.answers("s", [(i % 5 + 1,) for i in range(20)])
    bench.compute()
    rows = bench.rows("report.survey_scale", "mean alpha rating is_reported note")
    assert rows == [(3.0, None, "unknown", True, "one item: reliability cannot be computed")]


def test_a_single_survey_is_rated_by_its_questionnaire(bench):
    for survey, n in (("a", 60), ("b", 6)):
        bench.survey(survey, THREE)
        bench.answers(survey, spread(n))
    bench.compute()
    rows = bench.rows("estimates.survey_scale", "survey_id n_complete rating", "n_surveys = 1")
    assert [(survey, n) for survey, n, _ in rows] == [("a", 60), ("b", 6)]
    assert rows[0][2] == rows[1][2] == "excellent"
    alphas = dict(bench.rows("estimates.survey_scale", "survey_id alpha", "n_surveys = 1"))
    assert alphas["b"] is None


def test_an_item_against_its_scale_is_flagged_and_its_scale_not_reported(bench):
    bench.survey("s", THREE)
    bench.answers("s", spread(60, turned=True))
    bench.compute()
    rows = bench.rows("estimates.survey_item_statistic", "item_id flag rule")
    assert [row[:2] for row in rows] == [("q1", "none"), ("q2", "none"), ("q3", "against_scale")]
    assert {row[2] for row in rows} == {ITEM_RULE}
    ((alpha, rating, reported, n_flagged, turned),) = bench.rows(
        "estimates.survey_scale", "alpha rating is_reported n_flagged_items alpha_turned"
    )
    assert alpha < 0 < 0.8 < turned
    assert (rating, reported, n_flagged) == ("not_reported", False, 1)
    ((mean, note),) = bench.rows("report.survey_scale", "mean note")
    assert mean is None
    assert note == "not reported: its items do not hang together"


def test_the_same_item_marked_as_reversed_is_not_flagged(bench):
    bench.survey("s", {**TWO, "-q3": "trust"})
    bench.answers("s", spread(60, turned=True))
    bench.compute()
    assert {row[0] for row in bench.rows("estimates.survey_item_statistic", "flag")} == {"none"}
    assert bench.rows("estimates.survey_scale", "rating") == [("excellent",)]


def test_item_statistics_count_missing_answers_and_ends_of_the_scale(bench):
    bench.survey("s", {"q1": "trust", "q2": "trust"})
    bench.answers("s", [(1, 4), (5, 4), (5, None), (None, None)])
    bench.compute()
    columns = "item_id n_responses n_answers missing_share mean floor_share ceiling_share"
    assert bench.rows("estimates.survey_item_statistic", columns) == [
        ("q1", 4, 3, 0.25, pytest.approx(11 / 3), pytest.approx(1 / 3), pytest.approx(2 / 3)),
        ("q2", 4, 2, 0.5, 4.0, 0.0, 0.0),
    ]


def test_a_rated_item_without_a_construct_has_statistics_and_says_so(bench):
    bench.survey("s", {"q1": "trust", "q2": None})
    bench.answers("s", [(1, 4)])
    bench.compute()
    rows = bench.rows("estimates.survey_item_statistic", "item_id mean construct note")
    assert rows[1] == ("q2", 4.0, None, "belongs to no construct")


# schools


def climate(bench: Bench, means: dict[str, int], n: int = 6) -> None:
    """Six equal-spread answers a school around its mean, two items that go together."""
    bench.survey("s", TWO, anonymous=True, invited=100)
    for school, mean in means.items():
        around = [(mean + d, mean + d) for d in (-1, 0, 0, 0, 0, 1)[:n]]
        bench.answers("s", around, school=school)


def test_schools_that_differ_and_agree_may_be_shown(bench):
    climate(bench, {"east": 2, "north": 3, "south": 4})
    bench.compute()
    ((verdict, shown, icc2, r_wg, rule),) = bench.rows(
        "estimates.survey_aggregation", "verdict may_be_shown icc2 median_r_wg rule"
    )
    # MSB = 6·(1 + 0 + 1)/2 = 6; MSW = 3·2/15 = 0.4; ICC(2) = 5.6/6
    assert icc2 == pytest.approx(5.6 / 6)
    # item variance 0.4 against 2: ratio 0.2 → 2·0.8/(2·0.8 + 0.2)
    assert r_wg == pytest.approx(1.6 / 1.8)
    assert (verdict, shown, rule) == ("clear", True, SCHOOL_RULE)
    rows = bench.rows("report.survey_school_scale", "school_id mean n_responses may_be_shown")
    assert rows == [
        ("east", 2.0, 6, True),
        ("north", 3.0, 6, True),
        ("south", 4.0, 6, True),
        (None, 3.0, 18, True),
    ]


def test_schools_that_do_not_differ_are_not_shown_but_the_district_is(bench):
    climate(bench, {"east": 3, "north": 3, "south": 3})
    bench.compute()
    assert bench.rows("estimates.survey_aggregation", "verdict icc2") == [("not_supported", 0.0)]
    rows = bench.rows("report.survey_school_scale", "school_id mean note")
    assert rows[3] == (None, 3.0, None)
    assert {mean for school, mean, _ in rows if school} == {None}
    assert all("not supported" in note for school, _, note in rows if school)


def test_one_school_cannot_be_judged(bench):
    climate(bench, {"east": 3})
    bench.compute()
    rows = bench.rows("estimates.survey_aggregation", "verdict note")
    assert rows == [("unknown", "fewer than two schools with two answers")]


def test_a_hidden_school_takes_the_smallest_shown_one_along(bench):
    climate(bench, {"east": 2, "north": 3, "south": 4})
    # district, east, north and south would tell what the two of west said
    bench.answers("s", [(5, 5), (5, 4)], school="west")
    bench.answers("s", [(4, 4)], school="south")
    bench.compute()
    rows = bench.rows("report.survey_school_scale", "school_id n_responses is_suppressed")
    assert rows == [
        ("east", None, True),
        ("north", 6, False),
        ("south", 7, False),
        ("west", None, True),
        (None, 21, False),
    ]


def test_five_hidden_responses_take_nothing_along(bench):
    climate(bench, {"east": 2, "north": 3, "south": 4})
    bench.answers("s", [(5, 5), (5, 4)], school="west")
    bench.answers("s", [(5, 5), (5, 4), (1, 1)])
    bench.compute()
    hidden = bench.rows("report.survey_school_scale", "school_id", "is_suppressed")
    assert hidden == [("west",)]


def test_the_only_principal_of_a_school_never_follows_from_its_teachers(bench):
    climate(bench, {"north": 3, "south": 4})
    bench.sql(
        "insert into core.survey_item (survey_id, item_id, wording, response_type)"
        " values ('s', 'role', 'Role?', 'choice')"
    )
    bench.sql(
        "insert into core.survey_answer (response_id, item_id, value)"
        " select response_id, 'role', case when response_id in ('r0001', 'r0007') then 'principal'"
        " else 'teacher' end from core.survey_response"
    )
    bench.compute()
    # five teachers are enough, but all six less the five teachers are the principal
    shown = set(bench.rows("report.survey_school_scale", "school_id respondent_role", "not is_suppressed"))
    for school in ("north", "south", None):
        assert (school, "principal") not in shown
        assert not {(school, "all"), (school, "teacher")} <= shown
    assert len(shown) == 2
    # evaluators have them all
    assert len(bench.rows("estimates.survey_school_scale", "mean", "respondent_role = 'principal'")) == 3


def test_a_role_of_a_school_never_follows_from_the_district_and_other_schools(bench):
    bench.survey("s", {**TWO}, anonymous=True)
    bench.sql(
        "insert into core.survey_item (survey_id, item_id, wording, response_type)"
        " values ('s', 'role', 'Role?', 'choice')"
    )
    # teachers: north 9, south 8, east 2 beside 9 coaches there: the district's 19 less 17 are those two
    roles = ["teacher"] * 9 + ["principal"] * 6 + ["teacher"] * 8 + ["principal"] * 6 + ["teacher"] * 2
    schools = ["north"] * 15 + ["south"] * 14 + ["east"] * 12
    roles += ["instructional_coach"] * 10
    for school, role in zip(schools, roles, strict=True):
        bench.answers("s", [(4, 4)], school=school)
        bench.says(role)
    bench.compute()
    shown = set(bench.rows("report.survey_school_scale", "school_id respondent_role", "not is_suppressed"))
    assert ("east", "teacher") not in shown
    assert not {("east", "all"), ("east", "instructional_coach")} <= shown
    assert not {(None, "teacher"), ("north", "teacher"), ("south", "teacher")} <= shown
    assert len(shown) >= 8


def test_a_hidden_survey_takes_the_smallest_shown_one_along(bench):
    for survey, n in (("a", 7), ("b", 6), ("c", 2)):
        bench.survey(survey, TWO, title=f"Feedback {survey}")
        bench.answers(survey, [(1 + i % 5, 1 + i % 5) for i in range(n)])
    bench.compute()
    # their rows are gone: a count that is never null cannot be emptied
    rows = bench.rows("report.survey_scale", "title mean is_suppressed")
    assert [(title, hidden) for title, _, hidden in rows] == [("Feedback", False), ("Feedback a", False)]
    assert None not in [mean for _, mean, _ in rows]


# response


def test_response_rate_with_its_interval(bench):
    bench.survey("s", TWO, invited=10)
    bench.answers("s", [(1, 1)] * 6)
    bench.compute()
    columns = "basis group_kind n_invited n_responses response_rate ci_low ci_high"
    # Wilson (1927) of 6 of 10: 0.3127 to 0.8318
    assert bench.rows("estimates.survey_response", columns) == [
        ("invited", "all", 10, 6, 0.6, pytest.approx(0.3127, abs=5e-5), pytest.approx(0.8318, abs=5e-5))
    ]


@pytest.mark.parametrize(
    ("invited", "note"),
    [(None, "how many were invited is not known"), (2, "more responses than people invited: no rate")],
)
def test_no_rate_without_a_sound_number_of_invited(bench, invited, note):
    bench.survey("s", TWO, invited=invited)
    bench.answers("s", [(1, 1)] * 3)
    bench.compute()
    assert bench.rows("estimates.survey_response", "response_rate note") == [(None, note)]


def test_participants_of_the_activity_are_the_invited_where_the_survey_does_not_say(bench):
    bench.core.add("pd_activity", "pd_activity_id title pd_type\nact Coaching coaching")
    for name in ("ann", "bob", "cyd", "dan"):
        bench.attends(name, "act")
    bench.survey("s", TWO, activity="act", anonymous=True)
    bench.answers("s", [(1, 1)] * 3)
    bench.compute()
    rows = bench.rows("estimates.survey_response", "n_invited response_rate invited_from")
    assert rows == [(4, 0.75, "participants of the activity")]


def district(bench: Bench, *, anonymous: bool = False) -> None:
    """60 teachers of whom 30 answer 4, 40 others of whom 10 answer 2, all of one school."""
    for i in range(60):
        bench.staff(f"t{i}", "north")
    for i in range(40):
        bench.staff(f"o{i}", "north", "instructional_coach")
    bench.survey("s", TWO, anonymous=anonymous, invited=100)
    bench.answers("s", [(4, 4)] * 30, staff=[f"t{i}" for i in range(30)])
    bench.answers("s", [(2, 2)] * 10, staff=[f"o{i}" for i in range(10)])
    bench.compute()


def test_response_by_role_where_staff_are_known(bench):
    district(bench)
    rows = bench.rows("estimates.survey_response", "group_value n_invited n_responses", "group_kind = 'role'")
    assert rows == [("instructional_coach", 40, 10), ("teacher", 60, 30)]


def test_weights_bring_back_the_shares_of_the_invited(bench):
    district(bench)
    cells = bench.rows("estimates.survey_response", "group_value weight", "group_kind = 'weight_cell'")
    # level and experience are not known: one part each, so that the last division names them too
    assert cells == [
        ("others, not known, not known", 4.0),
        ("teachers, not known, not known", 2.0),
    ]
    columns = "mean known_mean weighted_mean n_weighted"
    # (30·4 + 10·2)/40 = 3.5; weighted (60·4 + 40·2)/100 = 3.2
    assert bench.rows("estimates.survey_scale", columns) == [(3.5, 3.5, pytest.approx(3.2), 40)]


def test_an_anonymous_survey_has_no_weights_and_no_known_staff(bench):
    district(bench, anonymous=True)
    assert bench.rows("estimates.survey_response", "basis group_kind") == [("invited", "all")]
    assert bench.rows("estimates.survey_scale", "weighted_mean known_mean") == [(None, None)]


def test_who_was_invited_is_not_known_where_the_numbers_differ_by_more_than_a_tenth(bench):
    for i in range(60):
        bench.staff(f"t{i}", "north")
    bench.survey("s", TWO, invited=67)
    bench.answers("s", [(4, 4)] * 30, staff=[f"t{i}" for i in range(30)])
    bench.compute()
    assert bench.rows("estimates.survey_response", "group_kind") == [("all",)]


def test_anonymous_respondents_are_counted_by_the_school_they_name(bench):
    for i in range(20):
        bench.staff(f"n{i}", "north")
    for i in range(10):
        bench.staff(f"s{i}", "south")
    bench.survey("s", TWO, anonymous=True, invited=30)
    bench.answers("s", [(4, 4)] * 15, school="north")
    bench.answers("s", [(4, 4)] * 4, school="south")
    bench.answers("s", [(4, 4)])
    bench.compute()
    rows = bench.rows(
        "estimates.survey_response", "basis group_value n_invited n_responses note", "group_kind = 'school'"
    )
    note = "1 respondents did not say; rates are that much too low"
    assert rows == [
        ("said_by_respondent", "north", 20, 15, note),
        ("said_by_respondent", "south", 10, 4, note),
    ]


def test_groups_of_fewer_than_five_invited_are_hidden(bench):
    for i in range(20):
        bench.staff(f"t{i}", "north")
    bench.staff("p", "north", "principal")
    bench.survey("s", TWO, invited=21)
    bench.answers("s", [(4, 4)] * 11, staff=[*(f"t{i}" for i in range(10)), "p"])
    bench.compute()
    rows = bench.rows("report.survey_response", "group_value n_responses", "group_kind = 'role'")
    # ten of eleven teachers and principals of the school: beside it they would tell of the principal
    assert rows == [("principal", None), ("teacher", None)]


# change


def pair(bench: Bench, *, anonymous: bool = False, activity: str | None = None) -> None:
    for survey, day in (("pre", "2024-09-01"), ("post", "2025-05-01")):
        bench.survey(survey, TWO, day=day, anonymous=anonymous, activity=activity)


COMPARED = "change_kind comparison n_first n_later mean_first mean_later change"


def test_the_same_people_before_and_after_an_activity_are_matched_and_others_told_apart(bench):
    bench.core.add("pd_activity", "pd_activity_id title pd_type\nact Coaching coaching")
    pair(bench, activity="act")
    bench.answers("pre", [(1, 1), (2, 2), (3, 3), (5, 5)], staff=["ann", "bob", "cyd", "dan"])
    bench.answers("post", [(2, 2), (4, 4), (3, 3), (1, 1)], staff=["ann", "bob", "cyd", "eve"])
    bench.compute()
    # matched 1, 2, 3 → 2, 4, 3: mean change 1, SD 1; unmatched dan 5, eve 1
    assert bench.rows("estimates.survey_change", COMPARED) == [
        ("activity", "matched", 3, 3, 2.0, 3.0, 1.0),
        ("activity", "unmatched", 1, 1, 5.0, 1.0, -4.0),
    ]
    ((error, spread_of_changes),) = bench.rows(
        "estimates.survey_change", "std_error sd_change", "comparison = 'matched'"
    )
    assert (error, spread_of_changes) == pytest.approx((3**-0.5, 1))


def test_anonymous_surveys_are_never_matched(bench):
    pair(bench, anonymous=True)
    bench.answers("pre", [(1, 1), (2, 2)], staff=["ann", "bob"])
    bench.answers("post", [(2, 2), (4, 4)], staff=["ann", "bob"])
    bench.compute()
    rows = bench.rows("estimates.survey_change", COMPARED)
    assert rows == [("within_year", "unmatched", 2, 2, 1.5, 3.0, 1.5)]


def test_first_and_last_day_are_compared_not_those_between(bench):
    pair(bench, anonymous=True)
    bench.survey("mid", TWO, day="2025-01-01", anonymous=True)
    for survey, value in (("pre", 1), ("mid", 5), ("post", 2)):
        bench.answers(survey, [(value, value)] * 2)
    bench.compute()
    rows = bench.rows("estimates.survey_change", "first_survey_id later_survey_id change")
    assert rows == [("pre", "post", 1.0)]


def test_surveys_of_different_activities_are_no_before_and_after(bench):
    bench.core.add("pd_activity", "pd_activity_id title pd_type\na Coaching coaching\nb Talk conference")
    bench.survey("x", TWO, day="2024-09-01", activity="a")
    bench.survey("y", TWO, day="2025-05-01", activity="b")
    for survey in "xy":
        bench.answers(survey, [(3, 3)] * 3, staff=["ann", "bob", "cyd"])
    bench.compute()
    assert bench.rows("estimates.survey_change", "change_kind") == []


def test_a_construct_with_other_items_is_not_compared(bench):
    bench.survey("pre", {**TWO, "l1": "leadership"}, day="2024-09-01")
    bench.survey("post", {**THREE, "l1": "leadership"}, day="2025-05-01")
    bench.answers("pre", [(1, 1, 1)] * 2)
    bench.answers("post", [(2, 2, 2, 2)] * 2)
    bench.compute()
    # a third item of trust makes another scale; leadership is the same
    assert bench.rows("estimates.survey_change", "construct n_items change") == [("leadership", 1, 1.0)]


def test_years_are_compared_with_the_year_before_and_the_first_with_the_last(bench):
    for year, value in ((2023, 2), (2024, 3), (2025, 5)):
        bench.survey(f"c{year}", TWO, day=f"{year}-02-10", anonymous=True, title=f"Climate {year}")
        bench.answers(f"c{year}", [(value, value), (value - 1, value - 1)])
    bench.compute()
    rows = bench.rows("estimates.survey_change", "first_year later_year change comparison title")
    assert rows == [
        (2023, 2024, 1.0, "unmatched", "Climate"),
        (2023, 2025, 3.0, "unmatched", "Climate"),
        (2024, 2025, 2.0, "unmatched", "Climate"),
    ]


def test_changes_of_fewer_than_five_are_hidden_and_judged_by_nobody(bench):
    pair(bench)
    bench.answers("pre", [(1, 1)] * 4)
    bench.answers("post", [(5, 5), (5, 4), (4, 4), (4, 5), (5, 5)])
    bench.compute()
    assert bench.rows("estimates.survey_change", "direction") == [("not_computed",)]
    assert bench.rows("report.survey_change", "change direction is_suppressed") == [
        (None, "not_computed", True)
    ]


# nothing there


def test_without_surveys_all_tables_are_there_and_empty(bench):
    bench.compute()
    for name in SURVEY_TABLES:
        assert (
            bench.rows(f"estimates.survey_{name}", "school_year" if name != "change" else "later_year") == []
        )


def test_a_survey_nobody_answered_has_a_response_rate_of_zero_and_no_mean(bench):
    bench.survey("s", TWO, invited=10)
    bench.compute()
    assert bench.rows("estimates.survey_response", "response_rate") == [(0.0,)]
    assert bench.rows("report.survey_scale", "n_responses mean is_suppressed") == [(0, None, True)]
