"""Rows of one made-up school beside its district, as the tables of the report would have them."""

from __future__ import annotations

import duckdb

from tests.unit.reporting.made_up_build import empty_build, insert


def school_build(
    school_id: str = "S1", school_name: str = "Alder Creek", **growth: object
) -> duckdb.DuckDBPyConnection:
    """A district of one described school and one of which everything is hidden."""
    connection = empty_build()
    insert(
        connection,
        "core.school",
        [
            {"school_id": school_id, "school_name": school_name, "school_level": "elementary"},
            {"school_id": "S2", "school_name": "Tiny School", "school_level": "elementary"},
        ],
    )
    insert(
        connection,
        "report.school_reach",
        [
            _reach(school_id, "coaching", 0.42, 0.30, 0.25, 11.0),
            _reach(school_id, "conference", 0.0, None, 0.10, None),
            {**_reach(school_id, "online_course", None, None, 0.2, None), "is_suppressed": True},
            {**_reach("S2", "coaching", None, None, 0.25, None), "is_suppressed": True},
        ],
    )
    insert(
        connection,
        "report.growth_quadrant",
        [
            {**_growth(school_id, "ela", 58.0, 53.0, 63.0), **growth},
            _growth(school_id, "mathematics", 47.0, 41.0, 52.0),
            {
                "school_id": "S2",
                "school_name": "Tiny School",
                "assessment_id": "STATE",
                "growth_window": "spring_to_spring",
                "academic_subject": "ela",
                "school_year": 2025,
                "is_suppressed": True,
            },
        ],
    )
    insert(
        connection,
        "report.school_balance",
        [
            {
                "school_id": school_id,
                "school_name": school_name,
                "school_year": 2025,
                "school_level": "elementary",
                "is_to_look_at_first": False,
                "hours_per_teacher": 17.5,
                "alignment": 0.43,
                "alignment_cut": 0.48,
                "differentiation": 0.6,
                "differentiation_cut": 0.49,
                "quadrant": "differentiated",
                "reasons": "need 5.0, fit 1.0",
                "is_worth_a_visit": True,
                "is_suppressed": False,
            },
            {
                "school_id": "S2",
                "school_name": "Tiny School",
                "school_year": 2025,
                "school_level": "elementary",
                "is_to_look_at_first": False,
                "quadrant": "not available",
                "is_worth_a_visit": False,
                "is_suppressed": True,
            },
        ],
    )
    insert(
        connection,
        "report.driver_score",
        [
            _driver("trust", school_id, 3.4, 3.1, 3.7),
            _driver("trust", None, 3.9, 3.8, 4.0),
            _driver("leadership", school_id, 3.8, 3.4, 4.2),
            _driver("leadership", None, 3.9, 3.8, 4.0),
        ],
    )
    return connection


def _reach(
    school: str, pd_type: str, share: float | None, before: float | None, peer: float, hours: float | None
) -> dict[str, object]:
    return {
        "school_id": school,
        "school_year": 2025,
        "pd_type": pd_type,
        "share_of_teachers": share,
        "share_before": before,
        "peer_share": peer,
        "n_peers": 20,
        "hours_per_participant": hours,
        "is_suppressed": False,
    }


def _growth(school: str, subject: str, median: float, low: float, high: float) -> dict[str, object]:
    return {
        "school_id": school,
        "school_name": school,
        "assessment_id": "STATE",
        "growth_window": "spring_to_spring",
        "academic_subject": subject,
        "school_year": 2025,
        "n_students": 210,
        "median_sgp": median,
        "median_sgp_ci_low": low,
        "median_sgp_ci_high": high,
        "value_added_sd": 0.05,
        "std_error": 0.02,
        "is_suppressed": False,
    }


def _driver(driver: str, school: str | None, mean: float, low: float, high: float) -> dict[str, object]:
    return {
        "driver": driver,
        "school_id": school,
        "school_name": school,
        "school_year": 2025,
        "role": "teacher",
        "mean_score": mean,
        "ci_low": low,
        "ci_high": high,
        "n_persons": 12,
        "is_suppressed": False,
    }
