"""What an evaluator finds in a database that the pipeline published: words, macros, a descriptor."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from expectations.macros import macros
from expectations.schema_versions import SCHEMA_VERSION
from expectations.schemas import SCHEMAS
from tests.flows.site_counts import counts_on, too_small
from tests.hostile.conftest import MiniStudy, Outcome
from tests.spec.documented_queries import QUERIES, Query
from tests.spec.published_schema import declared
from tests.unit.expectations.data_package_rules import broken_rules
from transforms.release.bands import BAND
from transforms.release.public import COUNTED_TABLES
from transforms.warehouse import declared_table, quoted

PERSONS = {"people", "teachers", "students"}
OWN = "database_name = current_database() and not internal"


@pytest.fixture
def study(published_study: MiniStudy) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published database as a careful reader opens it."""
    connection = duckdb.connect(
        str(published_study.warehouse.published),
        read_only=True,
        config={"enable_external_access": False, "lock_configuration": True},
    )
    yield connection
    connection.close()


@pytest.fixture
def copies(published_study: MiniStudy, tmp_path) -> Iterator[duckdb.DuckDBPyConnection]:  # type: ignore[no-untyped-def]
    """Two builds attached side by side, as ``before`` and ``after``; only ``after`` is published."""
    other = tmp_path / "other.duckdb"
    other.write_bytes(published_study.warehouse.published.read_bytes())
    with duckdb.connect(str(other)) as connection:
        connection.execute("update meta.build set build_id = 'older'")
    connection = duckdb.connect()
    connection.execute(f"attach '{other}' as before (read_only)")
    connection.execute(f"attach '{published_study.warehouse.published}' as after (read_only)")
    yield connection
    connection.close()


def test_every_table_has_a_comment_that_begins_with_its_grain_and_names_its_source(
    study: duckdb.DuckDBPyConnection,
) -> None:
    comments = study.execute(
        f"select schema_name || '.' || table_name, comment from duckdb_tables() where {OWN}"
    ).fetchall()
    assert len(comments) > 150
    assert [name for name, text in comments if not (text or "").startswith("One row")] == []
    assert [name for name, text in comments if " Source: " not in text] == []
    assert [name for name, text in comments if "Source: not recorded" in text] == []
    assert "Source: the study's files (meta.source_file)" in dict(comments)["core.school"]


def test_every_column_has_a_comment_and_every_number_its_unit(study: duckdb.DuckDBPyConnection) -> None:
    columns = study.execute(
        "select schema_name || '.' || table_name || '.' || column_name, data_type, comment"
        f" from duckdb_columns() where {OWN}"
    ).fetchall()
    assert len(columns) > 2000
    assert [name for name, _, text in columns if not text] == []
    numbers = [(name, text) for name, kind, text in columns if kind in ("DOUBLE", "BIGINT")]
    assert [name for name, text in numbers if "Unit: " not in text] == []


def test_every_macro_has_a_comment_and_there_is_no_view_without_one(study: duckdb.DuckDBPyConnection) -> None:
    made = study.execute(
        f"select function_name, comment, parameters from duckdb_functions() where {OWN}"
    ).fetchall()
    assert {name: (text, tuple(given)) for name, text, given in made} == {
        macro.name: (macro.comment, macro.parameters) for macro in macros()
    }
    assert 8 <= len(made) <= 12
    views = study.execute(f"select view_name, comment from duckdb_views() where {OWN}").fetchall()
    assert [name for name, text in views if not text] == []


def test_every_schema_is_described_in_a_table_for_duckdb_takes_no_comment_of_one(
    study: duckdb.DuckDBPyConnection,
) -> None:
    schemas = {name for (name,) in study.execute(
        "select schema_name from duckdb_schemas() where database_name = current_database()"
    ).fetchall()}  # fmt: skip
    assert schemas == set(SCHEMAS)
    assert dict(study.execute("from meta.schema_description").fetchall()) == SCHEMAS
    with duckdb.connect() as other, pytest.raises(duckdb.NotImplementedException, match="schemas"):
        other.execute("comment on schema main is 'macros'")


def test_the_database_has_the_tables_columns_and_types_that_are_declared(
    study: duckdb.DuckDBPyConnection,
) -> None:
    names = {name: what for name, what in declared().items() if not name.startswith("macro ")}
    wanted = {name: what.removesuffix(" not null") for name, what in names.items() if name.count(".") == 2}
    built = study.execute(
        f"select schema_name || '.' || table_name || '.' || column_name, data_type"
        f" from duckdb_columns() where {OWN}"
    ).fetchall()
    assert dict(built) == wanted


def test_the_version_of_the_tables_is_told_with_its_history(study: duckdb.DuckDBPyConnection) -> None:
    rows = study.execute(
        "select version, since, kind, changes from meta.schema_version where is_of_build"
    ).fetchall()
    assert [row[0] for row in rows] == [SCHEMA_VERSION]
    assert study.execute("select schema_version from meta.build").fetchall() == [(SCHEMA_VERSION,)]
    assert study.execute("select count(*) from meta.schema_version where not is_of_build").fetchall() > [(0,)]


@pytest.mark.parametrize("macro", macros(), ids=lambda macro: macro.name)
def test_a_macro_runs_read_only_and_gives_nothing_for_what_is_unknown(
    study: duckdb.DuckDBPyConnection, macro
) -> None:  # type: ignore[no-untyped-def]
    found = study.execute(f"from {macro.name}()")
    assert tuple(column[0] for column in found.description) == macro.columns
    everything = found.fetchall()
    nulls = ", ".join("null" for _ in macro.parameters)
    assert sorted(study.execute(f"from {macro.name}({nulls})").fetchall(), key=repr) == sorted(
        everything, key=repr
    )
    for parameter in macro.parameters:
        unknown = "1066" if parameter == "school_year" else "'nobody''s; drop table x'"
        assert study.execute(f"from {macro.name}({parameter} := {unknown})").fetchall() == []


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: str(query.number))
def test_a_documented_query_runs_read_only_on_what_the_pipeline_published(
    study: duckdb.DuckDBPyConnection, query: Query
) -> None:
    rows = study.execute(query.sql).fetchall()
    if query.number <= 9 and query.number != 5:  # a study without a broken record has no row there
        assert rows


def test_a_macro_never_reads_the_tables_of_another_build(copies: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.CatalogException):
        copies.execute("from after.reach()")  # DuckDB looks its tables up in the current database, memory
    copies.execute("use after")
    assert copies.execute("from reach()").fetchall()
    assert copies.execute("from after.reach()").fetchall()
    copies.execute("use before")  # whose macros know the build that it was copied from
    for call in ("before.reach()", "after.reach()", "after.event_study()"):
        with pytest.raises(duckdb.InvalidInputException, match="USE the database of the macro first"):
            copies.execute(f"from {call}")


@pytest.fixture
def public(published_study: MiniStudy) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release for the public, the published database attached as ``whole``."""
    warehouse = published_study.warehouse
    connection = duckdb.connect()
    connection.execute(f"attach '{warehouse.public_database}' as public (read_only)")
    connection.execute(f"attach '{warehouse.published}' as whole (read_only)")
    connection.execute("use public")
    yield connection
    connection.close()


def test_the_release_for_the_public_shows_no_count_below_ten_and_nothing_that_the_report_hides(
    public: duckdb.DuckDBPyConnection,
) -> None:
    shown = 0
    for name in COUNTED_TABLES:
        table = declared_table(name)
        assert table is not None
        has = {row[0] for row in public.execute(f"describe {quoted(name)}").fetchall()}
        for column in (one for one in table.columns if one.unit in PERSONS and one.name in has):
            counts = public.execute(
                f"select {column.name} from {quoted(name)} where {column.name} is not null"
            ).fetchall()
            shown += len(counts)
            assert all(n == 0 or n >= 10 for (n,) in counts), (name, column.name)
        columns = ", ".join(map(quoted, sorted(has - {"note", "is_suppressed", "may_be_shown", BAND.name})))
        more = public.execute(
            f"select {columns} from {quoted(name)} where not is_suppressed"
            f" except select {columns} from whole.{quoted(name)}"
        ).fetchall()
        assert all(None in row for row in more), name  # a row may have lost a figure
    assert shown > 0


def test_a_report_from_which_a_hidden_figure_could_be_worked_out_is_refused_and_the_last_one_stays(
    published_study: MiniStudy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an engine that hides nothing but what each table hides by itself."""
    shutil.copytree(published_study.folder, tmp_path / "study", symlinks=True)
    study = MiniStudy(tmp_path / "study")
    before = study.published()
    settings = study.folder / "study.toml"
    settings.write_text(settings.read_text() + "\n[disclosure]\nminimum_students = 20\n")
    monkeypatch.setattr("transforms.release.control.hide", lambda *_: None)
    monkeypatch.setattr(
        "transforms.release.control.all_to_hide", lambda _cells, _pieces, _rule, hidden: hidden
    )
    outcome = study.run()
    assert outcome.exit_code == 5
    (line,) = outcome.lines
    assert "nothing was published" in line
    assert study.published() == before


def test_a_study_that_asks_for_it_hands_on_rounded_counts(published_study: MiniStudy, tmp_path: Path) -> None:
    shutil.copytree(published_study.folder, tmp_path / "study", symlinks=True)
    study = MiniStudy(tmp_path / "study")
    settings = study.folder / "study.toml"
    settings.write_text(settings.read_text() + "\n[disclosure]\npublic_rounding = 5\n")
    assert study.run() == Outcome(0)
    manifest = json.loads((study.warehouse.public / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["rounding"]["base"] == 5
    public = duckdb.connect(str(study.warehouse.public_database), read_only=True)
    counts = [
        n
        for table, columns in manifest["rounding"]["counts"].items()
        for column in columns
        for (n,) in public.execute(f"select {column} from {table} where {column} is not null").fetchall()
    ]
    public.close()
    assert counts
    assert {n % 5 for n in counts} == {0}


def test_no_table_of_the_report_counts_fewer_people_than_may_be_shown(published_study: MiniStudy) -> None:
    warehouse = published_study.warehouse
    for site in warehouse.reports.iterdir():
        assert len(list(counts_on(site))) > 20
        assert too_small(site) == []


def test_the_release_for_the_public_has_each_table_as_parquet_with_a_valid_descriptor(
    published_study: MiniStudy, public: duckdb.DuckDBPyConnection
) -> None:
    folder = published_study.warehouse.public
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert broken_rules(package) == []
    paths = {resource["path"] for resource in package["resources"]}
    assert paths == {file.name for file in folder.glob("*.parquet")}
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {one["table_name"] for one in manifest["tables"]} == set(COUNTED_TABLES)
    assert {one["verdict"] for one in manifest["tables"]} <= {"pass", "review"}
    names = public.execute(f"select distinct column_name from duckdb_columns() where {OWN}").fetchall()
    assert not {("student_id",), ("staff_id",), ("settings",), ("pseudonym_key_id",)} & set(names)


def test_the_descriptor_beside_the_report_is_valid_and_true(
    published_study: MiniStudy, study: duckdb.DuckDBPyConnection
) -> None:
    report = published_study.warehouse.latest_report.resolve()
    package = json.loads((report / "datapackage.json").read_text(encoding="utf-8"))
    assert broken_rules(package) == []
    tables = study.execute(f"select schema_name || '.' || table_name from duckdb_tables() where {OWN}")
    assert {resource["dialect"]["table"] for resource in package["resources"]} == {
        name for (name,) in tables.fetchall()
    }
    n_foreign = 0
    for resource in package["resources"]:
        table, schema = quoted(resource["dialect"]["table"]), resource["schema"]
        if "primaryKey" in schema:
            key = ", ".join(map(quoted, schema["primaryKey"]))
            assert not study.execute(f"select 1 from {table} group by {key} having count(*) > 1").fetchall()
        for foreign in schema.get("foreignKeys", ()):
            n_foreign += 1
            target, field = quoted(foreign["reference"]["resource"]), quoted(foreign["reference"]["fields"])
            column = quoted(foreign["fields"])
            assert not study.execute(
                f"select 1 from {table} where {column} is not null"
                f" and {column} not in (select {field} from {target})"
            ).fetchall(), (table, foreign)
    assert n_foreign > 5
    for label in ("dictionary.html", "index.html"):
        assert (report / label).exists()
