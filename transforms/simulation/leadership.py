"""The leadership pathway and classroom observations with feedback."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from transforms.simulation.careers import Careers, staff_ids
from transforms.simulation.exports import ExportFolder, ids, pick
from transforms.simulation.plan import Calendar, GrowthTruth, day
from transforms.simulation.schools import District, Post

LEVELS = ("classroom", "school", "district")
STAGES = ("identified", "in_training", "completed", "placed", "left_role")
STEP_CHANCES = (0.75, 0.75, 0.60, 0.15)  # from each stage to the next
BROKEN_LEVEL = "school"
BROKEN_STEP = ("completed", "placed")
BROKEN_CHANCE = 0.05
_IDENTIFIED_SHARE = (0.15, 0.10, 0.04)
_RUBRIC = "Riverbend Framework for Teaching"
_DOMAINS = ("planning", "classroom_culture", "instruction", "assessment")
_PURPOSES = ("growth", "evaluation", "school_visit")
OBSERVATIONS_PER_YEAR = 2
RATING_MAX = 4


def write_leadership_events(
    rng: np.random.Generator, careers: Careers, calendar: Calendar, exports: ExportFolder
) -> None:
    """Write the steps of staff on three pathways; on one of them almost nobody who completes is placed."""
    n = careers.n_staff
    first_day = calendar.first_day[np.maximum(careers.hire_year, 0)]
    parts = []
    for level, name in enumerate(LEVELS):
        chances = list(STEP_CHANCES)
        if name == BROKEN_LEVEL:
            chances[STAGES.index(BROKEN_STEP[0])] = BROKEN_CHANCE
        date = first_day + rng.integers(30, 700, n)
        staff = np.flatnonzero(rng.random(n) < _IDENTIFIED_SHARE[level])
        for stage in range(len(STAGES)):
            staff = staff[date[staff] <= calendar.last_day[-1]]
            parts.append((staff, np.full(len(staff), level), np.full(len(staff), stage), date[staff]))
            if stage < len(chances):
                staff = staff[rng.random(len(staff)) < chances[stage]]
                date = date + rng.integers(60, 300, n)
    staff, levels, stages, dates = (np.concatenate(column) for column in zip(*parts, strict=True))
    exports.write_csv(
        "leadership_event",
        "exports/hr/leadership_events.csv",
        {
            "staff_id": staff_ids(staff),
            "pathway_level": pick(LEVELS, levels),
            "stage": pick(STAGES, stages),
            "event_date": dates,
        },
    )


def write_observations(
    rng: np.random.Generator,
    district: District,
    careers: Careers,
    calendar: Calendar,
    year: int,
    truth: GrowthTruth,
    exports: ExportFolder,
) -> None:
    """Write two observations a teacher and year in four domains; ratings go with teacher quality."""
    posts = np.repeat(np.flatnonzero(district.post_is_teaching), OBSERVATIONS_PER_YEAR)
    n = len(posts)
    school_year = calendar.school_years[year]
    leaves_early = careers.successor[year, posts] >= 0
    date = day(school_year - 1, "09-10") + (rng.random(n) * np.where(leaves_early, 120, 220)).astype(np.int64)
    date = np.busday_offset(date, 0, roll="backward")
    delay = rng.choice(3, n, p=(0.65, 0.15, 0.20))  # in two weeks, later, never
    days = np.where(delay == 0, rng.integers(1, 15, n), rng.integers(15, 41, n))
    feedback = np.where(delay == 2, np.datetime64("NaT"), date + days)
    quality = careers.quality[careers.holder[year, posts]].mean(axis=1) / truth.teacher_sd
    overall = 2.6 + 0.5 * quality + 0.3 * rng.standard_normal(n)
    rating = overall[:, None] + 0.5 * rng.standard_normal((n, len(_DOMAINS)))
    observation = np.repeat(np.arange(n), len(_DOMAINS))
    exports.write_csv(
        "observation",
        f"exports/observations/observation_{school_year}.csv",
        {
            "observation_id": ids(f"O{school_year}-", observation, 6),
            "staff_id": staff_ids(careers.holder[year, posts[observation]]),
            "observation_date": date[observation],
            "rubric": pa.array([_RUBRIC] * len(observation)),
            "domain": pick(_DOMAINS, np.tile(np.arange(len(_DOMAINS)), n)),
            "rating": np.clip(np.round(rating), 1, RATING_MAX).astype(int).ravel(),
            "rating_max": np.full(len(observation), RATING_MAX),
            "observer_staff_id": staff_ids(_observers(rng, district, careers, year, posts)[observation]),
            "feedback_date": feedback[observation],
            "purpose": pick(_PURPOSES, rng.choice(3, n, p=(0.6, 0.3, 0.1))[observation]),
        },
    )


def _observers(
    rng: np.random.Generator, district: District, careers: Careers, year: int, posts: np.ndarray
) -> np.ndarray:
    """The coach, principal or assistant principal of the school."""
    kinds = (Post.COACH, Post.PRINCIPAL, Post.ASSISTANT_PRINCIPAL)
    leader_posts = np.empty((len(kinds), district.n_schools), dtype=np.int64)
    for row, kind in enumerate(kinds):
        of_kind = np.flatnonzero(district.post_kind == kind)
        leader_posts[row, district.post_school[of_kind]] = of_kind
    chosen = leader_posts[rng.integers(0, len(kinds), len(posts)), district.post_school[posts]]
    return careers.holder[year, chosen]
