"""Costs made up for the page: rows of the tables that may be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from tests.unit.reporting.made_up_build import empty_build, insert

COST: Mapping[str, object] = {
    "period": "report_year",
    "school_year": 2025,
    "n_activities": 3,
    "n_participants": 100,
    "hours": 1_000.0,
    "n_students": 2_000,
    "n_student_equivalents": 1_500.0,
    "covered_share": 1.0,
    "is_covered": True,
    "currency": "$",
    "is_suppressed": False,
}
RATIO: Mapping[str, object] = {
    "pd_type": "coaching",
    "academic_subject": "mathematics",
    "design": "event_study",
    "contrast": "participated",
    "mean_dose_hours": 12.0,
    "std_error": 0.01,
    "df": 30.0,
    "p_value_bh": 0.001,
    "currency": "$",
    "is_suppressed": False,
}
_TOTALS = {"coaching": 30_000.0, "conference": 10_000.0, "workshop_single": 60_000.0}


def cost(pd_type: str, total: float | None, **more: object) -> dict[str, object]:
    """A row of report.cost whose unit costs follow from its total."""
    row = {**COST, "pd_type": pd_type, "total_cost": total, **more}
    if total is None or row["is_suppressed"]:
        return row
    units = {
        "cost_per_participant": total / float(str(row["n_participants"])),
        "cost_per_hour": total / float(str(row["hours"])),
        "cost_per_student": total / float(str(row["n_students"])),
        "personnel_share": 0.9,
    }
    return {**units, **row}


def costs_of(totals: Mapping[str, float], **more: object) -> list[dict[str, object]]:
    """Rows of the report year and of all years, each type and all together."""
    both = {**totals, "all": sum(totals.values())}
    rows = [cost(name, total, **more) for name, total in both.items()]
    return rows + [{**row, "period": "all_years", "school_year": None} for row in rows]


def ratio(sd: float, se: float, per_student: float, **more: object) -> dict[str, object]:
    """A row of report.cost_effectiveness from an effect, its error and an exact cost."""
    low, high = sd - 1.7 * se, sd + 1.7 * se
    return {
        **RATIO,
        "effect_sd": sd,
        "effect_ci_low": sd - 2 * se,
        "effect_ci_high": sd + 2 * se,
        "probability_positive": 0.9,
        "cost_per_student": per_student,
        "cost_per_001_sd": per_student * 0.01 / sd if sd > 0 else None,
        "ci_low": per_student * 0.01 / high if high > 0 else None,
        "ci_high": per_student * 0.01 / low if low > 0 else None,
        "sd_per_1000": 1000 * sd / per_student,
        "sd_per_1000_ci_low": 1000 * low / per_student,
        "sd_per_1000_ci_high": 1000 * high / per_student,
        **more,
    }


def ingredients(pd_type: str, shares: Mapping[tuple[str, str], float]) -> list[dict[str, object]]:
    """Rows of report.cost_ingredient of the report year, by name and class of the ingredient."""
    return [
        {
            "period": "report_year",
            "school_year": 2025,
            "pd_type": pd_type,
            "ingredient": name,
            "origin": "source",
            "ingredient_class": of_class,
            "is_personnel": of_class == "teacher_time",
            "amount": 1_000 * share,
            "share": share,
            "n_activities": 3,
            "is_suppressed": False,
        }
        for (name, of_class), share in shares.items()
    ]


def equity(grouping: str, group: str, per_teacher: float | None, **more: object) -> dict[str, object]:
    """A row of report.cost_equity of 20 teachers."""
    return {
        "school_year": 2025,
        "grouping": grouping,
        "group_name": group,
        "label": group,
        "n_schools": 1,
        "n_teachers": 20,
        "cost": None if per_teacher is None else 20 * per_teacher,
        "cost_per_teacher": per_teacher,
        "disadvantaged_share": 0.5,
        "currency": "$",
        "is_suppressed": per_teacher is None,
        **more,
    }


def opportunity(**more: object) -> dict[str, object]:
    """A row of report.cost_opportunity of all kinds in the report year, all time listed."""
    return {
        "period": "report_year",
        "school_year": 2025,
        "pd_type": "all",
        "hours": 1_000.0,
        "listed_hours": 1_000.0,
        "school_day_hours": 700.0,
        "substitute_hours": 0.0,
        "time_hours": 0.0,
        "priced_cost": 0.0,
        "currency": "$",
        **more,
    }


def cost_build(
    costs: Sequence[Mapping[str, object]] | None = None, ratios: Sequence[Mapping[str, object]] = ()
) -> duckdb.DuckDBPyConnection:
    """A build with costs of three kinds of PD and the ratios given."""
    connection = empty_build()
    insert(connection, "report.cost", costs_of(_TOTALS) if costs is None else costs)
    insert(connection, "report.cost_effectiveness", ratios)
    return connection
