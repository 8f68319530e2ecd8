"""Helpers of the specification tests of balance: core rows in, all tables of balance out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from expectations.outputs import OUTPUTS
from tests.spec.conftest import Core
from tests.spec.improvement_core import SETTINGS
from transforms.improvement.balance import compute_balance
from transforms.improvement.improve import make_places
from transforms.improvement.intervals import make_interval_macros
from transforms.warehouse import create_table, open_database

# What balance fills or reads beside core and frames: creating every table would take most of a test's time.
TABLES = (
    "estimates.indicator_definition",
    "estimates.indicator",
    "estimates.school_need_fit",
    "estimates.school_balance",
    "estimates.school_growth",
    "quarantine.rejected_row",
    "meta.build",
    "meta.reconciliation",
)


@contextmanager
def new_core() -> Iterator[Core]:
    """Empty core tables in memory, for a fixture of wider scope than one test."""
    connection = open_database(None, threads=1)
    yield Core(connection)
    connection.close()


def balance(core: Core, absent: Sequence[str] = ()) -> None:
    """Compute balance; tables that another part fills are there, empty unless a test filled them."""
    prepare_balance(core, absent)
    compute_balance(core.connection, SETTINGS)


def prepare_balance(core: Core, absent: Sequence[str] = ()) -> None:
    """Build all that balance stands on; every entity has a source but ``absent``."""
    core.build("frames.staff_year", "frames.staff_activity", "frames.survey_score")
    for name in TABLES:
        create_table(core.connection, OUTPUTS[name])
    core.connection.execute(
        "insert into meta.build by name select 'b' as build_id, 'Riverbend' as study_name, 'RB' as lea_id,"
        " 2025 as report_year, 'candidate' as status, now()::timestamp as started_at, '0' as pdeval_version,"
        " '0' as schema_version, '0' as input_fingerprint, '{}' as settings, '0' as pseudonym_key_id"
    )
    core.connection.execute(
        "insert into meta.reconciliation by name select 1 as source_number, table_name as entity,"
        " 'f.csv' as source_file, 0 as rows_read, 0 as rows_loaded, 0 as rows_duplicate, 0 as rows_skipped,"
        " 0 as rows_quarantined from information_schema.tables"
        " where table_schema = 'core' and not list_contains(?, table_name)",
        [list(absent)],
    )
    make_interval_macros(core.connection)
    make_places(core.connection)


def indicator(core: Core, name: str, columns: str) -> list[tuple]:
    """Rows of one indicator, its named columns, sorted."""
    rows = core.connection.execute(
        f"select {', '.join(columns.split())} from estimates.indicator where indicator = ?", [name]
    ).fetchall()
    return sorted(rows, key=lambda row: tuple((value is None, value) for value in row))
