"""Teacher panels with a known effect, for the designs that compare teachers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.designs.panel import TeacherPanel


@dataclass(frozen=True)
class PanelPlan:
    """What the made-up panel is like; one PD type, ``coaching``, with 5 to 25 hours.

    ``seen`` is how much the log odds of beginning rise with the growth of the year before (in its standard
    deviations), ``unseen`` with the teacher's growth to come; ``effect`` in standard deviations of students.
    """

    schools: int = 20
    teachers: int = 8
    years: int = 4
    effect: float = 0.1
    seen: float = 0.0
    unseen: float = 0.0
    base: float = -1.5
    seed: int = 1


def made_up_panel(plan: PanelPlan) -> TeacherPanel:
    """Growth of teacher and school effects and noise; participation begins once and may go on."""
    rng = np.random.default_rng(plan.seed)
    n = plan.schools * plan.teachers
    school = np.repeat(np.arange(plan.schools), plan.teachers)
    quality = rng.normal(0, 0.1, n) + rng.normal(0, 0.05, plan.schools)[school]
    experience = rng.integers(0, 25, n).astype(float)
    prior = rng.normal(0, 0.3, plan.schools)[school]
    has_begun, before = np.zeros(n, dtype=bool), np.zeros(n)
    parts = []
    for year in range(plan.years):
        growth = quality + rng.normal(0, 0.12, n)
        odds = plan.base + plan.seen * before / 0.17 + plan.unseen * (growth - quality) / 0.12
        starts = ~has_begun & (rng.random(n) < 1 / (1 + np.exp(-odds))) & (year > 0)
        takes_part = starts | (has_begun & (rng.random(n) < 0.6))
        has_begun |= starts
        hours = np.where(takes_part, rng.uniform(5, 25, n), 0.0)
        growth = growth + plan.effect * takes_part
        students = rng.integers(15, 31, n)
        classes = prior + rng.normal(0, 0.2, n)
        parts.append((np.full(n, 2020 + year), students, growth, classes, hours, experience + year))
        before = growth
    year, students, growth, priors, hours, experience = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    return panel_of(
        np.tile(np.arange(n), plan.years),
        np.tile(school, plan.years),
        year,
        growth,
        hours,
        weight=students.astype(float),
        prior=priors,
        experience=experience,
    )


def panel_of(
    teacher, school, year, growth, hours, *, weight=None, prior=None, experience=None
) -> TeacherPanel:
    """A panel of one PD type from columns; students 1, prior 0, experience 5 where not given."""
    teacher, school = np.asarray(teacher, dtype=np.int64), np.asarray(school, dtype=np.int64)
    n = len(teacher)
    weight = np.ones(n) if weight is None else np.asarray(weight, dtype=float)
    return TeacherPanel(
        academic_subject="mathematics",
        subgroup="all",
        types=("coaching",),
        staff_ids=np.array([f"t{code}" for code in range(teacher.max() + 1)]),
        school_ids=np.array([f"s{code}" for code in range(school.max() + 1)]),
        teacher=teacher,
        school=school,
        school_year=np.asarray(year, dtype=np.int64),
        weight=weight,
        n_students=np.ceil(weight).astype(np.int64),
        growth_sd=np.asarray(growth, dtype=float),
        prior_mean_sd=np.zeros(n) if prior is None else np.asarray(prior, dtype=float),
        hours=np.asarray(hours, dtype=float)[:, None],
        years_experience=np.full(n, 5.0) if experience is None else np.asarray(experience, dtype=float),
    )
