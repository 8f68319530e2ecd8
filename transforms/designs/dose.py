"""Dose: does growth go with hours in a straight line, from 14 hours on, by years, by subject?

Each question is one model per regression design with all PD types in it; a type that cannot bear the question
stands in it with its hours alone. Fourteen hours is where Yoon and others (2007) found effects to begin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import numpy as np

from transforms.designs.contrasts import (
    NO_VARIATION,
    UNRELIABLE,
    ExposureModel,
    Number,
    fit_exposure,
)
from transforms.designs.dose_curve import curve_records
from transforms.designs.dose_forms import FORMS, DoseForm, without_other_hours
from transforms.designs.panel import FloatArray
from transforms.designs.regressions import REGRESSIONS, exposure_column, refusal
from transforms.designs.sample import DesignSample
from transforms.designs.settings import DesignSettings
from transforms.estimation.errors import EstimationError

Record = Mapping[str, object]
Records = dict[str, list[Record]]
_NOTHING = dict.fromkeys(Number.__dataclass_fields__)


def dose_records(sample: DesignSample, settings: DesignSettings) -> Records:
    """Rows of estimates.dose_term and estimates.dose_curve for both regression designs and every PD type.

    Slopes are in standard deviations of student scores per 10 hours, first and sustained years against no
    hours; positive means more growth. Every term has a row, with a number or with the reason in ``note``.
    """
    terms: list[Record] = []
    curves: list[Record] = []
    for design in REGRESSIONS:
        for form in FORMS:
            terms += form_records(sample, design, form, settings)
        of_terms, of_curves = curve_records(sample, design, settings)
        terms += of_terms
        curves += of_curves
    return {"estimates.dose_term": terms, "estimates.dose_curve": curves}


def form_records(sample: DesignSample, design: str, form: DoseForm, settings: DesignSettings) -> list[Record]:
    """Rows of estimates.dose_term of one form of the dose: one model, all PD types jointly."""
    reasons, columns = {}, {}
    for at, reach in enumerate(sample.reach):
        reason = refusal(sample, reach, design, form.contrast, settings)
        if not reason:
            # A type without the form's own columns is held constant by its hours, or by taking part.
            columns[f"{form.baseline}:{reach.pd_type}"] = exposure_column(sample.exposure, form.contrast, at)
            reason = form.refusal(sample, at, settings)
        if not reason:
            columns.pop(f"{form.baseline}:{reach.pd_type}")
            columns |= form.columns(sample, at)
        reasons[reach.pd_type] = reason
    model = None
    if not all(reasons.values()):
        try:
            model = _fitted(sample, design, form, columns, settings)
        except EstimationError as error:
            reasons |= {name: f"no estimate: {error}" for name, reason in reasons.items() if not reason}
    return [
        _record(sample, design, form, pd_type, term, model, reason)
        for pd_type, reason in reasons.items()
        for term in form.terms
    ]


def _fitted(
    sample: DesignSample,
    design: str,
    form: DoseForm,
    columns: Mapping[str, FloatArray],
    settings: DesignSettings,
) -> ExposureModel:
    if form.has_other_hours:
        # Hours in other subjects stand in it by type, of types without aligned hours, too.
        others = {
            f"other:{name}": sample.exposure.other_hours[:, at] / 10.0
            for at, name in enumerate(sample.exposure.types)
            if np.ptp(sample.exposure.other_hours[:, at]) > 0.0
        }
        sample, columns = without_other_hours(sample), {**columns, **others}
    return fit_exposure(sample, design, columns, settings)


def _record(
    sample: DesignSample,
    design: str,
    form: DoseForm,
    pd_type: str,
    term: str,
    model: ExposureModel | None,
    reason: str,
) -> Record:
    weights = {f"{column}:{pd_type}": weight for column, weight in form.terms[term].items()}
    found = None
    if model is not None and not reason:
        others = model.entangled(weights)
        reason = f"cannot be told apart from {', '.join(others)} (collinear)" if others else ""
        found = None if reason else model.number(weights)
        reason = reason or (NO_VARIATION if found is None else "")
    notes = [f"refused: {reason}"] if found is None else [form.note]
    if found is not None and not found.is_reliable:
        notes.append(UNRELIABLE)
    return {
        "design": design,
        "pd_type": pd_type,
        "academic_subject": sample.academic_subject,
        "term": term,
        **(_NOTHING if found is None else asdict(found)),
        "note": "; ".join(note for note in notes if note) or None,
    }
