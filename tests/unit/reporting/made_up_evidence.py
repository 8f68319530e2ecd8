"""Evidence of a made-up district: five designs, leads and lags, dose, balance, calibration."""

from __future__ import annotations

import itertools

import duckdb
import numpy as np

from tests.unit.reporting.made_up_build import EFFECT, estimate, insert

DESIGNS = ("lottery", "event_study", "matched", "within_teacher", "adjusted")
TYPES = {"coaching": 0.1, "curriculum_based": 0.06, "workshop_single": 0.01, "<b>own type</b>": 0.0}
SUBJECTS = ("mathematics", "ela")
_CONTRASTS = {"lottery": "offered"}


def add_evidence(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the tables beside estimates.effect; the matched design of ELA is struck out."""
    connection.execute("delete from estimates.effect")
    rng = np.random.default_rng(3)
    for (pd_type, effect), subject, design in itertools.product(TYPES.items(), SUBJECTS, DESIGNS):
        row = _effect(pd_type, effect, subject, design, rng)
        insert(connection, "estimates.effect", [{**EFFECT, **row}])
        if row.get("estimate_sd") is None:
            continue
        if design == "event_study":
            _event_study(connection, str(row["effect_id"]), pd_type, effect, subject, rng)
        if design == "matched":
            _baseline(connection, str(row["effect_id"]), pd_type, subject, rng)
        if design == "within_teacher":
            _dose(connection, pd_type, effect, subject)
            if pd_type in ("coaching", "workshop_single"):
                _specifications(connection, pd_type, effect, subject, rng)
            _sensitivity(connection, row)
    for subject, design in itertools.product(SUBJECTS, DESIGNS):
        _calibration(connection, design, subject)


def _effect(
    pd_type: str, effect: float, subject: str, design: str, rng: np.random.Generator
) -> dict[str, object]:
    key = {
        "effect_id": f"{design}-{pd_type}-{subject}",
        "design": design,
        "contrast": _CONTRASTS.get(design, "participated"),
        "is_struck_out": (design, subject) == ("matched", "ela"),
    }
    if design == "lottery" and pd_type != "coaching":
        note = f"refused: no offers by lot of {pd_type}"
        return {"pd_type": pd_type, "academic_subject": subject, **key, "note": note}
    error = {"lottery": 0.03, "event_study": 0.025, "matched": 0.02}.get(design, 0.01)
    found = estimate(pd_type, subject, effect + float(rng.normal(0, error)), error, 60, 22)
    return {
        **found,
        **key,
        "p_value_bh": 0.001 if effect > 0.05 else 0.6,
        "placebo_sd": 0.004,
        "placebo_std_error": 0.011,
        "placebo_p_value": 0.71,
        "robustness_value": 0.05,
        "wwc_rating": "meets WWC standards with reservations",
        "wwc_reasons": "largest baseline difference .03 SD",
        "essa_tier": 2,
        "essa_reasons": "significant and positive; 9,120 students",
    }


def _event_study(
    connection: duckdb.DuckDBPyConnection,
    effect_id: str,
    pd_type: str,
    effect: float,
    subject: str,
    rng: np.random.Generator,
) -> None:
    key = {"effect_id": effect_id, "pd_type": pd_type, "academic_subject": subject}
    for time in range(-3, 4):
        level = (effect if time >= 0 else 0.0) + float(rng.normal(0, 0.015))
        half = 0.05 + 0.01 * abs(time)
        number = {"estimate_sd": level, "ci_low": level - half, "ci_high": level + half}
        insert(
            connection,
            "estimates.event_study_period",
            [{**key, "event_time": time, **number, "n_teachers": 80}],
        )
    check = {"check_name": "pre_trend", "bound": 0, "p_value": 0.42, "statistic": 2.8}
    insert(connection, "estimates.event_study_check", [{**key, **check}])


def _baseline(
    connection: duckdb.DuckDBPyConnection,
    effect_id: str,
    pd_type: str,
    subject: str,
    rng: np.random.Generator,
) -> None:
    key = {
        "effect_id": effect_id,
        "design": "matched",
        "pd_type": pd_type,
        "academic_subject": subject,
        "is_wwc_baseline": False,
    }
    for name in ("growth of the year before", "prior score", "years of experience", "school's mean prior"):
        before = float(rng.normal(0, 0.2))
        rows = [{**key, "characteristic": name, "g_before": before, "g_after": before / 50}]
        insert(connection, "estimates.baseline", rows)


def _dose(connection: duckdb.DuckDBPyConnection, pd_type: str, effect: float, subject: str) -> None:
    key = {"design": "within_teacher", "pd_type": pd_type, "academic_subject": subject}
    for hours in np.linspace(0, 30, 16):
        level = effect * hours / 14
        number = {
            "estimate_sd": level,
            "std_error": 0.004 * hours / 4,
            "ci_low": level - 0.002 * hours,
            "ci_high": level + 0.002 * hours,
        }
        point = {**key, "hours": float(hours), **number, "linear_p_value": 0.4}
        insert(connection, "estimates.dose_curve", [point])
    term = {"term": "per_10_hours_above_14", "estimate_sd": effect, "ci_low": effect - 0.05}
    insert(connection, "estimates.dose_term", [{**key, **term, "ci_high": effect + 0.05, "p_value": 0.2}])


def _specifications(
    connection: duckdb.DuckDBPyConnection,
    pd_type: str,
    effect: float,
    subject: str,
    rng: np.random.Generator,
) -> None:
    choices = itertools.product(
        ("between and within schools", "within schools", "within schools and years", "within teachers"),
        ("prior score", "prior score to the cube", "and student covariates", "and class and school means"),
        ("any hours", "at least 14 hours"),
        ("all types jointly", "this type alone"),
    )
    for number, (comparison, covariates, dose, companions) in enumerate(choices, start=1):
        level = effect + float(rng.normal(0, 0.02))
        row = {
            "pd_type": pd_type,
            "academic_subject": subject,
            "specification_number": number,
            "comparison": comparison,
            "covariates": covariates,
            "dose": dose,
            "companions": companions,
            "contrast": "participated",
            "estimate_sd": level,
            "ci_low": level - 0.03,
            "ci_high": level + 0.03,
            "p_value": 0.01 if abs(level) > 0.03 else 0.4,
        }
        insert(connection, "estimates.specification", [row])


def _sensitivity(connection: duckdb.DuckDBPyConnection, row: dict[str, object]) -> None:
    names = ("effect_id", "design", "pd_type", "academic_subject", "contrast")
    numbers = {
        "robustness_value": 0.05,
        "benchmark_covariate": "prior",
        "benchmark_estimate_sd": 0.04,
        "leave_one_out_low_sd": 0.03,
        "leave_one_out_high_sd": 0.06,
        "n_specifications": 96,
        "share_same_sign": 0.97,
        "share_significant": 0.81,
    }
    insert(connection, "estimates.sensitivity", [{**{name: row[name] for name in names}, **numbers}])


def _calibration(connection: duckdb.DuckDBPyConnection, design: str, subject: str) -> None:
    is_struck = (design, subject) == ("matched", "ela")
    for planted in (0.0, 0.05, 0.1, 0.2):
        row = {
            "design": design,
            "pd_type": "all",
            "academic_subject": subject,
            "contrast": _CONTRASTS.get(design, "participated"),
            "planted_sd": planted,
            "n_draws": 200,
            "bias_sd": 0.001,
            "coverage": 0.82 if is_struck else 0.945,
            "coverage_ci_low": 0.76 if is_struck else 0.905,
            "coverage_ci_high": 0.87 if is_struck else 0.968,
            "rejection_rate": min(0.99, 0.05 + 4 * planted),
            "minimum_detectable_sd": 0.06,
            "is_struck_out": is_struck,
        }
        insert(connection, "estimates.calibration", [row])
