"""Helpers of the specification tests of a system that learns."""

from __future__ import annotations

from collections.abc import Sequence

from expectations.outputs import OUTPUTS
from tests.spec import improvement_core
from tests.spec.conftest import Core
from transforms.improvement.learning_system import compute_learning_system
from transforms.warehouse import create_table


def prepare(core: Core, absent: Sequence[str] = ()) -> None:
    """Build what the tables of a system that learns stand on; every entity has a source but ``absent``."""
    improvement_core.prepare(core, "frames.survey_score", absent=absent)


def compute(core: Core) -> None:
    """Fill the tables of a system that learns; without ``add_growth`` no school has grown."""
    if not core.connection.execute(
        "select 1 from information_schema.tables where table_name = 'school_growth'"
    ).fetchall():
        create_table(core.connection, OUTPUTS["estimates.school_growth"])
    compute_learning_system(core.connection, improvement_core.SETTINGS)


def add_growth(core: Core, text: str) -> None:
    """Add school_growth: subject, assessment, window, school, year, gain, its error, students."""
    create_table(core.connection, OUTPUTS["estimates.school_growth"])
    names = (
        "academic_subject assessment_id growth_window school_id school_year gain_sd gain_std_error n_students"
    )
    for line in text.strip().splitlines():
        values = [None if value == "." else value for value in line.split()]
        core.connection.execute(
            f"insert into estimates.school_growth ({', '.join(names.split())}, n_students_weighted)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [*values, values[-1]],
        )


def attend(core: Core, *lines: str) -> None:
    """Add attended participations: staff, activity, session, day, hours."""
    names = "staff_id pd_activity_id pd_session_id participation_date hours attendance_status"
    core.add("pd_participation", "\n".join([names, *(f"{line} attended" for line in lines)]))
