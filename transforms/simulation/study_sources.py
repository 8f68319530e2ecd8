"""What maps the exports of the simulated district to the canonical entities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from transforms.simulation.assessment_files import ASSESSMENT_ID
from transforms.simulation.improvement import SELF_ASSESSMENT_QUERY
from transforms.simulation.interim import INTERIM_ID
from transforms.simulation.pd_files import lottery_constants
from transforms.simulation.plan import DistrictPlan
from transforms.simulation.schools import LEA_ID

_YES_NO = {"Y": "true", "N": "false"}
_COURSE_SUBJECT = {"MATH": "mathematics", "ELA": "ela"}
_STUDENT_FLAGS = {
    "is_english_learner": "EL",
    "is_swd": "SWD",
    "is_economically_disadvantaged": "FRL",
    "is_gifted": "Gifted",
}


@dataclass(frozen=True)
class SourceEntry:
    """One ``[[source]]`` of the study file."""

    entity: str
    path: str
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str | int] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""


def sources(plan: DistrictPlan) -> tuple[SourceEntry, ...]:
    """The sources of all entities."""
    return (
        *_roster_sources(),
        *_staff_sources(),
        *_pd_sources(plan),
        *_assessment_sources(),
        *_survey_sources(),
        *_improvement_sources(),
    )


def _staff_sources() -> tuple[SourceEntry, ...]:
    return (
        SourceEntry(
            "staff",
            "exports/hr/staff.csv",
            columns={
                "staff_id": "Employee ID",
                "first_name": "First Name",
                "last_name": "Last Name",
                "email": "E-mail",
                "hire_date": "Hire Date",
                "years_experience": "Yrs Exp",
                "highest_degree": "Degree",
                "is_novice": "Novice",
            },
            values={"is_novice": _YES_NO},
            comment="Windows-1252 with dates month first, as the human resources system writes them.",
        ),
        SourceEntry(
            "staff_assignment",
            "exports/hr/positions.tsv",
            columns={
                "staff_id": "Employee ID",
                "school_id": "School",
                "school_year": "Year",
                "role": "Role",
                "fte": "FTE",
                "entry_date": "Begin",
                "exit_date": "End",
            },
            options={"skip_if_missing": ["staff_id"]},
            comment="Vacant positions have no employee; they are left out and counted as skipped.",
        ),
    )


def _roster_sources() -> tuple[SourceEntry, ...]:
    return (
        SourceEntry(
            "school",
            "exports/sis/schools.csv",
            columns={
                "school_id": "School Number",
                "school_name": "School Name",
                "school_level": "Level",
                "is_charter": "Charter",
                "locale": "Locale",
            },
            values={
                "school_level": {"ES": "elementary", "MS": "middle", "DO": "other"},
                "is_charter": _YES_NO,
            },
            constants={"lea_id": LEA_ID},
        ),
        SourceEntry(
            "student",
            "exports/sis/students_new_*.csv.gz",
            columns={
                "student_id": "Student Number",
                "birth_date": "DOB",
                "sex": "Gender",
                "race_ethnicity": "Ethnicity",
            },
        ),
        SourceEntry(
            "student_enrollment",
            "exports/sis/enrollment/*.csv",
            columns={
                "student_id": "Student Number",
                "school_id": "School",
                "school_year": "Year",
                "grade_level": "Grade",
                **_STUDENT_FLAGS,
                "attendance_rate": "Att Rate",
                "entry_date": "Entry",
                "exit_withdraw_date": "Withdrawn",
            },
            values=dict.fromkeys(_STUDENT_FLAGS, _YES_NO),
        ),
        SourceEntry(
            "section",
            "exports/sis/sections/section_2*.csv",
            columns={"academic_subject": "Subject Code"},
            values={"academic_subject": _COURSE_SUBJECT},
        ),
        SourceEntry("section_staff", "exports/sis/sections/section_staff_*.csv"),
        SourceEntry("section_student", "exports/sis/sections/section_student_*.csv"),
    )


def _assessment_sources() -> tuple[SourceEntry, ...]:
    return (
        SourceEntry(
            "assessment_result",
            "exports/assessments/state_2*.csv",
            values={"academic_subject": _COURSE_SUBJECT},
            constants={"assessment_id": ASSESSMENT_ID, "term": "spring"},
        ),
        SourceEntry(
            "assessment_result",
            "exports/assessments/interim_2*.csv",
            columns={
                "student_id": "Student ID",
                "academic_subject": "Discipline",
                "school_year": "Year",
                "term": "Season",
                "grade_level": "Grade",
                "administration_date": "Test Date",
                "scale_score": "Score",
                "score_sem": "SEM",
                "performance_level": "Level",
            },
            values={
                "academic_subject": {"Mathematics": "mathematics", "Reading": "ela"},
                "term": {"F": "fall", "W": "winter", "S": "spring"},
            },
            constants={"assessment_id": INTERIM_ID},
            comment="The interim test has no norms: it is standardised within the district.",
        ),
        SourceEntry("assessment_norm", "exports/assessments/state_norms.csv"),
        SourceEntry(
            "assessment_performance_level",
            "exports/assessments/*_cut_scores.csv",
            columns={
                "assessment_id": "Assessment",
                "academic_subject": "Subject",
                "grade_level": "Grade",
                "school_year": "Year",
                "performance_level": "Level",
                "minimum_score": "Lowest Score",
                "is_proficient": "Proficient",
            },
            values={"academic_subject": _COURSE_SUBJECT, "is_proficient": _YES_NO},
        ),
    )


def _pd_sources(plan: DistrictPlan) -> tuple[SourceEntry, ...]:
    return (
        SourceEntry("pd_activity", "exports/pd/activities.jsonl"),
        SourceEntry(
            "pd_session",
            "exports/pd/sessions.csv",
            columns={
                "pd_activity_id": "Course",
                "session_date": "Date",
                "duration_hours": "Length (h)",
                "school_id": "Site",
            },
            templates={"pd_session_id": "{Course}-{Section}"},
        ),
        SourceEntry(
            "pd_participation",
            "exports/pd/attendance/*.csv",
            columns={
                "staff_id": "Employee ID",
                "pd_activity_id": "Course",
                "hours": "Credit Hrs",
                "attendance_status": "Status",
            },
            values={
                "attendance_status": {"Y": "attended", "P": "partial", "N/S": "absent", "W": "withdrawn"}
            },
            templates={"pd_session_id": "{Course}-{Section}"},
        ),
        SourceEntry("pd_cost", "exports/finance/pd_cost.parquet"),
        SourceEntry(
            "pd_assignment",
            "exports/pd/coaching_lottery.csv",
            columns={"assigned": "Offered"},
            values={"assigned": {"1": "true", "0": "false"}},
            constants=lottery_constants(plan.school_years[plan.lottery_year_index]),
        ),
    )


def _survey_sources() -> tuple[SourceEntry, ...]:
    folders = {
        "survey": "surveys",
        "survey_item": "items",
        "survey_response": "responses",
        "survey_answer": "answers",
    }
    return tuple(SourceEntry(entity, f"exports/surveys/{folder}/*.csv") for entity, folder in folders.items())


def _improvement_sources() -> tuple[SourceEntry, ...]:
    return (
        SourceEntry("observation", "exports/observations/*.csv"),
        SourceEntry("priority", "exports/planning/priorities.tsv"),
        SourceEntry("school_priority_rating", "exports/planning/school_priority_ratings.csv"),
        SourceEntry("leadership_event", "exports/hr/leadership_events.csv"),
        SourceEntry(
            "self_assessment",
            "exports/planning/self_assessments.csv",
            options={"query": SELF_ASSESSMENT_QUERY},
            comment="Schools fill in one column a practice; the query makes one row of each.",
        ),
        SourceEntry("decision", "exports/planning/decisions.jsonl"),
    )
