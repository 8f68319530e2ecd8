"""What recommendations read, as empty tables to which a test adds the few rows that it is about."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from expectations.entities import ENTITIES
from expectations.outputs import OUTPUTS
from transforms.improvement.intervals import make_interval_macros
from transforms.improvement.recommendations import compute_recommendations
from transforms.improvement.settings import ImprovementSettings
from transforms.warehouse import open_database

_READ = (
    "frames.teacher_year",
    "frames.teacher_year_pd",
    "frames.teacher_year_exposure",
    "frames.student_teacher_link",
    "frames.survey_score",
    "estimates.effect",
    "estimates.subgroup_difference",
    "estimates.variance_component",
    "estimates.teacher_year_growth",
    "estimates.cost",
    "estimates.recommendation",
    "estimates.recommendation_rule",
    "estimates.recommendation_condition",
    "estimates.decision_review",
    "estimates.next_question",
    "estimates.indicator",
    "estimates.indicator_definition",
    "meta.build",
    "meta.reconciliation",
)
_CORE = ("school", "student_enrollment", "decision")


class Loop:
    """The tables, all empty; no column is required, so that a row names only what matters."""

    def __init__(self) -> None:
        self.connection: duckdb.DuckDBPyConnection = open_database(None, threads=1)
        for schema in ("core", "frames", "estimates", "meta"):
            self.connection.execute(f"create schema {schema}")
        for table in (*(OUTPUTS[name] for name in _READ), *(ENTITIES[name] for name in _CORE)):
            columns = ", ".join(
                f'"{column.name}" {column.kind.sql_type}' for column in table.published_columns
            )
            self.connection.execute(f"create table {table.qualified_name} ({columns})")
        make_interval_macros(self.connection)
        self.add("meta.build", {"report_year": 2025, "lea_id": "RB"})

    def add(self, table: str, *rows: Mapping[str, object]) -> None:
        """Add rows by column."""
        for row in rows:
            names, marks = ", ".join(row), ", ".join("?" for _ in row)
            self.connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))

    def sources(self, *entities: str) -> None:
        """Say which entities have a source."""
        self.add("meta.reconciliation", *({"entity": entity} for entity in entities))

    def teachers(self, n: int, pd_type: str, n_reached: int, school_year: int = 2025, **more: object) -> None:
        """``n`` teachers of a year, the first ``n_reached`` with 10 hours of ``pd_type``."""
        for index in range(n):
            key = {"staff_id": f"t{index}", "school_year": school_year, "school_id": f"S{index % 4}"}
            found = self.connection.execute(
                "select count(*) from frames.teacher_year where staff_id = ? and school_year = ?",
                [f"t{index}", school_year],
            ).fetchall()
            if not found[0][0]:
                self.add("frames.teacher_year", {**key, **more})
            if index < n_reached:
                self.add("frames.teacher_year_pd", {**key, "pd_type": pd_type, "hours": 10.0})

    def effect(self, pd_type: str, subject: str, sd: float, se: float, **more: object) -> None:
        """An estimate of taking part, by the design adjusted with 30 degrees of freedom unless said."""
        self.add(
            "estimates.effect",
            {
                "design": "adjusted",
                "pd_type": pd_type,
                "academic_subject": subject,
                "subgroup": "all",
                "contrast": "participated",
                "estimate_sd": sd,
                "std_error": se,
                "df": 30.0,
                "is_struck_out": False,
                **more,
            },
        )

    def compute(self, **settings: object) -> None:
        """Run the part."""
        compute_recommendations(self.connection, ImprovementSettings(report_year=2025, **settings))

    def rows(self, table: str, columns: str, where: str = "true") -> list[tuple]:
        """Named columns of the rows, sorted."""
        found = self.connection.execute(
            f"select {', '.join(columns.split())} from {table} where {where}"
        ).fetchall()
        return sorted(found, key=lambda row: tuple((value is None, value) for value in row))
