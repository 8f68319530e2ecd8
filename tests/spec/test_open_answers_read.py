"""Rules of reading open answers: of this build, by question, year and type, and nobody joined to them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.spec.voice_tables import prepare
from transforms.improvement.settings import ImprovementSettings
from transforms.surveys.voice import compute_themes


def landing_with(path: Path, *lines: str, build_id: str = "b1") -> Path:
    """A restricted file; lines: response, survey, item, text."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as landed; create schema landed.restricted")
        connection.execute(
            "create table landed.restricted.open_answer"
            " (build_id varchar, response_id varchar, survey_id varchar, item_id varchar, text varchar)"
        )
        for line in lines:
            response, survey, item, text = line.split(maxsplit=3)
            connection.execute(
                "insert into landed.restricted.open_answer values (?, ?, ?, ?, ?)",
                [build_id, response, survey, item, text],
            )
    return path


def themes(core, landing: Path | None, columns: str, sources=("survey", "survey_answer")) -> list[tuple]:
    prepare(core, sources)
    compute_themes(core.connection, ImprovementSettings(report_year=2025, landing=landing))
    query = f"select {', '.join(columns.split())} from estimates.survey_theme order by all"
    return core.connection.execute(query).fetchall()


def reasons(core) -> list[tuple]:
    return core.connection.execute("select * from meta.unavailable").fetchall()


def add_surveys(core, is_anonymous: str = "false") -> None:
    core.add("pd_activity", "pd_activity_id title pd_type\nP1 One coaching")
    core.add(
        "survey",
        f"""survey_id title administered_date pd_activity_id is_anonymous
            A one 2024-07-01 P1 {is_anonymous}
            B two 2024-06-30 . {is_anonymous}""",
    )
    core.add("survey_item", "survey_id item_id wording response_type\nA t Why? text\nB x why? text")
    core.add("survey_response", "response_id survey_id staff_id\nr1 A t1\nr2 B t1")


def test_one_question_in_several_surveys_is_counted_together_by_year_and_type(core, tmp_path):
    add_surveys(core)
    landing = landing_with(tmp_path / "l.duckdb", "r1 A t More time", "r2 B x Less talk")
    rows = themes(core, landing, "wording school_year pd_type n_answers")
    assert rows == [
        ("Why?", 2024, "all", 1),
        ("Why?", 2025, "all", 1),
        ("Why?", 2025, "coaching", 1),
        ("Why?", None, "all", 2),
        ("Why?", None, "coaching", 1),
    ]


@pytest.mark.parametrize(("is_anonymous", "n"), [("false", 1), ("true", 2), (".", 2)])
def test_people_are_told_apart_only_where_a_survey_is_known_not_to_be_anonymous(
    core, tmp_path, is_anonymous, n
):
    add_surveys(core, is_anonymous)
    landing = landing_with(tmp_path / "l.duckdb", "r1 A t More time", "r2 B x Less talk")
    rows = themes(core, landing, "school_year pd_type n_respondents")
    assert rows[-2] == (None, "all", n)


def test_without_a_source_of_answers_the_reason_is_said(core, tmp_path):
    landing = landing_with(tmp_path / "l.duckdb", "r1 A t More time")
    assert themes(core, landing, "wording", sources=["survey"]) == []
    assert reasons(core) == [("themes of open answers", "not available: no survey_answer source")]


@pytest.mark.parametrize("exists", [None, False])
def test_without_the_restricted_file_the_reason_is_said(core, tmp_path, exists):
    assert themes(core, exists if exists is None else tmp_path / "none.duckdb", "wording") == []
    assert reasons(core)[0][1] == "not available: the restricted file with open answers is not there"


def test_a_restricted_file_without_open_answers_is_said(core, tmp_path):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path / 'l.duckdb'}' as landed; create schema landed.other")
    assert themes(core, tmp_path / "l.duckdb", "wording") == []
    assert reasons(core)[0][1] == "not available: the restricted file holds no open answers"


def test_the_answers_of_another_build_are_not_taken_for_those_of_this(core, tmp_path):
    add_surveys(core)
    landing = landing_with(tmp_path / "l.duckdb", "r1 A t More time", build_id="b0")
    assert themes(core, landing, "wording") == []
    assert (
        reasons(core)[0][1] == "not available: the open answers in the restricted file are of another build"
    )


def test_surveys_without_open_answers_are_said(core, tmp_path):
    add_surveys(core)
    assert themes(core, landing_with(tmp_path / "l.duckdb"), "wording") == []
    assert reasons(core)[0][1] == "no survey has an answer in free text"


def test_the_restricted_file_is_let_go_of(core, tmp_path):
    add_surveys(core)
    themes(core, landing_with(tmp_path / "l.duckdb", "r1 A t More time"), "wording")
    attached = core.connection.execute("select database_name from duckdb_databases()").fetchall()
    assert ("landed",) not in attached
