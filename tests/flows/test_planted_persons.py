"""560 planted names, e-mail addresses, birth dates and ids, and the key: none of it leaves the landing."""

from __future__ import annotations

import contextlib
import io
import shutil
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows import nightly
from flows.build import build_candidate
from flows.cli import main
from flows.folders import Warehouse
from flows.ingest import ingest_sources
from flows.records import read_records
from flows.study_run import StudyRun
from tests.flows.pipeline import load_and_publish
from tests.flows.planted_study import STAFF, plant, write_rows
from tests.flows.planted_traces import Traces, leaks, planted_values, texts_of, traces
from transforms.errors import ValidationBlockedError
from transforms.loading.rejections import rejection_lines
from transforms.warehouse import open_database

SECRET = "zk9-planted-key-of-the-environment-4711"
PERSON = STAFF[60]


@dataclass(frozen=True)
class Planted:
    """The study, and what its commands said so far."""

    folder: Path
    said: list[str]

    @property
    def warehouse(self) -> Warehouse:
        """Its warehouse."""
        return Warehouse(self.folder / "warehouse")

    @property
    def traces(self) -> Traces:
        """What to search for, the key of the file included."""
        return traces(bytes.fromhex(self.warehouse.key_file.read_text()), SECRET.encode())

    def run(self, *arguments: str) -> int:
        """Run a command of pdeval in this process; return its exit code."""
        out = io.StringIO()
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(out),
        ):
            patch.setattr(sys, "argv", ["pdeval", *arguments, str(self.folder)])
            with pytest.raises(SystemExit) as ended:
                main()
        self.said.append(out.getvalue())
        return ended.value.code or 0  # type: ignore[return-value]


def _open_files(folder: Path, is_over: threading.Event, seen: set[str]) -> None:
    while not is_over.wait(0.01):
        for path in folder.rglob("*"):
            with contextlib.suppress(FileNotFoundError):
                status = path.lstat()
                if status.st_mode & 0o077 and not stat.S_ISLNK(status.st_mode):
                    seen.add(f"{path} {stat.S_IMODE(status.st_mode):o}")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    folder = tmp_path_factory.mktemp("planted") / "study"
    plant(folder)
    planted = Planted(folder, [])
    is_over, seen = threading.Event(), set[str]()
    watcher = threading.Thread(target=_open_files, args=(planted.warehouse.restricted, is_over, seen))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PDEVAL_PSEUDONYM_KEY", "PDEVAL_DATA", "PDEVAL_DEBUG"):
            patch.delenv(name, raising=False)
        patch.setattr(nightly, "run_flow", load_and_publish)
        watcher.start()
        try:
            assert planted.run("run") == 0, planted.said
        finally:
            is_over.set()
            watcher.join()
        assert seen == set(), "a restricted file was open to others"
        yield planted


@pytest.fixture
def study(published: Planted, tmp_path: Path) -> Planted:
    shutil.copytree(published.folder, tmp_path / "study", symlinks=True)
    return Planted(tmp_path / "study", [])


def test_the_search_finds_all_of_it_where_it_is(published: Planted) -> None:
    """A search that finds nothing anywhere would pass every other test of this file."""
    assert len(set(planted_values())) == 560
    landed = b"\n".join(content for _, content in texts_of(published.warehouse.landing))
    found = published.traces.found_in(landed)
    assert {f"{value} (plain)" for value in planted_values()} <= found
    for value, what in list(published.traces.values.items())[::97]:
        assert what in published.traces.found_in(b"\0\1" + value.upper() + b"\2")


def test_no_trace_of_a_person_is_in_what_a_run_leaves_or_says(published: Planted) -> None:
    assert leaks(published.warehouse, published.traces, "".join(published.said)) == {}


@pytest.mark.slow
def test_no_trace_is_left_by_a_whole_run_its_pages_files_and_the_orchestration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PDEVAL_PSEUDONYM_KEY", "PDEVAL_DATA", "PDEVAL_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    planted = Planted(tmp_path / "study", [])
    plant(planted.folder)
    assert planted.run("run") == 0, planted.said
    assert planted.run("report", "--pdf") == 0, planted.said
    warehouse = planted.warehouse
    assert list(warehouse.latest_report.glob("pdf/*.pdf"))
    assert list(warehouse.public.glob("*.parquet"))
    assert list(warehouse.prefect_home.glob("*.db"))
    assert leaks(warehouse, planted.traces, "".join(planted.said)) == {}


def test_labels_stay_what_they_are_without_the_person(published: Planted) -> None:
    texts = dict(texts_of(published.warehouse.published))
    assert b"Coaching cycles in mathematics with [name]" in texts["core.pd_activity.title"]
    assert b"exports/participation [name] [date].csv" in texts["meta.source_file.source_file"]
    assert texts["core.school.school_name"].count(b"School") == 2
    assert len(set(texts["core.pd_cost.ingredient"].splitlines())) == 3  # a key is still a key


def test_blocked_run_tells_of_nobody(study: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    def block(run: StudyRun) -> None:
        with run.stage("ingest") as tell:
            intake = ingest_sources(run.settings, run.warehouse, tell)
        with run.stage("build") as tell:
            candidate = build_candidate(run.settings, run.warehouse, intake, run.build_id, run.key, tell)
        connection = open_database(candidate.path, is_read_only=True)
        run.notes.reasons.extend(rejection_lines(connection))
        connection.close()
        raise ValidationBlockedError("too many rows turned away")

    monkeypatch.setattr(nightly, "run_flow", block)
    assert study.run("run", "--force") == 4
    assert len(read_records(study.warehouse.folder)[0].reasons) > 5
    assert leaks(study.warehouse, study.traces, "".join(study.said)) == {}


def _headerless(study: Planted) -> str:
    path = study.folder / "exports" / f"participation {PERSON.name}.csv"
    path.write_text(f"{PERSON.id},{PERSON.name},{PERSON.email},{PERSON.dates[0]}\n" * 3)
    return "has the file a header line"


def _without_a_needed_column(study: Planted) -> str:
    path = study.folder / "exports" / f"participation {PERSON.email}.csv"
    row = dict.fromkeys(("staff_id", "pd_activity_id", PERSON.name, STAFF[61].email, "Hours X"), PERSON.id)
    write_rows(path, [row])
    return "none of its 5 headers is near that"


def _with_a_header_near_a_person(study: Planted) -> str:
    row = dict.fromkeys(("staff_id", "hours", "pd_activity_id", f"date {PERSON.name}", PERSON.email), "1")
    write_rows(study.folder / "exports" / f"participation {PERSON.last}, {PERSON.first}.csv", [row])
    toml = study.folder / "study.toml"
    toml.write_text(
        toml.read_text().replace(
            'participation*.csv"', 'participation*.csv"\n[source.columns]\nparticipation_date = "date"'
        )
    )
    return "has no header 'date'"


def _empty(study: Planted) -> str:
    (study.folder / "exports" / f"participation {PERSON.name} {PERSON.id}.csv").touch()
    return "is empty"


def _dangling(study: Planted) -> str:
    (study.folder / "exports" / f"participation {PERSON.first}_{PERSON.last}.csv").symlink_to("nowhere")
    return "is a link that leads to no file"


def _binary(study: Planted) -> str:
    path = study.folder / "exports" / f"participation {PERSON.dates[0]} {PERSON.name}.csv"
    path.write_bytes(b"\x00\x01\x02\xff" + PERSON.name.encode() * 50)
    return "participation [date] [name].csv"


def _failing_query(study: Planted) -> str:
    (study.folder / "hours.sql").write_text(
        "select source_line, staff_id, pd_activity_id, participation_date, Contact::double as hours"
        " from source"
    )
    toml = study.folder / "study.toml"
    toml.write_text(
        toml.read_text().replace('participation*.csv"', 'participation*.csv"\nquery = "hours.sql"')
    )
    return "hours.sql failed on"


REFUSED: tuple[Callable[[Planted], str], ...] = (
    _headerless, _without_a_needed_column, _with_a_header_near_a_person, _empty, _dangling, _binary,
    _failing_query,
)  # fmt: skip


@pytest.mark.parametrize("spoil", REFUSED, ids=lambda spoil: spoil.__name__.strip("_"))
def test_refused_input_tells_of_nobody(study: Planted, spoil: Callable[[Planted], str]) -> None:
    problem = spoil(study)
    assert study.run("run") == 3
    assert problem in study.said[-1]
    record = read_records(study.warehouse.folder)[0]
    assert any(problem in reason for reason in record.reasons)
    assert leaks(study.warehouse, study.traces, "".join(study.said)) == {}


def test_fault_of_ours_quotes_no_record(study: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library quotes the value that it could not take."""

    def break_down(run: StudyRun) -> None:
        connection = open_database(None)
        try:
            with run.stage("build"):
                connection.execute("select $1::int", [f"{PERSON.name} {PERSON.email}"])
        finally:
            connection.close()

    monkeypatch.setattr(nightly, "run_flow", break_down)
    monkeypatch.setenv("PDEVAL_DEBUG", "1")
    assert study.run("run", "--force") == 1
    assert "ConversionException" in study.said[-1]
    assert "Traceback" in study.said[-1]
    assert leaks(study.warehouse, study.traces, "".join(study.said)) == {}


def test_rotation_leaves_no_trace_of_either_key(study: Planted) -> None:
    before = study.traces
    assert study.run("key", "rotate") == 0
    assert study.run("run") == 0
    assert leaks(study.warehouse, before, "".join(study.said)) == {}
    assert leaks(study.warehouse, study.traces, "".join(study.said)) == {}
