"""A bench for survey tables: rows of answers go in, estimates and report tables come out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import duckdb
import pyarrow as pa

from expectations.outputs import OUTPUTS
from expectations.survey_outputs import SURVEY_REPORT
from flows.report import REPORT_PARAMETERS
from transforms.improvement.intervals import make_interval_macros
from transforms.improvement.settings import ImprovementSettings
from transforms.release.control import make_released_tables
from transforms.release.counts import REPORT_COUNTS
from transforms.release.earlier import LastRelease
from transforms.surveys.scales import compute_scales
from transforms.warehouse import build_tables, create_table, in_dependency_order, sql_files

SURVEY_TABLES = ("scale", "item_statistic", "aggregation", "school_scale", "response", "change")


class Bench:
    """Surveys over ``core``; every item is rated from 1 to 5."""

    def __init__(self, core) -> None:
        self.core = core
        self.connection: duckdb.DuckDBPyConnection = core.connection
        self.n = 0
        self.pending: dict[str, list[dict[str, object]]] = defaultdict(list)
        self.items: dict[str, list[str]] = {}

    def _insert(self, table: str, **values: object) -> None:
        """Keep a row for ``flush``: one insert a table, as a row at a time takes seconds."""
        self.pending[table].append(values)

    def flush(self) -> None:
        """Write the rows kept so far."""
        for table, rows in self.pending.items():
            given = pa.Table.from_pylist(rows)
            self.connection.register("given_rows", given)
            self.connection.execute(f"insert into core.{table} by name from given_rows")
            self.connection.unregister("given_rows")
        self.pending.clear()

    def sql(self, statement: str, parameters: Sequence[object] = ()) -> None:
        """Run a statement after the rows so far are written."""
        self.flush()
        self.connection.execute(statement, list(parameters))

    def survey(
        self,
        survey: str,
        items: dict[str, str],
        *,
        day: str = "2025-02-10",
        anonymous: bool = False,
        activity: str | None = None,
        invited: int | None = None,
        title: str | None = None,
    ) -> None:
        """Add a survey; ``items`` are constructs by item, a leading ``-`` marks a reversed one."""
        self._insert(
            "survey", survey_id=survey, title=title or survey, administered_date=day, is_anonymous=anonymous,
            pd_activity_id=activity, n_invited=invited,
        )  # fmt: skip
        self.items[survey] = sorted(item.removeprefix("-") for item in items)
        for item, construct in items.items():
            self._insert(
                "survey_item", survey_id=survey, item_id=item.removeprefix("-"), wording=f"Wording of {item}",
                response_type="likert", scale_min=1, scale_max=5, is_reverse_scored=item.startswith("-"),
                construct=construct,
            )  # fmt: skip

    def answers(
        self,
        survey: str,
        rows: Sequence[Sequence[float | None]],
        *,
        staff: Sequence[str] | None = None,
        school: str | None = None,
    ) -> None:
        """Add a response a row, answers in the order of the survey's item ids."""
        for position, row in enumerate(rows):
            self.n += 1
            response = f"r{self.n:04}"
            self._insert(
                "survey_response", response_id=response, survey_id=survey, school_id=school,
                staff_id=staff[position] if staff else None,
            )  # fmt: skip
            for item, value in zip(self.items[survey], row, strict=True):
                if value is not None:
                    self._insert("survey_answer", response_id=response, item_id=item, value=str(value))

    def says(self, role: str) -> None:
        """The last respondent chooses a role in the item ``role``."""
        self._insert("survey_answer", response_id=f"r{self.n:04}", item_id="role", value=role)

    def staff(self, staff: str, school: str, role: str = "teacher", year: int = 2025) -> None:
        self._insert("staff_assignment", staff_id=staff, school_id=school, school_year=year, role=role)

    def attends(self, staff: str, activity: str, day: str = "2024-10-01") -> None:
        self._insert(
            "pd_participation", staff_id=staff, pd_activity_id=activity, participation_date=day, hours=2,
            attendance_status="attended",
        )  # fmt: skip

    def compute(self) -> None:
        """Build frames, estimates and report tables of surveys."""
        self.flush()
        files = {file.qualified_name: file for file in sql_files("frames")}
        wanted = ["frames.survey_score", "frames.staff_activity"]
        for name in wanted:
            wanted.extend(read for read in files[name].depends_on if read in files and read not in wanted)
        build_tables(self.connection, in_dependency_order(files[name] for name in wanted), {})
        for name in SURVEY_TABLES:
            create_table(self.connection, OUTPUTS[f"estimates.survey_{name}"])
        make_interval_macros(self.connection)
        compute_scales(self.connection, ImprovementSettings(report_year=2025))
        own = {table.qualified_name for table in SURVEY_REPORT}
        reports = [file for file in sql_files("report") if file.qualified_name in own]
        make_released_tables(self.connection, reports, REPORT_PARAMETERS, REPORT_COUNTS, LastRelease())

    def rows(self, table: str, columns: str, where: str = "true") -> list[tuple]:
        """Named columns of rows, sorted; nulls last."""
        relation = self.connection.table(table).filter(where).select(*columns.split())
        return sorted(relation.fetchall(), key=lambda row: tuple((value is None, value) for value in row))
