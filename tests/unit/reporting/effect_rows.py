"""One row of estimates.effect for tests of words and pictures."""

from __future__ import annotations

from transforms.reporting.rows import EffectRow


def effect_row(**changes: object) -> EffectRow:
    """Coaching in mathematics, +0.08 SD (0.02 to 0.14), 212 teachers in 31 schools, unless changed."""
    usual: dict[str, object] = {
        "design": "adjusted",
        "pd_type": "coaching",
        "academic_subject": "mathematics",
        "subgroup": "all",
        "contrast": "participated",
        "estimate_sd": 0.08,
        "std_error": 0.03,
        "df": 24.0,
        "ci_low": 0.02,
        "ci_high": 0.14,
        "p_value": 0.01,
        "p_value_bh": 0.02,
        "n_students": 9_120,
        "n_staff": 812,
        "n_schools": 38,
        "n_clusters": 38,
        "n_participants": 212,
        "n_participant_schools": 31,
        "essa_tier": 3,
        "is_primary": False,
        "estimate_scale_points": None,
        "std_error_scale_points": None,
        "std_error_model": None,
        "note": None,
    }
    return EffectRow(**{**usual, **changes})  # type: ignore[arg-type]
