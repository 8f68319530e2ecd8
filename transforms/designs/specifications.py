"""The specification curve: every defensible way to fit the same question, all from the sums of one sample.

Comparison, covariates, form of the hours and companions are crossed. What is absorbed is taken out of the
products of each school once, covariates by partialling out; what is left of all PD types is a small matrix
a school, from which the fit with all types jointly and that with each type alone follow (Frisch and Waugh
1933). Source: Simonsohn, Simmons and Nelson (2020).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from transforms.designs.exposure import Exposure
from transforms.designs.number import number
from transforms.designs.panel import FloatArray, IntArray
from transforms.designs.sample import CONTEXT_MEANS, DesignSample
from transforms.designs.settings import MINIMUM_SCHOOLS, DesignSettings
from transforms.estimation.linear.rank import determined_columns
from transforms.estimation.linear.within import absorbed_by
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.grouping import joint_groups

COMPARISONS = (
    "between and within schools",
    "within schools",
    "within schools and years",
    "within teachers",
)
COVARIATES = (
    "prior score",
    "prior score to the cube",
    "and student covariates",
    "and class and school means",
)
DOSES = {
    "any hours": "participated",
    "at least 14 hours": "participated",
    "hours": "per_10_hours",
    "logarithm of hours": "per_10_hours",
}
COMPANIONS = ("all types jointly", "this type alone")
_KNOT_HOURS = 14.0
# Share of a column's spread that absorbed levels and covariates leave over: below it nothing is left to fit.
_NOTHING_LEFT = 1e-9

Record = dict[str, object]


@dataclass(frozen=True, eq=False)
class _Left:
    """Products of what is left of the types and of growth, by school (schools, k + 1, k + 1), growth last.

    ``spread`` (k) are the squares of the types about their means before anything was taken out.
    """

    products: FloatArray
    spread: FloatArray


def specification_records(sample: DesignSample, settings: DesignSettings) -> list[Record]:
    """Rows of estimates.specification: 128 for each PD type (96 without class and school means), half of them
    for each contrast, with a number or with the reason for none.

    Least squares weighted by roster share; standard errors CR1 by school, t with schools - 1 degrees of
    freedom.
    """
    types = sample.exposure.types
    columns = {
        f"{dose}:{name}": _dose_column(sample.exposure, dose, at)
        for dose in DOSES
        for at, name in enumerate(types)
    }
    sums = sample.with_exposure(columns).grouped_by(("teacher_year", "teacher", "school"), "school")
    covariates = _covariate_sets(sample)
    records: list[Record] = []
    counter = 0
    for comparison in COMPARISONS:
        products = absorbed_by(sums, _codes(sums, comparison))
        for (name, controls), dose in product(covariates.items(), DOSES):
            left = _partialled_out(sums, products, controls, [f"{dose}:{pd_type}" for pd_type in types])
            refusals = [_refusal(sample, dose, at, settings) for at in range(len(types))]
            for companions, numbers in zip(COMPANIONS, _both(left, refusals), strict=True):
                counter += 1
                choice = {
                    "comparison": comparison,
                    "covariates": name,
                    "dose": dose,
                    "companions": companions,
                }
                records += _rows(sample, choice, numbers, counter)
    return records


def _rows(
    sample: DesignSample, choice: Mapping[str, str], numbers: Sequence[Record], counter: int
) -> Iterator[Record]:
    for pd_type, found in zip(sample.exposure.types, numbers, strict=True):
        yield {
            "pd_type": pd_type,
            "academic_subject": sample.academic_subject,
            "specification_number": counter,
            **choice,
            "contrast": DOSES[choice["dose"]],
            **found,
        }


def _dose_column(exposure: Exposure, dose: str, at: int) -> FloatArray:
    """One form of the hours of a type (units). The logarithm is scaled so that its coefficient is what 10
    hours more are worth to whoever has the mean hours of those who took part."""
    hours = exposure.aligned_hours[:, at]
    if dose == "any hours":
        return (hours > 0.0).astype(float)
    if dose == "at least 14 hours":
        return (hours >= _KNOT_HOURS).astype(float)
    if dose == "hours":
        return hours / 10.0
    mean = hours[hours > 0.0].mean() if (hours > 0.0).any() else 0.0
    return np.asarray(np.log1p(hours) / np.log((11.0 + mean) / (1.0 + mean)))


def _covariate_sets(sample: DesignSample) -> dict[str, tuple[str, ...]]:
    """Names of the controls of each set, each with those before it; indicators are in all."""
    indicators = [name for name in sample.controls if "=" in name]
    powers = [name for name in sample.controls if name.startswith("prior_")]
    means = [name for name in sample.controls if name in CONTEXT_MEANS]
    others = [name for name in sample.controls if name not in {"prior", *indicators, *powers, *means}]
    sets = {}
    so_far = ["prior", *indicators]
    for label, more in zip(COVARIATES, ([], powers, others, means), strict=True):
        if more or label == COVARIATES[0]:
            so_far = [*so_far, *more]
            sets[label] = tuple(so_far)
    return sets


def _codes(sums: CrossProducts, comparison: str) -> IntArray:
    """Level that is absorbed, by cell."""
    year, teacher, school = sums.ids
    levels = {
        COMPARISONS[0]: [np.zeros(len(school), dtype=np.int64)],
        COMPARISONS[1]: [school],
        COMPARISONS[2]: [year, school],
        COMPARISONS[3]: [teacher],
    }[comparison]
    _, (codes,) = joint_groups([levels], [f"level {k}" for k in range(len(levels))])
    return codes


def _partialled_out(
    sums: CrossProducts, products: FloatArray, controls: Sequence[str], columns: Sequence[str]
) -> _Left:
    total = products.sum(axis=0)
    spread = np.diag(sums.products.sum(axis=0))
    at = [sums.position(name) for name in controls]
    redundant = determined_columns(list(controls), total[np.ix_(at, at)], spread[at])
    x = [position for name, position in zip(controls, at, strict=True) if name not in redundant]
    kept = [*(sums.position(name) for name in columns), len(sums.names) - 1]
    scale = np.sqrt(np.diag(total)[x])
    coefficients = (
        np.linalg.solve(total[np.ix_(x, x)] / np.outer(scale, scale), total[np.ix_(x, kept)] / scale[:, None])
        / scale[:, None]
    )
    within = products[:, kept][:, :, kept]
    crossed = products[:, x][:, :, kept]
    squared = products[:, x][:, :, x] @ coefficients
    left = within - coefficients.T @ crossed - crossed.transpose(0, 2, 1) @ coefficients
    left += coefficients.T @ squared
    weights = sums.products[:, 0, 0].sum()
    means = sums.products[:, 0].sum(axis=0)[kept[:-1]] / weights
    return _Left(left, spread[kept[:-1]] - weights * means**2)


def _both(left: _Left, refusals: Sequence[str]) -> tuple[list[Record], list[Record]]:
    """Numbers or notes of each type: all jointly, and each alone."""
    notes = [reason or _no_variation(left, at) for at, reason in enumerate(refusals)]
    fitted = [at for at, note in enumerate(notes) if not note]
    alone: list[Record] = [{"note": note} if note else _alone(left, at) for at, note in enumerate(notes)]
    return _joint(left, fitted, notes), alone


def _no_variation(left: _Left, at: int) -> str:
    remains = left.products[:, at, at].sum()
    return "" if remains > _NOTHING_LEFT * left.spread[at] else "nothing of it varies in this comparison"


def _alone(left: _Left, at: int) -> Record:
    own = left.products[:, at, at]
    estimate = float(left.products[:, at, -1].sum() / own.sum())
    return _number(estimate, (left.products[:, at, -1] - estimate * own) / own.sum())


def _joint(left: _Left, fitted: Sequence[int], notes: Sequence[str]) -> list[Record]:
    total = left.products.sum(axis=0)
    names = [str(at) for at in fitted]
    redundant = determined_columns(names, total[np.ix_(fitted, fitted)], left.spread[list(fitted)])
    entangled = {int(name) for name in redundant} | {
        int(other) for others in redundant.values() for other in others
    }
    kept = [at for at in fitted if str(at) not in redundant]
    rows: list[Record] = [
        {"note": note or "cannot be told apart from other types (collinear)"} for note in notes
    ]
    if not kept:
        return rows
    inverse = np.linalg.inv(total[np.ix_(kept, kept)])
    estimates = inverse @ total[kept, -1]
    scores = left.products[:, kept, -1] - left.products[:, kept][:, :, kept] @ estimates
    influence = scores @ inverse
    for k, at in enumerate(kept):
        if at not in entangled:
            rows[at] = _number(float(estimates[k]), influence[:, k])
    return rows


def _number(estimate: float, influence: FloatArray) -> Record:
    schools = len(influence)
    error = float(np.sqrt(schools / (schools - 1.0) * (influence**2).sum()))
    found = number(estimate, error, schools - 1.0)
    if found is None:
        return {"note": "the schools leave no variation for a standard error"}
    return {
        "estimate_sd": found.estimate_sd,
        "std_error": found.std_error,
        "df": found.df,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "p_value": found.p_value,
    }


def _refusal(sample: DesignSample, dose: str, at: int, settings: DesignSettings) -> str:
    if sample.n_schools < MINIMUM_SCHOOLS:
        return f"{sample.n_schools} schools; standard errors by school need at least {MINIMUM_SCHOOLS}"
    exposure = sample.exposure
    least = _KNOT_HOURS if dose == "at least 14 hours" else 0.0
    present = np.unique(exposure.mixture.indices)
    hours = exposure.aligned_hours[present, at]
    took_part = hours >= least if least else hours > 0.0
    n_teachers = len(np.unique(exposure.staff[present][took_part]))
    if n_teachers < settings.minimum_teachers:
        which = "14 hours or more" if least else "aligned hours"
        return f"{n_teachers} teachers with {which}, fewer than {settings.minimum_teachers}"
    if took_part.all() and DOSES[dose] == "participated":
        return "every teacher took part, so that there is nobody to compare with"
    return ""
