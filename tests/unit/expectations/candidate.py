"""A candidate build of a few rows for tests of the gate: one school, one teacher, one student, two years."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from expectations.contract import Table
from expectations.entities import ENTITIES
from expectations.outputs import FRAMES, OUTPUTS

STUDENT = "5" * 32
TEACHER = "7" * 32
SECTION = "a" * 32
RESPONSE = "b" * 32

TABLES: tuple[Table, ...] = (*ENTITIES.values(), *FRAMES)

Rows = dict[str, list[dict[str, Any]]]

_YEAR = {"school_year": 2025}
_MATHEMATICS = {"academic_subject": "mathematics"}
_RESULT = {"student_id": STUDENT, "assessment_id": "state", "term": "spring"} | _MATHEMATICS
_WINDOW = {"window_start": date(2024, 5, 1), "window_end": date(2025, 5, 1)}


def sound_rows() -> Rows:
    """Rows that break no rule, by qualified table name; tables without rows are left out."""
    return {
        "core.school": [{"school_id": "s1", "school_name": "One"}],
        "core.staff": [{"staff_id": TEACHER, "hire_date": date(2020, 8, 1), "years_experience": 5}],
        "core.staff_assignment": [
            {"staff_id": TEACHER, "school_id": "s1", "role": "teacher", "fte": 1} | _YEAR
        ],
        "core.student": [{"student_id": STUDENT}],
        "core.student_enrollment": [
            {"student_id": STUDENT, "school_id": "s1", "grade_level": 4, "entry_date": date(2024, 8, 20)}
            | _YEAR
        ],
        "core.section": [{"section_id": SECTION, "school_id": "s1"} | _MATHEMATICS | _YEAR],
        "core.section_staff": [{"section_id": SECTION, "staff_id": TEACHER, "begin_date": date(2024, 8, 20)}],
        "core.section_student": [
            {"section_id": SECTION, "student_id": STUDENT, "begin_date": date(2024, 8, 20)}
        ],
        "core.assessment_result": [
            _RESULT
            | {
                "school_year": 2024,
                "scale_score": 400,
                "administration_date": date(2024, 5, 1),
                "grade_level": 3,
            },
            _RESULT
            | {
                "school_year": 2025,
                "scale_score": 430,
                "administration_date": date(2025, 5, 1),
                "grade_level": 4,
            },
        ],
        "core.pd_activity": [{"pd_activity_id": "p1", "title": "Number talks", "pd_type": "coaching"}],
        "core.pd_session": [
            {
                "pd_session_id": "d1",
                "pd_activity_id": "p1",
                "session_date": date(2024, 10, 1),
                "duration_hours": 2,
            }
        ],
        "core.pd_participation": [
            {
                "staff_id": TEACHER,
                "pd_activity_id": "p1",
                "pd_session_id": "d1",
                "hours": 2,
                "attendance_status": "attended",
            }
        ],
        "core.survey": [{"survey_id": "v1", "title": "Climate", "administered_date": date(2025, 3, 1)}],
        "core.survey_item": [
            {
                "survey_id": "v1",
                "item_id": "i1",
                "wording": "Trust",
                "response_type": "likert",
                "scale_min": 1,
                "scale_max": 5,
            },
            {"survey_id": "v1", "item_id": "i2", "wording": "Why?", "response_type": "text"},
        ],
        "core.survey_response": [{"response_id": RESPONSE, "survey_id": "v1"}],
        "core.survey_answer": [{"response_id": RESPONSE, "item_id": "i1", "value": "4"}],
        "frames.student_growth": [
            _growth_row(2024) | {"has_growth_window": False},
            _growth_row(2025) | {"has_growth_window": True} | _WINDOW,
        ],
        "frames.student_teacher_link": [
            {
                "student_id": STUDENT,
                "staff_id": TEACHER,
                "school_id": "s1",
                "days_in_common": 180,
                "roster_weight": 1,
            }
            | {"n_teachers": 1}
            | _MATHEMATICS
            | _YEAR
        ],
        "frames.teacher_year_exposure": [
            {
                "staff_id": TEACHER,
                "pd_type": "coaching",
                "aligned_hours": 2,
                "other_hours": 0,
                "lagged_hours": 0,
            }
            | {"n_participations": 1}
            | _WINDOW
            | _MATHEMATICS
            | _YEAR
        ],
        "frames.teacher_year": [
            {"staff_id": TEACHER, "n_students": 1, "pd_hours": 2, "n_pd_types": 1} | _YEAR
        ],
        "frames.growth_analysis": [
            _RESULT
            | {
                "staff_id": TEACHER,
                "school_id": "s1",
                "grade_level": 4,
                "roster_weight": 1,
                "score_sd": 0.5,
                "prior_score_sd": 0,
                "is_design_window": True,
            }
            | {"norm_sd": 50, "class_mean_prior_sd": 0, "school_mean_prior_sd": 0}
            | _WINDOW
            | _YEAR
        ],
        "meta.reconciliation": _reconciliation(),
    }


def _growth_row(school_year: int) -> dict[str, Any]:
    tested = {"administration_date": date(school_year, 5, 1), "is_date_assumed": False}
    return _RESULT | {"school_year": school_year, "scale_score": 400, "score_sd": 0.5} | tested


def _reconciliation() -> list[dict[str, Any]]:
    counts = {
        "school": 1,
        "staff": 1,
        "staff_assignment": 1,
        "student": 1,
        "student_enrollment": 1,
        "section": 1,
    }
    counts |= {
        "section_staff": 1,
        "section_student": 1,
        "assessment_result": 2,
        "pd_activity": 1,
        "pd_session": 1,
    }
    counts |= {"pd_participation": 1, "survey": 1, "survey_item": 2, "survey_response": 1, "survey_answer": 1}
    return [
        reconciliation_row(entity, rows_read=rows, rows_loaded=rows, number=number)
        for number, (entity, rows) in enumerate(counts.items(), start=1)
    ]


def reconciliation_row(
    entity: str, *, rows_read: int, rows_loaded: int, rows_quarantined: int = 0, number: int = 1
) -> dict[str, Any]:
    """A row of ``meta.reconciliation`` without duplicates or skipped rows."""
    return {
        "source_number": number,
        "entity": entity,
        "source_file": f"{entity}.csv",
        "rows_read": rows_read,
        "rows_loaded": rows_loaded,
        "rows_duplicate": 0,
        "rows_skipped": 0,
        "rows_quarantined": rows_quarantined,
    }


def open_candidate(rows: Rows, path: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Create every table of the contract without constraints, so that it can hold what a rule forbids."""
    connection = duckdb.connect(":memory:" if path is None else str(path))
    for schema in ("core", "frames", "meta"):
        connection.execute(f"CREATE SCHEMA {schema}")
    for table in (*TABLES, OUTPUTS["meta.reconciliation"]):
        columns = ", ".join(f"{column.name} {column.kind.sql_type}" for column in table.published_columns)
        connection.execute(f"CREATE TABLE {table.qualified_name} ({columns})")
    for name, records in rows.items():
        for record in records:
            names = ", ".join(record)
            places = ", ".join(f"${column}" for column in record)
            connection.execute(f"INSERT INTO {name} ({names}) VALUES ({places})", record)
    return connection
