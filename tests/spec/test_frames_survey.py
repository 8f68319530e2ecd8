"""Rules of the frames of surveys: questionnaires, respondents, item scores, scale scores."""

from __future__ import annotations

import pytest

QUESTIONNAIRE = "frames.survey_questionnaire"
RESPONDENT = "frames.survey_respondent"
ITEM_SCORE = "frames.survey_item_score"
SCORE = "frames.survey_score"

ITEMS = (
    "survey_id item_id wording response_type scale_min scale_max is_reverse_scored construct evaluation_level"
)


def add_survey(
    core, survey: str, day: str = "2025-02-10", anonymous: str = "false", activity: str = "."
) -> None:
    core.add(
        "survey",
        f"""survey_id title administered_date is_anonymous pd_activity_id
            {survey} Title_{survey} {day} {anonymous} {activity}""",
    )


def add_items(core, *lines: str) -> None:
    core.add("survey_item", "\n".join([ITEMS, *lines]))


def answer(core, response: str, survey: str, answers: str, staff: str = ".", school: str = ".") -> None:
    """``answers`` as item=value, ``.`` for an empty value."""
    core.add(
        "survey_response",
        f"response_id survey_id staff_id school_id\n{response} {survey} {staff} {school}",
    )
    rows = [f"{response} {item} {value}" for item, value in (pair.split("=") for pair in answers.split())]
    core.add("survey_answer", "\n".join(["response_id item_id value", *rows]))


TRUST = tuple(f"s q{i} Wording_{i} likert 1 5 false trust organization_support" for i in (1, 2, 3, 4))


def scores(core, columns: str = "response_id n_answered score score_share") -> list[tuple]:
    core.build(SCORE)
    names = columns.split()
    return sorted(
        core.connection.table(SCORE).filter("scale_kind = 'construct'").select(*names).fetchall(), key=str
    )


# scale scores


def test_score_is_the_mean_of_the_answered_items(core):
    add_survey(core, "s")
    add_items(core, *TRUST)
    answer(core, "r", "s", "q1=5 q2=4 q3=3")
    # (5 + 4 + 3)/3 = 4; (4 - 1)/(5 - 1) = 0.75
    assert scores(core) == [("r", 3, 4.0, 0.75)]


@pytest.mark.parametrize(("answers", "score"), [("q1=5 q2=3", 4.0), ("q1=5", None)])
def test_score_needs_half_of_the_items(core, answers, score):
    add_survey(core, "s")
    add_items(core, *TRUST)
    answer(core, "r", "s", answers)
    assert [row[2] for row in scores(core)] == [score]


def test_reversed_items_are_turned_round(core):
    add_survey(core, "s")
    add_items(
        core,
        "s q1 Wording likert 1 5 false trust use",
        "s q2 Worded_against likert 1 5 true trust use",
    )
    answer(core, "r", "s", "q1=4 q2=1")
    # 1 + 5 - 1 = 5: (4 + 5)/2
    assert scores(core) == [("r", 2, 4.5, 0.875)]


def test_answers_off_the_scale_or_no_number_do_not_count(core):
    add_survey(core, "s")
    add_items(core, *TRUST)
    answer(core, "r", "s", "q1=9 q2=2 q3=often q4=4")
    assert scores(core) == [("r", 2, 3.0, 0.5)]
    assert core.rows(ITEM_SCORE, "item_id score") == [("q2", 2.0), ("q4", 4.0)]


def test_a_reversed_item_without_a_scale_does_not_count(core):
    add_survey(core, "s")
    add_items(core, "s q1 Wording number . . false trust use", "s q2 Against number . . true trust use")
    answer(core, "r", "s", "q1=4 q2=1")
    assert scores(core) == [("r", 1, 4.0, None)]


def test_items_of_different_ranges_are_not_averaged(core):
    add_survey(core, "s")
    add_items(core, "s q1 Wording likert 1 5 false trust use", "s q2 Wording likert 1 10 false trust use")
    answer(core, "r", "s", "q1=4 q2=8")
    assert scores(core) == [("r", 2, None, None)]


def test_levels_of_evaluation_are_scored_like_constructs(core):
    add_survey(core, "s")
    add_items(
        core, "s q1 Wording likert 1 5 false trust reaction", "s q2 Wording likert 1 5 false . reaction"
    )
    answer(core, "r", "s", "q1=5 q2=2")
    rows = core.frame(SCORE, "scale_kind scale n_items score")
    assert rows == [("construct", "trust", 1, 5.0), ("evaluation_level", "reaction", 2, 3.5)]


# who answered


def test_role_and_school_of_a_known_respondent_come_from_the_assignment(core):
    core.add("staff_assignment", "staff_id school_id school_year role\ntom north 2025 principal")
    core.add("school", "school_id school_name school_level\nnorth North middle")
    core.add("staff", "staff_id is_novice\ntom false")
    add_survey(core, "s")
    add_items(core, *TRUST)
    answer(core, "r", "s", "q1=5 q2=4", staff="tom")
    rows = core.frame(RESPONDENT, "staff_id respondent_role school_id school_level is_novice")
    assert rows == [("tom", "principal", "north", "middle", False)]


@pytest.mark.parametrize("anonymous", ["true", "."])
def test_staff_of_a_survey_that_does_not_say_it_is_not_anonymous_are_never_known(core, anonymous):
    core.add("staff_assignment", "staff_id school_id school_year role\ntom north 2025 principal")
    add_survey(core, "s", anonymous=anonymous)
    add_items(core, *TRUST)
    answer(core, "r", "s", "q1=5 q2=4", staff="tom")
    assert scores(core, "staff_id respondent_role school_id") == [(None, None, None)]
    assert core.rows(RESPONDENT, "staff_id respondent_role school_id is_novice") == [(None, None, None, None)]


def test_role_of_an_anonymous_respondent_is_what_was_chosen(core):
    add_survey(core, "s", anonymous="true")
    add_items(core, *TRUST, "s role Role? choice . . . . .", "s like Like? choice . . . . .")
    answer(core, "r1", "s", "q1=5 q2=4 role=teacher like=yes", school="north")
    answer(core, "r2", "s", "q1=5 q2=4 like=teacher", school="north")
    rows = core.frame(RESPONDENT, "response_id respondent_role school_id")
    # "like" is no question for the role: "yes" is no role
    assert rows == [("r1", "teacher", "north"), ("r2", None, "north")]


def test_activity_of_the_response_outranks_that_of_the_survey(core):
    core.add("pd_activity", "pd_activity_id title pd_type\na Coaching coaching\nb Talk conference")
    add_survey(core, "s", activity="a")
    add_items(core, *TRUST)
    core.add("survey_response", "response_id survey_id pd_activity_id\nr1 s b\nr2 s .")
    assert core.frame(RESPONDENT, "response_id pd_type") == [("r1", "conference"), ("r2", "coaching")]


# questionnaires


@pytest.mark.parametrize(("day", "year"), [("2024-06-30", 2024), ("2024-07-01", 2025)])
def test_school_year_of_a_survey_runs_from_july_to_june(core, day, year):
    add_survey(core, "s", day)
    assert core.frame(QUESTIONNAIRE, "school_year") == [(year,)]


def same_questionnaire(core, first: str, second: str) -> bool:
    """Whether surveys of one item each, written as in ``ITEMS`` without the survey, are one questionnaire."""
    for survey, item in (("s1", first), ("s2", second)):
        add_survey(core, survey)
        add_items(core, f"{survey} {item}")
    ids = [row[0] for row in core.frame(QUESTIONNAIRE, "questionnaire_id")]
    assert None not in ids
    return ids[0] == ids[1]


ITEM = "q1 Clear_Goals likert 1 5 false trust use"


@pytest.mark.parametrize("other", [ITEM, "q1 clear_goals likert 1 5 . trust use"])
def test_surveys_with_the_same_rated_items_are_one_questionnaire(core, other):
    assert same_questionnaire(core, ITEM, other)


@pytest.mark.parametrize(
    "other",
    [
        "q2 Clear_Goals likert 1 5 false trust use",
        "q1 Clear_Aims likert 1 5 false trust use",
        "q1 Clear_Goals likert 1 4 false trust use",
        "q1 Clear_Goals likert 1 5 true trust use",
        "q1 Clear_Goals likert 1 5 false leadership use",
    ],
)
def test_another_id_wording_scale_direction_or_construct_makes_another_questionnaire(core, other):
    assert not same_questionnaire(core, ITEM, other)


def test_open_questions_do_not_make_another_questionnaire(core):
    for survey in ("s1", "s2"):
        add_survey(core, survey)
        add_items(core, f"{survey} {ITEM}")
    add_items(core, "s2 t1 Anything_else? text . . . . .")
    assert len({row[0] for row in core.frame(QUESTIONNAIRE, "questionnaire_id")}) == 1


def test_a_survey_that_rates_nothing_has_no_questionnaire(core):
    add_survey(core, "s")
    add_items(core, "s t1 Anything? text . . . . .")
    assert core.frame(QUESTIONNAIRE, "questionnaire_id questionnaire_title n_items") == [(None, "Title_s", 0)]


@pytest.mark.parametrize(
    ("titles", "shared"),
    [
        (("Feedback: coaching", "Feedback: lesson study"), "Feedback"),
        (("School climate 2023-24", "School climate 2024-25"), "School climate"),
        (("Pulse", "Pulse"), "Pulse"),
        (("Arts day", "Maths day"), "Arts day and others"),
    ],
)
def test_title_of_a_questionnaire_is_what_its_titles_begin_with(core, titles, shared):
    for survey, title in zip(("s1", "s2"), titles, strict=True):
        core.connection.execute(
            "insert into core.survey (survey_id, title, administered_date) values (?, ?, '2025-02-10')",
            [survey, title],
        )
        add_items(core, f"{survey} {ITEM}")
    assert {row[0] for row in core.frame(QUESTIONNAIRE, "questionnaire_title")} == {shared}
