"""How much would have to be wrong with an estimate: rows of estimates.sensitivity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from transforms.designs.effect import Effect
from transforms.designs.panel import FloatArray
from transforms.designs.regressions import Regression, coefficient_name, residual_df
from transforms.designs.sample import DesignSample
from transforms.designs.settings import ALPHA, DesignSettings
from transforms.standards.sensitivity import benchmark_bounds, e_value, omitted_variable, robustness_value

Record = dict[str, object]


@dataclass(frozen=True)
class Benchmark:
    """The control that would bias the estimate most if another were as strong and left out.

    ``r2_treatment`` and ``r2_outcome`` are its partial R2 with the hours and with growth, given all else;
    ``estimate_sd`` the estimate with an omitted variable of that strength.
    """

    name: str
    r2_treatment: float
    r2_outcome: float
    estimate_sd: float


@dataclass(frozen=True)
class LeaveOneOut:
    """Smallest and largest estimate with one school left out.

    ``position`` is that of the school that moves it most.
    """

    low: float
    high: float
    position: int


def sensitivity_records(
    sample: DesignSample,
    regressions: Sequence[Regression],
    effects: Iterable[Effect],
    specifications: Iterable[Mapping[str, object]],
    settings: DesignSettings,
) -> list[Record]:
    """A row for each estimate of the whole population. Omitted variables, benchmarks and schools left out are
    of the regressions; E-values of contrasts between two groups; the other designs have no such sums."""
    by_design = {(found.design, found.contrast): found for found in regressions}
    curve = _curve(specifications)
    return [
        {
            "effect_id": row.effect_id,
            "design": row.design,
            "pd_type": row.pd_type,
            "academic_subject": row.academic_subject,
            "contrast": row.contrast,
            **_of_regression(sample, by_design.get((row.design, row.contrast)), row, settings),
            **_e_values(row),
            **_agreement(row, curve),
        }
        for row in effects
        if row.estimate_sd is not None
    ]


def _e_values(row: Effect) -> Record:
    if row.contrast == "per_10_hours" or row.ci_high is None or row.ci_low is None:
        return {}
    half = (row.ci_high - row.ci_low) / 2.0
    return {"e_value": e_value(row.estimate_sd or 0.0), "e_value_ci": e_value(row.estimate_sd or 0.0, half)}


def _holds_zero(row: Effect) -> bool:
    return (row.ci_low or 0.0) <= 0.0 <= (row.ci_high or 0.0)


def _of_regression(
    sample: DesignSample, found: Regression | None, row: Effect, settings: DesignSettings
) -> Record:
    if found is None or found.model is None or row.std_error_model is None or row.estimate_sd is None:
        return {}
    df = residual_df(found.model)
    t = row.estimate_sd / row.std_error_model
    model = found.model
    column = coefficient_name(found.design, found.contrast, row.pd_type, settings)
    precisions = model.fit.precisions(model.sums)
    benchmark = strongest_control(
        model.sums.names,
        precisions.sum(axis=0),
        column,
        sample.controls,
        row.estimate_sd,
        row.std_error_model,
        df,
    )
    left_out = leave_one_out(model.sums.names, precisions, model.fit.names, column)
    schools = sample.school_ids[np.unique(sample.sums.ids[3])]
    numbers: Record = {
        "robustness_value": robustness_value(t, df),
        # The published interval decides: its standard error is robust to clusters, the model's t is not.
        "robustness_value_alpha": 0.0 if _holds_zero(row) else robustness_value(t, df, alpha=ALPHA),
        "leave_one_out_low_sd": left_out.low,
        "leave_one_out_high_sd": left_out.high,
        "leave_one_out_school_id": str(schools[left_out.position]),
    }
    if benchmark is not None:
        numbers |= {
            "benchmark_covariate": benchmark.name,
            "benchmark_partial_r2_treatment": benchmark.r2_treatment,
            "benchmark_partial_r2_outcome": benchmark.r2_outcome,
            "benchmark_estimate_sd": benchmark.estimate_sd,
        }
    return numbers


def strongest_control(
    names: Sequence[str],
    products: FloatArray,
    column: str,
    controls: Sequence[str],
    estimate: float,
    std_error: float,
    df: float,
) -> Benchmark | None:
    """The control with the largest part in bias; indicators of grade, term and assessment are not among them.

    ``products`` (q, q) is [X y]'V^-1[X y] of the fit, y last, ``names`` its columns; ``std_error`` is the
    model's own. Partial R2 come from its inverse (Cinelli and Hazlett 2020). None without controls, or where
    all of them explain the hours so well that no variable could be as strong.
    """
    kept = [k for k in range(len(names)) if products[k, k] > 0.0]
    scale = np.sqrt(np.diag(products)[kept])
    whole = np.linalg.inv(products[np.ix_(kept, kept)] / np.outer(scale, scale))
    without_y = np.linalg.inv(products[np.ix_(kept[:-1], kept[:-1])] / np.outer(scale[:-1], scale[:-1]))
    at = {names[k]: position for position, k in enumerate(kept[:-1])}
    treatment = at[column]
    found = []
    for name in controls:
        if name not in at or "=" in name:
            continue
        r2_treatment = _partial_r2(without_y, at[name], treatment)
        r2_outcome = _partial_r2(whole, at[name], len(kept) - 1)
        try:
            bounds = benchmark_bounds(r2_treatment, r2_outcome)
        except ValueError:
            continue
        moved = omitted_variable(estimate, std_error, df, *bounds)
        found.append(Benchmark(name, r2_treatment, r2_outcome, moved.estimate))
    # The nearer to 0, or the further beyond it.
    return min(found, key=lambda one: one.estimate_sd * estimate, default=None)


def _partial_r2(inverse: FloatArray, one: int, other: int) -> float:
    """Squared partial correlation of two columns given all others of the inverse's matrix."""
    return float(inverse[one, other] ** 2 / (inverse[one, one] * inverse[other, other]))


def leave_one_out(
    names: Sequence[str], precisions: FloatArray, fitted: Sequence[str], column: str
) -> LeaveOneOut:
    """The coefficient of ``column`` without each cluster; exact for given variance ratios.

    ``precisions`` (clusters, q, q) are [X y]'V^-1[X y] of each cluster, y last; ``fitted`` the columns of
    X. A column that only one school has gets the estimate of least norm without it.
    """
    x = [names.index(name) for name in fitted]
    total = precisions.sum(axis=0)
    scale = np.sqrt(np.diag(total)[x])
    matrix = (total[np.ix_(x, x)] - precisions[:, x][:, :, x]) / np.outer(scale, scale)
    vector = (total[x, -1] - precisions[:, x, -1]) / scale
    at = list(fitted).index(column)
    whole = np.linalg.solve(total[np.ix_(x, x)] / np.outer(scale, scale), total[x, -1] / scale)[at]
    values = np.array([np.linalg.lstsq(m, v, rcond=None)[0][at] for m, v in zip(matrix, vector, strict=True)])
    furthest = int(np.abs(values - whole).argmax())
    return LeaveOneOut(float(values.min() / scale[at]), float(values.max() / scale[at]), furthest)


def _curve(
    specifications: Iterable[Mapping[str, object]],
) -> dict[tuple[object, ...], list[Mapping[str, object]]]:
    curve: dict[tuple[object, ...], list[Mapping[str, object]]] = {}
    for row in specifications:
        if row.get("estimate_sd") is not None:
            key = (row["pd_type"], row["academic_subject"], row["contrast"])
            curve.setdefault(key, []).append(row)
    return curve


def _agreement(row: Effect, curve: Mapping[tuple[object, ...], Sequence[Mapping[str, object]]]) -> Record:
    """How many specifications of the same question share the sign of an estimate, and are significant too."""
    found = curve.get((row.pd_type, row.academic_subject, row.contrast), ())
    if not found or row.estimate_sd is None:
        return {}
    same = [one for one in found if float(str(one["estimate_sd"])) * row.estimate_sd > 0.0]
    significant = [one for one in same if float(str(one["p_value"])) < ALPHA]
    return {
        "n_specifications": len(found),
        "share_same_sign": len(same) / len(found),
        "share_significant": len(significant) / len(found),
    }
