"""Student rows become one number per teacher and year: growth less what covariates account for."""

from __future__ import annotations

import numpy as np

from transforms.designs.panel import FloatArray, IntArray, TeacherPanel
from transforms.designs.sample import DesignSample
from transforms.estimation.linear.least_squares import fit_least_squares
from transforms.estimation.linear.rank import determined_columns
from transforms.estimation.linear.within import absorbed, determined_within, fit_absorbed
from transforms.estimation.sums.grouping import summed_by_group

_FACTOR = "teacher"


def teacher_panel(sample: DesignSample) -> TeacherPanel:
    """One row per teacher, school and school year of the sample.

    What covariates account for is estimated at the students, jointly with taking part in each PD type and,
    where there are several years, with a fixed effect for each teacher in a school, so that neither
    teachers nor hours are mistaken for covariates. Raises EstimationError where there is no such fit.
    """
    sums = sample.sums.grouped_by(("teacher_year", "teacher", "school"), "school")
    coefficients = joint_coefficients(sample)
    names = [name for name in coefficients if name in sample.controls]
    params = np.array([coefficients[name] for name in names])
    means = sums.sums / sums.sums[:, :1] + sums.shifts
    at = [sums.position(name) for name in names]
    growth = means[:, -1] - means[:, at] @ params
    weight = sums.sums[:, 0]
    row_of_cell = sample.sums.codes("teacher_year")
    exposure = sample.exposure
    unit_of_row = np.zeros(len(weight), dtype=np.int64)
    unit_of_row[row_of_cell] = sample.units
    return TeacherPanel(
        academic_subject=sample.academic_subject,
        subgroup=sample.subgroup,
        types=exposure.types,
        staff_ids=sample.staff_ids,
        school_ids=sample.school_ids,
        teacher=exposure.staff[unit_of_row],
        school=exposure.school[unit_of_row],
        school_year=exposure.school_year[unit_of_row],
        weight=weight,
        n_students=np.bincount(sample.rows_of_students, minlength=len(weight)),
        growth_sd=growth - np.average(growth, weights=weight),
        prior_mean_sd=means[:, sums.position("prior")],
        hours=_means_by_row(sample, row_of_cell, exposure.aligned_hours),
        years_experience=sample.years_experience[unit_of_row],
        type_effects=np.array([coefficients.get(f"participated:{name}", 0.0) for name in exposure.types]),
    )


def joint_coefficients(sample: DesignSample) -> dict[str, float]:
    """Coefficients of the controls and of taking part in each type, those that can be told apart."""
    took_part = {
        f"participated:{name}": sample.exposure.participated[:, at].astype(float)
        for at, name in enumerate(sample.exposure.types)
    }
    sums = sample.with_exposure(took_part).grouped_by(("teacher", "school"), "school")
    if len(np.unique(sample.sums.ids[1])) > 1:
        products = absorbed(sums, _FACTOR).sum(axis=0)
        redundant = determined_within(sums, products, sums.names[1:-1])
        kept = [name for name in sums.names[1:-1] if name not in redundant]
        at = [sums.position(name) for name in (sums.names[0], *kept, sums.names[-1])]
        params = fit_absorbed(sums.select(kept), _FACTOR, products[np.ix_(at, at)]).params
    else:
        products = sums.products.sum(axis=0)[:-1, :-1]
        redundant = determined_columns(sums.names[:-1], products, np.diag(products))
        kept = [name for name in sums.names[1:-1] if name not in redundant]
        params = fit_least_squares(sums.select(kept)).params[1:]
    return dict(zip(kept, params.tolist(), strict=True))


def _means_by_row(sample: DesignSample, row_of_cell: IntArray, values: FloatArray) -> FloatArray:
    """Means by row of values by unit (units, k), weighted by students."""
    weights = sample.sums.sums[:, :1]
    summed = summed_by_group([values[sample.units] * weights], [row_of_cell])
    return np.asarray(summed / summed_by_group([weights], [row_of_cell]))
