"""Who was reached by which PD, by school and in the district."""

from __future__ import annotations

from transforms.release.cells import Declared
from transforms.release.counted import TOO_FEW, Counted, Margin, Persons, Same

_REACH_KEY = ("school_id", "school_year", "pd_type")
_TYPE_KEY = ("school_year", "pd_type")
_DISTRICT = "50"  # costs, recommendations and pages of kinds say the same numbers
_STAFF_OF_DISTRICT = "200"  # costs, hours and profiles of a kind would go with them
_SAME_TYPE = "one.school_year = other.school_year and one.pd_type = other.pd_type"
_REPORT_YEAR = "(select report_year from meta.build)"
# Reasons name the share where a rule asks for it.
_IS_TOLD = "contains(concat_ws(' ', reasons, why_not_bolder), 'teachers reached')"
_TEACHERS_OF = (
    "round({share} * (select count(*) from frames.teacher_year as one where one.school_year = {year}))"
)
# The fewest people of any part that a row of hours is split into.
_LEAST_OF = (
    "(select min(n) from (select count(distinct staff_id) as n from frames.staff_activity as attended"
    " where attended.pd_type = counted.pd_type and attended.school_year = counted.school_year"
    " and {part} is not null group by {part}))"
)

_COUNTED: tuple[Counted, ...] = (
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
        loss=_STAFF_OF_DISTRICT,
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
        "school_teachers",
        "report.pd_reach",
        _REACH_KEY,
        "n_teachers",
        Persons.STAFF,
        ("n_teachers",),
        flag=None,
    ),
    Counted(
        "district_teachers",
        "report.pd_reach_district",
        _TYPE_KEY,
        "n_teachers",
        Persons.STAFF,
        ("n_teachers",),
        flag=None,
        loss=_DISTRICT,
    ),
    Counted(
        "flows",
        "report.pd_flow",
        ("school_year", "initiated_by", "pd_type"),
        "n_staff",
        Persons.STAFF,
        ("n_staff", "hours"),
        with_it=("n_activities", "cost"),
    ),
    Counted(
        "profiles",
        "report.pd_type_profile",
        _TYPE_KEY,
        "n_people",
        Persons.STAFF,
        ("n_people", "hours"),
        with_it=("n_activities", "planned_hours"),
        loss=_DISTRICT,
    ),
    *(
        Counted(
            f"profile_{name}",
            "report.pd_type_profile",
            _TYPE_KEY,
            _LEAST_OF.format(part=part),
            Persons.STAFF,
            hides,
            flag="has_small_part",
        )
        for name, part, hides in (
            (
                "initiators",
                "coalesce(initiated_by, 'unknown')",
                ("district_share", "school_share", "teacher_share"),
            ),
            ("curriculum", "is_curriculum_linked", ("curriculum_linked_share",)),
            ("mandatory", "is_mandatory", ("mandatory_share",)),
            ("research", "research_base in ('strong', 'moderate')", ("research_based_share",)),
        )
    ),
    *(
        Counted(
            name,
            "report.recommendation",
            ("pd_type",),
            f"case when {is_told} then n_teachers_reached end",
            Persons.STAFF,
            ("n_teachers_reached", "reach_share"),
            words=words,
            flag=None,
            loss=loss,
        )
        for name, is_told, words, loss in (
            ("recommended_reach", f"not {_IS_TOLD}", {}, "1"),
            ("recommended_reach_told", _IS_TOLD, {"reasons": TOO_FEW, "why_not_bolder": None}, _DISTRICT),
        )
    ),
    Counted(
        "recommended_teachers",
        "report.recommendation",
        ("pd_type",),
        "n_teachers",
        Persons.STAFF,
        ("n_teachers",),
        flag=None,
        loss=_DISTRICT,
    ),
    Counted(
        "recommended_participants",
        "report.recommendation",
        ("pd_type",),
        "n_participants",
        Persons.STAFF,
        ("n_participants",),
        flag=None,
        with_it=("hours", "total_cost", "cost_per_student", "cost_per_student_sd"),
        loss=_DISTRICT,
    ),
    Counted(
        "decided_before",
        "report.decision_review",
        ("decision_id", "school_year", "pd_type"),
        _TEACHERS_OF.format(share="reach_before", year="counted.school_year"),
        Persons.STAFF,
        ("reach_before",),
        flag=None,
        with_it=("hours_before", "hours_change"),
        words={"acted_on_reason": TOO_FEW},
        loss=_DISTRICT,
    ),
    Counted(
        "decided_after",
        "report.decision_review",
        ("decision_id", "compared_year", "pd_type"),
        _TEACHERS_OF.format(share="reach_after", year="counted.compared_year"),
        Persons.STAFF,
        ("reach_after",),
        flag=None,
        with_it=("hours_after", "hours_change"),
        words={"acted_on_reason": TOO_FEW},
        loss=_DISTRICT,
    ),
)

_MARGINS: tuple[Margin, ...] = (
    Margin("staff_reached", "district_staff_reached", ("school_year", "pd_type"), is_rest_known=True),
    Margin("teachers_reached", "district_teachers_reached", ("school_year", "pd_type"), is_rest_known=True),
    Margin("school_share", "district_teachers_reached", ("school_year", "pd_type"), is_rest_known=True),
    Margin("teachers_reached", "staff_reached", _REACH_KEY),
    Margin("district_teachers_reached", "district_staff_reached", ("school_year", "pd_type")),
    Margin("flows", "district_staff_reached", _TYPE_KEY, may_overlap=True),
    Margin("school_teachers", "district_teachers", _TYPE_KEY, is_rest_known=True),
)

_SAME: tuple[Same, ...] = (
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
    Same("flows", "district_staff_reached", _SAME_TYPE),
    Same("profiles", "district_staff_reached", _SAME_TYPE),
    *(
        Same(
            name,
            "district_teachers_reached",
            f"one.pd_type = other.pd_type and other.school_year = {_REPORT_YEAR}",
        )
        for name in ("recommended_reach", "recommended_reach_told")
    ),
    Same(
        "recommended_teachers",
        "district_teachers",
        f"one.pd_type = other.pd_type and other.school_year = {_REPORT_YEAR}",
    ),
    Same("decided_before", "district_teachers_reached", _SAME_TYPE),
    Same(
        "decided_after",
        "district_teachers_reached",
        "one.compared_year = other.school_year and one.pd_type = other.pd_type",
    ),
)

REACH = Declared(_COUNTED, _MARGINS, _SAME)
