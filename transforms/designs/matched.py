"""Design ``matched``: teachers who begin a PD type against teachers of the same years made alike by weights.

Estimand: the average effect of the first school year of taking part on the growth of the students of those
who did, weighted by students. Comparison are teacher-years of those who have not taken part up to and
including that year, with the entropy weights (Hainmueller 2012) that give them the same mean growth of the
year before, class mean prior score, experience, school context and school years; growth is then regressed on
taking part and the same characteristics with these weights, which is right if either the weights or the
regression are (Zhao and Percival 2017). It rests on there being no other difference that growth depends on:
where teachers who will improve, or schools that will, take part more, the estimate is biased and nothing in
it shows that. Growth of one year is a noisy measure of a teacher, so that balancing it
removes a part of such selection only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.designs.balancing import BalancingWeights, NotBalancedError, entropy_balance
from transforms.designs.matched_balance import (
    BaselineDifference,
    baseline_differences,
    largest_after,
    support_share,
)
from transforms.designs.matched_sample import MatchedSample, balanced_columns, build_matched_sample
from transforms.designs.panel import DesignEstimate, DesignRefusedError, FloatArray, IntArray, TeacherPanel
from transforms.designs.settings import MINIMUM_SCHOOLS
from transforms.designs.teacher_regression import FirstCoefficient, by_cluster, independent_columns

__all__ = ["MatchedFit", "fit_matched"]

# A row that carries more than this share of the comparison makes the estimate its own.
_LARGE_SHARE = 0.1


@dataclass(frozen=True, eq=False)
class MatchedFit:
    """The estimate and what its comparison is made of.

    ``weights`` (n rows of the panel) sum to 1 over the treated and to 1 over the comparison, 0 elsewhere.
    ``effective_size`` is Kish's number of equally weighted comparison rows, ``largest_share`` the largest
    weight of one, ``support_share`` the share of the treated (by weight) within the range of the
    comparison in every characteristic. ``has_context_balanced`` is false where the school context could
    only be adjusted for.
    """

    estimate: DesignEstimate
    baseline: tuple[BaselineDifference, ...]
    weights: FloatArray
    n_treated_teachers: int
    n_comparison_teachers: int
    effective_size: float
    largest_share: float
    support_share: float
    has_context_balanced: bool


def fit_matched(panel: TeacherPanel, type_position: int, minimum_teachers: int = 10) -> MatchedFit:
    """Effect of beginning the PD type at ``type_position``, in standard deviations of student scores.

    The standard error is CR2 by school of the weighted regression, Satterthwaite degrees of freedom at most
    schools - 1. With exact balance the coefficient is the weighted difference, and the residuals of the
    regression are those of its influence function with estimated weights. A teacher can be compared in one
    year and treated in a later one; schools as clusters hold both. Raises DesignRefusedError.
    """
    sample = build_matched_sample(panel, type_position)
    weight, school = panel.weight[sample.rows], panel.school[sample.rows]
    treated_teachers, compared_teachers = _check_counts(panel, sample, minimum_teachers)
    shares, balance, has_context = _balance(sample, weight)
    columns = balanced_columns(sample, weight, has_context=True)
    clusters = np.unique(school, return_inverse=True)[1].astype(np.int64)
    found = _regress(sample, shares, columns, panel.growth_sd[sample.rows], clusters)
    baseline = baseline_differences(sample, weight, shares, panel.teacher[sample.rows])
    largest = float(balance.weights.max())
    weights = np.zeros(len(panel.weight))
    weights[sample.rows] = shares
    return MatchedFit(
        _estimate(panel, sample, found, largest_after(baseline), _notes(sample, has_context, largest)),
        baseline,
        weights,
        treated_teachers,
        compared_teachers,
        balance.effective_size,
        largest,
        support_share(sample, weight),
        has_context,
    )


def _check_counts(panel: TeacherPanel, sample: MatchedSample, minimum_teachers: int) -> tuple[int, int]:
    teacher = panel.teacher[sample.rows]
    counts = (
        len(np.unique(teacher[sample.is_treated])),
        len(np.unique(teacher[~sample.is_treated])),
    )
    verbs = ("who begin with a school year before it", "to compare with")
    for count, which in zip(counts, verbs, strict=True):
        if count < minimum_teachers:
            raise DesignRefusedError(f"{count} teachers {which}, fewer than {minimum_teachers}")
    schools = len(np.unique(panel.school[sample.rows]))
    if schools < MINIMUM_SCHOOLS:
        raise DesignRefusedError(
            f"{schools} schools; standard errors by school need at least {MINIMUM_SCHOOLS}"
        )
    if len(np.unique(panel.school[sample.rows][sample.is_treated])) < 2:
        raise DesignRefusedError("all who begin are in one school")
    return counts


def _balance(sample: MatchedSample, weight: FloatArray) -> tuple[FloatArray, BalancingWeights, bool]:
    """Shares of all rows (m), the comparison's weights, and whether the school context is balanced."""
    for has_context in (True, False):
        columns = balanced_columns(sample, weight, has_context)
        treated = weight[sample.is_treated] / weight[sample.is_treated].sum()
        target = treated @ columns[sample.is_treated]
        try:
            balance = entropy_balance(columns[~sample.is_treated], weight[~sample.is_treated], target)
        except NotBalancedError:
            continue
        shares = np.empty(len(weight))
        shares[sample.is_treated], shares[~sample.is_treated] = treated, balance.weights
        return shares, balance, has_context
    raise DesignRefusedError(
        "no weights balance those who begin and the others in growth of the year before, prior score,"
        " experience and school year"
    )


def _regress(
    sample: MatchedSample, shares: FloatArray, columns: FloatArray, growth: FloatArray, clusters: IntArray
) -> FirstCoefficient:
    # Rows that the balancing leaves without weight would have no working variance.
    is_weighted = shares > 1e-12 * shares.max()
    shares, columns = shares[is_weighted], columns[is_weighted]
    left = np.column_stack([np.ones(len(shares)), columns])
    design = np.column_stack([sample.is_treated[is_weighted], independent_columns(left, shares)])
    codes = np.unique(clusters[is_weighted], return_inverse=True)
    found = by_cluster(design, growth[is_weighted, None], shares, codes[1].astype(np.int64))
    influence = np.zeros((int(clusters.max()) + 1, 1))
    influence[codes[0]] = found.influence
    return FirstCoefficient(found.estimates, influence, found.df)


def _estimate(
    panel: TeacherPanel,
    sample: MatchedSample,
    found: FirstCoefficient,
    baseline_g_max: float,
    notes: tuple[str, ...],
) -> DesignEstimate:
    schools = np.unique(panel.school[sample.rows])
    std_error = float(np.sqrt((found.influence**2).sum()))
    df = min(found.df, len(schools) - 1.0)
    if not std_error > 0.0 or not df > 0.0:
        raise DesignRefusedError("the schools leave no variation for a standard error")
    used = np.zeros(len(panel.weight), dtype=bool)
    treated = used.copy()
    used[sample.rows] = True
    treated[sample.rows] = sample.is_treated
    influence = np.zeros(len(panel.school_ids))
    influence[schools] = found.influence[:, 0]
    return DesignEstimate(
        float(found.estimates[0]),
        std_error,
        df,
        len(schools),
        used,
        treated,
        influence,
        baseline_g_max,
        notes,
    )


def _notes(sample: MatchedSample, has_context: bool, largest: float) -> tuple[str, ...]:
    notes = []
    if not has_context:
        notes.append("school context could not be balanced, only adjusted for")
    if sample.n_treated_alone:
        notes.append(
            f"{sample.n_treated_alone} teacher-years that begin in years without a comparison left out"
        )
    if largest > _LARGE_SHARE:
        notes.append(f"one teacher-year is {100 * largest:.0f} % of the comparison")
    return tuple(notes)
