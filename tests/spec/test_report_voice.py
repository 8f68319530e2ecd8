"""Rules of what may be shown of themes, of the chain and of observed ratings: five people at least."""

from __future__ import annotations

from expectations.outputs import OUTPUTS
from tests.spec.voice_tables import prepare
from transforms.warehouse import build_tables, insert_records, sql_files

MINIMUM = {"minimum_staff": 5}


def shown(core, table: str, rows: list[dict], columns: str) -> list[tuple]:
    prepare(core)
    insert_records(core.connection, OUTPUTS[f"estimates.{table}"], rows)
    files = [file for file in sql_files("report") if file.table == table]
    build_tables(core.connection, files, MINIMUM)
    query = f"select {', '.join(columns.split())} from report.{table} order by all"
    return core.connection.execute(query).fetchall()


def theme(number: int, n: int, **more: object) -> dict[str, object]:
    usual = {
        "wording": "Why?",
        "pd_type": "all",
        "top_words": "time",
        "quote": "More time",
        "n_answers_in_all": 50,
    }
    return {**usual, "theme_number": number, "n_answers": n, "n_respondents": n, "share": n / 50, **more}


THEME = "theme_number n_answers share quote is_suppressed"


def test_a_theme_of_fewer_than_five_people_is_hidden_and_so_is_the_next_smallest(core):
    rows = shown(core, "survey_theme", [theme(1, 30), theme(2, 12), theme(0, 8), theme(3, 4)], THEME)
    assert rows == [
        (0, None, None, None, True),  # 50 less the others would tell the 4
        (1, 30, 0.6, "More time", False),
        (2, 12, 0.24, "More time", False),
        (3, None, None, None, True),
    ]


def test_two_small_themes_hide_each_other(core):
    rows = shown(core, "survey_theme", [theme(1, 30), theme(2, 4), theme(3, 3)], "theme_number is_suppressed")
    assert rows == [(1, False), (2, True), (3, True)]


def test_a_theme_that_nobody_wrote_of_hides_nothing(core):
    rows = shown(core, "survey_theme", [theme(1, 30), theme(0, 0)], "theme_number n_answers is_suppressed")
    assert rows == [(0, 0, False), (1, 30, False)]


def test_groups_are_judged_apart(core):
    rows = [theme(1, 30), theme(1, 3, pd_type="coaching")]
    found = shown(core, "survey_theme", rows, "pd_type n_answers top_words note")
    hidden = "of too few people to be shown, or would tell one that is"
    assert found == [("all", 30, "time", None), ("coaching", None, "time", hidden)]


def link(**more: object) -> dict[str, object]:
    usual = {
        "pd_type": "coaching", "level": "reaction", "academic_subject": "all", "value": 0.7, "unit": "share",
        "ci_low": 0.65, "ci_high": 0.75, "n_persons": 5, "n_surveys": 2, "criterion": "c", "holds": "yes",
    }  # fmt: skip
    return {**usual, **more}


def test_a_link_of_fewer_than_five_people_shows_neither_number_nor_verdict(core):
    rows = [
        link(),
        link(level="learning", n_persons=4),
        link(level="use_observed", n_persons=None, value=None),
    ]
    found = shown(core, "guskey_chain", rows, "level value ci_low n_persons n_surveys holds is_suppressed")
    assert found == [
        ("learning", None, None, None, None, "not shown", True),
        ("reaction", 0.7, 0.65, 5, 2, "yes", False),
        ("use_observed", None, 0.65, None, 2, "yes", False),
    ]


def test_ratings_of_fewer_than_five_teachers_in_either_group_are_hidden(core):
    rows = [
        {"pd_type": "coaching", "difference": 0.1, "n_participants": 5, "n_comparison": 5, "n_started": 9},
        {"pd_type": "conference", "difference": 0.1, "n_participants": 50, "n_comparison": 4, "n_started": 9},
        {"pd_type": "other", "n_participants": 0, "n_comparison": 0, "n_started": 0, "note": "no"},
    ]
    found = shown(
        core, "guskey_observation", rows, "pd_type difference n_participants n_comparison is_suppressed"
    )
    assert found == [
        ("coaching", 0.1, 5, 5, False),
        ("conference", None, None, None, True),
        ("other", None, 0, 0, False),
    ]
