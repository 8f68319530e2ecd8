"""Export files of enrollments and sections, one file per school year."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from transforms.simulation.broken import BrokenLedger, append_rows, spoiled
from transforms.simulation.careers import staff_ids
from transforms.simulation.exports import ExportFolder, pick, yes_no
from transforms.simulation.plan import GRADES, SUBJECTS, Calendar
from transforms.simulation.rosters import CO_TEACHER_SHARE, Spells, Teaching
from transforms.simulation.schools import District
from transforms.simulation.students import StudentBody, student_ids

UNKNOWN_SCHOOL = "9999999"
UNKNOWN_STAFF = "T999999"
IMPOSSIBLE_DATE = "2024-02-30"
_COURSES = ("Mathematics", "English Language Arts")
COURSE_CODES = ("MATH", "ELA")


def _ends(end: np.ndarray, calendar: Calendar, year: int) -> np.ndarray:
    """Last days; empty where the stretch runs to the end of the school year."""
    return np.where(end == calendar.last_day[year], np.datetime64("NaT"), end)


def write_enrollments(
    rng: np.random.Generator,
    body: StudentBody,
    spells: Spells,
    district: District,
    calendar: Calendar,
    year: int,
    exports: ExportFolder,
    ledger: BrokenLedger,
) -> None:
    """Write one row per student and school of the year."""
    student = spells.student
    table = pa.table(
        {
            "Student Number": student_ids(body.number[student]),
            "School": pick(district.school_ids, district.class_school[spells.class_number]),
            "Year": np.full(len(student), calendar.school_years[year]),
            "Grade": body.grade[student],
            "EL": yes_no(body.is_english_learner[student]),
            "SWD": yes_no(body.is_swd[student]),
            "FRL": yes_no(body.is_economically_disadvantaged[student]),
            "Gifted": yes_no(body.is_gifted[student]),
            "Att Rate": np.round(rng.beta(30, 2, len(student)), 3),
            "Entry": spells.begin,
            "Withdrawn": _ends(spells.end, calendar, year),
        }
    )
    path = f"exports/sis/enrollment/student_enrollment_{calendar.school_years[year]}.csv"
    n = ledger.count(table.num_rows, 4)
    # the district office enrolls nobody, so these keys meet no good row's
    elsewhere = {"School": "1000"}
    rows = rng.permutation(len(body))[: 4 * n].reshape(4, n)
    changes: dict[str, dict[str, str | None]] = {
        "unknown_school": {"School": UNKNOWN_SCHOOL},
        "out_of_range": {"Grade": "15", **elsewhere},
        "missing": {"Grade": None, **elsewhere},
        "not_a_date": {"Entry": IMPOSSIBLE_DATE, **elsewhere},
    }
    broken = [spoiled(table, rows[i], change) for i, change in enumerate(changes.values())]
    for rule in changes:
        ledger.note("student_enrollment", path, rule, n)
    exports.write_csv("student_enrollment", path, append_rows(table, *broken))


def section_ids(district: District, school_year: int) -> pa.Array:
    """Section ids of one school year by section number."""
    schools = district.school_ids.to_pylist()
    return pa.array(
        [
            f"{school_year}-{schools[school]}-{grade}{index + 1:02d}{code[0]}"
            for school, grade, index in zip(
                district.class_school, district.class_grade, district.class_index, strict=True
            )
            for code in COURSE_CODES
        ]
    )


def write_sections(district: District, school_year: int, exports: ExportFolder) -> None:
    """Write the sections of one school year."""
    n = len(district.section_post)
    subject = np.arange(n) % len(SUBJECTS)
    class_number = np.arange(n) // len(SUBJECTS)
    grade = district.class_grade[class_number]
    titles = [f"{course} {grade}" for grade in GRADES for course in _COURSES]
    exports.write_csv(
        "section",
        f"exports/sis/sections/section_{school_year}.csv",
        {
            "section_id": section_ids(district, school_year),
            "school_id": pick(district.school_ids, district.class_school[class_number]),
            "school_year": np.full(n, school_year),
            "Subject Code": pick(COURSE_CODES, subject),
            "course_title": pick(titles, (grade - GRADES[0]) * len(SUBJECTS) + subject),
            "grade_level": grade,
        },
    )


def write_section_staff(
    district: District,
    teaching: Teaching,
    calendar: Calendar,
    year: int,
    exports: ExportFolder,
    ledger: BrokenLedger,
) -> None:
    """Write who teaches which section; the last year's file has a ragged line and an unknown teacher."""
    section, place = np.nonzero(teaching.staff >= 0)
    share = np.where(place == 2, CO_TEACHER_SHARE, 1 - CO_TEACHER_SHARE)
    school_year = calendar.school_years[year]
    names = section_ids(district, school_year)
    table = pa.table(
        {
            "section_id": pick(names, section),
            "staff_id": staff_ids(teaching.staff[section, place]),
            "begin_date": teaching.begin[section, place],
            "end_date": _ends(teaching.end[section, place], calendar, year),
            "percentage_contribution": pa.array(share, mask=~teaching.is_share_stated[section]),
        }
    )
    path = f"exports/sis/sections/section_staff_{school_year}.csv"
    lines: list[str] = []
    if ledger.share > 0 and school_year == calendar.school_years[-1]:
        table = append_rows(table, spoiled(table, np.array([0]), {"staff_id": UNKNOWN_STAFF}))
        lines = [f"{names[0]},{UNKNOWN_STAFF},{calendar.first_day[year]},,,one field too many"]
        ledger.note("section_staff", path, "unknown_staff", 1)
        ledger.note("section_staff", path, "field_count", 1)
    exports.write_csv("section_staff", path, table, extra_lines=lines)


def write_section_students(
    rng: np.random.Generator,
    body: StudentBody,
    spells: Spells,
    district: District,
    calendar: Calendar,
    year: int,
    exports: ExportFolder,
    ledger: BrokenLedger,
) -> None:
    """Write who sits in which section, both subjects."""
    school_year = calendar.school_years[year]
    section = (spells.class_number[:, None] * len(SUBJECTS) + np.arange(len(SUBJECTS))).ravel()
    spell = np.repeat(np.arange(len(spells.student)), len(SUBJECTS))
    table = pa.table(
        {
            "section_id": pick(section_ids(district, school_year), section),
            "student_id": student_ids(body.number[spells.student[spell]]),
            "begin_date": spells.begin[spell],
            "end_date": spells.end[spell],
        }
    )
    path = f"exports/sis/sections/section_student_{school_year}.csv"
    n = ledger.count(table.num_rows, 2)
    good = table.num_rows
    unknown = spoiled(
        table,
        rng.integers(0, good, n),
        {"student_id": pa.array([f"S9{i:07d}" for i in range(n)], pa.string())},
    )
    repeated = spoiled(table, rng.permutation(good)[:n], {})
    ledger.note("section_student", path, "unknown_student", n)
    ledger.note("section_student", path, "repeated_row", n, "duplicate")
    exports.write_csv("section_student", path, append_rows(table, unknown, repeated))
