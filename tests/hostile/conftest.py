"""A tiny study that runs, published once, and copies of it to break.

The stages run in the order of ``flows.study_flow.nightly``, without the Prefect server around them.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from flows import nightly
from flows.build import build_candidate
from flows.estimate import estimate_effects
from flows.folders import Warehouse
from flows.growth import estimate_growth
from flows.improve import improve
from flows.ingest import ingest_sources
from flows.nightly import run_study
from flows.publish import publish
from flows.report import write_report
from flows.settings import load_settings
from flows.study_run import StudyRun
from flows.validate import validate_candidate
from transforms.errors import PdevalError

MINISTUDY = Path(__file__).parents[1] / "data" / "ministudy"


def run_stages(run: StudyRun) -> None:
    """The stages of a run in order, without Prefect."""
    with run.stage("ingest") as tell:
        intake = ingest_sources(run.settings, run.warehouse, tell)
    with run.stage("build") as tell:
        candidate = build_candidate(run.settings, run.warehouse, intake, run.build_id, run.key, tell)
    run.notes.rows = candidate.rows
    with run.stage("validate"):
        validate_candidate(run, candidate.path)
    with run.stage("estimate"):
        estimate_effects(run, candidate.path)
    with run.stage("growth"):
        estimate_growth(run, candidate.path)
    with run.stage("improve"):
        improve(run, candidate.path)
    with run.stage("report"):
        write_report(run, candidate.path)
    with run.stage("publish"):
        publish(run.warehouse, candidate.path, run.record("published"), run.settings.warehouse.builds_kept)


@dataclass(frozen=True)
class Outcome:
    """What a run came to: the exit code of the command and the lines that it says on stderr."""

    exit_code: int
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class MiniStudy:
    """A copy of the tiny study, with a published build, to be broken and run again."""

    folder: Path
    hashes: dict[str, str] = field(default_factory=dict)

    @property
    def warehouse(self) -> Warehouse:
        """Its warehouse."""
        return Warehouse(self.folder / "warehouse")

    def export(self, name: str) -> Path:
        """The path of one source file."""
        return self.folder / "exports" / name

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace the only occurrence of ``old`` in a file of the study."""
        path = self.folder / name
        text = path.read_text()
        assert text.count(old) == 1, f"{name} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new))

    def run(self) -> Outcome:
        """Run the study; only what is no fault of ours is caught."""
        try:
            run_study(load_settings(self.folder))
        except PdevalError as error:
            return Outcome(error.exit_code, tuple(str(error).splitlines()))
        return Outcome(0)

    def published(self) -> dict[str, str]:
        """SHA-256 of the published database and of every file of the latest report; where the link leads."""
        report = self.warehouse.latest_report
        files = [
            self.warehouse.published,
            *sorted(path for path in report.resolve().rglob("*") if path.is_file()),
        ]
        hashes = {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
        }
        return hashes | {"latest": str(report.readlink())}

    def turned_away(self) -> list[tuple[str, str, int, str, str | None]]:
        """(entity, rule, line, column, record) of the restricted quarantine of the last run."""
        with duckdb.connect(str(self.warehouse.landing), read_only=True) as connection:
            return connection.execute(
                "select entity, rule, source_line, column_name, record"
                " from quarantine.rejected_row order by all"
            ).fetchall()


@pytest.fixture(scope="module")
def published_study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStudy]:
    """The tiny study as it is, run and published once for all tests of a module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PDEVAL_PSEUDONYM_KEY", raising=False)
        patch.delenv("PDEVAL_DATA", raising=False)
        patch.setattr(nightly, "run_flow", run_stages)
        study = MiniStudy(tmp_path_factory.mktemp("ministudy") / "study")
        shutil.copytree(MINISTUDY, study.folder)
        assert study.run() == Outcome(0)
        yield study


@pytest.fixture
def study(published_study: MiniStudy, tmp_path: Path) -> MiniStudy:
    """A copy of the published study that a test may break."""
    shutil.copytree(published_study.folder, tmp_path / "study", symlinks=True)
    return MiniStudy(tmp_path / "study")
