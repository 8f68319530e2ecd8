"""How much of a score lies between groups, and how reliable a group's mean is: ICC(1) and ICC(2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ALPHA = 0.05


@dataclass(frozen=True)
class GroupSums:
    """Sums of the scores of one group; means of its ``block`` (such as a school year) are taken out."""

    block: object
    n: int
    total: float
    squares: float


@dataclass(frozen=True)
class IntraclassCorrelation:
    """ICC(1) with its 95 % interval, ICC(2), and what they are made of.

    ``icc1`` is the share of the variance of one score that lies between groups, ``icc2`` the reliability of
    a mean of ``group_size`` scores. Below zero where groups differ less than chance makes them.
    """

    icc1: float
    icc1_ci_low: float
    icc1_ci_high: float
    icc2: float
    mean_square_between: float
    mean_square_within: float
    df_between: int
    df_within: int
    group_size: float


def intraclass_correlation(groups: Sequence[GroupSums]) -> IntraclassCorrelation | None:
    """One-way random-effects ANOVA of scores in groups, sums of squares and degrees pooled over blocks.

    ICC(1) = (MSB - MSW) / (MSB + (n0 - 1) MSW), ICC(2) = (MSB - MSW) / MSB (Bliese 2000; Shrout and Fleiss
    1979), with n0 = sum over blocks of (N - sum n^2 / N) / sum of (groups - 1), the group size of unbalanced
    groups. The interval of ICC(1) is that of Searle (1971), exact for equal groups of normal scores. None
    without two groups in a block, without a second score in any group, or without any variance.
    """
    blocks: dict[object, list[GroupSums]] = {}
    for group in groups:
        if group.n > 0:
            blocks.setdefault(group.block, []).append(group)
    between = within = size = 0.0
    df_between = df_within = 0
    for members in blocks.values():
        n = np.array([group.n for group in members], dtype=float)
        total = np.array([group.total for group in members])
        squares = float(sum(group.squares for group in members))
        of_groups = float((total**2 / n).sum())
        between += of_groups - float(total.sum()) ** 2 / n.sum()
        within += max(0.0, squares - of_groups)
        size += float(n.sum() - (n**2).sum() / n.sum())
        df_between += len(members) - 1
        df_within += int(n.sum()) - len(members)
    if df_between == 0 or df_within == 0:
        return None
    return _of_mean_squares(
        between / df_between, within / df_within, df_between, df_within, size / df_between
    )


def _of_mean_squares(
    between: float, within: float, df_between: int, df_within: int, size: float
) -> IntraclassCorrelation | None:
    from scipy.stats import f as f_distribution

    if not between > 0.0 or not within > 0.0:
        return None
    ratio = between / within
    low = ratio / float(f_distribution.ppf(1 - ALPHA / 2, df_between, df_within))
    high = ratio / float(f_distribution.ppf(ALPHA / 2, df_between, df_within))
    icc1, icc1_low, icc1_high = ((value - 1.0) / (value + size - 1.0) for value in (ratio, low, high))
    return IntraclassCorrelation(
        icc1, icc1_low, icc1_high, 1.0 - 1.0 / ratio, between, within, df_between, df_within, size
    )


def group_sums(
    scores: NDArray[np.float64], groups: Sequence[object], blocks: Sequence[object]
) -> list[GroupSums]:
    """Sums of ``scores`` (n) by group within block, for scores that are at hand one by one."""
    gathered: dict[tuple[object, object], list[float]] = {}
    for score, group, block in zip(scores, groups, blocks, strict=True):
        gathered.setdefault((block, group), []).append(float(score))
    return [
        GroupSums(block, len(found), sum(found), sum(score * score for score in found))
        for (block, _), found in gathered.items()
    ]
