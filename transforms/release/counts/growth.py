"""Students behind growth: of schools, groups and the district."""

from __future__ import annotations

from transforms.release.cells import Declared
from transforms.release.counted import Counted, Margin, Persons, Same

_GROWTH_KEY = ("assessment_id", "academic_subject", "school_year", "growth_window")

_COUNTED: tuple[Counted, ...] = (
    Counted(
        "school_growth",
        "report.growth_by_school",
        ("school_id", "academic_subject", "school_year"),
        "n_students",
        Persons.STUDENTS,
        ("n_students", "mean_growth_sd"),
        is_personal="true",
    ),
    Counted(
        "school_medians",
        "report.growth_quadrant",
        ("school_id", *_GROWTH_KEY),
        "n_students",
        Persons.STUDENTS,
        (
            "n_students",
            "mean_score_sd",
            "mean_prior_sd",
            "median_sgp",
            "median_sgp_ci_low",
            "median_sgp_ci_high",
            "value_added_sd",
            "std_error",
            "quadrant",
        ),
        is_personal="true",
    ),
    Counted(
        "growth_groups",
        "report.growth_distribution",
        ("group_kind", "group_id", *_GROWTH_KEY),
        "n_students",
        Persons.STUDENTS,
        (
            "n_students",
            "sgp_p10",
            "sgp_p25",
            "sgp_p50",
            "sgp_p75",
            "sgp_p90",
            "median_sgp_ci_low",
            "median_sgp_ci_high",
        ),
        is_personal="true",
    ),
    Counted(
        "cautions",
        "report.growth_caution",
        (*_GROWTH_KEY, "topic", "group_name"),
        "n_students",
        Persons.STUDENTS,
        ("n_students",),
        flag=None,
        with_it=("share",),
        is_personal="true",
    ),
    Counted(
        "sample_steps",
        "report.sample_flow",
        ("academic_subject", "step_number", "step"),
        "n_students",
        Persons.STUDENTS,
        (),
        is_dropped=True,
        beside={"step_before": "step_number - 1"},
    ),
    Counted(
        "students_asked_about",
        "report.next_question",
        ("pd_type",),
        "n_students",
        Persons.STUDENTS,
        ("n_students",),
        flag=None,
        with_it=("value_per_student",),
    ),
    Counted(
        "teachers_asked_for",
        "report.next_question",
        ("pd_type",),
        "n_teachers",
        Persons.STAFF,
        ("n_teachers",),
        flag=None,
        with_it=("teachers_needed",),
    ),
)

_MARGINS: tuple[Margin, ...] = (
    Margin(
        "growth_groups",
        "growth_groups",
        _GROWTH_KEY,
        "group_kind = 'school'",
        "group_id = 'all'",
        may_overlap=True,
    ),
    Margin(
        "growth_groups",
        "growth_groups",
        _GROWTH_KEY,
        "group_kind = 'subgroup' and group_id <> 'all'",
        "group_kind = 'subgroup' and group_id = 'all'",
        per="split_part(group_id, '=', 1)",
    ),
    *(
        Margin(
            "sample_steps",
            "sample_steps",
            ("academic_subject",),
            f"step_number = {step}",
            f"step_number = {step - 1}",
        )
        for step in range(2, 7)
    ),
)

_SAME: tuple[Same, ...] = (
    Same(
        "school_medians",
        "growth_groups",
        "other.group_kind = 'school' and one.school_id = other.group_id"
        " and one.assessment_id = other.assessment_id and one.academic_subject = other.academic_subject"
        " and one.school_year = other.school_year and one.growth_window = other.growth_window",
    ),
)

GROWTH = Declared(_COUNTED, _MARGINS, _SAME)
