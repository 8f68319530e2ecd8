"""The four drivers of a system that learns: answers in, means, gaps and changes with their arithmetic."""

from __future__ import annotations

import math

import pytest

from tests.spec.learning_core import compute, prepare
from transforms.improvement.driver_cells import Cell, drivers_with_other_questions, read_cells
from transforms.improvement.driver_changes import OTHER_QUESTIONS, driver_changes
from transforms.improvement.driver_gaps import driver_gaps
from transforms.improvement.driver_scores import ONE_PERSON, ONE_PLACE, driver_scores
from transforms.improvement.learning_indicators import WITHHELD, change_rows, driver_rows, gap_rows
from transforms.surveys.icc import GroupSums, intraclass_correlation


def cell(school: str | None, year: int, role: str, *answers: float, driver: str = "trust") -> Cell:
    """Answers of different people to one survey."""
    squares = sum(answer * answer for answer in answers)
    return Cell(driver, school, year, role, len(answers), sum(answers), squares, len(answers))


def survey(core, survey_id: str, day: str, items: str, answers: str, activity: str = ".") -> None:
    """Add a survey. Items: item, lowest, highest, construct; answers: response, school, item, value."""
    core.add("survey", f"survey_id title administered_date pd_activity_id\n{survey_id} T {day} {activity}")
    rows = [f"{survey_id} {line} likert false" for line in items.strip().splitlines()]
    names = "survey_id item_id scale_min scale_max construct wording response_type is_reverse_scored"
    core.add("survey_item", "\n".join([names, *(_with_wording(row) for row in rows)]))
    lines = [line.split() for line in answers.strip().splitlines()]
    responses = dict.fromkeys((line[0], line[1]) for line in lines)
    core.add(
        "survey_response",
        "\n".join(["response_id survey_id school_id", *(f"{r} {survey_id} {s}" for r, s in responses)]),
    )
    core.add(
        "survey_answer",
        "\n".join(["response_id item_id value", *(f"{r} {item} {value}" for r, _, item, value in lines)]),
    )


def _with_wording(row: str) -> str:
    survey_id, item, low, high, construct, *rest = row.split()
    return " ".join([survey_id, item, low, high, construct, f"Word-{item}", *rest])


def test_answers_of_any_range_become_points_from_1_to_5(core):
    survey(core, "CL", "2025-02-01", "T 1 4 trust", "r1 north T 4\nr2 north T 1\nr3 north T 2")
    prepare(core)
    (found,) = read_cells(core.connection)
    # 1 + 4 × (4-1)/3 = 5; 1; 1 + 4 × (2-1)/3 = 2.3333
    assert (found.n, found.total, found.role) == (3, pytest.approx(5 + 1 + 7 / 3), "other")
    assert found.squares == pytest.approx(25 + 1 + (7 / 3) ** 2)


def test_roles_are_gathered_in_five_groups(core):
    roles = ["teacher", "teacher_leader", "instructional_coach", "principal", "assistant_principal", "other"]
    core.add("survey", "survey_id title administered_date\nCL T 2025-02-01")
    core.add(
        "survey_item",
        "survey_id item_id wording response_type scale_min scale_max construct\n"
        "CL T How likert 1 5 trust\nCL R Who choice . . .",
    )
    core.add(
        "survey_response", "response_id survey_id school_id\n" + "\n".join(f"{r} CL north" for r in roles)
    )
    core.add(
        "survey_answer",
        "response_id item_id value\n" + "\n".join(f"{r} T 3\n{r} R {r}" for r in roles),
    )
    prepare(core)
    assert {(found.role, found.n) for found in read_cells(core.connection)} == {
        ("teacher", 1),
        ("coach", 2),
        ("principal", 2),
        ("other", 1),
    }


def test_a_survey_about_one_activity_is_no_climate_survey(core):
    core.add("pd_activity", "pd_activity_id title pd_type\nA Coaching coaching")
    survey(core, "FB", "2025-02-01", "T 1 5 trust", "r1 north T 4", activity="A")
    prepare(core)
    assert read_cells(core.connection) == ()


def test_two_surveys_of_a_year_are_answered_by_at_least_the_people_of_the_larger(core):
    survey(core, "FALL", "2024-10-01", "T 1 5 trust", "r1 north T 4\nr2 north T 4\nr3 north T 4")
    survey(core, "SPRING", "2025-03-01", "U 1 5 trust", "r4 north U 2\nr5 north U 2")
    prepare(core)
    (found,) = read_cells(core.connection)
    assert (found.n, found.total, found.n_persons) == (5, 16.0, 3)


def test_answers_to_items_without_a_range_are_left_out_and_counted(core):
    survey(core, "CL", "2025-02-01", "T . . trust", "r1 north T 4\nr2 north T 3")
    prepare(core)
    (found,) = read_cells(core.connection)
    assert (found.n, found.n_without_range) == (0, 2)
    assert driver_scores([found]) == []


def test_questions_that_change_between_years_are_noticed(core):
    survey(core, "A", "2024-02-01", "T 1 5 trust\nL 1 5 leadership", "r1 north T 4\nr1 north L 4")
    survey(core, "B", "2025-02-01", "T 1 5 trust\nM 1 5 leadership", "r2 north T 4\nr2 north M 4")
    prepare(core)
    assert drivers_with_other_questions(core.connection) == {"leadership"}


def test_mean_of_the_district_has_errors_by_school():
    cells = [
        cell("a", 2025, "teacher", 2),
        cell("b", 2025, "teacher", 4),
        cell("c", 2025, "teacher", 4, 4),
    ]
    score = next(row for row in driver_scores(cells) if row.school_id is None and row.role == "teacher")
    # mean 14/4 = 3.5; sums less n × mean -1.5, .5, 1; leverages .25, .25, .5:
    # variance (2.25/.75 + .25/.75 + 1/.5) / 4² = 1/3
    assert score.mean_score == 3.5
    assert score.interval.std_error == pytest.approx(math.sqrt(1 / 3))
    # d 1/3, 1/3, 1; q² 1/12, 1/12, 1/2: 1 / (11/9 - 2 × 5/9 + 4/9) = 1.8
    assert score.interval.df == pytest.approx(1.8)
    assert (score.n_answers, score.n_schools) == (4, 3)


def test_mean_of_a_school_has_errors_of_people():
    rows = driver_scores([cell("a", 2025, "teacher", 2, 3, 4, 3)])
    score = next(row for row in rows if row.school_id == "a" and row.role == "teacher")
    # SD √(2/3), SE √(2/3)/2 = .40825, t(.975, 3) = 3.18245: 3 ± 1.29923
    assert score.interval.ci_low == pytest.approx(3 - 3.182446 * math.sqrt(2 / 3) / 2, abs=1e-5)
    assert score.note is None


def test_answers_of_one_place_are_of_people_and_one_person_has_no_interval():
    rows = driver_scores([cell(None, 2025, "central_office", 2, 4), cell("a", 2025, "coach", 5)])
    by_role = {row.role: row for row in rows if row.school_id is None}
    # SD √2, SE 1, one degree
    assert by_role["central_office"].interval.std_error == pytest.approx(1.0)
    assert by_role["central_office"].note == ONE_PLACE
    assert (by_role["coach"].interval, by_role["coach"].note) == (None, ONE_PERSON)


def test_all_of_a_school_is_withheld_where_it_would_show_a_few_others():
    teachers = cell("a", 2025, "teacher", *[3] * 6)
    with_one = driver_scores([teachers, cell("a", 2025, "principal", 5)])
    with_five = driver_scores([teachers, cell("a", 2025, "principal", *[5] * 5)])
    # 7 less 6 teachers is one principal; 11 less 6 are five
    for rows, is_withheld in ((with_one, True), (with_five, False)):
        assert [row.is_withheld for row in rows if row.school_id == "a" and row.role == "all"] == [
            is_withheld
        ]
        assert not any(row.is_withheld for row in rows if row.role == "teacher")


def test_smallest_school_is_withheld_where_the_district_would_show_a_hidden_one():
    cells = [
        cell("a", 2025, "teacher", *[3] * 9),
        cell("b", 2025, "teacher", *[3] * 6),
        cell("c", 2025, "teacher", *[3] * 3),
    ]
    # the district's 18 less 9 and 6 are the three of c: b goes too, and 9 of b and c cannot be told apart
    found = {row.school_id for row in driver_scores(cells) if row.role == "teacher" and row.is_withheld}
    assert found == {"b"}


def test_no_school_is_withheld_where_five_or_more_are_hidden():
    cells = [cell("a", 2025, "teacher", *[3] * 9)]
    cells += [cell(school, 2025, "teacher", 3, 3, 3) for school in ("c", "d")]
    assert not any(row.is_withheld for row in driver_scores(cells) if row.role == "teacher")


def test_gap_is_within_schools_whichever_schools_answer():
    cells = [
        cell("a", 2025, "principal", 5),
        cell("a", 2025, "teacher", 4),
        cell("b", 2025, "principal", 4),
        cell("b", 2025, "teacher", 2, 2, 2),
        cell("c", 2025, "teacher", 1, 1, 1, 1),
    ]
    row = next(row for row in driver_gaps(cells) if row["role"] == "principal")
    # weights 1×1/2 = .5 and 1×3/4 = .75: (.5 × 1 + .75 × 2) / 1.25 = 1.6; c has no principal
    assert row["gap"] == pytest.approx(1.6)
    # (.3²/.6 + .3²/.4) / 1.25² = .24
    assert row["std_error"] == pytest.approx(math.sqrt(0.24))
    assert row["df"] == pytest.approx(1.0)
    assert (row["n_schools"], row["n_role"], row["n_teachers"]) == (2, 2, 4)


def test_gap_of_one_school_is_refused():
    cells = [cell("a", 2025, "principal", 5, 4), cell("a", 2025, "teacher", 4, 3)]
    row = next(row for row in driver_gaps(cells) if row["role"] == "principal")
    assert "gap" not in row
    assert row["note"] == "refused: both answered in 1 of the schools; 2 are needed"


@pytest.mark.parametrize(("n_leaders", "n_rows"), [(1, 0), (4, 0), (5, 1)])
def test_a_school_has_a_gap_of_its_own_only_with_five_leaders_and_five_teachers(n_leaders, n_rows):
    leaders = [5, 4, 5, 4, 5][:n_leaders]
    cells = [cell("a", 2025, "principal", *leaders), cell("a", 2025, "teacher", 3, 2, 3, 2, 3)]
    rows = [row for row in driver_gaps(cells) if row.get("school_id") == "a"]
    assert len(rows) == n_rows
    for row in rows:
        # 4.6 - 2.6; variances .3/5 each: SE √.12, Welch's df 4 + 4 = 8
        assert row["gap"] == pytest.approx(2.0)
        assert row["std_error"] == pytest.approx(math.sqrt(0.12))
        assert row["df"] == pytest.approx(8.0)


def test_change_is_within_schools_and_roles():
    cells = [
        cell("a", 2023, "teacher", 3),
        cell("a", 2024, "teacher", 4),
        cell("a", 2025, "teacher", 5),
        cell("b", 2024, "teacher", 3, 3),
        cell("b", 2025, "teacher", 3, 4),
        cell("c", 2025, "teacher", 1, 1, 1),
    ]
    row = next(row for row in driver_changes(cells) if row["role"] == "teacher")
    # a: squares 1 + 0 + 1 = 2, products -3 + 5 = 2; b: 4 × .25 = 1, -.5 × 6 + .5 × 7 = .5: 2.5/3.
    # c answered once and tells of no change
    assert row["change_per_year"] == pytest.approx(2.5 / 3)
    assert (row["n_answers"], row["n_schools"], row["n_years"]) == (7, 2, 3)
    assert (row["first_year"], row["last_year"]) == (2023, 2025)


def test_change_does_not_come_from_roles_that_answer_more_often_later():
    early = [cell(s, 2024, r, v) for s in "ab" for r, v in (("teacher", 3), ("principal", 5))]
    late = [cell(s, 2025, r, *v) for s in "ab" for r, v in (("teacher", (3,)), ("principal", (5, 5, 5)))]
    row = next(row for row in driver_changes([*early, *late]) if row["role"] == "all")
    # means of all rise from 4 to 4.5, those of each role not at all; without any error there is no interval
    assert row["note"] == "refused: fewer than 2 schools that answered in two years"


def test_change_of_one_year_is_refused():
    row = driver_changes([cell("a", 2025, "teacher", 3), cell("b", 2025, "teacher", 4)])[0]
    assert row["note"] == "refused: answers of one school year only"


def test_change_with_other_questions_says_so():
    cells = [cell(s, y, "teacher", 3, y - 2020 + i) for i, s in enumerate("abcdef") for y in (2024, 2025)]
    cells += [cell("g", 2024, "teacher", 3, 2), cell("g", 2025, "teacher", 1, 2)]
    row = driver_changes(cells, {"trust"})[0]
    assert str(row["note"]).startswith(OTHER_QUESTIONS)


def test_changes_are_adjusted_over_the_drivers_of_a_role():
    cells = [
        cell(school, year, "teacher", 3 + step * (year - 2024) + offset, 3 - offset, driver=driver)
        for driver, step in (("trust", 0.9), ("leadership", 0.1))
        for offset, school in ((0.3, "a"), (0.5, "b"), (-0.2, "c"), (0.1, "d"))
        for year in (2024, 2025)
    ]
    cells += [cell("e", 2024, "teacher", 3, driver=d) for d in ("trust", "leadership")]
    cells += [cell("e", 2025, "teacher", 3.1, driver=d) for d in ("trust", "leadership")]
    rows = {row["driver"]: row for row in driver_changes(cells) if row["role"] == "teacher"}
    smaller, larger = sorted(float(str(row["p_value"])) for row in rows.values())
    # Benjamini-Hochberg over two: the smaller × 2, the larger as it is (and none above the next)
    assert sorted(row["p_value_bh"] for row in rows.values()) == pytest.approx(
        sorted([min(2 * smaller, larger), larger])
    )


def test_icc_of_two_groups():
    found = intraclass_correlation([GroupSums(0, 2, 4.0, 10.0), GroupSums(0, 2, 12.0, 74.0)])
    # 1 3 and 5 7: MSB 16, MSW 2: (16 - 2) / (16 + 2) and (16 - 2) / 16
    assert (found.icc1, found.icc2) == (pytest.approx(14 / 18), pytest.approx(14 / 16))
    assert found.group_size == 2.0


def test_icc_takes_differences_of_years_out():
    groups = [GroupSums(0, 2, 4.0, 10.0), GroupSums(0, 2, 12.0, 74.0)]
    later = [GroupSums(1, 2, 24.0, 290.0), GroupSums(1, 2, 32.0, 514.0)]
    # the same two groups, ten points higher
    assert intraclass_correlation([*groups, *later]).icc1 == pytest.approx(14 / 18)


def test_icc_needs_two_groups_and_a_second_score():
    assert intraclass_correlation([GroupSums(0, 3, 9.0, 29.0)]) is None
    assert intraclass_correlation([GroupSums(0, 1, 3.0, 9.0), GroupSums(0, 1, 4.0, 16.0)]) is None


def test_a_school_is_judged_against_teachers_of_the_others_of_its_level():
    low, high = (2, 2, 2.5, 2, 2), (4, 4, 4, 4.5, 4)
    cells = [
        cell("a", 2025, "teacher", *low),
        cell("b", 2025, "teacher", *high),
        cell("m", 2025, "teacher", *low),
    ]
    levels = {"a": "elementary", "b": "elementary", "m": "middle"}
    rows = {row["school_id"]: row for row in driver_rows("trust", driver_scores(cells), levels)}
    # 2.1 ± .28 against 4.1 and the other way round; nobody else is a middle school
    assert (rows["a"]["status"], rows["a"]["comparison_value"]) == ("concern", pytest.approx(4.1))
    assert (rows["b"]["status"], rows["b"]["comparison_value"]) == ("strength", pytest.approx(2.1))
    assert (rows["m"]["status"], rows["m"]["comparison_value"]) == ("described", None)


def test_a_withheld_school_has_a_reason_and_no_value():
    cells = [cell(s, 2025, "teacher", *[3] * n) for s, n in (("a", 9), ("b", 6), ("c", 3))]
    rows = {row["school_id"]: row for row in driver_rows("trust", driver_scores(cells), {})}
    assert rows["b"]["note"] == WITHHELD
    assert "value" not in rows["b"]


def test_the_district_is_compared_with_the_year_before():
    cells = [cell("a", 2024, "teacher", 3, 3), cell("a", 2025, "teacher", 4, 4)]
    rows = driver_rows("trust", driver_scores(cells), {})
    found = {row["school_year"]: row["comparison_value"] for row in rows if row["school_id"] is None}
    assert found == {2024: None, 2025: 3.0}


@pytest.mark.parametrize(
    ("gap", "low", "status"), [(0.25, 0.01, "concern"), (0.24, 0.01, "typical"), (0.5, -0.01, "typical")]
)
def test_a_gap_is_a_concern_from_a_quarter_point_with_an_interval_above_zero(gap, low, status):
    row = {"driver": "trust", "school_year": 2025, "role": "principal", "gap": gap, "ci_low": low}
    (found,) = gap_rows([{**row, "ci_high": 1.0, "n_role": 9, "n_teachers": 30}])
    assert (found["status"], found["category"], found["n_persons"]) == (status, "trust", 9)


@pytest.mark.parametrize(
    ("low", "high", "status"), [(0.01, 0.1, "strength"), (-0.1, -0.01, "concern"), (0.0, 0.1, "typical")]
)
def test_a_change_is_judged_only_where_its_interval_leaves_zero_out(low, high, status):
    row = {"driver": "trust", "role": "all", "change_per_year": 0.05, "n_persons": 9, "note": None}
    (found,) = change_rows([{**row, "ci_low": low, "ci_high": high}], 2025)
    assert (found["status"], found["school_year"]) == (status, 2025)


def test_without_surveys_the_drivers_name_what_is_missing(core):
    prepare(core, absent=["survey", "survey_answer"])
    compute(core)
    rows = core.rows("estimates.indicator", "indicator status note")
    reason = "not available: no survey and no survey_answer source"
    driven = [row for row in rows if row[0].startswith("driver_") or row[0] == "perception_gap"]
    assert len(driven) == 6
    assert all(row[1:] == ("not_available", reason) for row in driven)
    assert core.rows("estimates.driver_score", "driver") == []


def test_a_build_without_any_row_says_that_nothing_could_be_computed(core):
    prepare(core)
    compute(core)
    rows = core.rows("estimates.indicator", "indicator status note")
    assert {row[0] for row in rows} == {
        "driver_trust",
        "driver_leadership",
        "driver_capacity_building",
        "driver_collaboration",
        "perception_gap",
        "driver_change",
        "schools_reached",
    }
    assert all(row[1] == "not_available" and row[2].startswith("not computed: nothing in") for row in rows)


def test_reports_hide_few_people_and_withheld_rows(core):
    prepare(core)
    base = (
        "'trust' as driver, 2025::smallint as school_year, 3.5 as mean_score, 40.0 as total, 9 as n_answers"
    )
    for role, n, is_withheld in (("teacher", 9, False), ("coach", 4, False), ("all", 12, True)):
        core.connection.execute(
            f"insert into estimates.driver_score by name select {base}, ? as role, ? as n_persons,"
            " 3 as n_schools, ? as is_withheld",
            [role, n, is_withheld],
        )
    rows = core.frame("report.driver_score", "role mean_score n_persons is_suppressed")
    assert rows == [
        ("all", None, None, True),
        ("coach", None, None, True),
        ("teacher", 3.5, 9, False),
    ]


def test_reports_hide_gaps_of_few_leaders(core):
    prepare(core)
    for role, n in (("principal", 5), ("coach", 4)):
        core.connection.execute(
            "insert into estimates.driver_gap by name select 'trust' as driver, 2025 as school_year,"
            " ? as role, .4 as gap, 4 as n_schools, ? as n_role, 30 as n_teachers",
            [role, n],
        )
    rows = core.frame("report.driver_gap", "role gap n_role is_suppressed")
    assert rows == [("coach", None, None, True), ("principal", 0.4, 5, False)]
