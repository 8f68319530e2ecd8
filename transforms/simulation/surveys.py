"""Surveys: feedback on each activity and the yearly climate survey, with answers of real people's kind."""

from __future__ import annotations

import numpy as np

from transforms.simulation.careers import Careers
from transforms.simulation.catalogue import TYPES, Activities
from transforms.simulation.exports import ExportFolder, ids
from transforms.simulation.participation import STATUSES, Participations
from transforms.simulation.plan import Calendar, day
from transforms.simulation.questionnaires import CLIMATE_ITEMS, FEEDBACK_ITEMS
from transforms.simulation.schools import District, Post
from transforms.simulation.survey_files import (
    Responses,
    Surveys,
    constructs_of,
    write_answers,
    write_responses,
    write_surveys,
)

RESPONSE_RATE = 0.60
ANONYMOUS_FEEDBACK = 0.3
_ROLE_OF_POST = np.array([0, 0, 0, 0, 1, 2, 3, 4])
_LIKED = {"coaching": 0.5, "collaborative_planning": 0.3, "curriculum_based": 0.2, "workshop_single": 0.3}


def write_surveys_of_year(
    rng: np.random.Generator,
    district: District,
    careers: Careers,
    calendar: Calendar,
    year: int,
    activities: Activities,
    participations: Participations,
    exports: ExportFolder,
) -> int:
    """Write the surveys of one school year; return the number of open answers that name a person."""
    school_year = calendar.school_years[year]
    feedback, returned = _feedback(rng, activities, participations, careers, district, year)
    climate, climate_returned = _climate(rng, district, careers, school_year, year)
    named = 0
    for kind, surveys, responses in (
        ("feedback", feedback, returned),
        ("climate", climate, climate_returned),
    ):
        stem = f"{kind}_{school_year}"
        prefix = f"{kind[0].upper()}{school_year}-"
        response_ids = ids(prefix, np.arange(len(responses.survey)), 7)
        write_surveys(stem, surveys, exports)
        write_responses(rng, stem, surveys, responses, response_ids, district, exports)
        named += write_answers(rng, stem, surveys.items, responses, response_ids, careers, exports)
    return named


def _feedback(
    rng: np.random.Generator,
    activities: Activities,
    participations: Participations,
    careers: Careers,
    district: District,
    year: int,
) -> tuple[Surveys, Responses]:
    attends = participations.status <= STATUSES.index("partial")
    pairs = np.unique(
        np.stack([participations.activity[attends], participations.staff[attends]], axis=1), axis=0
    )
    held, survey, n_invited = np.unique(pairs[:, 0], return_inverse=True, return_counts=True)
    is_anonymous = rng.random(len(held)) < ANONYMOUS_FEEDBACK
    surveys = Surveys(
        survey_id=[f"FB-{activities.activity_id[row]}" for row in held],
        title=[f"Feedback: {activities.title[row]}" for row in held],
        administered=np.array(
            [activities.session_date[row, : activities.n_sessions[row]].max() for row in held]
        )
        + 2,
        activity_id=[activities.activity_id[row] for row in held],
        n_invited=n_invited,
        is_anonymous=is_anonymous,
        items=FEEDBACK_ITEMS,
    )
    answers = rng.random(len(pairs)) < RESPONSE_RATE
    survey, staff = survey[answers], pairs[answers, 1]
    liked = np.array([_LIKED.get(name, 0.0) for name in TYPES])[activities.pd_type[held]]
    activity_mean = liked + 0.3 * rng.standard_normal(len(held))
    latent = activity_mean[survey, None] + _attitudes(rng, len(survey), len(constructs_of(FEEDBACK_ITEMS)))
    hidden = is_anonymous[survey]
    school = _school_of_staff(district, careers, year)[staff]
    responses = Responses(
        survey=survey,
        staff=np.where(hidden, -1, staff),
        school=np.where(hidden, -1, school),
        latent=latent,
        role=np.zeros(len(survey), dtype=np.int64),
    )
    return surveys, responses


def _climate(
    rng: np.random.Generator, district: District, careers: Careers, school_year: int, year: int
) -> tuple[Surveys, Responses]:
    """Anonymous; schools differ, principals see things brighter, collaboration grows over the years."""
    n_posts = len(district.post_kind)
    surveys = Surveys(
        survey_id=[f"CL-{school_year}"],
        title=[f"School climate and professional learning {school_year - 1}-{school_year % 100:02d}"],
        administered=np.array([day(school_year, "02-10")]),
        activity_id=[None],
        n_invited=np.array([n_posts]),
        is_anonymous=np.array([True]),
        items=CLIMATE_ITEMS,
    )
    post = np.flatnonzero(rng.random(n_posts) < RESPONSE_RATE)
    constructs = constructs_of(CLIMATE_ITEMS)
    latent = _lasting(district, constructs)[district.post_school[post]]
    latent = latent + _attitudes(rng, len(post), len(constructs))
    is_leader = np.isin(district.post_kind[post], (Post.PRINCIPAL, Post.ASSISTANT_PRINCIPAL))
    latent += 0.6 * is_leader[:, None]
    latent[:, constructs.index("collaboration")] += 0.08 * year
    responses = Responses(
        survey=np.zeros(len(post), dtype=np.int64),
        staff=np.full(len(post), -1),
        school=district.post_school[post],
        latent=latent,
        role=_ROLE_OF_POST[district.post_kind[post]],
    )
    return surveys, responses


def _lasting(district: District, constructs: list[str]) -> np.ndarray:
    """What lasts in each place by construct; PD seems coherent where leadership and capacity building are."""
    drivers = [name for name in constructs if name != "coherence"]
    lasting = dict(zip(drivers, district.climate.T, strict=True))
    lasting["coherence"] = (lasting["leadership"] + lasting["capacity_building"]) / 2
    return np.stack([lasting[name] for name in constructs], axis=1)


def _attitudes(rng: np.random.Generator, n: int, n_constructs: int) -> np.ndarray:
    """A person's general attitude and what differs by construct, variance 1."""
    return 0.7 * rng.standard_normal((n, 1)) + 0.7 * rng.standard_normal((n, n_constructs))


def _school_of_staff(district: District, careers: Careers, year: int) -> np.ndarray:
    school = np.full(careers.n_staff, -1)
    school[careers.holder[year]] = district.post_school
    replaced = np.flatnonzero(careers.successor[year] >= 0)
    school[careers.successor[year, replaced]] = district.post_school[replaced]
    return school
