"""Lotteries with a known effect on compliers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.unit.designs.teacher_panels import panel_of
from transforms.designs.lottery_sample import LotteryOffers
from transforms.designs.panel import TeacherPanel


@dataclass(frozen=True)
class LotteryPlan:
    """Blocks are schools, or the draw is of ``is_by_school`` whole schools; ``lost`` have no growth.

    ``effect`` is that of taking part. Who would take part anyway (``always``) grows more, so that comparing
    those who took part with the others is wrong.
    """

    schools: int = 15
    teachers: int = 8
    effect: float = 0.15
    take_up: float = 0.7
    always: float = 0.1
    lost: float = 0.0
    is_by_school: bool = False
    seed: int = 1


def made_up_lottery(plan: LotteryPlan) -> tuple[TeacherPanel, LotteryOffers]:
    rng = np.random.default_rng(plan.seed)
    n = plan.schools * plan.teachers
    school = np.repeat(np.arange(plan.schools), plan.teachers)
    if plan.is_by_school:
        offered = (rng.permutation(plan.schools) < plan.schools // 2)[school]
    else:
        rank = rng.random((plan.schools, plan.teachers)).argsort(axis=1).argsort(axis=1)
        offered = (rank < plan.teachers // 2).ravel()
    draw = rng.random(n)
    takes_part = draw < np.where(offered, plan.take_up, plan.always)
    growth = (
        rng.normal(0, 0.1, plan.schools)[school]
        + rng.normal(0, 0.2, n)
        + 0.2 * (draw < plan.always)
        + plan.effect * takes_part
    )
    hours = np.where(takes_part, rng.uniform(10, 30, n), 0.0)
    kept = rng.random(n) >= plan.lost
    panel = panel_of(
        np.arange(n)[kept],
        school[kept],
        np.full(kept.sum(), 2025),
        growth[kept],
        hours[kept],
        weight=rng.integers(15, 31, n)[kept],
        prior=rng.normal(0, 0.3, n)[kept],
    )
    stratum = np.zeros(n, dtype=np.int64) if plan.is_by_school else school
    teacher = np.where(kept, np.arange(n), -1)
    return panel, LotteryOffers(teacher, offered, stratum, np.full(n, 2025), np.zeros(n, dtype=bool))
