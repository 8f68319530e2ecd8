"""True scores at the interim test lead from one spring to the next; effects of PD come by their day."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.unit.student_bodies import body_of
from transforms.simulate import DistrictPlan
from transforms.simulation import interim, rosters
from transforms.simulation.catalogue import TYPES, Activities
from transforms.simulation.growth import GrowthStep
from transforms.simulation.participation import Participations
from transforms.simulation.plan import Calendar, GrowthTruth, make_calendar


class TwoTeachers:
    """Students who have one of two teachers by turns; the first teacher attends coaching on ``dates``."""

    truth = GrowthTruth()
    plan = DistrictPlan(n_students=120, n_years=2, effects={"coaching": 0.10})

    def __init__(self, dates: list[str], *, n_students: int = 2) -> None:
        self.calendar: Calendar = make_calendar(np.random.default_rng(1), self.plan)
        n = n_students
        weights = rosters.RosterWeights(
            student=np.arange(n),
            staff=np.stack([np.arange(n) % 2, np.full(n, -1), np.full(n, -1)], axis=1),
            school=np.zeros(n, dtype=int),
            weight=np.tile([1.0, 0.0, 0.0], (n, 1)),
        )
        before = np.random.default_rng(2).standard_normal((n, 2)) * np.sqrt(0.91)
        after = 0.8 * before + np.random.default_rng(3).standard_normal((n, 2)) * np.sqrt(0.91 * 0.36)
        self.growth = interim.YearOfGrowth(
            body=dataclasses.replace(body_of(n), true_score=before),
            step=GrowthStep(after, np.zeros((2, 2)), (0.5, 0.5), (0.0, 0.0)),
            weights=(weights, weights),
            activities=coaching(dates),
            participations=Participations(
                staff=np.zeros(len(dates), dtype=int),
                activity=np.zeros(len(dates), dtype=int),
                session=np.arange(len(dates)),
                hours=np.full(len(dates), 5.0),
                status=np.zeros(len(dates), dtype=int),
            ),
            carried_hours=np.zeros((2, len(TYPES), 2)),
        )

    def scores(self) -> np.ndarray:
        dates = interim.term_dates(self.calendar, 1)
        share = np.array([[0.125, 0.125], [0.625, 0.625], [1.0, 1.0]])
        rng = np.random.default_rng(4)
        return interim.true_scores_at(rng, self.plan, self.truth, self.growth, dates, share)


def coaching(dates: list[str]) -> Activities:
    return Activities(
        school_year=2025,
        activity_id=("PD25001",),
        title=("Coaching",),
        pd_type=np.array([TYPES.index("coaching")]),
        subject=np.array([2]),
        n_sessions=np.array([len(dates)]),
        session_hours=np.array([5.0]),
        session_date=np.array([dates], dtype="datetime64[D]"),
        initiated_by=np.array([0]),
        is_mandatory=np.array([False]),
    )


def test_interim_scores_of_spring_stand_on_the_true_scores_of_the_state_test() -> None:
    district = TwoTeachers(["2024-10-01"], n_students=400)
    assert district.scores()[2] == pytest.approx(district.growth.step.true_score)


def test_spread_of_true_scores_is_the_same_in_every_term() -> None:
    spread = TwoTeachers(["2024-10-01"], n_students=20_000).scores().std(axis=1)
    # the standard error of an SD from 20,000 is 0.5 %
    assert spread == pytest.approx(np.full((3, 2), np.sqrt(0.91)), rel=0.02)


def test_planted_effect_of_an_hour_is_in_the_interim_scores_from_its_day_on() -> None:
    dates = ["2024-09-16", "2024-12-02", "2025-02-03", "2025-03-03"]
    with_hours, without = TwoTeachers(dates), TwoTeachers(dates)
    growth = without.growth
    without.growth = dataclasses.replace(
        growth,
        participations=dataclasses.replace(growth.participations, hours=np.zeros(4)),
        # the spring's truth without the effect of 20 hours, half of which is the mean of two students
        step=dataclasses.replace(growth.step, true_score=growth.step.true_score - np.array([[0.1], [-0.1]])),
    )
    added = with_hours.scores() - without.scores()
    # 5 hours by the day of the fall's test, 10 by the winter's, 20 by the spring's; half is the mean
    assert added[:, 0, 0].tolist() == pytest.approx([0.025, 0.05, 0.1])
    assert added[:, 1, 0].tolist() == pytest.approx([-0.025, -0.05, -0.1])
