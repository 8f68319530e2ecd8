"""What never leaves the restricted files: names, e-mail addresses, birth dates, ids of persons, free text."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.flows.pipeline import built
from transforms.simulate import DistrictPlan, simulate_district


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("district")
    simulate_district(DistrictPlan(n_students=300, n_years=3), folder)
    return folder


@pytest.fixture(scope="module")
def candidate(district: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = built(district)
    yield connection
    connection.close()


def _planted(district: Path) -> set[str]:
    """Names, addresses, ids and free texts as they stand in the files."""
    with duckdb.connect() as reader:
        staff = reader.execute(
            "select * from read_csv(?, all_varchar = true, encoding = 'latin-1')",
            [str(district / "exports/hr/staff.csv")],
        )
        columns = [column[0] for column in staff.description]
        rows = staff.fetchall()
        students = reader.execute(
            'select "Student Number" from read_csv(?, all_varchar = true)',
            [str(district / "exports/sis/students_new_*.csv.gz")],
        ).fetchall()
    persons = {row[columns.index(name)] for row in rows for name in ("Employee ID", "E-mail")}
    full_names = {f"{row[columns.index('First Name')]} {row[columns.index('Last Name')]}" for row in rows}
    return persons | full_names | {identifier for (identifier,) in students}


def _text_columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    return connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where data_type = 'VARCHAR' and not internal and database_name = current_database()"
    ).fetchall()


def test_no_value_of_the_candidate_holds_a_planted_name_address_or_id(
    district: Path, candidate: duckdb.DuckDBPyConnection
) -> None:
    planted = _planted(district)
    assert len(planted) > 300
    columns = _text_columns(candidate)
    assert len(columns) > 150
    found = []
    for schema, table, column in columns:
        values = candidate.execute(f'select distinct "{column}" from "{schema}"."{table}"').fetchall()
        found += [
            (schema, table, column) for (value,) in values if value is not None and _holds(value, planted)
        ]
    assert found == []


def _holds(value: str, planted: set[str]) -> bool:
    return value in planted or "@" in value or any(word in planted for word in value.split())


def test_direct_identifiers_have_no_column(candidate: duckdb.DuckDBPyConnection) -> None:
    names = {column for _, _, column in _text_columns(candidate)}
    assert not names & {
        "first_name",
        "last_name",
        "email",
        "birth_date",
        "text",
        "evidence",
        "rationale",
        "record",
    }


def test_a_restricted_file_has_the_quarantined_record_and_only_its_owner_reads_it(
    district: Path, candidate: duckdb.DuckDBPyConnection
) -> None:
    landing = district / "warehouse/restricted/landing.duckdb"
    assert stat.S_IMODE(landing.stat().st_mode) == 0o600
    assert stat.S_IMODE(landing.parent.stat().st_mode) == 0o700
    with duckdb.connect() as restricted:
        restricted.execute(f"attach '{landing}' as landed (read_only)")
        kept = restricted.execute(
            "select count(*), count(record) from landed.quarantine.rejected_row"
        ).fetchall()[0]
    published = candidate.execute("select count(*) from quarantine.rejected_row").fetchall()[0][0]
    assert kept == (published, published)
    assert published > 0
