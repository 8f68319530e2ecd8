"""The counts of persons in the report's tables and what readers know of how they add up."""

from __future__ import annotations

from transforms.release.cells import Declared
from transforms.release.counted import TOO_FEW, Counted, Margin, Persons, Same

_REACH_KEY = ("school_id", "school_year", "pd_type")
_GROWTH_KEY = ("assessment_id", "academic_subject", "school_year", "growth_window")
_SCALE_KEY = ("questionnaire_id", "school_year", "construct", "school_id", "respondent_role")
_DISTRICT = "50"  # costs, recommendations and pages of kinds say the same numbers
_NOTE = {"note": TOO_FEW}

COUNTED: tuple[Counted, ...] = (
    Counted(
        "staff_reached",
        "report.pd_reach",
        _REACH_KEY,
        "n_staff",
        Persons.STAFF,
        ("n_staff", "hours", "hours_per_participant"),
        loss="0.3",  # the share of teachers is what is shown of a school
    ),
    Counted(
        "teachers_reached",
        "report.pd_reach",
        _REACH_KEY,
        "n_teachers_reached",
        Persons.STAFF,
        ("n_teachers_reached", "share_of_teachers"),
        flag=None,
    ),
    Counted(
        "district_staff_reached",
        "report.pd_reach_district",
        ("school_year", "pd_type"),
        "n_staff",
        Persons.STAFF,
        ("n_staff", "hours", "hours_per_participant"),
        loss=_DISTRICT,
    ),
    Counted(
        "district_teachers_reached",
        "report.pd_reach_district",
        ("school_year", "pd_type"),
        "n_teachers_reached",
        Persons.STAFF,
        ("n_teachers_reached", "share_of_teachers"),
        flag=None,
        loss=_DISTRICT,
    ),
    Counted(
        "school_share",
        "report.school_reach",
        _REACH_KEY,
        "round(share_of_teachers * (select count(*) from frames.teacher_year as teacher where"
        " teacher.school_id = counted.school_id and teacher.school_year = counted.school_year))",
        Persons.STAFF,
        ("share_of_teachers", "hours_per_participant"),
    ),
    Counted(
        "school_share_before",
        "report.school_reach",
        _REACH_KEY,
        "round(share_before * (select count(*) from frames.teacher_year as teacher where"
        " teacher.school_id = counted.school_id and teacher.school_year = counted.school_year - 1))",
        Persons.STAFF,
        ("share_before",),
        flag=None,
    ),
    Counted(
        "school_growth",
        "report.growth_by_school",
        ("school_id", "academic_subject", "school_year"),
        "n_students",
        Persons.STUDENTS,
        ("n_students", "mean_growth_sd"),
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
    ),
    Counted(
        "school_scales",
        "report.survey_school_scale",
        _SCALE_KEY,
        "n_responses",
        Persons.STAFF,
        ("mean", "std_error", "ci_low", "ci_high", "r_wg", "n_responses"),
        words={**_NOTE, "may_be_shown": False},
        # The answers of teachers are what pages of schools show of the drivers.
        loss="case when respondent_role = 'all' and school_id is not null then 0.2 else 1 end",
    ),
    Counted(
        "driver_scores",
        "report.driver_score",
        ("driver", "school_id", "school_year", "role"),
        "n_persons",
        Persons.STAFF,
        ("mean_score", "ci_low", "ci_high", "n_persons", "n_schools"),
        words=_NOTE,
    ),
    Counted(
        "indicators",
        "report.indicator",
        ("indicator", "school_id", "school_year", "category"),
        "n_persons",
        Persons.STAFF,
        ("value", "numerator", "denominator", "ci_low", "ci_high", "comparison_value", "n_persons"),
        words={**_NOTE, "status": "described"},
    ),
)

MARGINS: tuple[Margin, ...] = (
    Margin("staff_reached", "district_staff_reached", ("school_year", "pd_type")),
    Margin("teachers_reached", "district_teachers_reached", ("school_year", "pd_type")),
    Margin("school_share", "district_teachers_reached", ("school_year", "pd_type")),
    Margin("teachers_reached", "staff_reached", _REACH_KEY),
    Margin("district_teachers_reached", "district_staff_reached", ("school_year", "pd_type")),
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
    Margin(
        "school_scales",
        "school_scales",
        ("questionnaire_id", "school_year", "construct", "respondent_role"),
        "school_id is not null",
        "school_id is null",
    ),
    Margin(
        "school_scales",
        "school_scales",
        ("questionnaire_id", "school_year", "construct", "school_id"),
        "respondent_role <> 'all'",
        "respondent_role = 'all'",
    ),
    Margin(
        "driver_scores",
        "driver_scores",
        ("driver", "school_year", "role"),
        "school_id is not null",
        "school_id is null",
    ),
    Margin(
        "indicators",
        "indicators",
        ("indicator", "school_year", "category"),
        "school_id is not null",
        "school_id is null",
    ),
)

SAME: tuple[Same, ...] = (
    Same(
        "teachers_reached",
        "school_share",
        "one.school_id = other.school_id and one.school_year = other.school_year"
        " and one.pd_type = other.pd_type",
    ),
    Same(
        "school_share",
        "school_share_before",
        "one.school_id = other.school_id and one.school_year = other.school_year - 1"
        " and one.pd_type = other.pd_type",
    ),
    Same(
        "school_medians",
        "growth_groups",
        "other.group_kind = 'school' and one.school_id = other.group_id"
        " and one.assessment_id = other.assessment_id and one.academic_subject = other.academic_subject"
        " and one.school_year = other.school_year and one.growth_window = other.growth_window",
    ),
    Same(
        "school_scales",
        "driver_scores",
        "one.construct = other.driver and one.school_id is not distinct from other.school_id"
        " and one.school_year = other.school_year and one.respondent_role = other.role",
    ),
    Same(
        "driver_scores",
        "indicators",
        "other.indicator = 'driver_' || one.driver and other.category = one.role"
        " and one.school_id is not distinct from other.school_id and one.school_year = other.school_year",
    ),
)

REPORT_COUNTS = Declared(COUNTED, MARGINS, SAME)
