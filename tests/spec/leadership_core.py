"""Helpers of the specification tests of the leadership pipeline: core rows in, its tables out."""

from __future__ import annotations

from collections.abc import Sequence

from expectations.improvement_outputs import INDICATORS
from expectations.leadership_outputs import LEADERSHIP_ESTIMATES
from expectations.outputs import META, OUTPUTS
from tests.spec.conftest import Core
from tests.spec.improvement_core import SETTINGS
from transforms.improvement.intervals import make_interval_macros
from transforms.improvement.leadership_pipeline import compute_leadership_pipeline

EVENTS = "staff_id pathway_level stage event_date"
ASSIGNMENTS = "staff_id school_id school_year role"


def log(core: Core, *lines: str) -> None:
    """Add events: person, pathway, stage, day."""
    core.add("leadership_event", "\n".join([EVENTS, *lines]))


def assign(core: Core, *lines: str) -> None:
    """Add assignments: person, school, year, role."""
    core.add("staff_assignment", "\n".join([ASSIGNMENTS, *lines]))


def prepare(core: Core, absent: Sequence[str] = ()) -> None:
    """Build the frames and empty tables; every entity has a source but ``absent``."""
    core.build("frames.leadership_pathway", "frames.staff_year")
    core.connection.execute("create schema if not exists estimates; create schema if not exists meta")
    growth = OUTPUTS["estimates.teacher_year_growth"]
    for table in (growth, *INDICATORS, *LEADERSHIP_ESTIMATES, *META):
        # as create_table, without comments: they take longer than the test
        columns = ", ".join(
            f"{column.name} {column.kind.sql_type}{' not null' if column.is_required else ''}"
            for column in table.published_columns
        )
        core.connection.execute(f"create table {table.qualified_name} ({columns})")
    core.connection.execute(
        "insert into meta.reconciliation by name select 1 as source_number, table_name as entity,"
        " 'f.csv' as source_file, 0 as rows_read, 0 as rows_loaded, 0 as rows_duplicate, 0 as rows_skipped,"
        " 0 as rows_quarantined from information_schema.tables"
        " where table_schema = 'core' and not list_contains(?, table_name)",
        [list(absent)],
    )
    make_interval_macros(core.connection)


def compute(core: Core, absent: Sequence[str] = ()) -> None:
    """Build frames and fill the tables of the pipeline."""
    prepare(core, absent)
    compute_leadership_pipeline(core.connection, SETTINGS)


def compute_with_growth(core: Core, rows: Sequence[tuple]) -> None:
    """The same with rows of growth: school, year, growth in SD; reading, ten students a school."""
    prepare(core)
    core.connection.executemany(
        "insert into estimates.teacher_year_growth by name select 'ela' as academic_subject, $1 as staff_id,"
        " $2 as school_id, $3 as school_year, $4 as growth_sd, 10.0 as weight, 10 as n_students,"
        " 0.0 as prior_mean_sd",
        [(f"t-{school}", school, year, growth) for school, year, growth in rows],
    )
    compute_leadership_pipeline(core.connection, SETTINGS)


def indicator(core: Core, name: str, columns: str) -> list[tuple]:
    """Named columns of one indicator's rows, sorted."""
    names = columns.split()
    rows = core.connection.execute(
        f"select {', '.join(names)} from estimates.indicator where indicator = ?", [name]
    ).fetchall()
    return sorted(rows, key=lambda row: tuple((value is None, value) for value in row))
