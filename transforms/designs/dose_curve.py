"""Growth along the hours of a PD type, as a restricted cubic spline with a band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from transforms.designs.contrasts import ExposureModel, fit_exposure
from transforms.designs.dose_spline import knots_of, spline_columns
from transforms.designs.number import Number
from transforms.designs.panel import FloatArray
from transforms.designs.regressions import exposure_column, refusal
from transforms.designs.sample import DesignSample
from transforms.designs.settings import ALPHA, DesignSettings
from transforms.estimation.errors import EstimationError
from transforms.estimation.robust.joint import JointTest, joint_test

Record = Mapping[str, object]

N_POINTS = 21
# Beyond it the curve hangs on a few teachers.
_LAST_POINT = 0.95


@dataclass(frozen=True, eq=False)
class DoseCurve:
    """Growth against no hours at ``hours`` (points), in standard deviations, with pointwise 95 % limits.

    ``linear`` tests that the spline is a straight line; None where the clusters cannot tell.
    """

    hours: FloatArray
    estimate_sd: FloatArray
    std_error: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    knots: FloatArray
    linear: JointTest | None


def curve_records(
    sample: DesignSample, design: str, settings: DesignSettings
) -> tuple[list[Record], list[Record]]:
    """The row ``curve`` of estimates.dose_term for each PD type, and the rows of estimates.dose_curve.

    A type's spline stands beside the hours of the other types, so that there is one model for each type.
    """
    reasons = {
        reach.pd_type: refusal(sample, reach, design, "per_10_hours", settings) for reach in sample.reach
    }
    fitted = [name for name, reason in reasons.items() if not reason]
    terms: list[Record] = []
    points: list[Record] = []
    for name, reason in reasons.items():
        found = None if reason else _curve_or_reason(sample, design, name, fitted, settings)
        key = {"design": design, "pd_type": name, "academic_subject": sample.academic_subject}
        if isinstance(found, DoseCurve):
            points += [{**key, **row} for row in _points(found)]
        note = _note(found) if isinstance(found, DoseCurve) else f"refused: {reason or found}"
        terms.append({**key, "term": "curve", **dict.fromkeys(Number.__dataclass_fields__), "note": note})
    return terms, points


def _curve_or_reason(
    sample: DesignSample, design: str, pd_type: str, fitted: list[str], settings: DesignSettings
) -> DoseCurve | str:
    exposure, at = sample.exposure, sample.exposure.types.index(pd_type)
    hours = exposure.aligned_hours[:, at]
    present = hours[np.unique(exposure.mixture.indices)]
    knots = knots_of(present)
    if knots is None:
        n_doses = len(np.unique(present[present > 0.0]))
        return f"{n_doses} different numbers of hours, too few or too unevenly spread for a curve"
    columns = {
        f"hours:{name}": exposure_column(exposure, "per_10_hours", exposure.types.index(name))
        for name in fitted
    }
    basis = spline_columns(hours, knots)
    bends = [f"bend_{j}:{pd_type}" for j in range(1, basis.shape[1])]
    columns |= dict(zip(bends, basis[:, 1:].T, strict=True))
    try:
        model = fit_exposure(sample, design, columns, settings)
    except EstimationError as error:
        return f"no estimate: {error}"
    names = [f"hours:{pd_type}", *bends]
    others = model.entangled(dict.fromkeys(names, 1.0))
    if others:
        return f"cannot be told apart from {', '.join(others)} (collinear)"
    last = float(np.quantile(present[present > 0.0], _LAST_POINT))
    return curve(model, names, knots, np.linspace(0.0, last, N_POINTS))


def curve(model: ExposureModel, names: list[str], knots: FloatArray, hours: FloatArray) -> DoseCurve:
    """The curve at ``hours`` (points) of the fitted spline columns ``names``, with a t band at each point.

    Each point has degrees of freedom of its own; at 0 hours growth is 0 by definition.
    """
    from scipy.special import stdtrit

    robust = model.model.robust
    unit = np.array([model.contrast({name: 1.0}) for name in names])
    contrasts = spline_columns(hours, knots) @ unit
    estimate = contrasts @ robust.params
    std_error = np.sqrt(np.einsum("ki,ij,kj->k", contrasts, robust.cov_params, contrasts))
    df = np.where(std_error > 0.0, robust.df_for(contrasts), np.inf)
    half_width = (
        np.where(df > 0.0, stdtrit(np.where(df > 0.0, df, 1.0), 1.0 - ALPHA / 2.0), np.inf) * std_error
    )
    linear = joint_test(robust, unit[1:])
    return DoseCurve(hours, estimate, std_error, estimate - half_width, estimate + half_width, knots, linear)


def _points(found: DoseCurve) -> list[Record]:
    p_value = None if found.linear is None else found.linear.p_value
    return [
        {
            "hours": float(hours),
            "estimate_sd": float(estimate),
            "std_error": float(std_error),
            "ci_low": float(low),
            "ci_high": float(high),
            "linear_p_value": p_value,
        }
        for hours, estimate, std_error, low, high in zip(
            found.hours, found.estimate_sd, found.std_error, found.ci_low, found.ci_high, strict=True
        )
    ]


def _note(found: DoseCurve) -> str:
    knots = ", ".join(f"{knot:.1f}" for knot in found.knots)
    told = f"restricted cubic spline with knots at {knots} hours"
    if found.linear is None:
        return f"{told}; too few degrees of freedom to test for a straight line"
    test = found.linear
    return (
        f"{told}; straight line: F({test.df_numerator}, {test.df_denominator:.1f}) = {test.statistic:.2f},"
        f" p = {test.p_value:.3f}"
    )
