"""A published build remembers the reports before it, whatever became of their files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from flows.folders import Warehouse, prepare_folders
from flows.publish import clean_leftovers, publish
from flows.report import write_report
from flows.settings import load_settings
from flows.study_run import StudyRun
from tests.flows.light_stages import REQUIRED
from tests.flows.site_counts import counts_on, too_small
from tests.flows.test_improvement_loop import run_district
from tests.unit.reporting.made_up_build import EFFECT, empty_build, estimate, insert
from transforms.release.control import Judged
from transforms.release.counts import REPORT_COUNTS
from transforms.reporting.history_page import history_page
from transforms.reporting.history_rows import read_history
from transforms.reporting.sections import SectionPage
from transforms.reporting.view import read_report
from transforms.simulate import DistrictPlan
from transforms.warehouse import sql_files

STUDY = '[study]\nname = "{name}"\nschool_years = [2023, 2024, 2025]\nreport_year = {year}\n' + "".join(
    f'[[source]]\nentity = "{entity}"\npath = "input.csv"\n' for entity in REQUIRED
)
TOLD, NOT_TOLD = (0.06, 0.01), (0.02, 0.03)


@pytest.fixture(scope="session")
def empty_candidate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A candidate whose report tables stand, without rows; those of history are still to be made."""
    path = tmp_path_factory.mktemp("candidate") / "empty.duckdb"
    connection = empty_build()
    for file in sql_files("history"):
        connection.execute(f"drop table {file.qualified_name}")
    connection.execute("attach $path as candidate", {"path": str(path)})
    connection.execute("copy from database memory to candidate")
    connection.close()
    return path


Publish = Callable[..., StudyRun]


@pytest.fixture
def publish_year(empty_candidate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Publish a build of a report year with one comparison; its pages are one file."""
    numbers = iter(range(1, 100))

    def render(_connection: object, folder: Path, *_rest: object) -> Path:
        folder.mkdir()
        (folder / "index.html").write_text("a page")
        return folder / "index.html"

    monkeypatch.setattr("flows.report.render_report", render)
    monkeypatch.setattr("flows.report.sql_files", lambda _folder: ())  # they stand already
    monkeypatch.setattr("flows.report.write_public", lambda *_: Judged())

    def run_year(year: int, found: tuple[float, float] = NOT_TOLD, name: str = "Riverbend") -> StudyRun:
        (tmp_path / "study.toml").write_text(STUDY.format(name=name, year=year))
        settings = load_settings(tmp_path)
        warehouse = Warehouse(settings.warehouse_folder)
        prepare_folders(warehouse)
        build_id = f"20260101T0000{next(numbers):02}Z-abcdef"
        run = StudyRun(settings, warehouse, build_id, "0" * 64, "", lambda _stage, _detail: None, b"k" * 32)
        candidate = warehouse.candidate(build_id)
        shutil.copy(empty_candidate, candidate)
        _fill(candidate, build_id, year, name, found)
        write_report(run, candidate)
        publish(warehouse, candidate, run.record("published"), builds_kept=1)
        return run

    return run_year


def _fill(candidate: Path, build_id: str, year: int, name: str, found: tuple[float, float]) -> None:
    connection = duckdb.connect(str(candidate))
    connection.execute(
        "update meta.build set build_id = ?, report_year = ?, study_name = ?, status = 'candidate'",
        [build_id, year, name],
    )
    insert(
        connection,
        "estimates.effect",
        [{**EFFECT, **estimate("coaching", "mathematics", *found, 50, 20), "p_value_bh": 0.01}],
    )
    connection.close()


def page_of(run: StudyRun) -> SectionPage:
    """The page of changes drawn from the published file alone."""
    connection = duckdb.connect(str(run.warehouse.published), read_only=True)
    try:
        return history_page(connection, read_report(connection, run.build_id).build)
    finally:
        connection.close()


def remembered(run: StudyRun) -> list[tuple[int, str]]:
    """Year and build of each report that the published file remembers."""
    connection = duckdb.connect(str(run.warehouse.published), read_only=True)
    try:
        return connection.execute("select report_year, build_id from history.report order by all").fetchall()
    finally:
        connection.close()


def test_the_next_year_is_held_against_the_last_though_its_build_is_pruned(publish_year: Publish) -> None:
    first = publish_year(2024)
    assert "nothing was published in this warehouse before" in page_of(first).sentences[0]
    second = publish_year(2025, TOLD)
    assert not first.warehouse.build(first.build_id).exists()
    assert remembered(second) == [(2024, first.build_id), (2025, second.build_id)]
    assert page_of(second).sentences[0] == (
        "Of 1 comparison, 1 reads otherwise than in the report of 2023–24: coaching in mathematics was not"
        " told apart from no difference and now goes with higher growth."
    )


def test_a_rerun_takes_the_place_of_its_year_and_keeps_the_year_before(publish_year: Publish) -> None:
    first = publish_year(2024)
    publish_year(2025, NOT_TOLD)
    again = publish_year(2025, TOLD)
    assert remembered(again) == [(2024, first.build_id), (2025, again.build_id)]
    assert "the report of 2023–24" in page_of(again).sentences[0]


def test_in_the_first_year_a_rerun_is_held_against_the_build_before_it_only(publish_year: Publish) -> None:
    publish_year(2024)
    second = publish_year(2024, TOLD)
    third = publish_year(2024, TOLD)
    assert [build_id for _, build_id in remembered(third)] == [second.build_id, third.build_id]
    page = page_of(third)
    assert "the build before it, of the same year" in page.sentences[0]
    assert page.missing[0] == "A report of an earlier year: nothing was published in this warehouse before."


def test_a_damaged_file_costs_nothing_while_its_build_is_there(publish_year: Publish) -> None:
    first = publish_year(2024)
    first.warehouse.published.write_bytes(b"no database" * 5_000)
    second = publish_year(2025, TOLD)
    assert remembered(second) == [(2024, first.build_id), (2025, second.build_id)]
    assert second.notes.warnings == []


def test_where_the_build_is_damaged_too_history_begins_anew_with_a_warning(publish_year: Publish) -> None:
    first = publish_year(2024)
    for file in (first.warehouse.published, first.warehouse.build(first.build_id)):
        file.write_bytes(b"no database" * 5_000)
    second = publish_year(2025, TOLD)
    assert remembered(second) == [(2025, second.build_id)]
    assert "the published database could not be read" in page_of(second).sentences[0]
    assert second.notes.warnings == [
        "the history of reports begins anew: the published database could not be read"
    ]


def test_another_study_in_the_warehouse_is_no_earlier_report(publish_year: Publish) -> None:
    publish_year(2024)
    other = publish_year(2025, TOLD, name="Oakdale")
    assert remembered(other) == [(2025, other.build_id)]
    assert "is of another study" in page_of(other).sentences[0]


def test_the_published_file_is_read_beside_other_readers_and_never_written(publish_year: Publish) -> None:
    first = publish_year(2024)
    kept_copy = first.warehouse.published.with_name("opened.duckdb")
    kept_copy.hardlink_to(first.warehouse.published)
    before = sha256(kept_copy.read_bytes()).hexdigest()
    reader = duckdb.connect(str(first.warehouse.published), read_only=True)
    publish_year(2025, TOLD)
    assert reader.execute("select report_year from meta.build").fetchall() == [(2024,)]
    reader.close()
    assert sha256(kept_copy.read_bytes()).hexdigest() == before


def test_counts_behind_a_release_are_their_owners_alone_and_those_of_the_last(publish_year: Publish) -> None:
    first = publish_year(2024)
    second = publish_year(2025)
    clean_leftovers(second.warehouse)
    kept = second.warehouse.released(second.build_id)
    assert list(second.warehouse.released_counts.iterdir()) == [kept]
    assert kept.stat().st_mode & 0o777 == 0o600
    assert first.build_id not in kept.read_text()


@pytest.mark.slow
def test_a_district_published_for_two_years_has_the_whole_page_in_its_report(tmp_path: Path) -> None:
    run, candidate = run_district(tmp_path, DistrictPlan(n_students=1200, n_years=3))
    later = tmp_path / "later.duckdb"
    shutil.copy(candidate, later)
    _as_year(candidate, run.build_id, run.settings.study.report_year - 1)
    write_report(run, candidate)
    publish(run.warehouse, candidate, run.record("published"), builds_kept=5)
    second = StudyRun(run.settings, run.warehouse, "b2", "1" * 64, "", lambda _stage, _detail: None, run.key)
    moved = second.warehouse.candidate("b2")
    shutil.move(later, moved)
    _as_year(moved, "b2", run.settings.study.report_year)
    page = (write_report(second, moved).parent / "history.html").read_text(encoding="utf-8")
    for section in ("method", "comparisons", "recommendations", "indicators"):
        assert f'<section id="{section}">' in page
    for build_id in (run.build_id, "b2"):
        site = second.warehouse.report(build_id)
        assert len(list(counts_on(site))) > 500
        assert too_small(site) == []
    connection = duckdb.connect(str(moved), read_only=True)
    history = read_history(connection, read_report(connection, "b2").build)
    connection.close()
    now, before = _shown(moved), _shown(second.warehouse.build(run.build_id))
    assert [table for table in now if now[table] != before[table]] == []  # of the same data
    assert history.then is not None
    assert len(history.comparisons_then) == len(history.comparisons_now) > 0
    assert _verdict_inputs(history.comparisons_then) == _verdict_inputs(history.now_as_then)


def _as_year(candidate: Path, build_id: str, year: int) -> None:
    connection = duckdb.connect(str(candidate))
    connection.execute("update meta.build set build_id = ?, report_year = ?", [build_id, year])
    connection.close()


def _shown(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of the tables whose counts are controlled and that are not about the year of the report."""
    connection = duckdb.connect(str(database), read_only=True)
    of_a_year = {file.qualified_name for file in sql_files("report") if "report_year" in file.text}
    # whom recommendations count are those of the year of the report
    tables = sorted({one.table for one in REPORT_COUNTS.counted} - of_a_year - {"report.recommendation"})
    assert len(tables) > 20
    rows = {table: connection.execute(f"select * from {table} order by all").fetchall() for table in tables}
    connection.close()
    return rows


def _verdict_inputs(rows: Sequence[object]) -> Mapping[tuple[str, str], object]:
    return {row.question: row for row in rows}  # type: ignore[attr-defined]
