"""The files for the public: shares in bands without their counts, and what an attack came to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from expectations.outputs import OUTPUTS
from flows.report import REPORT_PARAMETERS
from tests.unit.reporting.made_up_build import EFFECT, empty_build, insert
from transforms.disclosure import Verdict
from transforms.release.bands import BAND, with_band
from transforms.release.cells import remember_counts
from transforms.release.control import Judged
from transforms.release.counts import REPORT_COUNTS
from transforms.release.earlier import LastRelease
from transforms.release.public import COUNTED_TABLES, write_public

REACH = {"school_year": 2025, "pd_type": "coaching"}
# reached, teachers and band; 12 of 20 leave 40 %, which is in the band above 30 up to 40
BANDS = {"1": (12, 20, "60–70%"), "2": (100, 400, "24–25%"), "3": (19, 20, "≥90%"), "4": (30, None, None)}


@pytest.fixture
def build() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = empty_build()
    for school, (reached, teachers, _) in BANDS.items():
        row = {"school_id": school, "school_name": school, "n_staff": reached + 20, "hours": 100.0 * reached}
        counts = {"n_teachers_reached": reached, "n_teachers": teachers, "is_suppressed": False}
        insert(connection, "report.pd_reach", [{**REACH, **row, **counts}])
        insert(
            connection,
            "frames.teacher_year_pd",
            [
                {**REACH, "school_id": school, "staff_id": f"{school} {i}", "hours": 10.0}
                for i in range(reached + 20)
            ],
        )
    yield connection
    connection.close()


def written(
    build: duckdb.DuckDBPyConnection, folder: Path, last: LastRelease | None = None, minimum: int = 10
) -> Judged:
    remember_counts(build, REPORT_COUNTS.among(COUNTED_TABLES), REPORT_PARAMETERS)
    return write_public(build, folder, REPORT_COUNTS, last or LastRelease(), minimum)


def test_shares_of_teachers_stand_in_bands_and_no_count_beside_them(
    build: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    written(build, tmp_path / "public")
    public = duckdb.connect(str(tmp_path / "public" / "public.duckdb"), read_only=True)
    rows = public.execute(f"select school_id, {BAND.name} from report.pd_reach order by 1").fetchall()
    columns = {name for name, *_ in public.execute("describe report.pd_reach").fetchall()}
    public.close()
    assert rows == [(school, band) for school, (_, _, band) in BANDS.items()]
    assert columns.isdisjoint({"n_teachers_reached", "n_teachers", "share_of_teachers"})
    parquet = duckdb.read_parquet(str(tmp_path / "public" / "pd_reach.parquet"))
    assert set(parquet.columns) == columns


def test_a_hidden_count_has_no_band(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    build.execute("update report.pd_reach set n_teachers_reached = 9 where school_id = '1'")
    written(build, tmp_path / "public")
    public = duckdb.connect(str(tmp_path / "public" / "public.duckdb"), read_only=True)
    (band,) = public.execute(f"select {BAND.name} from report.pd_reach where school_id = '1'").fetchall()
    public.close()
    assert band == (None,)


def test_the_manifest_has_the_verdict_of_each_table(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    judged = written(build, tmp_path / "public")
    manifest = json.loads((tmp_path / "public" / "manifest.json").read_text())
    assert [one["table_name"] for one in manifest["tables"]] == [one.table_name for one in judged.verdicts]
    assert {one["verdict"] for one in manifest["tables"]} == {Verdict.PASS}


def test_one_more_person_than_in_the_last_release_is_hidden(
    build: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    first = written(build, tmp_path / "first")
    build.execute("update report.pd_reach set n_staff = n_staff + 1 where school_id = '2'")
    second = written(build, tmp_path / "second", LastRelease(first.told))
    public = duckdb.connect(str(tmp_path / "second" / "public.duckdb"), read_only=True)
    rows = public.execute("select school_id from report.pd_reach where n_staff is null").fetchall()
    public.close()
    assert rows == [("2",)]
    assert {one.verdict for one in second.verdicts} == {Verdict.PASS}


def test_the_band_stands_where_the_share_was() -> None:
    names = [column.name for column in with_band(OUTPUTS["report.pd_reach_district"]).columns]
    assert names[names.index(BAND.name) - 1 : names.index(BAND.name) + 2] == ["n_staff", BAND.name, "hours"]


@pytest.mark.parametrize(("minimum", "n_shown"), [(10, 2), (30, 1)])
def test_a_study_may_set_a_higher_minimum(
    build: duckdb.DuckDBPyConnection, tmp_path: Path, minimum: int, n_shown: int
) -> None:
    for n in (29, 30):
        named = {"is_struck_out": False, "n_staff": 100, "n_participants": 100, "n_students": n}
        insert(build, "estimates.effect", [{**EFFECT, **named, "effect_id": str(n)}])
    written(build, tmp_path / "public", minimum=minimum)
    public = duckdb.connect(str(tmp_path / "public" / "public.duckdb"), read_only=True)
    (counted,) = public.execute("select count(*) from estimates.effect").fetchall()
    (least,) = public.execute("select min(n_staff) from report.pd_reach").fetchall()
    public.close()
    assert counted == (n_shown,)
    assert least[0] >= minimum
    assert json.loads((tmp_path / "public" / "manifest.json").read_text())["minimum"] == minimum
