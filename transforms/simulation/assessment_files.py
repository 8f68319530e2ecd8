"""Export files of the state test: one file of scores per spring; norms and cut scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from transforms.simulation.broken import BrokenLedger, append_rows, spoiled
from transforms.simulation.exports import ExportFolder, pick, yes_no
from transforms.simulation.measurement import (
    FIRST_PROFICIENT_LEVEL,
    LEVELS,
    LOWEST_SCORE,
    STATE_SCALE,
    Administration,
    Scale,
)
from transforms.simulation.plan import GRADES, SUBJECTS, Calendar
from transforms.simulation.roster_files import COURSE_CODES
from transforms.simulation.students import StudentBody, student_ids

ASSESSMENT_ID = "STATE"


def write_assessment_results(
    rng: np.random.Generator,
    body: StudentBody,
    scores: Sequence[Administration],
    calendar: Calendar,
    year: int,
    exports: ExportFolder,
    ledger: BrokenLedger,
) -> None:
    """Write the state test of one spring, both subjects, with broken scores among those not tested."""
    subject, student = np.nonzero(np.stack([one.is_tested for one in scores]))
    table = _score_table(body, scores, calendar, year, subject, student)
    path = f"exports/assessments/state_{calendar.school_years[year]}.csv"
    n = ledger.count(table.num_rows, 5)
    absent_subject, absent_student = np.nonzero(np.stack([~one.is_tested for one in scores]))
    order = rng.permutation(len(absent_student))[: 2 * n]
    absent = _score_table(body, scores, calendar, year, absent_subject[order], absent_student[order])
    n_absent = absent.num_rows // 2
    picked = rng.permutation(table.num_rows)[: 3 * n]
    conflict = spoiled(table, picked[:n], {})
    column = conflict.column_names.index("scale_score")
    other_score = pa.array(conflict["scale_score"].to_numpy() + 7)
    broken = (
        spoiled(absent, np.arange(n_absent), {"scale_score": "ABS", "performance_level": None}),
        spoiled(absent, np.arange(n_absent, 2 * n_absent), {"scale_score": None, "performance_level": None}),
        conflict.set_column(column, "scale_score", other_score),
        spoiled(table, picked[n : 2 * n], {}),
        spoiled(
            table, picked[2 * n :], {"student_id": pa.array([f"S9{i:07d}" for i in range(n)], pa.string())}
        ),
    )
    ledger.note("assessment_result", path, "not_a_number", n_absent)
    ledger.note("assessment_result", path, "missing", n_absent)
    ledger.note("assessment_result", path, "conflicting_key", 2 * n)
    ledger.note("assessment_result", path, "repeated_row", n, "duplicate")
    ledger.note("assessment_result", path, "unknown_student", n)
    exports.write_csv("assessment_result", path, append_rows(table, *broken))


def _score_table(
    body: StudentBody,
    scores: Sequence[Administration],
    calendar: Calendar,
    year: int,
    subject: np.ndarray,
    student: np.ndarray,
) -> pa.Table:
    level = np.stack([one.level for one in scores])[subject, student]
    return pa.table(
        {
            "student_id": student_ids(body.number[student]),
            "academic_subject": pick(COURSE_CODES, subject),
            "school_year": np.full(len(student), calendar.school_years[year]),
            "scale_score": np.stack([one.scale_score for one in scores])[subject, student],
            "grade_level": body.grade[student],
            "administration_date": calendar.test_date[year, subject],
            "score_sem": np.stack([one.score_sem for one in scores])[subject, student],
            "performance_level": pick(LEVELS, level),
        }
    )


def write_norms(calendar: Calendar, exports: ExportFolder) -> None:
    """Write the state's norms: mean and SD of every grade, subject and year."""
    cells = [
        (year, school_year, subject, grade)
        for year, school_year in enumerate(calendar.school_years)
        for subject in range(len(SUBJECTS))
        for grade in GRADES
    ]
    exports.write_csv(
        "assessment_norm",
        "exports/assessments/state_norms.csv",
        {
            "assessment_id": pa.array([ASSESSMENT_ID] * len(cells)),
            "academic_subject": pa.array([SUBJECTS[subject] for _, _, subject, _ in cells]),
            "grade_level": pa.array([grade for *_, grade in cells]),
            "school_year": pa.array([school_year for _, school_year, _, _ in cells]),
            "term": pa.array(["spring"] * len(cells)),
            "mean": pa.array(
                [float(STATE_SCALE.mean(grade, year, subject)) for year, _, subject, grade in cells]
            ),
            "sd": pa.array([float(STATE_SCALE.sd(grade)) for *_, grade in cells]),
        },
    )


def write_cut_scores(
    assessment_id: str, scale: Scale, calendar: Calendar, first_year: int, exports: ExportFolder
) -> None:
    """Write the lowest score of every performance level from a school year on."""
    rows = [
        (calendar.school_years[year], subject, grade, level, lowest)
        for year in range(first_year, len(calendar.school_years))
        for subject in range(len(SUBJECTS))
        for grade in GRADES
        for level, lowest in enumerate((LOWEST_SCORE, *scale.cut_scores(grade, year, subject).tolist()))
    ]
    school_year, subject, grade, level, lowest = (np.array(column) for column in zip(*rows, strict=True))
    exports.write_csv(
        "assessment_performance_level",
        f"exports/assessments/{assessment_id.lower()}_cut_scores.csv",
        {
            "Assessment": pa.array([assessment_id] * len(rows)),
            "Subject": pick(COURSE_CODES, subject),
            "Grade": grade,
            "Year": school_year,
            "Level": pick(LEVELS, level),
            "Lowest Score": lowest,
            "Proficient": yes_no(level >= FIRST_PROFICIENT_LEVEL),
        },
    )
