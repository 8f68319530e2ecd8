"""Growth percentiles of a made-up district: as many schools as there are names, six grades, two subjects."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np

from tests.unit.reporting.made_up_build import insert

WINDOW = {"assessment_id": "STATE", "school_year": 2025, "growth_window": "spring_to_spring"}
SUBJECTS = ("mathematics", "ela")
_TYPES = (
    "coaching",
    "collaborative_planning",
    "curriculum_based",
    "workshop_single",
    "online_course",
    "conference",
)
_GRADES = range(4, 10)
_PERCENTILES = {10: -1.28, 25: -0.67, 50: 0.0, 75: 0.67, 90: 1.28}


def add_growth(connection: duckdb.DuckDBPyConnection, school_names: Sequence[str]) -> None:
    """Fill the report tables of growth; every tenth school from the fourth on is too small to be shown."""
    random = np.random.default_rng(7)
    for subject in SUBJECTS:
        _schools(connection, subject, school_names, random)
        _pd_types(connection, subject, random)
        _subgroups(connection, subject)
        _curves(connection, subject)
        _cautions(connection, subject)


def spread_of(median: float | None, n_students: int | None, error: float | None = None) -> dict[str, object]:
    """Columns of a group whose students spread as all do, moved to ``median``; None: suppressed."""
    names = ("sgp_p10", "sgp_p25", "sgp_p50", "sgp_p75", "sgp_p90")
    if median is None or n_students is None:
        return {"is_suppressed": True}
    half = 55 / n_students**0.5 if error is None else error
    ends = {"median_sgp_ci_low": round(median - half), "median_sgp_ci_high": round(median + half)}
    at = np.clip(median + 0.8 * np.array([-42, -25, 0, 24, 40]), 1, 99).round()
    return {
        "n_students": n_students,
        **dict(zip(names, at.tolist(), strict=True)),
        **ends,
        "is_suppressed": False,
    }


def _schools(
    connection: duckdb.DuckDBPyConnection, subject: str, names: Sequence[str], random: np.random.Generator
) -> None:
    standing = random.normal(0, 0.45, len(names))
    medians = np.clip(50 + 6 * standing + random.normal(0, 8, len(names)), 20, 80).round()
    for index, name in enumerate(names):
        n_students = None if index % 10 == 3 else int(random.integers(40, 420))
        spread = spread_of(float(medians[index]), n_students)
        key = {"academic_subject": subject, **WINDOW}
        distribution = {
            "group_kind": "school",
            "group_id": f"S{index:03}",
            "group_name": name,
            **spread,
            **key,
        }
        insert(connection, "report.growth_distribution", [distribution])
        school = {"school_id": f"S{index:03}", "school_name": name, **key}
        insert(
            connection, "report.growth_quadrant", [school | _place(spread, standing[index], medians[index])]
        )


def _place(spread: dict[str, object], standing: float, median: float) -> dict[str, object]:
    if spread["is_suppressed"]:
        return {"is_suppressed": True}
    low, high = spread["median_sgp_ci_low"], spread["median_sgp_ci_high"]
    status = "higher" if standing >= 0 else "lower"
    growth = "higher" if low > 50 else "lower" if high < 50 else None  # type: ignore[operator]
    return {
        "n_students": spread["n_students"],
        "mean_score_sd": float(standing),
        "mean_prior_sd": float(standing) - (median - 50) / 60,
        "median_sgp": median,
        "median_sgp_ci_low": low,
        "median_sgp_ci_high": high,
        "value_added_sd": (median - 50) / 70,
        "std_error": 0.05,
        "quadrant": f"{status} status, {growth} growth" if growth else "unclear",
        "is_suppressed": False,
    }


def _pd_types(connection: duckdb.DuckDBPyConnection, subject: str, random: np.random.Generator) -> None:
    for index, pd_type in enumerate(_TYPES):
        median = None if pd_type == "conference" else float(round(50 + random.normal(0, 4)))
        row = {"group_kind": "pd_type", "group_id": pd_type, "group_name": pd_type, **WINDOW}
        spread = spread_of(median, 4_200 // (index + 1), 3.0)
        insert(connection, "report.growth_distribution", [{"academic_subject": subject, **row, **spread}])


def _subgroups(connection: duckdb.DuckDBPyConnection, subject: str) -> None:
    groups = [("all", "All students", 50, 6_000), ("is_swd=true", "Students with disabilities", 44, 700)]
    for group_id, name, median, n_students in groups:
        row = {"group_kind": "subgroup", "group_id": group_id, "group_name": name, **WINDOW}
        spread = spread_of(median, n_students, 2.0)
        insert(connection, "report.growth_distribution", [{"academic_subject": subject, **row, **spread}])


def _curves(connection: duckdb.DuckDBPyConnection, subject: str) -> None:
    rows = []
    for grade in _GRADES:
        for prior in np.linspace(380 + 12 * grade, 620 + 12 * grade, 41).tolist():
            centre = 500 + 12 * (grade + 1) + 0.72 * (prior - 500 - 12 * grade)
            for percentile, z in _PERCENTILES.items():
                score = min(centre + 34 * z * (1 - (prior - 500 - 12 * grade) / 500), 690.0)
                rows.append(
                    ["STATE", subject, 2025, "spring_to_spring", grade, prior, percentile, score, 1_050]
                )
    connection.executemany("insert into report.percentile_curve values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _cautions(connection: duckdb.DuckDBPyConnection, subject: str) -> None:
    rows = [
        {
            "topic": "no_prior",
            "group_name": f"grade {grade}",
            "n_students": 900 if grade == 3 else 60,
            "share": 1.0 if grade == 3 else 0.05,
            "text": f"Grade {grade}: students have no earlier score that growth could start from.",
        }
        for grade in (3, *_GRADES)
    ]
    rows.append(
        {
            "topic": "ceiling",
            "group_name": "2024/x_8; 2025/x_9",
            "n_students": 130,
            "share": 0.124,
            "text": "Grade 9: 130 students (12%) have the highest score that the test gives.",
        }
    )
    insert(
        connection, "report.growth_caution", [{"academic_subject": subject, **WINDOW, **row} for row in rows]
    )
