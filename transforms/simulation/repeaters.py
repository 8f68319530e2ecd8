"""Students who repeat a grade and students who skip one."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from transforms.simulation.measurement import STATE_SCALE
from transforms.simulation.schools import District
from transforms.simulation.students import StudentBody

REPEATS = 0.06  # of students more than 1 SD below the mean
FAR_SD = 1.0
_MIDDLE_OF_A_PAIR = (4, 6, 7)  # a school has this grade and the next, and neither is all new


@dataclass(frozen=True)
class GradeTrades:
    """The student body after the trades and the positions in it of who repeats and who skips a grade."""

    body: StudentBody
    repeats: np.ndarray
    skips: np.ndarray


def trade_grades(rng: np.random.Generator, body: StudentBody, district: District) -> GradeTrades:
    """Some weak students repeat the grade and as many strong ones skip it, in pairs of one school.

    ``body`` is the new year's. The one who would go from grade g to g + 1 and the one who would go from
    g - 1 to g trade places, so that classes keep their sizes and nobody else's place changes. Who repeats
    stands higher among younger classmates, by a grade of the vertical scale, and who skips lower.
    """
    low, high = _trading_positions(rng, body, district)
    order = np.arange(len(body))
    order[low], order[high] = high, low
    moved = {field.name: getattr(body, field.name)[order] for field in fields(body)}
    moved |= {"grade": body.grade, "school": body.school}
    traded = StudentBody(**moved)
    # after the trade the place of the strong one is that of who repeats
    repeats, skips = high, low
    step = (STATE_SCALE.per_grade / STATE_SCALE.sd(body.grade))[:, None]
    traded.true_score[repeats] += step[repeats]
    traded.true_score[skips] -= step[skips]
    return GradeTrades(traded, repeats, skips)


def _trading_positions(
    rng: np.random.Generator, body: StudentBody, district: District
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of weak students and of strong ones a grade below in the same school, pair by pair."""
    mean_score = body.true_score.mean(axis=1)
    is_weak = ~body.is_new & (mean_score < -FAR_SD) & (rng.random(len(body)) < REPEATS)
    is_strong = ~body.is_new & (mean_score > FAR_SD)
    low, high = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for school in range(district.n_schools):
        for grade in _MIDDLE_OF_A_PAIR:
            here = body.school == school
            weak = np.flatnonzero(here & is_weak & (body.grade == grade + 1))
            strong = rng.permutation(np.flatnonzero(here & is_strong & (body.grade == grade)))
            n = min(len(weak), len(strong))
            low.append(weak[:n])
            high.append(strong[:n])
    return np.concatenate(low), np.concatenate(high)
