"""Does an effect differ between subgroups? The difference is tested, never each subgroup alone.

That one subgroup's estimate is significant and another's is not says nothing about their difference (Gelman
and Stern 2006). Subgroups of the same schools have errors in common; the parts of the errors that come from
each school give their covariance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from transforms.designs.effect import Effect
from transforms.designs.panel import FloatArray
from transforms.estimation.robust.joint import JointTest, hotelling

SCHOOL_LEVELS = ("elementary", "middle", "high")
_BINARY = ("is_novice", "is_english_learner", "is_swd", "is_economically_disadvantaged")
SUBJECT_DIMENSION = "academic_subject"
# Stands as the subject of a comparison of subjects.
ALL_SUBJECTS = "all"


@dataclass(frozen=True)
class SubgroupCondition:
    """A subgroup of the design rows: ``condition`` is SQL over temp.design_row."""

    dimension: str
    subgroup: str
    condition: str


@dataclass(frozen=True, eq=False)
class SubgroupEstimate:
    """An estimate (standard deviations of students) of one subgroup.

    ``influence`` (schools) is what each of ``school_ids`` adds to its error; their squares sum to the squared
    standard error but for small-sample corrections.
    """

    subgroup: str
    estimate_sd: float
    std_error: float
    df: float
    influence: FloatArray
    school_ids: NDArray[np.object_]


@dataclass(frozen=True)
class SubgroupDifference:
    """The largest less the smallest estimate, and the test that all are the same (None: ``note`` says why).

    ``tau2`` is the estimated variance of true effects between subgroups.
    """

    n_subgroups: int
    largest_subgroup: str | None = None
    smallest_subgroup: str | None = None
    difference_sd: float | None = None
    std_error: float | None = None
    test: JointTest | None = None
    tau2: float | None = None
    note: str | None = None


@dataclass(frozen=True)
class PooledEstimate:
    """A subgroup's estimate pulled towards the mean of all; ``weight`` is its own share."""

    subgroup: str
    estimate_sd: float
    std_error: float
    unpooled_sd: float
    weight: float


def subgroup_conditions() -> tuple[SubgroupCondition, ...]:
    """Every subgroup of students, teachers or schools; who has no value is in no subgroup of a dimension."""
    levels = [
        SubgroupCondition("school_level", f"school_level={level}", f"school_level = '{level}'")
        for level in SCHOOL_LEVELS
    ]
    binary = [
        SubgroupCondition(name, f"{name}={value}", name if value == "true" else f"not {name}")
        for name in _BINARY
        for value in ("true", "false")
    ]
    return (*levels, *binary)


def estimate_of(
    effect: Effect, influence: FloatArray, school_ids: NDArray[np.object_]
) -> SubgroupEstimate | None:
    """The estimate of a row of estimates.effect; None where it was refused."""
    if effect.estimate_sd is None or effect.std_error is None or effect.df is None:
        return None
    return SubgroupEstimate(
        effect.subgroup, effect.estimate_sd, effect.std_error, effect.df, influence, school_ids
    )


def of_subject(estimate: SubgroupEstimate, academic_subject: str) -> SubgroupEstimate:
    """The estimate as that of a subject, to be compared with others."""
    return replace(estimate, subgroup=f"{SUBJECT_DIMENSION}={academic_subject}")


def subgroup_covariance(estimates: Sequence[SubgroupEstimate]) -> FloatArray:
    """Covariance (k, k) of the estimates: correlations of their schools' influences, and their errors."""
    schools = np.unique(np.concatenate([estimate.school_ids for estimate in estimates]))
    influence = np.zeros((len(estimates), len(schools)))
    for row, estimate in zip(influence, estimates, strict=True):
        row[np.searchsorted(schools, estimate.school_ids)] = estimate.influence
    lengths = np.sqrt((influence**2).sum(axis=1))
    correlation = influence @ influence.T / np.outer(lengths, lengths)
    errors = np.array([estimate.std_error for estimate in estimates])
    return correlation * np.outer(errors, errors)


def subgroup_difference(estimates: Sequence[SubgroupEstimate]) -> SubgroupDifference:
    """Test that the effects of all subgroups are the same, with the covariance that shared schools give.

    Hotelling's T-squared for k - 1 differences (Pustejovsky and Tipton 2018); the degrees of freedom of the
    covariance are taken to be the smallest among the subgroups, on the safe side as the smaller sample's are
    in Welch's test. With two subgroups it is the square of a t test.
    """
    k = len(estimates)
    if k < 2:
        return SubgroupDifference(k, note=f"refused: {k} subgroup(s) with a number, nothing to compare")
    values = np.array([estimate.estimate_sd for estimate in estimates])
    covariance = subgroup_covariance(estimates)
    high, low = int(values.argmax()), int(values.argmin())
    contrast = np.eye(k)[high] - np.eye(k)[low]
    variance = float(contrast @ covariance @ contrast)
    differences = np.eye(k)[1:] - np.eye(k)[0]
    spread = differences @ covariance @ differences.T
    difference = SubgroupDifference(
        k,
        estimates[high].subgroup,
        estimates[low].subgroup,
        float(values[high] - values[low]),
        max(variance, 0.0) ** 0.5,
    )
    if np.linalg.matrix_rank(spread, hermitian=True) < k - 1:
        return replace(difference, note="refused: the schools cannot tell the subgroups' errors apart")
    along = differences @ values
    wald = float(along @ np.linalg.solve(spread, along))
    df = min(estimate.df for estimate in estimates)
    test = hotelling(wald, k - 1, df)
    note = None
    if test is None:
        note = f"refused: {df:.1f} degrees of freedom are too few to test {k - 1} differences"
    elif k == 2:
        note = "two subgroups tell little about the variance of true effects"
    else:
        note = "the test is of all differences, the two subgroups shown were picked as farthest apart"
    return replace(difference, test=test, tau2=between_variance(values, covariance), note=note)


def between_variance(values: FloatArray, covariance: FloatArray) -> float:
    """Variance of true effects by Paule and Mandel (1982), for estimates (k) with a covariance (k, k).

    Where the generalised sum of squares about the weighted mean equals its expectation, k - 1; 0 where it is
    smaller already without any.
    """
    from scipy.optimize import brentq

    def excess(tau2: float) -> float:
        mean, _, inverse = _mean(values, covariance, tau2)
        return float((values - mean) @ inverse @ (values - mean)) - (len(values) - 1.0)

    if excess(0.0) <= 0.0:
        return 0.0
    upper = float(values.var()) + float(np.trace(covariance))
    while excess(upper) > 0.0:
        upper *= 2.0
    return float(brentq(excess, 0.0, upper, xtol=1e-14, rtol=1e-12))


def pooled(estimates: Sequence[SubgroupEstimate]) -> tuple[PooledEstimate, ...]:
    """Empirical Bayes estimates: each pulled towards the mean by as much as it is imprecise.

    With V the covariance of the estimates y, T the variance between them and W = (V + T I)^-1, they are
    m + T W (y - m), m being the weighted mean; errors count that of m, not that of T. ``weight`` is what the
    subgroup's own estimate adds beyond its part in the mean; T / (T + V_ii) where V is diagonal. Fewer than
    two have nothing to be pooled with.
    """
    if len(estimates) < 2:
        return ()
    values, covariance = np.array([each.estimate_sd for each in estimates]), subgroup_covariance(estimates)
    tau2 = between_variance(values, covariance)
    mean, shares, inverse = _mean(values, covariance, tau2)
    own = tau2 * inverse
    estimate = mean + own @ (values - mean)
    rest = 1.0 - own.sum(axis=1)
    # tau2 (I - tau2 W) without the difference of nearly equal numbers: tau2 W V
    posterior = own @ covariance + np.outer(rest, rest) / inverse.sum()
    beyond = np.diag(own) - own.sum(axis=1) * shares
    weight = np.divide(beyond, 1.0 - shares, out=np.diag(own).copy(), where=np.abs(1.0 - shares) > 1e-6)
    return tuple(
        PooledEstimate(each.subgroup, float(value), float(error), each.estimate_sd, float(share))
        for each, value, error, share in zip(
            estimates, estimate, np.sqrt(np.diag(posterior)), weight, strict=True
        )
    )


def _mean(values: FloatArray, covariance: FloatArray, tau2: float) -> tuple[float, FloatArray, FloatArray]:
    """Generalised least squares mean, the share of each value in it (k), and (V + tau2 I)^-1."""
    inverse = np.linalg.inv(covariance + tau2 * np.eye(len(values)))
    shares = inverse.sum(axis=0) / inverse.sum()
    return float(shares @ values), np.asarray(shares), np.asarray(inverse)
