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


def add_peers(connection: duckdb.DuckDBPyConnection, n_schools: int = 5) -> None:
    """Schools of the same level, which teachers trust at 4.0 and whose students grow as expected."""
    peers = [f"P{number}" for number in range(n_schools)]
    schools = [
        {"school_id": peer, "school_name": f"Peer School {peer}", "school_level": "elementary"}
        for peer in peers
    ]
    insert(connection, "core.school", schools)
    insert(connection, "report.growth_quadrant", [_growth(peer, "ela", 50.0, 45.0, 55.0) for peer in peers])
    insert(
        connection,
        "report.driver_score",
        [_driver(driver, peer, 4.0, 3.6, 4.4) for peer in peers for driver in ("trust", "leadership")],
    )
    insert(
        connection,
        "report.school_balance",
        [
            {
                "school_id": peer,
                "school_name": f"Peer School {peer}",
                "school_level": "elementary",
                "school_year": 2025,
                "hours_per_teacher": 20.0,
                "quadrant": "aligned",
                "is_worth_a_visit": False,
                "is_suppressed": False,
            }
            for peer in peers
        ],
    )


def add_whole_school(connection: duckdb.DuckDBPyConnection, school_id: str = "S1") -> None:
    """What else a page can show of a school: need and fit, practice, next steps, leadership, cost."""
    of_school = {"school_id": school_id, "school_name": "Alder Creek", "school_year": 2025}
    rated = {**of_school, "source": "visit", "is_suppressed": False, "priority_level": "district"}
    insert(
        connection,
        "report.school_need_fit",
        [
            {
                **rated,
                "priority_id": "D1",
                "priority_title": "Reading widely",
                "need": 5.0,
                "fit": 1.0,
                "gap": 4.0,
                "hours_per_teacher": 1.5,
                "peer_hours_per_teacher": 4.0,
                "need_and_hours": "high need, few hours",
            },
            {**rated, "priority_id": "D2", "priority_title": "Talk in class", "is_suppressed": True},
        ],
    )
    check = {
        **of_school,
        "practice": "Feedback to teachers",
        "indicator": "feedback_cycles",
        "label": "Feedback cycles per teacher",
        "unit": "cycles per teacher",
        "rating": 3.0,
        "value": 0.4,
        "floor_value": 1.0,
        "lower_quartile": 1.2,
        "n_schools": 20,
        "verdict": "rated_above_records",
        "is_little": True,
        "note": "rated 3; on record 0.4 feedback cycles a teacher",
        "is_suppressed": False,
    }
    insert(connection, "report.self_assessment_check", [check])
    rating = {
        **of_school,
        "practice": "Feedback to teachers",
        "rating": 3.0,
        "n_peers": 19,
        "peer_median": 2.0,
    }
    insert(connection, "report.self_assessment", [rating])
    step = {
        **of_school,
        "priority": 1,
        "rule": "feedback_claimed",
        "practice": "Feedback to teachers",
        "step": "List teachers without feedback.",
        "reason": "rated 3; on record 0.4",
    }
    insert(connection, "report.next_step", [step])
    bench = {**of_school, "school_level": "elementary", "has_principal": True, "has_successor": False}
    insert(connection, "report.school_successor", [bench])
    cost = {
        "school_year": 2025,
        "grouping": "school",
        "group_name": school_id,
        "label": "Alder Creek",
        "n_teachers": 20,
        "cost": 30_000.0,
        "cost_per_teacher": 1_500.0,
        "currency": "$",
        "is_suppressed": False,
    }
    insert(connection, "report.cost_equity", [cost])


def _reach(
    school: str, pd_type: str, share: float | None, before: float | None, peer: float, hours: float | None
) -> dict[str, object]:
    return {
        "school_id": school,
        "school_year": 2025,
        "pd_type": pd_type,
        "share_of_teachers": share,
        "share_before": before,
        "n_peers": 20,
        "peer_quarter_low": peer - 0.05,
        "peer_middle_low": peer,
        "peer_middle_high": peer,
        "peer_quarter_high": peer + 0.1,
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
