"""May answers be averaged to schools? Intraclass correlations and agreement within schools."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.surveys import rules

Vector = npt.NDArray[np.float64]
Groups = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Intraclass:
    """One-way analysis of variance of answers in groups of unequal size.

    ``icc1`` is the share of variance between groups (negative where groups differ less than chance),
    ``icc2`` the reliability of group means (0 at least), ``mean_size`` the size that stands for all.
    """

    icc1: float
    icc2: float
    mean_size: float
    f_statistic: float
    p_value: float
    n_groups: int
    n: int


def intraclass(scores: Vector, groups: Groups) -> Intraclass | str:
    """ICC(1) and ICC(2) of ``scores`` (n,) in ``groups`` (n,); groups of one answer are left out.

    ICC(1) = (MSB - MSW) / (MSB + (n₀ - 1) MSW), n₀ = (N - Σn²/N) / (G - 1); ICC(2) = (MSB - MSW) / MSB
    (Bartko 1976; Bliese 2000). A text says why there are none.
    """
    from scipy.stats import f

    _, codes, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    kept = sizes[codes] > 1
    scores, (_, codes, sizes) = (
        scores[kept],
        np.unique(codes[kept], return_inverse=True, return_counts=True),
    )
    n, g = len(scores), len(sizes)
    if g < 2:
        return "fewer than two schools with two answers"
    means = np.bincount(codes, scores) / sizes
    within = float(np.sum((scores - means[codes]) ** 2)) / (n - g)
    between = float(np.sum(sizes * (means - scores.mean()) ** 2)) / (g - 1)
    if within <= 1e-12 * max(between, 1e-300):
        return "all answers within a school are the same"
    size = (n - float(np.sum(sizes.astype(np.float64) ** 2)) / n) / (g - 1)
    icc1 = (between - within) / (between + (size - 1) * within)
    icc2 = max(0.0, (between - within) / between) if between > 0 else 0.0
    ratio = between / within
    return Intraclass(icc1, icc2, size, ratio, float(f.sf(ratio, g - 1, n - g)), g, n)


def within_group_agreement(items: npt.NDArray[np.float64], n_options: int) -> float | None:
    """r_wg(J) of one group: ``items`` (respondents, J) complete, each answered on ``n_options`` steps.

    J·(1 - s²/σ²) / (J·(1 - s²/σ²) + s²/σ²), s² the mean variance of the items, σ² = (A² - 1)/12 that of
    answers spread evenly over the A options (James, Demaree and Wolf 1984). 1: all say the same; 0: as spread
    as by chance, or more (LeBreton and Senter 2008). None with fewer than two respondents.
    """
    n, j = items.shape
    if n < 2 or j < 1 or n_options < 2:
        return None
    ratio = float(np.mean(np.var(items, axis=0, ddof=1))) / ((n_options**2 - 1) / 12)
    return 0.0 if ratio >= 1 else j * (1 - ratio) / (j * (1 - ratio) + ratio)


def school_verdict(icc2: float | None, median_r_wg: float | None, is_scale_reported: bool) -> str:
    """clear, caution or not_supported by ``rules.SCHOOL_RULE``; unknown where a number is missing."""
    if not is_scale_reported:
        return "not_supported"
    if icc2 is None or median_r_wg is None:
        return "unknown"
    if median_r_wg < rules.AGREEMENT or icc2 < rules.ICC2_CAUTION:
        return "not_supported"
    return "clear" if icc2 >= rules.ICC2_CLEAR else "caution"
