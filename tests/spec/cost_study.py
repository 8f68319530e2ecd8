"""A study of a few rows whose costs are computed: core tables, frames from them, effects as given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from expectations.outputs import OUTPUTS
from tests.spec.conftest import Core
from transforms.improvement.cost import compute_cost
from transforms.improvement.intervals import make_interval_macros
from transforms.improvement.settings import CostSettings, ImprovementSettings
from transforms.warehouse import create_table, insert_records

REPORT_YEAR = 2025
FRAMES = ("frames.staff_activity", "frames.student_teacher_link")
ESTIMATES = (
    "meta.build",
    "meta.reconciliation",
    "estimates.effect",
    "estimates.indicator_definition",
    "estimates.indicator",
    "estimates.cost_assumption",
    "estimates.cost_activity",
    "estimates.cost_ingredient",
    "estimates.cost",
    "estimates.cost_opportunity",
    "estimates.cost_effectiveness",
    "estimates.cost_equity",
)
EFFECT: Mapping[str, object] = {
    "effect_id": "e",
    "build_id": "b",
    "design": "adjusted",
    "pd_type": "coaching",
    "academic_subject": "mathematics",
    "subgroup": "all",
    "contrast": "participated",
    "is_primary": False,
    "is_struck_out": False,
}


class CostStudy:
    """``core`` takes rows; ``compute`` makes every table of costs."""

    def __init__(self, core: Core) -> None:
        self.core = core

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        return self.core.connection

    def teach(self, teachers: Mapping[str, Sequence[str]], year: int = REPORT_YEAR) -> None:
        """One section in mathematics a teacher, all year, with the students named."""
        for teacher, students in teachers.items():
            section = f"{teacher}-{year}"
            self.core.add(
                "section",
                f"section_id school_id school_year academic_subject\n{section} S1 {year} mathematics",
            )
            span = f"{year - 1}-08-15 {year}-06-10"
            self.core.add(
                "section_staff",
                f"section_id staff_id begin_date end_date\n{section} {teacher} {span}",
            )
            for student in students:
                self.core.add(
                    "section_student",
                    f"section_id student_id begin_date end_date\n{section} {student} {span}",
                )

    def attend(self, rows: str) -> None:
        """Participations ``staff activity date hours``, a line each."""
        for line in rows.strip().splitlines():
            staff, activity, day, hours = line.split()
            self.core.add(
                "pd_participation",
                "staff_id pd_activity_id participation_date hours attendance_status\n"
                f"{staff} {activity} {day} {hours} attended",
            )

    def activities(self, rows: str) -> None:
        """Activities ``id type subject``, a line each."""
        for line in rows.strip().splitlines():
            self.core.add("pd_activity", f"pd_activity_id pd_type academic_subject title\n{line} T")

    def cost(self, activity: str, ingredient: str, amount: float, year: int = REPORT_YEAR) -> None:
        """One line of the list of costs."""
        self.connection.execute(
            "insert into core.pd_cost (pd_activity_id, ingredient, school_year, amount) values (?, ?, ?, ?)",
            [activity, ingredient, year, amount],
        )

    def compute(
        self,
        cost: CostSettings | None = None,
        effects: Sequence[Mapping[str, object]] = (),
        sources: Sequence[str] = ("pd_cost", "pd_participation", "pd_activity"),
    ) -> None:
        """Make the frames and every table of costs."""
        for frame in FRAMES:
            if not self._has(frame):
                self.core.build(frame)
        for name in ESTIMATES:
            create_table(self.connection, OUTPUTS[name])
        insert_records(
            self.connection,
            OUTPUTS["meta.reconciliation"],
            [{"entity": entity, **_READ} for entity in sources],
        )
        insert_records(self.connection, OUTPUTS["estimates.effect"], [{**EFFECT, **row} for row in effects])
        make_interval_macros(self.connection)
        compute_cost(self.connection, ImprovementSettings(REPORT_YEAR, cost=cost or CostSettings()))

    def _has(self, table: str) -> bool:
        schema, name = table.split(".")
        found = self.connection.execute(
            "select count(*) from information_schema.tables where table_schema = ? and table_name = ?",
            [schema, name],
        ).fetchall()
        return bool(found[0][0])

    def rows(self, table: str, columns: str, where: str = "true") -> list[tuple]:
        """The named columns of estimates.``table``, sorted."""
        names = columns.replace(" ", ", ")
        return self.connection.execute(
            f"select {names} from estimates.{table} where {where} order by all"
        ).fetchall()

    def row(self, table: str, columns: str, where: str = "true") -> tuple:
        """The one such row."""
        (found,) = self.rows(table, columns, where)
        return found


_READ = {
    "source_number": 1,
    "source_file": "f",
    "rows_read": 1,
    "rows_loaded": 1,
    "rows_duplicate": 0,
    "rows_skipped": 0,
    "rows_quarantined": 0,
}
