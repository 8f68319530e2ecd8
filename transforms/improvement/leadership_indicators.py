"""The indicators of the leadership pipeline, and their rows from its tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from transforms.improvement.indicators import Indicator
from transforms.improvement.leadership_access import ACCESS_RULE, WINDOW_YEARS, is_unequal
from transforms.improvement.leadership_processes import IN_ROLE
from transforms.improvement.leadership_steps import BROKEN_RULE, HORIZON_YEARS, Step

Record = dict[str, Any]
IDEA = "leadership_pipeline"
SUCCESSOR_STRENGTH = 0.8
SUCCESSOR_CONCERN = 0.5
RETENTION_YEARS = 3
READY_RULE = (
    "Ready is who completed the school pathway by 30 June of the year, has not been placed on it, is on the staff"
    " of the school in the year and is not a principal."
)
_EVENTS = ("leadership_event",)
_ACCESS = ("leadership_event", "staff_assignment")

CONVERSION = Indicator(
    IDEA,
    "leadership_conversion",
    "Staff who go on to the next stage",
    "Share of those who reached a stage of a pathway who have reached the next, by the end of the year.",
    "share",
    "better",
    _EVENTS,
    BROKEN_RULE,
    is_sql=False,
)
CONVERSION_IN_TIME = Indicator(
    IDEA,
    "leadership_conversion_in_time",
    f"Staff who go on within {HORIZON_YEARS} years",
    f"Share that reaches the next stage within {HORIZON_YEARS} years (1 less Kaplan-Meier), so that recent entrants"
    " do not count as failures.",
    "share",
    "better",
    _EVENTS,
    is_sql=False,
)
TIME_TO_PLACEMENT = Indicator(
    IDEA,
    "leadership_days_to_placement",
    "Days from completion to placement",
    "Days after completion by which half are placed (Kaplan-Meier).",
    "days",
    "worse",
    _EVENTS,
    is_sql=False,
)
SUCCESSORS = Indicator(
    IDEA,
    "schools_with_successor",
    "Schools with somebody ready to follow the principal",
    f"Share of schools with at least one ready member of their own staff. {READY_RULE}",
    "share of schools",
    "better",
    ("leadership_event", "staff_assignment"),
    f"strength where the lower end of the district's 95% interval is at least {SUCCESSOR_STRENGTH}, concern where"
    f" the upper end is below {SUCCESSOR_CONCERN}, else typical; a school is described",
)
RETENTION = Indicator(
    IDEA,
    "leaders_in_role_after_three_years",
    f"Leaders still in role after {RETENTION_YEARS} years",
    f"Share of leaders still in the role at the same school {RETENTION_YEARS} school years after the first on record"
    " (Kaplan-Meier).",
    "share",
    "better",
    ("staff_assignment",),
    is_sql=False,
)
RETURNING = Indicator(
    IDEA,
    "leaders_returning",
    "Leaders back in the same role at the same school",
    "Share of the leaders of the year before who are in the same role at the same school this year.",
    "share",
    "better",
    ("staff_assignment",),
)
ENTERING = Indicator(
    IDEA,
    "staff_entering_pathway",
    "Staff identified for a leadership pathway in the year",
    "Share of staff on no pathway before the year who were identified for one in it.",
    "share of staff",
    "neither",
    _ACCESS,
)
ACCESS = Indicator(
    IDEA,
    "leadership_access",
    "Access to the pathway against the reference group",
    "Rate at which a group reaches a stage, divided by that of the reference group, over up to"
    f" {WINDOW_YEARS} school years.",
    "ratio of rates",
    "neither",
    _ACCESS,
    ACCESS_RULE,
    is_sql=False,
)
INDICATORS = (
    CONVERSION,
    CONVERSION_IN_TIME,
    TIME_TO_PLACEMENT,
    SUCCESSORS,
    RETENTION,
    RETURNING,
    ENTERING,
    ACCESS,
)
PARAMETERS = {"successor_strength": SUCCESSOR_STRENGTH, "successor_concern": SUCCESSOR_CONCERN}


def conversion_rows(steps: Iterable[Step]) -> list[Record]:
    """Shares that have gone on by the end of each year; a broken step is a concern."""
    return _with_year_before(
        {
            "school_year": step.school_year,
            "category": f"{step.pathway_level}: {step.step}",
            "value": step.conversion.value,
            "numerator": step.n_converted,
            "denominator": step.n_reached,
            "ci_low": step.conversion.low,
            "ci_high": step.conversion.high,
            "status": "concern" if step.reasons else "described",
            "n_persons": step.n_reached,
            "note": step.note,
        }
        for step in steps
    )


def in_time_rows(steps: Iterable[Step]) -> list[Record]:
    """Shares that go on within two years, where enough people started so long ago."""
    return _with_year_before(
        {
            "school_year": step.school_year,
            "category": f"{step.pathway_level}: {step.step}",
            "n_persons": step.n_reached,
            **(
                {"status": "not_available", "note": step.note}
                if step.within is None
                else {"value": step.within.value, "ci_low": step.within.low, "ci_high": step.within.high}
            ),
        }
        for step in steps
    )


def median_rows(medians: Iterable[Record]) -> list[Record]:
    """Days from completion to placement by pathway."""
    return _with_year_before(
        {
            "school_year": row["school_year"],
            "category": row["category"],
            "value": row["median_days"],
            "ci_low": row["ci_low_days"],
            "ci_high": row["ci_high_days"],
            "n_persons": row["n_people"],
            "note": row["note"],
        }
        for row in medians
        if row["process"] == "completed_to_placed"
    )


def retention_rows(horizons: Iterable[Record]) -> list[Record]:
    """Leaders still in role after three years, by role, and role and school level."""
    return _with_year_before(
        {
            "school_year": row["school_year"],
            "category": row["category"],
            "value": row.get("survival"),
            "ci_low": row.get("ci_low"),
            "ci_high": row.get("ci_high"),
            "n_persons": row["n_people"],
            "note": row.get("note"),
            "status": "described" if "survival" in row else "not_available",
        }
        for row in horizons
        if row["process"] == IN_ROLE and row["horizon_years"] == RETENTION_YEARS
    )


def access_rows(access: Sequence[Record]) -> list[Record]:
    """Ratios of the groups that are compared with another."""
    staff = {(row["stage"], row["group_kind"], row["group_name"], row["school_year"]): row for row in access}
    rows = []
    for row in access:
        if row.get("p_value") is None:
            continue
        reference = staff[row["stage"], row["group_kind"], row["reference_group"], row["school_year"]]
        nobody = "no ratio: nobody in one of the two groups" if row["ratio"] is None else None
        rows.append(
            {
                "school_year": row["school_year"],
                "category": f"{row['stage']}: {row['group_kind']} {row['group_name']}",
                "value": row["ratio"],
                "ci_low": row["ratio_ci_low"],
                "ci_high": row["ratio_ci_high"],
                "numerator": row["rate"],
                "denominator": reference["rate"],
                "status": "concern" if is_unequal(row) else "typical",
                "n_persons": min(row["n_staff"], reference["n_staff"]),
                "note": nobody or f"against {row['reference_group']}",
            }
        )
    return rows


def _with_year_before(rows: Iterable[Record]) -> list[Record]:
    """Compare each value with that of the same category in the year before."""
    found = list(rows)
    values = {(row["category"], row["school_year"]): row.get("value") for row in found}
    return [
        row | {"comparison_value": values.get((row["category"], row["school_year"] - 1))} for row in found
    ]
