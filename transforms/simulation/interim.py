"""The interim test of fall, winter and spring: true scores on the way from one spring to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from transforms.simulation.catalogue import Activities
from transforms.simulation.exports import ExportFolder, pick
from transforms.simulation.growth import GrowthStep
from transforms.simulation.measurement import INTERIM_SCALE, LEVELS, Administration, administer
from transforms.simulation.participation import Participations, hours_around, pd_contribution
from transforms.simulation.plan import SUBJECTS, Calendar, DistrictPlan, GrowthTruth, day
from transforms.simulation.rosters import RosterWeights
from transforms.simulation.students import StudentBody, student_ids

INTERIM_ID = "INTERIM"
TERM_CODES = ("F", "W", "S")
# Elementary schools only, as districts begin with them.
GRADES = (4, 5)
_DISCIPLINES = ("Mathematics", "Reading")


@dataclass(frozen=True)
class YearOfGrowth:
    """What made the growth of one year; ``body`` has the true scores of the spring before.

    ``carried_hours`` (staff, types, subjects) were attended after the test of that spring.
    """

    body: StudentBody
    step: GrowthStep
    weights: tuple[RosterWeights, ...]
    activities: Activities
    participations: Participations
    carried_hours: np.ndarray


def term_dates(calendar: Calendar, year: int) -> np.ndarray:
    """Days of the interim test, shape (terms, subjects); in spring it is given with the state test."""
    school_year = calendar.school_years[year]
    return np.stack(
        [
            np.full(len(SUBJECTS), day(school_year - 1, "09-16")),
            np.full(len(SUBJECTS), day(school_year, "01-20")),
            calendar.test_date[year],
        ]
    )


def write_interim_results(
    rng: np.random.Generator,
    plan: DistrictPlan,
    truth: GrowthTruth,
    calendar: Calendar,
    year: int,
    growth: YearOfGrowth,
    exports: ExportFolder,
) -> None:
    """Write the interim results of one school year; students new to the district are not rostered for it."""
    dates = term_dates(calendar, year)
    share = _share_of_growth(calendar, year, dates)
    true_scores = true_scores_at(rng, plan, truth, growth, dates, share)
    parts = []
    for term in range(len(TERM_CODES)):
        body = replace(growth.body, true_score=true_scores[term])
        for subject in range(len(SUBJECTS)):
            to_come = 1.0 - float(share[term, subject])
            given = administer(rng, body, subject, year, INTERIM_SCALE, grade_to_come=to_come)
            parts.append(_results(body, given, calendar.school_years[year], term, subject, dates))
    path = f"exports/assessments/interim_{calendar.school_years[year]}.csv"
    exports.write_csv("assessment_result", path, pa.concat_tables(parts))


def _share_of_growth(calendar: Calendar, year: int, dates: np.ndarray) -> np.ndarray:
    """Share of the days of teaching before the spring test that are over, shape (terms, subjects)."""
    first, last = calendar.first_day[year], calendar.test_date[year]
    return (dates - first).astype(float) / (last - first).astype(float)


def true_scores_at(
    rng: np.random.Generator,
    plan: DistrictPlan,
    truth: GrowthTruth,
    growth: YearOfGrowth,
    dates: np.ndarray,
    share: np.ndarray,
) -> np.ndarray:
    """True scores on ``dates``, shape (terms, students, subjects), SD; the last term's are the spring's.

    The planted effect of PD comes with the hours attended up to the day; all other growth comes evenly
    over the days of teaching, with the ups and downs of a Brownian path that ends where the spring's
    score is. The path's variance keeps the spread of true scores the same on every day.
    """
    before, after = growth.body.true_score, growth.step.true_score
    pd = np.stack([_pd_until(plan, growth, date) for date in dates])
    other_growth = after - before - pd[-1]
    variance = 2 * (1 - truth.persistence) * truth.true_score_variance
    path = _bridge(rng, share, before.shape) * np.sqrt(variance)
    return before + share[:, None, :] * other_growth + pd + path


def _pd_until(plan: DistrictPlan, growth: YearOfGrowth, date: np.ndarray) -> np.ndarray:
    """What the hours attended until a day have added to growth less its mean, shape (students, subjects)."""
    staff = growth.step.teacher_year.shape[0]
    hours = hours_around(growth.participations, growth.activities, date, staff).until_test
    by_staff = pd_contribution(hours + growth.carried_hours, plan.effect_by_type)
    n = len(growth.body)
    by_subject = [weight.mean_by_student(by_staff[:, k], n) for k, weight in enumerate(growth.weights)]
    return np.stack([pd - pd.mean() for pd in by_subject], axis=1)


def _bridge(rng: np.random.Generator, share: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Brownian bridge from 0 at share 0 to 0 at share 1, variance s (1 - s); shape (terms, *shape)."""
    at, place, path = np.zeros(shape), np.zeros(share.shape[1]), []
    for now in share:
        left = 1 - place
        spread = np.sqrt((now - place) * (1 - now) / left)
        at = at * (1 - now) / left + spread * rng.standard_normal(shape)
        place = now
        path.append(at)
    return np.stack(path)


def _results(
    body: StudentBody,
    given: Administration,
    school_year: int,
    term: int,
    subject: int,
    dates: np.ndarray,
) -> pa.Table:
    student = np.flatnonzero(given.is_tested & ~body.is_new & np.isin(body.grade, GRADES))
    n = len(student)
    return pa.table(
        {
            "Student ID": student_ids(body.number[student]),
            "Discipline": pick(_DISCIPLINES, np.full(n, subject)),
            "Year": np.full(n, school_year),
            "Season": pick(TERM_CODES, np.full(n, term)),
            "Grade": body.grade[student],
            "Test Date": np.full(n, dates[term, subject]),
            "Score": given.scale_score[student],
            "SEM": given.score_sem[student],
            "Level": pick(LEVELS, given.level[student]),
        }
    )
