"""Design ``adjusted``: growth by hours of professional development, given what the data know.

One mixed model per academic subject and contrast, with all PD types jointly: score on the prior
(polynomial), class and school means of the prior, student covariates, grade, year and term, hours in
other subjects, and each type's aligned hours split in the school's mean and the deviation from it
(Mundlak 1978), random intercepts for teacher-year in teacher in school. Reported is the
within-school part: teachers compared with teachers of the same school. Standard errors are CR2 by
school with Satterthwaite degrees of freedom. Correlational: who takes part is not random.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import duckdb

from transforms.designs.adjusted_model import COLUMN_PREFIX, AdjustedModel, AdjustedSettings, fit_adjusted
from transforms.designs.adjusted_reach import TypeReach
from transforms.designs.adjusted_sample import AdjustedSample, build_adjusted_sample, subjects_with_growth
from transforms.designs.effect import ALPHA, Effect, VarianceComponent, effect_id, with_multiplicity
from transforms.estimation.errors import EstimationError
from transforms.estimation.mixed.fit import MixedFit
from transforms.standards.effect_sizes import hedges_g, improvement_index, robustness_value

__all__ = ["AdjustedSettings", "estimate_adjusted"]

DESIGN = "adjusted"
WWC_RATING = "does not meet WWC standards: correlational design"
_MINIMUM_CLUSTERS = 5
# Below 4 the t approximation of CR2 tests is not reliable (Pustejovsky and Tipton 2018).
_RELIABLE_DF = 4.0


def estimate_adjusted(
    connection: duckdb.DuckDBPyConnection, settings: AdjustedSettings, build_id: str
) -> tuple[tuple[Effect, ...], tuple[VarianceComponent, ...]]:
    """Rows of estimates.effect and estimates.variance_component for every subject with growth.

    Reads frames.growth_analysis and frames.teacher_year_exposure; makes temporary tables only.
    Estimates are in standard deviations of student scores, per 10 aligned hours of the teacher or for
    taking part against not; positive means more growth. Every PD type with a row of exposure in the
    subject gets a row for each contrast, with a number or with the refusal in ``note``. Hedges' g and
    the improvement index are of two groups, so that per_10_hours has none. essa_tier is 3 where the
    estimate is positive at p_value_bh < .05 with at least 4 degrees of freedom.
    """
    effects: list[Effect] = []
    components: list[VarianceComponent] = []
    for subject in subjects_with_growth(connection):
        sample = build_adjusted_sample(
            connection,
            subject,
            prior_degree=settings.prior_degree,
            covariates=settings.covariates,
            has_context_means=settings.has_context_means,
        )
        for contrast in COLUMN_PREFIX:
            found, variances = _estimate_contrast(connection, sample, contrast, settings, build_id)
            effects += found
            components += variances
    return tuple(effects), tuple(components)


def _estimate_contrast(
    connection: duckdb.DuckDBPyConnection,
    sample: AdjustedSample,
    contrast: str,
    settings: AdjustedSettings,
    build_id: str,
) -> tuple[tuple[Effect, ...], tuple[VarianceComponent, ...]]:
    refusals = {reach.pd_type: _refusal(sample, reach, contrast, settings) for reach in sample.reach}
    fitted = [pd_type for pd_type, refusal in refusals.items() if not refusal]
    model: AdjustedModel | None = None
    if fitted:
        try:
            model = fit_adjusted(connection, sample, fitted, contrast, settings)
        except EstimationError as error:
            refusals |= dict.fromkeys(fitted, f"no estimate: {error}")
        else:
            refusals |= {name: _entangled_note(others) for name, others in model.entangled.items()}
    rows = [_empty_effect(sample, reach, contrast, build_id) for reach in sample.reach]
    left_out = [pd_type for pd_type in refusals if pd_type not in fitted]
    effects = []
    for row in rows:
        if model is None or refusals[row.pd_type]:
            effects.append(replace(row, note=f"refused: {refusals[row.pd_type]}"))
        else:
            effects.append(_effect(row, sample, model, settings, left_out))
    variances = () if model is None else _variance_rows(sample, model.fit, contrast, build_id)
    return tuple(_with_tier(row) for row in with_multiplicity(effects)), variances


def _refusal(sample: AdjustedSample, reach: TypeReach, contrast: str, settings: AdjustedSettings) -> str:
    """Why the type cannot be estimated in this sample; empty where it can."""
    is_dose = contrast == "per_10_hours"
    varying = reach.n_varying_schools if is_dose else reach.n_mixed_schools
    if sample.n_schools < _MINIMUM_CLUSTERS:
        return f"{sample.n_schools} schools; standard errors by school need at least {_MINIMUM_CLUSTERS}"
    if reach.n_participants < settings.minimum_teachers:
        return f"{reach.n_participants} teachers with aligned hours, fewer than {settings.minimum_teachers}"
    if reach.n_participant_schools < 2:
        return "all who took part are in one school"
    if reach.is_universal and not is_dose:
        return "every teacher took part, so that there is nobody to compare with"
    if not reach.is_varying:
        return "every teacher has the same hours"
    if is_dose and reach.has_one_dose:
        return "all who took part have the same hours, so that a dose cannot be told from taking part"
    if settings.has_school_split and varying < 2:
        return f"teachers of the same school differ in it in {varying} school(s); at least 2 are needed"
    return ""


def _entangled_note(others: Sequence[str]) -> str:
    return f"cannot be told apart from {', '.join(others)} within schools (collinear)"


def _empty_effect(sample: AdjustedSample, reach: TypeReach, contrast: str, build_id: str) -> Effect:
    return Effect(
        effect_id(DESIGN, reach.pd_type, sample.academic_subject, contrast, "all"),
        build_id,
        DESIGN,
        reach.pd_type,
        sample.academic_subject,
        "all",
        contrast,
        n_students=sample.n_students,
        n_staff=sample.n_staff,
        n_schools=sample.n_schools,
        n_clusters=sample.n_schools,
        n_participants=reach.n_participants,
        n_participant_schools=reach.n_participant_schools,
    )


def _effect(
    row: Effect,
    sample: AdjustedSample,
    model: AdjustedModel,
    settings: AdjustedSettings,
    types_left_out: Sequence[str],
) -> Effect:
    """Fill a row with its coefficient, its interval and what follows from them."""
    from scipy.special import stdtr, stdtrit

    column = f"{COLUMN_PREFIX[row.contrast]}:{row.pd_type}"
    at = model.fit.names.index(f"{column}:within" if settings.has_school_split else column)
    estimate, df = float(model.robust.params[at]), float(model.robust.df[at])
    std_error = float(model.robust.std_errors[at])
    if not std_error > 0.0 or not df > 0.0:
        return replace(row, note="refused: the schools leave no variation for a standard error")
    half_width = float(stdtrit(df, 1.0 - ALPHA / 2.0)) * std_error
    g = hedges_g(estimate, sample.n_students) if row.contrast == "participated" else None
    points = sample.norm_sd
    # A partial R2 is a share of variance, which neither clusters nor a robust error have a part in.
    model_error = float(model.fit.std_errors[at])
    residual_df = model.fit.n_observations - len(model.fit.names)
    return replace(
        row,
        estimate_sd=estimate,
        std_error=std_error,
        df=df,
        ci_low=estimate - half_width,
        ci_high=estimate + half_width,
        p_value=float(2.0 * stdtr(df, -abs(estimate / std_error))),
        hedges_g=g,
        improvement_index=None if g is None else improvement_index(g),
        wwc_rating=WWC_RATING,
        robustness_value=robustness_value(estimate / model_error, residual_df),
        estimate_scale_points=None if points is None else estimate * points,
        std_error_scale_points=None if points is None else std_error * points,
        std_error_model=model_error,
        note="; ".join(_notes(row, sample, model, column, df, settings, types_left_out)),
    )


def _notes(
    row: Effect,
    sample: AdjustedSample,
    model: AdjustedModel,
    column: str,
    df: float,
    settings: AdjustedSettings,
    types_left_out: Sequence[str],
) -> list[str]:
    names, robust = model.robust.names, model.robust
    notes = []
    if df < _RELIABLE_DF:
        notes.append("fewer than 4 degrees of freedom: interval unreliable")
    if not settings.has_school_split:
        notes.append("teachers compared within and between schools")
    elif f"{column}:between" in names:
        at = names.index(f"{column}:between")
        notes.append(
            "teachers compared within schools; between schools "
            f"{robust.params[at]:.3f} (standard error {robust.std_errors[at]:.3f})"
        )
    else:
        notes.append("teachers compared within schools; between schools not estimable")
    if types_left_out:
        notes.append(f"PD types left out of the model: {', '.join(types_left_out)}")
    left_out = (*sample.left_out, *model.left_out)
    if left_out:
        notes.append(f"left out: {', '.join(left_out)}")
    zero = [component.group_name for component in model.fit.components if component.is_boundary]
    if zero:
        notes.append(f"variance estimated as zero: {', '.join(zero)}")
    levels = " in ".join(component.group_name.replace("_", "-") for component in model.fit.components[:-1])
    notes.append(f"mixed model by REML, random intercepts of {levels}")
    return notes


def _with_tier(row: Effect) -> Effect:
    is_significant = (
        row.estimate_sd is not None
        and row.p_value_bh is not None
        and row.df is not None
        and row.estimate_sd > 0.0
        and row.p_value_bh < ALPHA
        and row.df >= _RELIABLE_DF
    )
    return replace(row, essa_tier=3) if is_significant else row


def _variance_rows(
    sample: AdjustedSample, fit: MixedFit, contrast: str, build_id: str
) -> tuple[VarianceComponent, ...]:
    total = math.fsum(component.variance for component in fit.components)
    return tuple(
        VarianceComponent(
            build_id,
            DESIGN,
            sample.academic_subject,
            contrast,
            component.group_name,
            component.variance,
            component.variance / total,
            component.n_groups,
            component.is_boundary,
        )
        for component in fit.components
    )
