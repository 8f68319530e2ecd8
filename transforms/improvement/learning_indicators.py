"""Indicators of a school system that learns, from its tables of estimates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.improvement.adoption import AdoptionRule
from transforms.improvement.driver_cells import ALL, DRIVERS
from transforms.improvement.driver_scores import DriverScore
from transforms.improvement.indicators import Indicator

IDEA = "learning_system"
POINTS = "points from 1 to 5"
SURVEYS = ("survey", "survey_item", "survey_response", "survey_answer")
# A smaller gap is no reason to act: an eighth of the way from the lowest to the highest answer is .5.
LARGE_GAP = 0.25
WITHHELD = "withheld: with it, answers of fewer than 5 people could be worked out"
Record = dict[str, object]

_MEANINGS = {
    "trust": "how far people trust each other",
    "leadership": "how far leaders support professional learning",
    "capacity_building": "how far people are helped to get better at their work",
    "collaboration": "how far people work on teaching together",
}
_LABELS = {
    "trust": "Trust",
    "leadership": "Leadership",
    "capacity_building": "Capacity building",
    "collaboration": "Collaboration",
}


def driver_name(driver: str) -> str:
    """Indicator of a driver."""
    return f"driver_{driver}"


DRIVER_INDICATORS = tuple(
    Indicator(
        IDEA,
        driver_name(driver),
        _LABELS[driver],
        f"Mean answer of climate surveys on {_MEANINGS[driver]}, by role; of schools their teachers'.",
        POINTS,
        "better",
        SURVEYS,
        rule="schools: strength where the whole 95 % interval lies above the mean of teachers in the other"
        " schools of the same level, concern where it lies below, else typical; of a hundred schools that"
        " do not differ about five are called so by chance; the district is described, not judged",
        is_sql=False,
    )
    for driver in DRIVERS
)
GAP = Indicator(
    IDEA,
    "perception_gap",
    "Leaders see things brighter than teachers",
    "How much higher principals and assistant principals answer than the teachers of their own school.",
    POINTS,
    "worse",
    SURVEYS,
    rule=f"concern where the gap is at least {LARGE_GAP} points and its whole 95 % interval above zero, else"
    " typical",
    is_sql=False,
)
CHANGE = Indicator(
    IDEA,
    "driver_change",
    "Change per year",
    "Change of the answers of all roles per year, within the same schools and roles.",
    f"{POINTS} per year",
    "better",
    SURVEYS,
    rule="strength where the whole 95 % interval lies above zero, concern where it lies below, else typical",
    is_sql=False,
)


def reached_indicator(rule: AdoptionRule) -> Indicator:
    """The share of schools that took a PD type up by ``rule``."""
    return Indicator(
        IDEA,
        "schools_reached",
        "Schools that took it up",
        f"Share of schools where, in this year or before, at least {rule.share:.0%} of the teachers had"
        f" {rule.hours:g} hours or more of the PD type in one year.",
        "share of schools",
        "better",
        ("pd_activity", "pd_participation"),
        is_sql=False,
    )


def driver_rows(driver: str, scores: Sequence[DriverScore], levels: Mapping[str, str]) -> list[Record]:
    """Rows of one driver: the district by role, each school's teachers."""
    of_driver = [score for score in scores if score.driver == driver]
    district = [score for score in of_driver if score.school_id is None and score.role != ALL]
    means = {(score.role, score.school_year): score.mean_score for score in district}
    rows = [_row(score, means.get((score.role, score.school_year - 1))) for score in district]
    for score in of_driver:
        if score.school_id is not None and score.role == "teacher":
            peers = peer_mean(score, of_driver, levels)
            rows.append(
                {"category": "teacher", "school_year": score.school_year, "school_id": score.school_id}
                | {"n_persons": score.n_persons, "note": WITHHELD}
                if score.is_withheld
                else _row(score, peers) | {"status": _status(score, peers)}
            )
    return rows


def _row(score: DriverScore, comparison: float | None) -> Record:
    return {
        "category": score.role,
        "school_id": score.school_id,
        "school_year": score.school_year,
        "value": score.mean_score,
        "numerator": score.total,
        "denominator": float(score.n_answers),
        "ci_low": score.interval.ci_low if score.interval else None,
        "ci_high": score.interval.ci_high if score.interval else None,
        "comparison_value": comparison,
        "n_persons": score.n_persons,
        "note": score.note,
    }


def peer_mean(score: DriverScore, scores: Sequence[DriverScore], levels: Mapping[str, str]) -> float | None:
    """Mean of teachers in the other schools of the school's level (all others where it has none)."""
    level = levels.get(score.school_id or "")
    peers = [
        other
        for other in scores
        if other.school_id not in (None, score.school_id)
        and (other.role, other.school_year) == (score.role, score.school_year)
        and levels.get(other.school_id or "") == level
    ]
    n = sum(peer.n_answers for peer in peers)
    return sum(peer.total for peer in peers) / n if n else None


def _status(score: DriverScore, peers: float | None) -> str:
    if peers is None or score.interval is None:
        return "described"
    return sign_status(score.interval.ci_low - peers, score.interval.ci_high - peers)


def sign_status(low: float, high: float) -> str:
    """strength where an interval lies above zero, concern below, else typical."""
    return "strength" if low > 0 else "concern" if high < 0 else "typical"


def gap_rows(gaps: Sequence[Record]) -> list[Record]:
    """Rows of the gap of principals by driver, with the year before beside."""
    principals = [row for row in gaps if row["role"] == "principal" and row.get("gap") is not None]
    before = {
        (row["driver"], row["school_year"]): row["gap"] for row in principals if row.get("school_id") is None
    }
    return [
        {
            "category": row["driver"],
            "school_id": row.get("school_id"),
            "school_year": row["school_year"],
            "value": row["gap"],
            "ci_low": row["ci_low"],
            "ci_high": row["ci_high"],
            "comparison_value": before.get((row["driver"], int(str(row["school_year"])) - 1))
            if row.get("school_id") is None
            else before.get((row["driver"], row["school_year"])),
            "status": _gap_status(_number(row["gap"]), _number(row["ci_low"])),
            "n_persons": min(int(str(row["n_role"])), int(str(row["n_teachers"]))),
        }
        for row in principals
    ]


def _gap_status(gap: float, low: float) -> str:
    return "concern" if gap >= LARGE_GAP and low > 0 else "typical"


def change_rows(changes: Sequence[Record], report_year: int) -> list[Record]:
    """Rows of the change of all roles by driver, in the year that pages show."""
    return [
        {
            "category": row["driver"],
            "school_year": report_year,
            "value": row["change_per_year"],
            "ci_low": row["ci_low"],
            "ci_high": row["ci_high"],
            "status": sign_status(_number(row["ci_low"]), _number(row["ci_high"])),
            "n_persons": row["n_persons"],
            "note": row["note"],
        }
        for row in changes
        if row["role"] == ALL and row.get("change_per_year") is not None
    ]


def reached_rows(spread: Sequence[Record]) -> list[Record]:
    """Rows of the share of schools by PD type and year, from rows of estimates.adoption."""
    shares = {(row["pd_type"], row["school_year"]): row["share"] for row in spread}
    return [
        {
            "category": row["pd_type"],
            "school_year": row["school_year"],
            "value": row["share"],
            "numerator": float(str(row["n_adopted"])),
            "denominator": float(str(row["n_schools"])),
            "comparison_value": shares.get((row["pd_type"], int(str(row["school_year"])) - 1)),
        }
        for row in spread
    ]


def _number(value: object) -> float:
    return float(str(value))
