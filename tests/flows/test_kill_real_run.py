"""kill -9 of a real run, Prefect and Great Expectations included, at 20 moments."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[2]
MINISTUDY = ROOT / "tests/data/ministudy"
N_KILLS = 20

pytestmark = pytest.mark.slow


def _start(study: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-c",
        "from flows.cli import main; main()",
        "run",
        str(study),
        "--force",
        "--quiet",
    ]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _published(study: Path) -> tuple[str, str]:
    """Id and status that the published file gives itself; every table of it is read."""
    with duckdb.connect(str(study / "warehouse/pdeval.duckdb"), read_only=True) as connection:
        for schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables()"
        ).fetchall():
            connection.execute(f'select count(*) from "{schema}"."{table}"').fetchall()
        (build,) = connection.execute("select build_id, status from meta.build").fetchall()
        (n_effects,) = connection.execute("select count(*) from estimates.effect").fetchall()[0]
    assert n_effects > 0
    return build


def test_published_database_is_a_whole_build_after_kills_of_real_runs(tmp_path: Path) -> None:
    study = tmp_path / "ministudy"
    shutil.copytree(MINISTUDY, study)
    began = time.monotonic()
    assert _start(study).wait() == 0
    seconds = time.monotonic() - began
    moments = random.Random(11)
    before = _published(study)
    for _ in range(N_KILLS):
        process = _start(study)
        time.sleep(moments.uniform(0.0, seconds))
        process.kill()
        process.wait()
        build_id, status = _published(study)
        assert status == "published"
        assert build_id >= before[0]
        assert (
            (study / "warehouse/reports/latest/index.html")
            .read_text(encoding="utf-8")
            .rstrip()
            .endswith("</html>")
        )
        before = (build_id, status)
    assert _start(study).wait() == 0
    assert _published(study)[0] > before[0]
    assert not list((study / "warehouse/builds").glob("*.candidate.*"))
