"""Helpers of the specification tests of the leadership pipeline: core rows in, its tables out."""

from __future__ import annotations

from collections.abc import Sequence

from expectations.outputs import OUTPUTS
from tests.spec.conftest import Core
from tests.spec.improvement_core import SETTINGS, prepare
from transforms.improvement.leadership_pipeline import compute_leadership_pipeline
from transforms.warehouse import create_table

EVENTS = "staff_id pathway_level stage event_date"
ASSIGNMENTS = "staff_id school_id school_year role"


def log(core: Core, *lines: str) -> None:
    """Add events: person, pathway, stage, day."""
    core.add("leadership_event", "\n".join([EVENTS, *lines]))


def assign(core: Core, *lines: str) -> None:
    """Add assignments: person, school, year, role."""
    core.add("staff_assignment", "\n".join([ASSIGNMENTS, *lines]))


def compute(core: Core, absent: Sequence[str] = ()) -> None:
    """Build frames, fill the tables of the pipeline; every entity has a source but ``absent``."""
    prepare(core, "frames.leadership_pathway", absent=absent)
    create_table(core.connection, OUTPUTS["estimates.teacher_year_growth"])
    compute_leadership_pipeline(core.connection, SETTINGS)


def compute_with_growth(core: Core, rows: Sequence[tuple]) -> None:
    """The same with rows of growth: school, year, growth in SD; reading, ten students a school."""
    prepare(core, "frames.leadership_pathway")
    create_table(core.connection, OUTPUTS["estimates.teacher_year_growth"])
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
