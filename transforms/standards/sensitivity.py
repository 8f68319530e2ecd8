"""How much an omitted variable would have to explain to change an estimate."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class OmittedVariable:
    """An estimate and its standard error if an omitted variable had these partial R2; ``t`` of the two."""

    estimate: float
    std_error: float
    t: float


def partial_r2(t: float, df: float) -> float:
    """Share of what is left of the outcome that the treatment explains: t^2 / (t^2 + df).

    ``t`` has the model's own standard error, ``df`` its residual degrees of freedom. Source: Cinelli and
    Hazlett (2020).
    """
    return t * t / (t * t + df)


def robustness_value(t: float, df: float, q: float = 1.0, alpha: float | None = None) -> float:
    """Share of the residual variance of both treatment and outcome that an omitted variable would have to
    explain to lower the estimate by the share ``q``; with ``alpha`` to take away its significance.

    RV = (sqrt(f^4 + 4 f^2) - f^2) / 2 with f = q |t| / sqrt(df), less |t*| / sqrt(df - 1) with alpha (t*
    its quantile of df - 1 degrees of freedom). t has the standard error that the model itself gives, df are
    its residual degrees of freedom (observations - columns): with cluster-robust ones f^2 is no ratio of
    partial R2. Source: Cinelli and Hazlett (2020); sensemakr's darfur: .09732 (.02326), df 783 gives
    .13878, and .07626 at alpha .05. Between 0 and 1.
    """
    f = q * abs(t) / math.sqrt(df)
    critical = 0.0
    if alpha is not None:
        from scipy.special import stdtrit

        critical = float(stdtrit(df - 1.0, 1.0 - alpha / 2.0)) / math.sqrt(df - 1.0)
    left = f - critical
    if left <= 0.0:
        return 0.0
    f2 = left * left
    solved = (math.sqrt(f2 * f2 + 4.0 * f2) - f2) / 2.0
    if alpha is not None and f > 0.0 and critical > 0.0 and f > 1.0 / critical:
        # Beyond it a weaker variable is enough, which explains the treatment alone (their appendix).
        return (f * f - critical * critical) / (1.0 + f * f)
    return solved


def omitted_variable(
    estimate: float, std_error: float, df: float, r2_treatment: float, r2_outcome: float
) -> OmittedVariable:
    """The estimate if a variable with these partial R2 were in the model and lowered its absolute value.

    bias = SE sqrt(R2_y R2_d / (1 - R2_d) df); SE' = SE sqrt((1 - R2_y) / (1 - R2_d) df / (df - 1)).
    darfur with one variable as strong as female (.0091643, .12464): .07522 (.02187). Source: Cinelli and
    Hazlett (2020). ValueError where a share is not within 0 and 1.
    """
    if not (0.0 <= r2_treatment < 1.0 and 0.0 <= r2_outcome <= 1.0):
        raise ValueError("a partial R2 lies within 0 and 1")
    bias = std_error * math.sqrt(r2_outcome * r2_treatment / (1.0 - r2_treatment) * df)
    # Beyond 0 where the bias is larger than the estimate.
    adjusted = math.copysign(1.0, estimate) * (abs(estimate) - bias)
    error = std_error * math.sqrt((1.0 - r2_outcome) / (1.0 - r2_treatment) * df / (df - 1.0))
    return OmittedVariable(adjusted, error, adjusted / error if error > 0.0 else math.inf)


def benchmark_bounds(
    r2_treatment_benchmark: float, r2_outcome_benchmark: float, k: float = 1.0
) -> tuple[float, float]:
    """Partial R2 (treatment, outcome) of a variable ``k`` times as strong as a benchmark covariate.

    With r_d and r_y those of the benchmark: R2_d = k r_d / (1 - r_d); R2_y = eta^2 r_y / (1 - r_y) with
    eta = (sqrt(k) + sqrt(z)) / sqrt(1 - z), z = k r_d^2 / ((1 - k r_d) (1 - r_d)); at most 1.
    Source: Cinelli and Hazlett (2020), theorem on benchmarks (as sensemakr computes them). ValueError where
    k times the benchmark explains all of the treatment.
    """
    r2dxj, r2yxj = r2_treatment_benchmark, r2_outcome_benchmark
    r2dz = k * r2dxj / (1.0 - r2dxj)
    if r2dz >= 1.0:
        raise ValueError(f"a variable {k:g} times as strong as the benchmark explains all of the treatment")
    r2zxj_xd = k * r2dxj**2 / ((1.0 - k * r2dxj) * (1.0 - r2dxj))
    if r2zxj_xd >= 1.0:
        raise ValueError(f"no variable can be {k:g} times as strong as the benchmark")
    r2yz = ((math.sqrt(k) + math.sqrt(r2zxj_xd)) / math.sqrt(1.0 - r2zxj_xd)) ** 2 * (r2yxj / (1.0 - r2yxj))
    return r2dz, min(1.0, r2yz)


def e_value(estimate_sd: float, half_width: float = 0.0) -> float:
    """E-value of a standardised difference: how strongly (risk ratio) an omitted variable would have to go
    with both taking part and growth to explain it. With ``half_width`` that of the interval's end nearer to
    0; 1 where the interval holds 0.

    RR = exp(.91 d); E = RR + sqrt(RR (RR - 1)). Source: VanderWeele and Ding (2017).
    """
    nearest = abs(estimate_sd) - abs(half_width)
    if nearest <= 0.0:
        return 1.0
    ratio = math.exp(0.91 * nearest)
    return ratio + math.sqrt(ratio * (ratio - 1.0))
