"""A study whose anonymous survey carries staff ids: nobody can join a published answer to its giver."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from expectations.outputs import OUTPUTS
from tests.flows.pipeline import KEY, built
from transforms.loading.pseudonyms import pseudonym

MINISTUDY = Path(__file__).parents[1] / "data/ministudy"
FILES = {
    "survey": """survey_id,title,administered_date,is_anonymous
hidden,Climate,2025-02-10,true
silent,Pulse,2025-02-11,
open,Feedback,2025-02-12,false
""",
    "survey_item": """survey_id,item_id,wording,response_type,scale_min,scale_max,construct
hidden,q1,We trust each other.,likert,1,5,trust
silent,q1,We trust each other.,likert,1,5,trust
open,q1,We trust each other.,likert,1,5,trust
""",
}
SOURCES = ("survey", "survey_item", "survey_response", "survey_answer")


def _staff_ids() -> list[str]:
    lines = (MINISTUDY / "exports/staff.csv").read_text(encoding="utf-8").splitlines()
    position = lines[0].split(",").index("staff_id")
    return [line.split(",")[position] for line in lines[1:]]


@pytest.fixture(scope="module")
def candidate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tiny study with three surveys, all of whose responses name the staff who gave them.

    The export of the anonymous one used the staff id as the id of the response as well.
    """
    study = tmp_path_factory.mktemp("anonymous") / "study"
    shutil.copytree(MINISTUDY, study)
    staff = _staff_ids()
    responses, answers = ["response_id,survey_id,staff_id"], ["response_id,item_id,value"]
    for survey, prefix in (("hidden", ""), ("silent", "s-"), ("open", "o-")):
        responses += [f"{prefix}{person},{survey},{person}" for person in staff]
        answers += [f"{prefix}{person},q1,{1 + position % 5}" for position, person in enumerate(staff)]
    responses.append("stranger,hidden,nobody-knows")
    files = {**FILES, "survey_response": "\n".join(responses), "survey_answer": "\n".join(answers)}
    for entity, text in files.items():
        (study / f"exports/{entity}.csv").write_text(text, encoding="utf-8")
    with (study / "study.toml").open("a", encoding="utf-8") as file:
        for entity in SOURCES:
            file.write(f'\n[[source]]\nentity = "{entity}"\npath = "exports/{entity}.csv"\n')
    connection = built(study)
    yield connection
    connection.close()


def _tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute(
        "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'"
    ).fetchall()


def test_all_responses_went_in(candidate: duckdb.DuckDBPyConnection) -> None:
    rows = candidate.execute(
        "select survey_id, count(*), count(staff_id) from core.survey_response group by all order by all"
    ).fetchall()
    n = len(_staff_ids())
    assert n >= 5
    assert rows == [("hidden", n + 1, 0), ("open", n, n), ("silent", n, 0)]


def test_no_table_has_an_anonymous_response_and_a_staff_member_in_one_row(
    candidate: duckdb.DuckDBPyConnection,
) -> None:
    anonymous = {
        response
        for (response,) in candidate.execute(
            "select response_id from core.survey_response where survey_id <> 'open'"
        ).fetchall()
    }
    raw = _staff_ids()
    staff = {*raw, *(pseudonym(KEY, "staff", person) for person in raw), "nobody-knows"}
    seen = 0
    for schema, table in _tables(candidate):
        for row in candidate.execute(f'select * from "{schema}"."{table}"').fetchall():
            texts = {value for value in row if isinstance(value, str)}
            if texts & anonymous:
                seen += 1
                assert not texts & staff, (schema, table)
    # responses, answers, and their frames were looked at
    assert seen > 4 * len(raw)


def test_no_other_column_of_an_anonymous_response_leads_to_staff(
    candidate: duckdb.DuckDBPyConnection,
) -> None:
    kept = candidate.execute(
        "select * exclude (response_id, survey_id) from core.survey_response where survey_id = 'hidden'"
    ).fetchall()
    assert {value for row in kept for value in row} == {None}


def test_what_was_dropped_is_told_without_telling_whom(candidate: duckdb.DuckDBPyConnection) -> None:
    rows = candidate.execute(
        "select rule, column_name, count(*) from quarantine.rejected_row where entity = 'survey_response'"
        " group by all"
    ).fetchall()
    assert rows == [("anonymous_staff_id", "staff_id", 2 * len(_staff_ids()) + 1)]
    reasons = candidate.execute("select distinct reason from quarantine.rejected_row").fetchall()
    assert not any(person in reason for (reason,) in reasons for person in _staff_ids())


def test_no_estimate_or_report_table_of_surveys_has_a_column_for_persons() -> None:
    tables = [
        table for name, table in OUTPUTS.items() if name.startswith(("estimates.survey", "report.survey"))
    ]
    assert len(tables) >= 12
    for table in tables:
        assert {"staff_id", "response_id"}.isdisjoint(column.name for column in table.columns)
