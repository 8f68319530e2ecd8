"""The two designs that regress scores on hours, all PD types jointly: ``adjusted`` and ``within_teacher``.

Both are fitted from the sums of one sample and differ in what they compare: teachers of the same school, or
the years of the same teacher. Neither knows why somebody took part.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from transforms.designs.adjusted_model import AdjustedModel, fit_adjusted
from transforms.designs.effect import Effect, VarianceComponent, effect_id, estimated, refused
from transforms.designs.exposure import Exposure, TypeReach
from transforms.designs.panel import FloatArray
from transforms.designs.sample import DesignSample
from transforms.designs.settings import MINIMUM_SCHOOLS, RELIABLE_DF, DesignSettings
from transforms.designs.within_teacher import WithinTeacherModel, fit_within_teacher
from transforms.estimation.errors import EstimationError
from transforms.standards.effect_sizes import hedges_g, improvement_index
from transforms.standards.sensitivity import robustness_value

REGRESSIONS = ("adjusted", "within_teacher")
# Taking part against not first: it is what a reader meets first.
CONTRASTS = ("per_10_hours", "participated")
PREFIX = {"per_10_hours": "hours", "participated": "participated"}


@dataclass(frozen=True)
class Regression:
    """One design and contrast on one sample: a row for each PD type, and the model where there is one.

    ``influence`` has for each type with a number what each school adds to its error (schools).
    """

    design: str
    contrast: str
    effects: tuple[Effect, ...]
    components: tuple[VarianceComponent, ...]
    model: AdjustedModel | WithinTeacherModel | None
    influence: dict[str, FloatArray]


def exposure_column(exposure: Exposure, contrast: str, at: int) -> FloatArray:
    """Tens of aligned hours, or 1 for taking part, of the type at position ``at`` (units)."""
    if contrast == "per_10_hours":
        return exposure.aligned_hours[:, at] / 10.0
    return exposure.participated[:, at].astype(float)


def estimate_regression(
    sample: DesignSample, design: str, contrast: str, settings: DesignSettings, build_id: str
) -> Regression:
    """Rows of estimates.effect of one design and contrast.

    Estimates are in standard deviations of student scores, per 10 aligned hours of the teacher or for
    taking part against not; positive means more growth. Standard errors are CR2 by school with
    Satterthwaite degrees of freedom. Every PD type with a row of exposure in the subject gets a row, with a
    number or with the refusal in ``note``.
    """
    refusals = {reach.pd_type: refusal(sample, reach, design, contrast, settings) for reach in sample.reach}
    fitted = [pd_type for pd_type, reason in refusals.items() if not reason]
    model: AdjustedModel | WithinTeacherModel | None = None
    if fitted:
        try:
            model = _fit(sample, design, contrast, fitted, settings)
        except EstimationError as error:
            refusals |= dict.fromkeys(fitted, f"no estimate: {error}")
        else:
            refusals |= {_type(name): _entangled(design, others) for name, others in model.entangled.items()}
    left_out = [pd_type for pd_type in refusals if pd_type not in fitted]
    effects, influence = [], {}
    for reach in sample.reach:
        row = _empty(sample, reach, design, contrast, build_id)
        if model is None or refusals[reach.pd_type]:
            effects.append(refused(row, refusals[reach.pd_type]))
            continue
        at = _position(model, design, contrast, reach.pd_type, settings)
        effects.append(_effect(row, sample, model, at, settings, left_out))
        influence[reach.pd_type] = _by_school(sample, model, at)
    components = _components(sample, model, contrast, build_id) if isinstance(model, AdjustedModel) else ()
    return Regression(design, contrast, tuple(effects), components, model, influence)


def _fit(
    sample: DesignSample, design: str, contrast: str, types: Sequence[str], settings: DesignSettings
) -> AdjustedModel | WithinTeacherModel:
    columns = {
        f"{PREFIX[contrast]}:{pd_type}": exposure_column(
            sample.exposure, contrast, sample.exposure.types.index(pd_type)
        )
        for pd_type in types
    }
    if design == "adjusted":
        return fit_adjusted(sample, columns, has_school_split=settings.has_school_split)
    return fit_within_teacher(sample, columns)


def refusal(
    sample: DesignSample, reach: TypeReach, design: str, contrast: str, settings: DesignSettings
) -> str:
    """Why the type cannot be estimated in this sample; empty where it can."""
    is_dose = contrast == "per_10_hours"
    if sample.n_schools < MINIMUM_SCHOOLS:
        return f"{sample.n_schools} schools; standard errors by school need at least {MINIMUM_SCHOOLS}"
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
    if design == "within_teacher":
        return _refusal_within(sample, reach, is_dose, settings)
    varying = reach.n_varying_schools if is_dose else reach.n_mixed_schools
    if settings.has_school_split and varying < 2:
        return f"teachers of the same school differ in it in {varying} school(s); at least 2 are needed"
    return ""


def _refusal_within(sample: DesignSample, reach: TypeReach, is_dose: bool, settings: DesignSettings) -> str:
    if len(set(sample.sums.ids[1].tolist())) < 2:
        return "one school year, so that nobody can be compared with an earlier year"
    changing = reach.n_changing_teachers if is_dose else reach.n_switching_teachers
    if changing < settings.minimum_teachers:
        what = "changed hours" if is_dose else "took part in some years and not in others"
        return f"{changing} teachers {what}, fewer than {settings.minimum_teachers}"
    return ""


def _entangled(design: str, others: Sequence[str]) -> str:
    within = "teachers" if design == "within_teacher" else "schools"
    return f"cannot be told apart from {', '.join(map(_type, others))} within {within} (collinear)"


def _type(column: str) -> str:
    return column.split(":", 1)[-1]


def _empty(sample: DesignSample, reach: TypeReach, design: str, contrast: str, build_id: str) -> Effect:
    return Effect(
        effect_id(design, reach.pd_type, sample.academic_subject, contrast, sample.subgroup),
        build_id,
        design,
        reach.pd_type,
        sample.academic_subject,
        sample.subgroup,
        contrast,
        n_students=sample.n_students,
        n_staff=sample.n_staff,
        n_schools=sample.n_schools,
        n_clusters=sample.n_schools,
        n_participants=reach.n_participants,
        n_participant_schools=reach.n_participant_schools,
    )


def _position(
    model: AdjustedModel | WithinTeacherModel,
    design: str,
    contrast: str,
    pd_type: str,
    settings: DesignSettings,
) -> int:
    return model.fit.names.index(coefficient_name(design, contrast, pd_type, settings))


def coefficient_name(design: str, contrast: str, pd_type: str, settings: DesignSettings) -> str:
    """The coefficient of a model that is the estimate of a type."""
    column = f"{PREFIX[contrast]}:{pd_type}"
    return f"{column}:within" if design == "adjusted" and settings.has_school_split else column


def _effect(
    row: Effect,
    sample: DesignSample,
    model: AdjustedModel | WithinTeacherModel,
    at: int,
    settings: DesignSettings,
    types_left_out: Sequence[str],
) -> Effect:
    """Fill a row with its coefficient, its interval and what follows from them."""
    estimate, df = float(model.robust.params[at]), float(model.robust.df[at])
    filled = estimated(row, estimate, float(model.robust.std_errors[at]), df, sample.norm_sd)
    if filled.estimate_sd is None:
        return filled
    g = hedges_g(estimate, sample.n_students) if row.contrast == "participated" else None
    # A partial R2 is a share of variance, which neither clusters nor a robust error have a part in.
    model_error = float(model.fit.std_errors[at])
    return replace(
        filled,
        hedges_g=g,
        improvement_index=None if g is None else improvement_index(g),
        robustness_value=robustness_value(estimate / model_error, residual_df(model)),
        std_error_model=model_error,
        note="; ".join(_notes(row, sample, model, df, settings, types_left_out)),
    )


def residual_df(model: AdjustedModel | WithinTeacherModel) -> float:
    """Observations less columns and absorbed levels."""
    if isinstance(model, WithinTeacherModel):
        return model.fit.df_resid
    return model.fit.n_observations - len(model.fit.names)


def _by_school(sample: DesignSample, model: AdjustedModel | WithinTeacherModel, at: int) -> FloatArray:
    influence = np.zeros(len(sample.school_ids))
    influence[np.unique(sample.sums.ids[3])] = model.robust.influence[:, at]
    return influence


def _notes(
    row: Effect,
    sample: DesignSample,
    model: AdjustedModel | WithinTeacherModel,
    df: float,
    settings: DesignSettings,
    types_left_out: Sequence[str],
) -> list[str]:
    notes = []
    if df < RELIABLE_DF:
        notes.append("fewer than 4 degrees of freedom: interval unreliable")
    if isinstance(model, AdjustedModel):
        notes.append(_comparison(row, model, settings))
    else:
        notes.append("years of the same teacher in the same school compared")
    if types_left_out:
        notes.append(f"PD types left out of the model: {', '.join(types_left_out)}")
    # Grades that stay apart from others all years are as constant within a teacher as in the whole.
    left_out = (
        *sample.left_out,
        *(_shown(name) for name in model.left_out if not name.startswith("grade=")),
    )
    if left_out:
        notes.append(f"left out: {', '.join(left_out)}")
    if isinstance(model, AdjustedModel):
        notes += _random_effects(model)
    else:
        notes.append("least squares, fixed effects of teacher in school and of grade by year")
    return notes


def _comparison(row: Effect, model: AdjustedModel, settings: DesignSettings) -> str:
    between = f"{PREFIX[row.contrast]}:{row.pd_type}:between"
    if not settings.has_school_split:
        return "teachers compared within and between schools"
    if between not in model.robust.names:
        return "teachers compared within schools; between schools not estimable"
    at = model.robust.names.index(between)
    return (
        "teachers compared within schools; between schools "
        f"{model.robust.params[at]:.3f} (standard error {model.robust.std_errors[at]:.3f})"
    )


def _shown(name: str) -> str:
    """ "school mean of hours:coaching" as "school mean of coaching"."""
    return name if ":" not in name else f"school mean of {_type(name)}"


def _random_effects(model: AdjustedModel) -> list[str]:
    zero = [component.group_name for component in model.fit.components if component.is_boundary]
    notes = [f"variance estimated as zero: {', '.join(zero)}"] if zero else []
    levels = " in ".join(component.group_name.replace("_", "-") for component in model.fit.components[:-1])
    return [*notes, f"mixed model by REML, random intercepts of {levels}"]


def _components(
    sample: DesignSample, model: AdjustedModel, contrast: str, build_id: str
) -> tuple[VarianceComponent, ...]:
    total = math.fsum(component.variance for component in model.fit.components)
    return tuple(
        VarianceComponent(
            build_id,
            "adjusted",
            sample.academic_subject,
            contrast,
            component.group_name,
            component.variance,
            component.variance / total,
            component.n_groups,
            component.is_boundary,
        )
        for component in model.fit.components
    )
