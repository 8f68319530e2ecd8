"""Panels with staggered starts and a known effect that may grow with time since the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.unit.designs.teacher_panels import panel_of
from transforms.designs.panel import TeacherPanel


@dataclass(frozen=True)
class StaggeredPlan:
    """Teachers start in one of the middle years or never; ``growing`` SD more each year after the start.

    ``selection`` raises the odds of starting with a lasting quality, ``missing`` is the share of
    teacher-years that are not seen, ``trend`` makes those who start gain that much more each year.
    """

    schools: int = 30
    teachers: int = 12
    years: int = 6
    effect: float = 0.1
    growing: float = 0.0
    selection: float = 0.0
    missing: float = 0.0
    trend: float = 0.0
    share_never: float = 0.4
    seed: int = 1


def staggered_panel(plan: StaggeredPlan) -> tuple[TeacherPanel, float]:
    """The panel, and the average effect over those who start of the mean of theirs since the start."""
    rng = np.random.default_rng(plan.seed)
    n = plan.schools * plan.teachers
    school = np.repeat(np.arange(plan.schools), plan.teachers)
    quality = rng.normal(0, 0.15, n)
    never = rng.random(n) < plan.share_never * np.exp(-plan.selection * quality / 0.15)
    cohort = np.where(never, 9999, rng.integers(1, plan.years, n))
    rows = []
    for year in range(plan.years):
        since = year - cohort
        gain = np.where(since >= 0, plan.effect + plan.growing * since, 0.0)
        shock = rng.normal(0, 0.05, plan.schools)[school]
        drift = plan.trend * year * (cohort < 9999)
        growth = quality + shock + gain + drift + rng.normal(0, 0.12, n)
        hours = np.where(since >= 0, 12.0, 0.0)
        seen = rng.random(n) >= plan.missing
        rows.append(
            [column[seen] for column in (np.arange(n), school, np.full(n, 2018 + year), growth, hours)]
        )
    teacher, schools, years, growth, hours = (np.concatenate(column) for column in zip(*rows, strict=True))
    starters = cohort[cohort < 9999]
    means = [plan.effect + plan.growing * (plan.years - 1 - g) / 2 for g in starters]
    return panel_of(teacher, schools, years, growth, hours), float(np.mean(means))
