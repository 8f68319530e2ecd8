"""Helpers of the specification tests of balance: core rows in, all tables of balance out."""

from __future__ import annotations

from collections.abc import Sequence

from expectations.outputs import OUTPUTS
from tests.spec.conftest import Core
from tests.spec.improvement_core import SETTINGS, prepare
from transforms.improvement.balance import compute_balance
from transforms.warehouse import create_table

BEHIND = ("estimates.school_growth", "quarantine.rejected_row")


def balance(core: Core, absent: Sequence[str] = ()) -> None:
    """Compute balance; tables that another part fills are there, empty unless a test filled them."""
    prepare_balance(core, absent)
    compute_balance(core.connection, SETTINGS)


def prepare_balance(core: Core, absent: Sequence[str] = ()) -> None:
    """Build all that balance stands on."""
    prepare(core, "frames.survey_score", absent=absent)
    for name in BEHIND:
        core.connection.execute(f"create schema if not exists {name.split('.')[0]}")
        create_table(core.connection, OUTPUTS[name])


def indicator(core: Core, name: str, columns: str) -> list[tuple]:
    """Rows of one indicator, its named columns, sorted."""
    rows = core.connection.execute(
        f"select {', '.join(columns.split())} from estimates.indicator where indicator = ?", [name]
    ).fetchall()
    return sorted(rows, key=lambda row: tuple((value is None, value) for value in row))
