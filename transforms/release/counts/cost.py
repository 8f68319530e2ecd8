"""Who took part in what is paid for, and the students whom it reached."""

from __future__ import annotations

from transforms.release.cells import Declared
from transforms.release.counted import TOO_FEW, Counted, Margin, Persons, Same

_KEY = ("period", "school_year", "pd_type")
_NOTE = {"note": TOO_FEW}
# Hours and money of a row add up to those of all types and of all years, and persons do not: one who took
# part twice is counted twice here, so that no sum of money gives a hidden one away.
_TIMES = (
    "(select coalesce(sum(one.n_participants), 0) from estimates.cost as one"
    " where one.school_year is not null and one.pd_type <> 'all'"
    " and (counted.pd_type = 'all' or one.pd_type = counted.pd_type)"
    " and (counted.school_year is null or one.school_year = counted.school_year))"
)
_NOT_COVERED = (
    "(select coalesce(sum(one.n_participants), 0) from estimates.cost_activity as one"
    " where one.status <> 'covered' and (counted.pd_type = 'all' or one.pd_type = counted.pd_type)"
    " and (counted.school_year is null or one.school_year = counted.school_year))"
)
_SAME_ROW = (
    "one.period = other.period and one.school_year is not distinct from other.school_year"
    " and one.pd_type = other.pd_type"
)


def _two_ways(name: str, *, may_overlap: bool = False) -> tuple[Margin, Margin]:
    """Types make up all types of a year, and years make up all years of a type."""
    return (
        Margin(
            name,
            name,
            ("period", "school_year"),
            "pd_type <> 'all'",
            "pd_type = 'all'",
            may_overlap=may_overlap,
        ),
        Margin(
            name,
            name,
            ("pd_type",),
            "school_year is not null",
            "school_year is null",
            may_overlap=may_overlap,
        ),
    )


_COUNTED: tuple[Counted, ...] = (
    Counted(
        "paid_times",
        "report.cost",
        _KEY,
        _TIMES,
        Persons.STAFF,
        ("n_participants", "hours", "source_cost", "priced_cost", "total_cost"),
        with_it=(
            "covered_cost",
            "covered_hours",
            "covered_share",
            "cost_per_participant",
            "cost_per_hour",
            "cost_per_student",
            "cost_per_student_equivalent",
            "personnel_share",
            "n_students",
            "n_student_equivalents",
        ),
        words=_NOTE,
        loss="case when pd_type = 'all' then 200 when school_year is null then 100 else 50 end",
    ),
    Counted(
        "not_covered",
        "report.cost",
        _KEY,
        _NOT_COVERED,
        Persons.STAFF,
        ("covered_cost", "covered_hours", "covered_share"),
        flag=None,
        with_it=(
            "cost_per_participant",
            "cost_per_hour",
            "cost_per_student",
            "cost_per_student_equivalent",
        ),
    ),
    Counted(
        "students_paid_for",
        "report.cost",
        _KEY,
        "n_students",
        Persons.STUDENTS,
        ("n_students",),
        flag=None,
        with_it=("n_student_equivalents", "cost_per_student", "cost_per_student_equivalent"),
    ),
    Counted(
        "cost_gaps",
        "report.cost_gap",
        ("pd_activity_id", "school_year", "pd_type"),
        "n_participants",
        Persons.STAFF,
        ("n_participants", "hours"),
        with_it=("source_cost",),
    ),
    Counted(
        "ingredients",
        "report.cost_ingredient",
        (*_KEY, "ingredient", "origin"),
        _TIMES,
        Persons.STAFF,
        ("amount", "share"),
    ),
    Counted(
        "opportunities",
        "report.cost_opportunity",
        _KEY,
        _TIMES,
        Persons.STAFF,
        (),
        is_dropped=True,
    ),
    Counted(
        "paid_for_growth",
        "report.cost_effectiveness",
        ("pd_type", "academic_subject"),
        "floor(n_student_equivalents)",
        Persons.STUDENTS,
        ("n_student_equivalents",),
        with_it=(
            "mean_dose_hours",
            "cost_per_student",
            "cost_per_student_ci_low",
            "cost_per_student_ci_high",
            "cost_per_001_sd",
            "ci_low",
            "ci_high",
            "sd_per_1000",
            "sd_per_1000_ci_low",
            "sd_per_1000_ci_high",
        ),
        words=_NOTE,
    ),
    Counted(
        "paid_teachers",
        "report.cost_equity",
        ("school_year", "grouping", "group_name"),
        "n_teachers",
        Persons.STAFF,
        ("n_teachers", "hours", "cost", "cost_per_teacher"),
    ),
    Counted(
        "paid_schools_students",
        "report.cost_equity",
        ("school_year", "grouping", "group_name"),
        "n_students",
        Persons.STUDENTS,
        ("n_students", "disadvantaged_share"),
        flag=None,
    ),
)

_MARGINS: tuple[Margin, ...] = (
    *_two_ways("paid_times"),
    *_two_ways("not_covered"),
    *_two_ways("students_paid_for", may_overlap=True),
    Margin("cost_gaps", "not_covered", ("school_year", "pd_type")),
    Margin("paid_teachers", None, ("school_year",), per="grouping"),
    Margin("paid_schools_students", None, ("school_year",), per="grouping"),
)

_SAME: tuple[Same, ...] = (
    Same(
        "paid_times",
        "district_staff_reached",
        "one.school_year = other.school_year and one.pd_type = other.pd_type",
        is_loose=True,
    ),
    Same("ingredients", "paid_times", _SAME_ROW),
    Same("opportunities", "paid_times", _SAME_ROW),
    Same(
        "paid_teachers",
        "school_teachers",
        "one.grouping = 'school' and one.group_name = other.school_id"
        " and one.school_year = other.school_year",
    ),
)

COST = Declared(_COUNTED, _MARGINS, _SAME)
