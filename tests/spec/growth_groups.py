"""Rows of growth on screen: who taught whom, with which percentile and residual gain."""

from __future__ import annotations

import duckdb

from expectations.outputs import OUTPUTS
from transforms.growth.group_growth import compute_group_growth
from transforms.warehouse import create_table

_TABLES = (
    "frames.value_added_analysis",
    "frames.student_teacher_link",
    "frames.growth_history",
    "frames.student_growth",
    "frames.teacher_year_exposure",
    "frames.scored_result",
    "estimates.growth_percentile",
    "estimates.value_added_model",
)


class Growth:
    """The tables that the growth of groups reads, empty until a test adds students."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        for name in _TABLES:
            create_table(connection, OUTPUTS[name])

    def student(
        self,
        student_id: str,
        sgp: int | None,
        staff_id: str = "tom",
        *,
        school_id: str = "north",
        weight: float = 1.0,
        year: int = 2025,
    ) -> None:
        """A student with a percentile (None: without), linked to a teacher by ``weight``."""
        self.connection.execute(
            "INSERT INTO frames.student_teacher_link VALUES (?, ?, 'mathematics', ?, ?, 100, ?, 1)",
            [student_id, staff_id, year, school_id, weight],
        )
        if sgp is not None:
            self.connection.execute(
                "INSERT INTO estimates.growth_percentile BY NAME SELECT ? AS student_id,"
                " 'STATE' AS assessment_id, 'mathematics' AS academic_subject, ? AS school_year,"
                " 'spring_to_spring' AS growth_window,"
                " 5 AS grade_level, ? AS sgp, 1 AS n_priors, 'all' AS norm_group"
                " WHERE NOT EXISTS (FROM estimates.growth_percentile"
                " WHERE student_id = ? AND school_year = ?)",
                [student_id, year, sgp, student_id, year],
            )

    def window(self, student_id: str, *, prior_term: str = "spring", year: int = 2025) -> None:
        """The student's growth from spring to spring; ``prior_term`` is where exposure is counted from."""
        self.connection.execute(
            "INSERT INTO frames.growth_history BY NAME SELECT ? AS student_id, 'STATE' AS assessment_id,"
            " 'mathematics' AS academic_subject, ? AS school_year, 'spring_to_spring' AS growth_window,"
            " 1 AS prior_number, 'mathematics' AS prior_subject, ? AS prior_school_year,"
            " 'spring' AS prior_term, 4 AS prior_grade_level, 500 AS prior_scale_score,"
            " 0 AS prior_score_sd, 50 AS prior_norm_sd",
            [student_id, year, year - 1],
        )
        self.connection.execute(
            "INSERT INTO frames.student_growth BY NAME SELECT ? AS student_id, 'STATE' AS assessment_id,"
            " 'mathematics' AS academic_subject, ? AS school_year, 'spring' AS term,"
            " make_date(?, 5, 1) AS administration_date, false AS is_date_assumed, 500 AS scale_score,"
            " true AS has_growth_window, ? AS prior_school_year, ? AS prior_term,"
            " make_date(?, 5, 1) AS window_start, make_date(?, 5, 1) AS window_end",
            [student_id, year, year, year - 1, prior_term, year - 1, year],
        )

    def hours(self, staff_id: str, pd_type: str, aligned: float, *, year: int = 2025) -> None:
        """Hours of a teacher in the window from May to May."""
        self.connection.execute(
            "INSERT INTO frames.teacher_year_exposure VALUES"
            " (?, 'mathematics', ?, make_date(?, 5, 1), make_date(?, 5, 1), ?, ?, 1, 0, 1)",
            [staff_id, year, year - 1, year, pd_type, aligned],
        )

    def result(self, student_id: str, grade_level: int | None, is_swd: bool | None, sex: str | None) -> None:
        """What is known of the student in the year of the outcome."""
        self.connection.execute(
            "INSERT INTO frames.scored_result BY NAME SELECT ? AS student_id, 'STATE' AS assessment_id,"
            " 'mathematics' AS academic_subject, 2025 AS school_year, 'spring' AS term, ? AS grade_level,"
            " DATE '2025-05-01' AS administration_date, false AS is_date_assumed, 500 AS scale_score,"
            " ? AS is_swd, ? AS sex",
            [student_id, grade_level, is_swd, sex],
        )

    def build(self) -> None:
        """Make the tables of the growth of groups."""
        compute_group_growth(self.connection, prior_degree=1, covariates=())

    def rows(self, table: str, columns: str, where: str = "true") -> list[tuple]:
        """The named columns of a table, sorted."""
        relation = self.connection.table(table).filter(where).select(*columns.split())
        return sorted(relation.fetchall(), key=lambda row: tuple((value is None, value) for value in row))
