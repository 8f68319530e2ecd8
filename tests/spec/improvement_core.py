"""Helpers of the specification tests of indicators: core rows in, indicator rows out."""

from __future__ import annotations

from collections.abc import Sequence

from expectations.outputs import ESTIMATES, IMPROVEMENT_ESTIMATES, META
from tests.spec.conftest import Core
from transforms.designs.main_design import make_main_effects
from transforms.improvement.improve import make_places
from transforms.improvement.indicators import Indicator, fill_indicators
from transforms.improvement.intervals import make_interval_macros
from transforms.improvement.settings import ImprovementSettings
from transforms.warehouse import create_table

SETTINGS = ImprovementSettings(report_year=2025)


def prepare(core: Core, *frames: str, absent: Sequence[str] = ()) -> None:
    """Build ``frames`` and everything that indicators stand on; every entity has a source but ``absent``."""
    core.build(*dict.fromkeys(("frames.staff_year", "frames.staff_activity", *frames)))
    for table in (*ESTIMATES, *META, *IMPROVEMENT_ESTIMATES):
        create_table(core.connection, table)
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
    make_main_effects(core.connection)


def indicator_rows(core: Core, indicator: Indicator, columns: str, **parameters: object) -> list[tuple]:
    """Fill one indicator of SQL and return its named columns, sorted."""
    fill_indicators(core.connection, [indicator], SETTINGS, parameters)
    return core.rows("estimates.indicator", columns)
