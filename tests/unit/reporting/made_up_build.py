"""A build made up for the report: contract tables with rows that a test names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

import sql
from expectations.contract import Table
from expectations.entities import ENTITIES
from expectations.outputs import OUTPUTS
from flows.report import REPORT_PARAMETERS
from transforms.warehouse import sql_files

BUILD_ID = "20261121T225025Z-ab12cd"

MODEL = {
    "prior_degree": 3,
    "covariates": ["is_english_learner", "is_swd", "is_female"],
    "has_context_means": True,
    "has_school_split": True,
}

EFFECT = {
    "effect_id": "e",
    "build_id": BUILD_ID,
    "design": "adjusted",
    "pd_type": "coaching",
    "academic_subject": "mathematics",
    "subgroup": "all",
    "contrast": "participated",
    "is_primary": False,
}


def empty_build() -> duckdb.DuckDBPyConnection:
    """All tables that a report reads, with the one build and nothing else."""
    connection = duckdb.connect()
    for schema in ("core", "estimates", "quarantine", "frames", "meta", "report", "history"):
        connection.execute(f"create schema {schema}")
    made_by_sql = {file.qualified_name for file in sql_files("report")}
    stored = [table for name, table in OUTPUTS.items() if name not in made_by_sql]
    for table in (*stored, ENTITIES["school"], ENTITIES["pd_activity"]):
        connection.execute(_ddl(table))
    for file in sorted(Path(sql.__path__[0], "report").glob("*.sql")):
        query = file.read_text(encoding="utf-8")
        bound = {name: value for name, value in REPORT_PARAMETERS.items() if f"${name}" in query}
        connection.execute(f"create table report.{file.stem} as {query}", bound)
    insert(connection, "meta.build", [_build_row("Riverbend Public Schools")])
    return connection


def _ddl(table: Table) -> str:
    columns = ", ".join(f'"{column.name}" {column.kind.sql_type}' for column in table.published_columns)
    return f"create table {table.qualified_name} ({columns})"


def _build_row(study_name: str) -> dict[str, object]:
    return {
        "build_id": BUILD_ID,
        "study_name": study_name,
        "report_year": 2025,
        "status": "published",
        "started_at": datetime(2026, 11, 21, 22, 50),
        "pdeval_version": "0.1.0",
        "schema_version": "1.0",
        "input_fingerprint": "0f" * 32,
        "settings": json.dumps({"model": MODEL}),
        "pseudonym_key_id": "00000000",
    }


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, object]]) -> None:
    """Add rows by column name; columns not named are null."""
    for row in rows:
        names, marks = ", ".join(row), ", ".join("?" for _ in row)
        connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))


def rename_study(connection: duckdb.DuckDBPyConnection, study_name: str) -> None:
    """Give the build another study name."""
    connection.execute("update meta.build set study_name = ?", [study_name])


def effects(connection: duckdb.DuckDBPyConnection, rows: Sequence[Mapping[str, object]]) -> None:
    """Add effect rows; what a row leaves out is as in EFFECT."""
    insert(connection, "estimates.effect", [{**EFFECT, **row} for row in rows])


def estimate(
    pd_type: str, subject: str, sd: float, se: float, n: int, schools: int, **more: object
) -> dict[str, object]:
    """An estimated row with a symmetrical interval of 2 standard errors."""
    return {
        "pd_type": pd_type,
        "academic_subject": subject,
        "estimate_sd": sd,
        "std_error": se,
        "df": 24.0,
        "ci_low": sd - 2 * se,
        "ci_high": sd + 2 * se,
        "p_value": 0.5,
        "p_value_bh": 0.6,
        "n_students": 9_120,
        "n_staff": 812,
        "n_schools": 38,
        "n_clusters": 38,
        "n_participants": n,
        "n_participant_schools": schools,
        **more,
    }


def star_build() -> duckdb.DuckDBPyConnection:
    """The Tennessee STAR example: one workshop, two subjects, one year, nothing that can be told apart."""
    connection = empty_build()
    rename_study(connection, "Tennessee STAR, grade 2")
    carriers = {"n_students": 3_905, "n_staff": 276, "n_schools": 72, "n_clusters": 72, "df": 11.2}
    effects(
        connection,
        [
            {
                **estimate(
                    "workshop_single",
                    "ela",
                    0.026,
                    0.072,
                    54,
                    13,
                    estimate_scale_points=1.2,
                    std_error_scale_points=3.3,
                    std_error_model=0.084,
                ),
                **carriers,
            },
            {
                **estimate(
                    "workshop_single",
                    "mathematics",
                    0.079,
                    0.09,
                    54,
                    13,
                    estimate_scale_points=3.5,
                    std_error_scale_points=4.0,
                ),
                **carriers,
            },
        ],
    )
    return connection
