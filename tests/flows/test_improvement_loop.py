"""The loop on a simulated district: what was planted stands out, and a source that is left out is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from expectations.contract import REQUIRED_ENTITIES
from expectations.entities import ENTITIES
from expectations.outputs import IMPROVEMENT_ESTIMATES, LOOP_FRAMES
from flows.build import build_candidate
from flows.estimate import estimate_effects
from flows.folders import Warehouse, prepare_folders
from flows.growth import estimate_growth
from flows.improve import improve, improvement_settings
from flows.ingest import ingest_sources
from flows.report import REPORT_PARAMETERS
from flows.settings import load_settings
from flows.study_run import StudyRun
from transforms.history.keep import keep_history
from transforms.history.recall import NOTHING_BEFORE, Memory
from transforms.improvement.improve import compute_improvement
from transforms.reporting.pages import site_pages
from transforms.reporting.sections import SectionPage
from transforms.reporting.view import read_report
from transforms.simulate import DistrictPlan, simulate_district
from transforms.simulation.questionnaires import BAD_ITEM
from transforms.warehouse import build_tables, create_table, open_database, quoted, sql_files

REQUIRED = {name for alternatives in REQUIRED_ENTITIES for name in alternatives}
OPTIONAL = sorted(set(ENTITIES) - REQUIRED | {"staff_assignment"})
TOGETHER = (
    ("survey", "survey_item", "survey_response", "survey_answer"),
    ("staff", "school", "staff_assignment"),
    ("observation", "leadership_event", "pd_cost"),
    ("priority", "school_priority_rating", "self_assessment", "decision"),
    ("pd_session", "pd_assignment", "section", "assessment_norm", "assessment_performance_level", "student"),
)
BUILD_ID = "b1"


def run_district(folder: Path, plan: DistrictPlan) -> tuple[StudyRun, Path]:
    """A simulated district, run up to the improvement loop; where its candidate stands."""
    simulate_district(plan, folder)
    settings = load_settings(folder)
    warehouse = Warehouse(settings.warehouse_folder)
    prepare_folders(warehouse)
    run = StudyRun(settings, warehouse, BUILD_ID, "0" * 64, "", lambda _stage, _detail: None, b"k" * 32)
    intake = ingest_sources(settings, warehouse, lambda _detail: None)
    candidate = build_candidate(settings, warehouse, intake, BUILD_ID, run.key, lambda _detail: None)
    estimate_effects(run, candidate.path)
    estimate_growth(run, candidate.path)
    improve(run, candidate.path)
    return run, candidate.path


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[StudyRun, Path]:
    """A small district."""
    return run_district(tmp_path_factory.mktemp("district"), DistrictPlan(n_students=1200, n_years=3))


def pages_of(connection: duckdb.DuckDBPyConnection) -> dict[str, SectionPage]:
    """Make the report's tables and the pages of the loop from them."""
    made = set(
        connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
        ).fetchall()
    )
    wanted = [file for file in sql_files("report") if (file.qualified_name,) not in made]
    build_tables(connection, wanted, REPORT_PARAMETERS)
    if ("history.report",) not in made:
        keep_history(connection, Memory(reason=NOTHING_BEFORE), REPORT_PARAMETERS)
    return site_pages(connection, read_report(connection, BUILD_ID))


@pytest.fixture
def candidate(run: tuple[StudyRun, Path], tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the candidate to be changed."""
    copy = tmp_path / "copy.duckdb"
    shutil.copy(run[1], copy)
    connection = open_database(copy)
    yield connection
    connection.close()


def without(run: StudyRun, connection: duckdb.DuckDBPyConnection, *entities: str) -> None:
    """Take sources away and run the loop again on what is left.

    A participation without a date would have been turned away: those of sessions keep theirs.
    """
    connection.execute(
        "update core.pd_participation as participation set participation_date = session_date"
        " from core.pd_session as session where session.pd_session_id = participation.pd_session_id"
        " and participation_date is null"
    )
    for entity in entities:
        connection.execute(f"delete from core.{entity}")
        connection.execute("delete from meta.reconciliation where entity = ?", [entity])
    for table in (*LOOP_FRAMES, *IMPROVEMENT_ESTIMATES):
        connection.execute(f"drop table if exists {quoted(table.qualified_name)}")
    names = {table.qualified_name for table in LOOP_FRAMES}
    build_tables(connection, [file for file in sql_files("frames") if file.qualified_name in names], {})
    for table in IMPROVEMENT_ESTIMATES:
        create_table(connection, table)
    compute_improvement(connection, improvement_settings(run))


def indicators_of(connection: duckdb.DuckDBPyConnection, entity: str) -> list[tuple[str, float | None, str]]:
    """Label, value and note of every indicator row that needs ``entity``."""
    return connection.execute(
        "select label, value, note from estimates.indicator inner join estimates.indicator_definition"
        " using (indicator) where list_contains(string_split(sources, ', '), ?)",
        [entity],
    ).fetchall()


def check_named(run: StudyRun, connection: duckdb.DuckDBPyConnection, *entities: str) -> None:
    without(run, connection, *entities)
    for entity in entities:
        rows = indicators_of(connection, entity)
        assert all(value is None and f"no {entity}" in note for _, value, note in rows), (entity, rows)


@pytest.mark.parametrize("entities", TOGETHER, ids=lambda entities: entities[0])
def test_without_sources_their_indicators_name_them(run, candidate, entities):
    check_named(run[0], candidate, *entities)


@pytest.mark.slow
@pytest.mark.parametrize("entity", OPTIONAL)
def test_without_one_source_its_indicators_name_it(run, candidate, entity):
    check_named(run[0], candidate, entity)


def test_without_any_optional_source_every_page_stands_and_names_what_is_missing(run, candidate):
    without(run[0], candidate, *OPTIONAL)
    said = [reason for page in pages_of(candidate).values() for reason in page.missing]
    for entity in OPTIONAL:
        for label, value, _ in indicators_of(candidate, entity):
            assert value is None
            assert any(label in reason and f"no {entity}" in reason for reason in said), (label, entity)


def test_with_every_source_none_is_said_to_be_missing(candidate):
    missing = candidate.execute(
        "select indicator, note from estimates.indicator where note like '%not available: no % source%'"
    ).fetchall()
    assert missing == []


def test_every_definition_has_rows_and_every_row_a_definition(candidate):
    defined = set(candidate.execute("select indicator from estimates.indicator_definition").fetchall())
    assert defined == set(candidate.execute("select distinct indicator from estimates.indicator").fetchall())


def test_the_bad_item_stands_out_first(candidate):
    first = pages_of(candidate)["surveys.html"].stands_out[0]
    assert "The session felt rushed." in first
    assert f"item {BAD_ITEM}" in first


@pytest.mark.slow
def test_in_a_district_of_ordinary_size_every_indicator_has_a_value_and_what_was_planted_stands_out(tmp_path):
    _, path = run_district(tmp_path, DistrictPlan(n_students=20_000, n_years=6))
    connection = open_database(path)
    empty = connection.execute(
        "select indicator, any_value(note) from estimates.indicator group by indicator"
        " having count(value) = 0 order by indicator"
    ).fetchall()
    stands_out = {name: page.stands_out for name, page in pages_of(connection).items()}
    names = dict(connection.execute("select school_id, school_name from core.school").fetchall())
    connection.close()
    assert empty == []
    gaps = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["planted_gaps"]
    school = names[gaps["hours_without_fit"]["school_id"]]
    assert any(f"{school}: many hours without fit" in said for said in stands_out["balance.html"])
    assert "leadership breaks from completing training to a role" in stands_out["leadership.html"][0]
    assert f"item {gaps['bad_survey_item']['item_id']}" in stands_out["surveys.html"][0]
