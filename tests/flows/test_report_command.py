"""``pdeval report``: the published build's pages are drawn again, or the old ones stay as they were."""

from __future__ import annotations

import webbrowser
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from flows.folders import Warehouse, prepare_folders
from flows.lock import run_lock
from flows.settings import load_settings
from tests.flows.commands import Ended, Run
from tests.flows.light_stages import REQUIRED
from tests.unit.reporting.made_up_build import BUILD_ID
from tests.unit.reporting.made_up_district import district_build
from transforms.reporting import site

STUDY = '[study]\nname = "Riverbend"\nschool_years = [2024, 2025]\n' + "".join(
    f'[[source]]\nentity = "{name}"\npath = "input.csv"\n' for name in REQUIRED
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up build as a file."""
    path = tmp_path_factory.mktemp("published") / "pdeval.duckdb"
    connection = district_build(["Alder Creek", "Birch Hill"])
    connection.execute("attach $path as published", {"path": str(path)})
    connection.execute("copy from database memory to published")
    connection.close()
    return path


@pytest.fixture
def warehouse(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """A study whose published build has a report of one page, from above which commands are run."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY)
    found = Warehouse(load_settings(folder).warehouse_folder)
    prepare_folders(found)
    found.published.write_bytes(database.read_bytes())
    found.report(BUILD_ID).mkdir()
    (found.report(BUILD_ID) / "index.html").write_text("the old page")
    (found.report(BUILD_ID) / "gone.html").write_text("a page of an earlier version")
    return found


def pages(warehouse: Warehouse) -> set[str]:
    return {path.name for path in warehouse.report(BUILD_ID).iterdir()}


def test_the_new_pages_take_the_place_of_the_old_and_the_database_stays_as_it_is(
    warehouse: Warehouse, pdeval: Run
) -> None:
    before = sha256(warehouse.published.read_bytes()).hexdigest()
    ended = pdeval("report", "study")
    assert ended == Ended(
        0, f"build     {BUILD_ID}\nreport    study/warehouse/reports/{BUILD_ID}/index.html\n", ""
    )
    assert "decisions.html" in pages(warehouse)
    assert "gone.html" not in pages(warehouse)
    assert {path.name for path in warehouse.reports.iterdir()} == {BUILD_ID}
    assert sha256(warehouse.published.read_bytes()).hexdigest() == before


def test_a_new_name_and_colour_are_on_every_page_without_a_run(warehouse: Warehouse, pdeval: Run) -> None:
    branding = '[report]\nname = "Riverbend <ISD>"\naccent_colour = "#7a1f3d"\n'
    (warehouse.folder.parent / "study.toml").write_text(STUDY + branding)
    assert pdeval("report", "study", "--quiet").exit_code == 0
    for page in warehouse.report(BUILD_ID).glob("*.html"):
        text = page.read_text("utf-8")
        assert "Riverbend &lt;ISD&gt;" in text
        assert "--accent: #7a1f3d" in text


def test_pages_that_cannot_be_drawn_leave_the_old_ones(
    warehouse: Warehouse, pdeval: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: duckdb.DuckDBPyConnection, folder: Path, *_: object) -> None:
        folder.mkdir()
        (folder / "index.html").write_text("half a page")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(site, "render_report", fail)
    assert pdeval("report", "study").exit_code == 1
    assert pages(warehouse) == {"index.html", "gone.html"}
    assert {path.name for path in warehouse.reports.iterdir()} == {BUILD_ID}


def test_a_run_that_writes_the_warehouse_comes_first(warehouse: Warehouse, pdeval: Run) -> None:
    with run_lock(warehouse):
        ended = pdeval("report", "study")
    assert ended.exit_code == 6
    assert "locked by pid" in ended.err


def test_without_a_published_build_there_is_nothing_to_draw(warehouse: Warehouse, pdeval: Run) -> None:
    warehouse.published.unlink()
    ended = pdeval("report", "study")
    assert ended.exit_code == 2
    assert ended.err == (
        "pdeval: Riverbend: nothing is published in study/warehouse; pdeval run study comes first\n"
    )


def test_a_build_of_an_earlier_version_is_named(warehouse: Warehouse, pdeval: Run) -> None:
    with duckdb.connect(str(warehouse.published)) as connection:
        connection.execute("drop table report.guskey_chain")
    ended = pdeval("report", "study")
    assert ended.exit_code == 2
    assert ended.err == (
        "pdeval: Riverbend: the published build is of an earlier version; pdeval run study comes first\n"
    )


def test_the_page_is_opened_where_there_is_a_browser(
    warehouse: Warehouse, pdeval: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: not opened.append(url))
    assert pdeval("report", "study", "--open").exit_code == 0
    assert opened == [(warehouse.report(BUILD_ID) / "index.html").as_uri()]
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    ended = pdeval("report", "study", "--open")
    assert ended.exit_code == 2
    assert ended.err.startswith("pdeval: --open: no browser is to be had here; open study/warehouse/reports/")


def test_one_school_is_drawn_alone_and_the_other_pages_stay(warehouse: Warehouse, pdeval: Run) -> None:
    ended = pdeval("report", "study", "--school", "S00", "--pdf")
    assert ended.exit_code == 0
    folder = warehouse.report(BUILD_ID)
    (page,) = (folder / "schools").glob("*.html")
    (pdf,) = (folder / "pdf/schools").glob("*.pdf")
    assert page.stem == pdf.stem
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert (folder / "index.html").read_text() == "the old page"
    assert ended.out.splitlines()[1:] == [
        f"report    {page.relative_to(Path.cwd())}",
        f"pdf       {pdf.relative_to(Path.cwd())}",
    ]


def test_a_school_that_is_not_in_the_build_is_named(warehouse: Warehouse, pdeval: Run) -> None:
    ended = pdeval("report", "study", "--school", "S99")
    assert ended.exit_code == 2
    assert ended.err == "pdeval: --school S99: the published build has no such school\n"
    assert pages(warehouse) == {"index.html", "gone.html"}


def test_with_pdf_the_brief_in_both_languages_and_the_report_are_written(
    warehouse: Warehouse, pdeval: Run
) -> None:
    assert pdeval("report", "study", "--pdf", "--quiet").exit_code == 0
    folder = warehouse.report(BUILD_ID) / "pdf"
    assert {path.name for path in folder.glob("*.pdf")} == {"brief.pdf", "brief.es.pdf", "report.pdf"}
    assert len(list((folder / "schools").glob("*.pdf"))) == 2
