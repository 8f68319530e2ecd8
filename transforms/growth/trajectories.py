"""Trajectories: where scores go when growth stands at one percentile year after year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.growth.norm import Norm
from transforms.growth.percentiles import HIGHEST, LOWEST, score_at

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SHOWN_PERCENTILES = (35, 50, 65)
_EVERY_PERCENTILE = tuple(range(LOWEST, HIGHEST + 1))


@dataclass(frozen=True)
class ScoreTarget:
    """Ends of the scale of a grade, and the cut score of proficiency; None where there is none."""

    lowest: float | None
    highest: float | None
    cut_score: float | None


NO_TARGET = ScoreTarget(None, None, None)


def projected_percentiles(has_cut_score: bool) -> tuple[int, ...]:
    """The percentiles that are projected: every one from 1 to 99 to find the one that reaches a cut score."""
    return _EVERY_PERCENTILE if has_cut_score else SHOWN_PERCENTILES


def trajectories(
    scores: FloatArray, norms: Sequence[Norm], targets: Sequence[ScoreTarget]
) -> Iterator[FloatArray]:
    """Projected scores (n, percentiles) of each year ahead; which, ``projected_percentiles`` says.

    ``scores`` (n, k) are the current score and those before it, ``norms`` those of the coming years. A
    projected score stays between the ends of the scale and is a prior of the next.
    """
    percentiles = projected_percentiles(any(target.cut_score is not None for target in targets))
    known = [np.repeat(column[:, np.newaxis], len(percentiles), axis=1) for column in scores.T]
    for norm, target in zip(norms, targets, strict=True):
        projected = np.column_stack(
            [
                score_at(
                    norm.curves(np.column_stack([column[:, i] for column in known[: len(norm.knots)]])), p
                )
                for i, p in enumerate(percentiles)
            ]
        )
        if target.lowest is not None and target.highest is not None:
            projected = np.clip(projected, target.lowest, target.highest)
        known.insert(0, projected)
        shown = projected_percentiles(target.cut_score is not None)
        yield projected[:, [percentiles.index(percentile) for percentile in shown]]


def adequate_percentiles(projected: FloatArray, cut_score: float) -> tuple[IntArray, NDArray[np.bool_]]:
    """Lowest percentile (n) whose trajectory in ``projected`` (n, 99) reaches the cut score; 99 where none.

    The second array says whether one does.
    """
    reaches = projected >= cut_score
    is_reachable = np.asarray(reaches.any(axis=1))
    return np.where(is_reachable, reaches.argmax(axis=1) + LOWEST, HIGHEST), is_reachable
